"""How high a row must be for its wrapped texts, which only Excel finds by itself."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from xlbangfu.house_look import row_height
from xlbangfu.schema import Column, Type

MARK_WIDTH = 7
MOST_LINES = 26  # Excel allows no row higher than 409
_PADDING = 1  # of a cell, in digits
_WORD = "[!-~]"  # signs of which several are not broken in two
_WORDS = (10, 3, 1)  # how long they are: a date, a number, a sign


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


def height(columns: Iterable[Column], frame: pl.DataFrame) -> pl.Expr:
    """The attribute ``ht`` of each row of the frame, with a space before it; nothing where one line is enough."""
    lines = [
        pl.col(column.name).str.split("\n").list.eval(_lines(width(column) - _PADDING)).list.sum()
        for column in columns
        if wrapped(column) and _has_text(frame, column.name)
    ]
    if not lines:
        return pl.lit("")
    most = pl.max_horizontal(lines).clip(upper_bound=MOST_LINES).cast(pl.Int32)
    return pl.when(most > 1).then(pl.format(' ht="{}"', row_height(most))).otherwise(pl.lit(""))


def _has_text(frame: pl.DataFrame, name: str) -> bool:
    return frame.schema.get(name) == pl.String and frame[name].null_count() < frame.height


def _lines(room: float) -> pl.Expr:
    """How many lines a text takes at most, since a word is not broken: each but the last may end before the longest one.

    Where that is longer than half a line, what is known is that two lines one after another hold more than one.
    """
    width, half = _text_width(), int(room / 2)
    lines = 2 * (width / room).floor() + 1
    for longest in (half, *(words for words in _WORDS if words < half)):
        most = ((width - longest + 1) / (room - longest + 1)).ceil()
        lines = pl.when(pl.element().str.contains(f"{_WORD}{{{longest + 1}}}")).then(lines).otherwise(most)
    return pl.when(width <= room).then(1).otherwise(lines).clip(1)


def _text_width() -> pl.Expr:
    # A Chinese character is three bytes and two wide, an ASCII one is one of each.
    return (pl.element().str.len_bytes() + pl.element().str.len_chars()) / 2
