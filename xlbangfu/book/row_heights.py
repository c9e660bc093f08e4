"""How high a row must be for its wrapped texts, which only Excel finds by itself."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from xlbangfu.house_look import row_height
from xlbangfu.schema import Column, Type

MARK_WIDTH = 7
MOST_LINES = 32  # Excel allows no row higher than 409


def width(column: Column) -> float:
    """Wide enough for the heading with its filter button, a Chinese character being two wide.

    The name of a subject may take two lines, so that all of a school's subjects stand side by side on paper.
    """
    if column.type is Type.MARK:
        return max(column.width, MARK_WIDTH)
    heading = sum(2 if ord(character) > 0xFF else 1 for character in column.name)
    return max(column.width, heading + 3.5)


def wrapped(column: Column) -> bool:
    """Whether a cell's text may need several lines: prose, or several of something."""
    return column.type is Type.LONG or column.many


def height(columns: Iterable[Column], schema: pl.Schema) -> pl.Expr:
    """The attribute ``ht`` of each row of a frame, with a space before it; nothing where one line is enough."""
    lines = [
        pl.col(column.name).str.split("\n").list.eval((_text_width() / (width(column) - 1)).ceil().clip(1)).list.sum()
        for column in columns
        if wrapped(column) and schema.get(column.name) == pl.String
    ]
    if not lines:
        return pl.lit("")
    most = pl.max_horizontal(lines).clip(upper_bound=MOST_LINES).cast(pl.Int32)
    return pl.when(most > 1).then(pl.format(' ht="{}"', row_height(most))).otherwise(pl.lit(""))


def _text_width() -> pl.Expr:
    # A Chinese character is three bytes and two wide, an ASCII one is one of each.
    return (pl.element().str.len_bytes() + pl.element().str.len_chars()) / 2
