"""Whole copies of a workbook for the time of a moment: named so that what a killed process left is known and goes.

A name tells the computer and the process. Whose process is no more goes at the next start; where that can't be told (on
Windows, or a file on a shared drive), what is an hour old.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlbangfu.late_pattern import late_pattern

PREFIX = "~xlbangfu_"
_FOLDER = "xlbangfu-"
_STALE = 3600  # seconds
_OWNER = late_pattern(r"([0-9a-f]{8})_(\d{1,9})_\d+")


def free_name(path: Path, suffix: str = ".tmp") -> Path:
    """A name beside a file that nothing has."""
    return path.with_name(f"{PREFIX}{_mark()}_{time.monotonic_ns()}{suffix}")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that only this user can enter; what killed processes left of their own goes first.

    What can't be deleted at the end (a virus scanner has it open) undoes nothing of what was done: it goes at the next start.
    """
    clear_left(Path(tempfile.gettempdir()), f"{_FOLDER}{_computer()}_*")
    prefix = f"{_FOLDER}{_mark()}_{time.monotonic_ns()}_"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def clear_left(folder: Path, pattern: str, *, spares: Callable[[Path], bool] = lambda _: False) -> None:
    """Delete what killed processes left in a folder, but for what ``spares`` says is still wanted: each is a whole workbook
    that nobody would look for. Never raises."""
    with suppress(OSError):
        for left in folder.glob(pattern):
            _delete_if_left(left, spares)


def _delete_if_left(left: Path, spares: Callable[[Path], bool]) -> None:
    with suppress(OSError):
        if spares(left):
            return
        if not (_has_lost_its_process(left.name) or time.time() - left.stat().st_mtime > _STALE):
            return
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()


def _has_lost_its_process(name: str) -> bool:
    """Whether the name tells of a process of this computer that is no more."""
    owner = _OWNER.search(name)
    return sys.platform != "win32" and owner is not None and owner[1] == _computer() and not _runs(int(owner[2]))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # another user's
    return True


def _mark() -> str:
    return f"{_computer()}_{os.getpid()}"


def _computer() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
