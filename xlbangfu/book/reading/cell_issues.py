"""What a sheet's values do not tell: formulas in error, which read as blank, and merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from xlbangfu.book.reading.frames import CellIssues
from xlbangfu.ooxml.package import Package, Part
from xlbangfu.ooxml.worksheet import SheetPart

_ERROR = re.compile(rb"""\st=["']e["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v[^>]*>([^<]*)<")
_OVERLAP = 16


def cell_issues_of(package: Package, part: Part, sheet: Any) -> CellIssues:
    """The errors and merged ranges of a sheet, of which python-calamine gives the ranges."""
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return CellIssues(tuple(_errors(package, part)) if _has_errors(package, part) else (), merged)


def _has_errors(package: Package, part: Part) -> bool:
    """Whether any cell has the type of an error; most sheets have none, and only their bytes are looked through."""
    rest = b""
    for chunk in package.archive.stream(part.path):
        if b't="e"' in chunk or b"t='e'" in chunk or _ERROR.search(rest + chunk[:_OVERLAP]):
            return True
        rest = chunk[-_OVERLAP:]
    return False


def _errors(package: Package, part: Part) -> Iterator[tuple[int, int, str]]:
    sheet = SheetPart(package.archive.read(part.path), name=part.name)
    for row in sheet.rows():
        if not _ERROR.search(sheet.row_xml(row)):
            continue
        for cell in sheet.cells(row):
            if _ERROR.search(cell.xml, 0, cell.xml.index(b">")):
                value = _VALUE.search(cell.xml)
                yield row.number, cell.column + 1, value[1].decode() if value else ""
