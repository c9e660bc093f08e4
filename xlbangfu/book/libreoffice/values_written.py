"""Values into a range, with what Excel would make of them.

Text goes in as text where the cell's format is text; elsewhere Excel reads it as if it had been typed, so "=A1" becomes a
formula and "0012" a number. Numbers that go into a text cell become text. A date brings a date format along where the
cell has none.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite
from typing import Any

from msgspec import Struct, field

from xlbangfu.book.libreoffice.areas import Area, Kinds, Offset, addresses_of, found_in, kinds_in, runs
from xlbangfu.book.libreoffice.formulas import to_office
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking
from xlbangfu.book.libreoffice.number_formats import DATE, DATE_TIME, GENERAL_KEY, Kind, NumberFormats
from xlbangfu.book.libreoffice.typed_text import may_be_more_than_text, typed
from xlbangfu.book.libreoffice.uno_values import general, prepared, to_serial

_ERRORS = 4  # FormulaResult.ERROR
_SYNTAX_ERRORS = {501, 508, 509, 510, 511, 512, 514, 516, 517, 518, 520, 533}


class Plan(Struct):
    """What goes where: plain values in rows; what needs more than that beside them."""

    rows: list[list[float | str]]
    special: dict[Offset, bool | date | str] = field(default_factory=dict)
    formulas: dict[Offset, str] = field(default_factory=dict)
    truths: set[Offset] = field(default_factory=set)
    formats: defaultdict[str, list[Offset]] = field(default_factory=lambda: defaultdict(list))


def write(cells: Any, document: Any, formats: NumberFormats, epoch: datetime, values: Sequence[Sequence[Any]]) -> None:
    """`values` has the shape of `cells`."""
    plan = _plain(values)
    kinds = kinds_in(cells, formats)
    _settle_text_cells(plan, kinds)
    _settle_special(plan, epoch)

    cells.setDataArray(tuple(map(tuple, plan.rows)))
    _put_formulas(cells, plan.formulas)
    _put_formats(cells, document, formats, plan, kinds)


def fill_formula(cells: Any, formula: str, rows: int, columns: int) -> None:
    """One formula into all cells; relative references move along."""
    first = cells.getCellByPosition(0, 0)
    first.setFormula(to_office(formula))
    tokens = first.getTokens()
    for row in range(rows):
        for column in range(columns):
            if row or column:
                cells.getCellByPosition(column, row).setTokens(tokens)
    _refuse_broken(cells)


def _plain(values: Sequence[Sequence[Any]]) -> Plan:
    plan = Plan([])
    plain: set[str] = set()  # a sheet says most of its words over and over
    for row_number, row in enumerate(values):
        line: list[float | str] = []
        for column, value in enumerate(row):
            kind = type(value)
            if kind is str and (value in plain or not may_be_more_than_text(value)):
                plain.add(value)
                line.append(value)
            elif kind is float and isfinite(value):
                line.append(value)
            else:
                line.append(_plain_or_special(prepared(value), plan, (row_number, column)))
        plan.rows.append(line)
    return plan


def _plain_or_special(value: Any, plan: Plan, at: Offset) -> float | str:
    if isinstance(value, bool | date):
        plan.special[at] = value
        return ""
    if isinstance(value, str):
        if may_be_more_than_text(value):
            plan.special[at] = value
        return value
    if not isfinite(value):
        raise ValueError("A cell can't hold an infinite number.")
    return float(value)


def _settle_text_cells(plan: Plan, kinds: Kinds) -> None:
    for area in kinds.get(Kind.TEXT, ()):
        for row in area.rows:
            line = plan.rows[row]
            for column in area.columns:
                value = plan.special.pop((row, column), line[column])
                if isinstance(value, date):
                    raise lacking("Writing a date into a cell whose format is text")
                line[column] = value if isinstance(value, str) else _as_text(value)


def _as_text(value: float | bool) -> str:
    return str(value).upper() if isinstance(value, bool) else general(value)


def _settle_special(plan: Plan, epoch: datetime) -> None:
    for (row, column), value in plan.special.items():
        format_code: str | None = None
        if isinstance(value, date):
            plan.rows[row][column] = to_serial(value, epoch)
            format_code = DATE_TIME if to_serial(value, epoch) % 1 else DATE
        else:
            read = typed(value) if isinstance(value, str) else None
            result, format_code = (read.value, read.format) if read else (value, None)
            if read and read.formula:
                plan.formulas[row, column] = to_office(str(result))
                result = ""
            elif isinstance(result, bool):
                plan.truths.add((row, column))
            plan.rows[row][column] = result if isinstance(result, str) else float(result)
        if format_code:
            plan.formats[format_code].append((row, column))


def _put_formulas(cells: Any, formulas: dict[Offset, str]) -> None:
    for area in runs(formulas):
        block = cells.getCellRangeByPosition(area.left, area.top, area.right, area.bottom)
        block.setFormulaArray(tuple((formulas[cell],) for cell in area.cells()))
        _refuse_broken(block)


def _refuse_broken(cells: Any) -> None:
    """Excel does not take a formula that it can't read; LibreOffice does, so it is taken out again."""
    for area in found_in(cells, cells.queryFormulaCells(_ERRORS)):
        cell = cells.getCellByPosition(area.left, area.top)
        if cell.getError() in _SYNTAX_ERRORS:
            formula = cell.getFormula()
            cell.setString("")
            raise OfficeError(f"This is not a formula: {formula}")


def _put_formats(cells: Any, document: Any, formats: NumberFormats, plan: Plan, kinds: Kinds) -> None:
    """A format comes along only where there is none; a cell that held a truth value loses that format."""
    former_truths = kinds.get(Kind.TRUTH, [])
    if not (plan.formats or plan.truths or former_truths):
        return
    origin = cells.getRangeAddress()
    if former_truths:
        _put_format(document, former_truths, GENERAL_KEY, origin)
    open_areas = [*kinds.get(Kind.GENERAL, ()), *former_truths]
    for format_code, wanted in plan.formats.items():
        common = [part for run in runs(wanted) for area in open_areas if (part := run.within(area))]
        _put_format(document, common, formats.key(format_code), origin)
    if plan.truths:
        _put_format(document, runs(plan.truths), formats.truth_key(), origin)


def _put_format(document: Any, areas: Sequence[Area], key: int, origin: Any) -> None:
    if areas:
        ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        ranges.addRangeAddresses(addresses_of(areas, origin), True)
        ranges.NumberFormat = key
