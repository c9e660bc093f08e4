"""The levels of a student's last exams, and the one that the plan aims at as a line across them: for who may be told levels and
no places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.rules.progress import NOT_IN_TRENDS
from xlbangfu.rules.ranking import LEVELS
from xlbangfu.rules.school import School
from xlbangfu.rules.targets import LevelAim, in_view
from xlbangfu.schema import EXAMS

_LAST = 5
_HEIGHTS = {level: float(height) for height, level in enumerate(reversed(LEVELS), 1)}  # E is 1
_SIZE = (150.0, 34.0)


def goal_charts(
    school: School, ranking: pl.DataFrame, aims: Mapping[str, Sequence[LevelAim]]
) -> dict[str, NativeChart]:
    """By 学号 the chart of each student who has both a level in some exam and one to reach; ``ranking`` is 排名, ``aims`` are
    those of ``level_aims``."""
    exams = school[EXAMS].filter(pl.col("日期") <= school.today, ~pl.col("类型").is_in(NOT_IN_TRENDS))
    mine = ranking.filter(pl.col("学号").is_in(list(aims)), pl.col("等级").is_in(LEVELS))
    sat = mine.join(exams.select("考试编号", "日期", "类型"), on="考试编号").sort("日期", maintain_order=True)
    last = sat.group_by("学号", maintain_order=True).tail(_LAST)
    return {
        student: _chart(rows, aim)
        for (student,), rows in last.group_by("学号", maintain_order=True)
        if (aim := in_view(aims[str(student)])) and aim.level in _HEIGHTS
    }


def _chart(rows: pl.DataFrame, aim: LevelAim) -> NativeChart:
    levels = rows["等级"].to_list()
    names = (f"{day.year}.{day.month:02} {kind}" for day, kind in rows.select("日期", "类型").iter_rows())
    return NativeChart(
        title=f"总分等级（虚线是目标 {aim.level}）",
        bars=[(name, _HEIGHTS[level]) for name, level in zip(names, levels, strict=True)],
        words=levels,
        goal=_HEIGHTS[aim.level],
        earlier=True,
        size=_SIZE,
    )
