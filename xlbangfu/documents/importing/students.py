"""Which student of the roster each row of marks means.

By 学号 with the 姓名 that belongs to it; else by 姓名 in its class, else in its 年级, else alone where it is unique in the
school. 年级 binds: a name is never looked for in another one. Three things more are accepted here, because files come
from elsewhere: a 考号 that is somebody's 学号 and has that somebody's name; a 学号 that lost its zeros but has the name; a
学号 with its name in another class, which is then the class of the day.
"""

from __future__ import annotations

from collections import Counter

import polars as pl
from msgspec import Struct

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.key_cells import key_text
from xlbangfu.documents.importing.rooms import Room, Rooms
from xlbangfu.rules.people import STUDENT, plain
from xlbangfu.schema import ROSTER, SEPARATOR

HOW = "_how"
FILE_ROW, INDEX = "_file_row", "_index"
BY_RULE, BY_CANDIDATE, BY_ZEROS, BY_MOVE, BY_NAME_ONLY = "", "考号", "补0", "换班", "学号另编"
_ASKED: dict[str, type[pl.DataType]] = {
    "学号": pl.String,
    "姓名": pl.String,
    "考号": pl.String,
    "_then": pl.String,
    "_today": pl.String,
}
_ASKED |= {"_grade": pl.String, "_number": pl.String, "_held": pl.Boolean, FILE_ROW: pl.Int64}


class Matched(Struct, frozen=True):
    """``rows`` have INDEX (the record), FILE_ROW, STUDENT, 学号, 姓名, 班级, 考时班级 and HOW; ``nobody`` are the records that mean
    nobody, each with why; ``held`` are those that wait for an answer about their class; ``elsewhere`` counts those whose
    学号 and 姓名 are of another 年级 than the file says."""

    rows: pl.DataFrame
    nobody: list[tuple[int, str, str | None, str | None]]
    held: int
    elsewhere: int


class Matcher:
    """Finds the students that the records of a block mean; what is the same for all its exams is looked up once."""

    def __init__(self, draft: Draft, block: Block) -> None:
        self._draft, self._block = draft, block
        self._known = _roster(draft)
        self._asked: dict[int, tuple[Rooms, pl.DataFrame]] = {}
        self._everyone: dict[int, Matched] = {}

    def match(self, school_year: int, only: pl.Series) -> Matched:
        """The students in a school year; ``only`` says which records are looked at."""
        if not only.all():
            return self._match(school_year, only)
        if school_year not in self._everyone:
            self._everyone[school_year] = self._match(school_year, only)
        return self._everyone[school_year]

    def _match(self, school_year: int, only: pl.Series) -> Matched:
        if school_year not in self._asked:
            rooms = Rooms(self._draft, self._block, school_year)
            self._asked[school_year] = rooms, _asked(self._block, rooms)
        rooms, asked = self._asked[school_year]
        return _resolve(rooms, _found(asked.filter(only), self._known), self._known)


def _asked(block: Block, rooms: Rooms) -> pl.DataFrame:
    candidate = block.column(words.CANDIDATE) or block.column(words.REGISTER_AUXILIARY)
    each: list[Room] = rooms.rows()
    data = {
        "学号": _keys(block, block.column(words.NUMBER)),
        "姓名": block.texts(words.NAME),
        "考号": _keys(block, candidate),
        "_then": [room.then or None for room in each],
        "_today": [room.today or None for room in each],
        "_grade": [room.grade or None for room in each],
        "_number": [room.number or None for room in each],
        "_held": [room.held for room in each],
        FILE_ROW: block.numbers,
    }
    return (
        pl.DataFrame(data, schema=_ASKED)
        .with_row_index(INDEX)
        .with_columns(pl.when(pl.col("姓名") != "").then(plain(pl.col("姓名"))).alias("_name"))
    )


def _keys(block: Block, column: Column | None) -> list[str | None]:
    return [key_text(cell)[0] for cell in block.cells(column)]


def _roster(draft: Draft) -> pl.DataFrame:
    """学号, 姓名, 班级 of the roster with the plain name and the 年级 of today."""
    names = draft.classes
    grades = {one.name: draft.grade_of(one.name) for one in names.classes}
    labels = {one.name: one.label for one in names.classes}
    return (
        draft.rows(ROSTER)
        .filter(pl.col("学号").is_not_null())
        .unique(subset=["学号"], keep="first", maintain_order=True)
        .select("学号", "姓名", "班级")
        .with_columns(
            plain(pl.col("姓名")).alias("_name"),
            pl.col("班级").replace_strict(labels, default=None, return_dtype=pl.String).alias("_label"),
            pl.col("班级").replace_strict(grades, default=None, return_dtype=pl.String).alias("_grade"),
        )
    )


