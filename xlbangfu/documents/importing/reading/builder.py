"""A grid put together cell by cell, the same from every reader.

Blank ends of rows and blank rows at the end are no part of it; what lies under a merged cell is not seen, so not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlbangfu.documents.importing.grid import Area, Grid, Place, Value
from xlbangfu.documents.importing.reading.refusal import too_large
from xlbangfu.documents.importing.reading.values import ERRORS, error, plain

MOST_CELLS = 4_000_000  # of one file; 12,000 students × 110 columns are 1.3 million
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14


@dataclass
class GridBuilder:
    """One sheet while it is read."""

    file: str
    sheet: str = ""
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    unreadable: dict[Place, str] = field(default_factory=dict)
    blind: tuple[str, ...] = ()
    rows: list[list[Value]] = field(default_factory=list)
    cells: int = 0

    def put(self, row: int, column: int, value: object) -> None:
        """Give a cell its value; an error's name is kept as the reason why it has none."""
        if isinstance(value, str) and value in ERRORS:
            self.refuse(row, column, error(value))
            return
        seen = plain(value)
        if seen is None:
            return
        self.cells += 1
        if self.cells > MOST_CELLS or row >= MOST_ROWS or column >= MOST_COLUMNS:
            raise too_large()
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = seen

    def refuse(self, row: int, column: int, why: str) -> None:
        """Leave a cell without a value, with the reason."""
        self.unreadable[row, column] = why
        if row < len(self.rows) and column < len(self.rows[row]):
            self.rows[row][column] = None

    def put_rows(self, rows: Iterable[Iterable[object]]) -> None:
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None and value != "":
                    self.put(number, column, value)

    def grid(self) -> Grid | None:
        """The sheet, or None if nothing is on it."""
        self._blank_covered()
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
            blind=self.blind,
        )

    def _blank_covered(self) -> None:
        left = MOST_CELLS
        for area in self.merged:
            for number in range(area.top, min(area.bottom + 1, len(self.rows))):
                row = self.rows[number]
                first = area.left + 1 if number == area.top else area.left
                end = min(area.right + 1, len(row))
                left -= max(0, end - first) + 1
                if left < 0:
                    raise too_large()
                row[first:end] = [None] * (end - first)


def _corner(area: Area) -> Place:
    return area.top, area.left


def _matters(area: Area, height: int, width: int) -> bool:
    several = (area.top, area.left) != (area.bottom, area.right)
    return several and area.top < height and area.left < width
