"""All that a paper may ask of the workbook, worked out when it is first asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct, field

from xlbangfu.documents.papers.unnaming import Names
from xlbangfu.documents.privacy import neutral
from xlbangfu.rules import roll
from xlbangfu.rules.people import teacher_ids, teacher_shown
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.validation.check_parts import by_number, each_student
from xlbangfu.schema import AWARDS, CLASSES, LOG, ROSTER, TEACHERS, YES

if TYPE_CHECKING:
    from xlbangfu.rules.effects import Effect
    from xlbangfu.rules.school_report import SchoolReport

SOMEBODY = "某同学"
_FEWEST_SIGNS = 2  # of a name that is looked for in what staff typed


class Source(Struct, frozen=True, kw_only=True, dict=True):
    """A school that is without errors, with 排名, 落实 and 进展 of today (empty for a paper that is not by marks), and 荣誉.

    ``month`` is the first day of the one that a monthly paper is about; ``classes`` are those asked for, all if empty.
    """

    school: School
    ranking: pl.DataFrame
    contacts: pl.DataFrame
    progress: pl.DataFrame
    awards: pl.DataFrame = field(default_factory=AWARDS.empty)
    made: datetime
    month: date
    classes: tuple[str, ...] = ()
    there: list[str] = field(default_factory=list)  # names of the papers made so far
    _typed: dict[str | None, str] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)  # texts in which a student's name stood

    @cached_property
    def report(self) -> SchoolReport:
        from xlbangfu.rules.school_report import school_report

        return school_report(self.school, self.contacts, self.progress)

    @cached_property
    def effects(self) -> list[Effect]:
        from xlbangfu.rules.effects import effects

        return effects(self.school, self.ranking, self.progress)

    @cached_property
    def listed(self) -> pl.DataFrame:
        """名册 of who is on the list and on the roll today, with 年级, by 班级 as the school has them and 学号."""
        today = pl.lit(self.school.today)
        rooms = self.school[CLASSES].select("班级", "年级").unique("班级", keep="first", maintain_order=True)
        on = self.school[ROSTER].filter(roll.tracked(today) & roll.on_roll(today))
        return on.join(rooms.with_row_index("_at"), on="班级", how="left").sort("_at", "学号", nulls_last=True)

    @property
    def on_list(self) -> pl.Expr:
        """Whether a row with 学号 is of a student on the list today."""
        return pl.col("学号").is_in(self.listed["学号"].implode())

    @property
    def keys(self) -> int:
        return int((self.listed["重点"] == YES).sum())

    @property
    def month_end(self) -> date:
        """The last day of the month."""
        return last_day(self.month)

    @property
    def next_month(self) -> tuple[date, date]:
        """First and last day of the month after."""
        first = self.month_end + timedelta(days=1)
        return first, last_day(first)

    @cached_property
    def latest(self) -> pl.DataFrame:
        """The row of 进展 that speaks for each student."""
        from xlbangfu.rules.progress import latest

        return latest(self.progress)

    @cached_property
    def tutors(self) -> dict[str, str]:
        """学号 to the name of who helps."""
        from xlbangfu.rules.responsible import TUTOR, looked_after

        who = looked_after(self.school).select("学号", TUTOR).iter_rows()
        return {student: self.teacher(label) for student, label in who}

    def helped(self, first: date, last: date) -> pl.DataFrame:
        """记录 from one day to another, one row an entry and student: 学号, 类型, 日期, 教师, 内容, 效果 and ``_entry``."""
        return self._entries.filter(pl.col("日期").is_between(first, last))

    @property
    def helped_in_month(self) -> int:
        """How many students."""
        return self.helped(self.month, self.month_end)["学号"].n_unique()

    @cached_property
    def _entries(self) -> pl.DataFrame:
        columns = [STUDENT, "类型", "日期", "教师", "内容", "效果", "_entry"]
        log = self.school[LOG].filter(pl.col("日期") <= self.school.today).with_row_index("_entry")
        single, sessions = by_number(log)
        frames = [single.select(columns)]
        if sessions.height:
            frames.append(each_student(sessions).unique([STUDENT, "_entry"], maintain_order=True).select(columns))
        return pl.concat(frames).drop_nulls(STUDENT).rename({STUDENT: "学号"})

    def typed_teacher(self, typed: str | None) -> str:
        """The name of the teacher whom a cell names, else what stands in it."""
        if typed not in self._typed:
            number = teacher_ids(pl.Series([typed], dtype=pl.String), self.school[TEACHERS]).item()
            self._typed[typed] = self._names_by_number.get(number) or typed or ""
        return self._typed[typed]

    @cached_property
    def _names_by_number(self) -> dict[str, str]:
        return dict(self.school[TEACHERS].select("工号", "姓名").drop_nulls().iter_rows())

    def neutral(self, text: str) -> str:
        """With the outside word for the inside one."""
        return neutral(text, self.school.settings.public_name)

    def public(self, text: str | None) -> str:
        """What staff typed, for readers outside: the outside word for the inside one, and no student by name; who is a
        teacher too may be named."""
        said = self.neutral(text or "")
        found = self._names.replaced(said, SOMEBODY)
        if found != said:
            self.unnamed.append(said)
        return found

    @cached_property
    def _names(self) -> Names:
        staff = set(self.school[TEACHERS]["姓名"].drop_nulls())
        return Names({name for name in self.school[ROSTER]["姓名"].drop_nulls() if len(name) >= _FEWEST_SIGNS} - staff)

    @cached_property
    def teacher_names(self) -> dict[str, str]:
        """How the rules show a teacher, to the name."""
        return dict(self.school[TEACHERS].select(teacher_shown(), "姓名").drop_nulls().iter_rows())

    def teacher(self, label: str | None) -> str:
        return self.teacher_names.get(label or "", label or "")


def last_day(month: date) -> date:
    """The last day of the month that begins on a day.

    >>> last_day(date(2024, 2, 1)).day
    29
    """
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
