"""A block of cells on a sheet: what every part of a range builds on."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice.a1_notation import Block
from xlbangfu.book.libreoffice.bridge import is_mixed
from xlbangfu.book.libreoffice.lacking import OfficeError

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.ranges import Range
    from xlbangfu.book.libreoffice.sheet_objects import Sheet


class Cells:
    """`xl` is the UNO cell range; None for a block without rows or columns."""

    def __init__(self, sheet: "Sheet", block: Block) -> None:
        self.sheet = sheet
        self.block = block
        self.options: dict[str, Any] | None = None  # xlwings puts a range's options here

    @cached_property
    def xl(self) -> Any:
        row, column, rows, columns = self.block
        if not rows or not columns:
            return None
        return self.sheet.xl.getCellRangeByPosition(column - 1, row - 1, column + columns - 2, row + rows - 2)

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def first_cell(self) -> Any:
        return self.sheet.xl.getCellByPosition(self.block[1] - 1, self.block[0] - 1)

    def part(self, row: int, column: int, rows: int = 1, columns: int = 1) -> "Range":
        """A block of the same sheet, by its place in this one; offsets count from 0."""
        return self.sheet.range((self.block[0] + row, self.block[1] + column, rows, columns))

    def check_writable(self, *, contents_only: bool = False) -> None:
        """LibreOffice passes over changes to a protected sheet without a word; Excel refuses them."""
        if not self.sheet.protected:
            return
        if contents_only and not is_mixed(self.xl, "CellProtection") and not self.xl.CellProtection.IsLocked:
            return
        raise OfficeError(f"The sheet {self.sheet.name} is protected; unprotect it before it is changed.")
