"""What parents and students said on the 意见表 and otherwise: means over their marks in 评价 (for 总结; 考核 has its own)."""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT

ITEMS = ("学习态度", "作业", "纪律", "品德", "参与", "帮扶满意度")
ASKED = ("家长", "学生")
FEWEST = 3  # students; the mean of one or two would tell who said it


def opinions(school: School, first: date, last: date) -> pl.DataFrame:
    """A row for each of 家长, 学生 and item that anyone marked in these months: 评价人, 项目, 人数 (students of whom it was
    said), 平均 (1 to 5, to one place).

    Marks of one student count as their mean, so that who answered every month weighs no more than who answered once. With
    fewer than FEWEST students 人数 and 平均 are null. Order: 家长 first, items as in 评价.
    """
    months = pl.col("月份").is_between(pl.lit(f"{first:%Y-%m}"), pl.lit(f"{last:%Y-%m}"))
    mine = school[CONDUCT].filter(months, pl.col("评价人").is_in(ASKED), pl.col(STUDENT).is_not_null())
    marks = mine.unpivot(list(ITEMS), index=["评价人", STUDENT], variable_name="项目", value_name="_mark")
    each = marks.drop_nulls("_mark").group_by("评价人", "项目", STUDENT).agg(pl.col("_mark").mean())
    enough = pl.len() >= FEWEST
    found = each.group_by("评价人", "项目").agg(
        人数=pl.when(enough).then(pl.len().cast(pl.Int64)),
        平均=pl.when(enough).then(half_up(pl.col("_mark").mean(), 1)),
    )
    return found.sort(pl.col("评价人").cast(pl.Enum(ASKED)), pl.col("项目").cast(pl.Enum(ITEMS)))
