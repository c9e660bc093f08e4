"""Build what this folder holds: ``python workbooks/build.py`` (a test compares it with what is committed).

* 帮扶总表.xlsm: an empty master for Excel.
* 帮扶总表-示例.xlsm: a made-up school after 一键完成.
* 班级页-示例.xlsx: one class page of that school, its fill-in sheets filled as a 班主任 would.

Day and hour are fixed, so that the same program gives the same files anywhere.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch
from xml.sax.saxutils import escape

from xlbangfu import actions, sample
from xlbangfu.actions import make_pages
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook

HERE = Path(__file__).parent
EMPTY, SAMPLE, PAGE = "帮扶总表.xlsm", "帮扶总表-示例.xlsm", "班级页-示例.xlsx"
MADE = datetime(2026, 6, 30, 9, 0)
ROOM = "初二3班"
PUBLIC = f"K{'0' * 32}"  # of the sample alone, whose pages prove nothing; every other workbook draws its own by chance
FIRST = 4  # the first row to fill in on a page
CONTACTS: Sequence[Sequence[object]] = (
    (date(2026, 7, 1), 0, None, "辅导", "学生", "学校", "学习", 40, "订正期末试卷，补了两个知识点", "肯动笔", "步骤跳得快", 4, "周五再练一组"),
    (date(2026, 7, 2), 1, None, "谈心", "学生", "学校", "生活", 20, "聊暑假安排，一起写了作息表", "愿意说", "睡得晚", 4, "七月中旬电话回访"),
    (date(2026, 7, 3), 0, None, "家长沟通", "父母", "家庭", "安全", 15, "提醒防溺水，约定每天报平安", "家长配合", None, 5, "每周一次"),
)  # fmt: skip
MARKS = ((4, 4, 5, 5, 4, 5, "暑假前状态稳定"), (3, 3, 4, 4, 3, 4, "作业要多提醒"), (4, 3, 4, 5, 4, None, None))


def build(folder: Path) -> list[Path]:
    """Write the three files into a folder and name them."""
    empty, example, page = (folder / name for name in (EMPTY, SAMPLE, PAGE))
    with tempfile.TemporaryDirectory() as temporary:
        desk = Path(temporary)
        template.build(desk / EMPTY, created=MADE)
        book = desk / SAMPLE
        template.build(book, frames=sample.make().frames, created=MADE)
        call = actions.Call(user="示例", now=MADE, clock=lambda: 0.0, out=desk / "班级页")
        with patch("xlbangfu.documents.page_code.new_secret", lambda: PUBLIC):
            outcome = make_pages.run(ClosedBook(book, action="run"), call)
        (made,) = (path for path in outcome.files if path.name.startswith(ROOM))
        _fill(made, page)
        shutil.copyfile(desk / EMPTY, empty)
        shutil.copyfile(book, example)
    return [empty, example, page]


def _fill(made: Path, filled: Path) -> None:
    """A copy of the page with its two fill-in sheets written in and saved an hour later."""
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED) as copy:
        parts = {member.filename: source.read(member).decode() for member in source.infolist() if _is_text(member)}
        sheets = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
        log, conduct = (f"xl/worksheets/sheet{sheets.index(name) + 1}.xml" for name in ("填报记录", "填报评价"))
        students = re.findall(r'<c r="B\d+"[^>]*><is><t[^>]*>(\d+ [^<]+)', parts[conduct])
        teacher = re.findall(r'<c r="D\d+"[^>]*><is><t[^>]*>([^<]+)', parts[conduct])[1]
        parts[log] = _with_contacts(parts[log], students, teacher)
        parts[conduct] = _with_marks(parts[conduct], len(students))
        later = f"{MADE.replace(hour=10):%Y-%m-%dT%H:%M:%SZ}"
        parts["docProps/core.xml"] = re.sub(
            r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{later}", parts["docProps/core.xml"]
        )
        for member in source.infolist():
            copy.writestr(member, parts.get(member.filename) or source.read(member))


def _is_text(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith((".xml", ".rels"))


def _with_contacts(sheet: str, students: Sequence[str], teacher: str) -> str:
    rows = []
    for number, (day, who, _, *rest) in enumerate(CONTACTS, start=FIRST):
        cells = _cells(sheet, number, [day, students[int(str(who)) % len(students)], teacher, *rest])
        rows.append(f'<row r="{number}">{cells}</row>')
    return sheet.replace("</sheetData>", "".join(rows) + "</sheetData>")


def _with_marks(sheet: str, students: int) -> str:
    for number, marks in enumerate(MARKS[:students], start=FIRST):
        cells = _cells(sheet, number, marks, first=4)
        sheet = re.sub(rf'(<row r="{number}".*?)</row>', rf"\g<1>{cells}</row>", sheet)
    return sheet


def _cells(sheet: str, row: int, values: Sequence[object], first: int = 0) -> str:
    """Cells in the styles of their columns."""
    styles = {
        column: style
        for low, high, style in re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"', sheet)
        for column in range(int(low), int(high) + 1)
    }
    made = []
    for column, value in enumerate(values, start=first + 1):
        at = f'r="{chr(64 + column)}{row}" s="{styles[column]}"'
        if isinstance(value, date):
            made.append(f"<c {at}><v>{(value - date(1899, 12, 30)).days}</v></c>")
        elif isinstance(value, int):
            made.append(f"<c {at}><v>{value}</v></c>")
        elif value is not None:
            made.append(f'<c {at} t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
    return "".join(made)


if __name__ == "__main__":
    for path in build(HERE):
        sys.stdout.write(f"{path.name}\n")
