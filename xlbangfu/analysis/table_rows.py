"""Rows that an analyst hands over, as a frame of the schema: the cells are read by the same rules as those of a sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import polars as pl

from xlbangfu.book.reading.frames import Sheet, is_subject, to_frame
from xlbangfu.errors import BadArgument
from xlbangfu.schema import ROW, SCORES, STATE_SUFFIX, UNREAD, Column, Kind, Table, Type, state_of

_SHOWN = 5  # cells that a refusal names


def table_rows(table: Table, rows: pd.DataFrame) -> pl.DataFrame:
    """The rows typed by the schema, in its columns that ``rows`` has, with their place in ``rows`` (from 0) as ROW.

    Raises BadArgument for a sheet that is not the staff's, a column that the sheet does not know, and a value that is not
    of its column's type: nothing is guessed, nothing left out.
    """
    _check_table(table)
    rows = rows.reset_index([name for name in rows.index.names if name in table])  # a key may stand in the index
    names = [str(name) for name in rows.columns if not str(name).endswith(STATE_SUFFIX)]
    _check_columns(table, names, [str(name) for name in rows.columns])
    sheet = to_frame(table, _grid(table, names, rows))
    _check_cells(table, sheet)
    columns = [column for name in names for column in (name, state_of(name)) if column in sheet.frame.columns]
    return sheet.frame.select(*columns, pl.col(ROW) - 2)


def _check_table(table: Table) -> None:
    if table.kind is not Kind.INPUT:
        raise BadArgument(f"“{table.name}”由程序自己写，不能从 Python 写；能写的是您填的那些表，如 名册、成绩、记录。")
    if any(column.type is Type.SECRET for column in table):
        raise BadArgument(f"“{table.name}”不能从 Python 写，请在总表里填。")


def _check_columns(table: Table, names: Sequence[str], every: Sequence[str]) -> None:
    unknown = [name for name in names if name not in table and not (table == SCORES and is_subject(name))]
    unknown += [name for name in every if name.endswith(STATE_SUFFIX) and name.removesuffix(STATE_SUFFIX) not in names]
    if unknown or len(set(every)) < len(every):
        what = f"没有列“{'、'.join(unknown)}”" if unknown else "的列名有重复"
        raise BadArgument(f"“{table.name}”{what}，什么也没有写；可以用的列名见 book.columns({table.name!r})。")


def _check_cells(table: Table, sheet: Sheet) -> None:
    bad = sheet.defects.filter(pl.col("缺陷").is_in(UNREAD))
    if not bad.height:
        return
    sensitive = {column.name for column in table if column.sensitive}
    named = [
        f"第 {row['_row'] - 2} 行“{row['列']}”{'' if row['列'] in sensitive else row['原值']}{row['缺陷']}"
        for row in bad.head(_SHOWN).to_dicts()
    ]
    more = f"等 {bad.height} 格" if bad.height > _SHOWN else ""
    raise BadArgument(f"“{table.name}”什么也没有写：{'；'.join(named)}{more}（行从 0 数）；请改好再写。")


def _grid(table: Table, names: Sequence[str], rows: pd.DataFrame) -> Iterator[list[Any]]:
    yield list(names)
    by_name = {str(name): rows[name] for name in rows.columns}
    cells = [_cells(_column(table, name), by_name[name], by_name.get(state_of(name))) for name in names]
    yield from (list(row) for row in zip(*cells, strict=True))


def _column(table: Table, name: str) -> Column:
    return table[name] if name in table else Column(name=name, type=Type.MARK)


def _cells(column: Column, values: pd.Series, states: pd.Series | None) -> list[Any]:
    """Python values, None where there is nothing; the word for a mark goes before the number."""
    plain = [_plain(value) for value in values.tolist()]
    if states is None or column.type is not Type.MARK:
        return plain
    return [_plain(state) or value for state, value in zip(states.tolist(), plain, strict=True)]


def _plain(value: Any) -> Any:
    """A value as a sheet would hold it: numbers as float, times without a zone."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.tz_localize(None).to_pydatetime(warn=False)
        return moment.date() if moment.time() == moment.min.time() else moment
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(value) if math.isfinite(value) else str(value)
