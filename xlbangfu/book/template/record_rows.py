"""Records as the rows of a sheet's XML, some thousand at a time, with the raw values that a sample plants in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

import polars as pl

from xlbangfu.book.row_heights import height
from xlbangfu.ooxml import cell_xml
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.frame_xml import Place, cells
from xlbangfu.schema import Column, Table, state_of

CHUNK = 20_000
FIRST = 2  # the row of the first record, whose cells carry the columns' styles and so are never left out
_NUMBER, _HEIGHT = "_number", "_height"


class Planted(Protocol):
    """A raw value in place of one cell of a frame; rows are counted from 0."""

    @property
    def table(self) -> Table: ...
    @property
    def row_index(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> object: ...


@runtime_checkable
class BrokenFormula(Protocol):
    """A planted value that is a formula, without its equals sign, and the error that it comes to."""

    @property
    def formula(self) -> str: ...
    @property
    def error(self) -> str: ...


def chunks(
    frame: pl.DataFrame, columns: Sequence[Column], styles: Sequence[str], planted: Sequence[Planted]
) -> Iterator[bytes]:
    """The ``<row>`` elements of all records; an empty cell is left out below the first."""
    places = [
        Place(column.name, index, style, state_of(column.name))
        for index, (column, style) in enumerate(zip(columns, styles, strict=True))
    ]
    for offset in range(0, frame.height, CHUNK):
        part = frame.slice(offset, CHUNK)
        numbers = pl.Series(_NUMBER, range(FIRST + offset, FIRST + offset + part.height), dtype=pl.Int64)
        there = [one for one in planted if 0 <= one.row_index - offset < part.height]
        made = _planted(cells(part, places, numbers, "", date1904=False), places, there, offset)
        yield _joined(made, numbers, part.select(height(columns, part).alias(_HEIGHT)))


def _joined(made: pl.DataFrame, numbers: pl.Series, heights: pl.DataFrame) -> bytes:
    blank = pl.all().str.ends_with("/>") & (numbers > FIRST)
    shown = made.select(pl.when(blank).then(pl.lit("")).otherwise(pl.all()).name.keep())
    opening = pl.concat_str(pl.lit('<row r="'), numbers.cast(pl.String), pl.lit('"'), heights[_HEIGHT], pl.lit(">"))
    lines = shown.select(pl.concat_str(opening, pl.all(), pl.lit("</row>")))
    return "".join(lines.to_series().to_list()).encode()


def _planted(made: pl.DataFrame, places: Sequence[Place], planted: Sequence[Planted], offset: int) -> pl.DataFrame:
    by_name = {place.name: place for place in places}
    for one in planted:
        place = by_name[one.column]
        xml = raw_cell(f"{letters(place.index)}{one.row_index + FIRST}", place.style, one.value)
        made = made.with_columns(made[one.column].scatter(one.row_index - offset, xml))
    return made


def raw_cell(address: str, style: str, value: object) -> str:
    """One cell with a raw value, whatever its column should hold."""
    if isinstance(value, BrokenFormula):
        formula, error = cell_xml.escape(value.formula), cell_xml.escape(value.error)
        return f'<c r="{address}" s="{style}" t="e"><f>{formula}</f><v>{error}</v></c>'
    return cell_xml.cell(address, value, style)  # type: ignore[arg-type]  # what a cell can hold
