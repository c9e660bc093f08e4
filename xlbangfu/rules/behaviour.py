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
    marks = school[CONDUCT].with_columns(_at=pl.col("月份").rank("dense").cast(pl.Int64))
    of_rater = (
        marks.filter(pl.col(STUDENT).is_in(students.implode()), pl.col("月份").is_not_null())
        .group_by(STUDENT, "月份", "_at", "评价人")
        .agg(pl.mean(*MARKS))
    )
    before = of_rater.select(
        STUDENT, "评价人", pl.col("_at") + 1, *(pl.col(mark).alias(_before(mark)) for mark in MARKS)
    )
    return (
        of_rater.join(before, on=[STUDENT, "评价人", "_at"], nulls_equal=True)
        .group_by(pl.col(STUDENT).alias("学号"), "月份")
        .agg((pl.col(mark) - pl.col(_before(mark))).mean().alias(mark) for mark in MARKS)
        .select("学号", "月份", half_up(pl.mean_horizontal(MARKS), 6).alias("行为变化"))
        .drop_nulls("行为变化")
    )


def _before(mark: str) -> str:
    """The column with a mark of the month before."""
    return f"{mark}·上月"


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
