"""A sheet's cells as a typed frame, whoever read them: the closed book from a file, the live one from a program.

A grid is rows of Python values (str, float, int, bool, date, datetime, time; None or '' where blank); its first row is
the header, row 1 of the sheet. Columns are found by their headings in any order; staff's own columns are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import islice
from types import NoneType
from typing import Any, Protocol

import polars as pl
from msgspec import Struct

from xlbangfu.book.reading import cells
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.dates import SYSTEMS_APART, serial
from xlbangfu.schema import (
    CONSOLE,
    DEFECTS,
    KEY,
    LAYOUT,
    NOTHING,
    ROSTER,
    ROW,
    SCORES,
    SETTINGS,
    Column,
    Defect,
    Table,
    Type,
    state_of,
)

Row = Sequence[Any]
_DTYPES = {type: type.dtype for type in Type}
_TEXTS = {type for type, dtype in _DTYPES.items() if dtype == pl.String}
_type = type  # the methods below call an argument so
_FEW = 9  # rows of which it is quicker to look whether they are blank than to type them
_MANY = 200  # rows from which on polars is quicker to look whether a column is tidy
_UNTIDY = rf"(?:\A|\n)\s|\s(?:\n|\z)|\A\z|{cells.UNSEEN}"  # in the cells of a column, a line each
BATCH = 65_536  # rows whose Python objects exist at a time

READ: dict[Type, Callable[[Any], cells.Reading]] = {
    Type.ID: cells.as_id,
    Type.SECRET: cells.as_secret,
    Type.NUMBER: cells.as_number,
    Type.RATE: cells.as_number,
    Type.INTEGER: cells.as_integer,
    Type.DATE: cells.as_date,
    Type.TIME: cells.as_time,
    Type.MONTH: cells.as_month,
    Type.YESNO: cells.as_yes_no,
    Type.MARK: cells.as_mark,
}
CLEAN: dict[Type, type] = {
    Type.NUMBER: float,
    Type.RATE: float,
    Type.MARK: float,
    Type.DATE: date,
    Type.TIME: datetime,
    Type.TEXT: str,
    Type.LONG: str,
    Type.LINK: str,
    Type.ID: str,
    Type.SECRET: str,
}
_COMPUTED = (
    "总分",
    "合计",
    "均分",
    "平均",
    "名次",
    "排名",
    "排序",
    "级名",
    "班名",
    "校名次",
    "等级",
    "备注",
    "序号",
    "说明",
)


_Defects = list[tuple[str, int | None, str | None, str | None, str]]


class Sheet(Struct, frozen=True):
    """One table as read: its typed frame and its rows of DEFECTS and LAYOUT."""

    frame: pl.DataFrame
    defect_rows: _Defects
    layout_rows: list[tuple[str, str, str]]

    @property
    def defects(self) -> pl.DataFrame:
        return joined_defects([self])

    @property
    def layout(self) -> pl.DataFrame:
        return joined_layout([self])


def joined_defects(sheets: Iterable[Sheet]) -> pl.DataFrame:
    """DEFECTS of several sheets."""
    rows = [row for sheet in sheets for row in sheet.defect_rows]
    return pl.DataFrame(rows, schema=DEFECTS.frame_schema, orient="row") if rows else DEFECTS.empty()


def joined_layout(sheets: Iterable[Sheet]) -> pl.DataFrame:
    """LAYOUT of several sheets."""
    rows = [row for sheet in sheets for row in sheet.layout_rows]
    return pl.DataFrame(rows, schema=LAYOUT.frame_schema, orient="row") if rows else LAYOUT.empty()


class Values(Struct, frozen=True):
    """One column of a batch in its type: the values (None: all cells are blank), for marks the words beside them, and what was
    odd.

    ``odd`` has the index of a row, the cell as text and the defect. Texts may still have spaces around them.
    """

    values: Any  # a list, a Series or None
    states: list[str | None] | None = None
    odd: Sequence[tuple[int, str, str]] = ()


class Batch(Protocol):
    """Some rows of a sheet. Columns are numbered from 0."""

    @property
    def rows(self) -> Sequence[int] | pl.Series:
        """Their Excel row numbers."""

    def values(self, place: int, type: Type) -> Values:
        """A column as values of a type."""

    def as_typed(self, place: int) -> Any:
        """A column as Excel joins its cells into a text: a list or Series of texts."""


class GridBatch(Struct, frozen=True):
    """Rows as Python values."""

    grid: list[Row]
    first: int
    date1904: bool = False

    @property
    def rows(self) -> Sequence[int]:
        return range(self.first, self.first + len(self.grid))

    def values(self, place: int, type: Type) -> Values:
        raw = [row[place] for row in self.grid]
        kinds = set(map(_type, raw))
        clean = CLEAN.get(type)
        if kinds <= {str, NoneType} and not any(raw):
            return Values(None)
        if clean is not None and kinds <= {clean, NoneType}:
            return Values([cell or None for cell in raw] if clean is str and "" in raw else raw)
        values = [cell if _type(cell) is clean else None for cell in raw]
        rest = ((index, cell) for index, cell in enumerate(raw) if values[index] is None and cell not in ("", None))
        return read_rest(type, values, len(raw), rest)

    def as_typed(self, place: int) -> list[str]:
        raw = [row[place] for row in self.grid]
        if set(map(_type, raw)) <= {str}:
            return raw
        shift = -SYSTEMS_APART if self.date1904 else 0
        return [
            cells.number_text(serial(cell) + shift) if shift and isinstance(cell, date) else cells.as_typed(cell)
            for cell in raw
        ]


def read_rest(type: Type, values: Any, height: int, rest: Iterable[tuple[int, Any]]) -> Values:
    """Put in the cells that are not simply of the type, each read by the rules of ``cells``."""
    read = READ.get(type, cells.as_text)
    states: list[str | None] | None = None
    odd = []
    known: dict[tuple[Any, Any], cells.Reading] = {}  # most columns say a few things over and over
    for index, cell in rest:
        if isinstance(cell, str) and not cell.strip():
            continue
        key = (cell.__class__, cell)
        if key not in known:
            known[key] = read(cell)
        value, defect = known[key]
        if defect:
            odd.append((index, cells.shown(cell), defect))
        if type is Type.MARK and isinstance(value, str):
            states = states or [None] * height
            states[index] = value
        else:
            values[index] = value
    return Values(values, states, odd)


def _batches(rows: Iterator[Row], date1904: bool) -> Iterator[GridBatch]:
    first = 2
    while batch := list(islice(rows, BATCH)):
        if len(batch) > _FEW or any(cell != "" and cell is not None for row in batch for cell in row):
            yield GridBatch(batch, first, date1904)
        first += len(batch)


class CellIssues(Struct, frozen=True):
    """What the values do not tell: cells (row, column; from 1) that hold an error, and merged ranges."""

    errors: tuple[tuple[int, int, str], ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column


def heading(cell: Any) -> str:
    """A heading as it is compared: half width, without ★ or 🔑 before it."""
    return "" if cell is None else _heading(cells.shown(cell))


@lru_cache(maxsize=1_024)
def _heading(text: str) -> str:
    return cells.plain(text).lstrip("★🔑* ").strip()


def is_subject(name: str) -> bool:
    """Whether a further column of 成绩 can be a subject: it has a heading and is no total, rank or remark."""
    return bool(name) and not any(word in name for word in _COMPUTED)


def to_frame(table: Table, grid: Iterable[Row], trouble: CellIssues | None = None, *, date1904: bool = False) -> Sheet:
    """The grid as the table's typed frame with ROW and KEY, blank rows left out, and what was wrong with it."""
    rows = iter(grid)
    header = next(rows, ())
    return assemble(table, list(header), _batches(rows, date1904), lambda: trouble or CellIssues())


