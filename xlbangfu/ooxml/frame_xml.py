"""Frames as the XML of worksheet cells and rows, made column by column in polars.

What a cell looks like is said in ``cell_xml``; here the same is made for whole columns. Null is an empty cell that keeps
its style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from xlbangfu.errors import WriteFailed
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import LOSES_SPACES, escape, text_tag
from xlbangfu.ooxml.dates import MICROSECONDS_A_DAY, days_to_1970

LONGEST_TEXT = 32_767
_CHUNK = 1_024  # rows
_NEEDS_CARE = r"[&<>\x00-\x1f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_|" + LOSES_SPACES


@dataclass(frozen=True)
class Place:
    """One column to write: its name in the frame, where it stands on the sheet (from 0) and the style of its cells.

    Where the column ``instead`` has a word, that stands in the cell and not the value.
    """

    name: str
    index: int
    style: str = ""  # the attribute s of a cell, "" for none
    instead: str = ""


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
    height: pl.Expr | None = None,
) -> Iterator[bytes]:
    """The rows of a frame from row ``first`` on, a thousand at a time.

    ``further`` are cells made already: column index and one text per row of the frame (null: no cell). ``height`` gives
    each row's attribute ``ht`` with a space before it, or nothing.
    """
    for start in range(0, frame.height, _CHUNK):
        part = frame.slice(start, _CHUNK)
        numbers = pl.Series(range(first + start, first + start + part.height), dtype=pl.Int64).cast(pl.String)
        columns = {place.index: _cell(part, place, numbers, prefix, date1904) for place in places}
        columns |= {index: [texts.slice(start, _CHUNK).fill_null("")] for index, texts in further}
        high = "" if height is None else part.select(height.alias("ht"))["ht"]
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
    if place.instead in frame.columns and frame[place.instead].null_count() < frame.height:
        word = _joined(_content(frame[place.instead], prefix, date1904))
        return [*opening, pl.coalesce(word, _joined(content), pl.lit("/>"))]
    if any(isinstance(piece, pl.Series) and piece.null_count() for piece in content):
        return [*opening, pl.coalesce(_joined(content), pl.lit("/>"))]
    return [*opening, *content]


def _content(values: pl.Series, prefix: str, date1904: bool) -> list[_Piece]:
    """What follows a cell's address and style; null for an empty cell."""
    if values.dtype == pl.String:
        texts, spaced = _texts(values)
        before = f' t="inlineStr"><{prefix}is>' + text_tag(keeps_spaces=spaced, prefix=prefix)
        return [before, texts, f"</{prefix}t></{prefix}is></{prefix}c>"]
    return [f"><{prefix}v>", _numbers(values, date1904), f"</{prefix}v></{prefix}c>"]


def _texts(values: pl.Series) -> tuple[pl.Series, bool]:
    """Escaped texts, "" as null, and whether any has spaces to keep."""
    if int(values.str.len_bytes().max() or 0) > LONGEST_TEXT and (values.str.len_chars() > LONGEST_TEXT).any():  # type: ignore[arg-type]  # a length
        raise WriteFailed(f"“{values.name}”有一格文字超过 {LONGEST_TEXT} 个字，Excel 放不下，没有保存。")
    if not values.str.contains(_NEEDS_CARE).any():
        return values.replace("", None) if (values == "").any() else values, False
    escaped = pl.Series(values.name, [text and escape(text) for text in values.to_list()], dtype=pl.String)
    return escaped.replace("", None), bool(values.str.contains(LOSES_SPACES).any())


def _numbers(values: pl.Series, date1904: bool) -> pl.Series:
    days = days_to_1970(date1904=date1904)
    if values.dtype == pl.Date:
        return (values.to_physical().cast(pl.Int64) + days).cast(pl.String)
    if values.dtype == pl.Datetime:
        return (values.dt.epoch("us") / MICROSECONDS_A_DAY + days).round(10).cast(pl.String)
    if values.dtype.is_float():
        values = values.set(~values.is_finite(), None) if not values.is_finite().all() else values
        return values.cast(pl.String).str.strip_suffix(".0")
    return values.cast(pl.Int64).cast(pl.String)
