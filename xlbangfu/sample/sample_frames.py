"""The sample's records as frames of their tables: a column that the sample says nothing of is empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from xlbangfu.schema import Table


def from_columns(table: Table, columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
    """Values by the name of their column, all as many."""
    height = len(next(iter(columns.values())))
    nothing = [None] * height
    return pl.DataFrame({name: columns.get(name, nothing) for name in table.names}, schema=table.frame_schema)


def from_records(table: Table, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """One mapping a record; a cell that a record lacks is empty."""
    return from_columns(table, {name: [record.get(name) for record in records] for name in table.names})


def from_rows(table: Table, names: str, rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Cells in the order of the names, which spaces separate."""
    return from_records(table, [dict(zip(names.split(), row, strict=True)) for row in rows])
