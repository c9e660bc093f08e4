"""The two charts of a 年级 in 质量分析: how far each class is from the 年级, and how its students spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlbangfu.documents.views.chart_room import axis_end, bars_width, label_width
from xlbangfu.documents.views.quality_grid import ROW, Grid
from xlbangfu.documents.views.view_look import Looks, bare, chart_font, pixels
from xlbangfu.house_look import BAD, BANDS, BRAND, GOOD, INK, PAST, WHITE
from xlbangfu.rules.quality_findings import signed
from xlbangfu.schema import QUALITY

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CHART_ROWS = 13
_BANDS = ("优秀", "及格", "不及格", "低分")
_DIFFERENCE = '"▲"0.0;"▼"0.0;'
_ROOM_FOR_ONE = '[<5]"";0'
_GAP = 12  # pixels between them
_HEIGHT = CHART_ROWS * 22 - 10


def draw_charts(workbook: Workbook, sheet: Worksheet, looks: Looks, grid: Grid, row: int) -> None:
    """Both from ``row`` on, side by side; what they draw stands right of the page."""
    count = _write_data(sheet, looks, grid, row)
    if not count:
        return
    for number in range(row, row + CHART_ROWS):
        sheet.set_row(number, ROW)
    width = _width(grid)
    charts = _differences(workbook, grid, row, count), _spread(workbook, grid, row, count)
    for number, chart in enumerate(charts):
        chart.set_size({"width": width, "height": _HEIGHT})
        sheet.insert_chart(row, 0, chart, {"object_position": 1, "x_offset": number * (width + _GAP)})


def _width(grid: Grid) -> int:
    """Of a chart: together they are as wide as what is printed, so that none lies over the other or over the edge."""
    return (pixels(grid.place.widths) - _GAP) // 2


def _write_data(sheet: Worksheet, looks: Looks, grid: Grid, row: int) -> int:
    """班级, 高于年级, 低于年级 and the four shares, the best class last, as a bar chart begins at the bottom; how many."""
    data = grid.place.data
    sheet.write_row(row, data, ["班级", "高于年级", "低于年级", *_BANDS], looks.note)
    compared = list(reversed(grid.quality.compared))
    for number, (name, difference) in enumerate(compared, start=row + 1):
        bands = grid.quality.bands(name)
        above, below = (difference, None) if difference >= 0 else (None, difference)
        sheet.write_row(number, data, [name, above, below, *(bands.shares if bands else ())], looks.note)
    return len(compared)


def _cells(grid: Grid, row: int, count: int, column: int) -> list[Any]:
    return [QUALITY.name, row + 1, grid.place.data + column, row + count, grid.place.data + column]


def _differences(workbook: Workbook, grid: Grid, row: int, count: int) -> Any:
    chart: Any = workbook.add_chart({"type": "bar"})
    for column, colour in ((1, GOOD), (2, BAD)):
        chart.add_series(
            {
                "name": [QUALITY.name, row, grid.place.data + column],
                "categories": _cells(grid, row, count, 0),
                "values": _cells(grid, row, count, column),
                "fill": {"color": colour},
                "gap": 40,
                "overlap": 100,
                "data_labels": {
                    "value": True,
                    "num_format": _DIFFERENCE,
                    "position": "outside_end",
                    "font": chart_font(),
                },
            }
        )
    bare(chart, "总分与年级相差（分），从高到低")
    room = _room(grid)
    _without_value_axis(chart, **({"min": -room, "max": room} if room else {}))
    return chart


def _room(grid: Grid) -> float:
    """Where the axis ends at both sides of 0."""
    names, differences = zip(*grid.quality.compared, strict=True)
    half = bars_width(_width(grid), names) / 2
    return axis_end(max(map(abs, differences)), label_width(map(signed, differences)), half)


def _spread(workbook: Workbook, grid: Grid, row: int, count: int) -> Any:
    chart: Any = workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for column, colour in enumerate(BANDS, start=3):
        chart.add_series(
            {
                "name": [QUALITY.name, row, grid.place.data + column],
                "categories": _cells(grid, row, count, 0),
                "values": _cells(grid, row, count, column),
                "fill": {"color": colour},
                "gap": 40,
                "data_labels": {"value": True, "num_format": _ROOM_FOR_ONE, "font": _label_font(colour)},
            }
        )
    bare(chart, "总分分数段（占实考的 %）")
    chart.set_legend({"position": "bottom", "font": chart_font()})
    _without_value_axis(chart)
    return chart


def _label_font(colour: str) -> dict[str, Any]:
    return chart_font(color=WHITE if colour in (BRAND, BAD) else INK)


def _without_value_axis(chart: Any, **scale: float) -> None:
    """In a horizontal bar chart the value axis is the one that XlsxWriter calls x."""
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}} | scale)
    line = {"color": PAST}
    chart.set_y_axis({"num_font": chart_font(), "label_position": "low", "line": line, "major_tick_mark": "none"})
