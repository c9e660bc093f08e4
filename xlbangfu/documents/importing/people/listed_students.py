"""Which student of 名册 each row of a list means, and why nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from msgspec import Struct

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.key_cells import read_keys
from xlbangfu.documents.importing.people.class_places import ClassPlaces
from xlbangfu.documents.importing.people.people_values import person_name
from xlbangfu.rules.people import STUDENT, plain, with_student
from xlbangfu.schema import ROSTER, SEPARATOR

_GROUPED = 10


class Listed(Struct, frozen=True):
    """A record with the row of 名册 that it is about, None where it is about nobody."""

    index: int
    row: int
    student: Mapping[str, Any] | None


def listed_students(draft: Draft, block: Block, columns: Mapping[str, Column]) -> list[Listed]:
    """The students of the records; rows that mean nobody are told."""
    roster = draft.rows(ROSTER).filter(pl.col("学号").is_not_null())
    people = {row["学号"]: row for row in roster.iter_rows(named=True)}
    asked = _asked(draft, block, columns, list(people))
    numbers = with_student(asked, roster, class_binds=True)[STUDENT].to_list()
    found = [
        Listed(index, row, people.get(number or ""))
        for index, (row, number) in enumerate(zip(block.numbers, numbers, strict=True))
    ]
    _tell_nobody(draft, block, asked, roster, [one for one in found if one.student is None])
    return found


def _asked(draft: Draft, block: Block, columns: Mapping[str, Column], known: Sequence[str]) -> pl.DataFrame:
    places = ClassPlaces(draft, block)
    rooms, grades = block.texts(words.CLASS), block.texts(words.GRADE)
    names = [places.of(room or "", grade or "").name or None for room, grade in zip(rooms, grades, strict=True)]
    keys = read_keys(block.cells(columns.get(words.NUMBER)), known)
    data = {
        "学号": [keys.short.get(i, text) if keys.short.get(i) in known else text for i, text in enumerate(keys.texts)],
        "姓名": [person_name(cell) for cell in block.cells(columns.get(words.NAME))],
        "班级": names,
    }
    return pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))


def _tell_nobody(
    draft: Draft, block: Block, asked: pl.DataFrame, roster: pl.DataFrame, nobody: Sequence[Listed]
) -> None:
    found = roster.group_by(plain(pl.col("姓名")).alias("_")).agg(pl.len()).iter_rows()
    several = {name for name, count in found if count > 1}
    rooms = dict(roster.group_by(plain(pl.col("姓名")).alias("_")).agg(pl.col("班级").str.join(SEPARATOR)).iter_rows())
    for one in nobody:
        said = asked.row(one.index, named=True)
        name = said["姓名"] or said["学号"] or "没有姓名"
        where = rooms.get(name)
        why = f"名册里的 {name} 在 {where}，文件里是 {said['班级'] or '没写班级'}" if where else f"名册里没有 {name}"
        if name in several:
            why = f"名册里的 {name} 不止一人（{where}），分不清是谁"
        draft.refuse(
            block.title,
            one.row,
            "姓名",
            f"{why}，这一行没有导入",
            "改好文件或先导入名册，再导入一次",
            kind="名册里对不上" if len(nobody) > _GROUPED else "",
            学号=said["学号"],
            姓名=said["姓名"],
        )
