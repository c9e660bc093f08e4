"""Plans and 日程 against a second reckoning in plain Python, day by day (DOMAIN rule 7)."""

from __future__ import annotations

import calendar
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import chinese_calendar
import pytest
from holidays import country_holidays

from tests.support.drawn import school
from xlbangfu.rules.plans import plan_rows
from xlbangfu.rules.schedule import KIND, tasks
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import SchoolDays
from xlbangfu.schema import PLANS, ROW

DAY = timedelta(days=1)
PHASES = ("摸底调查", "制定方案", "实施帮扶", "评估调整")
SEEDS = range(20)
Task = tuple[date, str, str | None]  # day, teacher, student


@dataclass(frozen=True)
class Drawn:
    """A small school: what its sheets say, and what a patient reader makes of them."""

    first: date
    last: date
    today: date
    marked: dict[date, str]  # 校历
    students: list[dict[str, str]]
    exams: list[tuple[str, date, str, str]]  # 考试编号, 日期, 类型, 年级
    tutoring: tuple[int, ...]  # weekdays, Monday is 1

    @cached_property
    def days(self) -> list[date]:
        every = [self.first + DAY * n for n in range((self.last - self.first).days + 1)]
        return [day for day in every if self._at_school(day)]

    def _at_school(self, day: date) -> bool:
        said = self.marked.get(day)
        if said in ("放假", "补课"):
            return said == "补课"
        try:
            return bool(chinese_calendar.is_workday(day))
        except (
            NotImplementedError
        ):  # a year that chinesecalendar does not know: weekdays but the holidays (DOMAIN rule 7)
            return day.isoweekday() <= 5 and day not in country_holidays("CN", years=day.year)

    @cached_property
    def weeks(self) -> dict[date, list[date]]:
        found: dict[date, list[date]] = defaultdict(list)
        for day in self.days:
            found[day - DAY * (day.isoweekday() - 1)].append(day)
        return found

    @cached_property
    def months(self) -> dict[tuple[int, int], list[date]]:
        found: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in self.days:
            found[day.year, day.month].append(day)
        return {month: days for month, days in found.items() if len(days) >= 5}

    @cached_property
    def tracked(self) -> list[dict[str, str]]:
        def here(one: dict[str, str]) -> bool:
            listed = not one["列入日期"] or one["列入日期"] <= str(self.today)
            return listed and (not one["退出日期"] or one["退出日期"] > str(self.today))

        return [one for one in self.students if here(one)]

    def counted(self, day: date, one: dict[str, str] | None = None) -> bool:
        """Whether a task of that day is still to come and the student still on the list."""
        there = one is None or not one["退出日期"] or str(day) < one["退出日期"]
        return there and max(self.today, self.first) <= day <= self.last

    def plans(self) -> dict[str, list[tuple[str, date, date]]]:
        """阶段, 开始 and 结束 by 学号."""
        if self.today > self.last:
            return {}
        found = {}
        for one in self.tracked:
            listed = date.fromisoformat(one["列入日期"]) if one["列入日期"] else self.first
            found[one["学号"]] = phases(max(self.first, listed), self.last)
        return {number: rows for number, rows in found.items() if rows}

    def tutored(self) -> Counter[Task]:
        found: Counter[Task] = Counter()
        for monday, days in self.weeks.items():
            for weekday in self.tutoring:
                meant = monday + DAY * (weekday - 1)
                day = min(days, key=lambda each: (abs(each - meant), each))
                found.update((day, tutor(one), one["学号"]) for one in self.tracked if self.counted(day, one))
        return found

    def talks_after_exams(self) -> Counter[Task]:
        found: Counter[Task] = Counter()
        for _, held, kind, years in self.exams:
            if kind in ("单元", "竞赛"):
                continue
            inside = [day for day in self.days if held < day <= held + 7 * DAY]
            after = [day for day in self.days if day > held + 7 * DAY]
            for day in (inside[-1:] or after[:1]) if inside or after else ():
                for one in self.tracked:
                    if (not years or YEAR_OF[one["班级"]] in years.split("、")) and self.counted(day, one):
                        found[day, tutor(one), one["学号"]] += 1
        return found

    def phase_ends(self) -> Counter[Task]:
        found: Counter[Task] = Counter()
        for one in self.tracked:
            for _, _, end in self.plans().get(one["学号"], ()):
                upto = [day for day in self.days if day <= end]
                if upto and self.counted(upto[-1], one):
                    found[upto[-1], tutor(one), one["学号"]] += 1
        return found

    def reviews(self) -> Counter[Task]:
        return self._for_everyone([days[-1] for days in self.months.values()])

    def meetings(self) -> Counter[Task]:
        firsts = []
        for days in self.months.values():
            monday = days[-1] - DAY * (days[-1].isoweekday() - 1)
            firsts.append(min(day for day in days if day >= monday))
        return self._for_everyone(firsts)

    def _for_everyone(self, days: list[date]) -> Counter[Task]:
        teachers = {tutor(one) for one in self.tracked}
        return Counter((day, who, None) for day in days for who in teachers if self.counted(day))


YEAR_OF = {"1班": "初一", "2班": "初二"}
HOMEROOM = {"1班": "T1 甲师", "2班": "T2 乙师"}


def tutor(one: dict[str, str]) -> str:
    return "T3 丙师" if one["帮扶教师"] else HOMEROOM[one["班级"]]


