"""How far each tracked student came (DOMAIN rule 9).

* One row for each exam of the school year, 单元 and 竞赛 left out, that a student sat while on the list; and the last one
  before it, where there is none since. Who is on the list and has no such exam gets one row without an exam.
* 变化 is in percentile points: 百分位 less that in the baseline, 100 times; only against a rank in the same cohort
  (DOMAIN rule 2), so never raw marks of two papers. Positive is progress. At a line is inside it, but for the third of
  「进展线」: at −3 is 退步.
* 变化 is shown as the difference of the two 百分位 as those are shown, in tenths of a point, so that whoever subtracts finds
  the same; 行为变化 in tenths, half up. The step is told from the whole figure: 9.97 may be shown as 10 and is 进步.
* 行为变化 of the last month marked, from the month before the exam to the exam's month (the student's latest exam: to
  today), moves 进展 one step at 「行为升降线」 or more.
* 建议转化 (``turnaround``) stands in the latest row of a student, and is null in the others. There 依据 says which exams do
  not count for it because they were before 列入日期.
* 依据 says of each exam that a plan aims at whether the target was reached, and in the latest row the next one (``targets``).
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import behaviour, roll
from xlbangfu.rules.numbers import fine, half_up
from xlbangfu.rules.school import School
from xlbangfu.rules.targets import AHEAD, AIM, ahead
from xlbangfu.rules.targets import judged as with_aims
from xlbangfu.rules.turnaround import BEFORE, REASON, turned_around
from xlbangfu.rules.wording import quoted, standing
from xlbangfu.schema import EXAMS, NO, PROGRESS, ROSTER, TRACKED, YES

FELL, STEADY, ROSE, LEAPT = STEPS = ("退步", "稳定", "进步", "显著进步")
UNKNOWN = "数据不足"
BETTER = (ROSE, LEAPT)
NOT_IN_TRENDS = ("单元", "竞赛")  # kinds of exams
_LATEST, _STEP = "_latest", "_step"


def progress(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """进展, PROGRESS's columns; the latest exam first, then 年级 and 班级 as 排名 has them, 学号; those without exam last."""
    rows = steps(school, ranking)
    aimed = with_aims(rows, school).join(ahead(school), on="学号", how="left", maintain_order="left")
    judged = aimed.join(turned_around(school, ranking), on="学号", how="left", maintain_order="left")
    return judged.with_columns(
        pl.when(_LATEST)
        .then(pl.when(pl.col(REASON).is_null()).then(pl.lit(NO)).otherwise(pl.lit(YES)))
        .alias("建议转化"),
        _evidence(shows_places=school.settings.shows_places),
    ).select(
        (pl.col(name) if name in judged.columns or name in ("建议转化", "依据") else pl.lit(None))
        .cast(dtype)
        .alias(name)
        for name, dtype in PROGRESS.frame_schema.items()
    )


