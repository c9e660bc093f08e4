"""Who helps whom today: the teachers on duty with a running pairing, and their own students (DOMAIN, "Teacher pages")."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from xlbangfu.rules import people
from xlbangfu.rules.roll import on_roll
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import NO, PAIRINGS, ROSTER, RUNNING, TEACHERS

LABEL = "教师"  # "工号 姓名"


def helpers(school: School, *, but: Collection[str] = ()) -> pl.DataFrame:
    """A row for each teacher and own student: 教师 ("工号 姓名"), 工号, 教师姓名, 学号, in the order of 教师, then of 名册.

    A pairing that runs today counts, of whatever kind ``but`` these, where both the teacher is on duty and the student is on the roll;
    班级 and groups without a student are nobody's own.
    """
    day, ends = pl.lit(school.today), pl.col("结束日期")
    running = school[PAIRINGS].filter(
        (pl.col("状态") == RUNNING) & (ends.is_null() | (ends >= day)),
        pl.col("开始日期").is_null() | (pl.col("开始日期") <= day),
        ~pl.col("类型").is_in(list(but)).fill_null(False),
        pl.col(STUDENT).is_not_null() & pl.col("教师").is_not_null(),
    )
    pairs = running.select(
        people.teacher_ids(running["教师"], school[TEACHERS]).alias("工号"), pl.col(STUDENT).alias("学号")
    ).unique()
    here = school[ROSTER].filter(on_roll(day), pl.col("学号").is_not_null()).select("学号").unique(maintain_order=True)
    return (
        staff(school)
        .join(pairs, on="工号", maintain_order="left")
        .join(here.with_row_index("_at"), on="学号", maintain_order="left")
        .sort("_teacher", "_at")
        .select(LABEL, "工号", "教师姓名", "学号")
    )


def staff(school: School) -> pl.DataFrame:
    """The teachers on duty: 教师 ("工号 姓名"), 工号, 教师姓名, and ``_teacher``, their place in the sheet."""
    known = school[TEACHERS].filter(pl.col("工号").is_not_null() & (pl.col("在岗") != NO).fill_null(True))
    return (
        known.unique("工号", keep="first", maintain_order=True)
        .with_row_index("_teacher")
        .select("_teacher", "工号", 教师姓名=pl.col("姓名").fill_null(""))
        .with_columns(label(pl.col("工号"), pl.col("教师姓名")).alias(LABEL))
    )


def label(number: pl.Expr, name: pl.Expr) -> pl.Expr:
    """How a teacher is named where it must be clear who: "工号 姓名"."""
    return pl.concat_str(number, name.fill_null(""), separator=" ").str.strip_chars()
