"""Whether the program is still the one that this process has loaded: an upgrade puts other files in their place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import xlbangfu

State = frozenset[tuple[str, int, int]]


class LoadedProgram:
    """What the program was when this was made; make it before the imports, so that what changes meanwhile is noticed.

    That is name, time and size of each of its modules, and the time of each folder that packages are installed in.
    """

    def __init__(self, package: Path = Path(xlbangfu.__file__).parent) -> None:
        self._package = os.fspath(package)
        self._folders = tuple(sys.path)  # as they are now: imports add folders of their own
        self._state = self._current()

    def is_current(self) -> bool:
        return self._current() == self._state

    def _current(self) -> State:
        return frozenset(_modules(self._package)) | frozenset(_installed(self._folders))


def _modules(folder: str) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # it is being replaced
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _modules(entry.path)
        elif entry.name.endswith(".py"):
            found = entry.stat()
            yield entry.path, found.st_mtime_ns, found.st_size


def _installed(folders: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        if os.path.isdir(folder):  # noqa: PTH112 - a Path for each would take longer than the look
            yield folder, os.stat(folder).st_mtime_ns, 0  # noqa: PTH116 - the same
