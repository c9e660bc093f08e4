"""The letters of a class on sheets of A4, two or four a page, with lines to cut along.

Heights are in points, widths in pixels. The letters of a page fill its height: Excel leaves out manual page breaks where
it fits the width, and then breaks at the same place by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu.documents.slips.letter import ClassSlips, Letter

MEASURED = {"font_name": "Arial", "font_size": 10}
FONT, INK, SOFT, LINES = "微软雅黑", "#1F4E78", "#595959", "#BFBFBF"
_HEIGHTS = (32, 18, 42, 28, 28, 28, 36, 54, 78, 26)  # title, class, greeting, six fields, signature
_GAP = 8  # above and below a cut
_SIDES, _ENDS = 0.45, 0.4  # margins in inches
_TITLE = "致家长的一封信"
_LABELS = ("学习等级", "近来变化", "习惯表现", "获得荣誉", "老师的话", "在家可以")


@dataclass(frozen=True)
class _Shape:
    """Where letters stand on a page: how many side by side, and how wide the label, the text and half a gutter are."""

    across: int
    label: int
    text: int
    gutter: int
    size: float


_SHAPES = {2: _Shape(1, 96, 582, 0, 11), 4: _Shape(2, 62, 266, 11, 9)}


def as_bytes(made: ClassSlips) -> bytes:
    """The workbook of one class; the same for the same letters on any machine."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "default_format_properties": dict(MEASURED)})  # it adds to them
    workbook.set_properties({"title": _TITLE, "created": made.made})
    shape = _SHAPES[made.a_page]
    styles = _styles(workbook, shape)
    sheet = _paper(workbook, shape)
    breaks = []
    for place in range(0, len(made.letters), shape.across):
        top = place // shape.across * (len(_HEIGHTS) + 2)
        _band(sheet, styles, top, shape, is_last_on_page=_is_last_on_page(place, shape, made))
        for across, letter in enumerate(made.letters[place : place + shape.across]):
            _write(sheet, styles, top, _first_column(across), made, letter)
        if (place + shape.across) % made.a_page == 0 and place + shape.across < len(made.letters):
            breaks.append(top + len(_HEIGHTS) + 2)
    sheet.set_h_pagebreaks(breaks)
    workbook.close()
    return buffer.getvalue()


def _is_last_on_page(place: int, shape: _Shape, made: ClassSlips) -> bool:
    return (place + shape.across) % made.a_page == 0 or place + shape.across >= len(made.letters)


def _paper(workbook: Workbook, shape: _Shape) -> Worksheet:
    sheet = workbook.add_worksheet("家长信")
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(left=_SIDES, right=_SIDES, top=_ENDS, bottom=_ENDS)
    sheet.set_header("", {"margin": 0})
    sheet.set_footer("", {"margin": 0})
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    for across in range(shape.across):
        first = _first_column(across)
        sheet.set_column_pixels(first, first, shape.label)
        sheet.set_column_pixels(first + 1, first + 1, shape.text)
        if across + 1 < shape.across:
            sheet.set_column_pixels(first + 2, first + 3, shape.gutter)
    return sheet


def _first_column(across: int) -> int:
    return across * 4


def _styles(workbook: Workbook, shape: _Shape) -> dict[str, Format]:
    middle: dict[str, Any] = {"font_name": FONT, "font_size": shape.size, "valign": "vcenter", "text_wrap": True}
    grid: dict[str, Any] = middle | {"border": 1, "border_color": LINES}
    styles: dict[str, dict[str, Any]] = {
        "title": middle | {"font_size": shape.size + 5, "bold": True, "font_color": INK, "align": "center"},
        "class": middle | {"font_size": shape.size - 1, "font_color": SOFT, "align": "center"},
        "greeting": middle,
        "label": grid | {"bold": True, "align": "center", "bg_color": "#EAF1F8"},
        "text": grid | {"indent": 1},
        "sign": middle | {"font_size": shape.size - 1, "font_color": SOFT, "align": "right"},
        "cut_below": {"bottom": 3, "bottom_color": SOFT},
        "cut_beside": {"right": 3, "right_color": SOFT},
    }
    return {name: workbook.add_format(style) for name, style in styles.items()}


def _band(sheet: Worksheet, styles: dict[str, Format], top: int, shape: _Shape, *, is_last_on_page: bool) -> None:
    """The rows of letters that stand side by side, and the cuts beside and below them."""
    for row, height in enumerate((*_HEIGHTS, _GAP, _GAP), top):
        sheet.set_row(row, height)
        for across in range(1, shape.across):
            sheet.write_blank(row, _first_column(across) - 2, None, styles["cut_beside"])
    for column in range(0 if is_last_on_page else _first_column(shape.across - 1) + 2):
        sheet.write_blank(top + len(_HEIGHTS), column, None, styles["cut_below"])


def _write(sheet: Worksheet, styles: dict[str, Format], top: int, left: int, made: ClassSlips, letter: Letter) -> None:
    lines = list(_lines(made, letter))
    for row, (style, text) in enumerate(lines[:3], top):
        _across(sheet, row, left, text, styles[style])
    fields = (
        letter.level, letter.progress, letter.habits, letter.honours, letter.encouragement, letter.advice,
    )  # fmt: skip
    for row, (label, text) in enumerate(zip(_LABELS, fields, strict=True), top + 3):
        sheet.write_string(row, left, label, styles["label"])
        sheet.write_string(row, left + 1, text, styles["text"])
    _across(sheet, top + len(_HEIGHTS) - 1, left, lines[3][1], styles["sign"])


def _lines(made: ClassSlips, letter: Letter) -> Iterator[tuple[str, str]]:
    yield "title", _TITLE
    yield "class", f"{made.school}　{made.class_name}　{made.term}学期"
    yield (
        "greeting",
        f"尊敬的 {letter.name} 家长：您好！感谢您对学校的支持。下面是孩子近来的情况，只写给您和孩子看，请陪孩子一起读一读。",
    )
    by = f"班主任：{made.homeroom}　　" if made.homeroom else ""
    yield "sign", f"{by}{made.day.year} 年 {made.day.month} 月 {made.day.day} 日"


def _across(sheet: Worksheet, row: int, left: int, text: str, style: Format) -> None:
    sheet.merge_range(row, left, row, left + 1, "", style)
    sheet.write_string(row, left, text, style)
