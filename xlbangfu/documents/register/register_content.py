"""The register gathered from the workbook: who is in it, and the texts of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from xlbangfu.documents.register import register_tables
from xlbangfu.documents.register.entry import Entry, Register, Section
from xlbangfu.documents.register.register_fit import fitted
from xlbangfu.documents.register.texts import shown
from xlbangfu.rules import roll
from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, FILES, ONE_TO_ONE, ORGANISATION, PAIRINGS, ROSTER, RUNNING, SUPPORT, TEACHERS, YES

_FACTS = ("性别", "在籍状态", "困难类型", "困难学科", "留守", "家庭困难", "寄宿", "列入日期")
_HOME = ("第二监护人", "监护人电话", "联系电话", "监护人同意")
_LONG = ("家庭成员", "住址", "父母去向", "健康状况", "家庭情况", "兴趣爱好", "特长", "备注")


def register_of(
    school: School, ranking: pl.DataFrame, prizes: pl.DataFrame, awards: pl.DataFrame, *, made: datetime
) -> Register:
    """The register of the students who are tracked and on the roll today.

    ``school`` is without its errors; ``ranking``, ``prizes`` and ``awards`` are 排名, 帮扶排名 and 荣誉.
    """
    day = pl.lit(school.today)
    listed = school[ROSTER].filter(roll.tracked(day) & roll.on_roll(day) & pl.col("学号").is_not_null())
    order = (
        school[CLASSES].select("班级", "班主任").unique("班级", keep="first", maintain_order=True).with_row_index("_at")
    )
    students = listed.join(order, on="班级", how="left").sort("_at", "学号", nulls_last=True)
    name_of = _names(school)
    sections = register_tables.by_student(school, students["学号"], ranking, prizes, awards, name_of)
    files = _by_student(school[FILES].filter(pl.col(STUDENT).is_not_null()))
    teachers = _one_to_one(school, name_of)
    return Register(
        school=school.settings.school,
        term=school.settings.term,
        day=school.today,
        made=made,
        students=tuple(
            fitted(_entry(row, files.get(row["学号"]), teachers.get(row["学号"], ""), sections[row["学号"]], name_of))
            for row in students.iter_rows(named=True)
        ),
        cover=tuple(_cover(school, students)),
    )


def _entry(
    row: Mapping[str, Any],
    file: Mapping[str, Any] | None,
    teacher: str,
    sections: tuple[Section, ...],
    name_of: Mapping[str, str],
) -> Entry:
    home = file or {}
    facts = [(name, shown(row[name])) for name in _FACTS] + [(name, shown(home.get(name))) for name in _HOME]
    homeroom = name_of.get(row["班主任"] or "", row["班主任"] or "")
    long_facts = [("成因", shown(row["成因"]))] + [(name, shown(home.get(name))) for name in _LONG]
    return Entry(
        number=row["学号"],
        name=row["姓名"] or "",
        class_name=row["班级"] or "",
        key=row["重点"] == YES,
        teacher=teacher,
        facts=tuple((name, text) for name, text in (*facts[:8], ("班主任", homeroom), *facts[8:]) if text),
        long_facts=tuple((name, text) for name, text in long_facts if text)
        or (("档案", "还没有建档" if file is None else "还没有填"),),
        sections=sections,
    )


def _by_student(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row[STUDENT]: row for row in frame.unique(STUDENT, keep="last", maintain_order=True).iter_rows(named=True)}


def _names(school: School) -> dict[str, str]:
    """How teachers are typed in any cell → their name."""
    typed = pl.concat([school[CLASSES]["班主任"], school[PAIRINGS]["教师"], *register_tables.teacher_cells(school)])
    cells = typed.drop_nulls().unique()
    names = dict(school[TEACHERS].select("工号", "姓名").iter_rows())
    numbers = teacher_ids(cells, school[TEACHERS])
    return {cell: names.get(number) or cell for cell, number in zip(cells, numbers, strict=True)}


def _one_to_one(school: School, name_of: Mapping[str, str]) -> dict[str, str]:
    running = school[PAIRINGS].filter(pl.col("类型") == ONE_TO_ONE, pl.col("状态") == RUNNING)
    pairs = running.select(STUDENT, "教师").drop_nulls()
    return {student: name_of[teacher] for student, teacher in pairs.iter_rows()}


def _cover(school: School, students: pl.DataFrame) -> Iterator[Section]:
    """How many students, who leads the work, what it can rely on."""
    counts = tuple((name, str(count)) for name, count in _counts(students))
    yield Section(title="人数", heads=("项目", "人数"), spans=(11, 11), rows=counts)
    for table, spans in ((ORGANISATION, (5, 5, 12)), (SUPPORT, (2, 6, 3, 3, 6, 2))):
        rows = tuple(tuple(shown(cell) for cell in row) for row in school[table].select(table.names).iter_rows())
        yield Section(title=table.name, heads=tuple(table.names), spans=spans, rows=rows)


def _counts(students: pl.DataFrame) -> Iterator[tuple[str, int]]:
    yield "在册学生", students.height
    yield "其中重点", students.filter(pl.col("重点") == YES).height
    for kind, count in students["困难类型"].drop_nulls().value_counts(sort=True).iter_rows():
        yield f"困难类型：{kind}", count
    for name in ("留守", "家庭困难", "寄宿"):
        yield name, students.filter(pl.col(name) == YES).height
