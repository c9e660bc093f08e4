"""What the head should ask about, with who answers for it: at most ``MOST`` things, the gravest kind first.

In this order: students 疑似辍学, dropouts, overdue contacts of a class, of a teacher, students without a teacher, the type of contact that is made
least, a class whose total fell most, a 年级 where many fell back, risks without an owner, students ready to leave the list.
A class is named and a teacher, never a student. Equal ones: the first by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec import Struct

from xlbangfu.rules import roll
from xlbangfu.rules.class_quality import YearQuality
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.quality_findings import extreme, fall, fallen
from xlbangfu.rules.responsible import labels
from xlbangfu.rules.risks import open_risks
from xlbangfu.rules.school import School
from xlbangfu.rules.school_report import SchoolReport
from xlbangfu.schema import (
    CLASSES,
    ONE_TO_ONE,
    ORGANISATION,
    PAIRINGS,
    ROSTER,
    RUNNING,
    SUPPORT,
    TEACHERS,
    YES,
)

MOST = 5
GOOD_RATE = 0.8  # of a type of contact, below which it is asked about
MANY_WORSE = 0.3
OFFICE, LEADER = "政教处", "组长"


class Question(Struct, frozen=True, kw_only=True):
    """One thing to ask about, and the person or office that answers."""

    text: str
    who: str


def head_questions(
    school: School, report: SchoolReport, contacts: pl.DataFrame, quality: Sequence[YearQuality]
) -> list[Question]:
    """The first five that there are."""
    found = _Finder(school, report, contacts, quality).all()
    return [question for question, _ in zip(found, range(MOST), strict=False)]


class _Finder(Struct, frozen=True):
    school: School
    report: SchoolReport
    contacts: pl.DataFrame
    quality: Sequence[YearQuality]

    def all(self) -> Iterator[Question]:
        yield from self._at_risk()
        yield from self._dropouts()
        yield from self._late_class()
        yield from self._late_teacher()
        yield from self._unpaired()
        yield from self._least_made()
        yield from self._fallen_class()
        yield from self._fallen_year()
        yield from self._risks()
        yield from self._ready()

    def _at_risk(self) -> Iterator[Question]:
        new, known = self.report.suspected, self.report.recalled
        if new or known:
            parts = [
                f"{new} 名学生疑似辍学，还没有列入劝返" if new else "",
                f"{known} 名在劝返，到了哪一步" if known else "",
            ]
            yield Question(text="；".join(part for part in parts if part), who=self._office())

    def _dropouts(self) -> Iterator[Question]:
        settings = self.school.settings
        gone = roll.dropped_out(pl.lit(settings.term_start), pl.lit(settings.term_end))
        left = self.school[ROSTER].filter(gone).group_by("班级").agg(pl.len().alias("_count")).sort("班级")
        rooms = left["班级"].drop_nulls().to_list()
        if left.height:
            where = "、".join(f"{room} {count} 人" for room, count in left.iter_rows() if room)
            yield Question(text=f"本学期辍学：{where}，劝返到哪一步", who=self._homerooms(rooms))

    def _late_class(self) -> Iterator[Question]:
        late = self._late().group_by("班级").agg(pl.len().alias("_count"), pl.col("学号").n_unique().alias("_who"))
        for room, count, who in late.sort("_count", "班级", descending=[True, False]).head(1).iter_rows():
            yield Question(text=f"{room}过期的帮扶最多：{count} 项，{who} 名学生", who=self._homerooms([room]))

    def _late_teacher(self) -> Iterator[Question]:
        late = self._late().drop_nulls("责任教师").group_by("责任教师").agg(pl.len().alias("_count"))
        for label, count in late.sort("_count", "责任教师", descending=[True, False]).head(1).iter_rows():
            name = _name(label)
            yield Question(text=f"{name}老师名下过期 {count} 项，是忘了记还是顾不过来", who=name)

    def _unpaired(self) -> Iterator[Question]:
        running = (pl.col("类型") == ONE_TO_ONE) & (pl.col("状态") == RUNNING)
        paired = self.school[PAIRINGS].filter(running)[STUDENT].drop_nulls()
        today = pl.lit(self.school.today)
        listed = self.school[ROSTER].filter(roll.tracked(today) & roll.on_roll(today))
        alone = listed.filter(~pl.col("学号").is_in(paired.implode())).height
        if alone:
            yield Question(text=f"还有 {alone} 名帮扶学生没有一对一教师", who=self._office())

    def _least_made(self) -> Iterator[Question]:
        for kind, rate in self.report.by_kind[:1]:
            if rate < GOOD_RATE:
                yield Question(text=f"{kind}做得最少：该做的只做了 {rate:.0%}", who=self._office())

    def _fallen_class(self) -> Iterator[Question]:
        falls = {name: (year, change) for year in self.quality for name, change in fallen(year)}
        for name, change in extreme(((name, change) for name, (_, change) in falls.items()), min)[:1]:
            yield Question(text=f"{name}退得最多：{fall(falls[name][0], name, change)}", who=self._patron(name))

    def _fallen_year(self) -> Iterator[Question]:
        worse = [
            (year.name, year.progress.worse / year.progress.known) for year in self.report.years if year.progress.known
        ]
        for name, share in extreme(worse, max)[:1]:
            if share >= MANY_WORSE:
                yield Question(text=f"{name}的帮扶学生退步的占 {share:.0%}，原因在哪里", who=self._office())

    def _risks(self) -> Iterator[Question]:
        count = open_risks(self.school[SUPPORT])
        if count:
            yield Question(text=f"{count} 项风险没有责任人", who=self._leader())

    def _ready(self) -> Iterator[Question]:
        if self.report.ready:
            yield Question(text=f"{self.report.ready} 名学生达到转化条件，要不要退出帮扶", who=self._office())

    def _late(self) -> pl.DataFrame:
        return self.contacts.filter(pl.col("是否过期") == YES, pl.col("班级").is_not_null())

    def _homerooms(self, rooms: Sequence[str]) -> str:
        """The 班主任 of some classes."""
        found = [name for room in rooms if (name := self._of_class(room, "班主任"))]
        return "、".join(dict.fromkeys(found)) or "班主任"

    def _patron(self, room: str) -> str:
        """Who answers for a class: its administrator, else its 班主任."""
        return self._of_class(room, "包班行政") or self._of_class(room, "班主任") or "班主任"

    def _of_class(self, room: str, column: str) -> str:
        cells = self.school[CLASSES].filter(pl.col("班级") == room)[column].drop_nulls()
        named = labels(self.school, cells)["_label"].drop_nulls().to_list() if len(cells) else []
        return _name(named[0]) if named else ""

    def _office(self) -> str:
        """The first teacher at work who is of the office, else the leader."""
        staff = self.school[TEACHERS].filter(pl.col("在岗") == YES, pl.col("角色").str.contains(OFFICE))
        names = staff["姓名"].drop_nulls().to_list()
        return f"{OFFICE} {names[0]}" if names else self._leader()

    def _leader(self) -> str:
        names = self.school[ORGANISATION].filter(pl.col("职务") == LEADER)["姓名"].drop_nulls().to_list()
        return f"{LEADER} {names[0]}" if names else "领导小组"


def _name(label: str) -> str:
    """A teacher's name without the number before it.

    >>> _name("T012 王明")
    '王明'
    """
    return label.rpartition(" ")[2]
