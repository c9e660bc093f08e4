"""What cannot be in a return: looked for before it leaves the school, and again by whoever gathers returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from xlbangfu.rules.indicators.indicators import BY_NUMBER, INDICATORS, WHOLE

Row = Mapping[str, Any]


def contradictions(figures: pl.DataFrame) -> list[str]:
    """``figures`` has the columns of FIGURES; a sentence for each number that disagrees with another.

    A number of an earlier day is only compared with what it is a part of on that day.
    """
    rows = {(row["编号"], row["群体"]): row for row in figures.iter_rows(named=True)}
    return [said for row in rows.values() for said in _of_row(row, rows)] + _of_sums(rows)


def _of_row(row: Row, rows: Mapping[tuple[str, str], Row]) -> Iterator[str]:
    named, part, base = f"{row['编号']} {row['指标']}（{row['群体']}）", row["分子"], row["分母"]
    if any(number is not None and number < 0 for number in (part, base)):
        yield f"{named}是负数"
    if part is not None and base is not None and part > base:
        yield f"{named}：分子 {part} 大于分母 {base}"
    whole = rows.get((row["编号"], WHOLE))
    if row["群体"] != WHOLE and whole and row["截至"] == whole["截至"] and _above(part, whole["分子"]):
        yield f"{named}：{part} 比全校的 {whole['分子']} 还多"


def _of_sums(rows: Mapping[tuple[str, str], Row]) -> list[str]:
    """分母 is the 分子 of another indicator where the declaration says so."""
    found = []
    for indicator in INDICATORS:
        row, base = rows.get((indicator.number, WHOLE)), rows.get((indicator.within, WHOLE))
        if row and base and None not in (row["分母"], base["分子"]) and row["分母"] != base["分子"]:
            name = BY_NUMBER[indicator.within].name
            found.append(f"{indicator.number} {indicator.name}：分母 {row['分母']} 不等于{name}的 {base['分子']}")
    return found


def _above(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole
