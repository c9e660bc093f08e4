"""Frames as the XML of worksheet cells and rows, made column by column in polars.

What a cell looks like is said in ``cell_xml``; here the same is made for whole columns. Null is an empty cell that keeps
its style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import polars as pl
from msgspec import Struct

from xlbangfu.errors import WriteFailed
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import LOSES_SPACES, escape, text_tag
from xlbangfu.ooxml.dates import MICROSECONDS_A_DAY, days_to_1970

LONGEST_TEXT = 32_767
_CHUNK = 1_024  # rows
_NEEDS_CARE = r"[&<>\x00-\x1f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_|" + LOSES_SPACES


class Place(Struct, frozen=True):
    """One column to write: its name in the frame, where it stands on the sheet (from 0) and the style of its cells.

    Where the column ``instead`` has a word, that stands in the cell and not the value.
    """

    name: str
    index: int
    style: str = ""  # the attribute s of a cell, "" for none
    instead: str = ""


class _Look(Struct, frozen=True):
    """What a column holds that asks for care: nulls or "" (``gaps``), what XML would take otherwise, what is no number."""

    gaps: bool = False
    empties: bool = False
    escapes: bool = False
    infinite: bool = False


def cells(
    frame: pl.DataFrame, places: Sequence[Place], rows: pl.Series, prefix: str, *, date1904: bool
) -> pl.DataFrame:
    """The XML of each cell: one text column per place, named by it, in the rows numbered ``rows``."""
    numbers = pl.lit(rows.cast(pl.String))
    looks = _looks(frame, places)
    days = days_to_1970(date1904=date1904)
    return frame.select(
        _joined(_cell(frame, place, looks, numbers, prefix, days)).alias(place.name)
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
    """The rows of a frame from row ``first`` on, a thousand at a time, each time in one question to polars.

    ``further`` are cells made already: column index and one text per row of the frame (null: no cell). ``height`` gives
    each row's attribute ``ht`` with a space before it, or nothing.
    """
    if frame.is_empty():
        return
    looks = _looks(frame, places)
    days = days_to_1970(date1904=date1904)
    for start in range(0, frame.height, _CHUNK):
        part = frame.slice(start, _CHUNK)
        numbers = pl.lit(pl.Series(range(first + start, first + start + part.height), dtype=pl.Int64).cast(pl.String))
        columns = {place.index: _cell(part, place, looks, numbers, prefix, days) for place in places}
        columns |= {index: [pl.lit(texts.slice(start, _CHUNK).fill_null(""))] for index, texts in further}
        pieces: list[_Piece] = [f'<{prefix}row r="', numbers, '"', "" if height is None else height, ">"]
        for index in sorted(columns):
            pieces += columns[index]
        row = _joined([*pieces, f"</{prefix}row>"])
        yield part.select(row.str.join("").cast(pl.Binary)).item()


_Piece = str | pl.Expr


def _looks(frame: pl.DataFrame, places: Sequence[Place]) -> dict[str, _Look]:
    """What each column that is written asks for. Raises WriteFailed for a text that no cell takes."""
    written = {name for place in places for name in (place.name, place.instead)}
    schema = {name: dtype for name, dtype in frame.schema.items() if name in written}
    texts = [name for name, dtype in schema.items() if dtype == pl.String]
    floats = [name for name, dtype in schema.items() if dtype.is_float()]
    asked = [pl.col(name).str.len_bytes().max().alias(f"long {name}") for name in texts]
    asked += [(pl.col(name) == "").any().alias(f"empty {name}") for name in texts]
    asked += [pl.col(name).str.contains(_NEEDS_CARE).any().alias(f"care {name}") for name in texts]
    asked += [pl.col(name).is_finite().all().alias(f"finite {name}") for name in floats]
    found = frame.select(asked).row(0, named=True) if asked else {}
    for name in texts:
        if (found[f"long {name}"] or 0) > LONGEST_TEXT and (frame[name].str.len_chars() > LONGEST_TEXT).any():
            raise WriteFailed(f"“{name}”有一格文字超过 {LONGEST_TEXT} 个字，Excel 放不下，没有保存。")
    return {
        name: _Look(
            gaps=frame[name].null_count() > 0 or found.get(f"empty {name}", False),
            empties=found.get(f"empty {name}", False),
            escapes=found.get(f"care {name}", False),
            infinite=not found.get(f"finite {name}", True),
        )
        for name in schema
    }


def _joined(pieces: list[_Piece]) -> pl.Expr:
    """The pieces as one text per row; neighbours that are the same in every row are joined beforehand."""
    exprs: list[pl.Expr] = []
    for fixed, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if fixed:
            exprs.append(pl.lit("".join(piece for piece in group if isinstance(piece, str))))
        else:
            exprs += [piece for piece in group if isinstance(piece, pl.Expr)]
    return pl.concat_str(exprs)


def _cell(
    part: pl.DataFrame, place: Place, looks: Mapping[str, _Look], numbers: pl.Expr, prefix: str, days: int
) -> list[_Piece]:
    """The pieces of a column's cells in the rows of ``part``."""
    style = f' s="{place.style}"' if place.style else ""
    opening: list[_Piece] = [f'<{prefix}c r="{letters(place.index)}', numbers, f'"{style}']
    if place.name not in looks:
        return [*opening, "/>"]
    content = _content(part[place.name], looks[place.name], prefix, days)
    if place.instead in looks and part[place.instead].null_count() < part.height:
        word = _joined(_content(part[place.instead], looks[place.instead], prefix, days))
        return [*opening, pl.coalesce(word, _joined(content), pl.lit("/>"))]
    if looks[place.name].gaps or looks[place.name].infinite:
        return [*opening, pl.coalesce(_joined(content), pl.lit("/>"))]
    return [*opening, *content]


def _content(values: pl.Series, look: _Look, prefix: str, days: int) -> list[_Piece]:
    """What follows a cell's address and style; null for an empty cell."""
    if values.dtype == pl.String:
        texts, spaced = _texts(values, look)
        before = f' t="inlineStr"><{prefix}is>' + text_tag(keeps_spaces=spaced, prefix=prefix)
        return [before, texts, f"</{prefix}t></{prefix}is></{prefix}c>"]
    return [f"><{prefix}v>", _numbers(values, look, days), f"</{prefix}v></{prefix}c>"]


def _texts(values: pl.Series, look: _Look) -> tuple[pl.Expr, bool]:
    """Escaped texts, "" as null, and whether any has spaces to keep."""
    if look.escapes:
        escaped = pl.Series([text and escape(text) for text in values.to_list()], dtype=pl.String)
        return pl.lit(escaped.replace("", None)), bool(values.str.contains(LOSES_SPACES).any())
    texts = pl.col(values.name)
    return texts.replace("", None) if look.empties else texts, False


def _numbers(values: pl.Series, look: _Look, days: int) -> pl.Expr:
    numbers = pl.col(values.name)
    if values.dtype == pl.Date:
        return (numbers.to_physical().cast(pl.Int64) + days).cast(pl.String)
    if values.dtype == pl.Datetime:
        return (numbers.dt.epoch("us") / MICROSECONDS_A_DAY + days).round(10).cast(pl.String)
    if values.dtype.is_float():
        finite = pl.when(numbers.is_finite()).then(numbers) if look.infinite else numbers
        return finite.cast(pl.String).str.strip_suffix(".0")
    return numbers.cast(pl.Int64).cast(pl.String)
