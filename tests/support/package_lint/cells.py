"""Rows and cells: their order, types, formats, texts and formulas."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree.ElementTree import Element

from tests.support.package_lint.opened_package import MAIN, column_number
from tests.support.package_lint.workbook_part import text_faults

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_INSIDE = ("f", "v", "is", "extLst")
_LONGEST_TEXT, _LONGEST_FORMULA = 32_767, 8_192
_NEWER = (
    "XLOOKUP FILTER UNIQUE SORT LET LAMBDA TEXTJOIN CONCAT IFS SWITCH MAXIFS MINIFS SEQUENCE IFNA XMATCH SORTBY VSTACK"
)
_WITHOUT_PREFIX = re.compile(rf"(?<![\w.])({'|'.join(_NEWER.split())})\(")


def cell_faults(sheet: Element, formats: int, shared_texts: int) -> Iterator[str]:
    """Of all rows and cells; ``formats`` and ``shared_texts`` are how many there are."""
    last = 0
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = int(row.get("r", last + 1))
        if number <= last or number > 1_048_576:
            yield f"row {number} is out of order"
        last = number
        if not 0 <= float(row.get("ht", 15)) <= 409.5 or int(row.get("s", 0)) >= formats:
            yield f"row {number} has a height or a format that cannot be"
        yield from _row_faults(row, number, formats, shared_texts)


def _row_faults(row: Element, number: int, formats: int, shared_texts: int) -> Iterator[str]:
    last = 0
    for cell in row:
        address = cell.get("r", "")
        found = _ADDRESS.fullmatch(address)
        column = column_number(found[1]) if found else 0 if address else last + 1  # a cell may leave it to its place
        if (address and (not found or int(found[2]) != number)) or not last < column <= 16_384:
            yield f"cell {address} is out of order in row {number}"
        last = column
        if int(cell.get("s", 0)) >= formats:
            yield f"{address} has the format {cell.get('s')}, which is not there"
        yield from (f"{address} {fault}" for fault in _one_cell(cell, shared_texts))


def _one_cell(cell: Element, shared_texts: int) -> Iterator[str]:
    inside = [one.tag.removeprefix(MAIN) for one in cell]
    if inside != sorted(inside, key=lambda tag: _INSIDE.index(tag) if tag in _INSIDE else 9):
        yield "has its parts out of order"
    formula = cell.find(f"{MAIN}f")
    if formula is not None and formula.text:
        yield from _formula_faults(formula.text)
    yield from _value_faults(cell, cell.get("t", "n"), shared_texts)


def _value_faults(cell: Element, kind: str, shared_texts: int) -> Iterator[str]:
    value, text = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}is")
    shown = "" if value is None else value.text or ""
    if kind == "inlineStr":
        if text is None or value is not None:
            yield "is a text of its own and has none, or a value beside it"
        yield from text_faults(text) if text is not None else ()
    elif kind == "s":
        if not shown.isdecimal() or int(shown) >= shared_texts:
            yield f"has the shared text {shown}, which is not there"
    elif kind == "n":
        if shown and not _is_number(shown):
            yield f"is a number and holds {shown[:30]}"
    elif kind == "b":
        if shown not in ("0", "1"):
            yield f"is true or false and holds {shown[:30]}"
    elif kind in ("str", "d", "e"):
        if len(shown.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
            yield "holds a text that is too long"
    else:
        yield f"has the type {kind}"


def _is_number(text: str) -> bool:
    with suppress(ValueError):
        return math.isfinite(float(text)) and "_" not in text
    return False


def _formula_faults(formula: str) -> Iterator[str]:
    if len(formula) > _LONGEST_FORMULA:
        yield "has a formula that is too long"
    if formula.startswith("="):
        yield "has a formula with a second ="
    if found := _WITHOUT_PREFIX.search(formula):
        yield f"uses {found[1]} without its prefix"
