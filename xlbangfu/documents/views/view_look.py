"""What views have in common: one face, few colours, a sheet without a grid, set up for A4.

Sizes are in points and hold on the screen; a wide sheet is made smaller to fit on paper, so nothing here is so small that it
would be under 8 points there. Widths are in digits of the default font, heights in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlbangfu import house_look
from xlbangfu.house_look import A4, BRAND, FONT, INK, LINE, MUTED, SECTION, SIZE, TINT, TITLE
from xlbangfu.schema import View
from xlbangfu.settings import Settings

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
