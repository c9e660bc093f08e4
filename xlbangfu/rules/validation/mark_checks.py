"""Marks against the full marks of the 年级, columns of 成绩 against 科目.

A row of 科目 for a 年级 goes before the row for all. The 年级 of a score row is that of the class of the day (考时班级,
else the student's class); where it cannot be told, the largest full mark of the subject serves.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.former_classes import with_former_grades
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import found, whole
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, ROSTER, SCORES, SUBJECTS, subjects_in


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Bad marks, each in its own cell, and columns and subjects that have no counterpart."""
    yield from _columns(sheets)
    full = sheets.clean(SUBJECTS).select("年级", "科目", "满分").drop_nulls(["科目", "满分"])
    least = dict(full.group_by("科目").agg(pl.col("满分").min()).iter_rows())
    suspect = _suspects(sheets[SCORES], {name: least[name] for name in sheets.marked(sheets[SCORES]) if name in least})
    if not suspect:
        return
    rows = _with_grade(
        sheets, sheets[SCORES].filter(pl.any_horizontal(_outside(name, least[name]) for name in suspect))
    )
    for name in suspect:
        judged = _with_full(rows, full.filter(pl.col("科目") == name))
        bad = judged.filter((pl.col(name) < 0) | (pl.col(name) > pl.col("_full")))
        if bad.height:
            yield found(checks.MARK_OUT_OF_RANGE, SCORES, bad, name, full=pl.coalesce("_full", pl.lit(least[name])))


def _with_full(rows: pl.DataFrame, full: pl.DataFrame) -> pl.DataFrame:
    """The score rows with the full mark of one subject, null where the subject is not taught in the 年级."""
    own = full.filter(pl.col("年级").is_not_null()).select(_grade="年级", _own="满分").unique("_grade", keep="first")
    for_all = full.filter(pl.col("年级").is_null())["满分"]
    shared = pl.lit(for_all[0] if for_all.len() else None, dtype=pl.Float64)
    largest = pl.when(pl.col("_grade").is_null()).then(pl.lit(full["满分"].max()))
    return rows.join(own, on="_grade", how="left", maintain_order="left").with_columns(
        _full=pl.coalesce("_own", shared, largest)
    )


def _outside(name: str, least: float) -> pl.Expr:
    return (pl.col(name) < 0) | (pl.col(name) > least)


def _suspects(scores: pl.DataFrame, least: dict[str, float]) -> list[str]:
    """The subjects with a mark below 0 or above the smallest full mark: usually none."""
    if not least or not scores.height:
        return []
    found_any = scores.select(_outside(name, limit).any().alias(name) for name, limit in least.items()).row(0)
    return [name for name, any_bad in zip(least, found_any, strict=True) if any_bad]


def _with_grade(sheets: Sheets, rows: pl.DataFrame) -> pl.DataFrame:
    grades = sheets.clean(CLASSES).select("班级", _grade="年级").drop_nulls().unique("班级", keep="first")
    present = sheets.clean(ROSTER).select(pl.col("学号").alias(STUDENT), _today="班级").drop_nulls(STUDENT)
    placed = (
        rows.join(present.unique(STUDENT, keep="first"), on=STUDENT, how="left", maintain_order="left")
        .with_columns(_class=pl.coalesce("考时班级", "_today"))
        .join(grades, left_on="_class", right_on="班级", how="left", maintain_order="left")
    )
    return with_former_grades(sheets.school, placed, room="_class", grade="_grade")


def _columns(sheets: Sheets) -> Iterator[pl.DataFrame]:
    if not sheets[SUBJECTS].height or SCORES not in sheets.frames or (SCORES.name, None) in sheets.lacking:
        return
    columns = subjects_in(sheets[SCORES])
    marked = sheets.marked(sheets[SCORES])
    for name in columns:
        if name not in marked:
            yield whole(checks.COLUMN_WITHOUT_SUBJECT, SCORES, name)
    without = sheets.clean(SUBJECTS).filter(pl.col("科目").is_not_null() & ~pl.col("科目").is_in(columns))
    if without.height:
        yield found(checks.SUBJECT_WITHOUT_COLUMN, SUBJECTS, without, "科目")
