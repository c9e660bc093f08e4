"""Sheets drawn as text: a school made of them, and a result compared with one.

A sheet is a heading line and rows, cells apart by ``|``; an empty cell is empty. Sheets that a test does not draw are
the usual ones below: one 年级 of two classes, three subjects of 100, and a student of 1班 for each 学号 in the marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from xlbangfu.rules.school import School
from xlbangfu.schema import ABSENT, BY_NAME, EXEMPT, ROSTER, ROW, SETTINGS, Table, state_of

TODAY = date(2026, 6, 30)

USUAL_CLASSES = """
    班级 | 年级
    1班  | 初一
    2班  | 初一
"""
USUAL_SUBJECTS = """
    年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
         | 语文 | 100  | 85     | 60     | 40     | 是
         | 数学 | 100  | 85     | 60     | 40     | 是
         | 英语 | 100  | 85     | 60     | 40     | 是
"""
USUAL_EXAMS = """
    考试编号 | 日期       | 学期 | 类型
    期初     | 2025-09-10 | 上   | 月考
    期中     | 2025-11-10 | 上   | 期中
    期末     | 2026-01-20 | 上   | 期末
    下期中   | 2026-04-20 | 下   | 期中
"""


def cells(sheet: str) -> tuple[list[str], list[list[str | None]]]:
    """The headings and the rows of a drawn sheet."""
    lines = [[cell.strip() for cell in line.split("|")] for line in sheet.strip("\n").splitlines() if line.strip()]
    return lines[0], [[cell or None for cell in line] for line in lines[1:]]


def frame(table: Table, sheet: str) -> pl.DataFrame:
    """A drawn sheet as ``Book.read`` would give it."""
    headings, rows = cells(sheet)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(headings)}
    typed: dict[str, pl.Series] = {}
    for name, dtype in table.frame_schema.items():
        typed[name] = pl.Series(name, columns.get(name, [None] * len(rows)), dtype=pl.String)
        typed[name] = typed[name].str.to_date() if dtype == pl.Date else typed[name].cast(dtype)
    for name in headings if table.subjects else ():
        if name not in table and name != "今班":
            states = [cell if cell in (ABSENT, EXEMPT) else None for cell in columns[name]]
            numbers = [None if state else cell for cell, state in zip(columns[name], states, strict=True)]
            typed[name] = pl.Series(name, numbers, dtype=pl.String).cast(pl.Float64)
            typed[state_of(name)] = pl.Series(state_of(name), states, dtype=pl.String)
    return pl.DataFrame(typed).with_row_index(ROW, offset=2).cast({ROW: pl.Int64})


def school(sheets: Mapping[str, str], **settings: str) -> School:
    """A school of drawn sheets, by sheet name; 今班 in 成绩 is the class of today of a student."""
    drawn = {"班级": USUAL_CLASSES, "科目": USUAL_SUBJECTS, "考试": USUAL_EXAMS} | dict(sheets)
    frames = {BY_NAME[name]: frame(BY_NAME[name], sheet) for name, sheet in drawn.items()}
    if ROSTER not in frames:
        frames[ROSTER] = _roster(drawn["成绩"])
    return with_settings(School.of(frames, today=TODAY), **settings)


def with_settings(before: School, **settings: str) -> School:
    """The school with some of its 设置 filled in."""
    sheet = {"项目": list(settings), "值": list(settings.values()), "说明": [None] * len(settings)}
    return School.of({**before.frames, SETTINGS: pl.DataFrame(sheet, schema=SETTINGS.frame_schema)}, today=TODAY)


def _roster(marks: str) -> pl.DataFrame:
    headings, rows = cells(marks)
    today = {}
    for row in rows:
        known = dict(zip(headings, row, strict=True))
        today[known["学号"]] = known.get("今班") or known.get("考时班级") or "1班"
    lines = [f"{number} | 生{number} | {name} | 在读" for number, name in today.items()]
    return frame(ROSTER, "\n".join(["学号 | 姓名 | 班级 | 在籍状态", *lines]))


def looks_like(result: pl.DataFrame, sheet: str) -> None:
    """Assert that a result has the drawn rows in the drawn columns; numbers are compared to six figures."""
    headings, rows = cells(sheet)
    seen = [[_text(cell) for cell in row] for row in result.select(headings).iter_rows()]
    assert seen == rows, "\n".join(["seen:", *map(str, seen), "drawn:", *map(str, rows)])


def _text(cell: object) -> str | None:
    return f"{cell:.6g}" if isinstance(cell, float) else None if cell is None else str(cell)
