"""Large sheets straight from their XML into frames, in a quarter of the time that making Python values takes.

Rows are cut apart and cells picked out by polars. Only plain sheets are read so: elements without a prefix, cells with
addresses, single runs of text. Whatever is not plain raises ``NotPlain``, and the sheet is read the usual way instead;
what both give is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

import polars as pl
from msgspec import Struct, field

from xlbangfu.book.reading import cells
from xlbangfu.book.reading.frames import READ, CellIssues, Sheet, Values, assemble, heading, read_rest
from xlbangfu.book.reading.headings import decode_characters, headings_of, shared_texts
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.ooxml.dates import EPOCH, TO_1970
from xlbangfu.ooxml.package import Package, Part, elements
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import Table, Type

LEAST = 1 << 19  # bytes of XML from which on it pays
_UNUSUAL = (b"[CDATA[", b"!--", b"&#")
_USUAL_CELL = '(?:><v>|><is><t>|><is><t xml:space="preserve">)'
_ANY_CELL = r'(?:><v>|><is><t(?: xml:space="preserve")?>|><f[^>]*>(?:[^<]*</f>)?<v>)'
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_KIND = late_pattern(r'\st="(\w+)"')
_STYLE = late_pattern(r'\ss="(\d+)"')
_MERGED = late_pattern(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # from March 1900, when Excel's calendar is right again, to 9999


class NotPlain(Exception):
    """The sheet has something that only a full reader understands."""


class Shared(Struct):
    """What the cells of all sheets refer to: the shared strings and which styles show dates."""

    strings: pl.Series
    dates: frozenset[str]
    lengths: frozenset[str]  # of time, such as [h]:mm

    @classmethod
    def of(cls, package: Package) -> Shared:
        forms = list(_forms(package))
        dates = frozenset(str(style) for style, (number, form) in enumerate(forms) if _shows_date(number, form))
        lengths = frozenset(str(style) for style, (number, form) in enumerate(forms) if _shows_length(number, form))
        return cls(_strings(package), dates, lengths)


def read(package: Package, part: Part, table: Table, shared: Shared) -> Sheet | None:
    """A sheet's table, or None if the sheet is not plain."""
    if package.date1904:
        return None
    try:
        sheet = FastSheet(package, part, shared)
        return assemble(table, sheet.header, sheet.batches(), sheet.trouble)
    except (NotPlain, pl.exceptions.PolarsError, UnicodeDecodeError):
        return None


def count(package: Package, part: Part, table: Table, shared: Shared) -> int | None:
    """How many records a sheet has; None where only reading it tells."""
    if package.date1904 or table.nothing or (shared.strings.str.strip_chars() == "").any():
        return None
    try:
        return FastSheet(package, part, shared).filled_rows(table)
    except (NotPlain, pl.exceptions.PolarsError, UnicodeDecodeError):
        return None


