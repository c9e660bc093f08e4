"""The named cells of the front page 控制台: a formula keeps itself and gets its value, any other cell gets the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl

from xlbangfu.book.reading.headings import cell_text
from xlbangfu.front_page.shown import shown
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import REFERENCE, column_index, letters
from xlbangfu.ooxml.cell_xml import cell
from xlbangfu.ooxml.formula_cell import with_value
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import Cell, Row, SheetPart
from xlbangfu.xml_text import unescape

_FORMULA = late_pattern(rb"<(?:[\w.-]+:)?f\b[^>]*>([^<]*)<")
_TEXT_VALUE = late_pattern(rb"""^<[^>]*\st=["']str["'].*<(?:[\w.-]+:)?v\b[^>]*>[^<]""", re.DOTALL)
_NUMBER = late_pattern(r"-?\d+(\.\d+)?")


def write(package: Package, part: SheetPart, frame: pl.DataFrame) -> None:
    """Set the cells that the names in 项目 point at; a name that the workbook lacks is passed over.

    A formula gets the value named, else what follows from the named cells; one that came to a text or whose value is null
    and of which this can't be said has none from now on: whoever opens the workbook works it out. One that came to nothing
    stays so, as a number stays: it has no data, and who writes data names its value.
    """
    wanted = dict(zip(frame["项目"].to_list(), frame["值"].to_list(), strict=True))
    changes: dict[int, dict[int, str | None]] = {}
    known: dict[str, str | None] = {}
    cells = {row.number: {one.column: one for one in part.cells(row)} for row in part.rows()}
    for name, number, column in _named_cells(package, part.name):
        there = cells.get(number, {}).get(column)
        known[name] = wanted[name] if name in wanted else cell_text(package, there) if there else ""
        if name in wanted:
            changes.setdefault(number, {})[column] = wanted[name]
    for number, row in cells.items():
        for column, one in row.items():
            if (formula := _FORMULA.search(one.xml)) and changes.get(number, {}).get(column) is None:
                value = shown(unescape(formula[1].decode()), known)
                is_wanted = column in changes.get(number, {})
                if value is not None or is_wanted or _TEXT_VALUE.search(part.placed(one, number)):
                    changes.setdefault(number, {})[column] = value

    def rewritten(number: int) -> Callable[[Row | None], bytes]:
        def make(row: Row | None) -> bytes:
            there = cells.get(number, {})
            texts = changes[number]
            made = {column: _cell(part, there.get(column), column, number, text) for column, text in texts.items()}
            return part.row_with(row, number, made)

        return make

    part.splice({number: rewritten(number) for number in changes})


def _named_cells(package: Package, sheet: str) -> Iterator[tuple[str, int, int]]:
    """Name, row and column (from 0) of each defined name that is one cell of the sheet."""
    for name, target in package.names():
        found = REFERENCE.fullmatch(target.strip().lstrip("="))
        if found and (found[1] or "").replace("''", "'") + (found[2] or "") == sheet:
            yield name, int(found[4]), column_index(found[3])


def _cell(part: SheetPart, there: Cell | None, column: int, row: int, text: str | None) -> bytes:
    prefix, style = part.prefix, there.style if there else ""
    if there and there.formula:
        number = float(text) if text and _NUMBER.fullmatch(text) else text
        return with_value(part.placed(there, row), number, prefix)
    return cell(f"{letters(column)}{row}", text or "", style, prefix).encode()
