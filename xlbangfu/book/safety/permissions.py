"""Copies, ledgers and papers of a workbook, readable by nobody who cannot read the workbook itself.

On Windows the folder's permissions do this, and nothing is changed here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OTHERS_READ, _OTHERS_WRITE = 0o044, 0o022


@contextmanager
def as_private_as(workbook: Path | None) -> Iterator[None]:
    """Files made in the block, backups and temporary ones too, give group and others no right that the workbook does not.

    No workbook, or one that is no file (yet), changes nothing.
    """
    mode = mode_of(workbook)
    if mode is None:
        yield
        return
    with _without(denied(mode)):
        yield


@contextmanager
def only_mine() -> Iterator[None]:
    """Files made in the block are for nobody else on this computer."""
    with _without(0o077):
        yield


@contextmanager
def _without(rights: int) -> Iterator[None]:
    before = os.umask(0o077)
    os.umask(before | rights)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(workbook: Path | None) -> int | None:
    """The mode of a file; None where there is none."""
    try:
        return workbook.stat().st_mode if workbook else None
    except OSError:
        return None


def denied(mode: int) -> int:
    """The umask that a file's mode asks for; who may not read the file may not enter a folder either.

    >>> [oct(denied(mode)) for mode in (0o600, 0o640, 0o644, 0o666)]
    ['0o77', '0o27', '0o22', '0o0']
    """
    unread = ~mode & OTHERS_READ
    return unread | unread >> 2 | ~mode & _OTHERS_WRITE
