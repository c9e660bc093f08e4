"""A school of two 年级 and three exams, reckoned a second time in fractions and loops (DOMAIN rules 2, 5 and 9).

Marks are coarse, so that places, rises and whole prizes tie; some are 免考, so that the full marks of a group differ.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.support.drawn import school
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.prizes import FIRST, NEXT_TIME, NO_BASELINE, NO_PRIZE, SECOND, THIRD, award
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen
from xlbangfu.schema import ABSENT, BY_NAME, EXEMPT, ROSTER

SEEDS = range(8)
YEAR_OF = {"1班": "初一", "2班": "初一", "3班": "初二"}
FULL_MARKS = {"语文": 100, "数学": 120}
EXAMS = {"期初": "2025-09-10", "期中": "2025-11-10", "期末": "2026-01-20"}
BASELINE_OF = {"期初": None, "期中": "期初", "期末": "期中"}
Entry = int | str
Rates = dict[tuple[str, str], Fraction | None]  # by exam and 学号


@dataclass(frozen=True)
class Student:
    number: str
    school_class: str
    tracked: bool
    listed: str
    off: str
    marks: dict[str, tuple[Entry, Entry]]

    @property
    def year(self) -> str:
        return YEAR_OF[self.school_class]

    def on_the_list(self, exam: str) -> bool:
        day = EXAMS[exam]
        return self.tracked and self.listed <= day and (not self.off or self.off > day)

    def rate(self, exam: str) -> Fraction | None:
        """The share of the full marks of the subjects that the student was not exempt from; None: no rank."""
        entries = zip(self.marks.get(exam, (ABSENT, ABSENT)), FULL_MARKS.values(), strict=True)
        mine = [(entry, full) for entry, full in entries if entry != EXEMPT]
        if not mine or ABSENT in dict(mine):
            return None
        return Fraction(sum(int(entry) for entry, _ in mine), sum(full for _, full in mine))


def a_school(seed: int) -> list[Student]:
    chance = random.Random(seed)

    def entry(full: int) -> Entry:
        roll = chance.random()
        return ABSENT if roll < 0.04 else EXEMPT if roll < 0.14 else full * chance.randrange(2, 11) // 10

    return [
        Student(
            number=f"{number:02}",
            school_class=chance.choice(list(YEAR_OF)),
            tracked=chance.random() < 0.75,
            listed=chance.choice(["", "", "2025-09-10", "2025-11-11"]),
            off=chance.choice(["", "", "", "2026-01-20"]),
            marks={
                exam: (entry(FULL_MARKS["语文"]), entry(FULL_MARKS["数学"])) for exam in EXAMS if chance.random() < 0.95
            },
        )
        for number in range(chance.randrange(30, 70))
    ]


def as_school(students: list[Student], **settings: str) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期 | 退出日期"]
    marks = ["考试编号 | 学号 | 语文 | 数学"]
    for one in students:
        kind = "学困" if one.tracked else ""
        roster.append(f"{one.number} | 生{one.number} | {one.school_class} | 在读 | {kind} | {one.listed} | {one.off}")
        marks += [f"{exam} | {one.number} | {first} | {second}" for exam, (first, second) in one.marks.items()]
    subjects = ["科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分"]
    subjects += [
        f"{name} | {full} | {full * 0.85} | {full * 0.6} | {full * 0.4} | 是" for name, full in FULL_MARKS.items()
    ]
    return school(
        {
            "名册": "\n".join(roster),
            "成绩": "\n".join(marks),
            "科目": "\n".join(subjects),
            "班级": "\n".join(["班级 | 年级", *(" | ".join(pair) for pair in YEAR_OF.items())]),
        },
        **settings,
    )


def rates_of(students: list[Student]) -> Rates:
    return {(exam, one.number): one.rate(exam) for one in students for exam in EXAMS}


def place(mine: Fraction | None, among: list[Fraction | None]) -> int | None:
    return None if mine is None else 1 + sum(other is not None and other > mine for other in among)


def among(
    students: list[Student], rates: Rates, exam: str, alike: Callable[[Student], str], like: Student
) -> list[Fraction | None]:
    return [rates[exam, one.number] for one in students if alike(one) == alike(like)]


@pytest.mark.parametrize("seed", SEEDS)
def test_ranks_in_every_year_and_exam_are_what_counting_the_better_ones_gives(seed: int) -> None:
    students = a_school(seed)
    rates = rates_of(students)

    found = rank(as_school(students))

    hoped = {}
    for one in students:
        for exam in one.marks:
            mine, baseline = rates[exam, one.number], BASELINE_OF[exam]
            of_year = place(mine, among(students, rates, exam, lambda each: each.year, one))
            of_class = place(mine, among(students, rates, exam, lambda each: each.school_class, one))
            then = baseline and place(
                rates[baseline, one.number], among(students, rates, baseline, lambda each: each.year, one)
            )
            moved = then - of_year if then and of_year else None
            hoped[exam, one.number] = (of_year, of_class, baseline, then, moved)
    names = ("年级名次", "班级名次", "基线考试", "基线名次", "进退")
    assert {(row["考试编号"], row["学号"]): tuple(row[name] for name in names) for row in found.to_dicts()} == hoped


@dataclass(frozen=True)
class Placed:
    """A row of 帮扶排名 by the rule."""

    exam: str
    student: Student
    now: int | None
    then: int | None
    rise: Fraction | None
    prize: str

    @property
    def gained(self) -> int | None:
        return self.then - self.now if self.then and self.now else None

    @property
    def order(self) -> tuple[object, ...]:
        gained = -inf if self.gained is None else self.gained
        rise = -inf if self.rise is None else self.rise
        year = list(YEAR_OF.values()).index(self.student.year)
        return (EXAMS[self.exam], year, -gained, -rise, self.prize == NO_BASELINE, self.student.number)


def prizes_of(students: list[Student], exam: str, rates: Rates) -> list[Placed]:
    """帮扶排名 of one exam and the students of one 年级."""
    mine = [one for one in students if one.on_the_list(exam) and exam in one.marks]
    baseline = BASELINE_OF[exam]
    then = {one.number: rates[baseline, one.number] if baseline else None for one in mine}
    now = {one.number: rates[exam, one.number] for one in mine}
    both = [number for number in now if now[number] is not None and then[number] is not None]
    places = {
        number: (
            place(now[number], [now[other] for other in both]),
            place(then[number], [then[other] for other in both]),
        )
        for number in both
    }
    rises = {number: now[number] - then[number] for number in both}  # type: ignore[operator] # neither is None in both
    gained = {number: before - after for number, (after, before) in places.items()}  # type: ignore[operator]  # neither is None in both
    queue = sorted(((gained[number], rises[number]) for number in both if gained[number] > 0), reverse=True)
    first = ceil(Fraction(20, 100) * len(queue))
    second = min(len(queue), max(ceil(Fraction(50, 100) * len(queue)), first + 1))

    def prize(number: str) -> str:
        if now[number] is None:
            return NO_PRIZE
        if then[number] is None:
            return NO_BASELINE
        if gained[number] <= 0:
            return NO_PRIZE
        at = 1 + queue.index((gained[number], rises[number]))
        return FIRST if at <= first else SECOND if at <= second else THIRD

    return [
        Placed(exam, one, *places.get(one.number, (None, None)), rises.get(one.number), prize(one.number))
        for one in mine
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_prizes_in_every_year_and_exam_are_what_the_rule_says_in_plain_steps(seed: int) -> None:
    students = a_school(seed)
    rates = rates_of(students)
    one = as_school(students)

    awarded = award(one, rank(one))
    found = awarded.filter(pl.col("奖项") != NEXT_TIME)  # those who wait for the next exam have no place yet

    hoped = [
        row
        for exam in EXAMS
        for year in dict.fromkeys(YEAR_OF.values())
        for row in prizes_of([each for each in students if each.year == year], exam, rates)
    ]
    names = ("考试编号", "年级", "学号", "组内名次", "基线组内名次", "进步名次", "奖项")
    assert found.select(names).rows() == [
        (row.exam, row.student.year, row.student.number, row.now, row.then, row.gained, row.prize)
        for row in sorted(hoped, key=lambda row: row.order)
    ]
    assert set(found["奖项"]) == {FIRST, SECOND, THIRD, NO_PRIZE, NO_BASELINE}


def half_up(change: Fraction) -> float:
    """A change as percentile points in tenths; a half goes away from zero."""
    return (1 if change >= 0 else -1) * floor(abs(change) * 1000 + Fraction(1, 2)) / 10


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_in_every_year_and_exam_are_of_the_share_that_did_worse(seed: int) -> None:
    students = a_school(seed)
    rates = rates_of(students)
    one = as_school(students)

    def share(of: Student, exam: str | None) -> Fraction | None:
        mine = rates[exam, of.number] if exam else None
        others = (
            [rate for rate in among(students, rates, exam, lambda each: each.year, of) if rate is not None]
            if exam
            else []
        )
        return None if mine is None else Fraction(sum(rate < mine for rate in others), len(others))

    found = progress(one, rank(one)).filter(pl.col("考试编号").is_not_null())

    hoped = {}
    for each in students:
        for exam in each.marks:
            now, then = share(each, exam), share(each, BASELINE_OF[exam])
            if each.on_the_list(exam):
                known = now is not None and then is not None
                hoped[exam, each.number] = round(half_up(now) - half_up(then), 1) if known else None  # type: ignore[arg-type]  # known: neither is None
    assert {(exam, number): change for exam, number, change in found.select("考试编号", "学号", "变化").rows()} == hoped


def of_year(one: School, year: str) -> School:
    """The school with the students of one 年级 alone."""
    classes = [name for name, of in YEAR_OF.items() if of == year]
    return School(one.settings, {**one.frames, ROSTER: one[ROSTER].filter(pl.col("班级").is_in(classes))}, one.today)


RULES: dict[str, Callable[[School], pl.DataFrame]] = {
    "排名": rank,
    "班级汇总": lambda one: class_figures(one, rank(one)),
    "帮扶排名": lambda one: award(one, rank(one)),
    "进展": lambda one: progress(one, rank(one)),
    "排查": lambda one: screen(one, rank(one)),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_by_itself_has_the_rows_that_it_has_beside_another(rule: str, seed: int) -> None:
    both = as_school(a_school(seed))
    here = {name: year for name, year in YEAR_OF.items() if year == "初一"}

    whole = RULES[rule](both)
    alone = RULES[rule](of_year(both, "初一"))

    mine = whole.filter(pl.col("班级").is_in(list(here)))
    assert 0 < mine.height < whole.height
    assert_frame_equal(mine, alone.filter(pl.col("班级").is_in(list(here))))


@pytest.mark.parametrize("rule", RULES)
def test_every_column_has_the_type_of_its_sheet(rule: str) -> None:
    found = RULES[rule](as_school(a_school(1)))

    assert dict(found.select(BY_NAME[rule].names).schema) == BY_NAME[rule].frame_schema
