"""Workbooks of old (.xls, and .et of WPS) by xlrd, which sees hidden rows, merged cells, formats and errors.

Calamine never reads them: it sees none of these, and ends the whole process on some damaged files.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlrd

from xlbangfu.documents.importing.grid import Area, Grid, Place
from xlbangfu.documents.importing.reading.builder import GridBuilder
from xlbangfu.documents.importing.reading.cell_values import NOT_CALCULATED, error
from xlbangfu.documents.importing.reading.formula_records import uncalculated
from xlbangfu.documents.importing.reading.refusal import Refusal, broken, password
from xlbangfu.documents.importing.reading.shown_formats import show
from xlbangfu.documents.importing.reading.structure_password import without_structure_password


def read_old_workbook(file: str, data: bytes) -> Iterator[Grid]:
    """The sheets with something on them, in their order."""
    try:
        yield from _sheets(file, data)
    except xlrd.XLRDError as problem:
        if "encrypted" not in str(problem):
            raise broken() from problem
        opened = without_structure_password(data)
        if opened is None:
            raise password() from problem
        yield from _sheets(file, opened)


def _sheets(file: str, data: bytes) -> Iterator[Grid]:
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, on_demand=True, logfile=io.StringIO()
        )
        waiting = uncalculated(book.mem[book.base : book.base + book.stream_len])
        for number in range(book.nsheets):
            grid = _grid(file, book, book.sheet_by_index(number), waiting[number])
            if grid:
                yield grid
    except (Refusal, xlrd.XLRDError):
        raise
    except Exception as problem:  # a damaged file may trip xlrd anywhere
        raise broken() from problem


def _grid(file: str, book: Any, sheet: Any, waiting: set[Place]) -> Grid | None:
    builder = GridBuilder(file, sheet.name, sheet.visibility != 0)
    builder.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    builder.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    for top, bottom, left, right in sheet.merged_cells:
        builder.merge(Area(top, left, bottom - 1, right - 1))
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                _put(builder, book, sheet, row, column)
    for row, column in waiting:
        builder.refuse(row, column, NOT_CALCULATED)
    return builder.grid()


def _put(builder: GridBuilder, book: Any, sheet: Any, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        builder.refuse(row, column, error(xlrd.error_text_from_code.get(cell.value, str(cell.value))))
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        builder.put(row, column, bool(cell.value))
    elif cell.ctype == xlrd.XL_CELL_DATE:
        builder.put(row, column, _moment(cell.value, book.datemode))
    elif cell.ctype == xlrd.XL_CELL_NUMBER:
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        builder.put(row, column, show(cell.value, code))
    else:
        builder.put(row, column, cell.value)


def _moment(value: float, mode: int) -> object:
    """A date, or the hour of a day where there is no day."""
    try:
        moment: datetime = xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
        return value
    return moment.time() if 0 <= value < 1 else moment
