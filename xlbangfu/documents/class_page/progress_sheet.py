"""进步情况: a row a student with the trend as a sparkline, all on one scale; then the subjects as level and change.

What the sparklines draw stands right of what is printed, where anyone can look it up. Of a student whose plan aims at a level
the sparkline's axis is the goal line: it draws how far each score rate is above or below it, on the same scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import ceil, floor
from typing import TYPE_CHECKING

from xlbangfu.documents.class_page.page import ClassPage, Edition, Student
from xlbangfu.documents.look import FIRST_ROW, HEADER_ROW, column_xml, heading, height, lines, new_sheet
from xlbangfu.house_look import BRAND, PAST
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.between import between, with_between, without_between
from xlbangfu.ooxml.row_xml import Cell, Row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

TITLE = "进步情况"
_NAME, _NOW, _TREND, _SUBJECT, _DATA, _GAP = 10.0, 7.0, 13.0, 5.5, 9.0, 3.0
_ROW = 24.0
_Shown = tuple[str, float, Callable[[Student], str | None]]
_SHOWN: tuple[_Shown, ...] = (
    ("进展", 14.0, lambda one: "\n".join(filter(None, (one.status, one.change, one.target, _places(one))))),
    ("奖项和荣誉", 16.0, lambda one: "\n".join(_honours(one))),
    ("等级", 10.0, lambda one: one.levels.replace(" ", "")),
)
_SHORT = {"道德与法治": "道法", "思想政治": "政治", "信息技术": "信息", "体育与健康": "体育"}
_GOAL_LINE = "计划定了目标等级的学生，走势里的横线是目标，柱子在线上就是达到。"
_GROUPS = (
    '<x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">',
    "</x14:sparklineGroups>",
)
_LINES = "<x14:sparklines>", "</x14:sparklines>"
_ALL = "<extLst>", "</extLst>"


def _places(one: Student) -> str:
    """In the 年级 and in the class, where ranks may be shown."""
    return f"年级 {one.grade_rank} 班级 {one.class_rank}" if one.grade_rank else ""


def _honours(one: Student) -> Iterator[str]:
    """The prize and the honours, each once; a prize says among whom it was won where that is not plain."""
    for name in dict.fromkeys(filter(None, (one.prize, *one.honours.split("、")))):
        yield f"{name}\n（{one.prize_basis}）" if name == one.prize and one.prize_basis else name


def exam_columns(edition: Edition) -> tuple[_Shown, ...]:
    """Heading, width and value of the columns between the name and the trend, by what may be shown."""
    return _SHOWN if edition.by_exam else ()


def _now(edition: Edition) -> int:
    """The column of the latest value, from 0; the sparkline stands right of it."""
    return 1 + len(exam_columns(edition))


def first_value(edition: Edition, subjects: int) -> int:
    """The column of the first value that a sparkline draws, from 0: right of what is printed."""
    return _now(edition) + 2 + subjects + 1


def _first_distance(page: ClassPage) -> int:
    """The column of the first distance from a goal line, from 0: right of all values."""
    return first_value(page.edition, len(page.subjects)) + len(page.trend) + 1


def widths(edition: Edition, subjects: int, values: int, distances: int = 0) -> list[float]:
    fixed = [_NAME, *(width for _, width, _ in exam_columns(edition)), _NOW, _TREND]
    further = [_GAP, *[_DATA] * distances] if distances else []
    return [*fixed, *[_SUBJECT] * subjects, _GAP, *[_DATA] * values, *further]


def frame(workbook: Workbook) -> None:
    """As for a page without students, whose columns and sparklines ``finish`` makes."""
    sheet = new_sheet(workbook, TITLE, [_NAME], landscape=True, frozen=1)
    sheet.print_area(0, 0, 0, 1)
    data = f"{TITLE}!A{FIRST_ROW}:B{FIRST_ROW}"
    # columns, for LibreOffice 7.4 prints no lines of sparklines
    look = {"type": "column", "series_color": PAST, "last_point": True, "last_color": BRAND}
    sheet.add_sparkline(FIRST_ROW - 1, 1, {"range": data, "min": 0, "max": 1, **look})


def rows(page: ClassPage) -> list[Row | None]:
    return [
        *heading(f"{page.title}　{TITLE}", _note(page)),
        Row(36, _heads(page)),
        *_all_as_high(_row(page, student) for student in page.students),
        *([Row(18, [("note", _GOAL_LINE)])] if _has_goal(page) else ()),
        *_honours_of_all(page),
    ]


def _all_as_high(rows: Iterable[Row]) -> list[Row]:
    """Sparklines of one scale are to be compared, so their cells are of one height."""
    made = list(rows)
    highest = max((row.height for row in made), default=_ROW)
    return [row._replace(height=highest) for row in made]


def _heads(page: ClassPage) -> list[Cell]:
    shown = ["姓名", *(name for name, _, _ in exam_columns(page.edition)), _latest(page), "走势"]
    return [
        *(("head", name) for name in shown),
        *(("head", _SHORT.get(subject, subject[:4])) for subject in page.subjects),
        ("prose", None),
        *(("data_head", name) for name in page.trend),
        *((("prose", None), *(("data_head", f"{name}\n离目标线") for name in page.trend)) if _has_goal(page) else ()),
    ]


def _has_goal(page: ClassPage) -> bool:
    return any(distances(student) for student in page.students)


def distances(student: Student) -> tuple[float | None, ...]:
    """How far each value of the trend is above the goal line, below it where negative; none without a line or a value."""
    line = student.target_rate
    if line is None or all(value is None for value in student.trend):
        return ()
    return tuple(None if value is None else round(value - line, 9) for value in student.trend)


def _latest(page: ClassPage) -> str:
    return ("得分率\n" if page.edition.by_exam else "评分\n") + "最近" if page.trend else "最近"


def _row(page: ClassPage, student: Student) -> Row:
    now, data = ("whole_rate", "data") if page.edition.by_exam else ("decimal", "data_decimal")
    columns = exam_columns(page.edition)
    told = [value(student) for _, _, value in columns]
    trend = student.trend or (None,) * len(page.trend)
    cells: list[Cell] = [
        ("strong", student.name),
        *(("centre", text) for text in told),
        (now, trend[-1] if trend else None),
        ("centre", None),
        *(("centre", text) for text in student.subjects_told or ("",) * len(page.subjects)),
        ("prose", None),
        *((data, value) for value in trend),
    ]
    if away := distances(student):
        cells += [("prose", None), *((data, value) for value in away)]
    wrapped = [(text, width) for text, (_, width, _) in zip(told, columns, strict=True) if text]
    return Row(height(_ROW, (student.name, _NAME), *wrapped), cells)


def _honours_of_all(page: ClassPage) -> Iterator[Row | None]:
    """The honours of the term, of anyone in the class."""
    if page.honours:
        yield None
        yield Row(24, [("section", "本学期荣誉（全班）")])
    for honour in page.honours:
        yield Row(18.0 * lines(honour, 130), [("prose", honour)])


def _note(page: ClassPage) -> str:
    if not page.trend:
        return "还没有可以画走势的考试。" if page.edition.by_exam else "还没有可以画走势的行为评价。"
    low, high = scale(page)
    if not page.edition.by_exam:
        return f"走势是每月行为评价的平均，每人同一刻度（{low:g} 到 {high:g} 分）；最后一点是最近一月。"
    drawn = f"走势是总分得分率，每人同一刻度（{low:.0%} 到 {high:.0%}），缺考或未录的那次不画。"
    told = "各科是等级，▲▼ 是在年级里的位置和基线考试比。" if page.subjects else ""
    return f"{drawn}进展和自己的基线考试比。{told}"


def scale(page: ClassPage) -> tuple[float, float]:
    """From a tenth below all values and goal lines of a page to the tenth above them, so that the lowest has a column too; of
    behaviour marks 0 to 5. One scale, so that two students can be compared.
    """
    if not page.edition.by_exam:
        return 0, 5
    values = [value for student in page.students for value in student.trend if value is not None]
    values += [one.target_rate for one in page.students if one.target_rate is not None and distances(one)]
    if not values:
        return 0, 1
    low = max(floor(round(min(values) * 10, 6)) - 1, 0)
    return low / 10, max(ceil(round(max(values) * 10, 6)), low + 1) / 10


def printed(page: ClassPage, height: int) -> str:
    """The range of so many rows that goes to paper, as ``$A$1:$H$9``."""
    last = _now(page.edition) + 1 + len(page.subjects)
    return f"$A$1:${letters(last)}${max(height, HEADER_ROW)}"


def finish(page: ClassPage, before: str, after: str) -> tuple[str, str]:
    """The XML around the rows, with columns as wide as the page needs and its sparklines."""
    wide = widths(page.edition, len(page.subjects), len(page.trend), len(page.trend) if _has_goal(page) else 0)
    return _with_columns(before, wide), with_sparklines(page, after)


def _with_columns(frame: str, widths: list[float]) -> str:
    each = (column_xml(at, width) for at, width in enumerate(widths, 1))
    return with_between(frame, "<cols>", "</cols>", "".join(each))


def with_sparklines(page: ClassPage, frame_end: str) -> str:
    """The end of the sheet's XML with a sparkline for each student who has a value, or with none. Those without a goal line are
    one group; each with one is a group, for a group has one axis."""
    group = between(frame_end, *_GROUPS)
    drawn = [(row, one) for row, one in enumerate(page.students, FIRST_ROW) if any(v is not None for v in one.trend)]
    if not drawn or not group:
        return without_between(frame_end, *_ALL)
    low, high = scale(page)
    first = first_value(page.edition, len(page.subjects))
    plain = [_sparkline(page, row, first) for row, one in drawn if not distances(one)]
    groups = [_grouped(group, plain, low, high)] if plain else []
    for row, one in drawn:
        if distances(one) and (goal := one.target_rate) is not None:
            mine = [_sparkline(page, row, _first_distance(page))]
            groups.append(_grouped(group, mine, low - goal, high - goal, axis=True))
    return with_between(frame_end, *_GROUPS, "".join(groups))


def _sparkline(page: ClassPage, row: int, first: int) -> str:
    """That of a row, which draws the values from a column (from 0) on."""
    left, right = letters(first), letters(first + len(page.trend) - 1)
    at = letters(_now(page.edition) + 1)
    return f"<x14:sparkline><xm:f>{TITLE}!{left}{row}:{right}{row}</xm:f><xm:sqref>{at}{row}</xm:sqref></x14:sparkline>"


def _grouped(group: str, sparklines: list[str], low: float, high: float, *, axis: bool = False) -> str:
    """Sparklines of one scale, with a line at 0 where it is to be seen."""
    drawn = with_between(group, *_LINES, "".join(sparklines))
    scaled = with_between(with_between(drawn, 'manualMax="', '"', f"{high:g}"), 'manualMin="', '"', f"{low:g}")
    return scaled.replace("<x14:sparklineGroup ", '<x14:sparklineGroup displayXAxis="1" ', 1) if axis else scaled
