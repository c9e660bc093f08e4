"""Prizes of the tracked group (DOMAIN rule 5).

* In it: students tracked on the exam's day who have a row in it. Places are among those with a rank in both the exam and
  its baseline, within the 年级, by 得分率 (which orders as the scaled total does); a competition rank, the best is 1.
* 进步名次 is baseline place − place: positive is progress. Only those above 0 are in for a prize, ordered by places gained,
  then by the rise of 得分率; equal in both = same prize.
* Ranked but without a baseline: 无基线. No progress, or no rank in the exam: 不评. 说明 says why there is no prize.
* Who was listed after the latest exam that he sat has a row of it without places, 下次参评: from the next exam on.
* Where 「总表名次」 is 等级, the rise of 得分率 alone counts: only one above 0 is in for a prize, ordered by it (DOMAIN rule 16).
* Rises are compared as quotients of whole numbers, so equal ones tie whatever the full marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.numbers import exact
from xlbangfu.rules.school import School
from xlbangfu.schema import EXAMS, PRIZES, ROSTER, TRACKED

FIRST, SECOND, THIRD = "一等奖", "二等奖", "三等奖"
NO_PRIZE, NO_BASELINE, NEXT_TIME = "不评", "无基线", "下次参评"
_GROUP = ("考试编号", "年级")


def award(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """帮扶排名, PRIZES's columns; by exam date, 年级, places gained, rise, 学号; those without places last."""
    sat = _sat(school, ranking)
    group = sat.filter(roll.tracked(pl.col("日期")))
    settings = school.settings
    placed = _with_places(group)
    by = "进步名次" if settings.shows_places else "_rise"
    placed = _with_reasons(_with_prizes(placed, settings.prize_shares, by=by), by=by)
    rows = pl.concat([placed, _listed_since(school, sat)], how="diagonal")
    return rows.sort(
        pl.col("_place").min().over(_GROUP),
        pl.col("进步名次"),
        pl.col("_rise"),
        pl.col("奖项") == NEXT_TIME,
        pl.col("奖项") == NO_BASELINE,
        pl.col("学号"),
        descending=[False, True, True, False, False, False],
        nulls_last=True,
    ).select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PRIZES.frame_schema.items()
    )


def cut_offs(improved: pl.Expr, shares: Sequence[float]) -> tuple[pl.Expr, pl.Expr]:
    """The last places of 一等奖 and 二等奖 among ``improved`` students; ``shares`` are percentages.

    >>> pl.select(pl.concat_list(cut_offs(pl.lit(10), (20, 30, 50)))).item().to_list()
    [2, 5]
    >>> pl.select(pl.concat_list(cut_offs(pl.lit(1), (20, 30, 50)))).item().to_list()
    [1, 1]
    """
    first = _share_of(improved, Decimal(str(shares[0])))
    second = _share_of(improved, Decimal(str(shares[0])) + Decimal(str(shares[1])))
    return first, pl.min_horizontal(improved, pl.max_horizontal(second, first + 1))


def _share_of(number: pl.Expr, percent: Decimal) -> pl.Expr:
    """⌈number × percent ÷ 100⌉ in whole numbers."""
    numerator, denominator = percent.as_integer_ratio()
    whole = 100 * denominator
    return (number * numerator + whole - 1) // whole


