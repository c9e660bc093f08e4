"""Ranges: where they are, what they hold, and how to get from one to another."""

from typing import Any

from xlbangfu.book.libreoffice import a1_notation
from xlbangfu.book.libreoffice.areas import found_in
from xlbangfu.book.libreoffice.formulas import to_office
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking, says_what_it_lacks
from xlbangfu.book.libreoffice.looks import Looks
from xlbangfu.book.libreoffice.structure import CONTENTS, Structure
from xlbangfu.book.libreoffice.typed_text import typed
from xlbangfu.book.libreoffice.uno_values import Rows
from xlbangfu.book.libreoffice.values_read import read, read_formulas
from xlbangfu.book.libreoffice.values_written import fill_formula, write
from xlbangfu.book.light_xlwings import base_classes

_DIRECTIONS = {"d": "down", "u": "up", "l": "left", "r": "right"}


@says_what_it_lacks
class Range(Looks, Structure, base_classes.Range):
    """A block of cells. `api` is its UNO cell range."""

    max_cells_per_read = None  # a pipe carries any number at once
    max_cells_per_write = None

    @property
    def coords(self) -> a1_notation.Block:
        return self.block

    @property
    def row(self) -> int:
        return self.block[0]

    @property
    def column(self) -> int:
        return self.block[1]

    @property
    def shape(self) -> tuple[int, int]:
        return self.block[2:]

    def __len__(self) -> int:
        return self.block[2] * self.block[3]

    def __call__(self, first: int, second: int | None = None) -> "Range":
        """A cell by row and column, or by its number along the rows; both count from 1 and may lie outside."""
        if self.xl is None:
            raise lacking("A cell of an empty range")
        if second is None:
            row, column = divmod(first - 1, self.block[3])
            return self.part(row, column)
        return self.part(first - 1, second - 1)

    @property
    def rows(self) -> "Range":
        return self

    @property
    def columns(self) -> "Range":
        return self

    @property
    def address(self) -> str:
        return a1_notation.show(self.block)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        shown = a1_notation.show(self.block, row_absolute=row_absolute, column_absolute=col_absolute)
        if not external:
            return shown
        place = f"[{self.sheet.book.name}]{self.sheet.name}"
        plain = place.replace("[", "").replace("]", "").replace(".", "").replace("_", "").isalnum()
        return f"{place}!{shown}" if plain else "'" + place.replace("'", "''") + f"'!{shown}"

    @property
    def raw_value(self) -> Any:
        """A scalar for one cell, else rows."""
        if self.xl is None:
            return None
        rows = self.rows_of_values()
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        if self.xl is None:
            return
        self.check_writable(contents_only=True)
        if isinstance(value, str) and self.shape != (1, 1) and typed(value or "-").formula and self._is_not_text():
            fill_formula(self.xl, str(typed(value).value), *self.shape)
            return
        book = self.sheet.book
        write(self.xl, book.xl, book.formats, book.epoch, self._as_rows(value))

    def rows_of_values(self) -> Rows:
        book = self.sheet.book
        name_errors = bool((self.options or {}).get("err_to_str"))
        return read(self.sheet.xl, self.xl, book.formats, book.epoch, name_errors=name_errors)

    def _is_not_text(self) -> bool:
        return self.number_format != "@"

    def _as_rows(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return ((value,) * self.shape[1],) * self.shape[0]
        rows = value if value and isinstance(value[0], list | tuple) else (value,)
        if len(rows) != self.shape[0] or any(len(row) != self.shape[1] for row in rows):
            raise OfficeError(f"The values do not have the shape of the range {self.address}.")
        return rows

    @property
    def formula(self) -> Any:
        if self.xl is None:
            return None
        book = self.sheet.book
        rows = read_formulas(self.sheet.xl, self.xl, book.formats, book.epoch)
        return rows[0][0] if self.shape == (1, 1) else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    @property
    def formula_array(self) -> str | None:
        """The formula that all the cells share; None where they do not share one."""
        if self.xl is None or not self.xl.getArrayFormula():
            return None
        return str(read_formulas(self.sheet.xl, self.xl, self.sheet.book.formats, self.sheet.book.epoch)[0][0])

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        if self.xl is not None:
            self.check_writable(contents_only=True)
            self.xl.setArrayFormula(to_office(value))

    @property
    def has_array(self) -> bool:
        return self.xl is not None and bool(self.xl.getArrayFormula())

    @property
    def current_region(self) -> "Range":
        if self.xl is None:
            return self
        cursor = self.sheet.xl.createCursorByRange(self.xl)
        cursor.collapseToCurrentRegion()
        return self.sheet.at(cursor.getRangeAddress())

    def end(self, direction: str) -> "Range":
        """Where Ctrl and an arrow key lead."""
        direction = _DIRECTIONS.get(direction, direction)
        if direction not in _DIRECTIONS.values():
            raise ValueError(f"{direction!r} is not a direction: up, down, left or right.")
        row, column, *_ = self.block
        vertical = direction in ("up", "down")
        line = (1, column, a1_notation.ROWS, 1) if vertical else (row, 1, 1, a1_notation.COLUMNS)
        cells = self.sheet.range(line).xl
        filled = found_in(cells, cells.queryContentCells(CONTENTS))
        spans = sorted(
            (area.top + 1, area.bottom + 1) if vertical else (area.left + 1, area.right + 1) for area in filled
        )
        limit = a1_notation.ROWS if vertical else a1_notation.COLUMNS
        there = _jump(spans, row if vertical else column, limit, forward=direction in ("down", "right"))
        return self.sheet.range((there, column) if vertical else (row, there))

    def select(self) -> None:
        if self.sheet.book.sheets.active.name != self.sheet.name:
            raise OfficeError(f"Activate the sheet {self.sheet.name} before selecting on it.")
        self.sheet.book.controller.select(self.xl)

    def to_pdf(self, path: str, quality: str) -> None:
        self.sheet.book.export_pdf(path, quality, self.xl)


def _jump(spans: list[tuple[int, int]], start: int, limit: int, *, forward: bool) -> int:
    """
    >>> _jump([(2, 4), (7, 7)], 2, 10, forward=True), _jump([(2, 4), (7, 7)], 4, 10, forward=True)
    (4, 7)
    >>> _jump([(2, 4), (7, 7)], 7, 10, forward=False), _jump([], 3, 10, forward=True)
    (4, 10)
    """
    if not forward:
        mirrored = sorted((limit + 1 - last, limit + 1 - first) for first, last in spans)
        return limit + 1 - _jump(mirrored, limit + 1 - start, limit, forward=True)
    for first, last in _joined(spans):
        if first <= start < last:
            return last
        if first > start:
            return first
    return limit


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring areas come apart where their kinds differ."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and joined[-1][1] >= first - 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
