"""Values and formulas out of a range: whole arrays, in a number of calls that does not depend on the cells."""

from datetime import datetime
from typing import Any

from xlbangfu.book.libreoffice.areas import Area, found_in
from xlbangfu.book.libreoffice.formulas import to_excel
from xlbangfu.book.libreoffice.number_formats import Kind, NumberFormats
from xlbangfu.book.libreoffice.numeric_columns import kinds_of_numbers
from xlbangfu.book.libreoffice.uno_values import ANY_ERROR, CellError, Rows, error_text, to_datetime
from xlbangfu.late_pattern import late_pattern

_ERRORS = 4  # FormulaResult.ERROR
_MEETING = late_pattern(r"[\w)]!(?=[\w$(])")  # UNO's spelling of Excel's space between two ranges


def read(sheet: Any, cells: Any, formats: NumberFormats, epoch: datetime, *, name_errors: bool = False) -> Rows:
    """Rows of float, str, bool, datetime or CellError; empty cells are empty text."""
    data: Rows = cells.getDataArray()
    has_numbers = any(float in map(type, row) for row in data)
    has_errors = any(None in row for row in data)
    if not has_numbers and not has_errors:
        return data

    kinds = kinds_of_numbers(sheet, cells, formats, data) if has_numbers else {}
    if not has_errors and Kind.DATE not in kinds and Kind.TRUTH not in kinds:
        return data
    rows = [list(row) for row in data]
    for area in kinds.get(Kind.DATE, ()):
        _put_dates(rows, area, epoch)
    for area in kinds.get(Kind.TRUTH, ()):
        _put_truths(rows, area)
    if has_errors:
        _put_errors(rows, cells, name_errors=name_errors)
    return tuple(map(tuple, rows))


def read_formulas(sheet: Any, cells: Any, formats: NumberFormats, epoch: datetime) -> Rows:
    """Formulas as Excel spells them; constants as the text that Excel gives for them."""
    formulas: Rows = cells.getFormulaArray()
    values = read(sheet, cells, formats, epoch)
    return tuple(
        tuple(_formula(formula, value) for formula, value in zip(*both, strict=True))
        for both in zip(formulas, values, strict=True)
    )


def _formula(formula: str, value: Any) -> str:
    if type(value) is str and (value == formula or formula == "'" + value):
        return value
    if formula.startswith("{="):
        formula = formula[1:-1]
    if not formula.startswith("="):
        return str(value).upper() if isinstance(value, bool) else formula
    shown = to_excel(formula)
    return shown[1:] if shown in ("=TRUE", "=FALSE") or shown.startswith("=#") else shown


def _put_dates(rows: list[list[Any]], area: Area, epoch: datetime) -> None:
    known: dict[float, datetime | float] = {}
    for row_number in area.rows:
        row = rows[row_number]
        for column in area.columns:
            serial = row[column]
            if type(serial) is float:
                if serial not in known:
                    known[serial] = to_datetime(serial, epoch)
                row[column] = known[serial]


def _put_truths(rows: list[list[Any]], area: Area) -> None:
    for row_number in area.rows:
        row = rows[row_number]
        for column in area.columns:
            if type(row[column]) is float:
                row[column] = bool(row[column])


def _error_of(cell: Any) -> CellError:
    """Ranges that do not meet are #NULL! to Excel; LibreOffice calls that #REF! too."""
    name = error_text(cell.getError())
    if name == "#REF!" and _MEETING.search(cell.getFormula().replace("#REF!", "")):
        return CellError("#NULL!")
    return name


def _put_errors(rows: list[list[Any]], cells: Any, *, name_errors: bool) -> None:
    """Which error it is takes a call for each, so it is asked only where it is wanted."""
    if name_errors:
        for area in found_in(cells, cells.queryFormulaCells(_ERRORS)):
            for row, column in area.cells():
                rows[row][column] = _error_of(cells.getCellByPosition(column, row))
    for row_values in rows:
        if None in row_values:
            row_values[:] = [ANY_ERROR if value is None else value for value in row_values]
