"""What views have in common: one face, few colours, a sheet without a grid, set up for A4.

Sizes are in points and hold on the screen; a wide sheet is made smaller to fit on paper, so nothing here is so small that it
would be under 8 points there. Widths are in digits of the default font, heights in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlbangfu import house_look
from xlbangfu.documents.look import columns
from xlbangfu.house_look import A4, BRAND, FONT, INK, LINE, MUTED, SECTION, SIZE, TINT, TITLE
from xlbangfu.schema import View
from xlbangfu.settings import Settings

_LEADING, _USED = 1.5, 0.95  # of a line in sizes; of a line before a word that does not fit

if TYPE_CHECKING:
    from datetime import datetime

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


class Looks:
    """The cell styles of one view, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.make = cache(self._make)

    def _make(self, **properties: Any) -> Format:
        usual = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"}
        return self._workbook.add_format(usual | properties)

    @property
    def signature(self) -> Format:
        return self.make(font_color=MUTED)

    @property
    def title(self) -> Format:
        return self.make(font_size=TITLE, bold=True, font_color=BRAND)

    @property
    def note(self) -> Format:
        return self.make(font_color=MUTED)

    @property
    def section(self) -> Format:
        return self.make(font_size=SECTION, bold=True, font_color=BRAND)

    def head(self, align: str) -> Format:
        return self.make(bold=True, bg_color=TINT, bottom=1, bottom_color=BRAND, align=align)

    def line(self, **properties: Any) -> Format:
        """A cell of a table: a hairline below it and no other."""
        return self.make(bottom=1, bottom_color=LINE, **properties)


@contextmanager
def one_sheet(view: View, settings: Settings, made: datetime) -> Iterator[tuple[Workbook, Worksheet, BytesIO]]:
    """The workbook of a view with its empty sheet, and what it is written to when the block ends."""
    from xlsxwriter import Workbook

    content = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, **house_look.workbook_options()}
    with Workbook(content, options) as workbook:
        house_look.put_theme(workbook)
        about = {"title": f"{settings.school} {view.name}", "author": "xlbangfu", "created": made, "language": "zh-CN"}
        workbook.set_properties(about)
        sheet = workbook.add_worksheet(view.name)
        sheet.hide_gridlines(2)
        sheet.set_paper(A4)
        sheet.protect("", {"format_columns": True, "format_rows": True, "objects": False})
        yield workbook, sheet, content


def put_prose(sheet: Worksheet, row: int, text: str, look: Format, *, widths: Sequence[float], least: float) -> float:
    """A text across columns of these widths, in as many lines as it needs; the height of the row, at least ``least``."""
    size = float(look.font_size)
    high = max(least, prose_lines(text, sum(widths), size) * size * _LEADING)
    sheet.set_row(row, high)
    sheet.merge_range(row, 0, row, len(widths) - 1, text, look)
    return high


def prose_lines(text: str, width: float, size: float) -> int:
    """How many lines a text of a size takes in so many digits of the default font.

    >>> [prose_lines("好" * 45, 100, size) for size in (SIZE, TITLE)]
    [1, 2]
    """
    return -int(-columns(text) * size / SIZE // (width * _USED))


def pixels(widths: Iterable[float]) -> int:
    """How wide columns are by XlsxWriter's reckoning, by which it places what lies over cells.

    >>> pixels([8.43, 11])
    146
    """
    return sum(int(width * 7 + 0.5) + 5 for width in widths)


def set_margins(sheet: Worksheet, millimetres: float) -> None:
    """All four, with room for the footer below."""
    sheet.set_margins(**house_look.margins(millimetres))


def chart_font(size: float = SIZE, color: str = INK, *, bold: bool = False) -> dict[str, Any]:
    """The face of a text in a chart."""
    return {"name": FONT, "size": size, "color": color, "bold": bold}


def bare(chart: Any, title: str) -> None:
    """A chart with its finding as the title and nothing that is not read: no frame, grid, legend."""
    chart.set_title({"name": title, "name_font": chart_font(SECTION, BRAND, bold=True), "overlay": False})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
