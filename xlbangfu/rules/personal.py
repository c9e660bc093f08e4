"""Whose rows are whose: everything in the workbook that is about one student (DOMAIN, Privacy).

* In input sheets a row is the student's when what it names agrees with 名册; in output sheets and 荣誉 by 学号.
* A row shared with others (a group session, an activity, a pairing in which the student is the helper) is not the
  student's: only the name of the student in it is.
* A row that has the 学号 but disagrees in name, or the name of somebody whom it leaves open, is doubtful: neither shown
  nor deleted, but told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from msgspec import Struct

from xlbangfu.errors import BadArgument
from xlbangfu.rules import roll
from xlbangfu.rules.people import STUDENT, plain, split
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    ACTIVITIES,
    COLLECTED,
    CONSOLE,
    LOG,
    PAIRINGS,
    PROPOSALS,
    ROSTER,
    ROW,
    RUNS,
    SEPARATOR,
    SETTINGS,
    TABLES,
    Kind,
    Table,
    Type,
)

OLD_VALUES = "更正前的内容："  # begins a row of 运行记录 that keeps what a corrected page replaced
READ: tuple[Table, ...] = tuple(table for table in TABLES if table != CONSOLE)


class NotThere(BadArgument):
    """No sheet has that 学号."""


class Person(Struct, frozen=True, kw_only=True):
    """A student by what 名册 has; one whose 学号 only other sheets still have is not ``listed``, without name and class."""

    number: str
    listed: bool = False
    name: str = ""
    class_name: str = ""
    tracked: bool = False
    helps: int = 0  # running pairings in which the student is the helper

    @property
    def words(self) -> tuple[str, ...]:
        """By what a text names the student."""
        return tuple(filter(None, (self.number, self.name)))


class Belongings(Struct, frozen=True):
    """``own`` rows are the student's, ``shared`` ones name others too; both as read. ``doubtful`` and ``mentions`` say
    where, as 工作表 第 n 行."""

    own: Mapping[Table, pl.DataFrame]
    shared: Mapping[Table, pl.DataFrame]
    doubtful: list[str]
    mentions: list[str]

    @property
    def rows(self) -> int:
        return sum(frame.height for frame in self.own.values())


def find(school: School, number: str) -> Person:
    """The student of that 学号. Raises NotThere where nobody has it, BadArgument where two different students do."""
    number = number.strip()
    if not number:
        raise BadArgument("没有写学号，什么也没有做；请写一名学生的学号。")
    there = school[ROSTER].filter(pl.col("学号") == number)
    names = there.select(plain(pl.col("姓名"))).to_series().drop_nulls().unique(maintain_order=True)
    if names.len() > 1:
        rows = SEPARATOR.join(str(row) for row in there[ROW])
        raise BadArgument(f"名册第 {rows} 行是不同的学生，学号都是“{number}”；请先改好学号再做一次。")
    helping = (pl.col("学习帮手") == number) & (pl.col("状态") == "执行")
    helps = school[PAIRINGS].filter(helping).height
    if there.height:
        tracked = there.filter(roll.tracked(pl.lit(school.today)) & roll.on_roll(pl.lit(school.today))).height > 0
        first = there.row(0, named=True)
        return Person(
            number=number,
            listed=True,
            name=first["姓名"] or "",
            class_name=first["班级"] or "",
            tracked=tracked,
            helps=helps,
        )
    if not any("学号" in frame.columns and _names(frame, "学号", number).height for frame in school.frames.values()):
        raise NotThere(f"总表里没有学号“{number}”，请照“名册”核对。")
    return Person(number=number, helps=helps)


def belongings(school: School, person: Person) -> Belongings:
    """Everything of that student in the sheets of ``READ``."""
    own: dict[Table, pl.DataFrame] = {}
    shared: dict[Table, pl.DataFrame] = {}
    doubtful: list[str] = []
    mentions: list[str] = []
    for table in READ:
        if table == SETTINGS:
            continue
        frame = school[table]
        mine, others = _divided(table, frame, person)
        if mine.height:
            own[table] = mine
        if others.height:
            shared[table] = others
        rest = frame.filter(~pl.col(ROW).is_in(pl.concat([mine[ROW], others[ROW]]).implode()))
        unclear = _doubtful(table, rest, person)
        doubtful += _places(table, unclear)
        rest = rest.filter(~pl.col(ROW).is_in(unclear[ROW].implode()))
        if table != RUNS:
            mentions += _places(table, _mentioning(table, rest, person))
    return Belongings(own, shared, doubtful, mentions)


def without(person: Person, table: Table, shared: pl.DataFrame) -> pl.DataFrame:
    """Shared rows with the student taken out of them: the key columns and those that change (see ``check_keys``)."""
    keys = list(table.keys)
    if table == LOG:
        return shared.select(*keys, _taken_out("学号", person.number), _taken_out("姓名", person.name))
    if table == ACTIVITIES:
        return shared.select(*keys, _taken_out("参与学生", person.number))
    return shared.select(*keys, pl.lit(None, dtype=pl.String).alias("学习帮手"))


def check_keys(school: School, table: Table, shared: pl.DataFrame) -> None:
    """Raise BadArgument where the row keys of shared rows are empty or stand twice on the sheet."""
    keys = list(table.keys)
    twice = school[table].filter(pl.struct(keys).is_duplicated())
    empty = school[table].filter(pl.all_horizontal(pl.col(key).is_null() for key in keys))
    unclear = pl.concat([twice[ROW], empty[ROW]])
    bad = shared.filter(pl.col(ROW).is_in(unclear.implode()))
    if bad.height:
        where = SEPARATOR.join(_places(table, bad))
        raise BadArgument(f"{where}的“{'、'.join(keys)}”空着或与别的行重复，没有删除；请先改好，再做一次。")


def cleaned(text: pl.Expr, person: Person, mark: str) -> pl.Expr:
    """A text of the program's with ``mark`` in place of the student's number and name."""
    for _ in range(2):  # of two side by side the first takes the sign between them
        text = text.str.replace_all(token(person.number), f"${{1}}{mark}${{2}}")
    return text.str.replace_all(person.name, mark, literal=True) if person.name else text


def collected_without(
    collected: pl.DataFrame, person: Person, mine: Belongings, mark: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What changes in 收回记录 (its keys and those columns): in rows that name the student the mark, and in those and in
    rows of entries that are the student's, alone or with others, no code. A code is made of 学号, day and marks, which are
    few enough for all to be tried until one fits."""
    entries = [
        frame["记录编号"].drop_nulls() for rows in (mine.own, mine.shared) if (frame := rows.get(LOG)) is not None
    ]
    named = pl.col("编号").str.contains(token(person.number)).fill_null(False)
    theirs = pl.col("编号").is_in(pl.concat([collected["编号"].clear(), *entries]).implode()).fill_null(False) & ~named
    codes = [pl.lit(None, dtype=pl.String).alias(name) for name in ("身份码", "内容码")]
    keys = COLLECTED.keys
    return (
        collected.filter(named).select(*keys, cleaned(pl.col("编号"), person, mark), *codes),
        collected.filter(theirs).select(*keys, *codes),
    )


