"""What an action wants written, gathered until ``save`` makes it all at once: the same on every kind of book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from xlbangfu.schema import Table, View


@dataclass
class Writes:
    """What is to be written, by table, in the order in which it takes effect on a sheet."""

    replaced: dict[Table, pl.DataFrame] = field(default_factory=dict)
    amended: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    deleted: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    appended: dict[Table, list[pl.DataFrame]] = field(default_factory=dict)
    views: dict[View, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.replaced or self.amended or self.deleted or self.appended or self.views)

    @property
    def tables(self) -> list[Table]:
        return list(dict.fromkeys([*self.replaced, *self.amended, *self.deleted, *self.appended]))


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