def assemble(table: Table, header: Sequence[Any], batches: Iterable[Batch], trouble: Callable[[], CellIssues]) -> Sheet:
    """The table's frame from its header and batches of its rows, whoever made these.

    ``trouble`` is asked when all rows were read.
    """
    places, columns, defects = _places(table, [heading(cell) for cell in header])
    parts = [_typed(table, columns, places, batch, defects) for batch in batches]
    frame = pl.concat(parts, rechunk=False) if parts else _empty(table, *(name for name in places if name not in table))
    defects += _trouble(table, trouble(), {place: name for name, place in places.items()})
    layout = [(table.name, name, letters(place)) for name, place in places.items()]
    return Sheet(frame, defects, layout)


def check_is_master(title: str, sheets: Container[str]) -> None:
    """Raise WrongWorkbook for a workbook that has neither 控制台 nor 设置 nor 名册: it is somebody's other file."""
    if not any(table.name in sheets for table in (CONSOLE, SETTINGS, ROSTER)):
        raise WrongWorkbook(
            f"“{title}”不是帮扶总表，里面没有“控制台”“设置”“名册”这些表；请换成帮扶总表，还没有就用 xlbangfu new 新建一个。"
        )


def missing(table: Table) -> Sheet:
    """A sheet that is not in the workbook."""
    return Sheet(_empty(table), [(table.name, None, None, None, Defect.MISSING_SHEET)], [])


