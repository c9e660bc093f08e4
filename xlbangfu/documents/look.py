"""What the sheets of a page have in common: cell styles, row heights, print set-up, protection.

Widths are in characters of the default font (a Chinese character takes two), heights in points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from xlbangfu.house_look import (
    A4,
    BAD,
    BODY,
    BRAND,
    FONT,
    INK,
    LINE,
    MUTED,
    SECTION,
    SIZE,
    TINT,
    TITLE,
    WARN,
    WHITE,
    header,
    signed_footer,
)
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.row_xml import Row
from xlbangfu.schema import SEPARATOR

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# What is drawn has these for the name of the class and for ``house_look.signed``.
CLASS_NAME, SIGNED = "@班级@", "@落款@"
HEADER_ROW, FIRST_ROW = 3, 4  # of every sheet but the cover, as Excel counts

_GRID = {"bottom": 1, "bottom_color": LINE}
_MIDDLE = {"align": "center", "valign": "vcenter"}
_FILL = {"font_size": 12}  # the widest sheets are the smallest on paper
_HEAD = {"bold": True, "text_wrap": True, **_MIDDLE}
_PORTRAIT, _LANDSCAPE = 0.79, 0.59  # margins left and right, in inches
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": TITLE, "bold": True, "font_color": BRAND, "valign": "vcenter"},
    "note": {"font_color": MUTED, "valign": "vcenter"},
    "more": {"font_color": MUTED, "text_wrap": True, "valign": "vcenter"},
    "section": {"font_size": SECTION, "bold": True, "font_color": BRAND, "valign": "vcenter"},
    "prose": {"valign": "vcenter"},
    "figures": {"font_size": SIZE, "bold": True, "font_color": BRAND, "text_wrap": True, "valign": "vcenter"},
    "boxed": {
        "font_size": SIZE,
        "bold": True,
        "bg_color": WARN,
        "text_wrap": True,
        **_MIDDLE,
        "border": 1,
        "border_color": BRAND,
    },
    "head": {"bg_color": TINT, "bottom": 1, "bottom_color": BRAND, **_HEAD},
    "head_left": {"bg_color": TINT, "bottom": 1, "bottom_color": BRAND, **_HEAD, "align": "left", "indent": 1},
    "fill_note": {**_FILL, "font_color": MUTED, "valign": "vcenter"},
    "fill_head": {**_FILL, "bg_color": BRAND, "font_color": WHITE, **_HEAD},
    "text": {"text_wrap": True, "valign": "vcenter", "indent": 1, **_GRID},
    "strong": {"bold": True, "text_wrap": True, "valign": "vcenter", "indent": 1, **_GRID},
    "centre": {"text_wrap": True, **_MIDDLE, **_GRID},
    "late": {"bold": True, "font_color": BAD, "text_wrap": True, **_MIDDLE, **_GRID},
    "date": {"num_format": "yyyy-mm-dd", **_MIDDLE, **_GRID},
    "rate": {"num_format": "0.0%", **_MIDDLE, **_GRID},
    "decimal": {"num_format": "0.0", **_MIDDLE, **_GRID},
    "whole_rate": {"num_format": "0%", **_MIDDLE, **_GRID},
    "data": {"num_format": "0.0%", "font_color": MUTED, **_MIDDLE},
    "data_decimal": {"num_format": "0.0", "font_color": MUTED, **_MIDDLE},
    "data_head": {"font_color": MUTED, "text_wrap": True, **_MIDDLE},
    "change": {"num_format": '"▲"0.0;"▼"0.0;"–"', **_MIDDLE, **_GRID},
    "link": {"font_color": BRAND, "underline": 1, "valign": "vcenter", **_GRID},
    "fill_name": {**_FILL, "text_wrap": True, "valign": "vcenter", "indent": 1, **_GRID},
    "fill_text": {**_FILL, "num_format": "@", "text_wrap": True, "valign": "vcenter", "locked": False},
    "fill_date": {**_FILL, "num_format": "yyyy-mm-dd", **_MIDDLE, "locked": False},
    "fill_number": {**_FILL, **_MIDDLE, "locked": False},
}


def cell_styles(workbook: Workbook) -> dict[str, Format]:
    """Every cell style of a page by name."""
    font = {"font_name": FONT, "font_size": BODY, "font_color": INK}
    return {name: workbook.add_format(font | style) for name, style in _STYLES.items()}


def new_sheet(
    workbook: Workbook,
    title: str,
    widths: Iterable[float],
    *,
    landscape: bool,
    frozen: int = 2,
    headed: bool = True,
    around: int = BODY,
) -> Worksheet:
    """A locked A4 sheet, one page wide. Its header row is repeated on each page and kept in view with ``frozen`` columns
    (0: neither), and without ``headed`` there is no header line. ``around`` is the type of header and footer, which LibreOffice makes smaller with the sheet."""
    sheet = workbook.add_worksheet(title)
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    side = _LANDSCAPE if landscape else _PORTRAIT
    sheet.set_margins(left=side, right=side, top=0.75, bottom=0.7)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    _lines_around(sheet, title if headed else "", around)
    if frozen:
        sheet.freeze_panes(HEADER_ROW, frozen)
        sheet.repeat_rows(HEADER_ROW - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return sheet


def _lines_around(sheet: Worksheet, title: str, size: int) -> None:
    """Header and footer."""
    as_it_is = {"scale_with_doc": False}
    if title:
        sheet.set_header(header(f"{CLASS_NAME} {title}", size), as_it_is)
    sheet.set_footer(signed_footer(SIGNED, size), as_it_is)


def column_xml(number: int, width: float) -> str:
    """The width of a column, as XlsxWriter writes it: five pixels of padding included."""
    return f'<col min="{number}" max="{number}" width="{width + 0.7109375}" customWidth="1"/>'


def in_a_line(text: str) -> str:
    """A text as the XML of a header or footer has it, where & begins a code."""
    return escape(text.replace("&", "&&"))


def heading(title: str, note: str, columns: int = 1, *, style: str = "note") -> list[Row]:
    """The first two rows: a title and a line below it, locked in as many columns."""
    blank = [(style, None)] * (columns - 1)
    return [Row(30, [("title", title), *blank]), Row(18, [(style, note), *blank])]


def fitted(names: Sequence[str], room: int, *, unit: str = "人") -> str:
    """As many of the names as so many columns hold, and how many there are where that is not all.

    >>> fitted(["王一", "李二", "张三"], 40)
    '王一、李二、张三'
    >>> fitted(["王一", "李二", "张三"], 15)
    '王一 等 3 人'
    """
    whole = SEPARATOR.join(names)
    if columns(whole) <= room:
        return whole
    more = f" 等 {len(names)} {unit}"
    ends = accumulate(columns(name) + columns(SEPARATOR) for name in names)
    last = room - columns(more) + columns(SEPARATOR)
    kept = [name for name, end in zip(names, ends, strict=True) if end <= last]
    return SEPARATOR.join(kept or [cut(names[0], room - columns(more))]) + more


def cut(text: str, room: int) -> str:
    """The text, or as much of its beginning as so many columns hold.

    >>> cut("考试后谈心", 6)
    '考试…'
    """
    if columns(text) <= room:
        return text
    kept = sum(end + 2 <= room for end in accumulate(map(columns, text)))
    return text[:kept] + "…"


def columns(text: str) -> int:
    """How many characters of the default font a text takes.

    >>> columns("数学A")
    5
    """
    return len(text) if text.isascii() else sum(map(_SIGN_COLUMNS.__getitem__, text))


class _SignColumns(dict[str, int]):
    """Of each sign, looked up when it is met for the first time."""

    def __missing__(self, sign: str) -> int:
        self[sign] = found = 1 + (unicodedata.east_asian_width(sign) in "WFA")
        return found


_SIGN_COLUMNS = _SignColumns()


def lines(text: str, width: float) -> int:
    """How many lines a wrapped text needs in a column that wide.

    >>> lines("一二三四", 8)
    2
    """
    room = max(width - 2.5, 2)
    if 2 * len(text) <= room:  # no sign takes more than two
        return text.count("\n") + 1
    return sum(max(1, -int(-columns(part) // room)) for part in text.split("\n"))


def height(least: float, *texts: tuple[str, float]) -> float:
    """The height of a row that holds these texts in columns of these widths."""
    return max(least, 8 + 16 * max(lines(text, width) for text, width in texts))
