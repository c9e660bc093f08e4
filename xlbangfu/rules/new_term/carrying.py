"""What the next term's workbook holds: each sheet's rows that go on, as they will read there (DOMAIN rule 14).

Rows keep ROW, the row in which they stand in the old workbook, so that whatever staff have in columns of their own goes with
them. Cells are as typed; only what names a class that moves up, and what ends, is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from xlbangfu.rules.new_term.division import Division
from xlbangfu.rules.new_term.graduates import check_graduates
from xlbangfu.rules.new_term.kept_exams import kept_exams
from xlbangfu.rules.new_term.pairings import carried_pairings, with_ends
from xlbangfu.rules.new_term.promotion import ClassMove
from xlbangfu.rules.new_term.students import FATE, GRADUATES, ROOM, STAYS, WAS, fates
from xlbangfu.rules.recalls import open_rows
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    CALENDAR,
    CLASS_PATRON,
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    INPUTS,
    LOG,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    RECALLS,
    ROSTER,
    ROW,
    SCORES,
    SEPARATOR,
    TEACHERS,
    Table,
)

LEFT_BEHIND = (PLANS, LOG, ABSENCES, ACTIVITIES)  # of the term that is over; they are not even read
_MONTHS = 2  # of 评价, at least
Frames = Mapping[Table, pl.DataFrame]


class Carried(Struct, frozen=True):
    """``sheets`` has every input sheet that changes; ``students`` is what ``students.fates`` says, ``pairings`` what
    ``pairings.carried_pairings`` does, ``exams`` the 考试编号 that are kept."""

    sheets: Frames
    students: pl.DataFrame
    pairings: pl.DataFrame
    exams: Sequence[str]
    moves: Sequence[ClassMove]
    division: Division


def carry(school: School, frames: Frames, moves: Sequence[ClassMove], division: Division, *, start: date) -> Carried:
    """The input sheets of the next term, which begins on ``start``; ``school`` is made of ``frames``, errors and all. Those of
    LEFT_BEHIND need not be among them.

    Raises BadArgument where somebody who graduates is still to be brought back to school.
    """
    grades = school[CLASSES].filter(pl.col("班级").is_in([move.before for move in moves if move.name]))["年级"]
    exams = kept_exams(school, grades.drop_nulls().unique().to_list())
    students = fates(school, moves, division, exams)
    staying = students.filter(pl.col(FATE) == STAYS)
    carried = carried_pairings(school, staying["学号"].drop_nulls(), pl.Series([m.before for m in moves if m.name]))
    still_away = open_rows(school[RECALLS])
    check_graduates(still_away, students.filter(pl.col(FATE) == GRADUATES)["学号"].drop_nulls())

    place = _Placing(school, staying, moves)
    sheets = {
        ROSTER: place.roster(frames[ROSTER]),
        CLASSES: _classes(frames[CLASSES], school, moves, division),
        TEACHERS: place.teachers(frames[TEACHERS]),
        PASSWORDS: place.passwords(frames[PASSWORDS]),
        FILES: place.students_of(FILES, frames[FILES]),
        PAIRINGS: place.pairings(with_ends(_rows(frames[PAIRINGS], carried), carried, school)),
        EXAMS: frames[EXAMS].filter(pl.col("考试编号").is_in(exams)),
        SCORES: place.marks(frames[SCORES].filter(pl.col("考试编号").is_in(exams))),
        CONDUCT: place.students_of(CONDUCT, _last_months(frames[CONDUCT], school)),
        RECALLS: place.students_of(RECALLS, _rows(frames[RECALLS], still_away)),
        CALENDAR: frames[CALENDAR].filter((pl.col("日期") >= start).fill_null(True)),
        **{table: no_records(table) for table in LEFT_BEHIND},
    }
    return Carried({t: sheets[t] for t in INPUTS if t in sheets}, students, carried, exams, moves, division)


def no_records(table: Table) -> pl.DataFrame:
    """No record, and none of those that were there: what staff wrote beside them goes with them."""
    return table.empty().with_columns(pl.Series(ROW, [], dtype=pl.Int64))


def _rows(frame: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col(ROW).is_in(chosen[ROW].implode()))


def _last_months(conduct: pl.DataFrame, school: School) -> pl.DataFrame:
    """评价 of the last months that rules 4 and 9 look at."""
    months = conduct["月份"].drop_nulls().unique().sort(descending=True)
    kept = months.head(max(_MONTHS, school.settings.conduct_months))
    return conduct.filter(pl.col("月份").is_in(kept.implode()))


def _classes(frame: pl.DataFrame, school: School, moves: Sequence[ClassMove], division: Division) -> pl.DataFrame:
    """班级 under the new names, without those that graduate, with those that only the list of a new division has."""
    going = {move.before: move for move in moves if move.name}
    spelled = school[CLASSES].select(ROW, _was="班级")
    rows = frame.join(spelled, on=ROW, how="left", maintain_order="left").filter(pl.col("_was").is_in(list(going)))
    named = rows.with_columns(
        pl.col("_was").replace_strict({was: move.name for was, move in going.items()}).alias("班级"),
        pl.col("_was").replace_strict({was: move.grade for was, move in going.items()}).alias("年级"),
    ).drop("_was")
    new = pl.DataFrame(
        [{"班级": move.name, "年级": move.grade} for move in division.added],
        schema={"班级": pl.String, "年级": pl.String},
    )
    return pl.concat([named, new], how="diagonal") if new.height else named


class _Placing:
    """Puts people and classes into the names of the next term."""

    def __init__(self, school: School, staying: pl.DataFrame, moves: Sequence[ClassMove]) -> None:
        self.school, self.staying = school, staying
        self.names = {move.before: move.name for move in moves if move.name}
        self.gone = [move.before for move in moves if move.graduates]

    def roster(self, frame: pl.DataFrame) -> pl.DataFrame:
        """名册 of who stays; a class that stays the same stays as it is spelled."""
        rows = frame.join(self.staying.select(ROW, WAS, ROOM), on=ROW, how="inner", maintain_order="left")
        return rows.with_columns(_changed()).drop(WAS, ROOM)

    def students_of(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of who stays, and those of nobody known, with the class of the next term."""
        return self._placed(table, frame).with_columns(_changed()).drop(WAS, ROOM)

    def marks(self, frame: pl.DataFrame) -> pl.DataFrame:
        """成绩 of who stays; where the class is another, that of the exam's day is written down."""
        rows = self._placed(SCORES, frame)
        moved = (pl.col(WAS) != pl.col(ROOM)).fill_null(False)
        day = pl.when(moved).then(pl.coalesce("考时班级", WAS)).otherwise("考时班级").alias("考时班级")
        return rows.with_columns(day, _changed()).drop(WAS, ROOM)

    def pairings(self, frame: pl.DataFrame) -> pl.DataFrame:
        patron = pl.col("类型") == CLASS_PATRON
        spelled = self.school[PAIRINGS].select(ROW, _spelled="班级")
        rows = self._placed(PAIRINGS, frame).join(spelled, on=ROW, how="left", maintain_order="left")
        room = pl.when(patron).then(pl.col("_spelled").replace(self.names)).otherwise(ROOM)
        was = pl.when(patron).then("_spelled").otherwise(WAS)
        return rows.with_columns(room.alias(ROOM), was.alias(WAS)).with_columns(_changed()).drop(WAS, ROOM, "_spelled")

    def teachers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """任教班级 follow their classes; those that graduate are taken out."""
        spelled = self.school[TEACHERS]["任教班级"].to_list()
        cells = {cell: self._taught(cell) for cell in dict.fromkeys(spelled) if cell}
        at = dict(zip(self.school[TEACHERS][ROW].to_list(), (cells.get(cell) for cell in spelled), strict=True))
        taught = pl.col(ROW).replace_strict(at, default=None, return_dtype=pl.String)
        same = pl.Series([cells.get(cell) == cell for cell in spelled], dtype=pl.Boolean)
        return frame.with_columns(pl.when(same).then("任教班级").otherwise(taught).alias("任教班级"))

    def passwords(self, frame: pl.DataFrame) -> pl.DataFrame:
        """口令 go with the class; that of a class that graduates is taken out."""
        spelled = self.school[PASSWORDS].select(ROW, _spelled="班级")
        rows = frame.join(spelled, on=ROW, how="left", maintain_order="left")
        kept = rows.filter(~pl.col("_spelled").is_in(self.gone).fill_null(False))
        return kept.with_columns(pl.col("_spelled").replace(self.names).alias("班级")).drop("_spelled")

    def _taught(self, cell: str) -> str | None:
        parts = (part.strip() for part in cell.split(SEPARATOR))
        return SEPARATOR.join(self.names.get(part) or part for part in parts if part not in self.gone) or None

    def _placed(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with WAS and ROOM of their student."""
        meant = self.school[table].select(ROW, STUDENT)
        rooms = self.staying.drop_nulls("学号").unique("学号", keep="first")
        rows = frame.join(meant, on=ROW, how="left", maintain_order="left").join(
            rooms.select(pl.col("学号").alias(STUDENT), WAS, ROOM), on=STUDENT, how="left", maintain_order="left"
        )
        known = pl.col(STUDENT).is_in(rooms["学号"].implode())
        return rows.filter(pl.col(STUDENT).is_null() | known).drop(STUDENT)


def _changed() -> pl.Expr:
    """班级 of the next term where it is another than today's."""
    moved = (pl.col(ROOM) != pl.col(WAS)).fill_null(False)
    return pl.when(moved).then(ROOM).otherwise("班级").alias("班级")
