"""The named cells of the front page 控制台: a formula keeps itself and gets its value, any other cell gets the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl

from xlbangfu.ooxml.addresses import REFERENCE, column_index, letters
from xlbangfu.ooxml.cell_xml import cell, escape
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import Cell, Row, SheetPart

_VALUE = re.compile(rb"<((?:[\w.-]+:)?)v\b[^>]*?(?:/>|>[^<]*</(?:[\w.-]+:)?v>)")
_TEXT_VALUE = re.compile(rb"""^<[^>]*\st=["']str["']""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def write(package: Package, part: SheetPart, frame: pl.DataFrame) -> None:
    """Set the cells that the names in 项目 point at; a name that the workbook lacks is passed over.

    A formula whose value is null has none from now on, as has one that comes to a text and is not named: whoever opens the
    workbook works it out.
    """
    wanted = dict(zip(frame["项目"].to_list(), frame["值"].to_list(), strict=True))
    changes: dict[int, dict[int, str | None]] = {}
    for name, number, column in _named_cells(package, part.name):
        if name in wanted:
            changes.setdefault(number, {})[column] = wanted[name]
    for row in part.rows():
        for one in part.cells(row):
            if one.formula and _TEXT_VALUE.search(part.placed(one, row.number)):
                changes.setdefault(row.number, {}).setdefault(one.column, None)

    def rewritten(number: int) -> Callable[[Row | None], bytes]:
        def make(row: Row | None) -> bytes:
            there = {one.column: one for one in part.cells(row)} if row else {}
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
        return _with_value(part, part.placed(there, row), text)
    return cell(f"{letters(column)}{row}", text or "", style, prefix).encode()


def _with_value(part: SheetPart, xml: bytes, text: str | None) -> bytes:
    """A formula's cell with another remembered value; the formula stays byte for byte."""
    opening, rest = xml.split(b">", 1)
    opening = re.sub(rb"""\st=["']\w+["']""", b"", opening)
    if text is None:
        return opening + b">" + _VALUE.sub(b"", rest)
    if not _NUMBER.fullmatch(text):
        opening += b' t="str"'
    prefix = part.prefix.encode()
    value = b"<%bv>%b</%bv>" % (prefix, escape(text).encode(), prefix)
    rest = _VALUE.sub(b"", rest)
    return opening + b">" + rest[: rest.rindex(b"</")] + value + rest[rest.rindex(b"</") :]
