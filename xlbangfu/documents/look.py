"""What the sheets of a page have in common: cell styles, row heights, print set-up, protection.

Widths are in characters of the default font (a Chinese character takes two), heights in points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.ooxml.row_xml import Row

FONT = "微软雅黑"
BLUE, RED, GREY, LINES = "#1F4E78", "#C00000", "#595959", "#BFBFBF"
CONFIDENTIAL = "内部资料·请勿公开"
CLASS_NAME = "@班级@"  # stands in the template of a page for the name of the class
HEADER_ROW, FIRST_ROW = 3, 4  # of every sheet but the cover, as Excel counts

_GRID = {"border": 1, "border_color": LINES}
_MIDDLE = {"align": "center", "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "font_color": BLUE, "valign": "vcenter"},
    "note": {"font_size": 9, "font_color": GREY, "valign": "vcenter"},
    "section": {"font_size": 12, "bold": True, "font_color": BLUE, "valign": "vcenter"},
    "prose": {"valign": "vcenter"},
    "warning": {"bold": True, "font_color": RED, "valign": "vcenter"},
    "head": {"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, **_MIDDLE, **_GRID},
    "text": {"text_wrap": True, "valign": "vcenter", "indent": 1, **_GRID},
    "centre": {"text_wrap": True, **_MIDDLE, **_GRID},
    "late": {"bold": True, "font_color": RED, "text_wrap": True, **_MIDDLE, **_GRID},
    "date": {"num_format": "yyyy-mm-dd", **_MIDDLE, **_GRID},
    "rate": {"num_format": "0.0%", **_MIDDLE, **_GRID},
    "decimal": {"num_format": "0.0", **_MIDDLE, **_GRID},
    "change": {"num_format": "+0.0;-0.0;0.0", **_MIDDLE, **_GRID},
    "link": {"font_color": "#0563C1", "underline": 1, "valign": "vcenter", **_GRID},
    "fill_text": {"num_format": "@", "text_wrap": True, "valign": "vcenter", "locked": False},
    "fill_date": {"num_format": "yyyy-mm-dd", **_MIDDLE, "locked": False},
    "fill_number": {**_MIDDLE, "locked": False},
}


def cell_styles(workbook: Workbook) -> dict[str, Format]:
    """Every cell style of a page by name."""
    font = {"font_name": FONT, "font_size": 10}
    return {name: workbook.add_format(font | style) for name, style in _STYLES.items()}


def new_sheet(
    workbook: Workbook, title: str, widths: Iterable[float], *, landscape: bool, frozen: bool = True
) -> Worksheet:
    """A locked A4 sheet, one page wide; ``frozen`` repeats the header row on each page and keeps it in view."""
    sheet = workbook.add_worksheet(title)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_header(f'&L&"{FONT}"&9 {CLASS_NAME} {title.replace("&", "&&")}&R&"{FONT}"&9 {CONFIDENTIAL}')
    sheet.set_footer(f'&C&"{FONT}"&9 第 &P 页 / 共 &N 页')
    if frozen:
        sheet.freeze_panes(HEADER_ROW, 2)
        sheet.repeat_rows(HEADER_ROW - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return sheet


def heading(title: str, note: str, columns: int = 1) -> list[Row]:
    """The first two rows: a title and a line below it, locked in as many columns."""
    more = columns - 1
    return [Row(30, [("title", title)] + [("note", None)] * more), Row(18, [("note", note)] + [("note", None)] * more)]


def columns(text: str) -> int:
    """How many characters of the default font a text takes.

    >>> columns("数学A")
    5
    """
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in text)


def lines(text: str, width: float) -> int:
    """How many lines a wrapped text needs in a column that wide.

    >>> lines("一二三四", 8)
    2
    """
    return sum(max(1, -int(-columns(part) // max(width - 2.5, 2))) for part in text.split("\n"))


def height(least: float, *texts: tuple[str, float]) -> float:
    """The height of a row that holds these texts in columns of these widths."""
    return max(least, 8 + 16 * max(lines(text, width) for text, width in texts))
