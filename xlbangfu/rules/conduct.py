"""The behaviour marks of a month (DOMAIN rules 4 and 9): the mean of 纪律 and 品德 over all who marked the student."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT

MEAN = "_mean"
_MARKS = ("纪律", "品德")


def last_months(school: School, months: int) -> pl.DataFrame:
    """学号, 月份 and MEAN (1 to 5) of each student's own last ``months`` months with marks, earliest first.

    Only months of the school year up to today count: last year's marks are another matter.
    """
    first, last = f"{school.settings.year_start:%Y-%m}", f"{school.today:%Y-%m}"
    return (
        school[CONDUCT]
        .filter(pl.col("月份").is_between(pl.lit(first), pl.lit(last)) & pl.col(STUDENT).is_not_null())
        .group_by(pl.col(STUDENT).alias("学号"), "月份")
        .agg(pl.mean_horizontal(_MARKS).mean().alias(MEAN))
        .drop_nulls(MEAN)
        .filter(pl.col("月份").rank("dense", descending=True).over("学号") <= months)
        .sort("学号", "月份")
    )
