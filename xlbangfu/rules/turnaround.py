"""Who may leave the support list: proposed, never decided (DOMAIN rule 9).

* By marks: in the last two 期中 or 期末 that the student's year sat, both while on the list, the student was ranked and at
  or above the class mean, or outside the lines of screening (``needs``).
* By conduct: in each of the student's last two months with marks of this school year, none before being listed, 纪律 and
  品德 average 「转化行为分」 or more.
* 困难类型 says which is asked: 行为规范 by conduct, 双重 by both, any other by marks.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.behaviour import CONDUCT_MARKS, MEAN, means
from xlbangfu.rules.needs import INSIDE, study_needs
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, EXAMS, ROSTER

BY_CONDUCT, BY_BOTH = "行为规范", "双重"
BIG_EXAMS = ("期中", "期末")
REASON = "_reason"


def turned_around(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """学号 and REASON, a sentence, of each tracked student on the roll who is proposed for leaving the list."""
    today = pl.lit(school.today)
    listed = (
        school[ROSTER]
        .filter(roll.tracked(today), roll.on_roll(today))
        .join(school[CLASSES].select("班级", "年级"), on="班级", how="left")
        .select("学号", "困难类型", "列入日期", _year="年级")
    )
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
    asked = _last_two(school, ranking, listed)
    needs = study_needs(school, ranking.join(asked, on=["考试编号", "学号"], how="semi"), listed["学号"])
    clear = (pl.col("与班均差") >= 0) | ~pl.col(INSIDE)
    return (
        asked.join(ranking.select("考试编号", "学号", "年级名次", "与班均差"), on=["考试编号", "学号"], how="left")
        .join(needs, on=["考试编号", "学号"], how="left")
        .with_columns(
            _clear=(pl.col("年级名次").is_not_null() & clear & pl.col("_then_listed")).fill_null(False),
            _how=pl.when(pl.col("与班均差") >= 0).then(pl.lit("达到班平均")).otherwise(pl.lit("不在排查线内")),
        )
        .sort("日期", "考试编号")
        .group_by("学号", maintain_order=True)
        .agg(pl.col("_clear").all(), pl.len().alias("_exams"), pl.concat_str("考试编号", "_how").alias("_said"))
        .filter("_clear", pl.col("_exams") == 2)
        .select("学号", pl.format("连续两次期中期末过关：{}", pl.col("_said").list.join("、")).alias("_marks"))
    )


def _last_two(school: School, ranking: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """学号 beside 考试编号 and 日期 of the last two 期中 or 期末 of the year; _then_listed: whether on the list that day."""
    big = school[EXAMS].filter(pl.col("类型").is_in(BIG_EXAMS), pl.col("日期") <= school.today)
    years = school[ROSTER].join(school[CLASSES].select("班级", "年级"), on="班级").select("学号", _year="年级")
    held = (
        ranking.filter(pl.col("考试编号").is_in(big["考试编号"].implode()))
        .select("考试编号", "学号")
        .join(years, on="学号")
        .select("考试编号", "_year")
        .unique()
        .join(big.select("考试编号", "日期"), on="考试编号")
        .sort("日期", "考试编号")
        .group_by("_year", maintain_order=True)
        .tail(2)
    )
    then_listed = (pl.col("列入日期") <= pl.col("日期")).fill_null(True)
    return listed.join(held, on="_year").select("学号", "考试编号", "日期", then_listed.alias("_then_listed"))


def _by_conduct(school: School, listed: pl.DataFrame) -> pl.DataFrame:
    """学号 and _conduct, the reason, of those whose last two months were good."""
    enough = school.settings.turnaround_conduct
    since = pl.col("列入日期").is_null() | (pl.col("月份") >= pl.col("列入日期").dt.strftime("%Y-%m"))
    return (
        means(school, CONDUCT_MARKS, since=school.settings.year_start)
        .join(listed, on="学号")
        .filter(since)
        .sort("月份")
        .group_by("学号", maintain_order=True)
        .tail(2)
        .group_by("学号", maintain_order=True)
        .agg(pl.col(MEAN).min(), pl.len().alias("_months"), pl.col("月份"))
        .filter(pl.col("_months") == 2, pl.col(MEAN) >= enough)
        .select(
            "学号",
            pl.format(
                "{} 两个月纪律和品德平均都不低于 {} 分", pl.col("月份").list.join("、"), pl.lit(f"{enough:g}")
            ).alias("_conduct"),
        )
    )
