"""What the formulas of 名单 come to: text, a number, or None where this can't be said without working them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlbangfu.book.value_lists.formulas import (
    GRADE,
    GRADE_ROWS,
    PRIORITY,
    PRIORITY_ROWS,
    PROBLEM_COUNT,
    ROSTER_ROWS,
    SOURCE_ROWS,
    STUDENT,
    STUDENT_ROW,
    STUDENT_ROWS,
    SUBJECT,
    SUBJECT_ROWS,
    TEACHER,
    TEACHER_ROWS,
)
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import INPUTS

Value = str | int | None
Cells = Sequence[Value]  # a column of a sheet from row 1 on: text, a whole number, "" for blank, None for anything else
_CRITERION = late_pattern(r"^[<>=]|[*?~]")  # what COUNTIF does not take literally
_SPACES = late_pattern(" +")


def values_of(column: str, cells: Sequence[Cells]) -> list[Value]:
    """The values of one column of 名单, from row 2 on; ``cells`` are those of ``LISTED_COLUMNS``."""
    return list(
        {
            TEACHER: _teachers,
            GRADE: lambda cells: _distinct(cells, GRADE_ROWS),
            SUBJECT: lambda cells: _distinct(cells, SUBJECT_ROWS),
            PRIORITY: _priorities,
            PROBLEM_COUNT: _problem_counts,
            STUDENT_ROW: _student_rows,
            STUDENT: _students,
        }[column](cells)
    )


def _at(cells: Cells, row: int) -> Value:
    return cells[row - 1] if row <= len(cells) else ""


def _joined(values: Sequence[Value]) -> str | None:
    return None if None in values else " ".join(map(str, values))


def _trimmed(text: str | None) -> str | None:
    return None if text is None else _SPACES.sub(" ", text).strip(" ")


def _teachers(cells: Sequence[Cells]) -> Iterator[Value]:
    for row in range(2, TEACHER_ROWS + 1):
        yield _trimmed(_joined([_at(column, row) for column in cells]))


def _distinct(cells: Sequence[Cells], rows: int) -> list[Value]:
    (source,) = cells
    there = source[:SOURCE_ROWS]
    if any(not isinstance(value, str) or _CRITERION.search(value) or _is_number(value) for value in there):
        return [None] * rows
    heading = str(there[0]).lower() if there else ""
    found = {str(value).lower(): value for value in reversed(there) if value and str(value).lower() != heading}
    order = dict.fromkeys(str(value).lower() for value in there)
    return _filled([found[key] for key in order if key in found], rows)


def _priorities(cells: Sequence[Cells]) -> list[Value]:
    items, values = cells
    row = next((row for row, item in enumerate(items, start=1) if item == "优先项"), 0)
    text = _at(values, row) if row else ""
    if text is None or any(ord(sign) > 0xFFFF for sign in str(text)):
        return [None] * PRIORITY_ROWS
    spread = str(text).replace("，", "、").replace("、", " " * 100)
    return [_trimmed(spread[place * 100 : place * 100 + 100]) for place in range(PRIORITY_ROWS)]


def _problem_counts(cells: Sequence[Cells]) -> list[Value]:
    (sheets,) = cells
    names = [str(name) for name in sheets]
    return [names.count(table.name) for table in INPUTS]


def _student_rows(cells: Sequence[Cells]) -> list[Value]:
    """Text that is not empty is what MATCH("?*") finds; beyond the last there is nothing."""
    kinds = cells[0][:ROSTER_ROWS]
    found: list[Value] = [row for row, kind in enumerate(kinds, start=1) if row > 1 and isinstance(kind, str) and kind]
    return _filled(found, STUDENT_ROWS - 1)


def _students(cells: Sequence[Cells]) -> list[Value]:
    rows = _student_rows(cells)
    return [_joined([_at(column, row) for column in cells[1:]]) if isinstance(row, int) else row for row in rows]


def _filled(found: list[Value], rows: int) -> list[Value]:
    return (found + [""] * rows)[:rows]


def _is_number(text: str) -> bool:
    """Whether COUNTIF may take a text for a number."""
    return any(sign.isdigit() for sign in text) and re.search(r"[^\W\d_]", text) is None