class FastSheet(Struct, dict=True):
    """One sheet: its header, its rows in batches, and after these what was in error or merged."""

    package: Package
    part: Part
    shared: Shared
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pieces = self._cut()
        self._first = next(self._pieces, b"")
        self.places = self._headings()

    @property
    def header(self) -> list[str]:
        return [self.places.get(column, "") for column in range(max(self.places, default=-1) + 1)]

    def trouble(self) -> CellIssues:
        """Complete once all batches were read."""
        return CellIssues(tuple(self.errors), tuple(self.merged))

    def batches(self) -> Iterator[FastBatch]:
        yield from (self._batch(piece) for piece in chain([self._first], self._pieces) if piece)
        self._first = b""

    def filled_rows(self, table: Table) -> int:
        """How many rows below the header have anything but blanks in a column of the table."""
        ours = "|".join(letters(place) for place, name in self.places.items() if heading(name) in table)
        filled = rf'<c r="(?:{ours})[0-9]+"[^>/]*{_ANY_CELL}[^<]*[^<\s][^<]*<'
        pieces = chain([self._first], self._pieces) if ours else ()
        rows = (_with_plain_cells(_rows(piece)) for piece in pieces if piece)
        return sum(
            int((one.str.contains(filled) & ~one.str.contains('<row r="1"', literal=True)).sum()) for one in rows
        )

    def _batch(self, piece: bytes) -> FastBatch:
        rows = pl.DataFrame({"row": _rows(piece)}).select(
            "row",
            pl.col("row").str.extract(r'<row r="([0-9]+)"').cast(pl.Int64).alias("number"),
            pl.col("row").str.count_matches("</c>", literal=True).alias("filled"),
        )
        rows = rows.head(-1)  # what follows the last row is nothing
        picked = self._picked(rows, _USUAL_CELL)
        if picked is None:
            picked = self._picked(rows, _ANY_CELL)
        if picked is None or picked["number"].null_count():
            raise NotPlain
        escaped = b"&" in piece or (b"_" in piece and b"_x" in piece)  # one letter is found ten times as fast
        top = picked["number"] <= 1
        picked = picked.slice(1) if top.sum() == 1 and top[0] else picked.filter(~top)  # a slice copies nothing
        return FastBatch(picked, self, escaped)

    def _picked(self, rows: pl.DataFrame, inner: str) -> pl.DataFrame | None:
        """The rows with a struct for each column; None if that misses any filled cell."""
        picked = rows.select(
            "number",
            "filled",
            *(pl.col("row").str.extract_groups(_pattern(place, inner)).alias(str(place)) for place in self.places),
        )
        seen = pl.sum_horizontal(pl.exclude("number", "filled").struct.field("2").is_not_null())
        return None if picked.select((seen != pl.col("filled")).any()).item() else picked

    def _cut(self) -> Iterator[bytes]:
        """The rows' XML in pieces of whole rows."""
        held: list[bytes | memoryview] = []
        for chunk in self.package.archive.stream(self.part.path):
            start = 0 if held else self._after_head(chunk)
            end = chunk.rfind(b"</row>") + 6
            if end > max(start, 5):
                yield self._plain(b"".join([*held, memoryview(chunk)[start:end]]))
                held = [chunk[end:]]
            else:
                held.append(chunk[start:])
        rest = b"".join(held)
        end = rest.rfind(b"</row>") + 6
        if end > 5:
            yield self._plain(rest[:end])
        for left, top, right, bottom in _MERGED.findall(rest, max(end, 0)):
            self.merged.append(
                (int(top), column_index(left.decode()) + 1, int(bottom), column_index(right.decode()) + 1)
            )

    def _plain(self, piece: bytes) -> bytes:
        known = self.part.path in self.package.near_sheets  # they were seen to have nothing of the kind
        if not known and any(unusual in piece for unusual in _UNUSUAL):
            raise NotPlain
        return piece

    def _after_head(self, text: bytes) -> int:
        start = text.find(b"<sheetData>")
        if start < 0 or not re.search(rb"<worksheet[\s>]", text[:start]):
            raise NotPlain
        return start + 11

    def _headings(self) -> dict[int, str]:
        row = self._first[: self._first.find(b"</row>") + 6] if self._first else b""
        top = SheetPart(b"<worksheet><sheetData>%b</sheetData></worksheet>" % row, name=self.part.name)
        return headings_of(self.package, top)


