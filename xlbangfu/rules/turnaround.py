"""Who may leave the support list: proposed, never decided (DOMAIN rule 9).

* By marks: in the last two 期中 or 期末 that the student's year sat, both while on the list, the student was ranked and at
  or above the class mean, or did not meet the conditions of screening (``recent_exams``).
* By conduct: in each of the student's last two months with marks of this school year, none before being listed, 纪律 and
  品德 average 「转化行为分」 or more.
* 困难类型 says which is asked: 行为规范 by conduct, 双重 by both, any other by marks.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.conduct import MEAN, last_months
from xlbangfu.rules.recent_exams import MEETS, NTH, recent_results
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER

BY_CONDUCT, BY_BOTH = "行为规范", "双重"
BIG_EXAMS = ("期中", "期末")
REASON = "_reason"


def turned_around(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """学号 and REASON, a sentence, of each tracked student on the roll who is proposed for leaving the list."""
    today = pl.lit(school.today)
    listed = school[ROSTER].filter(roll.tracked(today), roll.on_roll(today)).select("学号", "困难类型", "列入日期")
    conduct = pl.col("困难类型").fill_null("").is_in([BY_CONDUCT, BY_BOTH])
    study = pl.col("困难类型").fill_null("") != BY_CONDUCT
    return (
        listed.join(_by_marks(school, ranking, listed), on="学号", how="left")
        .join(_by_conduct(school, listed), on="学号", how="left")
        .filter(~study | pl.col("_marks").is_not_null(), ~conduct | pl.col("_conduct").is_not_null())
        .select(
            "学号",
            pl.concat_str(
                pl.when(study).then("_marks"), pl.when(conduct).then("_conduct"), separator="；", ignore_nulls=True
            ).alias(REASON),
        )
    )


def _by_marks(school: School, ranking: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """学号 and _marks, the reason, of those who were clear in both exams."""
    at_mean = (pl.col("与班均差") >= 0).fill_null(False)
    outside = (~pl.col(MEETS)).fill_null(False)
    clear = pl.col("年级名次").is_not_null() & (at_mean | outside)
    how = pl.when(at_mean).then(pl.lit("达到班平均")).otherwise(pl.lit("没有达到列入条件"))
    then_listed = (pl.col("列入日期") <= pl.col("日期")).fill_null(True)
    places = ranking.select("考试编号", "学号", "年级名次", "与班均差")
    return (
        recent_results(school, ranking, kinds=BIG_EXAMS, last=2)
        .join(listed, on="学号")
        .join(places, on=["考试编号", "学号"], how="left")
        .sort(NTH, descending=True)
        .group_by("学号", maintain_order=True)
        .agg(
            (clear & then_listed).all().alias("_clear"),
            pl.len().alias("_exams"),
            pl.concat_str("考试编号", how).alias("_said"),
        )
        .filter("_clear", pl.col("_exams") == 2)
        .select("学号", pl.format("连续两次期中期末过关：{}", pl.col("_said").list.join("、")).alias("_marks"))
    )


def _by_conduct(school: School, listed: pl.DataFrame) -> pl.DataFrame:
    """学号 and _conduct, the reason, of those whose last two months were good."""
    enough = school.settings.turnaround_conduct
    since = pl.col("列入日期").is_null() | (pl.col("月份") >= pl.col("列入日期").dt.strftime("%Y-%m"))
    evidence = pl.format("{} 两个月纪律和品德平均都不低于 {} 分", pl.col("月份").list.join("、"), pl.lit(f"{enough:g}"))
    return (
        last_months(school, 2)
        .join(listed, on="学号")
        .group_by("学号", maintain_order=True)
        .agg((since & (pl.col(MEAN).round(6) >= enough)).all().alias("_good"), pl.len().alias("_months"), "月份")
        .filter("_good", pl.col("_months") == 2)
        .select("学号", evidence.alias("_conduct"))
    )
