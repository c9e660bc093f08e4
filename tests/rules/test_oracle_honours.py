"""评优 and the class figures of 考核 against a second reckoning in plain Python (DOMAIN rules 3, 10 and 11)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from statistics import mean

import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.rules.appraisal import appraise
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.honours import honours
from xlbangfu.rules.prizes import award
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School

SEEDS = range(12)
TODAY = "2026-06-30"
BEGAN, ENDED = "2026-02-23", "2026-07-10"
YEAR_OF = {"1班": "初一", "2班": "初一", "3班": "初二"}
EXAMS = {"上期末": "2026-01-20", "下期中": "2026-04-20", "下期末": "2026-06-20"}
MARKS = ("学习态度", "作业", "纪律", "品德", "参与")
STARS = {
    "学习之星": ("学习态度",),
    "进步之星": None,
    "守纪之星": ("纪律",),
    "友善之星": ("品德", "参与"),
    "勤奋之星": ("作业",),
}
Honour = tuple[str, str, str, int]  # 荣誉, 班级, 学号, 顺序


@dataclass
class Student:
    number: str
    class_name: str
    state: str
    left: str
    tracked: bool
    listed: str
    off: str
    scores: dict[str, int | None]
    # month, who marked, the five marks
    marked: list[tuple[str, str, dict[str, int]]] = field(default_factory=list)

    @property
    def here(self) -> bool:
        return self.state == "在读" or self.left > TODAY

    def on_the_list(self, day: str) -> bool:
        return self.tracked and (not self.listed or self.listed <= day) and (not self.off or self.off > day)

    def mean_of(self, names: Iterable[str]) -> float | None:
        """The mean of each mark's mean over the term."""
        each = [[marks[name] for _, _, marks in self.marked if name in marks] for name in names]
        known = [Fraction(sum(some), len(some)) for some in each if some]
        return round(float(sum(known) / len(known)), 6) if known else None


