"""One writer a folder: whoever puts files into it holds it, and a killed process holds nothing.

On POSIX the folder itself is locked, on Windows a file in it that goes with the lock. Where the file system knows no locks
(some network drives) there is none, and the names of what waits still tell two writers apart.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EAGAIN
from pathlib import Path

from xlbangfu.errors import FolderInUse

PATIENCE = 10.0  # seconds that another writer is waited for
_PAUSE = 0.1
_LOCK_FILE = "~xlbangfu.lock"
_HELD = (EACCES, EAGAIN)


@contextmanager
def locked(folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a folder that is there for the time of the block. Raises FolderInUse where somebody else does for too long."""
    handle = _handle(folder)
    try:
        if handle is not None:
            _wait_for(handle, folder, time.monotonic() + patience)
        yield
    finally:
        if handle is not None:
            os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):  # the next one has it already
                (folder / _LOCK_FILE).unlink()


def _handle(folder: Path) -> int | None:
    with suppress(OSError):
        if sys.platform == "win32":
            return os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT)
        return os.open(folder, os.O_RDONLY)
    return None


def _wait_for(handle: int, folder: Path, deadline: float) -> None:
    while True:
        try:
            return _lock(handle)
        except OSError as problem:
            if problem.errno not in _HELD:
                return None  # no locks here
            if time.monotonic() > deadline:
                raise FolderInUse(f"另一个程序正在往“{folder.name}”里放文件，请等它做完再做一次。") from problem
        time.sleep(_PAUSE)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
