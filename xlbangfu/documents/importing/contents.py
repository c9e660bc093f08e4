"""What an import writes, counted as staff count it: students and classes, not rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

from xlbangfu.schema import (
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    LOG,
    PAIRINGS,
    ROSTER,
    SCORES,
    SEPARATOR,
    SUBJECTS,
    TEACHERS,
    Table,
)

_COUNTED = {
    ROSTER: ("学生", "名"),
    TEACHERS: ("教师", "位"),
    CLASSES: ("班级", "个"),
    SUBJECTS: ("科目", "个"),
    EXAMS: ("考试", "次"),
    SCORES: ("成绩", "人次"),
    FILES: ("档案", "份"),
    PAIRINGS: ("结对", "对"),
    LOG: ("记录", "条"),
    CONDUCT: ("评价", "条"),
}


def counted(added: Mapping[Table, pl.DataFrame], filled: Iterable[tuple[Table, pl.DataFrame]]) -> str:
    """Such as 学生 90 名、班级 1 个；补填“名册”2 行; "" where nothing is written. A 人次 is one student in one exam."""
    new = SEPARATOR.join(_one(table, frame.height) for table, frame in added.items() if frame.height)
    rows: Counter[Table] = Counter()
    for table, frame in filled:
        rows[table] += frame.height
    more = SEPARATOR.join(f"“{table.name}”{height} 行" for table, height in rows.items() if height)
    return "；".join(part for part in (new, f"补填{more}" if more else "") if part)


def _one(table: Table, height: int) -> str:
    word, unit = _COUNTED.get(table, (table.name, "行"))
    return f"{word} {height} {unit}"
