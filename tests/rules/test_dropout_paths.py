"""Every path of 疑似 → 劝返 → 复学, 转出 or 辍学, drawn by hypothesis, beside a plain model; the monthly report counted a second way.

The model knows no frame: a student is in one of five places and keeps a list of what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.drawn import frame, school
from xlbangfu.rules.dropout_months import COUNTS, dropout_months
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.rules.special_groups import GROUPS
from xlbangfu.rules.suspect_acceptance import accept
from xlbangfu.rules.suspects import suspects
from xlbangfu.schema import ABSENCES, CLASSES, RECALLS, ROSTER, Table
from xlbangfu.settings import Settings

FIRST = date(2026, 3, 16)  # a Monday; the days below run into April, around no holiday but 清明
SCHOOL_DAYS = [
    day for step in range(40) if (day := FIRST + timedelta(days=step)).weekday() < 5 and day != date(2026, 4, 6)
]
PEOPLE = {"01": ("初一", ("留守", "单亲")), "02": ("初一", ()), "03": ("初二", ("单亲",))}
AT_SCHOOL, SUSPECT, CASE_OPEN, MOVED, OUT = "在校", "疑似", "劝返", "转出", "辍学"
Event = tuple[str, date]  # 疑似, 劝返, 复学, 转出 or 辍学, and its day


@dataclass
class Pupil:
    """What the model knows of one student."""

    place: str = AT_SCHOOL
    run: list[date] = field(default_factory=list)  # truant days running, up to yesterday
    since: date | None = None  # the 疑似日期 of the last case
    suspected: date | None = None  # that of what is proposed
    listed: str = "在读"
    left: date | None = None
    ended: date | None = None  # the day on which the last case did
    events: list[Event] = field(default_factory=list)

    def come_or_not(self, day: date, truant: bool) -> None:
        """A school day at whose end the student is suspected after three days running, or on the first day of the term."""
        self.run = [*self.run, day] if truant else []
        fresh = self.run[:1] == [FIRST]
        if self.place in (AT_SCHOOL, SUSPECT) and self.run and (fresh or len(self.run) >= 3):
            self.suspected, self.place = self.run[0] if fresh else self.run[2], SUSPECT

    @property
    def is_back(self) -> bool:
        """Whether a case ended in 复学, and 名册 says so."""
        return self.since is not None and self.place == AT_SCHOOL and self.listed == "在读"

    @property
    def proposes(self) -> bool:
        """Whether there is something to tick."""
        found = self.proposal()
        return found is not None and found[0] != "劝返中"

    def proposal(self) -> tuple[str, date | None] | None:
        left = {MOVED: "名册改转出", OUT: "名册改辍学"}
        if self.place in left:
            return None if self.listed != "在读" else (left[self.place], self.since)
        if self.place == CASE_OPEN:
            return "劝返中", self.since
        if self.listed != "在读":  # came back, and may be away again
            return "名册改在读", self.since
        return ("疑似", self.suspected) if self.place == SUSPECT else None


class Paths(RuleBasedStateMachine):
    """One step a day: who is there, a visit, an acceptance."""

    def __init__(self) -> None:
        super().__init__()
        self.at = -1
        self.pupils = {number: Pupil() for number in PEOPLE}
        self.absences: list[str] = []
        self.recalls: list[tuple[str, date, str, str, str, str]] = []

    @property
    def today(self) -> date:
        return SCHOOL_DAYS[max(self.at, 0)]

    def school(self) -> School:
        roster = ["学号 | 姓名 | 班级 | 在籍状态 | 异动日期 | 留守 | 特殊群体"]
        for number, (grade, groups) in PEOPLE.items():
            one, behind = self.pupils[number], "是" if "留守" in groups else ""
            kinds = "、".join(group for group in groups if group != "留守")
            roster.append(f"{number} | 生{number} | {grade}1班 | {one.listed} | {one.left or ''} | {behind} | {kinds}")
        visits = [" | ".join(map(str, row)) for row in self.recalls]
        frames = {
            CLASSES: frame(CLASSES, "班级 | 年级\n初一1班 | 初一\n初二1班 | 初二"),
            ROSTER: frame(ROSTER, "\n".join(roster)),
            ABSENCES: _known(ABSENCES, ["日期 | 学号 | 节次 | 类型", *self.absences]),
            RECALLS: _known(RECALLS, ["学号 | 疑似日期 | 情形 | 劝返日期 | 结果 | 复学日期", *visits]),
        }
        return School(Settings(term_start=FIRST), frames, self.today)

    @initialize(truant=st.sets(st.sampled_from(sorted(PEOPLE))))
    def begin(self, truant: set[str]) -> None:
        self.day(truant)

    @precondition(lambda self: self.at + 1 < len(SCHOOL_DAYS))
    @rule(truant=st.sets(st.sampled_from(sorted(PEOPLE))))
    def day(self, truant: set[str]) -> None:
        self.at += 1
        for number, one in self.pupils.items():
            gone = one.place in (MOVED, OUT)
            if number in truant and (one.listed == "在读" or not gone):  # reported for as long as 名册 has the student
                self.absences.append(f"{self.today} | {number} | 全天 | 旷课")
            if not gone:
                one.come_or_not(self.today, number in truant)

    @rule()
    def three_days_without_the_first(self) -> None:
        for _ in range(3):
            if self.at + 1 < len(SCHOOL_DAYS):
                self.day({"01"})

    @precondition(lambda self: any(one.proposes for one in self.pupils.values()))
    @rule()
    def accept_all(self) -> None:
        found = suspects(self.school())
        accepted = accept(found, found, self.school())
        for number, day, kind in accepted.entered.select("学号", "疑似日期", "情形").iter_rows():
            self.recalls.append((number, day, kind, "", "", ""))
            self.pupils[number].place, self.pupils[number].since = CASE_OPEN, day
            self.pupils[number].events.append(("疑似", day))
        for frames in zip(*(one.rows() for one in accepted.amends), strict=True):
            (number, status), (_, left) = frames
            one = self.pupils[number]
            assert (status, left) == {MOVED: (MOVED, one.ended), OUT: (OUT, one.ended)}.get(one.place, ("在读", None))
            one.listed, one.left = status, left

    @precondition(lambda self: any(one.is_back for one in self.pupils.values()))
    @rule(data=st.data(), day=st.sampled_from([FIRST - timedelta(days=6), FIRST - timedelta(days=5)]))
    def enter_an_older_case_by_hand(self, data: st.DataObject, day: date) -> None:
        self.entered_by_hand(data.draw(st.sampled_from([n for n, one in self.pupils.items() if one.is_back])), day)

    def entered_by_hand(self, number: str, day: date) -> None:
        one = self.pupils[number]
        if not any(row[:2] == (number, day) for row in self.recalls):
            self.recalls.append((number, day, "其他", "", "", ""))
            one.place, one.since = CASE_OPEN, day
            one.events.append(("疑似", day))

    @precondition(lambda self: any(one.place in (CASE_OPEN, OUT) for one in self.pupils.values()))
    @rule(data=st.data(), result=st.sampled_from(["", "仍在劝返", "复学", "转出", "辍学"]))
    def visit(self, data: st.DataObject, result: str) -> None:
        self.visited(
            data.draw(st.sampled_from([n for n, one in self.pupils.items() if one.place in (CASE_OPEN, OUT)])), result
        )

    @rule(
        result=st.sampled_from(["复学", "复学", "复学", "转出", "辍学"]),
        accepts=st.booleans(),
        older=st.booleans(),
        days=st.integers(0, 3),
    )
    def a_whole_case(self, result: str, accepts: bool, older: bool, days: int) -> None:
        """What chance would seldom do in a row: away, entered, visited; and away again, an older case found meanwhile."""
        self.three_days_without_the_first()
        self.accept_all()
        if self.pupils["01"].place in (CASE_OPEN, OUT):
            self.visited("01", result)
        if accepts:
            self.accept_all()
        older = older and self.pupils["01"].is_back
        if older:
            self.entered_by_hand("01", FIRST - timedelta(days=6))
        for _ in range(days):
            if self.at + 1 < len(SCHOOL_DAYS):
                self.day({"01"})
        if older and self.pupils["01"].place == CASE_OPEN:
            self.visited("01", "复学")

    def visited(self, number: str, result: str) -> None:
        one = self.pupils[number]
        if one.place == OUT and result not in ("", "复学"):
            return
        if any(row[0] == number and row[3] == str(self.today) for row in self.recalls):
            return  # one row a visit, one visit a day
        back = str(self.today) if result == "复学" else ""
        self.recalls.append((number, one.since, "连续旷课", str(self.today), result, back))
        one.events.append(("劝返次数", self.today))
        if result in ("复学", "转出", "辍学"):
            one.events.append((result, self.today))
            one.ended = self.today
            one.place = {"复学": AT_SCHOOL, "转出": MOVED, "辍学": OUT}[result]
            one.run = [] if result == "复学" else one.run

    @invariant()
    def the_sheet_says_where_each_student_is(self) -> None:
        seen = sorted(suspects(self.school()).select("学号", "变化", "疑似日期").iter_rows())

        assert seen == [(n, *found) for n, one in self.pupils.items() if (found := one.proposal())]  # one row at most

    def teardown(self) -> None:
        """The monthly report is what happened."""
        seen = {
            tuple(row[:3]): dict(zip(COUNTS, row[3:], strict=True)) for row in dropout_months(self.school()).iter_rows()
        }

        for month in sorted({f"{FIRST:%Y-%m}", f"{self.today:%Y-%m}"}):
            for (scope, name), members in _scopes().items():
                assert seen[month, scope, name] == self.recount(month, members)

    def recount(self, month: str, members: list[str]) -> dict[str, int]:
        ones = [self.pupils[number] for number in members]
        last = min(self.today, date(2026, 4, 30) if month == "2026-04" else date(2026, 3, 31))
        happened = [[what for what, day in one.events if f"{day:%Y-%m}" == month] for one in ones]
        count = {what: sum(what in each for each in happened) for what in ("疑似", "复学", "转出", "辍学")}
        return count | {
            "在籍": sum(one.listed == "在读" or (one.left is not None and one.left > last) for one in ones),
            "帮扶": 0,
            "劝返次数": sum(each.count("劝返次数") for each in happened),
            "劝返中": sum(_open(one.events, last) for one in ones),
        }


def _known(table: Table, rows: list[str]) -> pl.DataFrame:
    """A drawn sheet whose students are named by 学号."""
    return frame(table, "\n".join(rows)).with_columns(pl.col("学号").alias(STUDENT))


def _scopes() -> dict[tuple[str, str], list[str]]:
    found = {("全校", "全校"): list(PEOPLE)}
    for grade in ("初一", "初二"):
        found["年级", grade] = [number for number, (mine, _) in PEOPLE.items() if mine == grade]
    for group in ("留守", "单亲"):
        found["特殊群体", group] = [number for number, (_, groups) in PEOPLE.items() if group in groups]
    return found


def _open(events: list[Event], last: date) -> bool:
    """Whether the last thing that happened up to that day left a case open."""
    past = [what for what, day in events if day <= last and what != "劝返次数"]
    return past[-1:] == ["疑似"]


TestPaths = Paths.TestCase
TestPaths.settings = settings(max_examples=20, stateful_step_count=14, deadline=None)


def test_the_report_has_the_months_of_the_term_the_newest_first_and_groups_with_students_only() -> None:
    machine = Paths()
    machine.at = SCHOOL_DAYS.index(date(2026, 4, 10))

    report = dropout_months(machine.school())

    assert report["月份"].unique(maintain_order=True).to_list() == ["2026-04", "2026-03"]
    assert report.filter(pl.col("月份") == "2026-03")["名称"].to_list() == ["全校", "初一", "初二", "留守", "单亲"]
    assert set(report.filter(pl.col("范围") == "特殊群体")["名称"]) <= set(GROUPS)


def test_who_dropped_out_in_名册_alone_is_counted_once_by_that_day() -> None:
    roster = "学号 | 班级 | 在籍状态 | 异动日期\n01 | 1班 | 辍学 | 2026-03-20\n02 | 1班 | 辍学 | 2026-04-02"
    case = "学号 | 疑似日期 | 情形 | 劝返日期 | 结果\n02 | 2026-03-12 | 其他 | 2026-03-30 | 辍学"

    report = dropout_months(school({"名册": roster, "劝返": case}, 学期开始="2026-03-02", 计算日期="2026-04-20"))

    whole = report.filter(pl.col("范围") == "全校")
    assert dict(whole.select("月份", "辍学").iter_rows()) == {"2026-04": 0, "2026-03": 2}
