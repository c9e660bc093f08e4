"""The front page 控制台 of this version in the place of the old one.

It is the program's own. Where staff put something of theirs on it, the old page stays beside the new one under another
name, as it was: nothing on it can be told from what a later version put elsewhere.
"""

from __future__ import annotations

from enum import Enum

from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.sheet_copy import Source, as_selected, dependents
from xlbangfu.book.sheet_transfer.workbook_part import WORKSHEET, WorkbookPart
from xlbangfu.book.upgrade.page_owner import is_untouched
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.schema import BY_NAME, CONSOLE

OLD = "控制台（旧）"
_SELECTED = b' tabSelected="1"'


class Page(Enum):
    """Whether the new page came in the place of the old one, or beside it because staff had put something there."""

    NEW, BESIDE = range(2)


def put(draft: Draft, source: Source, workbook: WorkbookPart, stamped: str) -> Page:
    """The page of this version; ``stamped`` is the digest of the old one as it was made."""
    there = draft.package.sheets.get(CONSOLE.name)
    if there is None:
        _add(draft, source, workbook, source.sheet(CONSOLE.name))
        return Page.NEW
    old = draft.read(there.path)
    if is_untouched(draft, stamped):
        source.replace_sheet(CONSOLE.name, there.path, as_selected)
        return Page.NEW
    name = _free_name(workbook)
    workbook.rename_sheet(CONSOLE.name, name)
    _follow(draft, there.path, name)
    if _SELECTED in old:
        draft.put(there.path, old.replace(_SELECTED, b"", 1))
        workbook.show_first()
    _add(draft, source, workbook, as_selected(source.sheet(CONSOLE.name), old))
    return Page.BESIDE


def _add(draft: Draft, source: Source, workbook: WorkbookPart, xml: bytes) -> None:
    path = source.copy_sheet(CONSOLE.name, xml=xml)
    workbook.add_sheet(CONSOLE.name, draft.relate(draft.package.workbook_part, WORKSHEET, path), after=(), hidden=False)


def _follow(draft: Draft, page: str, name: str) -> None:
    """Let the charts on the old page go on showing its own numbers."""
    for path in dependents(draft, page):
        old = draft.read(path)
        new = old.replace(f"<c:f>{CONSOLE.name}!".encode(), f"<c:f>'{name}'!".encode())
        if new != old:
            draft.put(path, new)


def users(draft: Draft) -> list[str]:
    """Sheets of the staff's own that have the front page in a formula."""
    wanted = (f"{CONSOLE.name}!".encode(), f"'{CONSOLE.name}'!".encode())
    return [
        name
        for name, part in draft.package.sheets.items()
        if name not in (*BY_NAME, LISTS) and any(text in draft.read(part.path) for text in wanted)
    ]


def _free_name(workbook: WorkbookPart) -> str:
    names = (OLD, *(f"{OLD}{number}" for number in range(2, len(workbook.sheets) + 3)))
    return next(name for name in names if name not in workbook.sheets)
