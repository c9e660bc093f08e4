"""A workbook file into the fake program, by openpyxl."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from tests.support.fake_excel.lists import ListObject
from tests.support.fake_excel.programs import Application, Workbook
from tests.support.fake_excel.ranges import Corners
from tests.support.fake_excel.sheets import HIDDEN, VERY_HIDDEN, VISIBLE, Worksheet
from tests.support.fake_excel.typed import GENERAL, Cell, serial

_STATES = {"visible": VISIBLE, "hidden": HIDDEN, "veryHidden": VERY_HIDDEN}


def open_workbook(app: Application, path: Path) -> Workbook:
    """The workbook, open in the program and saved."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    book = Workbook(app, path)
    for sheet in formulas.worksheets:
        book.sheets.append(_loaded(book, sheet, values[sheet.title]))
        if sheet.print_title_rows:
            book.names[f"{sheet.title}!Print_Titles"] = f"={sheet.title}!{sheet.print_title_rows}"
    book.names |= {name: f"={defined.attr_text}" for name, defined in formulas.defined_names.items()}
    book.active = book.sheets[0]
    app.books.append(book)
    return book


def _loaded(book: Workbook, source: Any, values: Any) -> Worksheet:
    sheet = Worksheet(book, source.title)
    sheet.state = _STATES[source.sheet_state]
    for dimension in source.column_dimensions.values():
        if dimension.has_style:
            columns = range(dimension.min, dimension.max + 1)
            sheet.column_formats |= dict.fromkeys(columns, _format(dimension.number_format))
    for row in source.iter_rows():
        for cell in row:
            loaded = _cell(cell, values.cell(cell.row, cell.column).value)
            if loaded != Cell():
                sheet.cells[cell.row, cell.column] = loaded
    sheet.merged = [_corners(str(area)) for area in source.merged_cells.ranges]
    sheet.tables = [ListObject(sheet, table.displayName, _corners(table.ref)) for table in source.tables.values()]
    sheet.paper.left, sheet.paper.right = (
        str(part.text or "") for part in (source.oddFooter.left, source.oddFooter.right)
    )
    sheet.protected = source.protection.sheet
    sheet.charts = len(source._charts)
    return sheet


def _cell(source: Any, computed: Any) -> Cell:
    formula = ""
    value = source.value
    if source.data_type == "f":
        text = str(getattr(value, "text", value))
        formula, value = text if text.startswith("=") else f"={text}", computed
    return Cell(_number(value), formula, _format(source.number_format) if source.has_style else "")


def _number(value: Any) -> Any:
    if isinstance(value, datetime):
        return serial(value)
    if isinstance(value, date):
        return serial(datetime(value.year, value.month, value.day))
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / timedelta(days=1)
    return value


def _format(number_format: str) -> str:
    return GENERAL if number_format == "General" else number_format


def _corners(reference: str) -> Corners:
    left, top, right, bottom = range_boundaries(reference)
    return int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)
