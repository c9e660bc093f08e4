"""The sheet 质量分析: for each 年级 its finding, a grid a measure and two charts, one under another (DOMAIN rule 3).

What charts and sparklines draw stands right of what is printed, in cells that anyone can look up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.documents.views.quality_charts import CHART_ROWS, draw_charts
from xlbangfu.documents.views.quality_grid import ROW, Grid, Place, most_in_a_band
from xlbangfu.documents.views.view_look import Looks, one_sheet, put_prose, set_margins
from xlbangfu.house_look import BRAND, MUTED, TITLE, footer, written
from xlbangfu.rules.class_quality import MEAN, MEASURES, YearQuality
from xlbangfu.rules.quality_findings import headline, remarks
from xlbangfu.schema import QUALITY
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MARGIN = 15
_ZOOM = 85  # nine pairs of columns on a screen of 1366
_NOTHING = "还没有可以分析的考试：登记考试、导入成绩以后再点“质量分析”。"
_LEGEND = (
    "每科右列是与年级相差：▲ 高、▼ 低，差得少的灰、差得多的粗；低分率低的好。缺考、免考、未录不算；不到 5 人不算率。"
)
_TALLEST = 540  # points of sheet that a landscape page holds at least, being made a little smaller


def quality_view(found: Sequence[YearQuality], settings: Settings, *, today: date, made: datetime) -> bytes:
    """A workbook of the one sheet; with nothing to show it says so in one sentence."""
    with one_sheet(QUALITY, settings, made) as (workbook, sheet, content):
        looks = Looks(workbook)
        width = most_in_a_band(found)
        _page_setup(sheet, settings, today)
        sheet.set_row(0, 16)
        sheet.write(0, 0, QUALITY.signature, looks.signature)
        row, breaks = 1, []
        for number, one in enumerate(found):
            if number:
                breaks.append(row)
            grid = Grid(sheet, looks, one, width)
            row = _write_year(Drawing(workbook, sheet, looks), grid, row, breaks)
        if not found:
            sheet.write(1, 0, _NOTHING, looks.note)
        Grid.set_widths(sheet, width)
        sheet.print_area(0, 0, max(row - 1, 1), Place(width).last)
        sheet.set_h_pagebreaks(breaks)
    return content.getvalue()


def _page_setup(sheet: Worksheet, settings: Settings, today: date) -> None:
    sheet.set_landscape()
    sheet.set_zoom(_ZOOM)
    set_margins(sheet, _MARGIN)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(footer(settings.school, today))


class Drawing(Struct, frozen=True):
    """Where it is drawn, and with what."""

    workbook: Workbook
    sheet: Worksheet
    looks: Looks


def _write_year(drawing: Drawing, grid: Grid, row: int, breaks: list[int]) -> int:
    """The title and sentences of a 年级, its means and charts, then the rates; the row after them."""
    row, used = _write_words(drawing, grid, row)
    for measure in MEASURES:
        for band in grid.bands:
            if used + grid.height > _TALLEST and used:
                breaks.append(row)
                used = 0
            row = grid.write(row, measure, band)
            used += grid.height
        if measure is MEAN:
            if used + CHART_ROWS * ROW > _TALLEST:
                breaks.append(row)
                used = 0
            draw_charts(drawing.workbook, drawing.sheet, drawing.looks, grid, row)
            row, used = row + CHART_ROWS, used + CHART_ROWS * ROW
    return row


def _write_words(drawing: Drawing, grid: Grid, row: int) -> tuple[int, float]:
    """The finding and what goes with it; the row after, and how high all is."""
    looks, one = drawing.looks, grid.quality
    lines = [
        (headline(one), looks.make(font_size=TITLE, bold=True, font_color=BRAND, text_wrap=True), 30),
        ("；".join(remarks(one)), looks.make(bold=True, text_wrap=True), 18),
        (_of_exam(one), looks.make(font_color=MUTED, text_wrap=True), 16),
        (_LEGEND, looks.make(font_color=MUTED, text_wrap=True), 20),
    ]
    there = [line for line in lines if line[0]]
    widths = grid.place.widths
    heights = [
        put_prose(drawing.sheet, number, text, look, widths=widths, least=least)
        for number, (text, look, least) in enumerate(there, start=row)
    ]
    return row + len(heights), sum(heights)


def _of_exam(one: YearQuality) -> str:
    earlier = f"比上次 = 与 {one.earlier.name} 比。" if one.earlier else "本学年前面没有可比的考试。"
    return f"{one.exam.name}，{written(one.exam.day)}。{earlier}"
