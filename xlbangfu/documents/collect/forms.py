"""The fill-in sheets as they come back: found by name or by their headings, read as typed frames.

One more kind of sheet to fill in is one more ``FillIn`` here, and its rules in ``checking``.

The frames have the columns of the form, ROW (the Excel row on the page) and CELL_LETTERS tells where each column stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.book.reading.frames import CellIssues, heading, to_frame
from xlbangfu.documents.class_page.fill_in import (
    ABSENCE_COLUMNS,
    ABSENCE_SHEET,
    CONDUCT_COLUMNS,
    CONDUCT_SHEET,
    LOG_COLUMNS,
    LOG_SHEET,
    OWN_LOG_COLUMNS,
    STUDENT_COLUMN,
)
from xlbangfu.documents.collect.page_opening import Workbook
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind
from xlbangfu.schema import ABSENCES, CONDUCT, LOG, ROW, SEPARATOR, Column, Defect, Kind, Table, Type

_HEADER_WITHIN = 20  # rows from the top in which the header must stand
_STUDENT = Column(name=STUDENT_COLUMN, type=Type.ID, required=True, many=True)


def _form(title: str, columns: Sequence[str], table: Table) -> Table:
    """The form as a table: the columns of ``table``, and 学生 in place of 学号, 姓名 and 班级."""
    mine = tuple(_STUDENT if name == STUDENT_COLUMN else table[name] for name in columns)
    return Table(name=title, kind=Kind.INPUT, columns=mine, row_key=tuple(columns))


class FillIn(Struct, frozen=True, kw_only=True):
    """A sheet that is filled in, and the sheet of the master that it goes into.

    The rows of one that is ``numbered`` have a 编号 in the master and may be alike; of another the identity is the key.
    Beside the students and the ``staff`` (the column that names one, if there is any) the ``identity`` tells rows apart;
    complaints stand in its first column. ``called`` are the columns by which staff know a row, ``kinds`` the pages that have it.
    """

    form: Table
    table: Table
    staff: str | None
    identity: tuple[str, ...]
    called: tuple[str, ...]
    numbered: bool = False
    kinds: tuple[PageKind, ...] = (CLASS_PAGE,)

    @property
    def handle(self) -> str:
        """The column of 收回记录 that leads to the row of the master."""
        return "编号" if self.numbered else "身份码"


LOG_FORM = _form(LOG_SHEET, list(LOG_COLUMNS), LOG)
OWN_LOG_FORM = _form(LOG_SHEET, list(OWN_LOG_COLUMNS), LOG)
CONDUCT_FORM = _form(CONDUCT_SHEET, list(CONDUCT_COLUMNS), CONDUCT)
ABSENCE_FORM = _form(ABSENCE_SHEET, list(ABSENCE_COLUMNS), ABSENCES)
_ENTRIES = FillIn(
    form=LOG_FORM, table=LOG, staff="教师", identity=("日期", "类型"), called=("记录编号",), numbered=True
)
FILL_INS = (
    _ENTRIES,
    replace(_ENTRIES, form=OWN_LOG_FORM, kinds=(TEACHER_PAGE,)),
    FillIn(
        form=CONDUCT_FORM,
        table=CONDUCT,
        staff="评价人姓名",
        identity=("月份", "评价人"),
        called=("月份", "学号", "评价人"),  # whose name a mark bears stays in the row
    ),
    FillIn(
        form=ABSENCE_FORM,
        table=ABSENCES,
        staff=None,
        identity=("日期", "节次"),
        called=("日期", "学号", "节次"),
        kinds=(CLASS_PAGE, TEACHER_PAGE),
    ),
)
BY_FORM = {one.form: one for one in FILL_INS}
BY_TABLE = {one.table: one for one in FILL_INS}
MARKS = [column.name for column in CONDUCT_FORM if column.high]


class Filled(Struct, frozen=True, kw_only=True):
    """One form as it came back. ``frame`` has the rows in which anything stands; ``defects`` (the frame DEFECTS, rows
    as on the page) what could not be read; ``letters`` the column letter of each heading; ``sheet`` what the sheet is
    called now, None where it is gone."""

    form: Table
    frame: pl.DataFrame
    defects: pl.DataFrame
    letters: Mapping[str, str]
    sheet: str | None
    missing: tuple[str, ...] = ()

    @property
    def unusable(self) -> str:
        """Why no row of it can be taken, in words for staff; empty where they can."""
        if self.sheet is None:
            return f"没有找到“{self.form.name}”，或它的表头改过"
        doubled = self.defects.filter(pl.col("缺陷") == Defect.DOUBLED_COLUMN)["列"].to_list()
        wrong = [*(f"缺“{name}”" for name in self.missing), *(f"有两列“{name}”" for name in doubled)]
        return f"“{self.form.name}”的表头改过：{SEPARATOR.join(wrong)}，整张表没有收" if wrong else ""


def fill_ins_of(kind: PageKind) -> list[FillIn]:
    """What is filled in on a page of that kind."""
    return [one for one in FILL_INS if kind in one.kinds]


def filled(form: Table, workbook: Workbook) -> Filled:
    """The rows that someone filled in on a form."""
    found = _find(form, workbook)
    if found is None:
        nothing = to_frame(form, [form.names])
        return Filled(form=form, frame=nothing.frame, defects=nothing.defects, letters={}, sheet=None)
    name, at = found
    trouble = _below(workbook.trouble.get(name, CellIssues()), at)
    sheet = to_frame(form, workbook.sheets[name][at:], trouble, date1904=workbook.date1904)
    letters = {column: letter for _, column, letter in sheet.layout_rows}
    down = pl.col(ROW) + at
    return Filled(
        form=form,
        frame=sheet.frame.with_columns(down),
        defects=sheet.defects.with_columns(down),
        letters=letters,
        sheet=name,
        missing=tuple(one for one in form.names if one not in letters),
    )


def _find(form: Table, workbook: Workbook) -> tuple[str, int] | None:
    """The sheet and how many rows stand above its header: by its name, else the only one with its headings."""
    places = {name: _header(form, rows) for name, rows in workbook.sheets.items()}
    if form.name in places:
        at = places[form.name]
        return None if at is None else (form.name, at)
    others = [(name, at) for name, at in places.items() if at is not None]
    return others[0] if len(others) == 1 else None


def _header(form: Table, rows: Sequence[Sequence[Any]]) -> int | None:
    """How many rows stand above the header of a form, None where it is not there: half its headings in one row, the
    student's among them."""
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        names = {heading(cell) for cell in row}
        if STUDENT_COLUMN in names and 2 * len(names & set(form.names)) >= len(form.names):
            return at
    return None


def _below(trouble: CellIssues, at: int) -> CellIssues:
    """The trouble with rows counted from the header as 1."""
    return replace(
        trouble,
        errors=tuple((row - at, column, text) for row, column, text in trouble.errors),
        merged=tuple((top - at, left, bottom - at, right) for top, left, bottom, right in trouble.merged),
    )
