"""Frames as the XML of worksheet cells and rows, made column by column in polars.

Texts are inline strings, so no shared string changes; a text is always text, whatever it begins with. Null is an empty
cell that keeps its style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from xlbangfu.book.row_heights import height
from xlbangfu.errors import WriteFailed
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import Column, state_of

LONGEST_TEXT = 32_767
_CHUNK = 1_024  # rows
_NEEDS_CARE = r"[&<>\x00-\x1f\x{FFFE}\x{FFFF}]|^\s|\s$|  |_x[0-9A-Fa-f]{4}_"
_NEEDS_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Place:
    """One column to write: its name in the frame, where it stands on the sheet (from 0) and the style of its cells."""

    name: str
    index: int
    style: str = ""  # the attribute s of a cell, "" for none


def escape(text: str) -> str:
    """A text as it stands in XML; characters that XML cannot hold become _xHHHH_, as Excel writes them.

    >>> escape("a&b<\\x0b>")
    'a&amp;b&lt;_x000B_&gt;'
    """
    text = _NEEDS_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cells(
    frame: pl.DataFrame, places: Sequence[Place], rows: pl.Series, prefix: str, *, date1904: bool
) -> pl.DataFrame:
    """The XML of each cell: one text column per place, named by it, in the rows numbered ``rows``."""
    numbers = rows.cast(pl.String)
    return pl.select(
        _joined(_cell(frame, place, numbers, prefix, date1904)).alias(place.name)
        for place in sorted(places, key=lambda place: place.index)
    )


def rows_xml(
    frame: pl.DataFrame,
    places: Sequence[Place],
    first: int,
    prefix: str = "",
    *,
    date1904: bool = False,
    further: Sequence[tuple[int, pl.Series]] = (),
    wrapping: Sequence[Column] = (),
) -> Iterator[bytes]:
    """The rows of a frame from row ``first`` on, a thousand at a time.

    ``further`` are cells made already: column index and one text per row of the frame (null: no cell). Rows are as
    high as the texts of the ``wrapping`` columns need.
    """
    for start in range(0, frame.height, _CHUNK):
        part = frame.slice(start, _CHUNK)
        numbers = pl.Series(range(first + start, first + start + part.height), dtype=pl.Int64).cast(pl.String)
        columns = {place.index: _cell(part, place, numbers, prefix, date1904) for place in places}
        columns |= {index: [texts.slice(start, _CHUNK).fill_null("")] for index, texts in further}
        high = part.select(height(wrapping, part.schema).alias("ht"))["ht"] if wrapping else ""
        pieces: list[_Piece] = [f'<{prefix}row r="', numbers, '"', high, ">"]
        for index in sorted(columns):
            pieces += columns[index]
        row = _joined([*pieces, f"</{prefix}row>"])
        yield pl.select(row.str.join("").cast(pl.Binary)).item()


_Piece = str | pl.Series | pl.Expr


def _joined(pieces: list[_Piece]) -> pl.Expr:
    """The pieces as one text per row; neighbours that are the same in every row are joined beforehand."""
    exprs: list[pl.Expr] = []
    for fixed, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if fixed:
            exprs.append(pl.lit("".join(piece for piece in group if isinstance(piece, str))))
        else:
            exprs += [piece if isinstance(piece, pl.Expr) else pl.lit(piece) for piece in group]
    return pl.concat_str(exprs)


def _cell(frame: pl.DataFrame, place: Place, numbers: pl.Series, prefix: str, date1904: bool) -> list[_Piece]:
    """The pieces of a column's cells."""
    style = f' s="{place.style}"' if place.style else ""
    opening: list[_Piece] = [f'<{prefix}c r="{letters(place.index)}', numbers, f'"{style}']
    if place.name not in frame.columns:
        return [*opening, "/>"]
    values = frame[place.name]
    content = _content(values, prefix, date1904)
    state = state_of(place.name)
    if state in frame.columns and frame[state].null_count() < frame.height:
        word = _joined(_content(frame[state], prefix, date1904))
        return [*opening, pl.coalesce(word, _joined(content), pl.lit("/>"))]
    if any(isinstance(piece, pl.Series) and piece.null_count() for piece in content):
        return [*opening, pl.coalesce(_joined(content), pl.lit("/>"))]
    return [*opening, *content]


def _content(values: pl.Series, prefix: str, date1904: bool) -> list[_Piece]:
    """What follows a cell's address and style; null for an empty cell."""
    if values.dtype == pl.String:
        texts, preserve = _texts(values)
        before, after = f' t="inlineStr"><{prefix}is><{prefix}t{preserve}>', f"</{prefix}t></{prefix}is></{prefix}c>"
        return [before, texts, after]
    return [f"><{prefix}v>", _numbers(values, date1904), f"</{prefix}v></{prefix}c>"]


def _texts(values: pl.Series) -> tuple[pl.Series, str]:
    """Escaped texts, "" as null, and the attribute that keeps their spaces if any has some to keep."""
    if int(values.str.len_bytes().max() or 0) > LONGEST_TEXT and (values.str.len_chars() > LONGEST_TEXT).any():  # type: ignore[arg-type]  # a length
        raise WriteFailed(f"“{values.name}”有一格文字超过 {LONGEST_TEXT} 个字，Excel 放不下，没有保存。")
    if not values.str.contains(_NEEDS_CARE).any():
        return values.replace("", None) if (values == "").any() else values, ""
    escaped = pl.Series(values.name, [text and escape(text) for text in values.to_list()], dtype=pl.String)
    spaced = values.str.contains(r"^\s|\s$|\n|\t|  ").any()
    return escaped.replace("", None), ' xml:space="preserve"' if spaced else ""


def _numbers(values: pl.Series, date1904: bool) -> pl.Series:
    days = 24107 if date1904 else 25569  # from the workbook's first day to 1970
    if values.dtype == pl.Date:
        return (values.to_physical().cast(pl.Int64) + days).cast(pl.String)
    if values.dtype == pl.Datetime:
        seconds = values.dt.epoch("us") / 1e6
        return (seconds / 86400 + days).round(10).cast(pl.String)
    if values.dtype.is_float():
        values = values.set(~values.is_finite(), None) if not values.is_finite().all() else values
        return values.cast(pl.String).str.strip_suffix(".0")
    return values.cast(pl.Int64).cast(pl.String)
