"""The cells of few rows, made in Python: to ask polars of a frame with a row or a hundred takes longer than to go through it.

What it makes is what ``frame_xml`` makes of many rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.errors import WriteFailed
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import LOSES_SPACES, escape, text_tag
from xlbangfu.ooxml.dates import MICROSECONDS_A_DAY

if TYPE_CHECKING:
    from xlbangfu.ooxml.frame_xml import Place

FEW = 100  # rows
LONGEST_TEXT = 32_767
_BETWEEN = "\x7f"  # texts that are looked at together
_MAY_NEED_CARE = late_pattern(f"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|  |{_BETWEEN} | {_BETWEEN}")


def cell_columns(
    frame: pl.DataFrame, places: Sequence[Place], numbers: Sequence[int], prefix: str, days: int
) -> dict[int, list[str]]:
    """The cells of each place in the rows numbered ``numbers``, by the column (from 0) where it stands."""
    names = {name for place in places for name in (place.name, place.instead)} & set(frame.columns)
    inside = _inside(frame.select(name for name in frame.columns if name in names), prefix, days)
    made = {}
    for place in places:
        content = inside.get(place.name, [None] * len(numbers))
        if place.name in inside and place.instead in inside:
            content = [word or one for word, one in zip(inside[place.instead], content, strict=True)]
        opening = f'<{prefix}c r="{letters(place.index)}'
        style = f'" s="{place.style}"' if place.style else '"'
        made[place.index] = [
            f"{opening}{number}{style}{one or '/>'}" for number, one in zip(numbers, content, strict=True)
        ]
    return made


def _inside(frame: pl.DataFrame, prefix: str, days: int) -> dict[str, list[str | None]]:
    """What follows the address and the style of each cell, by column; None for an empty one."""
    texts = {name: list(_text_cells(frame[name], prefix)) for name, dtype in frame.schema.items() if dtype == pl.String}
    others = [name for name in frame.columns if name not in texts]
    found = frame.select(number_text(frame[name], days) for name in others).to_dict() if others else {}
    before, after = f"><{prefix}v>", f"</{prefix}v></{prefix}c>"
    return texts | {
        name: [None if one is None else f"{before}{one}{after}" for one in values.to_list()]
        for name, values in found.items()
    }


def _text_cells(values: pl.Series, prefix: str) -> Iterator[str | None]:
    texts = values.to_list()
    together = _BETWEEN.join([text for text in texts if text])
    if len(together) > LONGEST_TEXT and any(text and len(text) > LONGEST_TEXT for text in texts):
        raise too_long(values.name)
    if _MAY_NEED_CARE.search(f"{_BETWEEN}{together}{_BETWEEN}"):
        return (text_cell(text, prefix) if text else None for text in texts)
    before, after = _around(prefix, keeps_spaces=False)
    return (f"{before}{text}{after}" if text else None for text in texts)


def text_cell(text: str, prefix: str) -> str:
    """What follows the address and the style of a cell with a text of any kind."""
    before, after = _around(prefix, keeps_spaces=re.search(LOSES_SPACES, text) is not None)
    return f"{before}{escape(text)}{after}"


def _around(prefix: str, *, keeps_spaces: bool) -> tuple[str, str]:
    before = f' t="inlineStr"><{prefix}is>' + text_tag(keeps_spaces=keeps_spaces, prefix=prefix)
    return before, f"</{prefix}t></{prefix}is></{prefix}c>"


def too_long(name: str) -> WriteFailed:
    return WriteFailed(f"“{name}”有一格文字超过 {LONGEST_TEXT} 个字，Excel 放不下，没有保存。")


def number_text(values: pl.Series, days: int, *, finite: bool = False) -> pl.Expr:
    """Numbers, days and moments as a cell holds them; ``finite`` where they are known to be, null for what is no number."""
    numbers = pl.col(values.name)
    if values.dtype == pl.Date:
        return (numbers.to_physical().cast(pl.Int64) + days).cast(pl.String)
    if values.dtype == pl.Datetime:
        return (numbers.dt.epoch("us") / MICROSECONDS_A_DAY + days).round(10).cast(pl.String)
    if values.dtype.is_float():
        known = numbers if finite else pl.when(numbers.is_finite()).then(numbers)
        return known.cast(pl.String).str.strip_suffix(".0")
    return numbers.cast(pl.Int64).cast(pl.String)
