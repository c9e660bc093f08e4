"""The offline package: everything that a school's computer needs, in one ZIP, made on any computer with pip.

Unpack, double-click, done: no network, no administrator. It holds a complete CPython, the wheels of the program and of
all that it needs there, the workbooks, the guide and a list of it all. It is made from a checkout and not committed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from xlbangfu.setup_machine.bundle import archive, contents, python_files, wheels
from xlbangfu.setup_machine.bundle.pip_downloads import BundleFailure
from xlbangfu.setup_machine.bundle.target import TARGETS

__all__ = ["BundleFailure", "make"]


def make(out: Path, system: str, root: Path, *, old_cpu: bool = False, tell: Callable[[str], None]) -> list[str]:
    """Write the package for a system of TARGETS from the checkout ``root``; answers lines to read, sizes in MB.

    ``old_cpu`` takes along what a processor without AVX2 needs. Raises BundleFailure; a file of that name stays as it is
    until the new one is whole.
    """
    target = TARGETS[system]
    contents.check_checkout(root)
    with tempfile.TemporaryDirectory() as temporary:
        desk = Path(temporary)
        tell("[1/3] Python……")
        python_files.unpack(desk / contents.PYTHON, target, desk / "source")
        tell("[2/3] 程序和它要的部件……")
        gathered = wheels.gather(desk / contents.WHEELS, target, root, old_cpu=old_cpu)
        tell("[3/3] 打包……")
        members = contents.members(root, desk, target, gathered)
        archive.write(out, members)
        return contents.summary(out, members, gathered)
