"""The file of a return: 上报 and 特殊群体 for people, 机读 for the bureau's program.

A number of an earlier day carries it in its number format, so that it stays a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlbangfu import house_look
from xlbangfu.documents.bureau_return.bureau_return import MACHINE, BureauReturn, Cells
from xlbangfu.house_look import A4, BODY, BRAND, FONT, INK, LINE, MUTED, NARROW, TINT
from xlbangfu.rules.indicators import GROUPS, HIDDEN, INDICATORS, NO_TABLE, NOT_FILLED, WHOLE, Indicator
from xlbangfu.rules.indicators.indicators import SPLIT

if TYPE_CHECKING:
    from datetime import date

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

PEOPLE, BY_GROUP = "上报", "特殊群体"
NOT_GIVEN = "—"
TITLE, UNIT = "帮扶工作上报", "人数或次数"
HEADS = ("编号", "指标", UNIT, "分母", "率", "数的是什么", "分母是什么")
NOTES = (
    "没有学生姓名，没有分数和名次。",
    "“—”是不给的数：1 人、2 人，或者由别的数能推出 1 人、2 人的；带日期的是那一天的数，变化不到 3 人时不更新。",
    "“无此表”是总表里没有这张表，“没有填”是名册里这一列还没有人填，都不等于 0。",
)
MACHINE_NOTE = "给教育局的程序读，请不要改：改过的看得出来。"
_WIDTHS = (7, 17, 12, 10, 9, 50, 34)


def as_bytes(made: BureauReturn) -> bytes:
    """The return as an .xlsx file."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_urls": False, **house_look.workbook_options()}) as workbook:
        house_look.put_theme(workbook)
        about = {"title": f"{made.school} {TITLE}", "author": "xlbangfu", "created": made.made, "language": "zh-CN"}
        workbook.set_properties(about)
        _people_sheet(workbook, made)
        _group_sheet(workbook, made)
        _machine_sheet(workbook, made)
    return content.getvalue()


def headline(made: BureauReturn) -> str:
    """The line below the title."""
    day = house_look.written(made.day)
    return f"{made.school}（{made.code}）　{made.term}学期　统计到 {day}　总表里的错误 {made.errors} 处"


def _people_sheet(workbook: Workbook, made: BureauReturn) -> None:
    sheet = _paper(workbook, PEOPLE, made, _WIDTHS)
    head, part, rate = _style(workbook, "head"), _style(workbook, "number"), _style(workbook, "rate")
    text, block = _style(workbook, "text"), _style(workbook, "block")
    sheet.write_row(2, 0, HEADS, head)
    figures, at = _whole(made), 3
    for title, indicators in groupby(INDICATORS, key=lambda one: one.block):
        sheet.write(at, 0, title, block)
        for column in range(1, len(HEADS)):
            sheet.write_blank(at, column, None, block)
        at += 1
        for indicator in indicators:
            count, base, why = figures[indicator.number]
            sheet.set_row(at, _height(indicator))
            sheet.write_row(at, 0, (indicator.number, indicator.name), text)
            sheet.write(at, 2, why if count is None else count, part)
            sheet.write(at, 3, base, part)
            sheet.write(at, 4, count / base if base and count is not None else None, rate)
            sheet.write_row(at, 5, (indicator.counts, indicator.of), text)
            at += 1
    _notes(workbook, sheet, at + 1)
    sheet.freeze_panes(3, 2)


def _height(indicator: Indicator) -> float:
    longest = max(len(indicator.counts) / _WIDTHS[5], len(indicator.of) / _WIDTHS[6])
    return house_look.row_height(2 if longest > 0.5 else 1) + 3


