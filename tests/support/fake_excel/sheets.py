"""Worksheets, their protection and the names that hold on one or on all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from openpyxl.utils import column_index_from_string

from tests.support.fake_excel import lists
from tests.support.fake_excel.com import BAD_INDEX, Com, bare, com_error, refusal
from tests.support.fake_excel.ranges import Corners, Range, overlap
from tests.support.fake_excel.typed import GENERAL, Cell, take

if TYPE_CHECKING:
    from tests.support.fake_excel.programs import Workbook

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
_ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting",
    "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip
_LONGEST_NAME, _NOT_IN_A_NAME = 31, re.compile(r"[\[\]:*?/\\]")
_CELL = re.compile(r"\$?([A-Z]+)\$?(\d+)")


class Protection(Com):
    """What is allowed on a protected sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        self.app, self.sheet = sheet.app, sheet

    def __getattr__(self, name: str) -> bool:
        if name not in _ALLOWED:
            raise AttributeError(f"<unknown>.{name}")
        return bool(self.sheet.allowed.get(name, False))


class PageSetup(Com):
    """The footer of a sheet on paper, with the signs for its type."""

    def __init__(self, sheet: Worksheet, left: str = "", right: str = "") -> None:
        self.app, self.left, self.right = sheet.app, left, right

    @property
    def LeftFooter(self) -> str:
        return self.left

    @property
    def RightFooter(self) -> str:
        return self.right

    @RightFooter.setter
    def RightFooter(self, text: str) -> None:
        self.right = text


class Worksheet(Com):
    """``password`` None is a protection without one; ``filtered`` a filter that is no list's."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.app, self.book, self.name = book.app, book, name
        self.cells: dict[tuple[int, int], Cell] = {}
        self.column_formats: dict[int, str] = {}
        self.merged: list[Corners] = []
        self.tables: list[lists.ListObject] = []
        self.state, self.filtered, self.protected = VISIBLE, False, False
        self.password: str | None = None
        self.allowed: dict[str, Any] = {}
        self.charts = 0
        self.hidden_rows: set[int] = set()
        self.paper = PageSetup(self)

    @property
    def PageSetup(self) -> PageSetup:
        return self.paper

    @property
    def Name(self) -> str:
        return self.name

    @Name.setter
    def Name(self, name: str) -> None:
        others = {sheet.name.lower() for sheet in self.book.sheets if sheet is not self}
        if name.lower() in others or not 0 < len(name) <= _LONGEST_NAME or _NOT_IN_A_NAME.search(name):
            raise refusal("名称已被占用，或者不能作工作表的名称")
        self.name = name

    def Copy(self, Before: Worksheet | None = None, After: Worksheet | None = None) -> None:
        """Into the workbook of the other sheet, charts with it; the copy is in front then."""
        place = bare(After if After is not None else Before)
        copied = copy(self)
        copied.book = place.book
        copied.cells = {at: copy(cell) for at, cell in self.cells.items()}
        copied.tables = [lists.ListObject(copied, table.name, table.corners) for table in self.tables]
        taken = {sheet.name.lower() for sheet in place.book.sheets}
        numbered = (f"{self.name} ({number})" for number in count(2))
        copied.name = next(name for name in chain([self.name], numbered) if name.lower() not in taken)
        place.book.sheets.insert(place.book.sheets.index(place) + (After is not None), copied)
        place.book.active = copied

    def Delete(self) -> bool:
        """Excel asks first unless it is told not to; a workbook keeps one sheet that is shown."""
        others = [sheet for sheet in self.book.sheets if sheet is not self and sheet.state == VISIBLE]
        if not others:
            raise refusal("工作簿至少要有一张看得见的工作表")
        if object.__getattribute__(self.app, "DisplayAlerts"):
            return False
        self.book.sheets.remove(self)
        if self.book.active is self:
            self.book.active = others[0]
        return True

    @property
    def Parent(self) -> Workbook:
        return self.book

    @property
    def Application(self) -> Any:
        return self.app

    @property
    def Index(self) -> int:
        return self.book.sheets.index(self) + 1

    @property
    def Visible(self) -> int:
        return self.state

    @Visible.setter
    def Visible(self, state: bool | int) -> None:
        self.state = VISIBLE if state in (True, VISIBLE) else int(state)

    @property
    def UsedRange(self) -> Range:
        used = [place for place, cell in self.cells.items() if cell.formula or cell.format or cell.value is not None]
        rows, columns = [row for row, _ in used] or [1], [column for _, column in used] or [1]
        return Range(self, (min(rows), min(columns), max(rows), max(columns)))

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, (row, column, row, column))

    def Range(self, first: Any, last: Any = None) -> Range:
        first, last = bare(first), bare(last)
        if isinstance(first, str):
            found = [_CELL.fullmatch(part) for part in first.split(":")]
            if None in found:
                raise refusal("类 Worksheet 的 Range 方法无效")
            corners = [(int(part[2]), column_index_from_string(part[1])) for part in found if part]
            return Range(self, (*corners[0], *corners[-1]))
        return Range(self, (*first.corners[:2], *(last or first).corners[2:]))

    @property
    def ListObjects(self) -> lists.ListObjects:
        return lists.ListObjects(self)

    @property
    def FilterMode(self) -> bool:
        """Excel says so also of a list's filter while the active cell is in that list."""
        return self.filtered or any(table.filtered and self._is_active_in(table) for table in self.tables)

    def ShowAllData(self) -> None:
        here = [table for table in self.tables if table.filtered and self._is_active_in(table)]
        if not self.filtered and not here:
            raise refusal("类 Worksheet 的 ShowAllData 方法无效")
        self.filtered = False
        for table in here:
            table.filtered = False

    def _is_active_in(self, table: lists.ListObject) -> bool:
        chosen = self.app.selected
        return isinstance(chosen, Range) and chosen.sheet is self and overlap(chosen.corners, table.corners) > 0

    @property
    def ProtectContents(self) -> bool:
        return self.protected

    @property
    def ProtectDrawingObjects(self) -> bool:
        return self.protected

    @property
    def ProtectScenarios(self) -> bool:
        return self.protected

    @property
    def Protection(self) -> Protection:
        return Protection(self)

    def Unprotect(self, password: str = "") -> None:
        if self.password is not None and password != self.password:
            raise refusal("您提供的密码不正确")
        self.protected = False

    def Protect(self, **how: Any) -> None:
        self.protected, self.allowed = True, how

    def Activate(self) -> None:
        if self.state != VISIBLE:
            raise refusal("类 Worksheet 的 Activate 方法无效")
        self.book.active = self

    def format(self, row: int, column: int) -> str:
        cell = self.cells.get((row, column))
        return (cell.format if cell else "") or self.column_formats.get(column, GENERAL)

    def check_unprotected(self) -> None:
        if self.protected:
            raise refusal("您试图更改的单元格或图表位于受保护的工作表中")

    def write(self, corners: Corners, rows: Sequence[Sequence[Any]], *, in_array: bool) -> None:
        """Values into a rectangle; rows that a filter hides keep what they had."""
        self.check_unprotected()
        self.app.columns_written += corners[3] - corners[1] + 1
        for row, values in enumerate(rows, start=corners[0]):
            if not any(table.hides(row) for table in self.tables):
                for column, value in enumerate(values, start=corners[1]):
                    self.put(row, column, value, in_array=in_array)
        lists.follow(self, corners)
        self.book.saved = False

    def put(self, row: int, column: int, value: Any, *, in_array: bool) -> None:
        """A value into a cell; in a merged range only the first takes it."""
        here = (row, column, row, column)
        if not any(overlap(here, area) and (row, column) != area[:2] for area in self.merged):
            take(self.cells.setdefault((row, column), Cell()), value, self.format(row, column), in_array=in_array)

    def is_filled(self, row: int, column: int, *, but: Corners) -> bool:
        """Whether something stands in a cell that is not of a rectangle."""
        cell = self.cells.get((row, column))
        return cell is not None and cell.value is not None and not overlap((row, column, row, column), but)