@cache
def _empty(table: Table, *subjects: str) -> pl.DataFrame:
    marks = {
        name: dtype
        for subject in subjects
        for name, dtype in ((subject, pl.Float64()), (state_of(subject), pl.String()))
    }
    schema = {**table.frame_schema, **marks, ROW: pl.Int64(), KEY: pl.String()}
    return pl.DataFrame([_blank(name, dtype, 0) for name, dtype in schema.items()])


def _blank(name: str, dtype: pl.DataType, height: int) -> pl.Series:
    """A column of nulls, in a tenth of the time that making it of a list or a schema takes."""
    return _null(dtype).new_from_index(0, height).alias(name)


@cache
def _null(dtype: pl.DataType) -> pl.Series:
    return pl.Series([None], dtype=dtype)


def _places(table: Table, headings: list[str]) -> tuple[dict[str, int], list[Column], _Defects]:
    """Where each column stands (from 0), the columns to read, and what is wrong with the header."""
    places: dict[str, int] = {}
    defects: _Defects = []
    ours = {*table.names}
    for index, name in enumerate(headings):
        if not (name in ours or (table == SCORES and is_subject(name))):
            continue
        if name in places:
            defects.append((table.name, None, name, letters(index), Defect.DOUBLED_COLUMN))
        else:
            places[name] = index
    defects += [(table.name, None, name, None, Defect.MISSING_COLUMN) for name in table.names if name not in places]
    subjects = [Column(name=name, type=Type.MARK) for name in places if name not in ours]
    return places, [*table, *subjects], defects


def _typed(
    table: Table, columns: list[Column], places: dict[str, int], batch: Batch, defects: _Defects
) -> pl.DataFrame:
    height = len(batch.rows)
    values: dict[str, Any] = {}
    made: dict[str, pl.Series] = {}
    found: _Defects = []
    for column in columns:
        place = places.get(column.name)
        read = Values(None) if place is None else batch.values(place, column.type)
        values[column.name] = read.values
        made[column.name] = _series(column.name, read.values, _DTYPES[column.type], height)
        if column.type is Type.MARK:
            state = state_of(column.name)
            made[state] = _series(state, read.states, pl.String(), height)
        found += [(table.name, batch.rows[at], column.name, text, defect) for at, text, defect in read.odd]
    made[ROW] = _series(ROW, batch.rows, pl.Int64(), height)
    typed = [batch.as_typed(places[name]) if name in places else [""] * height for name in table.keys]
    key = _key(table, typed, height)
    defects += found
    frame = pl.DataFrame(list(made.values())).with_columns(*_untidy(made, columns, values), key)
    return _without_note(table, _without_blank(frame, [row for _, row, *_ in found]))


def _series(name: str, values: Sequence[Any] | pl.Series | None, dtype: pl.DataType, height: int) -> pl.Series:
    if values is None:
        return _blank(name, dtype, height)
    return values.cast(dtype).alias(name) if isinstance(values, pl.Series) else pl.Series(name, values, dtype=dtype)


