"""Frames as the XML of worksheet cells and rows, made column by column in polars, or in Python where there are few.

What a cell looks like is said in ``cell_xml``; here the same is made for whole columns. Null is an empty cell that keeps
its style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, repeat

import polars as pl
from msgspec import Struct

from xlbangfu.ooxml import few_cells
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import LOSES_SPACES, text_tag
from xlbangfu.ooxml.dates import days_to_1970
from xlbangfu.ooxml.few_cells import LONGEST_TEXT, cell_columns, number_text, text_cell, too_long

_CHUNK = 1_024  # rows
_NEEDS_CARE = r"[&<>\x00-\x1f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_|" + LOSES_SPACES
_NUMBER, _CAREFUL, _FURTHER = "\0number", "\0careful ", "\0further "  # columns that are put beside the frame's own


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
    places = sorted(places, key=lambda place: place.index)
    days = days_to_1970(date1904=date1904)
    if frame.height <= few_cells.FEW:
        made = cell_columns(frame, places, rows.to_list(), prefix, days)
        return pl.DataFrame(
            {place.name: made[place.index] for place in places},
            schema=dict.fromkeys((place.name for place in places), pl.String),
        )
    frame, looks = _prepared(frame, places, rows, prefix)
    return frame.select(_joined(_cell(frame, place, looks, prefix, days)).alias(place.name) for place in places)


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
    """The rows of a frame from row ``first`` on, some thousand at a time, each time in one question to polars.

    ``further`` are cells made already: column index and one text per row of the frame (null: no cell). ``height`` gives
    each row's attribute ``ht`` with a space before it, or nothing.
    """
    if frame.is_empty():
        return
    days = days_to_1970(date1904=date1904)
    if frame.height <= few_cells.FEW:
        yield _few_rows(frame, places, first, prefix, days, further, height)
        return
    numbers = pl.Series(range(first, first + frame.height), dtype=pl.Int64)
    frame, looks = _prepared(frame, places, numbers, prefix)
    columns = {place.index: _cell(frame, place, looks, prefix, days) for place in places}
    frame = frame.with_columns(texts.fill_null("").alias(f"{_FURTHER}{index}") for index, texts in further)
    columns |= {index: [pl.col(f"{_FURTHER}{index}")] for index, _ in further}
    pieces: list[_Piece] = [f'<{prefix}row r="', pl.col(_NUMBER), '"', "" if height is None else height, ">"]
    for index in sorted(columns):
        pieces += columns[index]
    row = _joined([*pieces, f"</{prefix}row>"]).str.join("").cast(pl.Binary)
    for start in range(0, frame.height, _CHUNK):
        yield frame.slice(start, _CHUNK).select(row).item()


def _few_rows(
    frame: pl.DataFrame,
    places: Sequence[Place],
    first: int,
    prefix: str,
    days: int,
    further: Sequence[tuple[int, pl.Series]],
    height: pl.Expr | None,
) -> bytes:
    numbers = range(first, first + frame.height)
    columns = cell_columns(frame, places, numbers, prefix, days)
    columns |= {index: [text or "" for text in texts.to_list()] for index, texts in further}
    high = [""] * frame.height if height is None else frame.select(height).to_series().to_list()
    opening = [f'<{prefix}row r="{number}"{tall}>' for number, tall in zip(numbers, high, strict=True)]
    ordered = [columns[index] for index in sorted(columns)]
    return "".join(map("".join, zip(opening, *ordered, repeat(f"</{prefix}row>")))).encode()


_Piece = str | pl.Expr


def _prepared(
    frame: pl.DataFrame, places: Sequence[Place], rows: pl.Series, prefix: str
) -> tuple[pl.DataFrame, dict[str, _Look]]:
    """The frame with the numbers of its rows and, of texts that ask for care, what stands in their cells; and how columns look."""
    looks = _looks(frame, places)
    careful = [
        pl.Series(
            _CAREFUL + name,
            [text_cell(text, prefix) if text else None for text in frame[name].to_list()],
            dtype=pl.String,
        )
        for name, look in looks.items()
        if look.escapes
    ]
    return frame.with_columns(rows.cast(pl.String).alias(_NUMBER), *careful), looks


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
            raise too_long(name)
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


def _cell(frame: pl.DataFrame, place: Place, looks: Mapping[str, _Look], prefix: str, days: int) -> list[_Piece]:
    """The pieces of a column's cells."""
    style = f' s="{place.style}"' if place.style else ""
    opening: list[_Piece] = [f'<{prefix}c r="{letters(place.index)}', pl.col(_NUMBER), f'"{style}']
    if place.name not in looks:
        return [*opening, "/>"]
    content = _content(frame[place.name], looks[place.name], prefix, days)
    if place.instead in looks and frame[place.instead].null_count() < frame.height:
        word = _joined(_content(frame[place.instead], looks[place.instead], prefix, days))
        return [*opening, pl.coalesce(word, _joined(content), pl.lit("/>"))]
    if looks[place.name].gaps or looks[place.name].infinite:
        return [*opening, pl.coalesce(_joined(content), pl.lit("/>"))]
    return [*opening, *content]


def _content(values: pl.Series, look: _Look, prefix: str, days: int) -> list[_Piece]:
    """What follows a cell's address and style; null for an empty cell."""
    if values.dtype != pl.String:
        return [f"><{prefix}v>", number_text(values, days, finite=not look.infinite), f"</{prefix}v></{prefix}c>"]
    if look.escapes:
        return [pl.col(_CAREFUL + values.name)]
    texts = pl.col(values.name)
    before = f' t="inlineStr"><{prefix}is>' + text_tag(keeps_spaces=False, prefix=prefix)
    return [before, texts.replace("", None) if look.empties else texts, f"</{prefix}t></{prefix}is></{prefix}c>"]
