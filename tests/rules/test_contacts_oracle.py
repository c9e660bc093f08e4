"""落实 reckoned a second time in loops, for schools drawn at random (DOMAIN rule 8).

The term begins on Monday, 2 March 2026, and has no holiday before the day of the reckoning. Only what is asked for by the
week or fortnight is reckoned here: visits and counselling are due later.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.support.drawn import school
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS

SEEDS = range(10)
BEGAN, TODAY = date(2026, 3, 2), date(2026, 3, 25)
TYPES = ("辅导", "谈心", "作业面批", "家长沟通")
OTHER_TYPES = ("心理咨询", "家访", "活动")
WITH_THE_STUDENT = ("辅导", "谈心", "作业面批", "心理咨询")
CHANNELS, PRIORITIES = ("学生", "父母", "第二监护人"), ("安全", "学习", "生活", "活动")
DAYS = [BEGAN + timedelta(days=step) for step in (-40, -1, 0, 1, *range(4, 30))]


@dataclass(frozen=True)
class Student:
    number: str
    school_class: str
    key: bool
    left_behind: str
    listed: date | None
    guardian: str
    guardian_on_file: bool

    @property
    def counted_from(self) -> date:
        return max(BEGAN, self.listed or BEGAN)


@dataclass(frozen=True)
class Entry:
    day: date
    kind: str
    students: tuple[str, ...]  # 学号; one may stand twice in a session
    by_name: bool
    spoken_to: tuple[str, ...]
    priorities: tuple[str, ...]


Slot = tuple[date, date, date]  # the first day, the last to join, the day when it is due


def slots(kind: str, key: bool) -> Iterator[Slot]:
    """Those of the weeks from the first day of the term, from Monday to Friday each."""
    for week in range(5):
        monday = BEGAN + timedelta(weeks=week)
        wednesday, friday = monday + timedelta(days=2), monday + timedelta(days=4)
        if kind == "家长沟通" and not key:
            if week % 2 == 0:
                yield monday, monday + timedelta(days=7), monday + timedelta(days=11)
        elif kind == "谈心" and key:
            yield monday, monday + timedelta(days=1), wednesday
            yield monday + timedelta(days=3), friday, friday
        else:
            yield monday, wednesday, friday


@dataclass(frozen=True)
class Drawn:
    students: list[Student]
    entries: list[Entry]

    def of(self, one: Student) -> list[Entry]:
        return [entry for entry in self.entries if one.number in entry.students and entry.day <= TODAY]

    def rows(self) -> list[tuple[object, ...]]:
        """学号, 类型, 应做, 已做, 落实率, 上次, 距今天数, 是否过期, 三沟通, 四优先."""
        here = [one for one in self.students if one.counted_from <= TODAY]
        found = [self.row(one, kind) for one in here for kind in TYPES]
        place = {one.number: one.school_class for one in self.students}

        def order(row: tuple[object, ...]) -> tuple[object, ...]:
            number, kind, days, overdue = row[0], row[1], row[6], row[7] == "是"
            longest_ago = (days is not None, -int(str(days or 0))) if overdue else ()
            return (not overdue, *longest_ago, place[str(number)], number, TYPES.index(str(kind)))

        return sorted(found, key=order)

    def row(self, one: Student, kind: str) -> tuple[object, ...]:
        mine = [entry for entry in self.of(one) if entry.kind == kind]
        past = [slot for slot in slots(kind, one.key) if slot[2] <= TODAY]
        owed = sum(latest >= one.counted_from for _, latest, _ in past)
        made = sum(entry.day >= one.counted_from for entry in mine)
        last = max((entry.day for entry in mine), default=None)
        overdue = owed > 0 and (last is None or last < past[-1][0])
        days = None if last is None else (TODAY - last).days
        rate = min(1.0, made / owed) if owed else None
        return (
            one.number, kind, owed, made, rate, last, days, "是" if overdue else "否",
            self.channels(one), self.ticked(one, PRIORITIES, lambda entry: entry.priorities),
        )  # fmt: skip

    def channels(self, one: Student) -> str:
        guarded = one.left_behind == "是" or (one.guardian_on_file and bool(one.guardian))
        wanted = CHANNELS if guarded else CHANNELS[:2]

        def spoken_to(entry: Entry) -> tuple[str, ...]:
            return (*entry.spoken_to, *(["学生"] if entry.kind in WITH_THE_STUDENT else []))

        return self.ticked(one, wanted, spoken_to)

    def ticked(self, one: Student, wanted: tuple[str, ...], parts: Callable[[Entry], tuple[str, ...]]) -> str:
        counted = [entry for entry in self.of(one) if entry.day >= one.counted_from]
        there = {part for entry in counted for part in parts(entry)}
        return " ".join(f"{part}{'√' if part in there else '×'}" for part in wanted)


def a_school(seed: int) -> Drawn:
    chance = random.Random(seed)
    students = [
        Student(
            number=f"{number:02}",
            school_class=chance.choice(["1班", "2班"]),
            key=chance.random() < 0.4,
            left_behind=chance.choice(["是", "否", ""]),
            listed=chance.choice([None, date(2025, 9, 1), *DAYS]),
            guardian=chance.choice(["外婆", ""]),
            guardian_on_file=chance.random() < 0.7,
        )
        for number in range(chance.randrange(3, 8))
    ]
    return Drawn(students, [_an_entry(chance, students) for _ in range(chance.randrange(8, 40))])


def _an_entry(chance: random.Random, students: list[Student]) -> Entry:
    numbers = [one.number for one in students]
    session = chance.random() < 0.3
    named = chance.choices([*numbers, "99", "77"], k=3) if session else [chance.choice(numbers)]
    return Entry(
        day=chance.choice(DAYS),
        kind=chance.choice([*TYPES, *TYPES, *OTHER_TYPES]),
        students=tuple(named),
        by_name=not session and chance.random() < 0.3,
        spoken_to=tuple(chance.sample(CHANNELS, chance.randrange(3)) if chance.random() < 0.4 else ()),
        priorities=tuple(chance.sample(PRIORITIES, chance.randrange(3)) if chance.random() < 0.4 else ()),
    )


def as_school(drawn: Drawn) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 留守 | 列入日期"]
    roster += [
        f"{one.number} | 生{one.number} | {one.school_class} | 在读 | 学困 | {'是' if one.key else ''} | "
        f"{one.left_behind} | {one.listed or ''}"
        for one in drawn.students
    ]
    roster.append("99 | 别人 | 1班 | 在读 | | | |")  # not looked after; and 77 is nobody of 名册
    files = ["学号 | 第二监护人", *(f"{one.number} | {one.guardian}" for one in drawn.students if one.guardian_on_file)]
    log = ["记录编号 | 日期 | 学号 | 姓名 | 教师 | 类型 | 沟通对象 | 优先类"]
    for at, entry in enumerate(drawn.entries):
        number, name = ("", f"生{entry.students[0]}") if entry.by_name else ("、".join(entry.students), "")
        log.append(
            f"L{at} | {entry.day} | {number} | {name} | T1 | {entry.kind} | "
            f"{'、'.join(entry.spoken_to)} | {'，'.join(entry.priorities)}"
        )
    sheets = {
        "名册": "\n".join(roster),
        "档案": "\n".join(files),
        "记录": "\n".join(log),
        "教师": "工号 | 姓名 | 角色 | 在岗\nT1 | 甲师 | 班主任 | 是",
        "班级": "班级 | 年级 | 班主任\n1班 | 初一 | T1\n2班 | 初一 | T1",
        "成绩": "考试编号 | 学号",
    }
    none = dict.fromkeys(("家访次数", "心理咨询次数"), "每学期0")
    return school(sheets, 学期开始=str(BEGAN), 学期结束="2026-07-03", 计算日期=str(TODAY), **none)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_owed_made_reached_and_overdue_is_what_is_found_by_hand(seed: int) -> None:
    drawn = a_school(seed)

    found = contacts(as_school(drawn))

    names = ("学号", "类型", "应做", "已做", "落实率", "上次", "距今天数", "是否过期", "三沟通", "四优先")
    assert found.select(names).rows() == drawn.rows()
    assert dict(found.schema) == CONTACTS.frame_schema
