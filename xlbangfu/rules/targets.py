"""What a plan aims at in an exam, and whether the student got there (DOMAIN rule 9).

A row of 计划 that names a 目标考试 aims at a 目标等级 of the total there, at a 目标百分位, or both: it is reached where all that
it names are, and a figure at the line is inside. Of several rows of a student for one exam the one that begins last holds.
An exam in which the student has no rank says nothing of its target.

What leaves the office tells of the level only (``level_aims``), and whether that is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from xlbangfu.rules.numbers import fine
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.wording import percent
from xlbangfu.schema import EXAMS, PLANS

AIM, AHEAD = "_aim", "_ahead"
REACHED, NOT_YET, UNSEEN = "达到了", "还没到", "这次看不出"
_EXAM, _LEVEL, _SHARE = "目标考试", "目标等级", "目标百分位"
_RANK = "年级名次"


class LevelAim(NamedTuple):
    """A level of the total that a student's plan aims at in an exam; ``verdict`` is empty while the exam is to come."""

    exam: str  # 考试编号
    name: str
    kind: str
    level: str
    verdict: str

    @property
    def goal(self) -> str:
        """As a goal is written, with what became of it."""
        return with_level(None, self.name, self.level) + (f"（{self.verdict}）" if self.verdict else "")

    @property
    def short(self) -> str:
        """For a narrow cell; which exam is plain there by its kind."""
        return (
            f"{self.kind}目标等级{self.level}，{self.verdict}"
            if self.verdict
            else f"目标：{self.kind}到等级{self.level}"
        )


def judged(rows: pl.DataFrame, school: School) -> pl.DataFrame:
    """The rows of an exam and a student (考试编号, 学号, 等级, 百分位, 年级名次) with AIM: the target and whether it was reached, in
    words; null where there is none. Without places only the level is told, and judged."""
    shows = school.settings.shows_places
    aims = _aims(school)
    both = rows.join(aims, left_on=["考试编号", "学号"], right_on=[_EXAM, STUDENT], how="left", maintain_order="left")
    by_level = pl.col("等级") <= pl.col(_LEVEL)  # A stands before E
    by_share = fine(pl.col("百分位")) >= fine(pl.col(_SHARE)) if shows else pl.lit(None, dtype=pl.Boolean)
    reached = pl.all_horizontal(by_level.fill_null(True), by_share.fill_null(True))
    verdict = _verdict(reached)
    said = _said(shows=shows)
    return both.with_columns(pl.when(said.is_not_null()).then(pl.format("目标{}，{}", said, verdict)).alias(AIM)).drop(
        _LEVEL, _SHARE
    )


def level_aims(school: School, ranking: pl.DataFrame) -> dict[str, tuple[LevelAim, ...]]:
    """By 学号 the levels aimed at, in the order of the exams; those without a day last. ``ranking`` is 排名."""
    exams = school[EXAMS].select("考试编号", "名称", "类型", "日期").unique("考试编号", keep="first")
    sat = ranking.select("考试编号", "学号", "等级", _RANK)
    to_come = (pl.col("日期") > school.today).fill_null(True)
    rows = (
        _aims(school)
        .drop_nulls(_LEVEL)
        .join(exams, left_on=_EXAM, right_on="考试编号")
        .join(sat, left_on=[_EXAM, STUDENT], right_on=["考试编号", "学号"], how="left")
        .sort("日期", _EXAM, nulls_last=True)
        .select(
            STUDENT,
            _EXAM,
            pl.coalesce("名称", _EXAM),
            pl.coalesce("类型", "名称", _EXAM),
            _LEVEL,
            pl.when(to_come).then(pl.lit("")).otherwise(_verdict(pl.col("等级") <= pl.col(_LEVEL))),
        )
    )
    found: dict[str, tuple[LevelAim, ...]] = {}
    for student, *aim in rows.iter_rows():
        found[student] = (*found.get(student, ()), LevelAim(*aim))
    return found


def in_view(aims: Sequence[LevelAim]) -> LevelAim | None:
    """The one that counts today: of the next exam that is to come, else of the last that was."""
    return next((aim for aim in aims if not aim.verdict), aims[-1] if aims else None)


def ahead(school: School) -> pl.DataFrame:
    """学号 and AHEAD: the target of the next exam that is still to come, in words."""
    days = school[EXAMS].select("考试编号", "名称", _day="日期").unique("考试编号", keep="first")
    said = _said(shows=school.settings.shows_places)
    return (
        _aims(school)
        .join(days, left_on=_EXAM, right_on="考试编号")
        .filter(pl.col("_day") > school.today, said.is_not_null())
        .sort("_day", STUDENT, maintain_order=True)
        .unique(STUDENT, keep="first", maintain_order=True)
        .select(学号=STUDENT, **{AHEAD: pl.format("{} 的目标{}", pl.col("名称").fill_null(pl.col(_EXAM)), said)})
    )


def with_level(goal: str | None, exam: str | None, level: str | None) -> str:
    """目标 of a plan with the level that it aims at; never a percentile, for pages leave the office.

    >>> with_level("补上基础", "期末", "C")
    '补上基础；期末总分到等级C'
    """
    aim = f"{exam}总分到等级{level}" if exam and level else ""
    return "；".join(filter(None, (goal, aim)))


def _aims(school: School) -> pl.DataFrame:
    """STUDENT, 目标考试, 目标等级 and 目标百分位, one row a student and exam."""
    return (
        school[PLANS]
        .filter(pl.col(STUDENT).is_not_null(), pl.col(_EXAM).is_not_null())
        .sort("开始", maintain_order=True)
        .select(STUDENT, _EXAM, _LEVEL, _SHARE)
        .unique([STUDENT, _EXAM], keep="last", maintain_order=True)
    )


def _verdict(reached: pl.Expr) -> pl.Expr:
    """In words, of a row of 排名; none of who has no rank."""
    return (
        pl.when(pl.col(_RANK).is_null())
        .then(pl.lit(UNSEEN))
        .when(reached)
        .then(pl.lit(REACHED))
        .otherwise(pl.lit(NOT_YET))
    )


def _said(*, shows: bool) -> pl.Expr:
    """The target in words; null where none may be told."""
    level = pl.format("等级 {}", _LEVEL)
    if not shows:
        return level
    parts = pl.concat_str(level, pl.format("百分位 {}", percent(pl.col(_SHARE))), separator="、", ignore_nulls=True)
    return pl.when(parts != "").then(parts)
