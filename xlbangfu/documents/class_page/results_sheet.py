"""班级成绩: one mean and three shares a subject, the class beside its 年级."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlbangfu.documents.class_page.page import BY_RANK, ClassPage, Edition, FigureRow
from xlbangfu.documents.look import column_xml, heading, new_sheet
from xlbangfu.ooxml.row_xml import Cell, Row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

TITLE = "班级成绩"
_COLUMNS = (
    ("科目", 10), ("应考", 4.5), ("实考", 4.5), ("平均分\n本班", 6.5), ("平均分\n年级", 6.5), ("相差", 6), ("优秀率\n本班", 5.5),
    ("优秀率\n年级", 5.5), ("及格率\n本班", 5.5), ("及格率\n年级", 5.5), ("低分率\n本班", 5.5), ("低分率\n年级", 5.5),
)  # fmt: skip
_PLACE = ("年级\n排名", 5)


def _columns(edition: Edition) -> tuple[tuple[str, float], ...]:
    return (*_COLUMNS, _PLACE) if edition.shown == BY_RANK else _COLUMNS


def frame(workbook: Workbook) -> None:
    new_sheet(workbook, TITLE, [width for _, width in _COLUMNS], landscape=False, frozen=1)


def finish(page: ClassPage, before: str, after: str) -> tuple[str, str]:
    """The XML around the rows, with the width of the column of places where there is one."""
    widths = [width for _, width in _columns(page.edition)]
    further = [column_xml(at, width) for at, width in enumerate(widths, 1) if at > len(_COLUMNS)]
    return before.replace("</cols>", "".join(further) + "</cols>"), after


def rows(page: ClassPage) -> list[Row | None]:
    note = "一分三率：缺考、免考、未录不算在内。" if page.figures else "还没有考试成绩。"
    return [
        *heading(f"{page.title}　{TITLE}", note),
        Row(36, [("head", name) for name, _ in _columns(page.edition)]),
        *_exams(page),
    ]


def _exams(page: ClassPage) -> Iterator[Row | None]:
    ranked = page.edition.shown == BY_RANK
    for exam in page.figures:
        yield Row(28, [("section", exam.title)])
        for line in exam.rows:
            yield Row(20, [*_cells(line), *([("centre", line.place)] if ranked else [])])
        yield None


def _cells(line: FigureRow) -> list[Cell]:
    (own, *own_shares), (grade, *grade_shares) = line.own, line.grade
    gap = None if own is None or grade is None else round(own - grade, 1)
    shares = [share for pair in zip(own_shares, grade_shares, strict=True) for share in pair]
    return [
        ("centre", line.subject),
        ("centre", line.expected),
        ("centre", line.sat),
        ("decimal", own),
        ("decimal", grade),
        ("change", gap),
        *(("whole_rate", share) for share in shares),
    ]
