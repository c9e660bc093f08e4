"""Which columns each sheet of one workbook has, where they stand, and how far down drop-downs and marks reach.

A new workbook has the schema's columns in the schema's order. One that is there already may have them in another order,
with columns of the staff's own (``OWN``) between them: then formulas, drop-downs and marks are made to fit it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec import Struct

from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import (
    KEY,
    LOG,
    ROW,
    SCORES,
    STATE_SUFFIX,
    SUBJECTS,
    TABLES,
    Column,
    Kind,
    Table,
    Type,
    state_of,
)

REACH, FAR_REACH = 20_000, 300_000
OWN = "\u2003自有列"  # what a column of the staff's own is called here; no heading begins with a space


class Layout(Struct, frozen=True):
    """The columns of every sheet of one workbook, in their order, and the frames that fill it."""

    columns: Mapping[Table, tuple[Column, ...]]
    frames: Mapping[Table, pl.DataFrame]

    @classmethod
    def of(
        cls, frames: Mapping[Table, pl.DataFrame], there: Mapping[Table, tuple[Column, ...]] | None = None
    ) -> Layout:
        """The schema's columns, then those that the frames have beyond it; 成绩 has one for each 科目.

        A sheet that is ``there`` already has the columns given, in their order.
        """
        return cls({table: (*table.columns, *_extra(table, frames)) for table in TABLES} | dict(there or {}), frames)

    def __getitem__(self, table: Table) -> tuple[Column, ...]:
        return self.columns[table]

    def height(self, table: Table) -> int:
        """How many records the sheet starts with; an empty sheet has one blank row."""
        return self.frames[table].height if table in self.frames else 0

    def letter(self, table: Table, name: str) -> str:
        """The letter of a column; a heading that the workbook calls otherwise stands where the schema has it."""
        names = [column.name for column in self[table]]
        return letters((names if name in names else table.names).index(name))

    def cells(self, table: Table, name: str) -> str:
        """All record cells of a column, whatever rows are added, deleted or inserted.

        Not a structured reference: LibreOffice and some versions of WPS do not make a table longer when a row is
        typed below it. Not ``$A$2:$A$20000``: a row inserted above the first record would move its start.
        """
        whole = f"{table.name}!${self.letter(table, name)}:${self.letter(table, name)}"
        return f"INDEX({whole},2):INDEX({whole},{reach(table)})"


def own_column(number: int) -> Column:
    """The place of a column of the staff's own."""
    return Column(name=f"{OWN}{number}")


def is_own(column: Column) -> bool:
    return column.name.startswith(OWN)


def reach(table: Table) -> int:
    """The last row that drop-downs, marks and counts cover."""
    return FAR_REACH if table in (SCORES, LOG) or table.kind is not Kind.INPUT else REACH


def _extra(table: Table, frames: Mapping[Table, pl.DataFrame]) -> list[Column]:
    frame = frames.get(table)
    if frame is None:
        wanted = frames[SUBJECTS]["科目"].drop_nulls().unique(maintain_order=True) if SUBJECTS in frames else ()
        return [Column(name=name, type=Type.MARK, help=MARK_HELP) for name in wanted if table is SCORES]
    own = {*table.names, ROW, KEY}
    return [
        _column(name, frame)
        for name in frame.columns
        if name not in own and not name.endswith(STATE_SUFFIX) and not name.startswith("_")
    ]


def _column(name: str, frame: pl.DataFrame) -> Column:
    if state_of(name) in frame.columns:
        return Column(name=name, type=Type.MARK, help=MARK_HELP)
    dtype = frame.schema[name]
    if dtype.is_numeric():
        return Column(name=name, type=Type.INTEGER if dtype.is_integer() else Type.NUMBER)
    return Column(name=name)


MARK_HELP = "0 到满分之间的分数、缺考、免考；空着 = 未录"
