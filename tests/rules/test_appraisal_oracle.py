"""考核 of teachers reckoned a second time in fractions, for schools drawn at random (DOMAIN rule 11)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import polars as pl
import pytest

from tests.support.drawn import frame, school
from xlbangfu.rules.appraisal import PARTS, appraise
from xlbangfu.rules.school import School
from xlbangfu.schema import APPRAISAL, CONTACTS, PROGRESS

SEEDS = range(25)
BEGAN, ENDED, TODAY = "2026-02-23", "2026-07-10", "2026-06-30"
DAYS = ["2025-10-01", "2026-02-22", BEGAN, "2026-04-20", TODAY, "2026-07-01"]
MONTHS = ("2025-12", "2026-01", "2026-02", "2026-04", "2026-06", "2026-07")
TEACHERS = {"T1": "王", "T2": "李", "T3": "赵", "T4": "钱"}
STUDENTS = ("01", "02", "03", "04", "05")
WORTH = {"显著进步": Fraction(1), "进步": Fraction(4, 5), "稳定": Fraction(1, 2), "退步": Fraction(0)}
EXAMS = {"期末": "2026-01-20", "开学": BEGAN, "下期中": "2026-04-20", "今天": TODAY, "将来": "2026-07-01"}
WEIGHTS = ("30:30:30:10", "25:25:25:25", "0:0:0:100", "33.3:33.3:33.3:0.1")


@dataclass(frozen=True)
class Pairing:
    student: str
    teacher: str
    kind: str
    began: str
    ended: str
    state: str

    @property
    def counts(self) -> bool:
        """Whether the teacher answers for the student on a day of the term up to today."""
        running = self.state == "执行" or (bool(self.ended) and self.ended >= BEGAN)
        return self.kind in ("一对一", "帮扶小组") and self.began <= TODAY and running


@dataclass(frozen=True)
class Drawn:
    weights: str
    fewest: int  # 考核最少记录
    pairings: list[Pairing]
    log: list[tuple[str, str, bool, bool]]  # day, teacher, whether 内容 and 下次安排 are filled
    owed: list[tuple[str, int, int]]  # teacher, 应做, 已做
    steps: list[tuple[str, str, str]]  # exam, student, 进展; the latest exam first
    content: list[tuple[str, str, int | None]]  # month, student, 帮扶满意度

    def students(self, teacher: str) -> set[str]:
        return {one.student for one in self.pairings if one.teacher == teacher and one.student and one.counts}

    def entries(self, teacher: str) -> list[tuple[bool, bool]]:
        return [filled for day, who, *filled in self.log if who == teacher and BEGAN <= day <= TODAY]  # type: ignore[misc]  # a starred name in a comprehension

    def owes(self, teacher: str) -> int:
        return sum(due for who, due, _ in self.owed if who == teacher)

    def shares(self, teacher: str) -> list[Fraction | None]:
        """Of the four parts, from 0 to 1; None without data."""
        entries = self.entries(teacher)
        owed = self.owes(teacher)
        made = sum(done for who, _, done in self.owed if who == teacher)
        worth = [WORTH[step] for step in self.came(teacher)]
        content = [
            mark for month, who, mark in self.content if who in self.students(teacher) and self.in_term(month) and mark
        ]
        return [
            Fraction(sum(all(filled) for filled in entries), len(entries)) if entries else None,
            min(Fraction(1), Fraction(made, owed)) if owed else None,
            sum(worth, Fraction(0)) / len(worth) if worth else None,
            Fraction(sum(content), 5 * len(content)) if content else None,
        ]

    def came(self, teacher: str) -> list[str]:
        """The step of each student with data in the latest exam of the term up to today."""
        latest: dict[str, str] = {}
        for exam, student, step in self.steps:
            if BEGAN <= EXAMS[exam] <= TODAY and step != "数据不足":
                latest.setdefault(student, step)
        return [latest[student] for student in self.students(teacher) if student in latest]

    @staticmethod
    def in_term(month: str) -> bool:
        return BEGAN[:7] <= month <= TODAY[:7]

    def rows(self) -> list[tuple[str, float | None, list[float | None]]]:
        """名称, 总分 and the parts, in tenths; each part is the rise of the rounded running sum."""
        weights = [Fraction(weight) for weight in self.weights.split(":")]
        found = []
        for teacher, name in TEACHERS.items():
            if not self.students(teacher) and not self.entries(teacher) and not self.owes(teacher):
                continue
            shares = self.shares(teacher)
            whole = sum(weight for weight, share in zip(weights, shares, strict=True) if share is not None)
            parts: list[float | None] = []
            running, before = Fraction(0), 0
            for weight, share in zip(weights, shares, strict=True):
                if share is None or not whole:
                    parts.append(None)
                    continue
                running += share * weight * 100 / whole
                upto = floor(running * 10 + Fraction(1, 2))
                parts.append((upto - before) / 10)
                before = upto
            found.append((f"{teacher} {name}", before / 10 if whole else None, parts))
        return sorted(found, key=lambda row: (row[1] is None, self.has_few(row[0]), -(row[1] or 0), row[0]))

    def has_few(self, label: str) -> bool:
        """Whether the teacher's entries are too few to come before others; not where entries have no weight."""
        return not self.weights.startswith("0:") and len(self.entries(label.split(" ")[0])) < self.fewest