class FastBatch(Struct, frozen=True, dict=True):
    """Some rows, each column as a struct of attributes and text (see ``frames.Batch``)."""

    picked: pl.DataFrame
    sheet: FastSheet
    escaped: bool  # whether any text may have entities or _xHHHH_ in it

    @property
    def rows(self) -> pl.Series:
        return self.picked["number"]

    @cached_property
    def columns(self) -> dict[int, Decoded]:
        """All columns by what their cells are; polars is called as seldom as can be, as each call costs."""
        places = self.sheet.places
        every = pl.exclude("number", "filled").struct.field("1")
        cell_attributes = self.picked.select(every.unique().implode().name.keep()).row(0)
        kinds = {place: _kinds(found, self.sheet.shared) for place, found in zip(places, cell_attributes, strict=True)}
        wanted = [
            _cells_of(place, kind, attributes if len(of) > 1 else None).alias(f"{kind}{place}")
            for place, of in kinds.items()
            for kind, attributes in of.items()
        ]
        found = self.picked.select(wanted).to_dict()
        return {
            place: self._decoded(place, {kind: found[f"{kind}{place}"] for kind in of}) for place, of in kinds.items()
        }

    def _decoded(self, place: int, found: dict[str, pl.Series]) -> Decoded:
        texts = found.get("inlineStr")
        if texts is not None and self.escaped:
            texts = _unescaped(texts)
        if "s" in found:
            shared = self.sheet.shared.strings.gather(found["s"])
            texts = shared if texts is None else pl.select(pl.coalesce(shared, texts)).to_series()
        here = Decoded(texts, found.get("n"))
        if "date" in found:
            serials = found["date"]
            plain = (serials == serials.round()) & serials.is_between(_FIRST_DAY, _LAST_DAY)
            here.day = (serials.set(~plain, None) - TO_1970).cast(pl.Int32).cast(pl.Date)
            here.odd = [(index, _moment(serial)) for index, serial in _pairs(serials.set(plain, None))]
        here.odd += [(index, text == "1") for index, text in _pairs(found.get("b"))]
        self.sheet.errors += [(self.rows[index], place + 1, text) for index, text in _pairs(found.get("e"))]
        return here

    def values(self, place: int, type: Type) -> Values:
        main, rest = self.columns[place].split(type)
        if not rest:
            return Values(main)
        read = read_rest(type, {}, len(self.rows), rest)
        put = {index: value for index, value in read.values.items() if value is not None}
        if put and main is not None:
            main = main.clone().scatter(list(put), pl.Series(list(put.values()), dtype=main.dtype))
        values = [put.get(index) for index in range(len(self.rows))] if put and main is None else main
        return Values(values, read.states, sorted(read.odd))

    def as_typed(self, place: int) -> Any:
        main, rest = self.columns[place].split(Type.TEXT)
        if rest:
            typed = {index: cells.as_typed(cell) for index, cell in rest}
            there = [None] * len(self.rows) if main is None else main
            return [typed.get(index, text or "") for index, text in enumerate(there)]
        if main is None:
            return [""] * len(self.rows)
        return main.fill_null("") if main.null_count() else main


class Decoded(Struct):
    """The cells of one column by what they are; None if none is that, null where a cell is something else."""

    text: pl.Series | None = None
    number: pl.Series | None = None
    day: pl.Series | None = None
    odd: list[tuple[int, Any]] = field(default_factory=list)  # times, times of day, booleans

    def split(self, type: Type) -> tuple[pl.Series | None, list[tuple[int, Any]]]:
        """The cells that are simply of the type, if any are, and all others."""
        kinds = {"text": self.text, "number": self.number, "day": self.day}
        main = kinds.pop(_MAIN[type]) if type in _MAIN else None
        if type is Type.INTEGER and main is not None:
            whole = main == main.round()
            kinds["broken"] = main.set(whole, None)
            main = main.set(~whole, None).cast(pl.Int64)
        elif type in _WORDS and main is not None and (odd := _read_otherwise(main, type)):
            kinds["odd"] = main.set(~main.is_in(odd), None)
            main = main.set(main.is_in(odd), None)
        rest = [pair for series in kinds.values() for pair in _pairs(series)]
        return main, [*rest, *self.odd]


_WORDS = (Type.YESNO, Type.MONTH)  # a few words over and over, most of which are read as they stand
_MAIN = {
    Type.YESNO: "text",
    Type.MONTH: "text",
    Type.ID: "text",
    Type.SECRET: "text",
    Type.TEXT: "text",
    Type.LONG: "text",
    Type.LINK: "text",
    Type.NUMBER: "number",
    Type.RATE: "number",
    Type.MARK: "number",
    Type.INTEGER: "number",
    Type.DATE: "day",
}
_DTYPES: dict[str, pl.DataType] = {"s": pl.UInt32(), "n": pl.Float64(), "date": pl.Float64()}


def _read_otherwise(texts: pl.Series, type: Type) -> list[str]:
    """The different texts of a column that are read as something else."""
    return [text for text in texts.unique().to_list() if text is not None and READ[type](text) != (text, None)]


def _kinds(attributes: list[str | None], shared: Shared) -> dict[str, list[str]]:
    """What the cells of a column are, and the attributes that say so."""
    kinds: dict[str, list[str]] = {}
    for one_cell in attributes:
        if one_cell is not None:
            kinds.setdefault(_kind(one_cell, shared), []).append(one_cell)
    return kinds