def _sat(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """The rows of the students who are or were tracked, each beside its row of the baseline exam."""
    listed = (
        school[ROSTER].select("学号", "重点", "帮扶类别", "列入日期", "退出日期").filter(pl.col("帮扶类别") == TRACKED)
    )
    rows = ranking.with_row_index("_place").filter(pl.col("学号").is_in(listed["学号"].implode()))
    then = rows.select("学号", 基线考试="考试编号", 基线总分="总分", 基线得分率="得分率", _full_then="满分")
    return (
        rows.select(
            "_place",
            *_GROUP,
            "班级",
            "学号",
            "姓名",
            "总分",
            "满分",
            "得分率",
            "年级名次",
            "基线考试",
            "基线名次",
            _lacking="说明",
        )
        .join(school[EXAMS].select("考试编号", "日期"), on="考试编号")
        .join(listed, on="学号")
        .join(then, on=["学号", "基线考试"], how="left")
        .with_columns(
            pl.when(pl.col("基线名次").is_not_null()).then(pl.col("基线总分", "基线得分率", "_full_then")),
            _both=pl.col("年级名次").is_not_null() & pl.col("基线名次").is_not_null(),
        )
    )


def _with_places(group: pl.DataFrame) -> pl.DataFrame:
    """组内名次, 基线组内名次, 进步名次 and the rise of 得分率, of those with a rank in both exams."""
    total, full, total_then, full_then = (exact(pl.col(name)) for name in ("总分", "满分", "基线总分", "_full_then"))
    both = pl.col("_both")
    return (
        group.with_columns(
            _now=pl.when(both).then("得分率"),
            _before=pl.when(both).then("基线得分率"),
            _rise=pl.when(both).then((total * full_then - total_then * full) / (full * full_then)),
        )
        .with_columns(
            pl.col("_now").rank("min", descending=True).over(_GROUP).cast(pl.Int64).alias("组内名次"),
            pl.col("_before").rank("min", descending=True).over(_GROUP).cast(pl.Int64).alias("基线组内名次"),
        )
        .with_columns((pl.col("基线组内名次") - pl.col("组内名次")).alias("进步名次"))
    )


def _with_prizes(placed: pl.DataFrame, shares: Sequence[float], *, by: str) -> pl.DataFrame:
    """The rows with 奖项; ``by`` is the column that says how much was gained."""
    gained = pl.when(pl.col(by) > 0).then(by)
    first, second = cut_offs(pl.col("_gained").count().over(_GROUP).cast(pl.Int64), shares)
    more_places = pl.col("_gained").rank("min", descending=True).over(_GROUP).cast(pl.Int64)
    higher_rise = pl.col("_rise").rank("min", descending=True).over(*_GROUP, "_gained").cast(pl.Int64)
    order = more_places + higher_rise - 1
    prize = (
        pl.when(pl.col("年级名次").is_null())
        .then(pl.lit(NO_PRIZE))
        .when(pl.col("基线名次").is_null())
        .then(pl.lit(NO_BASELINE))
        .when(pl.col("_gained").is_null())
        .then(pl.lit(NO_PRIZE))
        .when(order <= first)
        .then(pl.lit(FIRST))
        .when(order <= second)
        .then(pl.lit(SECOND))
        .otherwise(pl.lit(THIRD))
    )
    return placed.with_columns(gained.alias("_gained")).with_columns(prize.alias("奖项"))


def _with_reasons(prized: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """The rows with 说明: why there is no prize, null where there is one."""
    word, fell = ("名次", "在帮扶学生中的名次没有上升") if by == "进步名次" else ("总分", "得分率没有上升")
    unranked = pl.format(f"这次没有{word}（{{}}）", pl.col("_lacking").fill_null("没有成绩"))
    reason = (
        pl.when(pl.col("年级名次").is_null())
        .then(unranked)
        .when(pl.col("基线考试").is_null())
        .then(pl.lit("前面没有可比的考试"))
        .when(pl.col("基线名次").is_null())
        .then(pl.format(f"{{}} 里没有{word}，没法比", "基线考试"))
        .when(pl.col("奖项") == NO_PRIZE)
        .then(pl.lit(fell))
    )
    return prized.with_columns(reason.alias("说明"))


def _listed_since(school: School, sat: pl.DataFrame) -> pl.DataFrame:
    """A row of the latest exam for each student of today's list who was listed after it."""
    today = pl.lit(school.today)
    latest = (
        sat.filter(pl.col("日期") <= school.today)
        .sort("日期", "_place", descending=[True, False])
        .unique("学号", keep="first", maintain_order=True)
    )
    since = latest.filter(roll.tracked(today), pl.col("列入日期") > pl.col("日期"))
    return since.select(
        "_place", *_GROUP, "班级", "学号", "姓名", "重点",
        奖项=pl.lit(NEXT_TIME),
        说明=pl.format("{} 列入，在这次考试之后：从下次考试起参评", "列入日期"),
    )  # fmt: skip
