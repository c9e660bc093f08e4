"""The students of a teacher's page: where each is, the plan with its measures, what the teacher owes, the last contact.

学号 stands right of what is printed, as on the class page.
"""

from __future__ import annotations

from xlsxwriter.workbook import Workbook

from xlbangfu.documents.class_page.page import ClassPage, Edition, Student
from xlbangfu.documents.class_page.student_sheet import coming, last_contact, phase, value_or
from xlbangfu.documents.look import HEADER_ROW, heading, height, new_sheet
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.row_xml import Cell, Row

_PRINTED = (
    ("姓名", 10), ("班级", 9), ("关注", 5), ("需加强学科", 10), ("计划阶段", 11), ("目标", 22), ("措施", 26),
    ("我要补的", 12), ("下次安排", 16), ("上次联系", 12),
)  # fmt: skip
_ON_SCREEN = (("", 3), ("学号", 14), ("学习\n帮手", 10))
_COLUMNS = (*_PRINTED, *_ON_SCREEN)


def frame(workbook: Workbook, edition: Edition, signed: str) -> None:
    widths = [width for _, width in _COLUMNS]
    sheet = new_sheet(workbook, edition.students_title, widths, landscape=True, frozen=1, signed=signed)
    sheet.print_area(0, 0, 0, 1)


def rows(page: ClassPage) -> list[Row | None]:
    note = "★ 加倍关注：每周至少谈心两次。上次联系是不管谁做的最近一次。"
    heads = [("head", name) for name, _ in _PRINTED] + [("data_head", name) for name, _ in _ON_SCREEN]
    return [
        *heading(f"{page.title}　{page.edition.students_title}", note),
        Row(36, heads),
        *(_row(student) for student in page.students),
    ]


def printed(page: ClassPage) -> str:
    """The range that goes to paper, as ``$A$1:$J$9``."""
    return f"$A$1:${letters(len(_PRINTED) - 1)}${HEADER_ROW + len(page.students)}"


def _row(student: Student) -> Row:
    cells: list[Cell] = [
        ("strong", student.name),
        ("centre", student.class_name),
        ("centre", "★" if student.key else ""),
        ("centre", student.subjects),
        value_or(phase(student), "无计划"),
        ("text", student.goal),
        ("text", student.measures),
        ("strong", student.overdue),
        ("text", coming(student)),
        last_contact(student),
        ("prose", None),
        ("prose", student.number),
        ("prose", student.helper),
    ]
    wrapped = [
        (str(value), width) for (_, value), (_, width) in zip(cells, _COLUMNS, strict=True) if isinstance(value, str)
    ]
    return Row(height(28, *wrapped), cells)
