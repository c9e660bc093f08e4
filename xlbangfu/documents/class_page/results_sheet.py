"""班级成绩: one mean and three shares a subject, the class beside its 年级."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.workbook import Workbook

from xlbangfu.documents.class_page.page import BY_RANK, ClassPage, Edition, FigureRow
from xlbangfu.documents.look import heading, new_sheet
from xlbangfu.ooxml.row_xml import Cell, Row

TITLE = "班级成绩"
_COLUMNS = (
    ("科目", 12), ("应考", 7), ("实考", 7), ("平均分\n本班", 9), ("平均分\n年级", 9), ("相差", 8), ("优秀率\n本班", 9),
    ("优秀率\n年级", 9), ("及格率\n本班", 9), ("及格率\n年级", 9), ("低分率\n本班", 9), ("低分率\n年级", 9),
)  # fmt: skip
_PLACE = ("年级\n排名", 8)


def _columns(edition: Edition) -> tuple[tuple[str, int], ...]:
    return (*_COLUMNS, _PLACE) if edition.shown == BY_RANK else _COLUMNS


def frame(workbook: Workbook, edition: Edition) -> None:
    new_sheet(workbook, TITLE, [width for _, width in _columns(edition)], landscape=False)


def rows(page: ClassPage) -> list[Row | None]:
    note = "一分三率：缺考、免考、未录不算在内。" if page.figures else "还没有考试成绩。"
    return [
        *heading(f"{page.name}　{TITLE}", note),
        Row(38, [("head", name) for name, _ in _columns(page.edition)]),
        *_exams(page),
    ]


def _exams(page: ClassPage) -> Iterator[Row | None]:
    ranked = page.edition.shown == BY_RANK
    for exam in page.figures:
        yield Row(28, [("section", exam.title)])
        for line in exam.rows:
            yield Row(22, [*_cells(line), *([("centre", line.place)] if ranked else [])])
        yield None


def _cells(line: FigureRow) -> list[Cell]:
    (own, *own_shares), (grade, *grade_shares) = line.own, line.grade
    gap = None if own is None or grade is None else round(own - grade, 6)
    shares = [share for pair in zip(own_shares, grade_shares, strict=True) for share in pair]
    return [
        ("centre", line.subject),
        ("centre", line.expected),
        ("centre", line.sat),
        ("decimal", own),
        ("decimal", grade),
        ("change", gap),
        *(("rate", share) for share in shares),
    ]
