"""The classes of earlier school years, as marks that a new term keeps name them (考时班级).

初一3班 of last year may be no class today, where that year has fewer; and 2026级1班 was 初一 then and is 初二 now. In what
年级 such a class sat an exam follows from its name and the school year of the exam.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.rules.class_answers import Unknown
from xlbangfu.rules.class_names import ClassNames
from xlbangfu.rules.class_spelling import first_year
from xlbangfu.rules.grades import grade_text
from xlbangfu.rules.numerals import half_width
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, EXAMS, SCORES


def earlier_exams(school: School) -> dict[str, int]:
    """The exams of earlier school years, with the year in which theirs began."""
    now = first_year(school.settings.school_year, school.today)
    terms = school[EXAMS].select("考试编号", "学期").drop_nulls().iter_rows()
    years = {exam: first_year(term, school.today) for exam, term in terms}
    return {exam: year for exam, year in years.items() if year < now}


def former_grades(school: School) -> Mapping[tuple[str, str], str]:
    """年级 by exam and class of the day, where 班级 does not say it: exams of earlier years only."""
    exams = earlier_exams(school)
    if not exams:
        return {}
    there = set(school[CLASSES]["班级"].drop_nulls())
    odd = [name for name in school[SCORES]["考时班级"].drop_nulls().unique().sort() if name not in there]
    names = school.class_names
    moving = [one.name for one in names.classes if one.moves_up and not _by_year(one.grade)]
    found = {(exam, name): _grade(names, name, year) for exam, year in exams.items() for name in (*odd, *moving)}
    return {key: grade for key, grade in found.items() if grade}


def _by_year(grade: str) -> bool:
    text = grade_text(grade) if grade else None
    return text is not None and text.year is not None


def _grade(names: ClassNames, name: str, year: int) -> str:
    one = names.by_text.get(half_width(name))
    if one is not None:
        level = one.level_in(names.school_year - year)
    else:
        found = names.find(name, school_year=year)
        level = found.level if isinstance(found, Unknown) else None
    return names.grade_named(level) if level and level > 0 else ""


def with_former_grades(school: School, rows: pl.DataFrame, *, room: str, grade: str) -> pl.DataFrame:
    """The rows (考试编号 and the class of the day in ``room``) with ``grade`` as it was then, where 班级 does not say it."""
    found = former_grades(school)
    if not found:
        return rows
    known = pl.DataFrame(
        [(exam, name, text) for (exam, name), text in found.items()],
        schema={"考试编号": pl.String, room: pl.String, "_former": pl.String},
        orient="row",
    )
    joined = rows.join(known, on=["考试编号", room], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_former", grade).alias(grade)).drop("_former")
