"""A school as the rules see it: its settings and its frames.

Frames are as ``Book.read`` gives them: typed, stripped, with ROW and KEY. Here, once, a column is added and names are brought
in line:

* every sheet that names a student (学号, 姓名, 班级) gets ``STUDENT``: the 学号 found in 名册, null if none or no single
  one agrees; for 记录, where several 学号 may stand in one cell, it is the first (``people.split`` gives them all);
* other students that a row names (学习帮手, 参与学生) are their 学号 where it is sure who is meant;
* a class or 年级 that is spelled otherwise than in 班级 is brought in line where that is sure (``class_spelling``);
* a cell that names a teacher stays as typed; ``people.teacher_ids`` resolves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, partial, wraps
from typing import Any, TypeVar, cast

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import people, problems
from xlbangfu.rules.class_names import ClassNames
from xlbangfu.rules.class_spelling import in_one_spelling, rooms_as_listed, school_classes
from xlbangfu.schema import CLASSES, ROSTER, ROW, SCORES, SETTINGS, Table, state_of, subjects_in
from xlbangfu.settings import Settings

STUDENT = people.STUDENT
Answer = TypeVar("Answer")


class School(Struct, frozen=True, dict=True):
    """All that a rule may ask: ``school[SCORES]`` is a frame, ``school.settings`` one frozen object."""

    settings: Settings
    frames: Mapping[Table, pl.DataFrame]
    today: date

    @classmethod
    @asks_much
    def of(cls, frames: Mapping[Table, pl.DataFrame], *, today: date) -> School:
        """A school from frames that were read; those not read are empty. 「计算日期」 goes before ``today``."""
        settings = Settings.of(frames.get(SETTINGS, SETTINGS.empty()), today=today)
        day = settings.as_of or today
        spelled = in_one_spelling(frames, settings, day)
        roster = spelled.get(ROSTER, ROSTER.empty())
        students = people.Known.of(roster)
        known = {
            table: _with_student(table, frame, students, partial(rooms_as_listed, frame["班级"], frames, settings, day))
            if table.names_student and not table.internal
            else frame
            for table, frame in spelled.items()
        }
        return cls(settings, {table: _with_numbers(table, frame, students) for table, frame in known.items()}, day)

    def __getitem__(self, table: Table) -> pl.DataFrame:
        found = self.frames.get(table)
        if found is not None:
            return found
        empty = table.empty().with_columns(pl.Series(ROW, [], dtype=pl.Int64))
        return people.with_student(empty, ROSTER.empty()) if table.names_student else empty

    @cached_property
    def answers(self) -> dict[Callable[[School], Any], Any]:
        """What functions said of this school that are ``asked_once``."""
        return {}

    @cached_property
    def class_names(self) -> ClassNames:
        """The comparer of class and grade names, for the classes of 班级."""
        return school_classes(self[CLASSES], self.settings, self.today)

    def left_class(self, table: Table) -> pl.Series:
        """Whether each row of a table that names students has a 班级 in which its student is no more."""
        frame = self[table]
        rooms = partial(rooms_as_listed, frame["班级"], self.frames, self.settings, self.today)
        return people.left_class(frame, _by_number(self), rooms)

    @property
    def subjects(self) -> list[str]:
        """The subjects that 成绩 has a column for."""
        return subjects_in(self[SCORES])

    def without(self, found: pl.DataFrame) -> School:
        """The school without what is in error: a bad mark becomes 未录, any other error takes its row away.

        An error of a whole sheet, such as a missing column that must be filled, takes all its rows.
        """
        bad = problems.errors(found)
        if bad.is_empty():
            return self
        unusable, faulty = set(bad.filter(pl.col("行").is_null())["工作表"]), set(bad["工作表"])
        clean: dict[Table, pl.DataFrame] = {}
        for table, frame in self.frames.items():
            if table.name in unusable:
                clean[table] = frame.clear()
                continue
            if table.name not in faulty or ROW not in frame.columns:
                clean[table] = frame
                continue
            mine = bad.filter(pl.col("工作表") == table.name)
            marks = mine.filter(pl.col("列").is_in(subjects_in(frame)))
            rows = mine.filter(~pl.col("列").is_in(subjects_in(frame)) | pl.col("列").is_null())
            clean[table] = _without_marks(frame, marks).filter(~pl.col(ROW).is_in(rows["行"].implode()))
        return replace(self, frames=clean)


def asked_once(function: Callable[[School], Answer]) -> Callable[[School], Answer]:
    """The function, whose answer is kept with the school that it was asked of, which never changes; for small answers that several
    rules ask for."""

    @wraps(function)
    def kept(school: School) -> Answer:
        if kept not in school.answers:
            school.answers[kept] = function(school)
        return cast(Answer, school.answers[kept])

    return kept


@asked_once
def _by_number(school: School) -> pl.DataFrame:
    return people.cells_by_number(school[ROSTER])


def _with_student(
    table: Table, frame: pl.DataFrame, students: people.Known, rooms: Callable[[], Mapping[str, str]]
) -> pl.DataFrame:
    """The frame with STUDENT; where every row has the 学号 and the name as 名册 has them, nothing is spelled out."""
    if people.all_sure(frame, students):
        return frame.with_columns(pl.col("学号").alias(STUDENT))
    return people.with_student(people.spelled_out(frame, students, several=table["学号"].many), students, rooms)


def _with_numbers(table: Table, frame: pl.DataFrame, students: people.Known) -> pl.DataFrame:
    for column in table.students_beside if frame.height else ():
        frame = people.with_numbers(frame, column.name, students, several=column.many)
    return frame


def _without_marks(frame: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    for (subject,), cells in marks.group_by("列"):
        voided = pl.col(ROW).is_in(cells["行"].implode())
        frame = frame.with_columns(
            pl.when(~voided).then(pl.col(name)).alias(name) for name in (str(subject), state_of(str(subject)))
        )
    return frame
