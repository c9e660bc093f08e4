"""The front page 控制台 of this version in the place of the old one.

It is the program's own. Where staff put something of theirs on it, the old page stays beside the new one under another
name, as it was: nothing on it can be told from what a later version put elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from xlbangfu.book.package_draft import Draft
from xlbangfu.book.template.lists import SHEET as LISTS
from xlbangfu.book.upgrade.page_owner import is_untouched
from xlbangfu.book.upgrade.sheet_copy import Source
from xlbangfu.book.upgrade.workbook_part import WORKSHEET, WorkbookPart
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
        _replace(draft, source, there.path)
        return Page.NEW
    name = _free_name(workbook)
    workbook.rename_sheet(CONSOLE.name, name)
    _follow(draft, there.path, name)
    if _SELECTED in old:
        draft.put(there.path, old.replace(_SELECTED, b"", 1))
        workbook.show_first()
    _add(draft, source, workbook, _as_selected(source.sheet(CONSOLE.name), old))
    return Page.BESIDE


def _add(draft: Draft, source: Source, workbook: WorkbookPart, xml: bytes) -> None:
    path = source.copy_sheet(CONSOLE.name, xml=xml)
    workbook.add_sheet(CONSOLE.name, draft.relate(draft.package.workbook_part, WORKSHEET, path), after=(), hidden=False)


def _follow(draft: Draft, page: str, name: str) -> None:
    """Let the charts on the old page go on showing its own numbers."""
    for path in _dependents(draft, page):
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


def _replace(draft: Draft, source: Source, path: str) -> None:
    """Put the new page into the old one's part; its drawings and buttons come with it, the old ones go."""
    old = draft.read(path)
    for gone in list(_dependents(draft, path)):
        draft.remove(gone)
    draft.remove(path)
    known = re.search(rb'<sheetPr\b[^>]*?(\scodeName="[^"]*")', old)
    xml = _as_selected(source.sheet(CONSOLE.name), old)
    xml = re.sub(rb"<sheetPr\b", lambda found: found[0] + (known[1] if known else b""), xml, count=1)
    source.copy_sheet(CONSOLE.name, xml=xml, target=path)


def _dependents(draft: Draft, part: str) -> Iterator[str]:
    """The parts that a part refers to, and those that they refer to."""
    for relation in draft.relations(part):
        if not relation.external and relation.path in draft:
            yield from _dependents(draft, relation.path)
            yield relation.path


def _as_selected(xml: bytes, old: bytes) -> bytes:
    """The new page's XML, in front only if the old page was."""
    return xml if _SELECTED in old else xml.replace(_SELECTED, b"", 1)


def _free_name(workbook: WorkbookPart) -> str:
    names = (OLD, *(f"{OLD}{number}" for number in range(2, len(workbook.sheets) + 3)))
    return next(name for name in names if name not in workbook.sheets)
