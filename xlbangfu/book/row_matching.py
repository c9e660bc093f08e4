"""Which rows of a sheet a frame names, and how far its records reach: the same on every kind of book.

A frame to amend names rows by their keys or, if it has ROW and KEY, as they were read; the latter come first, so that keys
may be those that the rows have then.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from msgspec import Struct

from xlbangfu.errors import WriteFailed
from xlbangfu.schema import KEY, ROW, Table

OWN_RANK = "名次"  # a rank column of a subject that is no longer there is the program's, not staff's


class RecordExtent(Struct, frozen=True):
    """What a read has told of a sheet: the row of its last record, and how many records it has."""

    last: int = 1
    records: int = 0

    @classmethod
    def of(cls, frame: pl.DataFrame) -> RecordExtent:
        return cls(int(frame[ROW].max() or 1), frame.height)  # type: ignore[arg-type]  # a row number


def is_own_rank(table: Table, name: str) -> bool:
    """Whether a column beyond the table's own is the program's: the rank in one subject, also of one no longer there."""
    return table.subjects and name.endswith(OWN_RANK) and name not in table


def by_row(frame: pl.DataFrame) -> bool:
    """Whether a frame names rows as they were read."""
    return ROW in frame.columns


def in_order(frames: Sequence[pl.DataFrame], old: pl.DataFrame) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """The frames in the order in which they take effect, and the records once those that name rows as read have."""
    as_read = [frame for frame in frames if by_row(frame)]
    for frame in as_read:
        old = _filled(old, frame)
    return [*as_read, *(frame for frame in frames if not by_row(frame))], old


def _filled(old: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in frame.columns if name not in (ROW, KEY)]
    new = frame.select(ROW, *(pl.col(name).alias(f"{name}·新") for name in names), _new=True)
    joined = old.join(new.unique(ROW, keep="last"), on=ROW, how="left", maintain_order="left")
    values = (pl.when("_new").then(f"{name}·新").otherwise(name).alias(name) for name in names)
    return joined.with_columns(values).select(old.columns)


def rows_of(table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The frame without what names its rows, one row for each row of the sheet that is named."""
    if by_row(frame):
        return _rows_as_read(table, frame, old)
    keys = [name for name in table.keys if name in frame.columns]
    found = frame.join(old.select(*keys, ROW), on=keys, how="left", nulls_equal=True, maintain_order="left")
    absent = found.filter(pl.col(ROW).is_null())
    if absent.height:
        named = "、".join(str(value) for value in absent.select(keys).row(0) if value is not None)
        raise WriteFailed(f"工作表“{table.name}”里找不到“{named}”这一行，没有改动；请刷新后再做一次。")
    found = found.unique(subset=[ROW], keep="last", maintain_order=True)
    return found.drop(*keys, ROW), found[ROW]


def _rows_as_read(table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    moved = frame.join(old, on=[ROW, KEY], how="anti")
    if moved.height:
        raise WriteFailed(f"工作表“{table.name}”的第 {moved[ROW][0]} 行在这期间变了，没有改动；请再点一次。")
    return frame.drop(ROW, KEY), frame[ROW]


def matching(keys: pl.DataFrame, old: pl.DataFrame) -> list[int]:
    return old.join(keys.unique(), on=keys.columns, how="semi", nulls_equal=True)[ROW].to_list()
