"""Teachers where places are short, and peer helpers, against a search through all that is possible (DOMAIN rule 6)."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.rules.pairing import propose
from xlbangfu.rules.school import School

SEEDS = range(12)
YEAR_OF = {"1班": "初一", "2班": "初一", "3班": "初二"}
SUBJECTS = ("语文", "数学")


@dataclass(frozen=True)
class Teacher:
    number: str
    role: str
    subjects: tuple[str, ...]
    class_names: tuple[str, ...]
    limit: int | None
    on_duty: bool


@dataclass(frozen=True)
class Student:
    number: str
    class_name: str
    tracked: bool
    key: bool
    weak: tuple[str, ...]
    marks: tuple[int | None, ...]  # of SUBJECTS
    has: str | None  # the teacher of a running 一对一
    locked: bool


@dataclass(frozen=True)
class Drawn:
    teachers: list[Teacher]
    students: list[Student]
    homeroom: dict[str, str]
    usual: int

    @cached_property
    def on_duty(self) -> list[Teacher]:
        return [one for one in self.teachers if one.on_duty]

    @cached_property
    def load(self) -> Counter[str]:
        return Counter(one.has for one in self.students if one.has)

    @cached_property
    def waiting(self) -> list[Student]:
        return [one for one in self.students if one.tracked and not one.has]

    def room_left(self, teacher: Teacher) -> int:
        limit = self.usual if teacher.limit is None else teacher.limit
        return max(0, limit - self.load[teacher.number])

    def cost(self, one: Student, teacher: Teacher) -> int:
        class_names = {
            *teacher.class_names,
            *(class_name for class_name, who in self.homeroom.items() if who == teacher.number),
        }
        weak = bool(set(one.weak) & set(teacher.subjects))
        same_year = any(YEAR_OF[class_name] == YEAR_OF[one.class_name] for class_name in class_names)
        prices = [6]
        if one.key and teacher.role in ("行政", "校长"):
            prices.append(0)
        if one.class_name in class_names and weak:
            prices.append(0)
        if self.homeroom.get(one.class_name) == teacher.number:
            prices.append(1)
        if same_year:
            prices.append(2 if weak else 4)
        return min(prices)

    def best(self) -> tuple[int, int, int, int]:
        """Left without (fewest), cost (least), Σ load² (least), key students served (most, so negative)."""
        return min(self._ways(0, Counter()))

    def _ways(self, place: int, given: Counter[str]) -> Iterator[tuple[int, int, int, int]]:
        if place == len(self.waiting):
            loads = (self.load[one.number] + given[one.number] for one in self.on_duty)
            yield 0, 0, sum(load * load for load in loads), 0
            return
        one = self.waiting[place]
        for left, cost, square, keys in self._ways(place + 1, given):
            yield left + 1, cost, square, keys
        for teacher in self.on_duty:
            if given[teacher.number] < self.room_left(teacher):
                given[teacher.number] += 1
                for left, cost, square, keys in self._ways(place + 1, given):
                    yield left, cost + self.cost(one, teacher), square, keys - one.key
                given[teacher.number] -= 1

    def helpers_of(self, one: Student) -> dict[str, int]:
        """The free classmates in the top 20 % in a weak subject, with their best place there."""
        found: dict[str, int] = {}
        for subject in one.weak:
            column = SUBJECTS.index(subject)
            marks = {mate.number: mate.marks[column] for mate in self.students if mate.class_name == one.class_name}
            known = {number: mark for number, mark in marks.items() if mark is not None}
            top = max(1, math.ceil(len(known) / 5))
            for number, mark in known.items():
                place = 1 + sum(other > mark for other in known.values())
                mate = next(each for each in self.students if each.number == number)
                if place <= top and not mate.tracked:
                    found[number] = min(place, found.get(number, place))
        return found

    def best_helpers(self) -> tuple[int, int]:
        """Students without a helper, and the sum of the helpers' places."""
        asked = [one for one in self.students if one.tracked and one.weak]

        def ways(place: int, used: frozenset[str]) -> Iterator[tuple[int, int]]:
            if place == len(asked):
                yield 0, 0
                return
            for left, places in ways(place + 1, used):
                yield left + 1, places
            for number, at in self.helpers_of(asked[place]).items():
                if number not in used:
                    for left, places in ways(place + 1, used | {number}):
                        yield left, places + at

        return min(ways(0, frozenset()))


def a_school(seed: int) -> Drawn:
    chance = random.Random(seed)
    class_names = list(YEAR_OF)
    teachers = [
        Teacher(
            number=f"T{number}",
            role=chance.choice(["任课教师", "任课教师", "行政", "校长"]),
            subjects=tuple(chance.sample(SUBJECTS, chance.randrange(0, 2))),
            class_names=tuple(chance.sample(class_names, chance.randrange(0, 3))),
            limit=chance.choice([None, None, 0, 1, 2]),
            on_duty=chance.random() < 0.9,
        )
        for number in range(chance.randrange(2, 5))
    ]
    students = []
    for number in range(chance.randrange(8, 26)):
        tracked = number < 6
        has = chance.choice([None, None, None, chance.choice(teachers).number]) if tracked else None
        students.append(
            Student(
                number=f"{number:02}",
                class_name=chance.choice(class_names),
                tracked=tracked,
                key=tracked and chance.random() < 0.4,
                weak=tuple(sorted(chance.sample(SUBJECTS, chance.randrange(0, 3)))) if tracked else (),
                marks=tuple(chance.choice([None, *range(20, 100, 5)]) for _ in SUBJECTS),
                has=has,
                locked=chance.random() < 0.5,
            )
        )
    homeroom = {class_name: chance.choice(teachers).number for class_name in class_names if chance.random() < 0.7}
    return Drawn(teachers, students, homeroom, usual=chance.randrange(0, 3))


