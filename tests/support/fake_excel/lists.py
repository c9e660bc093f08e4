"""Lists (Excel's tables) with their filters, and what Excel does by itself when something is written at or in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.support.fake_excel.com import BAD_INDEX, Com, bare, com_error, refusal
from tests.support.fake_excel.ranges import Corners, Range, overlap

if TYPE_CHECKING:
    from tests.support.fake_excel.programs import Application
    from tests.support.fake_excel.sheets import Worksheet


class AutoFilter(Com):
    def __init__(self, table: ListObject) -> None:
        self.app, self.table = table.app, table

    @property
    def FilterMode(self) -> bool:
        return self.table.filtered

    def ShowAllData(self) -> None:
        if not self.table.filtered:
            raise refusal("类 AutoFilter 的 ShowAllData 方法无效")
        self.table.filtered, self.table.choice = False, None


class ListObject(Com):
    """``filtered`` hides all its records but the first, or, with a ``choice`` of column (from 1) and values, those without."""

    choice: tuple[int, tuple[str, ...]] | None = None

    def __init__(self, sheet: Worksheet, name: str, corners: Corners) -> None:
        self.app, self.sheet, self.name, self.corners, self.filtered = sheet.app, sheet, name, corners, False
        self.buttons = True

    @property
    def Name(self) -> str:
        return self.name

    @property
    def Range(self) -> Range:
        return Range(self.sheet, self.corners)

    @property
    def ShowAutoFilter(self) -> bool:
        return self.buttons

    @property
    def AutoFilter(self) -> AutoFilter | None:
        return AutoFilter(self) if self.buttons else None

    def Resize(self, cells: Any) -> None:
        corners = bare(cells).corners
        self.sheet.check_unprotected()
        others = [table for table in self.sheet.tables if table is not self]
        if corners[:2] != self.corners[:2] or corners[2] <= corners[0] or self.filtered:
            raise refusal("标题必须保留在同一行，结果表格必须和原来的表格重叠")
        if any(overlap(corners, table.corners) for table in others):
            raise refusal("一个表格不能与另一个表格重叠")
        self.corners = corners

    def hides(self, row: int) -> bool:
        if not self.filtered or not self.corners[0] < row <= self.corners[2]:
            return False
        if self.choice is None:
            return row > self.corners[0] + 1
        column, values = self.choice
        cell = self.sheet.cells.get((row, self.corners[1] + column - 1))
        return cell is None or cell.value not in values


class ListObjects(Com):
    def __init__(self, sheet: Worksheet) -> None:
        self.app, self.sheet = sheet.app, sheet

    @property
    def Count(self) -> int:
        return len(self.sheet.tables)

    def __iter__(self) -> Iterator[ListObject]:
        return iter(self.sheet.tables)

    def __call__(self, key: int | str) -> ListObject:
        for number, table in enumerate(self.sheet.tables, start=1):
            if key in (number, table.name):
                return table
        raise com_error(BAD_INDEX, "无效索引。")


class AutoCorrect(Com):
    """Both are on in Excel, and stay as staff set them when Excel is closed."""

    AutoFillFormulasInLists = True
    AutoExpandListRange = True

    def __init__(self, app: Application) -> None:
        self.app = app


def follow(sheet: Worksheet, corners: Corners) -> None:
    """What Excel does after a write: lists grow over what was put below them, and fill a column with a formula."""
    options = sheet.app.correction
    for table in sheet.tables:
        top, left, bottom, right = table.corners
        below = corners[0] == bottom + 1 and left <= corners[1] <= right
        if below and object.__getattribute__(options, "AutoExpandListRange"):
            table.corners = top, left, corners[2], right
        if object.__getattribute__(options, "AutoFillFormulasInLists") and overlap(corners, table.corners):
            _fill(sheet, table.corners, corners)


def _fill(sheet: Worksheet, table: Corners, written: Corners) -> None:
    for column in range(max(written[1], table[1]), min(written[3], table[3]) + 1):
        first = sheet.cells.get((max(written[0], table[0] + 1), column))
        rows = range(table[0] + 1, table[2] + 1)
        if first is not None and first.formula and not any(sheet.is_filled(row, column, but=written) for row in rows):
            for row in rows:
                sheet.put(row, column, first.formula, in_array=False)
