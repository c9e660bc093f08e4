"""How high a row must be for its wrapped texts, which only Excel finds by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
    texts = {column.name: width(column) - _PADDING for column in columns if wrapped(column)}
    lines = [*_lines_of_long(frame, {name: room for name, room in texts.items() if _has_text(frame, name)})]
    if not lines:
        return pl.repeat("", pl.len())
    most = pl.max_horizontal(lines).clip(upper_bound=MOST_LINES).cast(pl.Int32)
    return pl.when(most > 1).then(pl.format(' ht="{}"', row_height(most))).otherwise(pl.lit(""))


def _has_text(frame: pl.DataFrame, name: str) -> bool:
    return frame.schema.get(name) == pl.String and frame[name].null_count() < frame.height


def _lines_of_long(frame: pl.DataFrame, rooms: Mapping[str, float]) -> Iterator[pl.Expr]:
    """The lines of the texts in each column in which any takes more than one; what it takes depends on the room there is."""
    asked = [_text_width(pl.col(name)).max().alias(f"width {name}") for name in rooms]
    asked += [pl.col(name).str.contains("\n", literal=True).any().alias(f"broken {name}") for name in rooms]
    found = frame.select(asked).row(0, named=True) if asked else {}
    for name, room in rooms.items():
        if found[f"broken {name}"]:
            yield pl.col(name).str.split("\n").list.eval(_lines(pl.element(), room)).list.sum()
        elif found[f"width {name}"] > room:
            yield _lines(pl.col(name), room)


def _lines(text: pl.Expr, room: float) -> pl.Expr:
    """How many lines a text takes at most, since a word is not broken: each but the last may end before the longest one.

    Where that is longer than half a line, what is known is that two lines one after another hold more than one.
    """
    width, half = _text_width(text), int(room / 2)
    lines = 2 * (width / room).floor() + 1
    for longest in (half, *(words for words in _WORDS if words < half)):
        most = ((width - longest + 1) / (room - longest + 1)).ceil()
        lines = pl.when(text.str.contains(f"{_WORD}{{{longest + 1}}}")).then(lines).otherwise(most)
    return pl.when(width <= room).then(1).otherwise(lines).clip(1)


def _text_width(text: pl.Expr) -> pl.Expr:
    # A Chinese character is three bytes and two wide, an ASCII one is one of each.
    return (text.str.len_bytes() + text.str.len_chars()) / 2