class Sheets(Com):
    def __init__(self, book: Workbook) -> None:
        self.app, self.book = book.app, book

    @property
    def Count(self) -> int:
        return len(self.book.sheets)

    @property
    def Parent(self) -> Workbook:
        return self.book

    def __iter__(self) -> Iterator[Worksheet]:
        for sheet in self.book.sheets:
            self.app.answer("Sheets", "Item")
            yield sheet

    def __call__(self, key: int | str) -> Worksheet:
        self.app.answer("Sheets", "Item")
        for number, sheet in enumerate(self.book.sheets, start=1):
            if key == number or (isinstance(key, str) and sheet.name.lower() == key.lower()):
                return sheet
        raise com_error(BAD_INDEX, "无效索引。")


class Name(Com):
    def __init__(self, book: Workbook, name: str, refers_to: str) -> None:
        self.app, self.name, self.refers_to = book.app, name, refers_to

    @property
    def Name(self) -> str:
        return self.name

    @property
    def RefersTo(self) -> str:
        return self.refers_to


class Names(Com):
    def __init__(self, book: Workbook) -> None:
        self.app, self.book = book.app, book

    @property
    def Count(self) -> int:
        return len(self.book.names)

    def __iter__(self) -> Iterator[Name]:
        for name, refers_to in self.book.names.items():
            yield Name(self.book, name, refers_to)

    def __call__(self, key: int | str) -> Name:
        self.app.answer("Names", "Item")
        for number, name in enumerate(self, start=1):
            if key in (number, name.name):
                return name
        raise refusal("类 Names 的 Item 方法无效")