def a_school(seed: int) -> Drawn:
    chance = random.Random(seed)
    exams = sorted(EXAMS, key=lambda exam: EXAMS[exam], reverse=True)
    teachers = list(TEACHERS)
    return Drawn(
        weights=chance.choice(WEIGHTS),
        fewest=chance.choice([0, 2, 5]),
        pairings=[
            Pairing(
                student=chance.choice([*STUDENTS, *STUDENTS, ""]),
                teacher=chance.choice(teachers),
                kind=chance.choice(["一对一", "帮扶小组", "学习帮手", "代管家长"]),
                began=chance.choice(["", *DAYS]),
                ended=chance.choice(["", *DAYS]),
                state=chance.choice(["执行", "结束"]),
            )
            for _ in range(chance.randrange(1, 16))
        ],
        log=[
            (chance.choice(DAYS), chance.choice(teachers), chance.random() < 0.8, chance.random() < 0.6)
            for _ in range(chance.randrange(15))
        ],
        owed=[
            (chance.choice(teachers), chance.randrange(4), chance.randrange(5)) for _ in range(chance.randrange(1, 9))
        ],
        steps=[
            (exam, student, chance.choice([*WORTH, "数据不足"]))
            for exam in exams
            for student in STUDENTS
            if chance.random() < 0.6
        ],
        content=[
            (chance.choice(MONTHS), chance.choice(STUDENTS), chance.choice([None, 1, 2, 3, 4, 5]))
            for _ in range(chance.randrange(12))
        ],
    )


def as_school(drawn: Drawn) -> School:
    pairings = ["结对编号 | 学号 | 类型 | 教师 | 开始日期 | 结束日期 | 状态"]
    pairings += [
        f"J{at} | {one.student} | {one.kind} | {one.teacher} | {one.began} | {one.ended} | {one.state}"
        for at, one in enumerate(drawn.pairings)
    ]
    log = ["记录编号 | 日期 | 学号 | 教师 | 类型 | 内容 | 下次安排"]
    log += [
        f"L{at} | {day} | 01 | {TEACHERS[who]} | 谈心 | {'谈' if content else ''} | {'再谈' if later else ''}"
        for at, (day, who, content, later) in enumerate(drawn.log)
    ]
    marks = ["月份 | 学号 | 评价人 | 帮扶满意度"]
    marks += [f"{month} | {student} | 家长 | {mark or ''}" for month, student, mark in drawn.content]
    return school(
        {
            "名册": "学号 | 姓名 | 班级 | 在籍状态\n" + "\n".join(f"{one} | 生{one} | 1班 | 在读" for one in STUDENTS),
            "教师": "工号 | 姓名\n" + "\n".join(f"{number} | {name}" for number, name in TEACHERS.items()),
            "考试": "考试编号 | 日期\n" + "\n".join(f"{exam} | {day}" for exam, day in EXAMS.items()),
            "结对": "\n".join(pairings),
            "记录": "\n".join(log),
            "评价": "\n".join(marks),
            "成绩": "考试编号 | 学号",
        },
        学期开始=BEGAN,
        学期结束=ENDED,
        计算日期=TODAY,
        考核权重=drawn.weights,
        考核最少记录=str(drawn.fewest),
    )


def appraised(drawn: Drawn) -> pl.DataFrame:
    owed = ["学号 | 责任教师 | 应做 | 已做", *(f"01 | {who} | {due} | {done}" for who, due, done in drawn.owed)]
    came = ["考试编号 | 学号 | 进展", *(" | ".join(step) for step in drawn.steps)]
    return appraise(as_school(drawn), frame(CONTACTS, "\n".join(owed)), frame(PROGRESS, "\n".join(came)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_and_the_score_of_every_teacher_are_those_found_by_hand(seed: int) -> None:
    drawn = a_school(seed)

    found = appraised(drawn)

    teachers = found.filter(pl.col("对象") == "教师")
    rows = [(name, total, parts) for name, total, *parts in teachers.select("名称", "总分", *PARTS).iter_rows()]
    assert rows == drawn.rows()
    assert dict(found.schema) == APPRAISAL.frame_schema
