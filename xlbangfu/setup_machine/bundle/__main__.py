"""``python -m xlbangfu.setup_machine.bundle --for windows OUT.zip [--old-cpu]``, from a checkout, by those who hand it out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from xlbangfu.setup_machine.bundle import BundleFailure, make
from xlbangfu.setup_machine.bundle.target import TARGETS
from xlbangfu.terminal import readable_streams, say

ROOT = Path(__file__).parents[3]


def main() -> int:
    readable_streams()
    parser = argparse.ArgumentParser(prog="python -m xlbangfu.setup_machine.bundle", description="做离线安装包")
    parser.add_argument("--for", dest="system", choices=sorted(TARGETS), required=True, help="给哪种电脑")
    parser.add_argument("--old-cpu", action="store_true", help="带上没有 AVX2 的老处理器要的部件（大约多 50 MB）")
    parser.add_argument("out", type=Path, metavar="OUT.zip", help="写到哪里")
    options = parser.parse_args()
    try:
        say(make(options.out, options.system, ROOT, old_cpu=options.old_cpu, tell=lambda line: say([line])))
    except BundleFailure as failure:
        say([str(failure)])
        return 2
    return 0


sys.exit(main())
