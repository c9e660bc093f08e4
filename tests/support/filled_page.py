"""A class page as a homeroom teacher sends it back: one contact filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from xlbangfu.documents.class_page.fill_in import LOG_COLUMNS, LOG_SHEET
from xlbangfu.documents.look import FIRST_ROW


def fill_in(folder: Path, day: date, *, name: str = "page.xlsx") -> Path:
    """The first page of a folder that has students, filled in and saved beside the folder under another name."""
    for page in sorted(folder.glob("初*.xlsx")):
        workbook = load_workbook(page)
        students = [cell.value for cell in workbook["页信息"]["D"] if cell.value]
        if not students:
            continue
        teacher = next(cell.value for cell in workbook["页信息"]["E"][1:] if cell.value)
        row = {"日期": day, "学生": students[-1], "教师": teacher, "类型": "谈心", "内容": "聊了聊这一周"}
        for column, heading in enumerate(LOG_COLUMNS, start=1):
            if heading in row:
                workbook[LOG_SHEET].cell(FIRST_ROW + 1, column, row[heading])
        path = folder.with_name(name)
        workbook.save(path)
        return path
    raise AssertionError("no class has students on its page")
