"""Which student of the roster each row of marks means.

As on every sheet: by 学号, by 姓名 with 班级, or by a 姓名 that is unique, and what is given must agree. Three things more
are accepted here, because files come from elsewhere: a 考号 that is somebody's 学号 and has that somebody's name; a 学号
that lost its zeros but has the name; a 学号 with its name in another class, which is then the class of the day.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.rules.people import STUDENT, plain, with_student
from xlbangfu.schema import SEPARATOR

HOW = "_how"
BY_RULE, BY_CANDIDATE, BY_ZEROS, BY_MOVE = "", "考号", "补0", "换班"


def with_roster(rows: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    """The rows (学号, 姓名, 班级, 考号, all text) with STUDENT, null where nobody fits, and HOW he was found."""
    known = roster.select("学号", "姓名", "班级").filter(pl.col("学号").is_not_null())
    named = known.select(pl.col("学号").alias("_number"), plain(pl.col("姓名")).alias("_name"))
    asked = rows.with_columns(plain(pl.col("姓名")).alias("_name"))
    by_rule = with_student(rows, known)[STUDENT]
    by_move = with_student(rows.with_columns(pl.lit(None, dtype=pl.String).alias("班级")), known)[STUDENT]
    sure = rows.select((pl.col("学号").is_not_null() & pl.col("姓名").is_not_null()).alias("_sure"))["_sure"]
    by_candidate = _by_number(asked, named, "考号", pl.col("_number"))
    by_zeros = _by_number(asked, named, "学号", pl.col("_number").str.strip_chars_start("0"))
    ways = pl.DataFrame(
        {"rule": by_rule, "candidate": by_candidate, "move": by_move, "zeros": by_zeros, "sure": sure}
    ).with_columns(pl.when("sure").then("move").alias("move"))
    how = (
        pl.when(pl.col("rule").is_not_null())
        .then(pl.lit(BY_RULE))
        .when(pl.col("candidate").is_not_null())
        .then(pl.lit(BY_CANDIDATE))
        .when(pl.col("move").is_not_null())
        .then(pl.lit(BY_MOVE))
        .when(pl.col("zeros").is_not_null())
        .then(pl.lit(BY_ZEROS))
    )
    found = ways.select(pl.coalesce("rule", "candidate", "move", "zeros").alias(STUDENT), how.alias(HOW))
    return rows.hstack(found)


def _by_number(asked: pl.DataFrame, named: pl.DataFrame, column: str, form: pl.Expr) -> pl.Series:
    """The one student with that number, compared in a form of it, and that name."""
    keys = named.with_columns(form.alias("_form")).unique(subset=["_form", "_name"], keep="none")
    typed = asked.select(pl.col(column).alias("_form"), "_name")
    if column == "学号":
        typed = typed.with_columns(pl.col("_form").str.strip_chars_start("0"))
    return typed.join(keys, on=["_form", "_name"], how="left", maintain_order="left")["_number"]


@dataclass(frozen=True)
class KnownStudents:
    """The roster, to say why a row means nobody of it."""

    by_number: dict[str, tuple[str, str]]
    rooms: dict[str, list[str]]

    @classmethod
    def of(cls, roster: pl.DataFrame) -> KnownStudents:
        rooms: dict[str, list[str]] = {}
        people = roster.select("学号", "姓名", "班级", plain(pl.col("姓名")).alias("_name")).rows()
        for _, _, room, name in people:
            rooms.setdefault(name, []).append(str(room))
        return cls({number: (name, room) for number, name, room, _ in people if number}, rooms)

    def why_nobody(self, row: dict[str, str | None]) -> str:
        """One sentence on why a row (学号, 姓名, 班级) means nobody."""
        number, name, room = row["学号"], row["姓名"], row["班级"]
        if number:
            if number not in self.by_number:
                return f"名册里没有学号 {number}"
            known, where = self.by_number[number]
            return f"名册里学号 {number} 是 {where} 的 {known}，与文件不符"
        if not name:
            return "没有姓名和学号"
        if name not in self.rooms:
            return f"名册里没有 {name}"
        rooms = sorted(set(self.rooms[name]))
        if room and room not in rooms:
            return f"名册里的 {name} 在 {SEPARATOR.join(rooms)}，文件里是 {room}"
        return f"名册里的 {name} 在 {SEPARATOR.join(rooms)}，不止一人，分不清是谁"