def phases(start: date, last: date) -> list[tuple[str, date, date]]:
    """One week, two weeks, then a month and a month in turn; less than a week left over goes to the phase before."""
    found: list[tuple[str, date, date]] = []
    while start <= last:
        place = len(found)
        name = PHASES[place] if place < 2 else PHASES[2 + place % 2]
        end = start + DAY * (7, 14)[place] - DAY if place < 2 else a_month_after(start) - DAY
        found.append((name, start, min(end, last)))
        start = end + DAY
    if len(found) > 1 and (found[-1][2] - found[-1][1]).days + 1 < 7:
        name, begins, _ = found[-2]
        found[-2:] = [(name, begins, last)]
    return found


def a_month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def a_school(seed: int) -> Drawn:
    chance = random.Random(seed)
    first = date(2025, 8, 20) + DAY * chance.randrange(0, 900)
    last = first + DAY * chance.randrange(10, 150)
    span = (last - first).days

    def some_day(before: int = 0, after: int = 0) -> date:
        return first + DAY * chance.randrange(-before, span + after + 1)

    students = []
    for number in range(chance.randrange(1, 6)):
        listed = chance.choice(["", str(some_day(before=60, after=10))])
        left = chance.choice(["", "", str(some_day(after=20))])
        students.append(
            {
                "学号": f"{number:02}",
                "班级": chance.choice(["1班", "2班"]),
                "列入日期": listed,
                "退出日期": left if left > listed else "",
                "重点": chance.choice(["是", "否"]),
                "帮扶教师": chance.choice(["", "丙师"]),
            }
        )
    exams = [
        (
            f"K{number}",
            some_day(before=20, after=10),
            chance.choice(["期中", "期末", "月考", "摸底", "模拟", "单元", "竞赛"]),
            chance.choice(["", "初一", "初一、初二"]),
        )
        for number in range(chance.randrange(0, 4))
    ]
    kinds = ["放假", "放假", "补课", "考试", "活动"]
    return Drawn(
        first=first,
        last=last,
        today=chance.choice([first, first, some_day(before=30, after=5)]),
        marked={some_day(after=2): chance.choice(kinds) for _ in range(chance.randrange(0, 40))},
        students=students,
        exams=exams,
        tutoring=tuple(sorted(chance.sample(range(1, 8), chance.choice([1, 1, 2])))),
    )


def as_school(one: Drawn) -> School:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 重点 | 列入日期 | 退出日期"]
    pairs = ["结对编号 | 学号 | 类型 | 教师 | 开始日期 | 状态"]
    for each in one.students:
        roster.append(
            f"{each['学号']} | 生{each['学号']} | {each['班级']} | 在读 | 学困 | 学习 | {each['重点']} | "
            f"{each['列入日期']} | {each['退出日期']}"
        )
        if each["帮扶教师"]:
            pairs.append(f"P{each['学号']} | {each['学号']} | 一对一 | 丙师 | 2025-01-01 | 执行")
    names = "一二三四五六日"
    drawn = {
        "名册": "\n".join(roster),
        "结对": "\n".join(pairs),
        "教师": "工号 | 姓名 | 角色 | 在岗\nT1 | 甲师 | 班主任 | 是\nT2 | 乙师 | 班主任 | 是\nT3 | 丙师 | 任课教师 | 是",
        "班级": "班级 | 年级 | 班主任\n1班 | 初一 | T1\n2班 | 初二 | T2",
        "校历": "\n".join(["日期 | 类别", *(f"{day} | {kind}" for day, kind in one.marked.items())]),
        "考试": "\n".join(
            ["考试编号 | 日期 | 类型 | 年级", *(" | ".join([name, str(day), *more]) for name, day, *more in one.exams)]
        ),
        "成绩": "考试编号 | 学号",
    }
    found = school(
        drawn,
        学期开始=str(one.first),
        学期结束=str(one.last),
        计算日期=str(one.today),
        辅导时间="、".join(f"周{names[weekday - 1]} 13:00-15:00" for weekday in one.tutoring),
    )
    written = plan_rows(found).with_row_index(ROW, offset=2).cast({ROW: found[PLANS].schema[ROW]})
    return School.of({**found.frames, PLANS: written}, today=one.today)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_day_and_every_task_is_the_one_that_is_reckoned_by_hand(seed: int) -> None:
    drawn = a_school(seed)
    one = as_school(drawn)

    assert SchoolDays.of(one).days.to_list() == drawn.days

    written: dict[str, list[tuple[str, date, date]]] = defaultdict(list)
    for number, *phase in one[PLANS].sort("学号", "开始").select("学号", "阶段", "开始", "结束").iter_rows():
        written[number].append(tuple(phase))
    assert written == drawn.plans()

    found = tasks(one)
    for kind, expected in {
        "辅导": drawn.tutored(),
        "考后谈心": drawn.talks_after_exams(),
        "计划阶段": drawn.phase_ends(),
        "月度回顾": drawn.reviews(),
        "交流会": drawn.meetings(),
    }.items():
        rows = found.filter(found[KIND] == kind).select("日期", "教师", "学号").iter_rows()
        assert Counter(rows) == expected, kind


@pytest.mark.parametrize("seed", SEEDS)
def test_talks_are_as_many_a_week_as_asked_and_visits_as_many_a_term(seed: int) -> None:
    drawn = a_school(seed)
    found = tasks(as_school(drawn))
    talks = Counter(found.filter(found[KIND] == "谈心").select("学号", "日期").iter_rows())
    visits = Counter(found.filter(found[KIND] == "家访")["学号"])

    for one in drawn.tracked:
        times = 2 if one["重点"] == "是" else 1
        for days in drawn.weeks.values():
            if all(drawn.counted(day, one) for day in days):
                due = [day for day in days for _ in range(talks[one["学号"], day])]
                assert len(due) == min(times, len(days))
                assert due[-1] == days[-1]
        if drawn.days and all(drawn.counted(day, one) for day in drawn.days):
            assert visits[one["学号"]] == min(times, max(1, len(drawn.days) - 10))
