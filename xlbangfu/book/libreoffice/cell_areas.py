"""A block of cells on a sheet: what every part of a range builds on."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from xlbangfu.book.libreoffice.a1_notation import Block
from xlbangfu.book.libreoffice.bridge import is_mixed
from xlbangfu.book.libreoffice.lacking import OfficeError

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.ranges import Range
    from xlbangfu.book.libreoffice.sheet_objects import Sheet


class FetchedCells(NamedTuple):
    """A UNO cell range as it was fetched; rows that are inserted or deleted move it."""

    sheet: Any
    block: Block
    cells: Any

    def are(self, sheet: Any, block: Block) -> bool:
        """Whether they are this block still: to ask takes a tenth of the time of fetching it."""
        return self.sheet is sheet and self.block == block and block_of(self.cells.getRangeAddress()) == block


def block_of(address: Any) -> Block:
    """The block of a UNO cell range address."""
    rows, columns = address.EndRow - address.StartRow + 1, address.EndColumn - address.StartColumn + 1
    return address.StartRow + 1, address.StartColumn + 1, rows, columns


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
        latest = self.sheet.book.latest_cells
        if latest is None or not latest.are(self.sheet.xl, self.block):
            cells = self.sheet.xl.getCellRangeByPosition(column - 1, row - 1, column + columns - 2, row + rows - 2)
            latest = self.sheet.book.latest_cells = FetchedCells(self.sheet.xl, self.block, cells)
        return latest.cells

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
