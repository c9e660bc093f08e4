"""Pages that come back, made for tests: the hand-drawn school as a workbook in memory, and its pages filled in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from msgspec.structs import replace

from tests.support.class_page_school import EDITION, figures, frames, prizes, ranking
from tests.support.fake_book import FakeBook
from xlbangfu.actions import Call, Outcome, collect_pages
from xlbangfu.documents.class_page import ClassPage, class_pages
from xlbangfu.documents.class_page.fill_in import CONDUCT_COLUMNS, CONDUCT_SHEET, LOG_SHEET
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.rules.school import School
from xlbangfu.schema import ABSENCES, COLLECTED, CONDUCT, EDITIONS, KEY, LOG, PROBLEMS, RECALLS, ROW, RUNS, Table

HERE, THERE = "初二1班", "初二2班"
SECRET = "K00112233445566778899aabbccddeeff"
NOW = EDITION + timedelta(days=2)
CALL = Call(user="王老师", now=NOW)
TALK = {
    "日期": datetime(2026, 5, 19),
    "学生": "0101 =王明",
    "教师": "T02 钱老师",
    "类型": "谈心",
    "沟通对象": "学生",
    "场所": "学校",
    "优先类": "学习",
    "时长": 30,
    "内容": "谈了近期的学习",
    "效果": 4,
    "下次安排": "下周再谈",
}
LESSON = {"日期": datetime(2026, 5, 20), "学生": "0102、0103", "教师": "陈班", "类型": "辅导", "内容": "数学第三章"}
MARKS = {"学习态度": 3, "作业": 4, "纪律": 4.5, "品德": 5}


def school(settings: Mapping[str, str] | None = None) -> School:
    return School.of(frames(dict(settings or {})), today=EDITION.date())


def page(
    class_name: str = HERE,
    *,
    edition: datetime = EDITION,
    settings: Mapping[str, str] | None = None,
    secret: str = SECRET,
) -> ClassPage:
    """A page of an edition, with a code unless ``secret`` is empty, as in versions that had none."""
    return _page(class_name, edition, tuple((settings or {}).items()), secret)


@cache
def _page(class_name: str, edition: datetime, settings: tuple[tuple[str, str], ...], secret: str) -> ClassPage:
    given = class_pages(
        *(school(dict(settings)), ranking(), figures(), prizes()),
        classes=[class_name],
        edition=edition,
        number=_number(edition) if secret else 0,
        secret=secret,
    )
    return given[0]


def _number(edition: datetime) -> int:
    """Editions of different days have different numbers, in their order."""
    return 100 + (edition - EDITION).days


def book(
    settings: Mapping[str, str] | None = None, *, made: Sequence[datetime] = (EDITION,), coded: bool = True
) -> FakeBook:
    """The school as a workbook that has made pages at these times, with codes or as in versions that had none."""
    given = frames(dict(settings or {}))
    sheets = {table.name: [table.names] for table in (ABSENCES, RECALLS)}
    sheets |= {table.name: _grid(table, frame) for table, frame in given.items()}
    note = f"班级页 3 份（班级:校验码）{HERE}:0123456789ab、{THERE}:0123456789ab、初三1班:0123456789ab"
    runs = [[when, "班级页", 3.0, 0.0, "王老师", 0.1, note, ""] for when in made]
    editions = [[float(_number(when)), when, SECRET if when == made[0] else ""] for when in made if coded]
    return FakeBook(sheets | {RUNS.name: [RUNS.names, *runs], EDITIONS.name: [EDITIONS.names, *editions]})


def _grid(table: Table, frame: pl.DataFrame) -> list[list[Any]]:
    rows = frame.drop(KEY, ROW).rows()
    return [list(frame.drop(KEY, ROW).columns), *([["" if cell is None else cell for cell in row] for row in rows])]


_EMPTY: dict[str, bytes] = {}
_FILLED: dict[str, bytes] = {}


def filled(
    log: Sequence[Mapping[str, Any]] = (),
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    of: ClassPage | None = None,
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """A page filled in as openpyxl saves it, but for when: ``log`` from row 4 on, ``marks`` by 学号 or, for a spare row, by
    its number."""
    given = repr((log, marks, (of or page()).id, (of or page()).edition.secret))
    if change is None and given in _FILLED:
        return _FILLED[given]
    data = saved_at(_saved(log, marks or {}, of or page(), change), None)
    if change is None:
        _FILLED[given] = data
    return data


def _empty(of: ClassPage) -> bytes:
    given = of.id + of.edition.secret
    if given not in _EMPTY:
        _EMPTY[given] = as_bytes(of)
    return _EMPTY[given]


def _saved(
    log: Sequence[Mapping[str, Any]],
    marks: Mapping[str, Mapping[str, Any]],
    of: ClassPage,
    change: Callable[[openpyxl.Workbook], None] | None,
) -> bytes:
    workbook = openpyxl.load_workbook(BytesIO(_empty(of)))
    sheet = workbook[LOG_SHEET]
    headings = [cell.value for cell in sheet[3]]
    for row, entry in enumerate(log, 4):
        for name, value in entry.items():
            sheet.cell(row, 1 + headings.index(name), value)
    sheet = workbook[CONDUCT_SHEET] if marks else sheet
    for who, entry in marks.items():
        there = (row for row in range(4, 40) if str(sheet.cell(row, 2).value or "").startswith(who))
        row = next(there, None) or int(who)
        for name, value in entry.items():
            sheet.cell(row, 1 + list(CONDUCT_COLUMNS).index(name), value)
    if change:
        change(workbook)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def saved_at(data: bytes, moment: datetime | None) -> bytes:
    """The same file, saying that it was saved then (UTC), or not saying when; openpyxl always says now."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() if moment else b""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            target.writestr(name, part)
    return made.getvalue()