def _found(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The asked rows with the student by each way: by number (and whether the name agrees), by 考号, by name."""
    people = known.select(pl.col("学号").alias("_is"), "_name", "班级", "_grade", "_label")
    by_number = people.select(pl.col("_is").alias("学号"), pl.col("_name").alias("_his"), pl.lit(True).alias("_there"))
    stripped = pl.col("学号").str.strip_chars_start("0")
    zeros = people.select(
        pl.col("_is").str.strip_chars_start("0").alias("_bare"), "_name", pl.col("_is").alias("_by_zeros")
    )
    zeros = zeros.unique(subset=["_bare", "_name"], keep="none")
    candidates = people.select(pl.col("_is").alias("考号"), "_name", pl.col("_is").alias("_by_candidate"))
    rooms = people.select("_name", pl.col("班级").alias("_today"), pl.col("_is").alias("_by_room"))
    rooms = rooms.unique(subset=["_name", "_today"], keep="none")
    grades = people.select("_name", "_grade", pl.col("_is").alias("_by_grade")).unique(
        subset=["_name", "_grade"], keep="none"
    )
    labels = people.select("_name", pl.col("_label").alias("_short"), pl.col("_is").alias("_by_label"))
    labels = labels.unique(subset=["_name", "_short"], keep="none")
    alone = people.select("_name", pl.col("_is").alias("_by_name")).unique(subset=["_name"], keep="none")
    short = pl.col("_number").str.extract(r"(\d+)").str.strip_chars_start("0")
    return (
        asked.with_columns(stripped.alias("_bare"), short.alias("_short"))
        .join(by_number, on="学号", how="left", maintain_order="left")
        .join(zeros, on=["_bare", "_name"], how="left", maintain_order="left")
        .join(candidates, on=["考号", "_name"], how="left", maintain_order="left")
        .join(rooms, on=["_name", "_today"], how="left", maintain_order="left")
        .join(grades, on=["_name", "_grade"], how="left", maintain_order="left")
        .join(labels, on=["_name", "_short"], how="left", maintain_order="left")
        .join(alone, on="_name", how="left", maintain_order="left")
    )


def _ways(found: pl.DataFrame) -> pl.DataFrame:
    """The rows with STUDENT and HOW.

    Where no 学号 of the whole block is in the roster, the column is some other number: then only a 姓名 in its class counts.
    """
    foreign = (
        found["学号"].is_not_null().any() and not found["_there"].any() and not found["_by_zeros"].is_not_null().any()
    )
    numbered = pl.lit(False) if foreign else pl.col("学号").is_not_null()
    agrees = pl.col("_there").is_not_null() & (pl.col("_name").is_null() | (pl.col("_name") == pl.col("_his")))
    has_room, has_grade, has_number = (pl.col(name).is_not_null() for name in ("_today", "_grade", "_number"))
    by_name = (
        pl.when(pl.col("_held") | (pl.col("_then").is_not_null() & ~has_room))
        .then(None)
        .when(has_room)
        .then("_by_room")
        .when(has_number)
        .then("_by_label")
        .when(has_grade)
        .then("_by_grade")
        .otherwise("_by_name")
    )
    way = pl.coalesce(
        pl.when(numbered & agrees).then("学号"),
        pl.when(numbered & pl.col("_there").is_null()).then("_by_zeros"),
        pl.when(~numbered).then("_by_candidate"),
        pl.when(~numbered).then(pl.when(pl.lit(foreign) & ~has_room).then(None).otherwise(by_name)),
    )
    how = (
        pl.when(numbered & agrees)
        .then(pl.lit(BY_RULE))
        .when(numbered & pl.col("_by_zeros").is_not_null())
        .then(pl.lit(BY_ZEROS))
        .when(pl.col("_by_candidate").is_not_null())
        .then(pl.lit(BY_CANDIDATE))
        .otherwise(pl.lit(BY_NAME_ONLY if foreign else BY_RULE))
    )
    return found.with_columns(way.alias(STUDENT), how.alias(HOW))


def _resolve(rooms: Rooms, found: pl.DataFrame, known: pl.DataFrame) -> Matched:
    """The students with their class of the day; who is of another 年级 than the file says is nobody."""
    people = known.select(
        pl.col("学号").alias(STUDENT), pl.col("姓名").alias("姓名_"), "班级", pl.col("_grade").alias("_own")
    )
    ways = _ways(found).join(people, on=STUDENT, how="left", maintain_order="left")
    elsewhere = (
        pl.col(STUDENT).is_not_null()
        & pl.col("_grade").is_not_null()
        & (pl.col("_grade") != pl.col("_own")).fill_null(False)
    )
    ways = ways.with_columns(elsewhere.alias("_elsewhere"))
    good = ways.filter(pl.col(STUDENT).is_not_null() & ~pl.col("_held") & ~pl.col("_elsewhere"))
    held = ways.filter(pl.col("_held"))
    nobody = ways.filter(~pl.col("_held") & (pl.col(STUDENT).is_null() | pl.col("_elsewhere")))
    rows = _with_rooms(rooms, good)
    return Matched(rows, Known(known, rooms).all_nobody(nobody), held.height, int(ways["_elsewhere"].sum()))


def _with_rooms(rooms: Rooms, good: pl.DataFrame) -> pl.DataFrame:
    """The class of the day, null where it is today's class; HOW says who was in another class then."""
    if rooms.block.column(words.CLASS) is None and not rooms.block.rooms and good.height:
        elsewhere = (good["_today"] != good["班级"]).sum()
        if elsewhere * 2 > good.height:  # the class that a title mentions is not that of its rows
            good = good.with_columns(pl.lit(None, dtype=pl.String).alias("_then"))
    asked = zip(good["_then"], good["_number"], good["班级"], strict=True)
    cache: dict[tuple[str | None, ...], str | None] = {}
    then = []
    for key in asked:
        if key not in cache:
            cache[key] = _of_the_day(rooms, *key)
        then.append(cache[key])
    moved = (pl.col("_today") != pl.col("班级")) & pl.col("考时班级").is_not_null()
    return good.with_columns(pl.Series("考时班级", then, dtype=pl.String)).select(
        INDEX,
        FILE_ROW,
        STUDENT,
        pl.col(STUDENT).alias("学号"),
        pl.col("姓名_").alias("姓名"),
        "班级",
        "考时班级",
        pl.when(moved.fill_null(False) & (pl.col(HOW) == BY_RULE)).then(pl.lit(BY_MOVE)).otherwise(HOW).alias(HOW),
    )


def _of_the_day(rooms: Rooms, then: str | None, number: str | None, own: str | None) -> str | None:
    if number and own:
        then = rooms.own(number, own) or None
        return then if then != own else None
    return then if then and then != own else None


class Known:
    """The roster, to say why a row means nobody of it."""

    def __init__(self, known: pl.DataFrame, rooms: Rooms) -> None:
        self.known, self.rooms = known, rooms

    def all_nobody(self, nobody: pl.DataFrame) -> list[tuple[int, str, str | None, str | None]]:
        """FILE_ROW, why, 学号 and 姓名 of each."""
        if not nobody.height:
            return []
        people = self.known.select("学号", "姓名", "班级", "_name").rows()
        self.by_number = {number: (name, room) for number, name, room, _ in people}
        self.by_name: dict[str, list[str]] = {}
        for _, _, room, name in people:
            self.by_name.setdefault(name, []).append(str(room))
        return [(row[FILE_ROW], self._why(row), row["学号"], row["姓名"]) for row in nobody.iter_rows(named=True)]

    def _why(self, row: dict[str, str | None]) -> str:
        number, name = row["学号"], row["_name"]
        if row["_elsewhere"]:
            return f"文件里是{row['_grade']}，名册里 {row['姓名_']} 是 {row['班级']}"
        if number:
            if number not in self.by_number:
                return f"名册里没有学号 {number}"
            known, where = self.by_number[number]
            return f"名册里学号 {number} 是 {where} 的 {known}，与文件不符"
        if not name:
            return "没有姓名和学号"
        if name not in self.by_name:
            return f"名册里没有 {name}"
        rooms = SEPARATOR.join(sorted(set(self.by_name[name])))
        said = row["_then"] or row["_today"] or row["_number"] or row["_grade"]
        if said and len(self.by_name[name]) == 1:
            return f"名册里的 {name} 在 {rooms}，文件里是 {said}"
        return f"名册里的 {name} 在 {rooms}，不止一人，分不清是谁"


def ways_said(rows: pl.DataFrame) -> list[str]:
    """How many were found in each way that is worth saying."""
    said = {
        BY_CANDIDATE: "按考号和姓名对上",
        BY_ZEROS: "的学号补回了开头的 0",
        BY_MOVE: "考试时在别的班",
        BY_NAME_ONLY: "按姓名对上（学号一列和名册不是一套号）",
    }
    count = Counter(rows[HOW])
    return [f"其中 {count[way]} 人{text}" for way, text in said.items() if count[way]]
