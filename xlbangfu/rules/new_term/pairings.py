"""The pairings that go on: those that run, but for those that end because somebody has gone.

A pairing ends where its teacher is no longer 在岗 (unless it is 锁定), its student is 转出 or its 学习帮手 has left; it goes on into the
next term as ended, so that staff see whom to pair anew. Those of who graduates, and those that had ended before, stay in the
old workbook.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.people import first_part, teacher_ids
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASS_PATRON, ENDED, NO, PAIRINGS, ROSTER, ROW, RUNNING, TEACHERS, TRANSFERRED, YES

REASON = "_reason"
TEACHER_GONE, HELPER_GONE, STUDENT_GONE = "教师不在岗", "学习帮手已离校", "学生已转出"


def carried_pairings(school: School, stays: pl.Series, classes: pl.Series) -> pl.DataFrame:
    """ROW, STUDENT, 类型, 教师, 班级 and REASON (null: it goes on) of the running pairings that are carried.

    ``stays`` are the 学号 of who goes on, ``classes`` the classes of today that do.
    """
    rows = school[PAIRINGS].filter(pl.col("状态") == RUNNING)
    patron = pl.col("类型") == CLASS_PATRON
    stay = (
        pl.when(patron)
        .then(pl.col("班级").is_in(classes.implode()))
        .otherwise(pl.col(STUDENT).is_null() | pl.col(STUDENT).is_in(stays.implode()))
    )
    teachers = school[TEACHERS]
    away = teachers.filter(pl.col("在岗") == NO)["工号"].drop_nulls()
    teacher = teacher_ids(rows["教师"], teachers)
    helper = first_part(pl.col("学习帮手"))
    gone = teacher.is_in(away.implode()).fill_null(False) & (rows["锁定"] != YES).fill_null(True)
    away_students = school[ROSTER].filter(pl.col("在籍状态") == TRANSFERRED)["学号"].drop_nulls()
    present = stays.filter(~stays.is_in(away_students.implode()))
    left = helper.is_not_null() & ~helper.is_in(present.implode())
    transferred = pl.col(STUDENT).is_in(away_students.implode()).fill_null(False)
    reason = (
        pl.when(gone)
        .then(pl.lit(TEACHER_GONE))
        .when(transferred)
        .then(pl.lit(STUDENT_GONE))
        .when(left)
        .then(pl.lit(HELPER_GONE))
    )
    return (
        rows.with_columns(reason.alias(REASON))
        .filter(stay.fill_null(True))
        .select(ROW, STUDENT, "类型", "教师", "班级", REASON)
    )


def with_ends(rows: pl.DataFrame, carried: pl.DataFrame, school: School) -> pl.DataFrame:
    """The rows of 结对 as the next term has them: those that end are ended on the last day of the term."""
    last = min(school.settings.term_end, school.today)
    ends = pl.col(ROW).is_in(carried.filter(pl.col(REASON).is_not_null())[ROW].implode())
    day = pl.max_horizontal(pl.lit(last), pl.col("开始日期"))
    return rows.with_columns(
        pl.when(ends).then(pl.lit(ENDED)).otherwise("状态").alias("状态"),
        pl.when(ends).then(pl.coalesce("结束日期", day)).otherwise("结束日期").alias("结束日期"),
    )
