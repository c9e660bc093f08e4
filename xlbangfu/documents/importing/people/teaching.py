"""任课表: who teaches which subject in which class, one row a class, one column a subject (turned where subjects stand down); into 教师
and 班级.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people import account, class_list, staff
from xlbangfu.documents.importing.people.class_places import ClassPlaces
from xlbangfu.documents.importing.people.people_headings import CLASS, carried, columns_of
from xlbangfu.documents.importing.people.people_values import parts, person_name
from xlbangfu.rules.people import teacher_ids
from xlbangfu.schema import SEPARATOR, TEACHERS

_NOBODY = ("", "-", "/", "—", "无", "待定")
_ROLE = "任课教师"


def plan(draft: Draft, block: Block) -> None:
    """Add what a teaching plan brings to the draft: teachers first, so that classes can name them."""
    columns = columns_of(block, CLASS)
    subjects = [column for column in block.columns if column.subject]
    rooms, grades = block.texts(words.CLASS), block.texts(words.GRADE)
    heads = [person_name(cell) for cell in block.cells(columns.get("班主任"))]
    taught = _taught(draft, block, subjects, heads)
    staff.take(draft, block, [(block.header_row, None, name, cells) for name, cells in taught.items()])
    known = teacher_ids(pl.Series(heads, dtype=pl.String), draft.rows(TEACHERS))
    rows = [
        (
            None if block.grid.is_turned else row,
            rooms[index] or "",
            grades[index] or "",
            {"班主任": heads[index]} if known[index] else {},
        )
        for index, row in enumerate(block.numbers)
    ]
    fates = class_list.take(draft, block, rows)
    used = columns | {f"{column.subject}教师": column for column in subjects}
    draft.lines.append(account.sheet_line(block, "任课表", used, account.counted(fates), [f"{len(taught)} 位教师"]))


def _taught(draft: Draft, block: Block, subjects: list[Column], heads: list[str | None]) -> dict[str, dict[str, Any]]:
    """角色, 任教科目 and 任教班级 of each teacher whom the plan names."""
    places = ClassPlaces(draft, block)
    rooms, grades = block.texts(words.CLASS), block.texts(words.GRADE)
    found: dict[str, dict[str, list[str]]] = {}
    for column in subjects:
        for index, name in _names(block, column):
            room = places.of(rooms[index] or "", grades[index] or "").name
            of_teacher = found.setdefault(name, {"角色": [_ROLE], "任教科目": [], "任教班级": []})
            of_teacher["任教科目"].append(column.subject)
            of_teacher["任教班级"].extend([room] if room else [])
    for head in heads:
        if head:
            found.setdefault(head, {"角色": [], "任教科目": [], "任教班级": []})["角色"].append("班主任")
    return {
        name: {column: SEPARATOR.join(dict.fromkeys(values)) for column, values in cells.items() if values}
        for name, cells in found.items()
    }


def _names(block: Block, column: Column) -> Iterator[tuple[int, str]]:
    """The record and the name of everyone in a column of a subject; what is merged down counts for each row."""
    for index, cell in enumerate(block.cells(carried(column, "教师"))):
        text = person_name(cell)
        if text is None or text in _NOBODY:
            continue
        for part in parts(text):
            if name := person_name(part):
                yield index, name
