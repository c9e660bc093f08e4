"""A school's first workbook: what is asked, and the workbook made of the answers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.window.form_view import Field
from xlbangfu.window.job import Progress

if TYPE_CHECKING:
    import polars as pl

SCHOOL, TERM, START, END, PLACE, ROSTER = "学校名称", "学期", "学期开始", "学期结束", "总表", "名册"
SETTINGS_ASKED = (SCHOOL, TERM, START, END)
FILE = "帮扶总表.xlsm"
TITLE = "第一份总表"
WORDS = "只要写学校名称，别的都替您写好了，不对再改。有名册文件就选上：先给您看认出了什么，再写。"
YES = "开始"


def usual_place() -> Path:
    """Where setup has put an empty workbook, or would."""
    from xlbangfu.doctor import ThisMachine
    from xlbangfu.doctor.desktop import desktop, master_folder

    machine = ThisMachine()
    return master_folder(machine, desktop(machine), FILE) / FILE


def fields(today: date, place: Path) -> list[Field]:
    """The lines of the form, filled in as far as the day tells; ``browse`` is put in by the window."""
    from xlbangfu.settings.school_settings import sheet_rows

    usual = {name: value for name, value, _ in sheet_rows(today)}
    return [
        Field(name=SCHOOL, help="印在班级页、邮件和文档上"),
        Field(name=TERM, value=usual[TERM], help="和考试表里的写法一样，如 2026-2027上"),
        Field(name=START, value=usual[START], help="本学期第一天，如 2026-09-01"),
        Field(name=END, value=usual[END], help="本学期最后一天"),
        Field(name=PLACE, value=str(place), help="放在哪里；已经有一份空的就用它"),
        Field(name=ROSTER, help="xlsx、xls、et、ods、csv 都行；没有就空着，以后点“导入”"),
    ]


def fault_in(values: Mapping[str, str]) -> str:
    """What is wrong with the answers, as a sentence; empty where nothing is."""
    if not values[SCHOOL]:
        return "请写学校名称。"
    for name in (START, END):
        if _day(values[name]) is None:
            return f"“{name}”要是一个日期，如 2026-09-01。"
    if (_day(values[START]) or date.min) >= (_day(values[END]) or date.max):
        return "“学期结束”要在“学期开始”以后。"
    if not values[PLACE].lower().endswith(".xlsm"):
        return f"“{PLACE}”要是一个 .xlsm 文件，如 {FILE}。"
    if values[ROSTER] and not Path(values[ROSTER]).is_file():
        return f"找不到名册“{values[ROSTER]}”，请再选一次，或者空着。"
    return ""


def _day(text: str) -> date | None:
    from xlbangfu.settings.parsers import BadValue, day

    try:
        return day(text)
    except BadValue:
        return None


def begin(values: Mapping[str, str], progress: Progress) -> Path:
    """The workbook with its first settings: made, or, where an empty one lies there, filled. Raises BadArgument."""
    path = Path(values[PLACE]).absolute()
    progress("新建总表", 0.2)
    if path.exists():
        _fill(path, values, progress)
    else:
        _build(path, values)
    return path


def _build(path: Path, values: Mapping[str, str]) -> None:
    from xlbangfu.book import template
    from xlbangfu.schema import SETTINGS

    linux = sys.platform.startswith("linux")
    now = datetime.now().replace(microsecond=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = {SETTINGS: _settings(values, now.date())}
    template.build(path, frames=frames, host="libreoffice" if linux else "excel", created=now)


def _settings(values: Mapping[str, str], today: date) -> pl.DataFrame:
    import polars as pl

    from xlbangfu.schema import SETTINGS
    from xlbangfu.settings.school_settings import sheet_rows

    rows = [(name, values.get(name, value), help) for name, value, help in sheet_rows(today)]
    return pl.DataFrame(rows, schema=SETTINGS.frame_schema, orient="row")


def _fill(path: Path, values: Mapping[str, str], progress: Progress) -> None:
    """Settings of a workbook that nobody has begun with; staff's own are never touched."""
    import polars as pl

    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.errors import BadArgument
    from xlbangfu.schema import CLASSES, SETTINGS, TEACHERS
    from xlbangfu.schema import ROSTER as STUDENTS

    book = ClosedBook(path, action="new", progress=progress)
    book.check_free()
    filled_in = book.read(STUDENTS, CLASSES, TEACHERS)
    if any(filled_in[table].height for table in (STUDENTS, CLASSES, TEACHERS)):
        raise BadArgument(f"“{path}”里已经有数据，没有动它；用它请点“选择…”，要新的请换一个名字。")
    asked = [name for name in SETTINGS_ASKED if name in values]
    book.amend(SETTINGS, pl.DataFrame({"项目": asked, "值": [values[name] for name in asked]}))
    book.save()
