"""Who is in 义务教育, for whom the law keeps schools to 控辍保学 (DOMAIN rule 15).

A 年级 says it by its level, whatever it is called; where its level is not known, 「学段」 decides.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.class_answers import FoundGrade
from xlbangfu.rules.grades import HIGH
from xlbangfu.rules.school import School, asked_once
from xlbangfu.schema import CLASSES, ROSTER


@asked_once
def compulsory_students(school: School) -> pl.DataFrame:
    """名册 with 年级, without those in 高中; in the order of 名册, each 学号 once."""
    rooms = school[CLASSES].select("班级", "年级").drop_nulls("班级").unique("班级", keep="first", maintain_order=True)
    students = school[ROSTER].drop_nulls("学号").unique("学号", keep="first", maintain_order=True)
    graded = students.join(rooms, on="班级", how="left", maintain_order="left")
    grades = graded["年级"].unique().to_list()
    return graded.filter(
        pl.col("年级").is_in([one for one in grades if one and _compulsory(school, one)]) | _ungraded(school)
    )


def _ungraded(school: School) -> pl.Expr:
    return pl.col("年级").is_null() & pl.lit(school.settings.stage != HIGH)


def _compulsory(school: School, grade: str) -> bool:
    found = school.class_names.find_grade(grade)
    if isinstance(found, FoundGrade):
        return school.class_names.ladder.stage_of(found.level) != HIGH
    return school.settings.stage != HIGH
