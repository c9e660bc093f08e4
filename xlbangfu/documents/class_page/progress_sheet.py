"""进步情况: a tall row a student, with the chart inside the row, so that no chart is cut where the paper ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsxwriter.workbook import Workbook

from xlbangfu.documents.class_page.page import BY_RANK, ClassPage, Edition, Student
from xlbangfu.documents.class_page.page_progress import LAST
from xlbangfu.documents.look import FIRST_ROW, FONT, GREY, HEADER_ROW, LINES, heading, new_sheet
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.row_xml import Cell, Row

TITLE = "进步情况"
_STUDENT = (("学号", 14.0), ("姓名", 10.0))
_VALUE_WIDTH, _CHART_WIDTH, _CHART_ROW = 9.0, 44.0, 92.0
_Shown = tuple[str, float, Callable[[Student], str | int | None]]
_BY_LEVEL: tuple[_Shown, ...] = (
    ("等级", 17.0, lambda one: one.levels),
    ("自己和\n自己比", 13.0, lambda one: one.change),
    ("进展", 11.0, lambda one: one.status),
    ("奖项和\n荣誉", 15.0, lambda one: "\n".join(dict.fromkeys(filter(None, (one.prize, *one.honours.split("、")))))),
)
_RANKS: tuple[_Shown, ...] = (
    ("年级\n名次", 8.0, lambda one: one.grade_rank),
    ("班级\n名次", 8.0, lambda one: one.class_rank),
)


def exam_columns(edition: Edition) -> tuple[_Shown, ...]:
    """Heading, width and value of the columns between the name and the trend, by what may be shown."""
    return () if not edition.by_exam else _BY_LEVEL + (_RANKS if edition.shown == BY_RANK else ())


def first_value(edition: Edition) -> int:
    """The column of the trend's first value, from 0."""
    return len(_STUDENT) + len(exam_columns(edition))


def widths(edition: Edition, values: int) -> list[float]:
    fixed = [width for _, width in _STUDENT] + [width for _, width, _ in exam_columns(edition)]
    return fixed + [_VALUE_WIDTH] * values + [_CHART_WIDTH]


def frame(workbook: Workbook, edition: Edition) -> None:
    """With one chart, in the row of the first student, after the most values that there can be."""
    sheet = new_sheet(workbook, TITLE, widths(edition, LAST), landscape=True)
    first = first_value(edition)
    for at in range(LAST):
        sheet.write_string(HEADER_ROW - 1, first + at, "-")
        sheet.write_number(FIRST_ROW - 1, first + at, 1)
    sheet.set_row(FIRST_ROW - 1, _CHART_ROW)
    sheet.insert_chart(FIRST_ROW - 1, first + LAST, _chart(workbook, edition), {"x_offset": 3, "y_offset": 3})


def _chart(workbook: Workbook, edition: Edition) -> Any:
    first = first_value(edition)
    where = (first, HEADER_ROW - 1, first + LAST - 1)
    small = {"name": FONT, "size": 8, "color": GREY}
    scale = (
        {"min": 0, "num_format": "0%"} if edition.by_exam else {"min": 1, "max": 5, "major_unit": 2, "num_format": "0"}
    )
    blue = {"color": "#2E75B6"}
    chart = workbook.add_chart({"type": "line"})
    chart.add_series(
        {
            "categories": [TITLE, HEADER_ROW - 1, where[0], HEADER_ROW - 1, where[2]],
            "values": [TITLE, FIRST_ROW - 1, where[0], FIRST_ROW - 1, where[2]],
            "line": {**blue, "width": 2},
            "marker": {"type": "circle", "size": 6, "fill": blue, "border": blue},
        }
    )
    chart.set_x_axis({"num_font": small, "line": {"color": LINES}})
    chart.set_y_axis(
        {
            **scale,
            "num_font": small,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}},
        }
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.show_blanks_as("span")
    chart.set_size({"width": _CHART_WIDTH * 7, "height": int(_CHART_ROW / 0.75) - 6})
    return chart


def rows(page: ClassPage) -> list[Row | None]:
    columns = exam_columns(page.edition)
    names = [name for name, _ in _STUDENT] + [name for name, _, _ in columns] + [*page.trend, "走势"]
    return [
        *heading(f"{page.name}　{TITLE}", _note(page)),
        Row(40, [("head", name) for name in names]),
        *(Row(_CHART_ROW, _cells(page, columns, student)) for student in page.students),
    ]


def _cells(page: ClassPage, columns: tuple[_Shown, ...], student: Student) -> list[Cell]:
    style = "rate" if page.edition.by_exam else "decimal"
    trend = student.trend or (None,) * len(page.trend)
    return [
        ("centre", student.number),
        ("centre", student.name),
        *(("centre", value(student)) for _, _, value in columns),
        *((style, value) for value in trend),
        ("centre", None),
    ]


def _note(page: ClassPage) -> str:
    if not page.trend:
        return "还没有可以画走势的考试。" if page.edition.by_exam else "还没有可以画走势的行为评价。"
    if not page.edition.by_exam:
        return "走势是每月行为评价的平均（1 到 5 分）。"
    return "走势是总分得分率；缺考或未录的那次不画。“自己和自己比”是最近一次与基线考试相比。"


def charted(page: ClassPage) -> list[tuple[int, Student]]:
    """Excel row and student of each chart: those who have any value."""
    return [(row, one) for row, one in enumerate(page.students, FIRST_ROW) if any(v is not None for v in one.trend)]


def chart_data(page: ClassPage, row: int, student: Student) -> tuple[str, str]:
    """The chart's categories and values: where they stand, and what stands there, for readers that do not look."""
    first = first_value(page.edition)
    left, right = letters(first), letters(first + len(page.trend) - 1)
    names = "".join(f'<c:pt idx="{at}"><c:v>{escape(name)}</c:v></c:pt>' for at, name in enumerate(page.trend))
    values = "".join(
        f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>' for at, value in enumerate(student.trend) if value is not None
    )
    count = f'<c:ptCount val="{len(page.trend)}"/>'
    return (
        f"<c:f>{TITLE}!${left}${HEADER_ROW}:${right}${HEADER_ROW}</c:f><c:strCache>{count}{names}</c:strCache>",
        f"<c:f>{TITLE}!${left}${row}:${right}${row}</c:f>"
        f"<c:numCache><c:formatCode>General</c:formatCode>{count}{values}</c:numCache>",
    )
