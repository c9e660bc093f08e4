"""Sheets as grids: the whole used range in one call, and what its values do not tell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.range_blocks import Formula, Rows
from xlbangfu.book.reading.frames import CellIssues, heading
from xlbangfu.schema import Table, Type

ERRORS = frozenset(("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!"))
CHUNK = 20_000 if sys.platform == "darwin" else None  # rows an Apple event carries before it times out
_MIDNIGHT = time()
Area = tuple[int, int, int, int]  # first row, first column, last row, last column; from 1


def grid_of(sheet: xlwings.Sheet) -> Rows:
    """All values from A1 to the last cell used; formula errors come as their names."""
    used = sheet.used_range
    rows, columns = used.shape
    whole = sheet.range((1, 1), (used.row + rows - 1, used.column + columns - 1))
    return [list(row) for row in _options(whole, err_to_str=True).value]


def cell_issues_of(sheet: xlwings.Sheet, grid: Rows) -> CellIssues:
    """Takes the errors out of the grid, and says where they and merged cells are."""
    errors = []
    for number, row in enumerate(grid, start=1):
        if ERRORS.isdisjoint(cell for cell in row if isinstance(cell, str)):
            continue
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell in ERRORS:
                errors.append((number, place + 1, cell))
                row[place] = None
    height, width = len(grid), len(grid[0]) if grid else 0
    return CellIssues(tuple(errors), tuple(dict.fromkeys(_merged(sheet, (1, 1, height, width)))) if width else ())


def with_dates(table: Table, grid: Rows) -> Rows:
    """A date column's midnights as dates, which is what a frame wants of it."""
    names = [heading(cell) for cell in grid[0]] if grid else []
    places = [place for place, name in enumerate(names) if name in table and table[name].type is Type.DATE]
    for place in places:
        for row in grid[1:]:
            cell = row[place]
            if type(cell) is datetime and cell.time() == _MIDNIGHT:
                row[place] = cell.date()
    return grid


def formulas_of(sheet: xlwings.Sheet, area: Area, grid: Rows) -> Rows:
    """What must be written to an area to make it what it is: formulas as ``Formula``, else the values of the grid."""
    top, left, bottom, right = area
    formulas: Any = sheet.range((top, left), (bottom, right)).formula
    if (top, left) == (bottom, right):
        formulas = ((formulas,),)
    elif top == bottom and not isinstance(formulas[0], list | tuple):
        formulas = (formulas,)
    return [
        [_content(text, _value(grid, row, place)) for place, text in enumerate(texts, start=left - 1)]
        for row, texts in enumerate(formulas, start=top)
    ]


def _value(grid: Rows, row: int, place: int) -> Any:
    return grid[row - 1][place] if row <= len(grid) and place < len(grid[row - 1]) else None


def _content(formula: Any, value: Any) -> Any:
    """A text that begins with = is a formula unless the cell shows it as it is."""
    return Formula(formula) if isinstance(formula, str) and formula.startswith("=") and formula != value else value


def _options(cells: xlwings.Range, **more: Any) -> xlwings.Range:
    return cells.options(ndim=2, chunksize=CHUNK, **more) if CHUNK else cells.options(ndim=2, **more)


def _merged(sheet: xlwings.Sheet, area: Area) -> Iterator[Area]:
    """Merged ranges, halving the area as long as only part of it is merged: most sheets answer at once."""
    top, left, bottom, right = area
    cells = sheet.range((top, left), (bottom, right))
    if cells.merge_cells is False:
        return
    if top == bottom and left == right:
        found = cells.merge_area
        yield found.row, found.column, found.row + found.shape[0] - 1, found.column + found.shape[1] - 1
    elif bottom - top >= right - left:
        middle = (top + bottom) // 2
        yield from _merged(sheet, (top, left, middle, right))
        yield from _merged(sheet, (middle + 1, left, bottom, right))
    else:
        middle = (left + right) // 2
        yield from _merged(sheet, (top, left, bottom, middle))
        yield from _merged(sheet, (top, middle + 1, bottom, right))


def plain_day(cell: Any) -> Any:
    """A date as a spreadsheet program takes it."""
    return datetime(cell.year, cell.month, cell.day) if type(cell) is date else cell
