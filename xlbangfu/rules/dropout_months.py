"""The monthly report of 控辍保学 (DOMAIN rule 15): figures by 年级 and 特殊群体, without names.

* 疑似: students with a case in 劝返 whose 疑似日期 is in the month. What is proposed and not accepted is not counted.
* 劝返次数: rows with a 劝返日期 in the month. 复学, 转出, 辍学: students of whom 劝返 says so, by the day of that row.
* 辍学 also: who is 辍学 in 名册 with an 异动日期 in the month, unless 劝返 has the student's dropping out on another day.
* 劝返中: students with a case that is open at the end of the month (of the running month: today). 在籍: on the roll then, 帮扶: of these the tracked.

Months are those of the term up to today, the newest first; in each the school, the 年级 in the order of 班级, the groups of
``special_groups`` that have any student. A student counts with the 年级 and groups that 名册 names today. 0 is 0.

Of a whole term a student counts once where months count anew: its figures are no sums of months (``dropout_term``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import recalls, roll
from xlbangfu.rules.compulsory import compulsory_students
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.rules.special_groups import GROUP, GROUPS, members
from xlbangfu.schema import BACK_AT_SCHOOL, CLASSES, DROPOUT_MONTHS, DROPPED_OUT, RECALLS, TRANSFERRED

SCHOOL, GRADE = "全校", "年级"
COUNTS = ("在籍", "帮扶", "疑似", "劝返次数", "复学", "转出", "辍学", "劝返中")


@asks_much
def dropout_months(school: School) -> pl.DataFrame:
    """控辍月报 of a school without errors."""
    students = compulsory_students(school)
    scopes = _scopes(school, students)
    every = [_month(school, students, scopes, first, last) for first, last in _months(school)]
    return pl.concat([DROPOUT_MONTHS.empty(), *every])


def dropout_term(school: School) -> dict[str, int]:
    """疑似, 劝返次数, 复学, 转出, 辍学 and 劝返中 of the school, from the first day of the term to today."""
    students = compulsory_students(school)
    first, last = school.settings.term_start, min(school.today, school.settings.term_end)
    here = students["学号"].implode()
    return {name: int(who.is_in(here).sum()) for name, who in _events(school, students, first, last).items()}


def _months(school: School) -> Iterator[tuple[date, date]]:
    """First and last day of each month of the term up to today, the newest first."""
    first = min(school.settings.term_start, school.today).replace(day=1)
    last = min(school.today, school.settings.term_end)
    while last >= first:
        yield last.replace(day=1), last
        last = last.replace(day=1) - timedelta(days=1)


def _scopes(school: School, students: pl.DataFrame) -> pl.DataFrame:
    """学号, 范围 and 名称: a row for all that each student counts in, in the order of the report."""
    grades = school[CLASSES]["年级"].drop_nulls().unique(maintain_order=True)
    whole = students.select("学号", pl.lit(SCHOOL).alias("范围"), pl.lit(SCHOOL).alias("名称"))
    graded = students.filter(pl.col("年级").is_not_null()).select("学号", pl.lit(GRADE).alias("范围"), 名称="年级")
    place = pl.col("名称").cast(pl.Enum(grades))
    special = members(students).select("学号", pl.lit(GROUP).alias("范围"), 名称=GROUP)
    return pl.concat(
        [whole, graded.sort(place, maintain_order=True), special.sort(pl.col("名称").cast(pl.Enum(GROUPS)))]
    )


def _month(school: School, students: pl.DataFrame, scopes: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    here, listed = roll.on_roll(pl.lit(last)), roll.tracked(pl.lit(last))
    each = students.select("学号", here.cast(pl.Int64).alias("在籍"), (here & listed).cast(pl.Int64).alias("帮扶"))
    for name, numbers in _events(school, students, first, last).items():
        times = numbers.to_frame("学号").group_by("学号").len(name)
        each = each.join(times.cast({name: pl.Int64}), on="学号", how="left", maintain_order="left")
    sums = scopes.join(each, on="学号").group_by("范围", "名称").agg(pl.col(COUNTS).fill_null(0).sum())
    order = scopes.select("范围", "名称").unique(maintain_order=True)
    rows = order.join(sums, on=["范围", "名称"], how="left", maintain_order="left")
    return rows.select(pl.lit(f"{first:%Y-%m}").alias("月份"), "范围", "名称", *COUNTS)


def _events(school: School, students: pl.DataFrame, first: date, last: date) -> dict[str, pl.Series]:
    """学号 for each count of the month: once a student, once a row for 劝返次数."""
    month = (pl.lit(first), pl.lit(last))
    rows = recalls.dated(school[RECALLS])
    told = rows.filter(pl.col(recalls.DAY).is_between(*month))
    done = {word: told.filter(pl.col("结果") == word)[STUDENT].unique() for word in (BACK_AT_SCHOOL, TRANSFERRED)}
    open_then = recalls.cases(school[RECALLS], until=last).filter(pl.col(recalls.OUTCOME).is_null())
    return {
        "疑似": rows.filter(pl.col("疑似日期").is_between(*month))[STUDENT].unique(),
        "劝返次数": rows.filter(pl.col("劝返日期").is_between(*month))[STUDENT],
        BACK_AT_SCHOOL: done[BACK_AT_SCHOOL],
        TRANSFERRED: done[TRANSFERRED],
        DROPPED_OUT: _dropped_out(students, rows, month),
        "劝返中": open_then[STUDENT].unique(),
    }


def _dropped_out(students: pl.DataFrame, rows: pl.DataFrame, month: tuple[pl.Expr, pl.Expr]) -> pl.Series:
    said = rows.filter(pl.col("结果") == DROPPED_OUT)
    listed = students.filter(roll.dropped_out(*month) & ~pl.col("学号").is_in(said[STUDENT].implode()))
    return pl.concat(
        [said.filter(pl.col(recalls.DAY).is_between(*month))[STUDENT], listed["学号"].alias(STUDENT)]
    ).unique()
