"""学校一页: the support work of a whole school in six numbers and a row a 年级, for the head (DOMAIN rules 8 and 9).

Counts only: no student is named, and nobody is ranked. Each number comes with what it was before: the list at the start of
the term, contacts a week ago, progress in the exam before. What is not known is None.

* 有进步 are 进步 and 显著进步 among the students with data, in the latest exam of each 年级.
* 落实率 is 已做 ÷ 应做 over all, at most 1, as on the front page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import roll
from xlbangfu.rules.contacts import contacts as contacts_of
from xlbangfu.rules.contacts import paces
from xlbangfu.rules.group_figures import GroupFigures, group_figures
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import School
from xlbangfu.rules.suspects import suspects
from xlbangfu.schema import BEING_RECALLED, CLASSES, EXAMS, ROSTER, SUSPECTED, YES

BETTER, WORSE, UNKNOWN = ("进步", "显著进步"), "退步", "数据不足"
WEEK = timedelta(days=7)
EXAMS_SHOWN = 6


class Contacts(Struct, frozen=True, kw_only=True):
    """Contacts owed and made, how many are overdue and of how many students."""

    owed: int = 0
    made: int = 0
    overdue: int = 0
    students: int = 0

    @property
    def rate(self) -> float | None:
        return min(1.0, self.made / self.owed) if self.owed else None

    @classmethod
    def of(cls, sheet: pl.DataFrame) -> Contacts:
        late = sheet.filter(pl.col("是否过期") == YES)
        owed, made = int(sheet["应做"].sum()), int(sheet["已做"].sum())
        return cls(owed=owed, made=made, overdue=late.height, students=late["学号"].n_unique())


class Progress(Struct, frozen=True, kw_only=True):
    """How many students of those with data are better and how many worse."""

    better: int = 0
    worse: int = 0
    known: int = 0

    @property
    def rate(self) -> float | None:
        return self.better / self.known if self.known else None

    @classmethod
    def of(cls, sheet: pl.DataFrame) -> Progress:
        kinds = sheet["进展"]
        known = sheet.filter(pl.col("进展").is_not_null() & (pl.col("进展") != UNKNOWN)).height
        return cls(better=int(kinds.is_in(BETTER).sum()), worse=int((kinds == WORSE).sum()), known=known)

    def __add__(self, other: Progress) -> Progress:
        sums = (self.better + other.better, self.worse + other.worse, self.known + other.known)
        return Progress(better=sums[0], worse=sums[1], known=sums[2])


class Year(Struct, frozen=True, kw_only=True):
    """One 年级: students on the list, their progress in its latest exam and in the one before, their contacts."""

    name: str
    tracked: int
    progress: Progress
    earlier: Progress
    contacts: Contacts


class SchoolReport(Struct, frozen=True, kw_only=True):
    """All that the page says in numbers."""

    years: tuple[Year, ...]
    tracked: int
    tracked_before: int
    contacts: Contacts
    contacts_before: Contacts
    ready: int
    turned: int
    dropouts: int
    by_exam: tuple[tuple[str, float], ...]
    by_kind: tuple[tuple[str, float], ...]
    suspected: int = 0  # 疑似辍学, not in 劝返 yet
    recalled: int = 0  # in 劝返
    groups: tuple[GroupFigures, ...] = ()

    @property
    def progress(self) -> Progress:
        return sum((year.progress for year in self.years), Progress())

    @property
    def progress_before(self) -> Progress:
        return sum((year.earlier for year in self.years), Progress())


@asks_much
def school_report(school: School, contacts: pl.DataFrame, progress: pl.DataFrame) -> SchoolReport:
    """``contacts`` and ``progress`` are 落实 and 进展 of today."""
    first, last, today = school.settings.term_start, school.settings.term_end, school.today
    roster = school[ROSTER]
    before = contacts_of(replace(school, today=today - WEEK))
    turned = roster.filter(pl.col("退出日期").is_between(first, today), pl.col("帮扶类别").is_not_null())
    at_risk = suspects(school)
    return SchoolReport(
        years=tuple(_years(school, contacts, progress)),
        tracked=_listed(school, today).height,
        tracked_before=_listed(school, first).height,
        contacts=Contacts.of(contacts),
        contacts_before=Contacts.of(before),
        ready=progress.filter(pl.col("建议转化") == YES)["学号"].n_unique(),
        turned=turned.height,
        dropouts=int(roster.select(roll.dropped_out(pl.lit(first), pl.lit(last)).sum()).item()),
        by_exam=tuple(_by_exam(school, progress)),
        by_kind=tuple(_by_kind(school, contacts)),
        suspected=at_risk.filter(pl.col("变化") == SUSPECTED).height,
        recalled=at_risk.filter(pl.col("变化") == BEING_RECALLED).height,
        groups=group_figures(school, contacts, progress),
    )


def _listed(school: School, day: object) -> pl.DataFrame:
    """The students on the list and on the roll on a day."""
    on = pl.lit(day, dtype=pl.Date)
    return school[ROSTER].filter(roll.tracked(on) & roll.on_roll(on))


def _years(school: School, contacts: pl.DataFrame, progress: pl.DataFrame) -> list[Year]:
    """In the order of 班级."""
    rooms = school[CLASSES].select("班级", "年级").unique("班级", keep="first", maintain_order=True)
    of_year = dict(zip(rooms["班级"], rooms["年级"], strict=True))
    listed = _listed(school, school.today)
    found = []
    for name in rooms["年级"].drop_nulls().unique(maintain_order=True):
        mine = [room for room, year in of_year.items() if year == name]
        exams = _latest_first(school, progress.filter(pl.col("年级") == name))
        moved = [Progress.of(frame) for frame in exams[:2]] + [Progress(), Progress()]
        found.append(
            Year(
                name=name,
                tracked=listed.filter(pl.col("班级").is_in(mine)).height,
                progress=moved[0],
                earlier=moved[1],
                contacts=Contacts.of(contacts.filter(pl.col("班级").is_in(mine))),
            )
        )
    return found


def _latest_first(school: School, progress: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows of 进展 of each exam that was held up to today."""
    held = school[EXAMS].filter(pl.col("日期") <= school.today).sort("日期", descending=True, maintain_order=True)
    frames = (progress.filter(pl.col("考试编号") == exam) for exam in held["考试编号"])
    return [frame for frame in frames if frame.height]


