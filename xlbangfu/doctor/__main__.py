"""``python -P -m xlbangfu.doctor [BOOK]``: the doctor where the other commands can't even start."""

from __future__ import annotations

import sys
from pathlib import Path

from xlbangfu.doctor import ThisMachine, examine, exit_code, lines
from xlbangfu.terminal import readable_streams, say


def main() -> int:
    readable_streams()
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    found = examine(ThisMachine(), Path(wanted[0]).absolute() if wanted else None)
    say(lines(found))
    if "--wait" in sys.argv:
        input("按回车键关闭……")
    return exit_code(found)


sys.exit(main())
