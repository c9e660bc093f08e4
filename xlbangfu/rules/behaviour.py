"""Monthly behaviour marks (评价) of students: their change from month to month, and the mean of some marks.

* The month before is the last one in which the school marked anyone, so a holiday is passed over.
* Like is compared with like: the same kind of rater, the same mark. A month with nothing in common has no change.
* Marks are 1 to 5. A mark that several raters gave counts once, as their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT

MARKS = ("学习态度", "作业", "纪律", "品德", "参与")
CONDUCT_MARKS = ("纪律", "品德")
MEAN = "_mean"


def changes(school: School, students: pl.Series) -> pl.DataFrame:
    """学号, 月份, 行为变化: how much the mean of the five marks rose (fell: negative) on the month before."""
    marks = school[CONDUCT].with_columns(_at=pl.col("月份").rank("dense"))
    of_rater = (
        marks.filter(pl.col(STUDENT).is_in(students.implode()))
        .unpivot(MARKS, index=[STUDENT, "月份", "_at", "评价人"], variable_name="_mark", value_name="_value")
        .drop_nulls("_value")
        .group_by(STUDENT, "月份", "_at", "评价人", "_mark")
        .agg(pl.mean("_value"))
        .sort("_at")
    )
    same = (STUDENT, "评价人", "_mark")
    month_before = pl.col("_at").shift(1).over(same) + 1 == pl.col("_at")
    rise = pl.when(month_before).then(pl.col("_value") - pl.col("_value").shift(1).over(same))
    return (
        of_rater.with_columns(rise.alias("_rise"))
        .drop_nulls("_rise")
        .group_by(STUDENT, "月份", "_mark")
        .agg(pl.mean("_rise"))
        .group_by(STUDENT, "月份")
        .agg(half_up(pl.mean("_rise"), 6).alias("行为变化"))
        .rename({STUDENT: "学号"})
    )


def means(school: School, marks: Sequence[str], *, since: date) -> pl.DataFrame:
    """学号, a column for each mark, and MEAN of those that have a value; from the month of ``since`` to today."""
    span = pl.col("月份").is_between(pl.lit(f"{since:%Y-%m}"), pl.lit(f"{school.today:%Y-%m}"))
    return (
        school[CONDUCT]
        .filter(span, pl.col(STUDENT).is_not_null())
        .group_by(pl.col(STUDENT).alias("学号"))
        .agg(pl.col(marks).mean())
        .with_columns(half_up(pl.mean_horizontal(marks), 6).alias(MEAN))
        .drop_nulls(MEAN)
    )