@dataclass
class Drawn:
    students: list[Student]
    exams: list[str]

    def share(self, exam: str, one: Student) -> Fraction | None:
        """The share of the 年级 that did strictly worse."""
        mine = one.scores.get(exam)
        others = [
            each.scores.get(exam) for each in self.students if YEAR_OF[each.class_name] == YEAR_OF[one.class_name]
        ]
        known = [score for score in others if score is not None]
        return None if mine is None else Fraction(sum(score < mine for score in known), len(known))

    def change(self, exam: str, one: Student) -> Fraction | None:
        now, then = self.share(exam, one), self.share("上期末", one)
        return None if now is None or then is None or exam == "上期末" else 100 * (now - then)

    def latest_change(self, one: Student) -> Fraction | None:
        known = [self.change(exam, one) for exam in self.exams[1:]]
        return next((one for one in reversed(known) if one is not None), None)

    def behaved(self, one: Student, since: str, until: str) -> float | None:
        """How much the last marked month in the span is above the school's month before."""
        months = sorted({month for each in self.students for month, _, _ in each.marked})
        found = None
        for before, after in pairwise(months):
            if since <= after <= until:
                rises = self._rises(one, before, after)
                found = mean(mean(some) for some in rises.values()) if rises else found
        return found

    def _rises(self, one: Student, before: str, after: str) -> dict[str, list[float]]:
        def given(month: str) -> dict[tuple[str, str], int]:
            return {(who, name): mark for at, who, marks in one.marked if at == month for name, mark in marks.items()}

        then, now = given(before), given(after)
        found: dict[str, list[float]] = defaultdict(list)
        for key in then.keys() & now.keys():
            found[key[1]].append(now[key] - then[key])
        return found

    def step(self, exam: str, one: Student, until: str) -> int | None:
        """退步 0, 稳定 1, 进步 2, 显著进步 3."""
        change = self.change(exam, one)
        if change is None:
            return None
        level = (change >= 10) + (change >= 3) + (change > -3)
        month = EXAMS[exam][:7]
        behaved = self.behaved(one, f"{month[:5]}{int(month[5:]) - 1:02}", until)
        moved = 0 if behaved is None or abs(round(behaved, 6)) < 0.5 else (1 if behaved > 0 else -1)
        return min(3, max(0, level + moved))

    def came(self, one: Student) -> tuple[str, int] | None:
        """The latest exam with data, sat while on the list, and how far the student came."""
        sat = [exam for exam in self.exams if exam in one.scores and one.on_the_list(EXAMS[exam])]
        for exam in reversed(sat):
            step = self.step(exam, one, TODAY[:7] if exam == sat[-1] else EXAMS[exam][:7])
            if step is not None:
                return exam, step
        return None

    def stars(self, most: int) -> set[Honour]:
        found: set[Honour] = set()
        for class_name in YEAR_OF:
            mine = [one for one in self.students if one.class_name == class_name and one.here]
            queues = {star: self._queue(star, mine) for star in STARS}
            firsts: dict[str, str] = {}
            for star, queue in queues.items():
                free = [number for number in queue if number not in firsts.values()]
                if free:
                    firsts[star] = free[0]
            for star, queue in queues.items():
                ahead = [firsts[star]] if star in firsts else []
                named = [*ahead, *(number for number in queue if number not in ahead)][:most]
                found |= {(star, class_name, number, place) for place, number in enumerate(named, 1)}
        return found

    def _queue(self, star: str, mine: list[Student]) -> list[str]:
        names = STARS[star]
        ranked = []
        for one in mine:
            change = self.latest_change(one)
            worth = change if names is None else self._all_of(one, names)
            if worth is not None and worth > (0 if names is None else 3.999999):
                behaviour = one.mean_of(MARKS)
                order = (-worth, _last(behaviour), _last(change), one.number)
                ranked.append(order)
        return [number for *_, number in sorted(ranked)]

    def _all_of(self, one: Student, names: tuple[str, ...]) -> float | None:
        known = [one.mean_of([name]) for name in names]
        there = [value for value in known if value is not None]
        return round(sum(there) / len(there), 6) if there else None

    def finals(self, most: int, scholarship: str) -> set[Honour]:
        mine = [one for one in self.students if one.here]
        by_room, by_year = (lambda one: one.class_name), (lambda one: YEAR_OF[one.class_name])
        risen = {one.number: self.change("下期末", one) for one in mine}
        conduct = {one.number: one.mean_of(("纪律", "品德")) for one in mine}
        came = {one.number: self._scholar(one) for one in mine}
        return {
            *_best("学业进步生", mine, by_room, most, {n: c for n, c in risen.items() if c is not None and c > 0}),
            *_best("品德优秀生", mine, by_room, most, {n: c for n, c in conduct.items() if c is not None and c >= 4}),
            *_best(scholarship, mine, by_year, most, {n: c for n, c in came.items() if c is not None}),
        }

    def _scholar(self, one: Student) -> Fraction | None:
        """变化 as 进展 shows it, in tenths cut off."""
        came = self.came(one)
        if came is None or came[1] < 2:
            return None
        change = self.change(came[0], one)
        assert change is not None
        return Fraction(int(change * 10), 10) if int(change * 10) > 0 else None

    def classes(self) -> dict[str, tuple[Fraction | None, ...]]:
        """转化率, 进步率 and 辍学率 by class."""
        found: dict[str, tuple[Fraction | None, ...]] = {}
        for class_name in YEAR_OF:
            mine = [one for one in self.students if one.class_name == class_name]
            began = [one for one in mine if one.state == "在读" or one.left >= BEGAN]
            was = [one for one in began if one.tracked and one.listed <= TODAY and (not one.off or one.off >= BEGAN)]
            turned = [one for one in was if one.off and one.off <= TODAY and one.state == "在读"]
            steps = [came[1] for one in mine if (came := self.came(one)) and came[0] != "上期末"]
            lost = [one for one in mine if one.state == "辍学" and BEGAN <= one.left <= TODAY]
            better = [step for step in steps if step >= 2]
            found[class_name] = tuple(
                Fraction(len(part), len(whole)) if whole else None
                for part, whole in ((turned, was), (better, steps), (lost, began))
            )
        return found


def _last(value: float | Fraction | None) -> tuple[bool, float]:
    """The highest first, nothing last."""
    return (value is None, -float(value or 0))


def _best(
    honour: str, mine: list[Student], within: Callable[[Student], str], most: int, worth: dict[str, float | Fraction]
) -> set[Honour]:
    found = set()
    for one in mine:
        if one.number in worth:
            rivals = [worth[each.number] for each in mine if each.number in worth and within(each) == within(one)]
            place = 1 + sum(rival > worth[one.number] for rival in rivals)
            if place <= most:
                found.add((honour, one.class_name, one.number, place))
    return found


