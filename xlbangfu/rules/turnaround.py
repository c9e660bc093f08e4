"""Who may leave the support list: proposed, never decided. The one rule for it (DOMAIN rules 4 and 9).

* By marks: in the last two 期中 or 期末 that the student's year sat, both while on the list, the student was ranked and at
  or above the class mean, or did not meet the conditions of screening (``recent_exams``).
* By conduct: in each of the student's last two months with marks of this school year, none before being listed, 纪律 and
  品德 average 「转化行为分」 or more.
* 困难类型 says which is asked: 行为规范 by conduct, 双重 by both, any other by marks.
* Exams and months before 列入日期 do not count, and it is said which were left out.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.conduct import MEAN, last_months
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.recent_exams import MEETS, NTH, UNFIT, recent_verdicts
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER

BY_CONDUCT, BY_BOTH = "行为规范", "双重"
BIG_EXAMS = ("期中", "期末")
ASKED = 2  # exams, and months
REASON, LACKS, BEFORE = "_reason", "_lacks", "_before"


def turned_around(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """Of each tracked student on the roll: 学号, and in words REASON, why he is proposed for leaving the list (null: he is
    not), LACKS, what is missing for it (null: nothing), and BEFORE, the exams that he sat before he was listed (null: none).
    """
    today = pl.lit(school.today)
    listed = school[ROSTER].filter(roll.tracked(today), roll.on_roll(today)).select("学号", "困难类型", "列入日期")
    kind = pl.col("困难类型").fill_null("")
    by_marks, by_conduct = kind != BY_CONDUCT, kind.is_in([BY_CONDUCT, BY_BOTH])
    known = listed.join(_by_marks(school, ranking, listed), on="学号", how="left").join(
        _by_conduct(school, listed), on="学号", how="left"
    )
    asked = known.with_columns(
        pl.when(by_marks).then(pl.col("_marks_lack").fill_null(f"还没有考过期中或期末，要连续 {ASKED} 次过关")),
        pl.when(by_conduct).then(pl.col("_conduct_lacks").fill_null(f"还没有行为评价，要有 {ASKED} 个月")),
        pl.when(by_marks).then("_marks").alias("_marks"),
        pl.when(by_conduct).then("_conduct").alias("_conduct"),
        pl.when(by_marks).then(BEFORE).alias(BEFORE),
    )
    lacks = _joined("_marks_lack", "_conduct_lacks")
    return asked.with_columns(pl.when(lacks != "").then(lacks).alias(LACKS)).select(
        "学号", pl.when(pl.col(LACKS).is_null()).then(_joined("_marks", "_conduct")).alias(REASON), LACKS, BEFORE
    )


def _by_marks(school: School, ranking: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """学号, _marks (why the marks are good enough), _marks_lack (what they lack, "" for nothing), BEFORE."""
    at_mean = (pl.col("与班均差") >= 0).fill_null(False)
    outside = (~pl.col(MEETS)).fill_null(False)
    ranked = pl.col("年级名次").is_not_null()
    clear = ranked & (at_mean | outside)
    how = pl.when(at_mean).then(pl.lit("达到班平均")).otherwise(pl.lit("没有达到列入条件"))
    why_not = (
        pl.when(pl.col(UNFIT).is_not_null())
        .then(UNFIT)
        .when(ranked)
        .then(pl.lit("低于班平均，也达到列入条件"))
        .otherwise(pl.lit("有缺考，没有名次" if school.settings.shows_places else "有缺考，没有总分"))
    )
    counts = (pl.col("列入日期") <= pl.col("日期")).fill_null(True)
    places = ranking.select("考试编号", "学号", "年级名次", "与班均差")
    few = pl.format("列入以后只考过 {} 次期中或期末，要连续 {} 次过关", "_exams", pl.lit(ASKED))
    return (
        recent_verdicts(school, ranking, listed["学号"], kinds=BIG_EXAMS, last=ASKED)
        .join(listed, on="学号")
        .join(places, on=["考试编号", "学号"], how="left")
        .sort(NTH, descending=True)
        .group_by("学号", maintain_order=True)
        .agg(
            counts.sum().cast(pl.Int64).alias("_exams"),
            pl.format("{}{}", "考试编号", how).filter(counts & clear).str.join("、").alias("_said"),
            pl.format("{}{}", "考试编号", why_not).filter(counts & ~clear).str.join("、").alias("_not"),
            pl.col("考试编号").filter(~counts).str.join("、").alias(BEFORE),
        )
        .select(
            "学号",
            pl.format("连续两次期中期末过关：{}", "_said").alias("_marks"),
            pl.concat_str(
                pl.when(pl.col("_exams") < ASKED).then(few),
                pl.when(pl.col("_not") != "").then("_not"),
                separator="，",
                ignore_nulls=True,
            ).alias("_marks_lack"),
            pl.when(pl.col(BEFORE) != "").then(BEFORE).alias(BEFORE),
        )
    )


def _by_conduct(school: School, listed: pl.DataFrame) -> pl.DataFrame:
    """学号, _conduct (why the behaviour marks are good enough) and _conduct_lacks (what they lack, "" for nothing)."""
    line = f"{school.settings.turnaround_conduct:g}"
    counts = pl.col("列入日期").is_null() | (pl.col("月份") >= pl.col("列入日期").dt.strftime("%Y-%m"))
    good = pl.col(MEAN).round(6) >= school.settings.turnaround_conduct
    low = pl.format("{} 纪律和品德平均 {} 分，不到 {} 分", "月份", _hundredths(pl.col(MEAN)), pl.lit(line))
    few = pl.format("列入以后只有 {} 个月行为评价，要有 {} 个月", "_months", pl.lit(ASKED))
    return (
        last_months(school, ASKED)
        .join(listed, on="学号")
        .group_by("学号", maintain_order=True)
        .agg(
            counts.sum().cast(pl.Int64).alias("_months"),
            low.filter(counts & ~good).str.join("、").alias("_not"),
            pl.col("月份").str.join("、"),
        )
        .select(
            "学号",
            pl.format("{} 两个月纪律和品德平均都不低于 {} 分", "月份", pl.lit(line)).alias("_conduct"),
            pl.concat_str(
                pl.when(pl.col("_months") < ASKED).then(few),
                pl.when(pl.col("_not") != "").then("_not"),
                separator="，",
                ignore_nulls=True,
            ).alias("_conduct_lacks"),
        )
    )


def _joined(*names: str) -> pl.Expr:
    """The texts that there are and are not empty."""
    return pl.concat_str([pl.when(pl.col(name) != "").then(name) for name in names], separator="；", ignore_nulls=True)


def _hundredths(mean: pl.Expr) -> pl.Expr:
    """A mean of marks; to a hundredth, so that 3.95 is not called 4."""
    return half_up(mean, 2).cast(pl.String).str.strip_suffix(".0")