def put(folder: Path, data: bytes, name: str = "初二1班.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def collect(one: FakeBook, *files: Path, days: int = 0, agrees: bool = False) -> Outcome:
    """Collect, so many days later."""
    call = replace(CALL, now=NOW + timedelta(days=days), agrees=lambda _: agrees)
    return collect_pages.collect(one.at(files[0].parent), replace(call, files=files))


def facts(workbook: openpyxl.Workbook) -> dict[str, Any]:
    """The cells of column B of 页信息 by what stands in column A."""
    return {row[0].value: row[1] for row in workbook[INFO_SHEET].iter_rows(max_col=2) if row[0].value}


def rows(one: FakeBook, table: Table) -> list[dict[str, Any]]:
    return one.read(table)[table].to_dicts()


def entries(one: FakeBook) -> list[dict[str, Any]]:
    """The log entries that pages brought."""
    return [row for row in rows(one, LOG) if str(row["记录编号"]).startswith("S")]


def marks_of(one: FakeBook, who: str) -> list[dict[str, Any]]:
    return [row for row in rows(one, CONDUCT) if row["学号"] == who and row["月份"] == "2026-05"]


def complaints(one: FakeBook) -> list[tuple[str, str, str]]:
    """What 校验 says of pages: level, cell, column."""
    found = [row for row in rows(one, PROBLEMS) if row["编号"] == "收回"]
    return [(row["级别"], row["单元格"], row["列"]) for row in found]


def said(one: FakeBook) -> str:
    """Everything that 校验 says of pages."""
    return "\n".join(
        f"{row['工作表']} {row['问题']} {row['怎么改']}" for row in rows(one, PROBLEMS) if row["编号"] == "收回"
    )


def ledger(one: FakeBook) -> list[tuple[str, str]]:
    return [(row["做法"], row["编号"]) for row in rows(one, COLLECTED)]


def notes(one: FakeBook) -> str:
    """All of 运行记录."""
    return "\n".join(row["说明"] for row in rows(one, RUNS))
