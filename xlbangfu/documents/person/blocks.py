"""Tables with few records one below the other on the first sheet: a heading, then each field beside its name.

The page is a column for names and ``_VALUES`` narrow ones, over which values are spread: of one record two short fields stand in
a line and a long one has a line of its own, of two or three records the values of a field stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.look import lines
from xlbangfu.house_look import row_height

FEW = 3  # records that stand side by side
_NAME, _VALUE, _VALUES = 13.0, 12.0, 6  # widths, and how many of the narrow columns there are
_SECTION, _HIGHEST = 20, 400  # points; Excel takes no more than 409

Field = tuple[str, Sequence[str]]  # its name, and its value in each record


class _Cell(NamedTuple):
    """``span`` columns from ``left``; ``heads`` says that it is a name."""

    left: int
    span: int
    text: str
    heads: bool = False


def set_up(sheet: Worksheet) -> None:
    sheet.set_column(0, 0, _NAME)
    sheet.set_column(1, _VALUES, _VALUE)


def write(sheet: Worksheet, row: int, title: str, fields: Sequence[Field], styles: dict[str, Any]) -> int:
    """The block from a row (from 0) on; the answer is the row after it and a blank one."""
    sheet.set_row(row, _SECTION)
    sheet.write_string(row, 0, title, styles["section"])
    for at, cells in enumerate(_lines(fields), row + 1):
        sheet.set_row(at, _height(cells))
        for cell in cells:
            _put(sheet, at, cell, styles)
    return row + 2 + sum(1 for _ in _lines(fields))


def _lines(fields: Sequence[Field]) -> Iterator[list[_Cell]]:
    waiting: Field | None = None
    for name, values in fields:
        if len(values) > 1 or not _is_short(name, values[0]):
            if waiting:
                yield _alone(*waiting)
                waiting = None
            yield _alone(name, values)
        elif waiting:
            yield [*_alone(*waiting, room=2), *_beside(name, values[0])]
            waiting = None
        else:
            waiting = name, values
    if waiting:
        yield _alone(*waiting)


def _is_short(name: str, value: str) -> bool:
    return lines(value, 2 * _VALUE) == 1 and lines(name, _VALUE) == 1


def _alone(name: str, values: Sequence[str], *, room: int = _VALUES) -> list[_Cell]:
    span = room // len(values)
    return [_Cell(0, 1, name, heads=True), *(_Cell(1 + at * span, span, text) for at, text in enumerate(values))]


def _beside(name: str, value: str) -> list[_Cell]:
    return [_Cell(3, 1, name, heads=True), _Cell(4, 3, value)]


def _height(cells: Sequence[_Cell]) -> float:
    most = max(lines(cell.text, (_NAME if cell.left == 0 else _VALUE) * cell.span) for cell in cells)
    return min(row_height(most), _HIGHEST)


def _put(sheet: Worksheet, row: int, cell: _Cell, styles: dict[str, Any]) -> None:
    look = styles["head" if cell.heads else "cell"]
    if cell.span > 1:
        sheet.merge_range(row, cell.left, row, cell.left + cell.span - 1, "", look)
    sheet.write_string(row, cell.left, cell.text, look)
