"""Cells and rectangles of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from tests.support.fake_excel.com import Com, bare, refusal
from tests.support.fake_excel.typed import Cell, answered, formula

if TYPE_CHECKING:
    from tests.support.fake_excel.sheets import Worksheet

Corners = tuple[int, int, int, int]  # first row, first column, last row, last column; from 1


def overlap(one: Corners, other: Corners) -> int:
    """How many cells two rectangles share."""
    height = min(one[2], other[2]) - max(one[0], other[0]) + 1
    width = min(one[3], other[3]) - max(one[1], other[1]) + 1
    return height * width if height > 0 and width > 0 else 0


class Rows(Com):
    """The rows or the columns of a range, of which only the number is asked."""

    def __init__(self, range_: Range, number: int) -> None:
        self.app, self.number = range_.app, number

    @property
    def Count(self) -> int:
        return self.number


class Range(Com):
    """A rectangle; what is found in several has them in ``areas``, of which ``corners`` is the first."""

    def __init__(self, sheet: Worksheet, corners: Corners, *more: Corners) -> None:
        self.app, self.sheet, self.corners, self.areas = sheet.app, sheet, corners, (corners, *more)

    @property
    def Areas(self) -> list[Range]:
        return [Range(self.sheet, corners) for corners in self.areas]

    @property
    def Worksheet(self) -> Worksheet:
        return self.sheet

    @property
    def Row(self) -> int:
        return self.corners[0]

    @property
    def Column(self) -> int:
        return self.corners[1]

    @property
    def Rows(self) -> Com:
        return Rows(self, self.corners[2] - self.corners[0] + 1)

    @property
    def Columns(self) -> Com:
        return Rows(self, self.corners[3] - self.corners[1] + 1)

    @property
    def Count(self) -> int:
        return overlap(self.corners, self.corners)

    @property
    def Address(self) -> str:
        top, left, bottom, right = self.corners
        first, last = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
        return first if first == last else f"{first}:{last}"

    def GetAddress(self, *_: object) -> str:
        return self.Address

    def __call__(self, row: int, column: int = 1) -> Range:
        return self.Cells(row, column)

    def Cells(self, row: int, column: int) -> Range:
        top, left = self.corners[0] + row - 1, self.corners[1] + column - 1
        return Range(self.sheet, (top, left, top, left))

    def each(self, told: Callable[[Cell | None, str], Any]) -> Any:
        """What is told of each cell: one answer, or rows of answers."""
        top, left, bottom, right = self.corners
        sheet = self.sheet
        rows = tuple(
            tuple(told(sheet.cells.get((row, column)), sheet.format(row, column)) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
        return rows if overlap(self.corners, self.corners) > 1 else rows[0][0]

    @property
    def Value(self) -> Any:
        return self.each(answered)

    @Value.setter
    def Value(self, given: Any) -> None:
        self.sheet.write(self.corners, _rows(bare(given), self.corners), in_array=isinstance(given, list | tuple))

    @property
    def Formula(self) -> Any:
        return self.each(lambda cell, _: formula(cell))

    @property
    def NumberFormat(self) -> str | None:
        """None where the cells differ."""
        formats = self.each(lambda _, number_format: number_format)
        found = {cell for row in formats for cell in row} if isinstance(formats, tuple) else {formats}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, number_format: str) -> None:
        self.sheet.check_unprotected()
        top, left, bottom, right = self.corners
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.sheet.cells.setdefault((row, column), Cell()).format = number_format

    @property
    def MergeCells(self) -> bool | None:
        """None where only some are."""
        merged = sum(overlap(self.corners, area) for area in self.sheet.merged)
        return None if 0 < merged < overlap(self.corners, self.corners) else merged > 0

    @property
    def MergeArea(self) -> Range:
        first = (*self.corners[:2], *self.corners[:2])
        return next((Range(self.sheet, area) for area in self.sheet.merged if overlap(first, area)), self)

    def AutoFilter(self, column: int, values: Sequence[str], operator: int) -> None:
        """Only with a list of values; of a list's own cells."""
        self.sheet.check_unprotected()
        (table,) = [table for table in self.sheet.tables if table.corners == self.corners]
        if operator != 7 or not 1 <= column <= self.corners[3] - self.corners[1] + 1:
            raise refusal("类 Range 的 AutoFilter 方法无效")
        table.filtered, table.choice = True, (column, tuple(values))

    def SpecialCells(self, kind: int) -> Range:
        """Those in sight; of one cell Excel takes the whole sheet."""
        self.sheet.check_unprotected()
        top, left, bottom, right = self.corners
        assert kind == 12 and (top, left) != (bottom, right)
        hidden = {row for row in range(top, bottom + 1) if any(table.hides(row) for table in self.sheet.tables)}
        seen = [row for row in range(top, bottom + 1) if row not in hidden | self.sheet.hidden_rows]
        if not seen:
            raise refusal("未找到单元格。")
        starts = [row for row in seen if row - 1 not in seen]
        ends = [row for row in seen if row + 1 not in seen]
        return Range(self.sheet, *((start, left, end, right) for start, end in zip(starts, ends, strict=True)))

    def Select(self) -> None:
        if self.sheet.book.active is not self.sheet:
            raise refusal("类 Range 的 Select 方法无效")
        self.app.selected = self

    def ClearHyperlinks(self) -> None:
        self.sheet.check_unprotected()


def _rows(given: Any, corners: Corners) -> Sequence[Sequence[Any]]:
    """A row for each row; what an array is too small for is #N/A, as in Excel."""
    height, width = corners[2] - corners[0] + 1, corners[3] - corners[1] + 1
    if not isinstance(given, list | tuple):
        return [[given] * width] * height
    rows = given if given and isinstance(given[0], list | tuple) else [given]
    whole = [[*row[:width], *["#N/A"] * (width - len(row))] for row in rows[:height]]
    return [*whole, *[["#N/A"] * width] * (height - len(whole))]
