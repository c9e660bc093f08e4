"""Whose data is past 「保存年限」 (DOMAIN, Privacy)."""

from __future__ import annotations

from collections.abc import Sequence

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.rules.school import School
from xlbangfu.schema import INPUTS, ROSTER, SEPARATOR

_LISTED = 20  # rows that a line lists


def expired_lines(book: Book, call: Call) -> list[str]:
    """What is past 「保存年限」, one line a student: who, since when, which rows of which sheets."""
    from xlbangfu.rules.expiry import expired, rows_of

    school = School.of(book.read(*INPUTS), today=call.today)
    lines = []
    for row in expired(school, school[ROSTER]).iter_rows(named=True):
        rows = rows_of(school, row["学号"], row["事由"])
        where = SEPARATOR.join(f"{table} {len(numbers)} 行（{_row_list(numbers)}）" for table, numbers in rows.items())
        who = " ".join(row[name] for name in ("学号", "姓名", "班级") if row[name])
        lines.append(f"{who}：{row['事由']}，最后一次 {row['最后日期'] or '没有日期'}；{where}")
    return lines


def _row_list(rows: Sequence[int]) -> str:
    more = "……" if len(rows) > _LISTED else ""
    return "第 " + SEPARATOR.join(map(str, rows[:_LISTED])) + more + " 行"
