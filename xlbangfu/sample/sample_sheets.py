"""The people of the sample school as the sheets 名册, 班级 and 教师 show them."""

from __future__ import annotations

import polars as pl

from xlbangfu.sample.sample_frames import from_columns
from xlbangfu.sample.sample_people import SchoolClass, Student, Teacher
from xlbangfu.schema import CLASSES, NO, ROSTER, SEPARATOR, TEACHERS, TRACKED, YES


def _yes(holds: bool) -> str:
    return YES if holds else NO


def roster_frame(students: list[Student]) -> pl.DataFrame:
    return from_columns(
        ROSTER,
        {
            "学号": [s.number for s in students],
            "姓名": [s.name for s in students],
            "性别": [s.sex for s in students],
            "班级": [s.school_class.name for s in students],
            "在籍状态": [s.status for s in students],
            "异动日期": [s.left for s in students],
            "帮扶类别": [s.kind for s in students],
            "困难类型": [s.difficulty for s in students],
            "重点": [_yes(s.key) if s.kind == TRACKED else None for s in students],
            "困难学科": [SEPARATOR.join(s.weak) or None for s in students],
            "成因": [s.cause for s in students],
            "留守": [_yes(s.left_behind) for s in students],
            "家庭困难": [_yes(s.hardship) for s in students],
            "寄宿": [_yes(s.boarder) for s in students],
            "特殊群体": [SEPARATOR.join(s.groups) or None for s in students],
            "列入日期": [s.listed for s in students],
        },
    )


def class_frame(classes: list[SchoolClass]) -> pl.DataFrame:
    return from_columns(
        CLASSES,
        {
            "班级": [school_class.name for school_class in classes],
            "年级": [school_class.grade for school_class in classes],
            "班主任": [school_class.homeroom.label if school_class.homeroom else None for school_class in classes],
            "包班行政": [school_class.patron.label if school_class.patron else None for school_class in classes],
        },
    )


def teacher_frame(teachers: list[Teacher]) -> pl.DataFrame:
    return from_columns(
        TEACHERS,
        {
            "工号": [t.number for t in teachers],
            "姓名": [t.name for t in teachers],
            "角色": [SEPARATOR.join(t.roles) for t in teachers],
            "任教科目": [t.subject or None for t in teachers],
            "任教班级": [SEPARATOR.join(t.classes) or None for t in teachers],
            "邮箱": [f"t{t.number}@example.edu.cn" for t in teachers],
            "帮扶上限": [1 if t.roles[0] == "校长" else None for t in teachers],
            "在岗": [_yes(t.on_duty) for t in teachers],
        },
    )
