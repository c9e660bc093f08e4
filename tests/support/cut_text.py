"""Which texts of a workbook are cut on paper, worked out from the file alone by openpyxl: no office program, no code of ours.

Widths are measured as Excel does it, in digits of the Normal style; a Chinese sign is two digits wide at the size of that
style. A text that is not wrapped may run on over empty cells at its side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

_DIGITS = 11.0  # points of the type whose digits measure columns
_LINE = 1.15  # of the size, at least
_PADDING = 0.7  # of a digit, at both sides together
_HIGH, _WIDE = 15.0, 8.43  # of a row and a column without a size of its own


class Cut(NamedTuple):
    """A cell, what stands in it, and how much room it needs and has: lines' points, or digits where it is not wrapped."""

    sheet: str
    cell: str
    text: str
    needs: float
    has: float


def cut_texts(path: Path) -> list[Cut]:
    """Of all printed sheets."""
    book = openpyxl.load_workbook(path)
    return [cut for sheet in book if sheet.sheet_state == "visible" for cut in _cut_on(sheet)]


def _cut_on(sheet: Any) -> Iterator[Cut]:
    merged = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
    left, top, right, bottom = _printed(sheet)
    for row in sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right):
        for cell in row:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                area = merged.get(cell.coordinate)
                columns = range(cell.column, (area.max_col if area else cell.column) + 1)
                rows = range(cell.row, (area.max_row if area else cell.row) + 1)
                yield from _cut_in(sheet, cell, columns, rows, right)


def _cut_in(sheet: Any, cell: Any, columns: range, rows: range, right: int) -> Iterator[Cut]:
    size = float(cell.font.sz or _DIGITS)
    room = sum(_width(sheet, column) for column in columns) - _PADDING - 2 * (cell.alignment.indent or 0)
    high = sum(sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight or _HIGH for row in rows)
    said = str(cell.value)
    if cell.alignment.wrap_text:
        needs = sum(_lines(part, room, size) for part in said.split("\n")) * size * _LINE
        if needs > high + 0.5 and (
            sheet.row_dimensions[cell.row].height or len(columns) > 1
        ):  # else the row grows with it
            yield Cut(sheet.title, cell.coordinate, said, round(needs, 1), high)
        return
    needs, reach = max(_digits(part, size) for part in said.split("\n")), columns[-1] + 1
    while room < needs and reach <= max(right, sheet.max_column + 1) and sheet.cell(cell.row, reach).value is None:
        room, reach = room + _width(sheet, reach), reach + 1
    if room < needs and reach <= right:
        yield Cut(sheet.title, cell.coordinate, said, round(needs, 1), round(room, 1))


def _printed(sheet: Any) -> tuple[int, int, int, int]:
    area = str(sheet.print_area or "").rpartition("!")[2].replace("$", "") or sheet.dimensions
    left, top, right, bottom = range_boundaries(area)
    return left, top, right, bottom


def _width(sheet: Any, column: int) -> float:
    letter = get_column_letter(column)
    for found in sheet.column_dimensions.values():
        if found.min and found.min <= column <= found.max:
            return 0.0 if found.hidden else float(found.width)
    dimension = sheet.column_dimensions[letter]
    return float(dimension.width or _WIDE)


def _lines(text: str, room: float, size: float) -> int:
    """Lines that a text takes: Chinese breaks anywhere, a word or a number does not."""
    lines, at = 1, 0.0
    for piece in re.findall(r"[!-~]+|.", text):
        wide = _digits(piece, size)
        if at and at + wide > room:
            lines, at = lines + 1, 0.0
        at += wide
    return lines


def _digits(text: str, size: float) -> float:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text) * size / _DIGITS
