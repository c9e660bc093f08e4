"""What belongs to a workbook and lies beside it becomes private when the workbook does.

On Windows the folder's permissions do this, and nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from glob import escape
from pathlib import Path

from xlbangfu.book.safety import backup, journal
from xlbangfu.book.safety.permissions import OTHERS_READ, denied, mode_of
from xlbangfu.catalog import ACTIONS

_PAPERS = tuple(dict.fromkeys(action.out for action in ACTIONS if action.out))


def make_as_private(workbook: Path) -> None:
    """Take from what belongs to a workbook that not everybody may read the rights that it does not give itself.

    For after a save, which was a success whatever happens here.
    """
    taken = denied(mode_of(workbook) or 0o777)
    if not taken & OTHERS_READ:
        return
    with suppress(OSError):  # a folder that can't be looked into
        for path in _belongings(workbook):
            with suppress(OSError):  # somebody else's, or gone
                _take(path, taken)


def _take(path: Path, rights: int) -> None:
    mode = path.stat().st_mode
    if mode & rights and path.is_file() and not path.is_symlink():
        path.chmod(mode & 0o7777 & ~rights)


def _belongings(workbook: Path) -> Iterator[Path]:
    """Its copies and their list, its journal, its mail ledger, and the papers that its actions made beside it."""
    yield from backup.files_of(workbook)
    yield journal.place_of(workbook)
    yield from workbook.parent.glob(f"{escape(workbook.stem)}-发件.sqlite*")
    for folder in _PAPERS:
        yield from (workbook.parent / folder).rglob("*")
