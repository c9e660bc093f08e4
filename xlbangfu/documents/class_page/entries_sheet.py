"""近期记录, of a teacher's page: the last contacts with each student; in words only what the teacher wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlbangfu.documents.class_page.page import ClassPage, Entry, TeacherPage
from xlbangfu.documents.look import heading, height, new_sheet
from xlbangfu.ooxml.row_xml import Cell, Row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

TITLE = "近期记录"
_COLUMNS = (("学生", 11), ("日期", 12), ("类型", 10), ("谁做的", 10), ("内容", 52), ("下次安排", 28))


def frame(workbook: Workbook) -> None:
    widths = [width for _, width in _COLUMNS]
    new_sheet(workbook, TITLE, widths, landscape=True, frozen=1)


def rows(page: ClassPage) -> list[Row | None]:
    entries = entries_of(page)
    note = (
        "每名学生最近三次，新的在前；别人做的只写做过，内容问本人。心理咨询只记有没有。" if entries else "还没有记录。"
    )
    return [
        *heading(f"{page.title}　{TITLE}", note),
        Row(28, [("head", name) for name, _ in _COLUMNS]),
        *(_row(entry) for entry in entries),
    ]


def entries_of(page: ClassPage) -> tuple[Entry, ...]:
    return page.entries if isinstance(page, TeacherPage) else ()


def _row(entry: Entry) -> Row:
    cells: list[Cell] = [
        ("strong", entry.student),
        ("date", entry.day),
        ("centre", entry.kind),
        ("centre", entry.by),
        ("text", entry.said),
        ("text", entry.next),
    ]
    wrapped = [(str(value), width) for (_, value), (_, width) in zip(cells, _COLUMNS, strict=True) if value]
    return Row(height(24, *wrapped), cells)
