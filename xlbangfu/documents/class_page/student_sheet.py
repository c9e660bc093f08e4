"""The students looked after: who answers for them, where the plan stands, when someone last reached them."""

from __future__ import annotations

from xlsxwriter.workbook import Workbook

from xlbangfu.documents.class_page.page import ClassPage, Edition, Student
from xlbangfu.documents.class_page.page_tasks import FORTNIGHT
from xlbangfu.documents.look import heading, height, new_sheet
from xlbangfu.ooxml.row_xml import Cell, Row

_COLUMNS = (
    ("学号", 14), ("姓名", 10), ("关注", 6), ("需加强学科", 13), ("一对一\n教师", 11), ("学习\n帮手", 10), ("计划阶段", 11),
    ("阶段目标", 30), ("阶段到期", 12), ("过期未做", 24), ("下次安排", 20), ("本学期\n联系", 8), ("上次联系", 12),
    ("方式、教师", 12), ("距今\n天数", 8),
)  # fmt: skip
_WIDTH = dict(_COLUMNS)


def frame(workbook: Workbook, edition: Edition) -> None:
    new_sheet(workbook, edition.students_title, _WIDTH.values(), landscape=True)


def rows(page: ClassPage) -> list[Row | None]:
    note = "★ 加倍关注：每周至少谈心两次。心理咨询只记有没有，内容不在这里。" if page.students else "本班目前没有。"
    return [
        *heading(f"{page.name}　{page.edition.students_title}", note),
        Row(38, [("head", name) for name, _ in _COLUMNS]),
        *(_row(student) for student in page.students),
    ]


def _row(student: Student) -> Row:
    cells: list[Cell] = [
        ("centre", student.number),
        ("centre", student.name),
        ("late", "★" if student.key else ""),
        ("centre", student.subjects),
        _or(student.teacher, "未结对"),
        ("centre", student.helper),
        _or(student.phase, "无计划"),
        ("text", student.goal),
        ("date", student.phase_end),
        ("late", student.overdue),
        ("text", _coming(student)),
        ("centre", student.contacts),
        ("date", student.last_contact),
        ("centre", "\n".join(part for part in (student.last_kind, student.last_by) if part)),
        _days(student.days_since),
    ]
    wrapped = [
        (str(value), width) for (_, value), (_, width) in zip(cells, _COLUMNS, strict=True) if isinstance(value, str)
    ]
    return Row(height(28, *wrapped), cells)


def _coming(student: Student) -> str:
    return f"{student.next_day:%m-%d} {student.next_what}" if student.next_day else ""


def _or(text: str, missing: str) -> Cell:
    return ("centre", text) if text else ("late", missing)


def _days(count: int | None) -> Cell:
    if count is None:
        return ("late", "无记录")
    return ("late" if count > FORTNIGHT else "centre", count)