def a_school(seed: int, *, final: bool) -> Drawn:
    chance = random.Random(seed)
    exams = list(EXAMS)[: 3 if final else 2]
    days = ["2025-12-01", "2026-01-20", "2026-02-22", "2026-02-23", "2026-04-20", "2026-05-05", TODAY]
    students = []
    for number in range(chance.randrange(4, 45)):
        state = chance.choice(["在读"] * 8 + ["辍学", "转出"])
        listed = chance.choice(["2025-09-01", "2025-09-01", *days])
        off = chance.choice(["", "", *days])
        one = Student(
            number=f"{number:02}",
            class_name=chance.choice(list(YEAR_OF)),
            state=state,
            left="" if state == "在读" else chance.choice(days),
            tracked=chance.random() < 0.6,
            listed=listed,
            off=off if off > listed else "",
            scores={exam: chance.choice([None, *range(20, 100, 4)]) for exam in exams if chance.random() < 0.9},
        )
        lowest = chance.randrange(2, 5)
        for month in ("2026-03", "2026-04", "2026-05", "2026-06"):
            for who in ("班主任", "家长"):
                if chance.random() < 0.5:
                    marks = {name: chance.randrange(lowest, 6) for name in MARKS if chance.random() < 0.9}
                    one.marked.append((month, who, marks))
        students.append(one)
    return Drawn(students, exams)


def as_school(drawn: Drawn) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 异动日期 | 帮扶类别 | 困难类型 | 列入日期 | 退出日期"]
    scores, marks = ["考试编号 | 学号 | 语文"], [" | ".join(["月份", "学号", "评价人", *MARKS])]
    for one in drawn.students:
        kind = "学困 | 学习" if one.tracked else " | "
        roster.append(
            f"{one.number} | 生{one.number} | {one.class_name} | {one.state} | {one.left} | {kind} | {one.listed} | {one.off}"
        )
        scores += [f"{exam} | {one.number} | {mark or '缺考'}" for exam, mark in one.scores.items()]
        for month, who, given in one.marked:
            marks.append(" | ".join([month, one.number, who, *(str(given.get(name, "")) for name in MARKS)]))
    return school(
        {
            "名册": "\n".join(roster),
            "班级": "\n".join(["班级 | 年级", *(" | ".join(pair) for pair in YEAR_OF.items())]),
            "成绩": "\n".join(scores),
            "评价": "\n".join(marks),
            "考试": "\n".join(
                [
                    "考试编号 | 日期 | 学期 | 类型",
                    *(f"{exam} | {EXAMS[exam]} | 2025-2026{exam[0]} | {exam[1:]}" for exam in drawn.exams),
                ]
            ),
        },
        十星="、".join(STARS),
        十星依据="、".join(f"{star}={'+'.join(names) if names else '进展'}" for star, names in STARS.items()),
        计算日期=TODAY,
        学期开始=BEGAN,
        学期结束=ENDED,
    )


def proposed(one: School) -> set[Honour]:
    ranking = rank(one)
    found = honours(one, ranking, award(one, ranking), progress(one, ranking))
    return set(found.select("荣誉", "班级", "学号", "顺序").iter_rows())


@pytest.mark.parametrize("seed", SEEDS)
def test_stars_go_to_those_who_are_found_by_hand(seed: int) -> None:
    drawn = a_school(seed, final=False)
    assert proposed(as_school(drawn)) == drawn.stars(2)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_honours_of_the_final_go_to_those_who_are_found_by_hand(seed: int) -> None:
    drawn = a_school(seed, final=True)
    assert proposed(as_school(drawn)) == drawn.finals(3, "励志奖学金")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rates_of_a_class_and_its_veto_are_those_found_by_hand(seed: int) -> None:
    drawn = a_school(seed, final=True)
    one = as_school(drawn)
    rows = appraise(one, contacts(one), progress(one, rank(one))).filter(pl.col("对象") == "班级")

    found = {name: tuple(rates) for name, *rates in rows.select("名称", "转化率", "进步率", "辍学率").iter_rows()}
    hoped = drawn.classes()
    assert found == {
        class_name: tuple(None if r is None else pytest.approx(float(r)) for r in rates)
        for class_name, rates in hoped.items()
    }
    vetoed = set(rows.filter(pl.col("一票否决").is_not_null())["名称"])
    assert vetoed == {class_name for class_name, (_, _, dropout) in hoped.items() if dropout}
