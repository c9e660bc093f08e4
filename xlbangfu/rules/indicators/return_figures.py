"""The rows of a return: a school's figures with the small cells left out, in the light of what the term's returns gave before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from msgspec.structs import replace

from xlbangfu.rules.indicators.indicators import (
    BY_NUMBER,
    FIGURES,
    GIVEN,
    GROUPS,
    HIDDEN,
    INDICATORS,
    NO_TABLE,
    NOT_FILLED,
    SPLIT,
    WHOLE,
    Indicator,
)
from xlbangfu.rules.indicators.school_figures import SchoolFigures
from xlbangfu.rules.indicators.small_cells import Cell, give

Row = dict[str, Any]


def return_figures(figures: SchoolFigures, sent: pl.DataFrame, *, term: str, today: date) -> pl.DataFrame:
    """FIGURES's columns: every indicator of the whole school, then those that are split, one 特殊群体 after the other.

    ``sent`` is 上报记录. 分母 of a group is told where both numbers are given and of one day; 说明 is why there is no number.
    """
    before = _before(sent.filter(pl.col("学期") == term))
    rows = [_whole(indicator, figures, today) for indicator in INDICATORS]
    for group in GROUPS:
        rows += _group(group, figures, before.get(group, {}), today)
    return pl.DataFrame(rows, schema=FIGURES)


def _row(indicator: Indicator, group: str, part: int | None, base: int | None, day: date, why: str) -> Row:
    values = (indicator.number, indicator.name, group, part, base, day, why)
    return dict(zip(FIGURES, values, strict=True))


def _whole(indicator: Indicator, figures: SchoolFigures, today: date) -> Row:
    part, base = figures.whole.get(indicator.number, (None, None))
    return _row(indicator, WHOLE, part, base, today, figures.unknown.get(indicator.number, GIVEN))


def _group(group: str, figures: SchoolFigures, before: dict[str, Cell], today: date) -> Iterator[Row]:
    now = {number: count for (number, of), count in figures.split.items() if of == group}
    totals = {number: part for number, (part, _) in figures.whole.items()}
    cells = {} if group in figures.unknown else give(now, totals, before, today)
    for indicator in SPLIT:
        cell = cells.get(indicator.number)
        if cell is None:
            why = figures.unknown.get(indicator.number) or figures.unknown.get(group, NO_TABLE)
            yield _row(indicator, group, None, None, today, why)
        elif cell.number is None:
            yield _row(indicator, group, None, None, today, HIDDEN)
        else:
            above = cells.get(indicator.within)
            same = above is not None and above.day == cell.day
            yield _row(indicator, group, cell.number, above.number if above and same else None, cell.day, GIVEN)


def _before(sent: pl.DataFrame) -> dict[str, dict[str, Cell]]:
    """特殊群体 → indicator → what the term's returns gave so far."""
    totals = {
        (time, number): part
        for time, number, group, part in sent.select("时间", "编号", "群体", "分子").iter_rows()
        if group == WHOLE and part is not None
    }
    cells: dict[str, dict[str, Cell]] = {}
    for row in sent.sort("时间", maintain_order=True).iter_rows(named=True):
        group, number = row["群体"], row["编号"]
        if group != WHOLE and number in BY_NUMBER and row["说明"] not in (NO_TABLE, NOT_FILLED):
            mine = cells.setdefault(group, {})
            mine[number] = _next(mine.get(number), row, totals.get((row["时间"], number), 0))
    return cells


def _next(last: Cell | None, row: Row, total: int) -> Cell:
    if last and (last.number, last.day) == (row["分子"], row["截至"]):
        return replace(last, latest=total)
    return Cell(row["分子"], row["截至"], total, total)
