"""The students looked after: who answers for them, where the plan stands, when someone last reached them.

学号 and 阶段目标 stand right of what is printed: they would make the rest too small to read on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlbangfu.documents.class_page.page import ClassPage, Report, Student
from xlbangfu.documents.class_page.page_tasks import FORTNIGHT
from xlbangfu.documents.class_page.student_table import StudentTable
from xlbangfu.ooxml.row_xml import Cell, Row
from xlbangfu.schema import SEPARATOR

_PRINTED = (
    ("姓名", 10), ("关注", 5), ("需加强学科", 11), ("一对一\n教师", 10), ("学习\n帮手", 9), ("计划阶段", 12),
    ("过期未做", 22), ("下次安排", 18), ("本学期\n联系", 7), ("上次联系", 13),
)  # fmt: skip
_ON_SCREEN = (("", 3), ("学号", 14), ("阶段目标", 40))
_TABLE = StudentTable(_PRINTED, _ON_SCREEN)
frame = _TABLE.frame


def rows(page: ClassPage) -> list[Row | None]:
    note = "★ 加倍关注：每周至少谈心两次。心理咨询只记有没有，内容不在这里。" if page.students else "本班目前没有。"
    return [
        *_TABLE.head(page, note),
        *(_row(student) for student in page.students),
        *_reports(page.reports),
    ]


def printed(height: int) -> str:
    """The range of so many rows that goes to paper."""
    return _TABLE.on_paper(height)


def _reports(reports: Sequence[Report]) -> Iterator[Row | None]:
    """What the teachers who help have sent themselves, so that nobody reports it twice."""
    if reports:
        waiting = sum(one.waiting for one in reports)
        yield None
        yield Row(24, [("section", f"教师的帮扶页：{len(reports)} 位，还没有交回 {waiting} 位")])
    for one in reports:
        yield Row(18, [("prose", f"{one.teacher}（{SEPARATOR.join(one.students)}）：{_report(one)}")])


def _report(one: Report) -> str:
    out = f"，{one.out:%m-%d} 发出的还没有交回" if one.waiting and one.out else ""
    if one.came is None:
        return out.lstrip("，") or "还没有交回"
    last = f"，最近 {one.last}" if one.last else ""
    return f"{one.came:%m-%d} 交回，本学期报来 {one.count} 条{last}{out}"


def _row(student: Student) -> Row:
    cells: list[Cell] = [
        ("strong", student.name),
        ("centre", "★" if student.key else ""),
        ("centre", student.subjects),
        value_or(student.teacher, "未结对"),
        ("centre", student.helper),
        value_or(phase(student), "无计划"),
        ("strong", student.overdue),
        ("text", coming(student)),
        ("centre", student.contacts),
        last_contact(student),
        ("prose", None),
        ("prose", student.number),
        ("more", student.goal),
    ]
    return _TABLE.row(cells)


def phase(student: Student) -> str:
    end = f"\n到 {student.phase_end:%m-%d}" if student.phase_end else ""
    return student.phase + end if student.phase else ""


def coming(student: Student) -> str:
    return f"{student.next_day:%m-%d} {student.next_what}" if student.next_day else ""


def value_or(text: str, missing: str) -> Cell:
    return ("centre", text) if text else ("late", missing)


def last_contact(student: Student) -> Cell:
    if student.days_since is None or student.last_contact is None:
        return ("late", "无记录")
    how = "\n".join(part for part in (student.last_kind, student.last_by) if part)
    text = f"{student.last_contact:%m-%d}（{student.days_since}天）" + (f"\n{how}" if how else "")
    return ("late" if student.days_since > FORTNIGHT else "centre", text)
