"""The hidden sheet 名单, from which drop-downs take their lists: the program's own, written anew."""

from __future__ import annotations

import re
from collections.abc import Callable

from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.sheet_copy import Source
from xlbangfu.book.sheet_transfer.workbook_part import WORKSHEET, WorkbookPart
from xlbangfu.book.value_lists import SHEET
from xlbangfu.ooxml.worksheet import Cell, Row, SheetPart


def put(draft: Draft, source: Source, workbook: WorkbookPart) -> None:
    """The sheet of this version; what stands right of its columns stays where it is."""
    there = draft.package.sheets.get(SHEET)
    if there is None:
        identity = draft.relate(draft.package.workbook_part, WORKSHEET, source.copy_sheet(SHEET))
        workbook.add_sheet(SHEET, identity, after=workbook.sheets, hidden=True)
        return
    old = SheetPart(draft.read(there.path), name=SHEET)
    new = SheetPart(source.sheet(SHEET), name=SHEET)
    width = new.rightmost() + 1
    further = {
        row.number: {cell.column: old.placed(cell, row.number) for cell in old.cells(row) if _is_further(cell, width)}
        for row in old.rows()
        if old.reach(row) >= width
    }

    def with_cells(number: int) -> Callable[[Row | None], bytes]:
        return lambda row: new.row_with(row, number, further[number])

    new.splice({number: with_cells(number) for number in further})
    old.head = re.sub(rb"<cols\b.*?</cols>", b"", old.head, flags=re.DOTALL) + _columns(new.head)
    old.put_rows([new.between(None, None)])
    old.set_dimension(width, max((row.number for row in new.rows()), default=1))
    draft.put(there.path, b"".join(old.xml()))


def _is_further(cell: Cell, width: int) -> bool:
    return cell.column >= width and cell.filled


def _columns(head: bytes) -> bytes:
    found = re.search(rb"<cols\b.*?</cols>", head, re.DOTALL)
    return found[0] if found else b""
