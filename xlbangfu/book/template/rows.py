"""Records as the rows of a sheet's XML, made column by column in polars: hundreds of thousands of rows in seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

import polars as pl

from xlbangfu.book.row_heights import height
from xlbangfu.book.template.layout import letter
from xlbangfu.schema import Column, Table, state_of

CHUNK = 20_000
EPOCH, MICROSECONDS_A_DAY = 25_569, 86_400_000_000  # 1970-01-01 as Excel counts days
_NUMBER, _HEIGHT = "_number", "_height"
BESIDE = 2  # columns of a chunk that are no cells
_SPECIAL = r"[&<>\x00-\x08\x0B-\x1F]|_x[0-9A-Fa-f]{4}_"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TEXT, _END_OF_TEXT = '" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
_VALUE, _END_OF_VALUE = '"><v>', "</v></c>"


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
    """The ``<row>`` elements of all records, the first in row 2, some thousand rows at a time."""
    for offset in range(0, frame.height, CHUNK):
        part = _escaped(frame.slice(offset, CHUNK)).with_columns(
            pl.int_range(offset + 2, offset + 2 + pl.len()).cast(pl.String).alias(_NUMBER)
        )
        cells = part.select(
            _NUMBER,
            height(columns, part.schema).alias(_HEIGHT),
            *(
                _cell(column, part.schema, letter(index), style).alias(column.name)
                for index, (column, style) in enumerate(zip(columns, styles, strict=True))
            ),
        )
        cells = _planted(
            cells, [cell for cell in planted if 0 <= cell.row_index - offset < part.height], offset, styles
        )
        lines = cells.select(
            pl.concat_str(
                pl.lit('<row r="'),
                _NUMBER,
                pl.lit('"'),
                _HEIGHT,
                pl.lit(">"),
                pl.exclude(_NUMBER, _HEIGHT),
                pl.lit("</row>"),
            )
        )
        yield "".join(lines.to_series().to_list()).encode()


def escaped(text: str) -> str:
    r"""Text as it stands in XML; characters that XML lacks are written as Excel writes them.

    >>> escaped("a<b\x0b")
    'a&lt;b_x000B_'
    """
    return re.sub(_SPECIAL, lambda found: _ENTITIES.get(found[0]) or _written(found[0]), text)


def cell(reference: str, style: str, value: object) -> str:
    """One cell with a raw value, whatever its column should hold."""
    start = f'<c r="{reference}" s="{style}'
    if value is None:
        return f'{start}"/>'
    if isinstance(value, BrokenFormula):
        return f'{start}" t="e"><f>{escaped(value.formula)}</f><v>{escaped(value.error)}</v></c>'
    if isinstance(value, bool):
        return f'{start}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f"{start}{_VALUE}{value}{_END_OF_VALUE}"
    if isinstance(value, date):
        midnight = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        days = (midnight - datetime(1970, 1, 1)).total_seconds() / 86_400 + EPOCH
        return f"{start}{_VALUE}{days:.10g}{_END_OF_VALUE}"
    return f"{start}{_TEXT}{escaped(str(value))}{_END_OF_TEXT}"


def _written(found: str) -> str:
    return f"_x005F{found}" if found.startswith("_x") else f"_x{ord(found):04X}_"


def _escaped(part: pl.DataFrame) -> pl.DataFrame:
    """Only the columns that need it are gone through text by text."""
    texts = [name for name, dtype in part.schema.items() if dtype == pl.String]
    if not texts:
        return part
    special = part.select(pl.col(texts).str.contains(_SPECIAL).any()).row(0, named=True)
    return part.with_columns(
        pl.col(name).map_elements(escaped, return_dtype=pl.String) for name, found in special.items() if found
    )


def _cell(column: Column, schema: pl.Schema, place: str, style: str) -> pl.Expr:
    """The cell's XML; an empty cell is left out, but for the first row, which carries each column's style."""
    blank = pl.when(pl.col(_NUMBER) == "2").then(pl.lit(f'<c r="{place}2" s="{style}"/>')).otherwise(pl.lit(""))
    names = [name for name in (state_of(column.name), column.name) if name in schema]
    written = (_written_value(name, schema[name], f'<c r="{place}', f'" s="{style}') for name in names)
    return pl.coalesce(*written, blank)


def _written_value(name: str, dtype: pl.DataType, start: str, style: str) -> pl.Expr:
    if dtype == pl.String:
        before, value, after = _TEXT, pl.col(name), _END_OF_TEXT
    else:
        before, value, after = _VALUE, _number(name, dtype), _END_OF_VALUE
    return pl.concat_str(pl.lit(start), _NUMBER, pl.lit(style + before), value, pl.lit(after))


def _number(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return (pl.col(name).cast(pl.Int32) + EPOCH).cast(pl.String)
    if dtype == pl.Datetime:
        return (pl.col(name).dt.epoch("us") / MICROSECONDS_A_DAY + EPOCH).cast(pl.String)
    return pl.col(name).cast(pl.String).str.strip_suffix(".0")


def _planted(cells: pl.DataFrame, planted: Sequence[Planted], offset: int, styles: Sequence[str]) -> pl.DataFrame:
    for found in planted:
        index = cells.columns.index(found.column) - BESIDE
        reference = f"{letter(index)}{found.row_index + 2}"
        changed = cells[found.column].scatter(found.row_index - offset, cell(reference, styles[index], found.value))
        cells = cells.with_columns(changed)
    return cells
