"""Whom a page is about: the students looked after in a class, who answers for them, their plan and last contact.

Cared-for, borderline and gifted students are not on a page: that a student is cared for tells of the home.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from xlbangfu.documents.class_page.page import WITHOUT
from xlbangfu.rules import people, roll
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.targets import with_level
from xlbangfu.schema import (
    EXAMS,
    LOG,
    ON_ROLL,
    ONE_TO_ONE,
    PAIRINGS,
    PLANS,
    ROSTER,
    RUNNING,
    SEPARATOR,
    TEACHERS,
    TRACKED,
    YES,
)

COUNSELLING, TALK = "心理咨询", "谈心"
_SEVERAL = r"[、，,;；/\n]"


class Pairing(NamedTuple):
    """The 一对一 teachers as typed, and the 学号 of the peer helpers."""

    teachers: list[str]
    helpers: list[str]


class Phase(NamedTuple):
    """A phase of a plan."""

    name: str
    goal: str
    measures: str
    end: date | None


NO_PHASE, _ALL_DONE = Phase("", "", "", None), Phase("已完成", "", "", None)


def looked_after(school: School, on: date, classes: list[str]) -> pl.DataFrame:
    """The tracked students on the roll of the classes that day: 学号, 姓名, 班级, 重点, 困难学科; key students first."""
    listed = (
        (pl.col("帮扶类别") == TRACKED)
        & (pl.col("在籍状态") == ON_ROLL)
        & pl.col("学号").is_not_null()
        & (pl.col("列入日期").is_null() | (pl.col("列入日期") <= on))
        & (pl.col("退出日期").is_null() | (pl.col("退出日期") > on))
        & pl.col("班级").is_in(classes)
    )
    columns = ("学号", "姓名", "班级", (pl.col("重点") == YES).fill_null(False), "困难学科")
    return school[ROSTER].filter(listed).select(*columns).sort(~pl.col("重点"), "学号")


def everyone(school: School, on: date, classes: list[str]) -> dict[str, tuple[str, ...]]:
    """All students on the roll of each class that day as "学号 姓名", in the order of their 学号."""
    here = school[ROSTER].filter(roll.on_roll(pl.lit(on)), pl.col("班级").is_in(classes), pl.col("学号").is_not_null())
    labels = here.sort("学号").select("班级", _label=pl.format("{} {}", "学号", pl.col("姓名").fill_null("")))
    return {room: tuple(rows["_label"]) for (room,), rows in labels.group_by("班级")}


def contacts(school: School, on: date, students: pl.Series) -> dict[str, dict[str, Any]]:
    """By student: 日期, 教师 and 类型 of the last contact, 次数 this term, and 谈心, the day of the last talk."""
    log = school[LOG]
    several = pl.col("学号").str.contains(_SEVERAL).fill_null(False)
    columns = (STUDENT, "日期", "教师", "类型")
    single = log.filter(~several & pl.col(STUDENT).is_in(students.implode())).select(columns)
    shared = log.filter(several)
    if shared.height:
        each = shared.with_columns(people.split(pl.col("学号")).alias(STUDENT)).explode(STUDENT)
        single = pl.concat([single, each.filter(pl.col(STUDENT).is_in(students.implode())).select(columns)])
    found = (
        single.filter(pl.col("日期") <= on)
        .sort("日期", maintain_order=True)
        .group_by(STUDENT)
        .agg(
            pl.col("日期", "教师", "类型").last(),
            次数=(pl.col("日期") >= school.settings.term_start).sum(),
            谈心=pl.col("日期").filter(pl.col("类型") == TALK).last(),
        )
    )
    return {row[STUDENT]: row for row in found.iter_rows(named=True)}


def pairings(school: School, on: date, students: pl.Series) -> dict[str, Pairing]:
    """By student, the pairings that run that day. A proxy parent is none of them: it would tell of the home."""
    running = school[PAIRINGS].filter(
        (pl.col("状态") == RUNNING)
        & (pl.col("结束日期").is_null() | (pl.col("结束日期") >= on))
        & pl.col(STUDENT).is_in(students.implode())
    )
    found: dict[str, Pairing] = {}
    for student, kind, teacher, helper in running.select(STUDENT, "类型", "教师", "学习帮手").iter_rows():
        pairing = found.setdefault(student, Pairing([], []))
        if kind == ONE_TO_ONE and teacher:
            pairing.teachers.append(teacher)
        if helper:
            pairing.helpers.append(helper)
    return found


def helper_names(school: School, helpers: Iterable[str]) -> dict[tuple[str, str], str]:
    """(班级, 学号) → 姓名, so that a helper of another class is found in no page."""
    wanted = pl.Series(list(helpers), dtype=pl.String)
    found = school[ROSTER].filter(pl.col("学号").is_in(wanted.implode())).select("班级", "学号", "姓名")
    return {(class_name, number): name for class_name, number, name in found.iter_rows()}


def plans(school: School, on: date, students: pl.Series) -> dict[str, Phase]:
    """By student, the phase not yet done that began last; where none has begun, the one that begins next; where all
    are done, 已完成."""
    mine = school[PLANS].filter(pl.col(STUDENT).is_in(students.implode())).sort("开始", maintain_order=True)
    exams: dict[str | None, str] = {}
    if school.settings.shown_ranks != WITHOUT:
        exams = dict(school[EXAMS].select("考试编号", "名称").drop_nulls().iter_rows())
    found: dict[str, Phase] = {}
    for student, name, goal, exam, level, measures, start, end, done in mine.select(
        STUDENT, "阶段", "目标", "目标考试", "目标等级", "措施", "开始", "结束", "完成"
    ).iter_rows():
        known = found.setdefault(student, _ALL_DONE)
        if done != YES and (known is _ALL_DONE or (start and start <= on)):
            found[student] = Phase(name or "", with_level(goal, exams.get(exam), level), measures or "", end)
    return found


class Staff:
    """Teachers by how they are typed: resolved all at once, asked one by one."""

    def __init__(self, school: School, typed: Iterable[str | None]) -> None:
        teachers = school[TEACHERS]
        cells = pl.Series(sorted({cell for cell in typed if cell}), dtype=pl.String)
        numbers = people.teacher_ids(cells, teachers)
        self._number = dict(zip(cells.to_list(), numbers.to_list(), strict=True))
        self._name = dict(teachers.select("工号", "姓名").iter_rows())
        self._teaches: dict[str, list[str]] = {}
        on_duty = teachers.filter(pl.col("工号").is_not_null() & (pl.col("在岗").fill_null(YES) == YES))
        self._on_duty = set(on_duty["工号"])
        for number, class_names in on_duty.select("工号", people.split(pl.col("任教班级"))).iter_rows():
            for class_name in class_names or ():
                self._teaches.setdefault(class_name, []).append(number)

    def name(self, typed: str | None) -> str:
        """The teacher's name; what was typed where no single teacher fits; empty for none."""
        if not typed:
            return ""
        return self._name.get(self._number.get(typed)) or typed

    def number(self, typed: str | None) -> str:
        """The teacher's 工号; empty where no single teacher fits."""
        return self._number.get(typed or "") or ""

    def labels(self, class_name: str, others: Iterable[str | None]) -> tuple[str, ...]:
        """Those on duty who teach the class, and the others named, as "工号 姓名"."""
        numbers = list(self._teaches.get(class_name, ()))
        numbers += [self._number[typed] for typed in others if typed and self._number[typed] in self._on_duty]
        return tuple(f"{number} {self._name[number]}" for number in dict.fromkeys(numbers))


def listed(parts: Iterable[str]) -> str:
    """Each once, separated by 、."""
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part))
