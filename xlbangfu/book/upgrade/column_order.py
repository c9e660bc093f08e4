"""Output sheets whose columns an older version had in another order: what staff tick stood at the far right.

Such a sheet is the program's own and is made anew, its records put in again by the names of their columns. Where staff put
something of theirs on it, or look at its cells from a sheet of their own, it keeps its order.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.sheet_copy import Source
from xlbangfu.book.template.lists import SHEET as LISTS
from xlbangfu.book.template.sheet_layout import is_own
from xlbangfu.book.upgrade import sheet_tail
from xlbangfu.book.upgrade.existing import Existing, Sheet
from xlbangfu.schema import BY_NAME, CONSOLE, Kind

_OURS = {"table", "printerSettings"}


def is_of_older_order(sheet: Sheet) -> bool:
    """Whether what staff tick and write stands after all that is in sight, and no longer does in this version."""
    kept = [column.name for column in sheet.table if column.kept]
    there = (column for column in sheet.columns if not is_own(column) and column.name not in sheet.lacking)
    seen = [column.name for column in there if not column.hidden]
    now = [name for name in sheet.table.names if name in seen]
    ours = sheet.table.kind is Kind.OUTPUT and bool(kept) and seen != now
    return ours and {*seen[-len(kept) :]} == {*kept}


def movable(existing: Existing, draft: Draft) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets of an older order that can be made anew, and those with something of the staff's."""
    older = [sheet for sheet in existing.sheets.values() if is_of_older_order(sheet)]
    looked_at = set(_looked_at(draft))
    theirs = [sheet for sheet in older if sheet.table.name in looked_at or _has_own(draft, sheet)]
    return [sheet for sheet in older if sheet not in theirs], theirs


def make_anew(draft: Draft, source: Source, sheet: Sheet) -> None:
    """The sheet as a new workbook has it, without records, in the place of the old one."""
    for relation in draft.relations(sheet.where.path):
        if not relation.external and relation.path in draft:
            draft.remove(relation.path)
    draft.remove(sheet.where.path)
    source.copy_sheet(sheet.table.name, target=sheet.where.path)


def _has_own(draft: Draft, sheet: Sheet) -> bool:
    relations = draft.relations(sheet.where.path)
    tables = [one for one in relations if one.kind == "table"]
    return (
        any(is_own(column) for column in sheet.columns)
        or sheet.part.rightmost() >= len(sheet.columns)
        or any(one.external or one.kind not in _OURS for one in relations)
        or len(tables) != 1
        or sheet_tail.has_own_marks(sheet.part.tail)
    )


def _looked_at(draft: Draft) -> Iterator[str]:
    """Output sheets that a formula on a sheet of the staff's names by its cells."""
    own = [part.path for name, part in draft.package.sheets.items() if name not in (*BY_NAME, LISTS)]
    texts = [draft.read(path) for path in own]
    for table in BY_NAME.values():
        wanted = (f"{table.name}!".encode(), f"'{table.name}'!".encode())
        if table is not CONSOLE and any(name in text for name in wanted for text in texts):
            yield table.name
