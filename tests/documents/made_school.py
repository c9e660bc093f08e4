"""A small made-up school with its true marks, to be written down in every layout and read back.

Two 年级 of two classes; a name that two students share, within a 年级 and across; numbers that begin with 0 or do not.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, DEFECTS, KEY, ROSTER, ROW, SCORES, SETTINGS, SUBJECTS, Table, state_of

TODAY = date(2027, 2, 1)
FULL = {"语文": 120, "数学": 120, "英语": 120, "道德与法治": 60, "历史": 60, "生物": 60}
GRADES = ("初一", "初二")
FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = ("明", "子涵", "雨桐", "浩然", "静怡", "一帆", "欣然", "佳")
ODD_NAMES = ("买买提·艾力", "欧阳修远", "李　雨")


@dataclass(frozen=True)
class Student:
    number: str
    name: str
    grade: str
    room: str  # 1 or 2

    @property
    def class_name(self) -> str:
        return f"{self.grade}{self.room}班"


Marks = dict[str, dict[str, dict[str, float | str | None]]]  # exam, number, subject


@dataclass(frozen=True)
class MadeSchool:
    students: tuple[Student, ...]
    marks: Marks

    def frames(self) -> School:
        return School.of(
            {
                SETTINGS: _frame(SETTINGS, [{"项目": "学年", "值": "2026-2027"}, {"项目": "学段", "值": "义务教育"}]),
                CLASSES: _frame(CLASSES, [{"班级": f"{g}{r}班", "年级": g} for g in GRADES for r in "12"]),
                ROSTER: _frame(
                    ROSTER,
                    [
                        {"学号": one.number, "姓名": one.name, "班级": one.class_name, "在籍状态": "在读"}
                        for one in self.students
                    ],
                ),
                SUBJECTS: _frame(
                    SUBJECTS,
                    [
                        {"科目": s, "满分": full, "优秀线": full * 0.8, "及格线": full * 0.6, "低分线": full * 0.4, "计入总分": "是"}
                        for s, full in FULL.items()
                    ],
                ),
                SCORES: _scores(),
                DEFECTS: DEFECTS.empty(),
            },
            today=TODAY,
        )  # fmt: skip


def _frame(table: Table, rows: list[Mapping[str, Any]]) -> pl.DataFrame:
    """A table as it is read from a workbook."""
    data = {name: pl.Series([row.get(name) for row in rows]).cast(kind) for name, kind in table.frame_schema.items()}
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(n).cast(pl.String).fill_null("") for n in table.keys), separator="|"
    )
    return pl.DataFrame(data).with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), key.alias(KEY))


def _scores() -> pl.DataFrame:
    empty = _frame(SCORES, [])
    return empty.with_columns(
        column
        for subject in FULL
        for column in (
            pl.lit(None, pl.Float64).alias(subject),
            pl.lit(None, pl.String).alias(state_of(subject)),
        )
    )


def make(seed: int, exams: tuple[str, ...] = ("期中", "期末")) -> MadeSchool:
    """The school of a seed."""
    chance = random.Random(f"school {seed}")
    lead = chance.choice(("", "0"))
    names = [family + chance.choice(GIVEN) for family in chance.sample(FAMILIES, 20)]
    names[0], names[6], names[13] = chance.sample(ODD_NAMES, 3)
    names[7] = names[1]  # the same name in the other class of the 年级
    names[12] = names[2]  # and in the other 年级
    students = []
    for place, name in enumerate(names):
        grade, room = GRADES[place // 10], str(1 + place % 10 // 5)
        students.append(Student(f"{lead}{26 - place // 10}{room}{place % 5 + 1:02d}", name, grade, room))
    marks = {exam: {one.number: _marks(chance) for one in students} for exam in exams}
    return MadeSchool(tuple(students), marks)


def _marks(chance: random.Random) -> dict[str, float | str | None]:
    def mark(full: int) -> float | str | None:
        if chance.random() < 0.03:
            return "缺考"
        return chance.randint(int(full * 0.5), full * 2) / 2

    return {subject: mark(full) for subject, full in FULL.items()}
