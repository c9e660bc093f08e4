"""Lists of classes with 班主任 and 包班行政: new classes are appended, empty cells filled, what differs is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import account
from xlbangfu.documents.importing.people.class_places import ClassPlaces, told_new
from xlbangfu.documents.importing.people.people_headings import CLASS, columns_of
from xlbangfu.documents.importing.people.people_values import person_name, plain_text
from xlbangfu.rules.people import teacher_ids
from xlbangfu.schema import CLASSES, TEACHERS

_TEACHERS = ("班主任", "包班行政")


def plan(draft: Draft, block: Block) -> None:
    """Add what a list of classes brings to the draft."""
    columns = columns_of(block, CLASS)
    rooms, grades = block.texts(words.CLASS), block.texts(words.GRADE)
    cells = {name: block.cells(columns.get(name)) for name in _TEACHERS}
    rows = [
        (
            row,
            rooms[index] or "",
            grades[index] or "",
            {name: plain_text(cells[name][index]) for name in _TEACHERS if cells[name][index]},
        )
        for index, row in enumerate(block.numbers)
    ]
    fates = take(draft, block, rows)
    draft.lines.append(account.sheet_line(block, "班级", columns, account.counted(fates)))


def take(draft: Draft, block: Block, rows: Sequence[tuple[int | None, str, str, dict[str, Any]]]) -> list[str]:
    """Take classes in: (Excel row, class, 年级, 班主任 and 包班行政), as typed."""
    places = ClassPlaces(draft, block)
    there = {row["班级"]: row for row in draft.rows(CLASSES).drop_nulls("班级").iter_rows(named=True)}
    new: dict[str, dict[str, Any]] = {}
    fates = []
    for row, room, grade, cells in rows:
        place = places.of(room, grade)
        if place.held:
            fates.append(account.HELD)
        elif not place.name:
            fates.append(account.REFUSED)
        elif known := there.get(place.name):
            fates.append(_compare(draft, block, row, place.name, cells, known))
        else:
            new.setdefault(place.name, {"班级": place.name, "年级": place.grade}).update(cells)
            fates.append(account.NEW)
    if there and new:
        draft.lines.append(f"{told_new(block, new)}。")
    made = [{name: one.get(name) for name in CLASSES.names} for one in new.values()]
    draft.append(CLASSES, pl.DataFrame(made, schema=CLASSES.frame_schema) if made else CLASSES.empty())
    return fates


def _compare(
    draft: Draft, block: Block, row: int | None, room: str, cells: dict[str, Any], known: dict[str, Any]
) -> str:
    filled = {column: value for column, value in cells.items() if known.get(column) is None}
    differing = [c for c, value in cells.items() if c not in filled and not _same_teacher(draft, known[c], value)]
    for column in differing:
        what = f"“班级”表里 {room} 的{column}是 {known[column]}，文件里是 {cells[column]}，没有改"
        draft.warn(block.title, row, column, what, "要改就直接在“班级”表里改")
    known.update(filled)
    draft.fill(CLASSES, (room,), filled)
    return account.DIFFERENT if differing else account.FILLED if filled else account.THERE


def _same_teacher(draft: Draft, there: str, typed: str) -> bool:
    """Whether two cells name one teacher, by 工号, name or both."""
    found = teacher_ids(pl.Series([there, typed], dtype=pl.String), draft.rows(TEACHERS))
    return person_name(there) == person_name(typed) or (found[0] is not None and found[0] == found[1])
