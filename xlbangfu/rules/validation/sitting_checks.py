"""成绩 beside 考试, 科目 and 班级: marks that are there and count for something else than staff mean.

The 年级 of a row is that of the class of the day (考时班级, else today's class); its cohort is the 年级 of today's class.
Rows without either say nothing here. Whatever is found is a 警告, for the marks can be used.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT, split
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, ON_ROLL, ROSTER, ROW, SCORES, SEPARATOR, SUBJECTS, state_of

SEVERAL = 2  # marks of a student that are all 0
CLASSFUL = 5  # marks of a class that are all 0, and students with the same marks in two exams
ALIKE = 0.9  # the share of the smaller exam whose marks are those of the other
MANDATORY = ("期中", "期末", "月考", "模拟")  # exams that a whole 年级 sits
_NAMED = 3


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """What the marks say against the other sheets, and against themselves."""
    subjects = sheets.marked(sheets[SCORES])
    if not subjects or not sheets[SCORES].height:
        return
    rows = _with_usual_grade(_placed(sheets))
    yield from _not_taught(sheets, rows, subjects)
    yield from _noughts(rows, subjects)
    yield from _classes_of_noughts(rows, subjects)
    yield from _other_grade(rows)
    yield from _grade_not_asked(sheets, rows, subjects)
    yield from _same_marks(sheets, rows, subjects)
    yield from _without_row(sheets)


def _placed(sheets: Sheets) -> pl.DataFrame:
    """成绩 of known students in known exams, with ``_class`` and ``_grade`` of the day and ``_cohort``."""
    grades = sheets.clean(CLASSES).select("班级", "年级").drop_nulls().unique("班级", keep="first")
    grade_of = dict(grades.iter_rows())
    present = sheets.clean(ROSTER).select(pl.col("学号").alias(STUDENT), _today="班级").drop_nulls(STUDENT)
    known = sheets.clean(EXAMS)["考试编号"].drop_nulls()
    return (
        sheets[SCORES]
        .filter(pl.col("考试编号").is_in(known.implode()))
        .join(present.unique(STUDENT, keep="first"), on=STUDENT, maintain_order="left")
        .with_columns(pl.coalesce("考时班级", "_today").alias("_class"))
        .with_columns(
            pl.col(of).replace_strict(grade_of, default=None, return_dtype=pl.String).alias(name)
            for of, name in (("_class", "_grade"), ("_today", "_cohort"))
        )
    )


def _not_taught(sheets: Sheets, rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """Marks in a subject that 科目 does not have for the 年级, not even in a void row.

    A 年级 without any subject, and a student in a class of another 年级, are told elsewhere.
    """
    lines = sheets[SUBJECTS].select("年级", "科目").drop_nulls("科目")
    if lines["年级"].null_count() == lines.height:
        return
    usual = rows.filter((pl.col("_grade") == pl.col("_here")).fill_null(True))
    taught = {
        grade: set(lines.filter(pl.col("年级").is_null() | (pl.col("年级") == grade))["科目"])
        for grade in rows["_grade"].drop_nulls().unique()
    }
    for subject in subjects:
        without = [grade for grade, names in taught.items() if names and subject not in names]
        bad = usual.filter(pl.col("_grade").is_in(without), pl.col(subject).is_not_null()) if without else usual.clear()
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
    return rows.join(here, on=["考试编号", "_cohort"], how="left", maintain_order="left")


def _other_grade(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    bad = rows.filter(pl.col("考时班级").is_not_null(), pl.col("_grade") != pl.col("_here"))
    if bad.height:
        yield found(checks.CLASS_OF_OTHER_GRADE, SCORES, bad, "考时班级", there=pl.col("_grade"), here=pl.col("_here"))


def _grade_not_asked(sheets: Sheets, rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """An exam that names its 年级, with marks of students of another; a 年级 that nobody knows is told elsewhere."""
    exams = sheets.clean(EXAMS).filter(pl.col("年级").is_not_null())
    grades = sheets[CLASSES]["年级"].drop_nulls().unique()
    exams = exams.filter(split(pl.col("年级")).list.eval(pl.element().is_in(grades.implode())).list.all())
    if not exams.height:
        return
    entered = pl.any_horizontal(pl.col(column).is_not_null() for name in subjects for column in (name, state_of(name)))
    sat = rows.filter(entered).drop_nulls("_grade").group_by("考试编号", "_grade").len("_count")
    bad = (
        exams.with_columns(_asked=split(pl.col("年级")))
        .join(sat, on="考试编号", maintain_order="left")
        .filter(~pl.col("_asked").list.contains(pl.col("_grade")))
        .sort(ROW, "_grade")
    )
    if bad.height:
        yield found(checks.GRADE_NOT_ASKED, EXAMS, bad, "年级", grade=pl.col("_grade"), count=pl.col("_count"))


def _same_marks(sheets: Sheets, rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """The later of two exams in which nearly all students who sat both have the same marks; told beside the first."""
    entered = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in subjects))
    order = dict(sheets.clean(EXAMS).drop_nulls("考试编号").select("考试编号", ROW).iter_rows())
    marks = entered.select(
        STUDENT,
        "考试编号",
        pl.col("考试编号").replace_strict(order, return_dtype=pl.Int64).alias("_at"),
        pl.struct(subjects).hash().alias("_marks"),
    )
    pairs = marks.join(marks, on=STUDENT, suffix="_then").filter(pl.col("_at_then") < pl.col("_at"))
    alike = (
        pairs.group_by("考试编号", "考试编号_then", "_at_then")
        .agg((pl.col("_marks") == pl.col("_marks_then")).sum().alias("_count"), pl.len().alias("_whole"))
        .filter(pl.col("_count") >= CLASSFUL, pl.col("_count") >= pl.col("_whole") * ALIKE)
        .sort("_at_then")
        .unique("考试编号", keep="first", maintain_order=True)
    )
    if alike.height:
        bad = sheets.clean(EXAMS).join(alike, on="考试编号", maintain_order="left")
        slots = {"count": pl.col("_count"), "other": pl.col("考试编号_then"), "whole": pl.col("_whole")}
        yield found(checks.SAME_MARKS, EXAMS, bad, "考试编号", **slots)


def _without_row(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Students on the roll without a row in an exam that more than half of their 年级 has one in; one problem for both.

    Who has none in an earlier exam either is taken to have come later, but for the latest exam of the 年级.
    """
    held = sheets.clean(EXAMS).filter(pl.col("日期") <= sheets.school.today, pl.col("类型").is_in(MANDATORY))
    grades = sheets.clean(CLASSES).select("班级", _cohort="年级").drop_nulls().unique("班级", keep="first")
    here = sheets.clean(ROSTER).filter(pl.col("在籍状态") == ON_ROLL, pl.col("学号").is_not_null())
    asked = here.select(pl.col("学号").alias(STUDENT), "姓名", "班级").join(grades, on="班级", maintain_order="left")
    who = pl.coalesce(STUDENT, "学号").alias(STUDENT)  # a row that disagrees with 名册 is told of, and is a row
    has_row = sheets[SCORES].select("考试编号", who, _there=pl.lit(True)).unique()
    every = (
        asked.join(held.select("考试编号", "日期"), how="cross")
        .join(has_row, on=["考试编号", STUDENT], how="left", maintain_order="left")
        .with_columns(pl.col("_there").fill_null(False))
        .with_columns(pl.col("日期").filter("_there").min().over(STUDENT).alias("_since"))
    )
    here_then = pl.col("_since") < pl.col("日期")
    counted = (
        every.group_by("考试编号", "_cohort", maintain_order=True)
        .agg(
            pl.col("日期").first(),
            pl.len().alias("_whole"),
            pl.col("_there").sum().alias("_sat"),
            pl.col("姓名").filter(~pl.col("_there")).alias("_all"),
            pl.col("姓名").filter(~pl.col("_there") & here_then).alias("_old"),
        )
        .filter(pl.col("_sat") * 2 > pl.col("_whole"))
        .with_columns(pl.col("日期").max().over("_cohort").alias("_last"))
        .with_columns(pl.when(pl.col("日期") == pl.col("_last")).then("_all").otherwise("_old").alias("_names"))
        .with_columns(
            pl.col("_names").list.len().alias("_count"),
            pl.col("_names").list.head(_NAMED).list.join(SEPARATOR).alias("_who"),
        )
        .filter(pl.col("_count") > 0)
        .drop("日期")
    )
    if counted.height:
        more = pl.when(pl.col("_count") > _NAMED).then(pl.lit("等")).otherwise(pl.lit(""))
        bad = held.join(counted, on="考试编号", maintain_order="left").with_columns(_who=pl.col("_who") + more)
        slots = {"grade": pl.col("_cohort"), "count": pl.col("_count"), "who": pl.col("_who")}
        yield found(checks.NO_ROW, EXAMS, bad, "考试编号", **slots)
