"""The students of a teacher's page: where each is, the plan with its measures, what the teacher owes, the last contact.

学号 stands right of what is printed, as on the class page.
"""

from __future__ import annotations

from xlbangfu.documents.class_page.page import ClassPage, Student
from xlbangfu.documents.class_page.student_sheet import coming, last_contact, phase, value_or
from xlbangfu.documents.class_page.student_table import StudentTable
from xlbangfu.documents.look import HEADER_ROW
from xlbangfu.ooxml.row_xml import Cell, Row

_PRINTED = (
    ("姓名", 10), ("班级", 9), ("关注", 5), ("需加强学科", 10), ("计划阶段", 11), ("目标", 22), ("措施", 26),
    ("我要补的", 12), ("下次安排", 16), ("上次联系", 12),
)  # fmt: skip
_ON_SCREEN = (("", 3), ("学号", 14), ("学习\n帮手", 10))
_TABLE = StudentTable(_PRINTED, _ON_SCREEN)
frame = _TABLE.frame


def rows(page: ClassPage) -> list[Row | None]:
    note = "★ 加倍关注：每周至少谈心两次。上次联系是不管谁做的最近一次。"
    return [
        *_TABLE.head(page, note),
        *(_row(student) for student in page.students),
    ]


def printed(page: ClassPage) -> str:
    """The range that goes to paper."""
    return _TABLE.on_paper(HEADER_ROW + len(page.students))


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
    return _TABLE.row(cells)
