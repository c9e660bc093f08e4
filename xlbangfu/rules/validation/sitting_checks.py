"""成绩 beside 考试, 科目 and 班级: marks that are there and count for something else than staff mean.

The 年级 of a row is that of the class of the day (考时班级, else today's class); its cohort is the 年级 of today's class.
Rows without either say nothing here. Whatever is found is a 警告, for the marks can be used.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.former_classes import with_former_grades
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import attendance_checks, checks
from xlbangfu.rules.validation.problem_rows import found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, ROSTER, ROW, SCORES, SUBJECTS

SEVERAL = 2  # marks of a student that are all 0
CLASSFUL = 5  # marks of a class that are all 0


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """What the marks say against the other sheets, and against themselves."""
    subjects = sheets.marked(sheets[SCORES])
    if not subjects or not sheets[SCORES].height:
        return
    rows = _with_usual_grade(_placed(sheets))
    yield from _not_taught(sheets, rows, subjects)
    if with_noughts := [name for name in subjects if (rows[name] == 0).any()]:
        yield from _noughts(rows, subjects)
        yield from _classes_of_noughts(rows, with_noughts)
    yield from _other_grade(rows)
    yield from attendance_checks.problems(sheets, rows, subjects)


def _placed(sheets: Sheets) -> pl.DataFrame:
    """成绩 of known students in known exams, with ``_class`` and ``_grade`` of the day and ``_cohort``."""
    grades = sheets.clean(CLASSES).select("班级", "年级").drop_nulls().unique("班级", keep="first")
    grade_of = dict(grades.iter_rows())
    present = sheets.clean(ROSTER).select(pl.col("学号").alias(STUDENT), _today="班级").drop_nulls(STUDENT)
    known = sheets.clean(EXAMS)["考试编号"].drop_nulls()
    rows, in_exam = sheets[SCORES], pl.col("考试编号").is_in(known.implode())
    is_known = rows.select((in_exam & pl.col(STUDENT).is_in(present[STUDENT].implode())).fill_null(False)).to_series()
    rows = rows if is_known.all() else rows.filter(is_known)
    today = dict(present.unique(STUDENT, keep="first").iter_rows())
    placed = (
        rows.with_columns(pl.col(STUDENT).replace_strict(today, default=None, return_dtype=pl.String).alias("_today"))
        .with_columns(pl.coalesce("考时班级", "_today").alias("_class"))
        .with_columns(
            pl.col(of).replace_strict(grade_of, default=None, return_dtype=pl.String).alias(name)
            for of, name in (("_class", "_grade"), ("_today", "_cohort"))
        )
    )
    return with_former_grades(sheets.school, placed, room="_class", grade="_grade")


def _not_taught(sheets: Sheets, rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """Marks in a subject that 科目 does not have for the 年级, not even in a void row.

    A 年级 without any subject, and a student in a class of another 年级, are told elsewhere.
    """
    lines = sheets[SUBJECTS].select("年级", "科目").drop_nulls("科目")
    if lines["年级"].null_count() == lines.height:
        return
    every = lines.rows()
    taught = {
        grade: {name for own, name in every if own in (None, grade)} for grade in rows["_grade"].drop_nulls().unique()
    }
    usual = (pl.col("_grade") == pl.col("_here")).fill_null(True)
    for subject in subjects:
        without = [grade for grade, names in taught.items() if names and subject not in names]
        if not without:
            continue
        bad = rows.filter(usual, pl.col("_grade").is_in(without), pl.col(subject).is_not_null())
        if bad.height:
            yield found(checks.NOT_TAUGHT, SCORES, bad, subject, grade=pl.col("_grade"))


def _noughts(rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    marks = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int64) for name in subjects)
    noughts = pl.sum_horizontal((pl.col(name) == 0).cast(pl.Int64) for name in subjects)
    bad = rows.filter((marks >= SEVERAL) & (noughts == marks)).with_columns(marks.alias("_count"))
    if bad.height:
        where = pl.coalesce(pl.when(pl.col(name) == 0).then(pl.lit(name)) for name in subjects)
        yield found(checks.ALL_NOUGHT, SCORES, bad, where, count=pl.col("_count"))


def _classes_of_noughts(rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """One problem for a class, exam and subject, at its first row."""
    per_class = rows.group_by("考试编号", "_class", maintain_order=True).agg(
        *(pl.col(name).count().alias(name) for name in subjects),
        *(pl.col(name).max().alias(f"{name}·most") for name in subjects),
        *(pl.col(ROW).filter(pl.col(name).is_not_null()).first().alias(f"{name}·row") for name in subjects),
    )
    for subject in subjects:
        only = per_class.filter(pl.col(subject) >= CLASSFUL, pl.col(f"{subject}·most") == 0)
        if only.height:
            at = only.select(pl.col(f"{subject}·row").alias(ROW), "_class", pl.col(subject).alias("_count"))
            bad = at.join(rows.drop("_class"), on=ROW, maintain_order="left")
            yield found(checks.CLASS_OF_NOUGHTS, SCORES, bad, subject, class_=pl.col("_class"), count=pl.col("_count"))


def _with_usual_grade(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with ``_here``, the 年级 in which most of the cohort sat the exam."""
    here = (
        rows.drop_nulls(["_grade", "_cohort"])
        .group_by("考试编号", "_cohort", "_grade")
        .len("_students")
        .sort("_students", "_grade", descending=[True, False])
        .unique(["考试编号", "_cohort"], keep="first", maintain_order=True)
        .select("考试编号", "_cohort", _here="_grade")
    )
    beside = rows.select("考试编号", "_cohort").join(
        here, on=["考试编号", "_cohort"], how="left", maintain_order="left"
    )
    return rows.with_columns(beside["_here"])


def _other_grade(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    if rows["考时班级"].null_count() == rows.height:
        return
    bad = rows.filter(pl.col("考时班级").is_not_null(), pl.col("_grade") != pl.col("_here"))
    if bad.height:
        yield found(checks.CLASS_OF_OTHER_GRADE, SCORES, bad, "考时班级", there=pl.col("_grade"), here=pl.col("_here"))
