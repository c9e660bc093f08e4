"""A frame of the schema as pandas has it, and which dtype each column gets.

| in the schema | in pandas | a cell that is empty or could not be read |
| --- | --- | --- |
| ID, text, month | ``string``; leading zeros stay | ``pd.NA`` |
| one of several choices, 是 or 否 | ``category`` in the order of the schema; what staff typed beside them is added | NaN |
| whole number | ``Int64`` | ``pd.NA`` |
| number, rate (0 to 1), mark | ``float64`` | NaN |
| date, time | ``datetime64[us]`` | NaT |

A mark column ``语文`` has ``语文·状态`` beside it: 缺考, 免考, or NaN. Where both are NaN the mark was not entered (未录).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import polars as pl

from xlbangfu.schema import ABSENT, EXEMPT, NO, ROW, YES, Column, Table, Type, state_of, subjects_in

INDEX = "行"  # the index of a DataFrame: the Excel row of each record
STATES = (ABSENT, EXEMPT)


def dtype_of(column: Column) -> str:
    """The name of the dtype that the column has in pandas.

    >>> dtype_of(Column(name="效果", type=Type.INTEGER))
    'Int64'
    """
    if choices_of(column):
        return "category"
    dtype = column.type.dtype
    if dtype.is_temporal():
        return "datetime64[us]"
    if dtype == pl.Float64:
        return "float64"
    return "Int64" if dtype == pl.Int64 else "string"


def choices_of(column: Column) -> tuple[str, ...]:
    """The values of a column that holds one of a few; none where a cell may hold several, or anything."""
    if column.type is Type.YESNO:
        return YES, NO
    return () if column.many else column.choices


def as_pandas(table: Table, frame: pl.DataFrame) -> pd.DataFrame:
    """A frame that was read, row for row, its index the Excel rows (``行``); the helpers of reading are left out."""
    subjects = subjects_in(frame)
    marks = [Column(name=name, type=Type.MARK) for name in subjects]
    states = [Column(name=state_of(name), choices=STATES) for name in subjects]
    kinds = {column.name: column for column in (*table, *marks, *states)}
    index = pd.Index(frame[ROW].to_list(), name=INDEX, dtype="int64")
    data = {name: _values(frame[name], kinds[name]) for name in frame.columns if name in kinds}
    return pd.DataFrame(data, index=index)


def _values(cells: pl.Series, column: Column) -> Any:
    dtype = dtype_of(column)
    if dtype == "category":
        values = cells.to_list()
        return pd.Categorical(values, categories=_categories(choices_of(column), values))
    if dtype == "datetime64[us]":
        return cells.cast(pl.Datetime("us")).to_numpy()
    return cells.to_numpy() if dtype == "float64" else pd.array(cells.to_list(), dtype=dtype)


def _categories(choices: Sequence[str], values: Sequence[str | None]) -> list[str]:
    return list(dict.fromkeys([*choices, *(value for value in values if value is not None)]))
