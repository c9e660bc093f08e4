"""One look for everything that people read: the master, class pages, letters, register, views.

Sizes are in points, widths in digits of the default font, heights in pixels of 0.75 points. Colour never speaks alone: what
is better or worse also has ▲ or ▼, and what staff fill in is white on dark where what the program writes is dark on pale,
which paper and colour-blind readers tell apart.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from xlbangfu.schema import Column, Type

if TYPE_CHECKING:
    from xlsxwriter import Workbook

FONT, SIZE, BODY = "等线", 11, 10  # SIZE is that of the Normal style, whose digits measure columns; BODY that of cells
FIGURE, TITLE, FINDING, SECTION = 22, 18, 13, 12
INK, MUTED, BRAND, PAST, LINE = "#1F2933", "#52606D", "#1F4E78", "#8796A5", "#D0D7DE"
GOOD, BAD, WHITE = "#00627A", "#B5471B", "#FFFFFF"
BANDS, BAR = (BRAND, "#7FA3C7", "#D8DEE5", BAD), "#A9C6E3"  # from best to worst; behind a number
TINT, WARN, ERROR, WRONG = "#EEF4FA", "#FFF4D6", "#FDE8E8", "#9C1C1C"  # WRONG is ink on ERROR
REQUIRED = '"＊"@'  # shown before a heading, which stays what it is
CONFIDENTIAL = "内部资料·不得外传"
PAGES, ONE_PAGE = "第 &P 页 / 共 &N 页", "第 1 页 / 共 1 页"
A4 = 9
PORTRAIT, LANDSCAPE, NARROW = 20, 15, 10  # margins in millimetres
NOTE = 10  # of what is small on a page as wide as a screen, which is made smaller for paper
PAPER_WIDTH = 120  # of columns that are printed side by side: A4 landscape, and cells of BODY are not under 8 points
MOST_SIGNED = 60  # signs of a school's name in a footer; Excel mends a file whose footer has more than 255
_INCH, _BELOW = 25.4, 0.1  # millimetres; room in inches for the footer
_ONE, _MORE = 15, 15.75  # points of a row of one line and of each further line: faces that stand in for FONT are higher
_CENTRED = (Type.DATE, Type.TIME, Type.MONTH, Type.YESNO)
_NUMBERS = (Type.NUMBER, Type.INTEGER, Type.RATE, Type.MARK)
_Lines = TypeVar("_Lines", float, pl.Expr)


def row_height(lines: _Lines) -> _Lines:
    """The points that a row of so many lines takes.

    >>> [row_height(lines) for lines in (1, 2, 3)]
    [15.0, 30.75, 46.5]
    """
    return _ONE + _MORE * (lines - 1)


def aligned(column: Column) -> dict[str, str | int]:
    """Text left, numbers right, ticks and short words centred; a heading stands as its cells do."""
    if column.type in _NUMBERS:
        return {"align": "right", "indent": 1}  # so that a text at the left of the next column does not touch it
    return {"align": "center"} if column.type in _CENTRED or (column.choices and not column.many) else {"align": "left"}


def header(title: str, size: float = BODY) -> str:
    """A short title at the left."""
    return f"&L{footer_part(title, size)}"


def footer(school: str, day: date | None, pages: str = PAGES) -> str:
    """Whose and when, in writing: a date that the program fills in would be that of the printing."""
    return signed_footer(signed(school, day), pages=pages)


def signed(school: str, day: date | None) -> str:
    """Whose a paper is, and of what day.

    >>> signed("育才中学", date(2026, 6, 30))
    '育才中学 2026年6月30日'
    """
    return f"{school[:MOST_SIGNED]} {written(day) if day else ''}".strip()


def signed_footer(said: str, size: float = BODY, pages: str = PAGES) -> str:
    """内部资料 at the left, the page in the middle, what is said at the right.

    Programs number the sheets of a workbook that is printed whole one after another, and count all of them: right for a
    pile of tables, not for a sheet that is ``ONE_PAGE`` and is handed on by itself.
    """
    numbered = f"{footer_part('', size)}{pages}"
    return f"&L{footer_part(CONFIDENTIAL, size)}&C{numbered}&R{footer_part(said, size)}"


def footer_part(said: str, size: float = BODY) -> str:
    """One of the three parts of a footer.

    >>> footer_part("A&B 学校")
    '&"等线"&10 A&&B 学校'
    """
    return f'&"{FONT}"&{size:g} ' + said.replace("&", "&&")


def written(day: date) -> str:
    """A date as it is written.

    >>> written(date(2026, 6, 30))
    '2026年6月30日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def margins(millimetres: float) -> dict[str, float]:
    """All four in inches, with room for the footer below."""
    inches = millimetres / _INCH
    return {"left": inches, "right": inches, "top": inches, "bottom": inches + _BELOW}


def workbook_options() -> dict[str, Any]:
    """What XlsxWriter is told so that the Normal style has the face; it writes into what it is given."""
    return {"default_format_properties": {"font_name": FONT, "font_size": SIZE}}


def put_theme(workbook: Workbook) -> None:
    """Let the theme have the face too: a style that says it belongs to the theme follows the theme and not its own name."""
    workbook.use_custom_theme(StringIO(_theme()))


@cache
def _theme() -> str:
    import re

    from xlsxwriter.theme import THEME_XML_2007

    latin = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{FONT}"/>', THEME_XML_2007)
    return re.sub(r'(<a:font script="Hans" typeface=")[^"]*', rf"\g<1>{FONT}", latin)
