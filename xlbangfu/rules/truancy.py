"""Whole school days of 旷课 that follow one another (DOMAIN rule 15), from 缺勤.

* A whole day is one row of 全天, or 上午 and 下午 both. 病假, 事假 and 迟到 never count, and end a run.
* Days are running when no school day lies between them: weekends, holidays and days that 校历 frees do not end a run. A day
  that is no school day, or outside the term, counts for nothing.
* Who is 旷课 on the first school day of the term has not come back, be it one day only.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import DAY, SchoolDays
from xlbangfu.schema import ABSENCES, AFTERNOON, MORNING, TRUANT, WHOLE_DAY

FIRST, LAST, COUNT, SUSPECTED_ON, NOT_RETURNED = "_first", "_last", "_count", "_suspected", "_not_back"
_RUNS = {
    STUDENT: pl.String(),
    FIRST: pl.Date(),
    LAST: pl.Date(),
    COUNT: pl.Int64(),
    SUSPECTED_ON: pl.Date(),
    NOT_RETURNED: pl.Boolean(),
}
_PLACE = "_place"


def truant_days(absences: pl.DataFrame) -> pl.DataFrame:
    """STUDENT and DAY of every whole day of 旷课, each once; ``absences`` is 缺勤 with STUDENT."""
    missed = absences.filter(pl.col("类型") == TRUANT, pl.col(STUDENT).is_not_null(), pl.col("日期").is_not_null())
    parts = missed.group_by(STUDENT, pl.col("日期").alias(DAY)).agg("节次")
    halves = pl.all_horizontal(pl.col("节次").list.contains(half) for half in (MORNING, AFTERNOON))
    return parts.filter(pl.col("节次").list.contains(WHOLE_DAY) | halves).select(STUDENT, DAY).sort(STUDENT, DAY)


def truancy_runs(school: School, since: pl.DataFrame) -> pl.DataFrame:
    """The runs that make a student 疑似, by student and day, up to today.

    ``since`` has STUDENT and the day (``_end``) up to which absences are settled. A run has its FIRST and LAST day and the
    COUNT of its days, NOT_RETURNED where it begins with the term, and SUSPECTED_ON: the day on which it became 疑似.
    """
    days = truant_days(school[ABSENCES]).filter(pl.col(DAY) <= school.today)
    if not days.height:
        return pl.DataFrame(schema=_RUNS)
    later = days.join(since, on=STUDENT, how="left", maintain_order="left").filter(
        (pl.col(DAY) > pl.col("_end")).fill_null(True)
    )
    calendar = SchoolDays.of(school).frame.select(DAY).with_row_index(_PLACE)
    placed = later.join(calendar.cast({_PLACE: pl.Int64}), on=DAY, how="inner", maintain_order="left")
    run = (pl.col(_PLACE) - pl.int_range(pl.len()).over(STUDENT)).alias("_run")
    needed = school.settings.truant_days
    began = pl.col(_PLACE).first() == 0
    found = placed.group_by(STUDENT, run, maintain_order=True).agg(
        pl.col(DAY).first().alias(FIRST),
        pl.col(DAY).last().alias(LAST),
        pl.len().cast(pl.Int64).alias(COUNT),
        pl.when(began)
        .then(pl.col(DAY).first())
        .otherwise(pl.col(DAY).get(needed - 1, null_on_oob=True))
        .alias(SUSPECTED_ON),
        began.alias(NOT_RETURNED),
    )
    return found.filter(pl.col(SUSPECTED_ON).is_not_null()).select(*_RUNS)
