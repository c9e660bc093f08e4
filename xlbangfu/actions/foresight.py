"""Tables as a read will give them once a write is done, so that what was written can be checked in the same save."""

from __future__ import annotations

import polars as pl

from xlbangfu.book.safety.journal import as_read
from xlbangfu.schema import KEY, ROW, Table


def appended(table: Table, frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with rows after its last record."""
    written = as_read(table, rows)
    last = frame[ROW].max()
    first = (last if isinstance(last, int) else 1) + 1
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(name).cast(pl.String).fill_null("") for name in table.keys), separator="|"
    )
    numbered = written.with_columns((pl.int_range(pl.len()) + first).cast(frame.schema[ROW]).alias(ROW), key.alias(KEY))
    return pl.concat([frame, numbered], how="diagonal")


def amended(table: Table, frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with the other columns of ``rows`` in the records that their key columns name."""
    written = as_read(table, rows)
    keys = [name for name in table.keys if name in written.columns]
    others = [name for name in written.columns if name not in keys]
    new = written.unique(subset=keys, keep="last").select(
        *keys, *(pl.col(n).alias(f"{n}·新") for n in others), _new=True
    )
    joined = frame.join(new, on=keys, how="left", nulls_equal=True, maintain_order="left")
    values = [
        pl.when(pl.col("_new"))
        .then(f"{name}·新")
        .otherwise(pl.col(name) if name in frame.columns else None)
        .alias(name)
        for name in others
    ]
    return joined.with_columns(values).select(*frame.columns, *(name for name in others if name not in frame.columns))


def deleted(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The table without the records that ``keys`` name."""
    return frame.join(keys, on=keys.columns, how="anti", nulls_equal=True, maintain_order="left")
