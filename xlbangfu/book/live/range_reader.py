"""Sheets as grids: the whole used range in one call, and what its values do not tell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import error_values, mac_values
from xlbangfu.book.live.range_blocks import Formula, Rows
from xlbangfu.book.reading.frames import CellIssues, heading
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.schema import Table, Type

ERRORS = frozenset(error_values.NAMES)
CHUNK = 20_000 if sys.platform == "darwin" else None  # rows an Apple event carries before it times out
_MIDNIGHT = time()
_ENGINES: dict[type, Any] = {}
_CORNER = late_pattern(r"\$?([A-Z]*)\$?(\d*)")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
Area = tuple[int, int, int, int]  # first row, first column, last row, last column; from 1


def whole_of(sheet: xlwings.Sheet) -> xlwings.Range:
    """The cells from A1 to the last one used."""
    used = sheet.used_range
    top, left, bottom, right = area_of(used)
    return used if (top, left) == (1, 1) else cells_of(sheet, (1, 1, bottom, right))


def area_of(cells: xlwings.Range) -> Area:
    """Where a range is, by its address: one call, where rows and columns would take a dozen."""
    first, _, last = cells.address.partition(":")
    top, left = _corner(first, 1, 1)
    return (top, left, *_corner(last or first, _LAST_ROW, _LAST_COLUMN))


def cells_of(sheet: xlwings.Sheet, area: Area) -> xlwings.Range:
    """The cells of an area, by their address, for the same reason."""
    top, left, bottom, right = area
    first, last = f"{letters(left - 1)}{top}", f"{letters(right - 1)}{bottom}"
    return sheet.range(first if first == last else f"{first}:{last}")


def values_of(sheet: xlwings.Sheet, cells: xlwings.Range) -> Rows:
    """The values of cells of a sheet as rows, formula errors as their names.

    xlwings's own way asks a dozen more questions of the program for each range, so its engine is handed the values here.
    """
    if CHUNK:
        return mac_values.rows_of(cells, CHUNK)
    told = cells.options(err_to_str=True)  # our engine names errors only where it is asked to
    cleaned = engine_of(sheet).clean_value_data(as_rows(told.raw_value), datetime, None, None, True)
    return [list(row) for row in cleaned]


def engine_of(sheet: xlwings.Sheet) -> Any:
    """The engine, which takes five calls to ask for, so that it is asked for once for all sheets of its kind."""
    kind = type(sheet.impl)
    if kind not in _ENGINES:
        _ENGINES[kind] = sheet.book.app.engine.impl
    return _ENGINES[kind]


def as_rows(values: Any) -> Any:
    """What a program answers for a range, which is a value for one cell and may be a row for one row, as rows."""
    if not isinstance(values, list | tuple):
        return ((values,),)
    return values if values and isinstance(values[0], list | tuple) else (values,)


def _corner(text: str, row: int, column: int) -> tuple[int, int]:
    """A cell of an address; $C is a whole column, $3 a whole row."""
    found = _CORNER.fullmatch(text)
    assert found is not None, text
    return int(found[2] or row), column_index(found[1]) + 1 if found[1] else column


def cell_issues_of(sheet: xlwings.Sheet, whole: xlwings.Range, grid: Rows) -> CellIssues:
    """Takes the errors out of the grid of all cells of a sheet, and says where they and merged cells are."""
    errors = []
    for number, row in enumerate(grid, start=1):
        if ERRORS.isdisjoint(row):
            continue
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell in ERRORS:
                errors.append((number, place + 1, cell))
                row[place] = None
    height, width = len(grid), len(grid[0]) if grid else 0
    return CellIssues(
        tuple(errors), tuple(dict.fromkeys(_merged(sheet, whole, (1, 1, height, width)))) if width else ()
    )


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
    top, left, _, _ = area
    formulas = as_rows(cells_of(sheet, area).formula)
    return [
        [_content(text, _value(grid, row, place)) for place, text in enumerate(texts, start=left - 1)]
        for row, texts in enumerate(formulas, start=top)
    ]


def _value(grid: Rows, row: int, place: int) -> Any:
    return grid[row - 1][place] if row <= len(grid) and place < len(grid[row - 1]) else None


def _content(formula: Any, value: Any) -> Any:
    """A text that begins with = is a formula unless the cell shows it as it is."""
    return Formula(formula) if isinstance(formula, str) and formula.startswith("=") and formula != value else value


def _merged(sheet: xlwings.Sheet, cells: xlwings.Range, area: Area) -> Iterator[Area]:
    """Merged ranges, halving the area as long as only part of it is merged: most sheets answer at once."""
    top, left, bottom, right = area
    if cells.merge_cells is False:
        return
    if top == bottom and left == right:
        yield area_of(cells.merge_area)
    else:
        for half in _halves(area):
            yield from _merged(sheet, cells_of(sheet, half), half)


def _halves(area: Area) -> tuple[Area, Area]:
    top, left, bottom, right = area
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        return (top, left, middle, right), (middle + 1, left, bottom, right)
    middle = (left + right) // 2
    return (top, left, bottom, middle), (top, middle + 1, bottom, right)


def plain_day(cell: Any) -> Any:
    """A date as a spreadsheet program takes it."""
    return datetime(cell.year, cell.month, cell.day) if type(cell) is date else cell
