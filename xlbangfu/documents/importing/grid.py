"""Files that staff send, as grids of cells: one noun for every format.

Rows and columns count from 0 and are the sheet's own: row 0 is its row 1, blank rows and columns at its head included.
Files are read by ``reading.read_file``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from msgspec import Struct, field

Value = str | float | bool | date | datetime | time | None
Place = tuple[int, int]  # row, column


class Area(Struct, frozen=True):
    """Merged cells; both ends are inside."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place: Place) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


class Grid(Struct, frozen=True, kw_only=True):
    """One sheet as staff see it.

    A number is a float whatever the format (12 is 12.0); a number that is shown with leading zeros or with words about it
    (format 0000000, or "2026"0000) is the text that is shown. Midnight is a date, another moment a datetime. Text is as it
    is shown, stripped of nothing. From text files every cell is text.
    """

    file: str  # the file's name
    sheet: str = ""  # the sheet's name; empty for a text file
    rows: Sequence[Sequence[Value]]  # may be ragged; None where blank
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # also the rows that a filter hides
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()  # only the top left cell has the value in ``rows``
    is_turned: bool = False  # rows and columns are not where staff see them
    unreadable: Mapping[Place, str] = field(default_factory=dict)  # why, for staff: 错误值 #N/A, 公式没有算出的值

    @property
    def title(self) -> str:
        """How the sheet is called in messages: file·sheet."""
        return f"{self.file}·{self.sheet}" if self.sheet else self.file

    def value(self, row: int, column: int) -> Value:
        """What a cell holds; None beyond the end of a ragged row."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else None


class File(Struct, frozen=True, kw_only=True):
    """One file of staff. ``grids`` are its sheets in their order, hidden ones too, those without any value left out."""

    name: str
    grids: tuple[Grid, ...]
