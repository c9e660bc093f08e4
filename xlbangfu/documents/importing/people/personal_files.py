"""住址, 联系电话, 监护人 of a roster into 档案, for the students on file only: of the others the office keeps none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people.people_headings import FILE, all_columns, heading
from xlbangfu.documents.importing.people.people_values import Values
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import FILES, SEPARATOR

Student = Mapping[str, Any]
_SAID = ("父亲", "母亲")


def plan(draft: Draft, block: Block, values: Values, students: Sequence[Student | None]) -> list[str]:
    """Add the files; ``students`` are the rows of 名册 that the records are about. What is said of it, for the sheet's line."""
    columns = all_columns(block, FILE)
    if not columns:
        return []
    cells = _cells(block, values, len(students))
    there = _there(draft)
    added: list[dict[str, Any]] = []
    others = 0
    for student, said in zip(students, cells, strict=True):
        if student is None or not said:
            continue
        if not student.get("帮扶类别"):
            others += 1
        elif (known := there.get(student["学号"])) is not None:
            draft.fill(
                FILES, tuple(known[name] for name in FILES.keys), {n: v for n, v in said.items() if known[n] is None}
            )
        else:
            added.append({**{name: student[name] for name in ("学号", "姓名", "班级")}, **said})
    draft.append(FILES, pl.DataFrame(added, schema=FILES.frame_schema) if added else FILES.empty())
    return [_line(len(added), others)]


def _cells(block: Block, values: Values, count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, column in all_columns(block, FILE):
        who = next((word for word in _SAID if word in heading(column)), "")
        for row, value in zip(rows, values.column(FILES[name], block.cells(column)), strict=True):
            if value is not None:
                row[name] = SEPARATOR.join(dict.fromkeys([*filter(None, [row.get(name)]), f"{who}{value}"]))
    return rows


def _there(draft: Draft) -> dict[str, dict[str, Any]]:
    """The files of the master, by the student whom each is about."""
    rows = draft.school[FILES].filter(pl.col(STUDENT).is_not_null())
    return {row[STUDENT]: row for row in rows.iter_rows(named=True)}


def _line(added: int, others: int) -> str:
    kept = f"“档案”新增 {added} 人" if added else ""
    left = f"电话、住址、监护人只记进帮扶和关爱学生的“档案”，{others} 人不在其中，没有记" if others else ""
    return "，".join(part for part in (kept, left) if part)