def _cells_of(place: int, kind: str, attributes: list[str] | None) -> pl.Expr:
    """The cells of a column that have these attributes (None: all cells do), as numbers where they are."""
    column = pl.col(str(place)).struct
    values = column.field("2")
    if attributes is not None:
        values = pl.when(column.field("1").is_in(attributes)).then(values)
    return values.cast(_DTYPES[kind]) if kind in _DTYPES else values


def _kind(attributes: str, shared: Shared) -> str:
    kind, style = _KIND.search(attributes), _STYLE.search(attributes)
    cell_type = kind[1] if kind else "n"
    if style and style[1] in shared.lengths:
        raise NotPlain
    if cell_type == "n":
        return "date" if style and style[1] in shared.dates else "n"
    if cell_type not in ("s", "inlineStr", "str", "b", "e"):
        raise NotPlain
    return "inlineStr" if cell_type == "str" else cell_type


def _moment(serial: float) -> datetime | time | float:
    """A number shown as date and time, to the millisecond; less than a day is a time of day, beyond 9999 a number."""
    if serial > _LAST_DAY:
        return serial
    if serial < 0 or 1 <= serial < _FIRST_DAY:
        raise NotPlain
    moment = EPOCH + timedelta(milliseconds=round(serial * 86_400_000))
    return moment.time() if serial < 1 else moment


def _pairs(series: pl.Series | None) -> list[tuple[int, Any]]:
    """Index and value of what is not null."""
    if series is None or series.null_count() == len(series):
        return []
    return series.to_frame("_").with_row_index("_at").filter(pl.col("_").is_not_null()).rows()


def _with_plain_cells(rows: pl.Series) -> pl.Series:
    """The same, if each row and each filled cell says where it stands and has one text or number."""
    cells_there = rows.str.count_matches("</c>", literal=True).sum()
    plain_cells = rows.str.count_matches(rf'<c r="[A-Z]+[0-9]+"[^>/]*{_ANY_CELL}').sum()
    if cells_there != plain_cells or not rows.head(-1).str.contains(r'<row r="[0-9]+"').all():
        raise NotPlain
    return rows


def _rows(piece: bytes) -> pl.Series:
    """The XML of each row, without its end; the last is what follows them."""
    return pl.Series([piece], dtype=pl.Binary).cast(pl.String).str.split("</row>").explode()


def _pattern(place: int, inner: str) -> str:
    """A filled cell of the column: its other attributes, and its text or number."""
    return rf'<c r="{letters(place)}[0-9]+"([^>/]*){inner}([^<]*)<'


def _unescaped(texts: pl.Series) -> pl.Series:
    if texts.str.contains("&", literal=True).any():
        texts = texts.str.replace_many(_ENTITIES)
    if texts.str.contains("_x", literal=True).any():
        texts = pl.Series([text and decode_characters(text) for text in texts.to_list()], dtype=pl.String)
    return texts


def _strings(package: Package) -> pl.Series:
    path = package.part_of("sharedStrings")
    if path is None:
        return pl.Series([], dtype=pl.String)
    xml = package.archive.read(path)
    return pl.Series(shared_texts(xml), dtype=pl.String)


def _forms(package: Package) -> Iterator[tuple[str, str | None]]:
    """The number format of each style (attribute s): its number, and its code unless that is built in."""
    path = package.part_of("styles")
    codes: dict[str, str] = {}
    inside = False
    for element in elements(package.archive.read(path)) if path else ():
        attributes = element.attributes
        if element.name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element.name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = element.name == "cellXfs"
        elif element.name == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            yield number, codes.get(number)


def _shows_length(number: str, form: str | None) -> bool:
    return number == "46" if form is None else re.search(r"\[(?:h+|m+|s+)\]", form, re.IGNORECASE) is not None


def _shows_date(number: str, form: str | None) -> bool:
    if form is None:
        return int(number) in _BUILT_IN_DATES
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", form)
    return bare.lower() != "general" and re.search("[ymdhs]", bare, re.IGNORECASE) is not None
