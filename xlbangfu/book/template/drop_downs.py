"""What a cell of an input sheet offers and says when it is chosen: a drop-down, a range, a message.

Only what can be nothing but wrong is refused at once (a word outside a fixed list). The rest is a warning that lets the
entry stand, since 校验 finds it too and says how to mend it; cells that take several values never object. On an input sheet
nothing is written, so what an empty one is for is said at the cells of its first column.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlbangfu.book.template.lists import FULL_MARKS, SUBJECT_NAMES, name_of
from xlbangfu.book.template.sheet_layout import is_own, reach
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import NO, OPTIONS, REVIEW, SETTINGS, YES, Column, Table, Type
from xlbangfu.settings import declared, in_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from xlsxwriter.worksheet import Worksheet

LISTED = {"班级": "班级", "考时班级": "班级", "年级": "年级", "优先类": "优先项"}
VALUE = "值"
STUDENTS, STUDENT_CELLS = "学生", ("学号", "姓名")
WITHOUT_LIST = ("名册",)  # too many students for a drop-down, but for those on file
_TEXTS = ("input_message", "error_message")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def write(sheet: Worksheet, table: Table, columns: Sequence[Column], *, school_year: str) -> None:
    """The validations of every column of an input sheet, as far down as its rows may reach; examples are of that year."""
    for index, column in enumerate(columns):
        if (table is SETTINGS and column.name == VALUE) or is_own(column):
            continue  # each cell of 值 has its own, and two may not lie on one cell
        options = _options(table, column, index) | _message(
            column, about=table.help if column is table.columns[0] else ""
        )
        if options:
            options.setdefault("validate", "any")
            texts = {name: in_year(options[name], school_year) for name in _TEXTS if name in options}
            options |= texts
            sheet.data_validation(1, index, reach(table) - 1, index, options)


def write_kept(sheet: Worksheet, table: Table, columns: Sequence[Column]) -> None:
    """The choices of what staff fill in on an output sheet, such as √; a tick made otherwise may be typed."""
    for index, column in enumerate(columns):
        if column.kept and column.choices:
            options = _of_list(column.choices) | {"show_error": False} | _message(column)
            sheet.data_validation(1, index, reach(table) - 1, index, options)


def write_review(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """A drop-down in each cell of 您的回答 over the choices of its own row; other answers may be typed."""
    names = [column.name for column in columns]
    answer = names.index("您的回答")
    first, last = letters(names.index(OPTIONS[0])), letters(names.index(OPTIONS[-1]))
    cells = f"${first}2:${last}2"
    source = f"=${first}2:INDEX({cells},MAX(1,COUNTA({cells})))"
    options = {"validate": "list", "source": source, "show_error": False} | _message(REVIEW["您的回答"])
    sheet.data_validation(1, answer, reach(REVIEW) - 1, answer, options)


def write_settings(sheet: Worksheet, frame: pl.DataFrame, columns: Sequence[Column]) -> None:
    """A drop-down in each cell of 设置 that has fixed choices, and everywhere what the setting means."""
    known = {item.name: item for item in declared()}
    value = [column.name for column in columns].index(VALUE)
    for row, name in enumerate(frame["项目"].to_list(), start=1):
        setting = known.get(name)
        if setting is None:
            continue
        options = {"input_title": name, "input_message": setting.help[:255]}
        if setting.choices:
            options |= _of_list(setting.choices) | _refuse(name)
        sheet.data_validation(row, value, row, value, {"validate": "any", **options})


def _options(table: Table, column: Column, index: int) -> dict[str, Any]:
    listed = column.refers or LISTED.get(column.name, "")
    if column.type is Type.YESNO:
        return _of_list((YES, NO)) | _refuse(column.name)
    if column.choices:
        return _of_list(column.choices) | ({"show_error": False} if column.many else _refuse(column.name))
    if column.offers:
        return _of_list(column.offers) | {"show_error": False}
    if table.names_student and column.name in STUDENT_CELLS:
        return {"validate": "list", "source": f"={name_of(STUDENTS)}", "show_error": False}
    if column.many and column in table.students_beside:  # a helper is none of those on file
        return {"validate": "list", "source": f"={name_of(STUDENTS)}", "show_error": False}
    if listed and listed not in WITHOUT_LIST and not column.key:
        return {"validate": "list", "source": f"={name_of(listed)}"} | _for_reference(table, column, listed)
    return _range(column, f"{letters(index)}2", f"{letters(index)}$1")


def _for_reference(table: Table, column: Column, listed: str) -> dict[str, Any]:
    """A teacher may be named by either part of the label, and a 年级 is new the first time it is written."""
    if column.many or listed in ("教师", "年级", "优先项") or table.name == listed:
        return {"show_error": False}
    return _warn(f"“{listed}”表里没有，请先去那里加上", column.name)


def _range(column: Column, cell: str, heading: str) -> dict[str, Any]:
    if column.type is Type.DATE:
        between = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        return between | _warn("应当是日期，如 2025-09-01", column.name)
    if column.type is Type.MARK:
        full = f"SUMPRODUCT(MAX(({SUBJECT_NAMES}={heading})*{FULL_MARKS}))"
        right = f'=OR({cell}="缺考",{cell}="免考",AND(ISNUMBER({cell}),{cell}>=0,{cell}<={full}))'
        return {"validate": "custom", "value": right} | _warn("应当是 0 到满分之间的分数、缺考或免考", column.name)
    if column.type is Type.MONTH:
        right = f'=AND(LEN({cell})=7,MID({cell},5,1)="-")'
        return {"validate": "custom", "value": right} | _warn("应当像 2025-09", column.name)
    if column.low is None or column.high is None:
        return {}
    kind = "integer" if column.type is Type.INTEGER else "decimal"
    between = {"validate": kind, "criteria": "between", "minimum": column.low, "maximum": column.high}
    return between | _warn(f"应当在 {column.low:g} 到 {column.high:g} 之间", column.name)


def _of_list(choices: tuple[str, ...]) -> dict[str, Any]:
    return {"validate": "list", "source": list(choices)}


def _refuse(name: str) -> dict[str, Any]:
    return {"error_title": name, "error_message": "请从下拉列表里选一项，或者清空这一格。"}


def _warn(message: str, name: str) -> dict[str, Any]:
    return {"error_type": "warning", "error_title": name, "error_message": f"{message}。"}


def _message(column: Column, *, about: str = "") -> dict[str, Any]:
    """What is said at a chosen cell; ``about`` is for the first column, where whoever opens an empty sheet begins."""
    said = "。".join(filter(None, (about, column.help if len(column.help) > 1 else "")))
    return {"input_title": column.name[:32], "input_message": said[:255]} if said else {}
