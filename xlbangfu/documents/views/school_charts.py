"""The two charts of 学校一页: who does better from exam to exam, and which contacts are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlbangfu.documents.views.chart_room import axis_end, bars_width, label_height, label_width
from xlbangfu.documents.views.view_look import Looks, bare, chart_font
from xlbangfu.house_look import BAD, BRAND, PAST
from xlbangfu.rules.head_questions import GOOD_RATE
from xlbangfu.rules.school_report import SchoolReport, whole_percent
from xlbangfu.schema import SCHOOL_PAGE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDTH, _HEIGHT = 300, 215
_OVER, _UNDER = 34, 26  # the title, the names of exams
_PERCENT, _WHOLE, _TYPE = '0"%"', 100, 10


def draw_charts(
    workbook: Workbook, sheet: Worksheet, looks: Looks, report: SchoolReport, row: int, columns: int
) -> None:
    """Side by side from ``row`` on; what they draw stands right of the page."""
    data = columns + 1
    if report.by_exam:
        _write_pairs(sheet, looks, row, data, report.by_exam)
        colours = [PAST] * (len(report.by_exam) - 1) + [BRAND]
        chart = _chart(workbook, "column", row, data, colours)
        bare(chart, "有进步的占多少（%），按考试")
        _plain_axes(chart, names="x", values="y", end=_upright())
        sheet.insert_chart(row, 0, chart, {"object_position": 1})
    if report.by_kind:
        pairs = list(reversed(report.by_kind))  # a bar chart begins at the bottom
        _write_pairs(sheet, looks, row, data + 3, pairs)
        chart = _chart(workbook, "bar", row, data + 3, [BAD if rate < GOOD_RATE else BRAND for _, rate in pairs])
        bare(chart, "落实率（%），做得最少的在上")
        _plain_axes(chart, names="y", values="x", end=_across(pairs))
        sheet.insert_chart(row, columns // 2, chart, {"object_position": 1})


def _write_pairs(sheet: Worksheet, looks: Looks, row: int, column: int, pairs: Sequence[tuple[str, float]]) -> None:
    for number, (name, rate) in enumerate(pairs, start=row):
        sheet.write_row(number, column, [name, whole_percent(rate)], looks.note)


def _chart(workbook: Workbook, kind: str, row: int, column: int, colours: Sequence[str]) -> Any:
    chart: Any = workbook.add_chart({"type": kind})
    last = row + len(colours) - 1
    chart.add_series(
        {
            "categories": [SCHOOL_PAGE.name, row, column, last, column],
            "values": [SCHOOL_PAGE.name, row, column + 1, last, column + 1],
            "points": [{"fill": {"color": colour}} for colour in colours],
            "gap": 50,
            "data_labels": {
                "value": True,
                "num_format": _PERCENT,
                "position": "outside_end",
                "font": chart_font(_TYPE),
            },
        }
    )
    return chart


def _plain_axes(chart: Any, *, names: str, values: str, end: float) -> None:
    """The names in their places and no value axis; bars begin at 0 and leave room for their labels."""
    set_axis = {"x": chart.set_x_axis, "y": chart.set_y_axis}
    set_axis[values]({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": end})
    set_axis[names]({"num_font": chart_font(_TYPE), "line": {"color": PAST}, "major_tick_mark": "none"})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})


def _across(pairs: Sequence[tuple[str, float]]) -> float:
    """The end of the axis of horizontal bars."""
    axis = bars_width(_WIDTH, (name for name, _ in pairs), _TYPE)
    return axis_end(_WHOLE, label_width([f"{_WHOLE}%"], _TYPE), axis)


def _upright() -> float:
    """The end of the axis of columns, whose labels stand above them."""
    return axis_end(_WHOLE, label_height(_TYPE), _HEIGHT - _OVER - _UNDER)
