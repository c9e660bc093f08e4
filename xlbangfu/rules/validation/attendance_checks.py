"""考试 beside the marks: who sat an exam, who did not, and whether it is another exam written twice.

Told in the row of the exam. ``rows`` are those of 成绩 as ``sitting_checks`` places them.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT, split
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, ON_ROLL, ROSTER, ROW, SCORES, SEPARATOR, state_of

SEVERAL = 5  # students with the same marks in two exams
ALIKE = 0.9  # the share of those who sat both
MANDATORY = ("期中", "期末", "月考", "模拟")  # exams that a whole 年级 sits
_NAMED = 3
_PAIR = ["_at", "_at_then"]


def problems(sheets: Sheets, rows: pl.DataFrame, subjects: list[str]) -> Iterator[pl.DataFrame]:
    """Exams with marks of a 年级 that they do not name, with the marks of another exam, without a row for some."""
    yield from _grade_not_asked(sheets, rows, subjects)
    yield from _same_marks(sheets, rows, subjects)
    yield from _without_row(sheets)


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
    entered = pl.any_horizontal(pl.col(name).is_not_null() for name in subjects)
    exams = sheets.clean(EXAMS).drop_nulls("考试编号")
    order = dict(exams.select("考试编号", ROW).iter_rows())
    marks = rows.select(  # numbers only
        pl.col(STUDENT).rank("dense").cast(pl.UInt32).alias("_who"),
        pl.col("考试编号").replace_strict(order, return_dtype=pl.Int32).alias("_at"),
        pl.struct(subjects).hash().alias("_marks"),
        entered.alias("_entered"),
    )
    marks = marks.filter("_entered").drop("_entered")
    again = _earlier(marks, "_who", "_marks").group_by(_PAIR).len("_count").filter(pl.col("_count") >= SEVERAL)
    if again.is_empty():
        return
    sat = marks.join(again.select("_at").unique(), on="_at", how="semi")  # few: most exams share no marks with another
    whole = _earlier(sat, "_who", others=marks).group_by(_PAIR).len("_whole")
    alike = (
        again.join(whole, on=_PAIR)
        .filter(pl.col("_count") >= pl.col("_whole") * ALIKE)
        .sort("_at_then")
        .unique("_at", keep="first", maintain_order=True)
        .with_columns(pl.col("_at", "_at_then").cast(pl.Int64))
    )
    if alike.height:
        bad = exams.join(alike, left_on=ROW, right_on="_at", maintain_order="left")
        number_of = {row: number for number, row in order.items()}
        other = pl.col("_at_then").replace_strict(number_of, return_dtype=pl.String)
        slots = {"count": pl.col("_count"), "other": other, "whole": pl.col("_whole")}
        yield found(checks.SAME_MARKS, EXAMS, bad, "考试编号", **slots)


def _earlier(marks: pl.DataFrame, *same: str, others: pl.DataFrame | None = None) -> pl.DataFrame:
    """Each row of the marks beside the rows of earlier exams (``_at_then``) that are the same in these columns."""
    then = marks if others is None else others
    return marks.join(then.select(*same, _at_then="_at"), on=same).filter(pl.col("_at_then") < pl.col("_at"))


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
