"""What the values of a sheet do not tell, from its XML: hidden rows and columns, merged cells, errors, formulas that were
never calculated, formats that change what is seen.

Positions are counted from 0. A document type has been refused before (``ooxml``), so no entity is ever looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from msgspec import Struct, field

from xlbangfu.documents.importing.grid import Area, Place
from xlbangfu.documents.importing.reading.builder import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, GridBuilder
from xlbangfu.documents.importing.reading.cell_values import NOT_CALCULATED, error
from xlbangfu.documents.importing.reading.refusal import broken, too_large
from xlbangfu.documents.importing.reading.thin_sheet import without_plain_cells
from xlbangfu.late_pattern import late_pattern

_ADDRESS = late_pattern(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")


class Look(Struct):
    """``formats`` are the codes of the numbers that are shown otherwise."""

    formats: dict[Place, str] = field(default_factory=dict)


def look_at(xml: bytes, builder: GridBuilder, codes: Mapping[str, str], *, recalculates: bool) -> Look:
    """Look a sheet through and give the builder what is hidden, merged and unreadable.

    ``codes`` are the formats that matter, by the number of the cell style. ``recalculates``: the workbook asks to be
    calculated when opened, so a formula's 0 may be no result.
    """
    scan = _Scan(builder, codes, recalculates)
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    try:
        parser.Parse(without_plain_cells(xml, codes) or xml, True)
    except expat.ExpatError as problem:
        raise broken() from problem
    scan.finish_cell()
    return scan.look


def place(address: str) -> Place:
    """Row and column of A1, from 0."""
    match = _ADDRESS.match(address)
    if not match:
        raise broken()
    column = 0
    for sign in match[1].upper():
        column = column * 26 + ord(sign) - 64
    return int(match[2]) - 1, column - 1


class _Scan:
    """A cell is judged when the next one begins: nothing of it comes later."""

    def __init__(self, builder: GridBuilder, codes: Mapping[str, str], recalculates: bool) -> None:
        self.look = Look()
        self._builder = builder
        self._codes, self._recalculates = codes, recalculates
        self._row, self._column, self._cells = -1, -1, 0
        self._address: str | None = None  # the last one given, of which _column is the distance
        self._cell: dict[str, str] | None = None
        self._formula = self._in_value = False
        self._value = self._prefix = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._in_value = False
        prefix, _, kind = name.rpartition(":")
        if kind == "worksheet":
            self._prefix = prefix
        if prefix != self._prefix:  # xm:f and xdr:row belong to other things
            self.finish_cell()
        elif kind == "c":
            self.finish_cell()
            self._begin_cell(attributes)
        elif kind == "v" or kind == "t":
            self._in_value = True
        elif kind == "f":
            self._formula = True
        elif kind == "row":
            self.finish_cell()
            self._begin_row(attributes)
        elif kind == "col":
            self._hide_columns(attributes)
        elif kind == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif kind == "mergeCells":
            self.finish_cell()

    def text(self, data: str) -> None:
        if self._in_value:
            self._value += data

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._formula, self._value = attributes, False, ""
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise too_large()
        address = attributes.get("r")
        if address:
            self._address, self._column = address, 0
        else:
            self._column += 1

    def _place(self) -> Place:
        if self._address is None:
            return self._row, self._column
        row, column = place(self._address)
        return row, column + self._column

    def finish_cell(self) -> None:
        cell = self._cell
        if cell is None:
            return
        self._cell = None
        kind = cell.get("t")
        if kind == "e":
            self._builder.refuse(*self._place(), error(self._value))
        elif self._formula and self._lacks_value(kind):
            self._builder.refuse(*self._place(), NOT_CALCULATED)
        elif cell.get("s") in self._codes:
            self.look.formats[self._place()] = self._codes[cell["s"]]

    def _lacks_value(self, kind: str | None) -> bool:
        if kind not in (None, "n"):
            return False
        value = self._value.strip()
        return not value or (self._recalculates and value == "0")

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() else self._row + 1
        self._address, self._column = None, -1
        if self._row >= MOST_ROWS:
            raise too_large()
        if _yes(attributes.get("hidden")) or _zero(attributes.get("ht")):
            self._builder.hide_rows(self._row, 1)

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        if _yes(attributes.get("hidden")) or _zero(attributes.get("width")):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self._builder.hide_columns(first - 1, min(last, MOST_COLUMNS) + 1 - first)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        self._builder.merge(Area(*place(first), *place(last or first)))


def _yes(word: str | None) -> bool:
    return word in ("1", "true")


def _zero(size: str | None) -> bool:
    return size is not None and size.strip("0.") == ""
