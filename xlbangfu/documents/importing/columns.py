"""What the columns of a block are: one noun, whatever the file.

A column is a person's (姓名, 班级, 电话 …) or it belongs to an exam, a subject and a qualifier (期中 语文 得分). Every
column has an account: taken, left out, or asked, and why. Rows and columns count from 0; messages count rows from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.class_lines import classes_below
from xlbangfu.documents.importing.grid import Grid, Value
from xlbangfu.documents.importing.heading_words import Score
from xlbangfu.late_pattern import late_pattern


class Content(Enum):
    """What a block was recognised as; the value is how staff call it."""

    ROSTER = "名册"
    TEACHERS = "教师"
    CLASSES = "班级"
    SCORES = "成绩"
    LONG_SCORES = "成绩（一行一科）"
    TEACHING = "任课表"
    UNKNOWN = "不认识的表"


MARKS = (Content.SCORES, Content.LONG_SCORES)


class Fate(Enum):
    """What becomes of a column."""

    TAKEN = "用了"
    LEFT_OUT = "没有用"
    ASKED = "要问"


class Column(Struct, frozen=True, kw_only=True):
    """One column of a block.

    ``headings`` are its cells in the header rows from top to bottom, what is merged across carried, as typed. ``meaning``
    is a column of the master or a word of ``words`` where it is a person's column; else ``exam``, ``subject`` and
    ``qualifier`` are what the headings say (empty where they say nothing) and ``total`` that it is about all subjects.
    ``full`` is the full mark in a heading.
    """

    place: int
    headings: tuple[str, ...]
    meaning: str = ""
    exam: str = ""
    subject: str = ""
    qualifier: str = ""
    score: Score = Score.UNKNOWN
    total: bool = False
    full: float | None = None
    fate: Fate = Fate.LEFT_OUT
    why: str = ""

    @property
    def typed(self) -> str:
        """The headings as staff would say them."""
        return "·".join(dict.fromkeys(part for part in self.headings if part))


class Block(Struct, frozen=True, kw_only=True):
    """Header rows and the records under them, in a part of a sheet.

    ``header`` are the header's rows, ``records`` the rows of the records, ``places`` the columns of the block, ``titles``
    the texts that stand over it, the nearest first. ``full`` is what a row of full marks says, by column; ``rooms`` the class
    that a line between the records says, by the row of each record below it.
    """

    grid: Grid
    header: tuple[int, ...]
    records: tuple[int, ...]
    places: tuple[int, ...]
    titles: tuple[str, ...] = ()
    title_rows: tuple[int, ...] = ()
    full: dict[int, float] = field(default_factory=dict)
    footers: int = 0
    rooms: Mapping[int, str] = field(default_factory=dict)
    content: Content = Content.UNKNOWN
    columns: tuple[Column, ...] = ()

    @property
    def title(self) -> str:
        """File and sheet, as messages name them."""
        return self.grid.title

    @property
    def header_row(self) -> int:
        """The last row of the header, as staff count."""
        return self.header[-1] + 1

    @property
    def numbers(self) -> list[int]:
        """The rows of the records, as staff count."""
        return [row + 1 for row in self.records]

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.grid.file.rpartition(".")[0] or self.grid.file

    @property
    def shape(self) -> str:
        """The header as it is remembered: its headings in their order, without what changes from exam to exam."""
        return "|".join(_NUMBERS.sub("", words.bare(column.typed)) for column in self.columns if column.typed)

    def column(self, meaning: str) -> Column | None:
        """The first column of a meaning."""
        return next((column for column in self.columns if column.meaning == meaning), None)

    def cells(self, column: Column | None) -> list[Value]:
        """A column's cells, one a record; what is merged down a person's column counts for each row. All None if there
        is no such column."""
        if column is None:
            return [None] * len(self.records)
        carried = _carried(self.grid, column.place) if column.meaning else {}
        lines, place = self.grid.rows, column.place
        cells = [line[place] if place < len(line := lines[row]) else None for row in self.records]
        if carried:
            return [carried.get(row, cell) for row, cell in zip(self.records, cells, strict=True)]
        return cells

    def texts(self, meaning: str) -> list[str | None]:
        """The cells of a person's column as they are compared; empty ones are None."""
        found = [words.text(cell) if cell is not None else None for cell in self.cells(self.column(meaning))]
        if meaning != words.CLASS:
            return found
        if self.rooms:
            return [text or self.rooms.get(row) for text, row in zip(found, self.records, strict=True)]
        return classes_below(found) if self.column(words.NAME) else found


_NUMBERS = late_pattern(
    r"20\d\d\S{0,8}?学年度?|第?[一二三四五六七八九十\d]+(?:次|月|单元|学期)|20\d\d[-./年]\d+[-./月]\d+日?|\d+"
)


def _carried(grid: Grid, place: int) -> dict[int, Value]:
    """What cells merged down a column hold in each of their rows."""
    areas = [area for area in grid.merged if area.left == area.right == place]
    return {row: grid.value(area.top, place) for area in areas for row in range(area.top, area.bottom + 1)}