def _by_exam(school: School, progress: pl.DataFrame) -> list[tuple[str, float]]:
    """The share that is better in each of the last exams that has data, oldest first."""
    rates = [(str(frame["考试编号"][0]), Progress.of(frame).rate) for frame in _latest_first(school, progress)]
    known = [(exam, rate) for exam, rate in rates if rate is not None]
    return known[:EXAMS_SHOWN][::-1]


def _by_kind(school: School, contacts: pl.DataFrame) -> Sequence[tuple[str, float]]:
    """落实率 of each type of contact, the lowest first."""
    rates = [(kind, Contacts.of(contacts.filter(pl.col("类型") == kind)).rate) for kind in paces(school.settings)]
    return sorted(((kind, rate) for kind, rate in rates if rate is not None), key=lambda pair: pair[1])


def finding(report: SchoolReport) -> str:
    """The page in one sentence: how many are helped, what is overdue, and whether more of them do better than before."""
    late = report.contacts
    overdue = f"过期 {late.overdue} 项（{late.students} 人）" if late.overdue else "没有过期的帮扶"
    return f"在帮扶 {report.tracked} 人，{overdue}；{moved(report)}。"


def moved(report: SchoolReport) -> str:
    """How many do better, and whether more than before."""
    now, before = whole_percent(report.progress.rate), whole_percent(report.progress_before.rate)
    if now is None:
        return "还没有可比的考试"
    if before is None:
        return f"有进步的 {now}%"
    change = now - before
    word = f"比上次{'高' if change > 0 else '低'} {abs(change)} 个百分点" if change else "和上次一样"
    return f"有进步的 {now}%，{word}"


def whole_percent(rate: float | None) -> int | None:
    """A share as it is shown, rounded half up.

    >>> whole_percent(0.125), whole_percent(None)
    (13, None)
    """
    return None if rate is None else int(pl.select(half_up(pl.lit(rate) * 100)).item())
