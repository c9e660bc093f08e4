"""What a sheet's values do not tell: formulas in error, which read as blank, and merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlbangfu.book.reading.frames import CellIssues
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.worksheet import SheetPart

_ERROR = late_pattern(rb"""\st=["']e["']""")
_VALUE = late_pattern(rb"<(?:[\w.-]+:)?v[^>]*>([^<]*)<")


def cell_issues_of(xml: bytes, name: str, sheet: Any) -> CellIssues:
    """The errors and merged ranges of a sheet, from its XML and from python-calamine's sheet, which gives the ranges."""
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    has_errors = b't="e"' in xml or b"t='e'" in xml  # most sheets have none
    return CellIssues(tuple(_errors(xml, name)) if has_errors else (), merged)


def _errors(xml: bytes, name: str) -> Iterator[tuple[int, int, str]]:
    sheet = SheetPart(xml, name=name)
    for row in sheet.rows():
        if not _ERROR.search(sheet.row_xml(row)):
            continue
        for cell in sheet.cells(row):
            if _ERROR.search(cell.xml, 0, cell.xml.index(b">")):
                value = _VALUE.search(cell.xml)
                yield row.number, cell.column + 1, value[1].decode() if value else ""
