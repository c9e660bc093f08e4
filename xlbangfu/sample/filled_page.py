"""A page as whoever got it sends it back: its fill-in sheets written in, everything else byte for byte.

Rows are counted as in Excel: the headings stand in row 3, what is filled in begins in row 4.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape, unescape

Cells: TypeAlias = Mapping[str, str | int | date | None]  # by the heading of the column; None leaves it empty
LOG, CONDUCT, ABSENCE = "填报记录", "填报评价", "填报缺勤"
_INFO, _INDEX = "页信息", "目录.xlsx"
_HEADINGS, _FIRST = 3, 4
_EPOCH = date(1899, 12, 30)
_TEXT = r'<c r="{}"[^>]*><is><t[^>]*>([^<]+)'


def fullest(files: Iterable[Path], start: str = "") -> Path:
    """The page with the most students among those whose name starts so; of several the last by name."""
    pages = [path for path in files if path.suffix == ".xlsx" and path.name != _INDEX and path.name.startswith(start)]
    return max(pages, key=lambda path: (len(_Page(path).listed("D")), path.name))


def fill_class_page(made: Path, filled: Path, today: date, saved: datetime) -> None:
    """As a 班主任 fills it in: contacts, the month's marks, what a mother and a student wrote on the 意见表, who was ill."""
    page = _Page(made)
    students, teachers = page.listed("D"), page.listed("E")
    if not students:
        raise ValueError(f"{made.name} has nobody to write of")
    contacts = [
        {"教师": teachers[min(len(teachers) - 1, place)], **cells}
        for place, cells in enumerate(_contacts(today, students))
    ]
    opinions = [
        {"月份": f"{today:%Y-%m}", "学生": students[0], "评价人": who, **marks} for who, marks in _OPINIONS.items()
    ]
    ill = {"学生": page.listed("H")[-1], "节次": "全天", "类型": "病假", "已联系家长": "是", "说明": "发烧，在家休息"}
    page.write(LOG, contacts)
    page.write(CONDUCT, [*(_MARKS[place % len(_MARKS)] for place in range(len(students))), *opinions])
    page.write(ABSENCE, [{"日期": _school_day(today, 1), **ill}])
    page.save(filled, saved)


def fill_teacher_page(made: Path, filled: Path, today: date, saved: datetime) -> None:
    """As a teacher fills it in: contacts with the own students, on days before those of which a 班主任 writes."""
    page = _Page(made)
    page.write(LOG, list(_contacts(today, page.listed("D"), len(_SAID))))
    page.save(filled, saved)


_SAID: tuple[Cells, ...] = (
    {"类型": "辅导", "沟通对象": "学生", "场所": "学校", "优先类": "学习", "时长": 40, "内容": "订正期末试卷，补了两个知识点",
     "优点": "肯动笔", "不足": "步骤跳得快", "效果": 4, "下次安排": "周五再练一组"},
    {"类型": "谈心", "沟通对象": "学生", "场所": "学校", "优先类": "生活", "时长": 20, "内容": "聊暑假安排，一起写了作息表",
     "优点": "愿意说", "不足": "睡得晚", "效果": 4, "下次安排": "七月中旬电话回访"},
    {"类型": "家长沟通", "沟通对象": "父母", "场所": "家庭", "优先类": "安全", "时长": 15, "内容": "提醒防溺水，约定每天报平安",
     "优点": "家长配合", "效果": 5, "下次安排": "每周一次"},
)  # fmt: skip
_MARKS: tuple[Cells, ...] = (
    {"学习态度": 4, "作业": 4, "纪律": 5, "品德": 5, "参与": 4, "帮扶满意度": 5, "说明": "暑假前状态稳定"},
    {"学习态度": 3, "作业": 3, "纪律": 4, "品德": 4, "参与": 3, "帮扶满意度": 4, "说明": "作业要多提醒"},
    {"学习态度": 4, "作业": 3, "纪律": 4, "品德": 5, "参与": 4},
)
_OPINIONS: dict[str, Cells] = {
    "家长": {
        "学习态度": 4,
        "作业": 3,
        "纪律": 4,
        "品德": 5,
        "参与": 4,
        "帮扶满意度": 5,
        "说明": "孩子愿意说学校的事了",
    },
    "学生": {"学习态度": 4, "作业": 4, "纪律": 4, "品德": 5, "参与": 3, "帮扶满意度": 5},
}


def _contacts(today: date, students: Sequence[str], earlier: int = 0) -> Iterator[dict[str, str | int | date | None]]:
    for place, said in enumerate(_SAID):
        yield {
            "日期": _school_day(today, len(_SAID) - place + earlier),
            "学生": students[place % len(students)],
            **said,
        }


def _school_day(today: date, before: int) -> date:
    """The weekday that many weekdays before."""
    days = (today - timedelta(days=back) for back in range(1, 3 * before + 4))
    return [day for day in days if day.weekday() < 5][before - 1]


class _Page:
    """The parts of a page that are text, while they are written in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as package:
            texts = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
            self.parts = {name: package.read(name).decode() for name in texts}
        names = re.findall(r'<sheet name="([^"]*)"', self.parts["xl/workbook.xml"])
        self._part = {name: f"xl/worksheets/sheet{place}.xml" for place, name in enumerate(names, start=1)}

    def listed(self, column: str) -> list[str]:
        """The choices of a drop-down, as 页信息 has them below their heading."""
        return [unescape(text) for text in re.findall(_TEXT.format(rf"{column}\d+"), self.parts[self._part[_INFO]])[1:]]

    def write(self, sheet: str, rows: Sequence[Cells]) -> None:
        """The rows from the first one to fill in on, into the columns of those headings."""
        text = self.parts[self._part[sheet]]
        headings = re.findall(rf'<c r="([A-Z]+){_HEADINGS}"[^>]*><is><t[^>]*>([^<]+)', text)
        column_of = {unescape(heading): column for column, heading in headings}
        styles = _styles(text)
        for number, cells in enumerate(rows, start=_FIRST):
            put = sorted((column_of[name], value) for name, value in cells.items() if value is not None)
            made = "".join(_cell(f"{column}{number}", styles[column], value) for column, value in put)
            text = _with_row(text, number, made)
        self.parts[self._part[sheet]] = text

    def save(self, path: Path, saved: datetime) -> None:
        """The page under another name, last saved at that time."""
        core, when = "docProps/core.xml", f"{saved:%Y-%m-%dT%H:%M:%SZ}"
        self.parts[core] = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{when}", self.parts[core])
        with zipfile.ZipFile(self.path) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in source.infolist():
                copy.writestr(member, self.parts.get(member.filename) or source.read(member))


def _styles(sheet: str) -> dict[str, str]:
    """The style of each column, of the first 26."""
    spans = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"', sheet)
    return {chr(64 + at): style for low, high, style in spans for at in range(int(low), min(26, int(high)) + 1)}


def _with_row(sheet: str, number: int, cells: str) -> str:
    there = re.search(rf'<row r="{number}".*?</row>', sheet)
    if there:
        return sheet[: there.end() - len("</row>")] + cells + sheet[there.end() - len("</row>") :]
    return sheet.replace("</sheetData>", f'<row r="{number}">{cells}</row></sheetData>')


def _cell(address: str, style: str, value: str | int | date | None) -> str:
    at = f'r="{address}" s="{style}"'
    if isinstance(value, date):
        return f"<c {at}><v>{(value - _EPOCH).days}</v></c>"
    if isinstance(value, int):
        return f"<c {at}><v>{value}</v></c>"
    return f'<c {at} t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
