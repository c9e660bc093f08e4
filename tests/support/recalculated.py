"""A workbook as formulon works it out, an engine that shares nothing with the program: values, lists, coloured cells.

What it says of ranges is only trusted in a cell that it works out: asked for a formula by itself (``evaluate_formula_array``)
it took cells of text for what they were before. Rows and columns are counted from 0 there, addresses are as staff see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import formulon

from xlbangfu.ooxml.addresses import letters

_SCRATCH_COLUMN, _MOST = 900, 60  # where formulas of the test go; of a list

Value = str | float | None


class Recalculated:
    """One workbook, worked out anew; ``work_out`` does so again after something was put into a cell."""

    def __init__(self, path: Path) -> None:
        self._book: Any = formulon.Workbook.load(path.read_bytes())
        count = self._book.sheet_count
        self._sheets = {self._book.sheet_name(index): index for index in range(count() if callable(count) else count)}
        self.work_out()

    def work_out(self) -> None:
        self._book.recalc()

    def put_text(self, sheet: str, row: int, column: int, text: str) -> None:
        self._book.set_text(self._sheets[sheet], row, column, text)

    def put_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        self._book.set_formula(self._sheets[sheet], row, column, formula)

    def values(self, sheet: str) -> dict[str, Value]:
        """What each formula of a sheet comes to, by address."""
        index = self._sheets[sheet]
        cells = [(cell.row, cell.col) for cell in self._book.iter_cells(index) if cell.formula]
        return {f"{letters(column)}{row + 1}": self._value(index, row, column) for row, column in cells}

    def lists(self, sheet: str, names: Iterable[str]) -> dict[str, list[Value]]:
        """What a drop-down of a sheet offers that takes its list from a name."""
        index, names = self._sheets[sheet], list(names)
        for place, name in enumerate(names):
            self._book.set_formula(index, 0, _SCRATCH_COLUMN + place, f"=ROWS({name})")
            for row in range(1, _MOST):
                self._book.set_formula(index, row, _SCRATCH_COLUMN + place, f"=INDEX({name},{row})")
        self.work_out()
        return {name: list(self._list(index, _SCRATCH_COLUMN + place)) for place, name in enumerate(names)}

    def _list(self, sheet: int, column: int) -> Iterator[Value]:
        length = self._value(sheet, 0, column)
        assert isinstance(length, float), f"no list: {length}"
        for row in range(1, int(length) + 1):
            yield self._value(sheet, row, column)

    def takes(self, sheet: str, row: int, column: int, text: str) -> bool:
        """Whether the drop-down of a cell lets a text be typed without a word."""
        value = formulon.Value(formulon.ValueKind.TEXT, text=text)
        outcome = self._book.validate_value(self._sheets[sheet], row, column, value)
        assert outcome.has_rule, f"no drop-down in {sheet}"
        return bool(outcome.valid)

    def coloured(self, sheet: str, rows: int, columns: int) -> set[str]:
        """The addresses of the cells that conditional formats give another look, of so many rows and columns."""
        found = self._book.evaluate_cf_range(self._sheets[sheet], 0, 0, rows - 1, columns - 1)
        return {
            f"{letters(cell.col)}{cell.row + 1}" for cell in found if any(one.dxf_id_engaged for one in cell.matches)
        }

    def _value(self, sheet: int, row: int, column: int) -> Value:
        value = self._book.get_value(sheet, row, column).to_python()
        return value if isinstance(value, str) else float(value) if isinstance(value, (int, float)) else None
