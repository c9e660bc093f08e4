"""What an action wants written, gathered until ``save`` makes it all at once: the same on every kind of book."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl
from msgspec import Struct, field

from xlbangfu.book.paper_signature import Signature
from xlbangfu.errors import WrongWorkbook
from xlbangfu.schema import CONSOLE, NOTHING, Kind, RowChoice, Table, View


class Writes(Struct):
    """What is to be written, by table, in the order in which it takes effect on a sheet."""

    replaced: dict[Table, pl.DataFrame] = field(default_factory=dict)
    amended: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    deleted: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    appended: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    shown: dict[Table, bool] = field(default_factory=dict)
    views: dict[View, bytes] = field(default_factory=dict)
    chosen: dict[Table, RowChoice | None] = field(default_factory=dict)
    signature: Signature | None = None
    applied: list[Table] = field(default_factory=list)  # what was written before and is not saved yet

    def __bool__(self) -> bool:
        cells = self.replaced or self.amended or self.deleted or self.appended
        return bool(cells or self.shown or self.views or self.chosen)

    @property
    def tables(self) -> list[Table]:
        """Those whose cells change."""
        return list(dict.fromkeys([*self.replaced, *self.amended, *self.deleted, *self.appended]))

    def is_shown(self, table: Table) -> bool | None:
        """Whether the sheet is in sight afterwards: as was asked, else where it is filled; None where it stays as it is.

        A ledger grows with every action and is looked at by who wants to.
        """
        filled = table in self.replaced or (table in self.appended and table.kind is Kind.INPUT)
        filled = filled and not table.hidden
        return self.shown.get(table, True if filled else None)

    def hidden_after(self, hidden: set[Table], there: Collection[Table]) -> set[Table]:
        """The sheets that are hidden then, of those that are hidden now and that are there."""
        states = {table: self.is_shown(table) for table in self.touched if table in there}
        shown = {table for table, state in states.items() if state}
        return (hidden - shown) | {table for table, state in states.items() if state is False}

    @property
    def signed(self) -> dict[Table, str]:
        """What is said in the footers of the sheets whose cells change; 控制台 says it on top."""
        if self.signature is None:
            return {}
        return {table: self.signature.on(table) for table in [*self.applied, *self.tables] if table is not CONSOLE}

    def note(self, table: Table) -> str:
        """What the sheet says where it is rewritten and has no record, nothing where the day is not known."""
        if self.signature is None or not table.nothing or self.replaced[table].height:
            return ""
        return f"{NOTHING}{table.nothing}（{self.signature.day.month}月{self.signature.day.day}日）"

    def following(self) -> Writes:
        """What is gathered once these are applied."""
        return Writes(applied=list(dict.fromkeys([*self.applied, *self.tables])))

    @property
    def touched(self) -> list[Table]:
        """Those whose cells change, and those that are to be in sight or not."""
        return list(dict.fromkeys([*self.tables, *self.shown]))


def without_list(table: Table) -> WrongWorkbook:
    """What is to be said of a sheet whose records are no list any more, so that they cannot be filtered."""
    return WrongWorkbook(
        f"工作表“{table.name}”不再是表格（标题行上没有筛选的小箭头），没有改动；请在 Excel 里选中它的标题和内容，"
        "点“套用表格格式”，再做一次。"
    )


class PendingWrites:
    """The writing half of a Book (see ``port``) up to ``save``, which takes ``_writes``."""

    def __init__(self) -> None:
        self._writes = Writes()

    def replace(self, frames: Mapping[Table, pl.DataFrame]) -> None:
        """Rewrite output sheets; columns that the sheet lacks come at its right end, staff's own columns stay."""
        self._writes.replaced.update(frames)

    def show(self, views: Mapping[View, bytes]) -> None:
        """Put sheets that are drawn as a whole in the place of those that are there."""
        self._writes.views.update(views)

    def sign(self, signature: Signature) -> None:
        """Let the footers of the sheets that are written say whose they are and of when."""
        self._writes.signature = signature

    def append(self, table: Table, frame: pl.DataFrame) -> None:
        """Add rows below the last record; a subject without a column in 成绩 gets one at the right end."""
        self._writes.appended.setdefault(table, []).append(frame)

    def amend(self, table: Table, frame: pl.DataFrame) -> None:
        """Set cells by key; a null empties its cell. ``save`` raises WriteFailed for a key that is not on the sheet."""
        self._writes.amended.setdefault(table, []).append(frame)

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Empty the rows that the columns of ``keys`` name, staff's own columns in them too.

        Not touched: styles, comments, other sheets' formulas with cached values, pivot caches, and backups.
        """
        self._writes.deleted.setdefault(table, []).append(keys)

    def reveal(self, *tables: Table) -> None:
        """Take sheets out of hiding."""
        self._writes.shown.update(dict.fromkeys(tables, True))

    def hide(self, *tables: Table) -> None:
        """Put sheets away."""
        self._writes.shown.update(dict.fromkeys(tables, False))

    def show_only(self, table: Table, rows: RowChoice) -> None:
        """Let a filter leave only these rows in sight."""
        self._writes.chosen[table] = rows

    def show_all(self, *tables: Table) -> None:
        """Take the filters off."""
        self._writes.chosen.update(dict.fromkeys(tables))
