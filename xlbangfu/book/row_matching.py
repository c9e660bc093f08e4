"""Which rows of a sheet the keys of a frame name, and how far its records reach: the same on every kind of book."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.errors import WriteFailed
from xlbangfu.schema import ROW, Table

OWN_RANK = "名次"  # a rank column of a subject that is no longer there is the program's, not staff's


@dataclass(frozen=True)
class RecordExtent:
    """What a read has told of a sheet: the row of its last record, and how many records it has."""

    last: int = 1
    records: int = 0

    @classmethod
    def of(cls, frame: pl.DataFrame) -> RecordExtent:
        return cls(int(frame[ROW].max() or 1), frame.height)  # type: ignore[arg-type]  # a row number


def rows_of(table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The frame without its keys, one row for each row of the sheet that they name."""
    keys = [name for name in table.keys if name in frame.columns]
    found = frame.join(old.select(*keys, ROW), on=keys, how="left", nulls_equal=True, maintain_order="left")
    absent = found.filter(pl.col(ROW).is_null())
    if absent.height:
        named = "、".join(str(value) for value in absent.select(keys).row(0) if value is not None)
        raise WriteFailed(f"工作表“{table.name}”里找不到“{named}”这一行，没有改动；请刷新后再做一次。")
    found = found.unique(subset=[ROW], keep="last", maintain_order=True)
    return found.drop(*keys, ROW), found[ROW]


def matching(keys: pl.DataFrame, old: pl.DataFrame) -> list[int]:
    return old.join(keys.unique(), on=keys.columns, how="semi", nulls_equal=True)[ROW].to_list()