def as_school(drawn: Drawn) -> School:
    staff = ["工号 | 姓名 | 角色 | 任教科目 | 任教班级 | 帮扶上限 | 在岗"]
    for teacher in drawn.teachers:
        limit = "" if teacher.limit is None else teacher.limit
        cells = (teacher.role, "、".join(teacher.subjects), "、".join(teacher.class_names), limit)
        staff.append(
            " | ".join([teacher.number, f"师{teacher.number}", *map(str, cells), "是" if teacher.on_duty else "否"])
        )
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 困难学科"]
    pairs = ["结对编号 | 学号 | 类型 | 教师 | 开始日期 | 状态 | 锁定"]
    marks = [" | ".join(["考试编号", "学号", *SUBJECTS])]
    for one in drawn.students:
        tracked, key = "学困" if one.tracked else "", "是" if one.key else "否"
        roster.append(
            f"{one.number} | 生{one.number} | {one.class_name} | 在读 | {tracked} | {key} | {'、'.join(one.weak)}"
        )
        marks.append(" | ".join(["期中", one.number, *("" if mark is None else str(mark) for mark in one.marks)]))
        if one.has:
            lock = "是" if one.locked else "否"
            pairs.append(f"P{one.number} | {one.number} | 一对一 | {one.has} | 2025-09-15 | 执行 | {lock}")
    class_names = [
        f"{class_name} | {year} | {drawn.homeroom.get(class_name, '')}" for class_name, year in YEAR_OF.items()
    ]
    return school(
        {
            "教师": "\n".join(staff),
            "名册": "\n".join(roster),
            "结对": "\n".join(pairs),
            "成绩": "\n".join(marks),
            "班级": "\n".join(["班级 | 年级 | 班主任", *class_names]),
        },
        每师上限=str(drawn.usual),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_way_serves_more_costs_less_is_more_even_or_has_more_key_students(seed: int) -> None:
    drawn = a_school(seed)
    found = propose(as_school(drawn))
    rows = found.rows.filter(pl.col("类型") == "一对一").select("学号", "教师", "代价")

    by_number = {one.number: one for one in drawn.waiting}
    given = {number: name.split()[0] if name else None for number, name, _ in rows.iter_rows()}
    assert given.keys() == by_number.keys()
    staff = {one.number: one for one in drawn.on_duty}
    taken = Counter(name for name in given.values() if name)
    assert all(count <= drawn.room_left(staff[number]) for number, count in taken.items())
    for number, _, price in rows.drop_nulls("教师").iter_rows():
        assert price == drawn.cost(by_number[number], staff[str(given[number])])

    left = [number for number, name in given.items() if not name]
    cost = int(rows["代价"].sum() or 0)
    square = sum((drawn.load[number] + taken[number]) ** 2 for number in staff)
    keys = sum(by_number[number].key for number, name in given.items() if name)
    best = drawn.best()
    assert (len(left), cost, square) == best[:3]
    if left:
        assert -keys == best[3]
        missing = f"还差 {len(left)} 个名额"
        assert any(missing in sentence for sentence in found.short)


@pytest.mark.parametrize("seed", SEEDS)
def test_helpers_are_free_classmates_at_the_top_one_each_and_serve_most(seed: int) -> None:
    drawn = a_school(seed)
    rows = propose(as_school(drawn)).rows.filter(pl.col("类型") == "学习帮手").select("学号", "学习帮手")
    pairs = {number: str(name).split()[0] for number, name in rows.iter_rows()}
    asked = {one.number: one for one in drawn.students if one.tracked and one.weak}

    for number, helper in pairs.items():
        assert helper in drawn.helpers_of(asked[number])
    assert len(set(pairs.values())) == len(pairs)
    places = sum(drawn.helpers_of(asked[number])[helper] for number, helper in pairs.items())
    assert (len(asked) - len(pairs), places) == drawn.best_helpers()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_limit_that_is_said_to_be_enough_is_enough_and_the_lowest(seed: int) -> None:
    drawn = a_school(seed)
    short = [sentence for sentence in propose(as_school(drawn)).short if sentence.startswith("一对一")]
    if short and "提到" in short[0]:
        limit = int(short[0].split("提到 ")[1].split(" ")[0])

        def places(usual: int) -> int:
            return sum(Drawn(drawn.teachers, drawn.students, drawn.homeroom, usual).room_left(t) for t in drawn.on_duty)

        assert places(limit) >= len(drawn.waiting) > places(limit - 1)
    else:
        assert not short or all(teacher.limit is not None for teacher in drawn.on_duty)
