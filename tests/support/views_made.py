"""Views as actions make them, of a school that is drawn in a few lines."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.drawn import school
from xlbangfu.documents.views import quality_view, school_view
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.class_quality import YearQuality, quality
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.school_report import Contacts, SchoolReport
from xlbangfu.settings import Settings

DAY, MADE = date(2026, 6, 30), datetime(2026, 6, 30, 9)
CLASSES = ("1班", "2班", "3班")


def marked_school(classes: tuple[str, ...] = CLASSES, students: int = 6) -> School:
    """Two exams of a 年级; the marks go up with the class and the student."""
    lines = ["考试编号 | 学号 | 考时班级 | 语文 | 数学"]
    for exam, step in (("期中", 0), ("期末", 1)):
        for place, room in enumerate(classes):
            for number in range(students):
                mark = 50 + 9 * place + 3 * number + step * (place % 2) * 4
                lines.append(f"{exam} | {place:02}{number:02} | {room} | {mark} | {mark + 2.5}")
    listed = "\n".join(["班级 | 年级", *(f"{room} | 初一" for room in classes)])
    return school({"成绩": "\n".join(lines), "班级": listed})


def qualities(one: School, chosen: str = "") -> list[YearQuality]:
    return quality(one, class_figures(one, rank(one)), chosen=chosen)


def quality_content(one: School) -> bytes:
    """The workbook of 质量分析."""
    return quality_view(qualities(one), Settings(), today=DAY, made=MADE)


def school_content() -> bytes:
    """The workbook of 学校一页 of a school that has nothing yet."""
    empty = SchoolReport(
        years=(),
        tracked=0,
        tracked_before=0,
        contacts=Contacts(),
        contacts_before=Contacts(),
        ready=0,
        turned=0,
        dropouts=0,
        by_exam=(),
        by_kind=(),
    )
    return school_view(empty, [], Settings(), today=DAY, made=MADE)
