"""The trends on 控制台: a small table of numbers (``xlbangfu.front_page.trend_charts``) and a native chart of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlbangfu.front_page import trend_charts
from xlbangfu.house_look import BRAND, FONT, INK, LINE, MUTED, NOTE, PAST, SECTION, TINT
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import BY_NAME, CONSOLE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

HEAD, LABEL, FIRST, LAST = 1, 2, 3, 2 + trend_charts.PLACES  # columns B, C, and D to I
WIDTH, HEIGHT, GAP = 286, 190, 6  # of a chart, in pixels
_STRUCTURED = late_pattern(r"T_(\w+)\[(\w+)\]")
_ROWS = 10  # that the charts cover


def write(workbook: Workbook, sheet: Worksheet, formats: Formats, *, layout: Layout, row: int) -> int:
    """The heading, the charts and the numbers from ``row`` on (counted from 0); the first row after them."""
    block = _Block(workbook, sheet, formats, layout)
    block.heading(row)
    exams = row + _ROWS + 2
    block.labels(exams, "考试", dict.fromkeys(trend_charts.EXAM_CELLS, ""))
    block.numbers(exams + 1, trend_charts.MEAN_PLACE, exams)
    block.numbers(exams + 2, trend_charts.SHARE_BETTER, exams)
    block.labels(exams + 3, "类型", {kind: kind for kind in trend_charts.KINDS})
    block.numbers(exams + 4, trend_charts.CONTACT_RATE, exams + 3)
    pairs = ((trend_charts.MEAN_PLACE, exams + 1, exams), (trend_charts.SHARE_BETTER, exams + 2, exams))
    for place, (trend, numbers, labels) in enumerate((*pairs, (trend_charts.CONTACT_RATE, exams + 4, exams + 3))):
        block.chart(row + 1, place, trend, numbers=numbers, labels=labels)
    return exams + 6


_PLOT = {
    "x": 0.02,
    "y": 0.27,
    "width": 0.96,
    "height": 0.48,
}  # the label of the highest column stays clear of the title


class _Block:
    def __init__(self, workbook: Workbook, sheet: Worksheet, formats: Formats, layout: Layout) -> None:
        self._workbook, self._sheet, self._make, self._layout = workbook, sheet, formats.make, layout
        self._values = trend_charts.cells(layout.frames)

    def heading(self, row: int) -> None:
        self._sheet.set_row(row, 24)
        look = self._make(bold=True, font_size=SECTION, font_color=BRAND)
        self._sheet.write_string(row, HEAD, "走势", look)
        caption = "最近六次考试和本学期各类帮扶，点“落实与进展”后更新"
        self._sheet.write_string(row, LABEL, caption, self._make(font_color=MUTED))

    def labels(self, row: int, caption: str, texts: dict[str, str]) -> None:
        """The labels of the numbers below; those that actions write are keyed by the name of their cell."""
        look = self._make(font_color=MUTED, bg_color=TINT, align="center", num_format="@")
        self._sheet.write_string(row, LABEL, caption, look)
        for column, (name, text) in enumerate(texts.items(), start=FIRST):
            if name in trend_charts.EXAM_CELLS:
                text = self._values.get(name, "")
                self._name(name, row, column)
            self._sheet.write_string(row, column, text, look) if text else self._sheet.write_blank(
                row, column, None, look
            )

    def numbers(self, row: int, trend: trend_charts.Trend, labels: int) -> None:
        self._sheet.write_string(row, LABEL, trend.label, self._make(font_color=MUTED, align="center"))
        look = self._make(align="center", num_format="0%")
        for column, name in enumerate(trend.cells, start=FIRST):
            at = f"{letters(column)}{labels + 1}"
            formula = _STRUCTURED.sub(lambda found: self._layout.cells(BY_NAME[found[1]], found[2]), trend.formula)
            value = self._values.get(name, "")
            shown = float(value) if value else ""
            self._sheet.write_formula(row, column, formula.replace("{at}", at), look, shown)
            self._name(name, row, column)

    def chart(self, row: int, place: int, trend: trend_charts.Trend, *, numbers: int, labels: int) -> None:
        """A column chart: a place without a number is an empty place, where a line would fall to nothing."""
        chart = self._workbook.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": trend.label,
                "categories": [CONSOLE.name, labels, FIRST, labels, LAST],
                "values": [CONSOLE.name, numbers, FIRST, numbers, LAST],
                "fill": {"color": PAST},
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "position": "outside_end",
                    "num_format": "0%;;",
                    "font": {"name": FONT, "size": NOTE, "color": INK},
                },
            }
        )
        chart.set_title(
            {
                "name": trend.title,
                "name_font": {"name": FONT, "size": NOTE, "bold": False, "color": BRAND},
                "overlay": False,
            }
        )
        chart.set_legend({"none": True})
        level = {"name": FONT, "size": NOTE, "color": MUTED, "rotation": 0}  # a long label is wrapped and not tilted
        chart.set_x_axis({"num_font": level, "line": {"color": LINE}})
        chart.set_y_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
        chart.set_plotarea({"layout": _PLOT})
        chart.set_chartarea({"border": {"color": LINE}})
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        offset = {"x_offset": place * (WIDTH + GAP), "y_offset": 4, "object_position": 2}
        self._sheet.insert_chart(row, HEAD, chart, {**offset, "description": trend.title})

    def _name(self, name: str, row: int, column: int) -> None:
        self._workbook.define_name(name, f"={CONSOLE.name}!${letters(column)}${row + 1}")
