"""The sheets of each kind of page, in their order: one more sheet, to read or to fill in, is one more line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from xlbangfu.documents.class_page import (
    cover,
    entries_sheet,
    fill_in,
    own_student_sheet,
    progress_sheet,
    results_sheet,
    student_sheet,
)
from xlbangfu.documents.class_page.page import ClassPage, Edition
from xlbangfu.ooxml.row_xml import Row
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

Finish = Callable[[str, str], tuple[str, str]]


def _as_framed(before: str, after: str) -> tuple[str, str]:
    return before, after


class Framing(NamedTuple):
    """What the frame of a sheet is drawn in."""

    workbook: Workbook
    styles: dict[str, Format]


class Content(NamedTuple):
    """What a page puts into a sheet: its rows, the range that goes to paper where that depends on the page, and what
    else is changed in the XML before and after the rows."""

    rows: list[Row | None]
    printed: str = ""
    finish: Finish = _as_framed


class PageSheet(Struct, frozen=True, kw_only=True):
    """``title`` is its tab, empty for that of the students, which depends on the edition. ``frame`` draws the sheet without its rows; a sheet that is not ``needed`` by a page is put away. What is
    no ``form`` is locked and sealed."""

    title: str
    frame: Callable[[Framing], None]
    content: Callable[[ClassPage], Content]
    needed: Callable[[ClassPage], bool] = lambda page: bool(page.students)
    form: bool = False


def _cover(page: ClassPage) -> Content:
    lines = cover.laid_out(page)
    return Content(cover.rows(lines), finish=partial(cover.with_merges, lines))


def _students(page: ClassPage) -> Content:
    rows = student_sheet.rows(page)
    return Content(rows, student_sheet.printed(len(rows)))


def _progress(page: ClassPage) -> Content:
    rows = progress_sheet.rows(page)
    return Content(rows, progress_sheet.printed(page, len(rows)), partial(progress_sheet.finish, page))


_COVER = PageSheet(
    title=cover.TITLE,
    frame=lambda at: cover.frame(at.workbook),
    content=_cover,
    needed=lambda _: True,
)
_STUDENTS = PageSheet(
    title="",
    frame=lambda at: student_sheet.frame(at.workbook),
    content=_students,
)
_OWN_STUDENTS = PageSheet(
    title="",
    frame=lambda at: own_student_sheet.frame(at.workbook),
    content=lambda page: Content(own_student_sheet.rows(page), own_student_sheet.printed(page)),
)
_ENTRIES = PageSheet(
    title=entries_sheet.TITLE,
    frame=lambda at: entries_sheet.frame(at.workbook),
    content=lambda page: Content(entries_sheet.rows(page)),
    needed=lambda page: bool(entries_sheet.entries_of(page)),
)
_PROGRESS = PageSheet(
    title=progress_sheet.TITLE,
    frame=lambda at: progress_sheet.frame(at.workbook),
    content=_progress,
    needed=lambda page: bool(page.students and (page.trend or page.honours)),
)
_RESULTS = PageSheet(
    title=results_sheet.TITLE,
    frame=lambda at: results_sheet.frame(at.workbook),
    content=lambda page: Content(results_sheet.rows(page), finish=partial(results_sheet.finish, page)),
    needed=lambda page: bool(page.figures),
)
_LOG = PageSheet(
    title=fill_in.LOG_SHEET,
    frame=lambda at: fill_in.log_frame(*at),
    content=lambda page: Content(fill_in.log_rows(page)),
    form=True,
)
_OWN_LOG = PageSheet(
    title=fill_in.LOG_SHEET,
    frame=lambda at: fill_in.own_log_frame(*at),
    content=lambda page: Content(fill_in.own_log_rows(page)),
    form=True,
)
_CONDUCT = PageSheet(
    title=fill_in.CONDUCT_SHEET,
    frame=lambda at: fill_in.conduct_frame(*at),
    content=lambda page: Content(
        fill_in.conduct_rows(page),
        f"$A$1:{fill_in.conduct_block(len(page.students))}",
        partial(fill_in.conduct_finish, page),
    ),
    form=True,
)

_ABSENCES = PageSheet(
    title=fill_in.ABSENCE_SHEET,
    frame=lambda at: fill_in.absence_frame(*at),
    content=lambda page: Content(fill_in.absence_rows(page)),
    needed=lambda page: bool(page.roll),
    form=True,
)

SHEETS: Mapping[PageKind, tuple[PageSheet, ...]] = {
    CLASS_PAGE: (_COVER, _STUDENTS, _PROGRESS, _RESULTS, _LOG, _CONDUCT, _ABSENCES),
    TEACHER_PAGE: (_COVER, _OWN_STUDENTS, _ENTRIES, _PROGRESS, _OWN_LOG, _ABSENCES),
}
FORMS: Mapping[PageKind, tuple[str, ...]] = {
    kind: tuple(sheet.title for sheet in sheets if sheet.form) for kind, sheets in SHEETS.items()
}

REGULAR_FORMS = {
    kind: tuple(title for title in forms if title != fill_in.ABSENCE_SHEET) for kind, forms in FORMS.items()
}
"""Those of ``FORMS`` that are filled in each time; there may be nobody absent."""


def titles(kind: PageKind, edition: Edition) -> list[str]:
    """What the sheets of a page are called, but for 页信息."""
    return [sheet.title or edition.students_title for sheet in SHEETS[kind]]
