"""The sheet 学校一页: one page for the head, from the finding to the place for a word in writing. No student is on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.documents.views.school_charts import draw_charts
from xlbangfu.documents.views.school_numbers import Number, numbers_of
from xlbangfu.documents.views.view_look import Looks, one_sheet, prose_lines, put_prose, set_margins
from xlbangfu.house_look import (
    BAD,
    BAR,
    BRAND,
    FIGURE,
    FINDING,
    LINE,
    MUTED,
    NOTE,
    ONE_PAGE,
    SIZE,
    WARN,
    footer,
    written,
)
from xlbangfu.rules.head_questions import Question
from xlbangfu.rules.school_report import SchoolReport, Year, finding
from xlbangfu.schema import SCHOOL_PAGE
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

COLUMNS, WIDTH = 12, 6
_MARGIN = 20
_CHART_ROWS, _CHART_ROW = 11, 15
_ACROSS = 3  # numbers in a line
_TEXT, _WHO = 7, 2  # columns of a question, of who answers
_LINE_OF_NOTE = 52  # signs of a note that a line holds
_HEADS = ("年级", "在帮扶", "有进步", "退步", "该做", "已做", "落实率", "过期")
_FIRST = (0, 1, 3, 5, 6, 7, 8, 10)  # the column in which each begins; the last column is the paper's edge
_NO_QUESTION = "没有要过问的：没有辍学、过期和没结对的，帮扶做得过得去。"


class Page(Struct, frozen=True):
    """Where it is drawn, with what, and whose."""

    workbook: Workbook
    sheet: Worksheet
    looks: Looks
    settings: Settings
    today: date


def school_view(
    report: SchoolReport, questions: Sequence[Question], settings: Settings, *, today: date, made: datetime
) -> bytes:
    """A workbook of the one sheet."""
    with one_sheet(SCHOOL_PAGE, settings, made) as (workbook, sheet, content):
        page = Page(workbook, sheet, Looks(workbook), settings, today)
        _page_setup(page)
        row = _write_head(page, report)
        row = _write_numbers(page, row, numbers_of(report))
        row = _write_years(page, row, report)
        row = _write_groups(page, row, report)
        draw_charts(page.workbook, page.sheet, page.looks, report, row, COLUMNS)
        for number in range(row, row + _CHART_ROWS):
            sheet.set_row(number, _CHART_ROW)
        row = _write_questions(page, row + _CHART_ROWS, questions)
        row = _write_signature(page, row)
        sheet.print_area(0, 0, row - 1, COLUMNS - 1)
    return content.getvalue()


def _page_setup(page: Page) -> None:
    page.sheet.set_portrait()
    set_margins(page.sheet, _MARGIN)
    page.sheet.center_horizontally()
    page.sheet.fit_to_pages(1, 1)
    page.sheet.set_footer(footer(page.settings.school, page.today, ONE_PAGE))
    page.sheet.set_column(0, COLUMNS - 1, WIDTH)


def _write_head(page: Page, report: SchoolReport) -> int:
    sheet, looks, settings = page.sheet, page.looks, page.settings
    sheet.set_row(0, 16)
    sheet.write(0, 0, SCHOOL_PAGE.signature, looks.signature)
    sheet.set_row(1, 30)
    sheet.write(1, 0, f"{settings.school} 帮扶工作一页", looks.title)
    sheet.set_row(2, 18)
    sheet.write(2, 0, f"{settings.term} 学期，{written(page.today)}", looks.note)
    look = looks.make(font_size=FINDING, bold=True, bg_color=WARN, text_wrap=True, indent=1)
    put_prose(sheet, 3, finding(report), look, widths=[WIDTH] * COLUMNS, least=36)
    sheet.set_row(4, 8)
    return 5


def _write_numbers(page: Page, row: int, numbers: Sequence[Number]) -> int:
    """Three in a line: what it is, the number, how it was."""
    looks, span = page.looks, COLUMNS // _ACROSS
    for start in range(0, len(numbers), _ACROSS):
        for height, number in zip((16, 30, 18), range(row, row + 3), strict=True):
            page.sheet.set_row(number, height)
        for place, one in enumerate(numbers[start : start + _ACROSS]):
            left, right = place * span, place * span + span - 1
            big = looks.make(
                font_size=FIGURE, bold=True, align="left", num_format=one.format, font_color=BAD if one.act else BRAND
            )
            page.sheet.merge_range(row, left, row, right, one.label, looks.note)
            page.sheet.merge_range(row + 1, left, row + 1, right, one.shown, big)
            note = looks.make(font_color=MUTED, bottom=1, bottom_color=LINE)
            page.sheet.merge_range(row + 2, left, row + 2, right, one.note, note)
        row += 3
    page.sheet.set_row(row, 8)
    return row + 1


def _write_years(page: Page, row: int, report: SchoolReport) -> int:
    looks = page.looks
    page.sheet.set_row(row, 18)
    _write_line(page, row, _HEADS, [looks.head("left"), *[looks.head("right")] * (len(_HEADS) - 1)])
    whole = Year(
        name="全校",
        tracked=report.tracked,
        progress=report.progress,
        earlier=report.progress_before,
        contacts=report.contacts,
    )
    for number, year in enumerate((*report.years, whole), start=row + 1):
        bold = year is whole
        page.sheet.set_row(number, 18)
        right = looks.line(bold=bold, align="right")
        rate = looks.line(bold=bold, align="right", num_format="0%")
        late = looks.line(bold=bold, align="right", **({"font_color": BAD} if year.contacts.overdue else {}))
        _write_line(page, number, _cells(year), [looks.line(bold=bold), *[right] * 5, rate, late])
    end = row + 1 + len(report.years)
    bar = {"type": "data_bar", "bar_color": BAR, "bar_solid": True, "min_type": "num", "max_type": "num"}
    page.sheet.conditional_format(row + 1, _FIRST[6], end, _FIRST[6], bar | {"min_value": 0, "max_value": 1})
    page.sheet.set_row(end + 1, 8)
    return end + 2


def _write_groups(page: Page, row: int, report: SchoolReport) -> int:
    """The special groups in one line; none where the school has none."""
    if not report.groups:
        return row
    told = "　".join(f"{one.name} {one.here}（{one.tracked}/{one.better}/{one.overdue}）" for one in report.groups)
    text = f"特殊群体，在读人数（在帮扶人数/有进步人数/过期项数）：{told}"
    page.sheet.set_row(row, 15.0 * -(-len(text) // _LINE_OF_NOTE) + 3)
    look = page.looks.make(font_color=MUTED, font_size=NOTE, text_wrap=True, valign="top")
    page.sheet.merge_range(row, 0, row, COLUMNS - 1, text, look)
    return row + 1


def _cells(year: Year) -> tuple[object, ...]:
    made = year.contacts
    progress = (year.progress.better, year.progress.worse) if year.progress.known else ("–", "–")
    return (
        year.name,
        year.tracked,
        *progress,
        made.owed,
        made.made,
        "–" if made.rate is None else made.rate,
        made.overdue,
    )


def _write_line(page: Page, row: int, cells: Sequence[object], looks: Sequence[object]) -> None:
    """A line of the table; a column of it may be several of the sheet."""
    ends = (*_FIRST[1:], COLUMNS)
    for cell, look, first, end in zip(cells, looks, _FIRST, ends, strict=True):
        if end - first > 1:
            page.sheet.merge_range(row, first, row, end - 1, cell, look)
        else:
            page.sheet.write(row, first, cell, look)


def _write_questions(page: Page, row: int, questions: Sequence[Question]) -> int:
    looks, sheet = page.looks, page.sheet
    sheet.set_row(row, 22)
    count = "一二三四五"[len(questions) - 1] if questions else ""
    sheet.write(row, 0, f"请校长过问的{count}件事" if questions else "请校长过问的事", looks.section)
    if not questions:
        sheet.merge_range(row + 1, 0, row + 1, COLUMNS - 1, _NO_QUESTION, looks.line())
    for number, question in enumerate(questions, start=row + 1):
        lines = max(prose_lines(question.text, _TEXT * WIDTH, SIZE), prose_lines(question.who, _WHO * WIDTH, SIZE))
        sheet.set_row(number, 5 + 15.75 * lines)
        sheet.write(number, 0, number - row, looks.line(align="center", bold=True))
        sheet.merge_range(number, 1, number, _TEXT, question.text, looks.line(text_wrap=True))
        sheet.merge_range(
            number, _TEXT + 1, number, _TEXT + _WHO, question.who, looks.line(text_wrap=True, font_color=MUTED)
        )
        sheet.merge_range(number, _TEXT + _WHO + 1, number, COLUMNS - 1, "□ 已办", looks.line(align="right"))
    return row + 1 + max(len(questions), 1)


def _write_signature(page: Page, row: int) -> int:
    """Room for the head's words, a name and a date."""
    sheet, looks = page.sheet, page.looks
    sheet.set_row(row, 8)
    sheet.set_row(row + 1, 46)
    sheet.merge_range(row + 1, 0, row + 1, COLUMNS - 1, "批示：", looks.make(border=1, border_color=LINE, valign="top"))
    sheet.set_row(row + 2, 24)
    sheet.merge_range(row + 2, 0, row + 2, 5, "签名：____________", looks.make())
    sheet.merge_range(row + 2, 6, row + 2, 11, "日期：____年__月__日", looks.make(align="right"))
    return row + 3