def _group_sheet(workbook: Workbook, made: BureauReturn) -> None:
    widths = (18, *(13 for _ in SPLIT))
    sheet = _paper(workbook, BY_GROUP, made, widths)
    head, text, number = _style(workbook, "head"), _style(workbook, "text"), _style(workbook, "number")
    sheet.write_row(2, 0, (BY_GROUP, *(one.name for one in SPLIT)), head)
    cells = {(row["编号"], row["群体"]): row for row in made.figures.iter_rows(named=True)}
    for row, group in enumerate((WHOLE, *GROUPS), 3):
        sheet.write(row, 0, group, text)
        for column, indicator in enumerate(SPLIT, 1):
            cell = cells[indicator.number, group]
            why = NOT_GIVEN if cell["说明"] == HIDDEN else cell["说明"]
            style = number if cell["截至"] == made.day else _style(workbook, "number", of=cell["截至"])
            sheet.write(row, column, why if cell["分子"] is None else cell["分子"], style)
    _notes(workbook, sheet, len(GROUPS) + 5)
    sheet.freeze_panes(3, 1)


def _machine_sheet(workbook: Workbook, made: BureauReturn) -> None:
    sheet = workbook.add_worksheet(MACHINE)
    sheet.protect()
    sheet.set_column(0, 8, 16)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    plain = workbook.add_format({"font_name": FONT, "font_size": BODY, "num_format": "@"})
    for row, cells in enumerate(made.machine_rows):
        _put(sheet, row, cells, plain)
    sheet.write_string(0, 3, MACHINE_NOTE, _style(workbook, "note"))


def _put(sheet: Worksheet, row: int, cells: Cells, plain: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, column, cell)
        elif cell is not None:
            sheet.write_string(row, column, cell, plain)


def _whole(made: BureauReturn) -> dict[str, tuple[int | None, int | None, str]]:
    rows = made.figures.iter_rows(named=True)
    return {row["编号"]: (row["分子"], row["分母"], row["说明"]) for row in rows if row["群体"] == WHOLE}


def _paper(workbook: Workbook, name: str, made: BureauReturn, widths: Sequence[float]) -> Worksheet:
    """An A4 sheet with its title and headline."""
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_margins(**house_look.margins(NARROW))
    small = f'&"{FONT}"&10 '
    sheet.set_footer(f"&L{small}{made.code}&C{small}第 &P 页 / 共 &N 页&R{small}{house_look.written(made.day)}")
    sheet.repeat_rows(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.write(0, 0, TITLE, _style(workbook, "title"))
    sheet.write(1, 0, headline(made), _style(workbook, "note"))
    sheet.set_row(2, 24)
    return sheet


def _notes(workbook: Workbook, sheet: Worksheet, row: int) -> None:
    for at, note in enumerate(NOTES, row):
        sheet.write(at, 0, note, _style(workbook, "note"))


_LINE = {"bottom": 1, "bottom_color": LINE}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "font_color": BRAND},
    "note": {"font_color": MUTED},
    "head": {"bold": True, "bg_color": TINT, "bottom": 1, "bottom_color": BRAND, "align": "center", "text_wrap": True},
    "block": {"bold": True, "font_color": BRAND, **_LINE},
    "text": {"text_wrap": True, "indent": 1, **_LINE},
    "number": {"num_format": "0", "align": "right", "indent": 1, **_LINE},
    "rate": {"num_format": "0.0%", "align": "right", "indent": 1, **_LINE},
}


def _style(workbook: Workbook, name: str, *, of: date | None = None) -> Format:
    """XlsxWriter writes equal formats once."""
    day = {"num_format": f'0"（{of.month}月{of.day}日）"'} if of else {}
    base = {"font_name": FONT, "font_size": BODY, "font_color": INK, "valign": "vcenter"}
    return workbook.add_format(base | _STYLES[name] | day)


def known_words(made: BureauReturn) -> Iterator[str]:
    """Every text that may stand in the file: nothing in it was typed about a student."""
    yield from (TITLE, headline(made), *HEADS, *NOTES, MACHINE_NOTE, PEOPLE, BY_GROUP, MACHINE)
    yield from (NOT_GIVEN, WHOLE, NO_TABLE, NOT_FILLED, HIDDEN, *GROUPS)
    for indicator in INDICATORS:
        yield from (indicator.number, indicator.name, indicator.block, indicator.counts, indicator.of)
    yield from (str(cell) for row in made.machine_rows for cell in row if isinstance(cell, str))
