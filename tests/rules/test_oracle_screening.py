"""排查 and 转化 reckoned a second time in fractions, for years drawn at random (DOMAIN rules 4 and 9).

Marks are missing in every way there is: 缺考, 未录, 免考 in one subject or all, no row at all; students are listed late.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen

SEEDS = range(30)
SUBJECTS = ("语文", "数学", "英语")
FULL, PASS = 100, 60
TODAY = "2026-06-30"
EXAMS = {  # by day
    "期初": ("2025-09-10", "月考"),
    "期中": ("2025-11-10", "期中"),
    "周测": ("2025-12-01", "单元"),
    "期末": ("2026-01-20", "期末"),
    "下期中": ("2026-04-20", "期中"),
    "将来": ("2026-07-05", "期末"),
}
MONTHS = ("2025-05", "2025-10", "2026-03", "2026-05", "2026-06")
REGULAR, BIG = ("期中", "期末", "月考"), ("期中", "期末")
LISTED_ON = ("", "2025-09-01", "2025-11-10", "2025-12-15", "2026-03-01", "2026-05-01")
STUDY, CONDUCT, BOTH = "学习", "行为规范", "双重"
Entry = int | str | None


@dataclass(frozen=True)
class Student:
    number: str
    school_class: str
    tracked: bool
    difficulty: str
    listed: str
    marks: dict[str, list[Entry]]  # by exam; without a row, no key
    conduct: dict[str, tuple[int, int]]  # by month: 纪律, 品德


@dataclass(frozen=True)
class Year:
    students: list[Student]
    share: Fraction
    failing: int
    asked: int

    def held(self, kinds: tuple[str, ...], last: int) -> list[str]:
        """The last exams of some kinds up to today in which anyone of the year has a row."""
        sat = [
            exam
            for exam, (day, kind) in EXAMS.items()
            if kind in kinds and day <= TODAY and any(exam in one.marks for one in self.students)
        ]
        return sat[-last:]

    def rates(self, exam: str, school_class: str | None = None) -> list[Fraction]:
        """Of those ranked in the year, or in a class."""
        here = [one for one in self.students if school_class in (None, one.school_class)]
        return [rate for one in here if (rate := ranked_rate(one, exam)) is not None]

    def meets(self, one: Student, exam: str) -> bool | None:
        """Whether the conditions are met; None where the exam says nothing of the student."""
        if not whole(one, exam):
            return None
        mine, others = rate(one, exam), self.rates(exam)
        below = sum(other < mine for other in others)
        share = Fraction(below, len(others) + (ranked_rate(one, exam) is None))
        failed = sum(entry == "缺考" or (isinstance(entry, int) and entry < PASS) for entry in one.marks[exam])
        return share < self.share or failed >= self.failing

    def turned_around(self, one: Student) -> bool:
        by_marks = one.difficulty != CONDUCT
        by_conduct = one.difficulty in (CONDUCT, BOTH)
        return (not by_marks or self.marks_turned(one)) and (not by_conduct or conduct_turned(one))

    def marks_turned(self, one: Student) -> bool:
        exams = [exam for exam in self.held(BIG, 2) if EXAMS[exam][0] >= one.listed]
        return len(exams) == 2 and all(self.clear(one, exam) for exam in exams)

    def clear(self, one: Student, exam: str) -> bool:
        mine = ranked_rate(one, exam)
        if mine is None:
            return False
        in_class = self.rates(exam, one.school_class)
        return mine >= sum(in_class, Fraction(0)) / len(in_class) or self.meets(one, exam) is False

    def proposal(self, one: Student) -> tuple[str, str | None] | None:
        """变化 and 困难类型 of the row with 建议类别 学困; None where there is none."""
        window = self.held(REGULAR, self.asked)
        told = [meets for exam in window if (meets := self.meets(one, exam)) is not None]
        study = len(told) >= self.asked and all(told)
        conduct = conduct_bad(one)
        kind = BOTH if study and conduct else STUDY if study else CONDUCT if conduct else None
        if one.tracked:
            leaves = self.turned_around(one)
            return ("可退出" if leaves else "保留"), kind or one.difficulty or None
        if kind:
            return "新增", kind
        undecided = bool(window) and len(told) < self.asked and all(told)
        return ("待定", STUDY) if undecided else None


def counted(one: Student, exam: str) -> list[Entry]:
    return [entry for entry in one.marks[exam] if entry != "免考"]


def whole(one: Student, exam: str) -> bool:
    return exam in one.marks and None not in one.marks[exam] and bool(counted(one, exam))


def rate(one: Student, exam: str) -> Fraction:
    entries = counted(one, exam)
    return Fraction(sum(entry for entry in entries if isinstance(entry, int)), FULL * len(entries))


def ranked_rate(one: Student, exam: str) -> Fraction | None:
    return rate(one, exam) if whole(one, exam) and "缺考" not in one.marks[exam] else None


def last_months(one: Student) -> list[tuple[str, Fraction]]:
    """Of this school year."""
    mine = sorted(month for month in one.conduct if month >= "2025-09")
    return [(month, Fraction(sum(one.conduct[month]), 2)) for month in mine[-2:]]


def conduct_bad(one: Student) -> bool:
    months = last_months(one)
    return len(months) == 2 and all(mean <= 2 for _, mean in months)


def conduct_turned(one: Student) -> bool:
    months = last_months(one)
    return len(months) == 2 and all(mean >= 4 and month >= one.listed[:7] for month, mean in months)


def a_year(seed: int) -> Year:
    chance = random.Random(seed)
    exams = [exam for exam in EXAMS if chance.random() < 0.8] or ["期中"]

    def entries(ability: int) -> Iterator[Entry]:
        if chance.random() < 0.06:
            yield from ("免考",) * len(SUBJECTS)
            return
        for _ in SUBJECTS:
            roll = chance.random()
            mark = min(FULL, max(0, ability + chance.randrange(-15, 16)))
            yield "缺考" if roll < 0.04 else None if roll < 0.09 else "免考" if roll < 0.12 else mark

    def student(number: int) -> Student:
        tracked, ability = chance.random() < 0.5, chance.randrange(20, 100)
        mood = chance.choice((1, 3, 5))
        return Student(
            number=f"{number:02d}",
            school_class=chance.choice(("1班", "2班")),
            tracked=tracked,
            difficulty=chance.choice(("", STUDY, CONDUCT, BOTH)) if tracked else "",
            listed=chance.choice(LISTED_ON) if tracked else "",
            marks={exam: list(entries(ability)) for exam in exams if chance.random() < 0.85},
            conduct={
                month: (chance.choice((mood, 3)), mood)
                for month in MONTHS
                if chance.random() < chance.choice((0.3, 0.9))
            },
        )

    return Year(
        students=[student(number) for number in range(chance.randrange(6, 30))],
        share=chance.choice((Fraction(8, 100), Fraction(30, 100))),
        failing=chance.choice((1, 2, 3)),
        asked=chance.choice((1, 2, 3)),
    )


def as_school(year: Year) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 列入日期"]
    marks = [f"考试编号 | 学号 | {' | '.join(SUBJECTS)}"]
    months = ["月份 | 学号 | 评价人 | 纪律 | 品德"]
    for one in year.students:
        listed = "学困" if one.tracked else ""
        roster.append(f"{one.number} | 生 | {one.school_class} | 在读 | {listed} | {one.difficulty} | {one.listed}")
        for exam, entries in one.marks.items():
            marks.append(" | ".join([exam, one.number, *("" if entry is None else str(entry) for entry in entries)]))
        months += [
            f"{month} | {one.number} | 班主任 | {order} | {good}" for month, (order, good) in one.conduct.items()
        ]
    exams = ["考试编号 | 日期 | 学期 | 类型"]
    exams += [f"{exam} | {day} | {'上' if day < '2026-02' else '下'} | {kind}" for exam, (day, kind) in EXAMS.items()]
    return school(
        {"名册": "\n".join(roster), "成绩": "\n".join(marks), "评价": "\n".join(months), "考试": "\n".join(exams)},
        排查百分位=f"{float(year.share):.0%}",
        排查不及格科数=str(year.failing),
        排查考试数=str(year.asked),
        边缘区间="0",
        计算日期=TODAY,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_proposed_stays_waits_or_may_leave_is_who_was_found_by_hand(seed: int) -> None:
    year = a_year(seed)
    one = as_school(year)

    found = screen(one, rank(one)).filter(pl.col("建议类别") == "学困")

    hoped = {each.number: proposal for each in year.students if (proposal := year.proposal(each))}
    borderline = set(screen(one, rank(one)).filter(pl.col("建议类别") == "边缘")["学号"])
    assert {number: (change, kind) for number, change, kind in found.select("学号", "变化", "困难类型").rows()} == {
        number: proposal for number, proposal in hoped.items() if number not in borderline
    }
    assert found["理由"].null_count() == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_progress_and_screening_agree_on_who_may_leave_the_list(seed: int) -> None:
    year = a_year(seed)
    one = as_school(year)
    ranking = rank(one)

    may_leave = set(screen(one, ranking).filter(pl.col("变化") == "可退出", pl.col("建议类别") == "学困")["学号"])
    proposed = set(progress(one, ranking).filter(pl.col("建议转化") == "是")["学号"])

    assert proposed == may_leave == {each.number for each in year.students if each.tracked and year.turned_around(each)}


def test_the_drawn_years_have_every_case() -> None:
    years = [a_year(seed) for seed in SEEDS]
    proposals = [year.proposal(one) for year in years for one in year.students]

    assert {proposal[0] for proposal in proposals if proposal} == {"新增", "待定", "保留", "可退出"}