def _key(table: Table, typed: Sequence[list[str] | pl.Series], height: int) -> pl.Series | pl.Expr:
    if height < _MANY:
        return pl.Series(
            KEY, ["|".join(key) for key in zip([table.name] * height, *typed, strict=True)], dtype=pl.String
        )
    parts = [pl.lit(texts if isinstance(texts, pl.Series) else pl.Series(texts, dtype=pl.String)) for texts in typed]
    return pl.concat_str(pl.lit(table.name), *parts, separator="|").alias(KEY)


def _without_note(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the row that only says that there is no record (``Table.nothing``)."""
    if not table.nothing or not frame.height:
        return frame
    return frame.filter(~pl.col(table.note_column.name).str.starts_with(NOTHING).fill_null(False))


def _without_blank(frame: pl.DataFrame, odd: list[int | None]) -> pl.DataFrame:
    """The frame without the rows in which no cell holds anything; a cell that could not be read holds something."""
    if any(frame[name].null_count() == 0 for name in frame.columns if name not in (ROW, KEY)):
        return frame
    filled = frame.select(pl.any_horizontal(pl.exclude(ROW, KEY).is_not_null())).to_series()
    if filled.all():
        return frame
    return frame.filter(filled | frame[ROW].is_in(odd))


def _untidy(made: Mapping[str, pl.Series], columns: Sequence[Column], values: Mapping[str, Any]) -> list[pl.Expr]:
    """The texts that are not as they should be, tidied; most are. ``values`` are those of which the columns were made."""
    there = {column.name: column for column in columns if column.type in _TEXTS and values[column.name] is not None}
    if len(made[ROW]) < _MANY:
        done = {name for name, column in there.items() if _is_tidy(values[name], compared=column.normalised)}
    else:
        texts = pl.DataFrame([made[name] for name in there])
        done = _tidy_already(texts, {name: column.normalised for name, column in there.items()})
    return [tidy(column) for name, column in there.items() if name not in done]


def _tidy_already(frame: pl.DataFrame, texts: Mapping[str, bool]) -> set[str]:
    """The columns that ``tidy`` would leave as they are; ``texts`` says which are compared."""
    whole = frame.select(pl.all().str.join("\n"))
    untidy = whole.select(pl.all().str.contains(_UNTIDY)).row(0) if texts else ()
    clean = [name for name, found in zip(texts, untidy, strict=True) if not found]
    compared = [name for name in clean if texts[name]]
    said = (whole[name].item() for name in compared)
    odd = {name for name, text in zip(compared, said, strict=True) if not unicodedata.is_normalized("NFKC", text)}
    return {*clean} - odd


def _is_tidy(cells_there: Iterable[str | None], *, compared: bool) -> bool:
    """Whether a few cells are surely tidy."""
    texts = [text for text in cells_there if text is not None]
    if not all(texts) or [*map(str.strip, texts)] != texts:
        return False
    whole = "".join(texts)
    return not compared or (whole.isprintable() and unicodedata.is_normalized("NFKC", whole))


def tidy(column: Column) -> pl.Expr:
    """Text stripped, null where nothing is left; where it is compared half width, without marks that nobody sees.

    Other types are as they are.
    """
    text = pl.col(column.name)
    if column.type not in _TEXTS:
        return text
    if column.normalised:
        text = text.str.normalize("NFKC").str.replace_all(cells.UNSEEN, "")
    text = text.str.strip_chars()
    return pl.when(text != "").then(text).alias(column.name)


def _trouble(table: Table, trouble: CellIssues, names: dict[int, str]) -> Iterator[Any]:
    for row, column, text in trouble.errors:
        if column - 1 in names and row > 1:
            yield table.name, row, names[column - 1], text, Defect.FORMULA_ERROR
    for top, left, bottom, right in trouble.merged:
        inside = [names[column - 1] for column in range(left, right + 1) if column - 1 in names]
        if inside and bottom > 1:
            corner = f"{letters(left - 1)}{top}:{letters(right - 1)}{bottom}"
            yield table.name, max(top, 2), inside[0], corner, Defect.MERGED