def steps(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """The rows of 进展 in their order with 学号, 进展 and what it rests on, without what is proposed or aimed at.

    Of ``ranking``, which is 排名, it asks no more than ``standings`` has.
    """
    sat = _sat(school, ranking, school[ROSTER].filter(pl.col("帮扶类别") == TRACKED))
    known = _with_steps(_with_behaviour(school, sat), school)
    return pl.concat([known, _without_exam(school, sat)], how="diagonal_relaxed")


def with_changes(ranking: pl.DataFrame) -> pl.DataFrame:
    """排名 with 基线百分位 and 变化 of every student, null without a rank in both exams."""
    then = ranking.select("学号", 基线考试="考试编号", 基线百分位="百分位")
    both = pl.col("年级名次").is_not_null() & pl.col("基线名次").is_not_null()
    return (
        ranking.join(then, on=["学号", "基线考试"], how="left", maintain_order="left")
        .with_columns(pl.when(both).then("基线百分位").alias("基线百分位"))
        .with_columns(half_up((pl.col("百分位") - pl.col("基线百分位")) * 100, 6).alias("变化"))
    )


def shown_change() -> pl.Expr:
    """变化 as it is shown, of a row that has both 百分位: the difference of what stands beside it.

    >>> pl.DataFrame({"百分位": [0.1236], "基线百分位": [0.0914]}).select(shown_change()).item()
    3.3
    """
    now, then = (half_up(pl.col(name), 3) for name in ("百分位", "基线百分位"))
    return half_up((now - then) * 100, 1).alias("变化")


def latest(progress: pl.DataFrame) -> pl.DataFrame:
    """The row of 进展 that speaks for each student: the latest one with data, else the latest."""
    known = progress.sort(pl.col("进展") == UNKNOWN, maintain_order=True)
    return known.unique("学号", keep="first", maintain_order=True)


def _sat(school: School, ranking: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The rows of 排名 that 进展 shows, with 日期 and _LATEST."""
    exams = school[EXAMS].filter(pl.col("日期") <= school.today, ~pl.col("类型").is_in(NOT_IN_TRENDS))
    mine = with_changes(ranking.filter(pl.col("学号").is_in(listed["学号"].implode())))
    return (
        mine.with_row_index("_place")
        .join(exams.select("考试编号", "日期"), on="考试编号")
        .join(listed.select("学号", "帮扶类别", "列入日期", "退出日期"), on="学号")
        .filter(roll.tracked(pl.col("日期")))
        .sort("日期", "_place", descending=[True, False])
        .with_columns(pl.col("学号").is_first_distinct().alias(_LATEST))
        .filter(pl.col(_LATEST) | (pl.col("日期") >= school.settings.year_start))
        .sort("日期", pl.col("_place").min().over("考试编号", "年级"), "班级", "学号", descending=[True, *[False] * 3])
    )


def _without_exam(school: School, sat: pl.DataFrame) -> pl.DataFrame:
    today = pl.lit(school.today)
    return (
        school[ROSTER]
        .filter(roll.tracked(today), roll.on_roll(today), ~pl.col("学号").is_in(sat["学号"].implode()))
        .sort("班级", "学号")
        .select("学号", "姓名", "班级", pl.lit(UNKNOWN).alias("进展"), pl.lit(True).alias(_LATEST))
    )


def _with_behaviour(school: School, sat: pl.DataFrame) -> pl.DataFrame:
    """The rows with 月份 and 行为变化, null where no month near the exam has any."""
    changes = behaviour.changes(school, sat["学号"].unique())
    month = pl.col("日期").dt.strftime("%Y-%m")
    window = sat.select(
        "考试编号",
        "学号",
        pl.col("日期").dt.offset_by("-1mo").dt.strftime("%Y-%m").alias("_from"),
        pl.when(_LATEST).then(pl.lit(f"{school.today:%Y-%m}")).otherwise(month).alias("_to"),
    )
    near = window.join(changes, on="学号").filter(pl.col("月份").is_between("_from", "_to"))
    last = near.sort("月份").group_by("考试编号", "学号").agg(pl.col("月份", "行为变化").last())
    return sat.join(last, on=["考试编号", "学号"], how="left", maintain_order="left")


def _with_steps(rows: pl.DataFrame, school: School) -> pl.DataFrame:
    """The rows with 进展, and _STEP that behaviour moved it by (−1, 0, 1)."""
    leapt, rose, steady = (fine(pl.lit(line)) for line in school.settings.progress_lines)
    change, moved, conduct = (
        fine(pl.col("变化")),
        fine(pl.col("行为变化")),
        fine(pl.lit(school.settings.conduct_step)),
    )
    by_marks = (change >= leapt).cast(pl.Int8) + (change >= rose) + (change > steady)
    step = (moved >= conduct).fill_null(False).cast(pl.Int8) - (moved <= -conduct).fill_null(False).cast(pl.Int8)
    level = (by_marks + step).clip(0, len(STEPS) - 1)
    named = level.replace_strict(range(len(STEPS)), STEPS, return_dtype=pl.String, default=None)
    return rows.with_columns(
        pl.when(change.is_null()).then(pl.lit(UNKNOWN)).otherwise(named).alias("进展"),
        pl.when(change.is_not_null()).then(level - by_marks).alias(_STEP),
        shown_change(),
        half_up(pl.col("行为变化"), 1).alias("行为变化"),
    )


def _evidence(*, shows_places: bool) -> pl.Expr:
    """依据: the exam, the behaviour marks and why a turn-around is proposed, in words; the level instead of the place where
    no place is to be told (DOMAIN rule 16)."""
    now = standing(pl.col("百分位")) if shows_places else pl.format("等级 {}", "等级")
    change, word = pl.col("变化"), "名次" if shows_places else "总分"
    direction = pl.when(change > 0).then(pl.lit("升")).otherwise(pl.lit("降"))
    moved = (
        pl.when(change == 0)
        .then(pl.format("和 {} 一样", "基线考试"))
        .otherwise(pl.format("比 {} {} {} 个百分点", "基线考试", direction, quoted(change.abs())))
    )
    exam = (
        pl.when(change.is_not_null())
        .then(pl.format("{}，{}", now, moved))
        .when(pl.col("年级名次").is_not_null())
        .then(pl.format("{}，前面没有可比的考试", now))
        .when(pl.col("考试编号").is_not_null())
        .then(pl.format(f"这次没有{word}（{{}}）", pl.col("说明").fill_null("没有成绩")))
        .otherwise(pl.lit("列入以后还没有考试，从下次考试起算"))
    )
    better = pl.when(pl.col("行为变化") > 0).then(pl.lit("高")).otherwise(pl.lit("低"))
    lifted = pl.when(pl.col(_STEP) > 0).then(pl.lit("上调")).otherwise(pl.lit("下调"))
    behaved = pl.when(pl.col(_STEP) != 0).then(
        pl.format("{} 行为评价比上个月{} {} 分，{}一档", "月份", better, quoted(pl.col("行为变化").abs()), lifted)
    )
    proposed = pl.when(pl.col(_LATEST) & pl.col(REASON).is_not_null()).then(pl.format("建议转化：{}", REASON))
    left_out = pl.when(pl.col(_LATEST) & pl.col(BEFORE).is_not_null()).then(
        pl.format("{} 在列入之前，转化不算这次", BEFORE)
    )
    to_come = pl.when(_LATEST).then(pl.col(AHEAD))
    return pl.concat_str(exam, AIM, to_come, behaved, proposed, left_out, separator="。", ignore_nulls=True).alias(
        "依据"
    )
