"""A grid put together cell by cell, the same from every reader.

Blank ends of rows and blank rows at the end are no part of it; what lies under a merged cell is not seen, so not kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from xlbangfu.documents.importing.grid import Area, Grid, Place, Value
from xlbangfu.documents.importing.reading.cell_values import ERRORS, error, plain
from xlbangfu.documents.importing.reading.refusal import too_large

MOST_CELLS = 4_000_000  # of one file; 12,000 students × 110 columns are 1.3 million
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
MOST_NUMBER = 1e308  # Excel's own is about ten times that; what is beyond, infinite or no number, was never typed


class GridBuilder(Struct):
    """One sheet while it is read."""

    file: str
    sheet: str = ""
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    unreadable: dict[Place, str] = field(default_factory=dict)
    rows: list[list[Value]] = field(default_factory=list)
    _left: int = MOST_CELLS

    def put(self, row: int, column: int, value: object) -> None:
        """Give a cell its value; an error's name is kept as the reason why it has none."""
        seen = self._seen(row, column, value)
        if seen is None:
            return
        self.spend(1)
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            raise too_large()
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = seen

    def _seen(self, row: int, column: int, value: object) -> Value:
        """A value as it is seen; an error's name is kept as the reason why there is none."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and value[0] == "#" and value in ERRORS:
            self.refuse(row, column, error(value))
            return None
        if isinstance(value, int | float) and not -MOST_NUMBER < value < MOST_NUMBER:
            self.refuse(row, column, error("#NUM!"))
            return None
        return plain(value)

    def refuse(self, row: int, column: int, why: str) -> None:
        """Leave a cell without a value, with the reason."""
        self.spend(1)
        self.unreadable[row, column] = why

    def hide_rows(self, first: int, count: int) -> None:
        self.spend(count)
        self.hidden_rows.update(range(first, min(first + count, MOST_ROWS)))

    def hide_columns(self, first: int, count: int) -> None:
        self.spend(count)
        self.hidden_columns.update(range(first, min(first + count, MOST_COLUMNS)))

    def merge(self, area: Area) -> None:
        self.spend(1)
        self.merged.append(area)

    def spend(self, cells: int) -> None:
        """Count what the file makes us do, so that a small file cannot make us do much."""
        self._left -= cells
        if self._left < 0:
            raise too_large()

    def put_rows(self, rows: Iterable[Iterable[object]]) -> None:
        """Put whole rows from the first one on; floats, of which large files are full, stay as they are."""
        for number, row in enumerate(rows):
            line = [
                value
                if type(value) is float and -MOST_NUMBER < value < MOST_NUMBER
                else self._seen(number, column, value)
                for column, value in enumerate(row)
            ]
            if len(line) > MOST_COLUMNS:
                raise too_large()
            self.spend(len(line))
            self.rows.append(line)

    def grid(self) -> Grid | None:
        """The sheet, or None if nothing is on it."""
        self._blank_covered()
        for number, column in self.unreadable:
            self._blank(number, column, column + 1)
        for row in self.rows:
            while row and row[-1] is None:
                row.pop()
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        if not self.rows and not self.unreadable:
            return None
        height, width = len(self.rows), max(map(len, self.rows), default=0)
        return Grid(
            file=self.file,
            sheet=self.sheet,
            rows=self.rows,
            hidden=self.hidden,
            hidden_rows=frozenset(row for row in self.hidden_rows if row < height),
            hidden_columns=frozenset(column for column in self.hidden_columns if column < width),
            merged=tuple(sorted((area for area in self.merged if _matters(area, height, width)), key=_corner)),
            unreadable=self.unreadable,
        )

    def _blank_covered(self) -> None:
        for area in self.merged:
            for number in range(area.top, min(area.bottom + 1, len(self.rows))):
                first = area.left + 1 if number == area.top else area.left
                self._blank(number, first, area.right + 1)

    def _blank(self, number: int, first: int, end: int) -> None:
        row = self.rows[number] if number < len(self.rows) else []
        cells = max(0, min(end, len(row)) - first)
        self.spend(cells + 1)
        row[first : first + cells] = [None] * cells


def _corner(area: Area) -> Place:
    return area.top, area.left


def _matters(area: Area, height: int, width: int) -> bool:
    several = (area.top, area.left) != (area.bottom, area.right)
    return several and area.top < height and area.left < width
