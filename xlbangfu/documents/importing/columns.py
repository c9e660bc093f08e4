"""What the columns of a block are: one noun, whatever the file.

A column is a person's (姓名, 班级, 电话 …) or it belongs to an exam, a subject and a qualifier (期中 语文 得分). Every
column has an account: taken, left out, or asked, and why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from xlbangfu.documents.importing.grid import Grid


class Content(Enum):
    """What a block was recognised as; the value is how staff call it."""

    ROSTER = "名册"
    TEACHERS = "教师"
    CLASSES = "班级"
    SCORES = "成绩"
    LONG_SCORES = "成绩（一行一科）"
    TEACHING = "任课表"
    UNKNOWN = "不认识的表"


class Fate(Enum):
    """What becomes of a column."""

    TAKEN = "用了"
    LEFT_OUT = "没有用"
    ASKED = "要问"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a block.

    ``headings`` are its cells in the header rows from top to bottom, what is merged across carried, as typed. ``meaning``
    is a column of the master or a word of ``words`` where it is a person's column; else ``exam``, ``subject`` and
    ``qualifier`` are what the headings say (empty where they say nothing). ``full`` is the full mark in a heading.
    """

    place: int
    headings: tuple[str, ...]
    meaning: str = ""
    exam: str = ""
    subject: str = ""
    qualifier: str = ""
    full: float | None = None
    fate: Fate = Fate.LEFT_OUT
    why: str = ""

    @property
    def typed(self) -> str:
        """The headings as staff would say them."""
        return "·".join(dict.fromkeys(part for part in self.headings if part))


@dataclass(frozen=True, kw_only=True)
class Block:
    """Header rows and the records under them, in a part of a sheet; rows and columns count from 0.

    ``header`` are the header's rows, ``records`` the rows of the records, ``places`` the columns of the block, ``titles``
    the texts that stand over it, the nearest first. ``full`` is what a row of full marks says, by column.
    """

    grid: Grid
    header: tuple[int, ...]
    records: tuple[int, ...]
    places: tuple[int, ...]
    titles: tuple[str, ...] = ()
    full: dict[int, float] = field(default_factory=dict)
    footers: int = 0
    content: Content = Content.UNKNOWN
    columns: tuple[Column, ...] = ()

    @property
    def shape(self) -> str:
        """The header as it is remembered: headings in their order, without exams, dates and numbers."""
        raise NotImplementedError