def told_before(own: Mapping[Table, pl.DataFrame], person: Person) -> pl.Expr:
    """Whether a row of 运行记录 keeps what corrected pages replaced, and something of it was the student's."""
    entries = own[LOG]["记录编号"].drop_nulls().to_list() if LOG in own else []
    named = [pl.col("说明").str.contains(token(handle)) for handle in (person.number, *entries)]
    return (pl.col("说明").str.starts_with(OLD_VALUES) & pl.any_horizontal(named)).fill_null(False)


def token(number: str) -> str:
    """A pattern for the number where it is not part of a longer one; a Chinese character beside it is none.

    >>> pl.select(pl.lit("与0101同学").str.contains(token("0101"))).item()
    True
    >>> pl.select(pl.lit("20101").str.contains(token("0101"))).item()
    False
    """
    return r"(^|[^0-9A-Za-z])" + "".join(f"\\x{{{ord(sign):x}}}" for sign in number) + r"($|[^0-9A-Za-z])"


def _divided(table: Table, frame: pl.DataFrame, person: Person) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are the student's and those shared with others."""
    nobody = frame.clear()
    if table == ROSTER:
        return frame.filter(pl.col("学号") == person.number), nobody
    known = pl.col(STUDENT if person.listed else "学号") == person.number
    if table == LOG:
        parts = split(pl.col("学号"))
        several = (parts.list.len() > 1).fill_null(False)
        shared = frame.filter(several & parts.list.contains(person.number).fill_null(False))
        return frame.filter(~several & known), shared
    if table == ACTIVITIES:
        return nobody, _names(frame, "参与学生", person.number)
    if table.kind is Kind.INPUT:
        mine = frame.filter(known) if table.names_student else nobody
    else:
        mine = frame.filter(pl.col("学号") == person.number) if "学号" in table else nobody
    if table in (PAIRINGS, PROPOSALS):
        helped = pl.col("学习帮手").str.contains(token(person.number)).fill_null(False)
        return mine, frame.filter(helped, ~pl.col(ROW).is_in(mine[ROW].implode()))
    return mine, nobody


def _doubtful(table: Table, rest: pl.DataFrame, person: Person) -> pl.DataFrame:
    if table.kind is not Kind.INPUT or not table.names_student:
        return rest.clear()
    open_name = pl.col("学号").is_null() & pl.col(STUDENT).is_null() & (plain(pl.col("姓名")) == person.name)
    has_number = split(pl.col("学号")).list.contains(person.number)
    return rest.filter((has_number | (open_name if person.name else pl.lit(False))).fill_null(False))


def _mentioning(table: Table, rest: pl.DataFrame, person: Person) -> pl.DataFrame:
    """Rows of others in whose prose the number or the name stands."""
    skipped = {"学号", "姓名", "班级", "定位"}
    prose = [
        pl.col(column.name)
        for column in table
        if column.type in (Type.LONG, Type.TEXT) and column.name not in skipped and not column.refers
    ]
    found = [cell.str.contains(token(person.number)) for cell in prose]
    if len(person.name) > 1:
        found += [cell.str.contains(person.name, literal=True) for cell in prose]
    return rest.filter(pl.any_horizontal(found).fill_null(False)) if found else rest.clear()


def _names(frame: pl.DataFrame, column: str, number: str) -> pl.DataFrame:
    return frame.filter(split(pl.col(column)).list.contains(number).fill_null(False))


def _taken_out(column: str, word: str) -> pl.Expr:
    """A cell that names several without one of them; empty if that was all."""
    left = split(pl.col(column)).list.eval(pl.element().filter(plain(pl.element()) != word)).list.join(SEPARATOR)
    return pl.when(left != "").then(left).alias(column)


def _places(table: Table, frame: pl.DataFrame) -> list[str]:
    return [f"“{table.name}”第 {row} 行" for row in frame[ROW]]


def counted(rows: Mapping[Table, pl.DataFrame]) -> str:
    """How many rows of which sheet."""
    return SEPARATOR.join(f"{table.name} {frame.height} 行" for table, frame in rows.items())


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; the last of February for a leap day.

    >>> years_before(date(2024, 2, 29), 3)
    datetime.date(2021, 2, 28)
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
