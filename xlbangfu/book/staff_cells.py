"""What survives when an output sheet is rewritten: staff's ticks and remarks, and cells in columns of their own.

A record is the same one before and after if its row key is; of records with one key the first answers to the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec import Struct

from xlbangfu.ooxml.worksheet import Cell, SheetPart
from xlbangfu.schema import ROW, Table

_NTH, _NEW = "_nth", "_new"


class Own(Struct, frozen=True):
    """Staff's own cells of a rewritten sheet: in the new rows, and below them."""

    inside: Sequence[tuple[int, pl.Series]]
    below: Sequence[bytes]


def kept(table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """The new frame with the old one's ``kept`` columns by row key; new records have what the new frame says."""
    names = [column.name for column in table if column.kept]
    keys = [name for name in table.keys if name in frame.columns]
    if not names or not old.height or not keys:
        return frame
    there = _numbered(old, keys).select(*keys, _NTH, *(pl.col(name).alias(f"{name}·旧") for name in names), _old=True)
    joined = _numbered(frame, keys).join(there, on=[*keys, _NTH], how="left", nulls_equal=True, maintain_order="left")
    values = [
        pl.when(pl.col("_old").is_not_null())
        .then(pl.col(f"{name}·旧"))
        .otherwise(pl.col(name) if name in frame.columns else None)
        .alias(name)
        for name in names
    ]
    return joined.with_columns(values).select(*frame.columns, *(name for name in names if name not in frame.columns))


def has_own_cells(part: SheetPart, ours: set[int]) -> bool:
    """Whether any cell below the header stands in a column that is not ours."""
    gap = next(column for column in range(len(ours) + 1) if column not in ours)
    return part.rightmost() >= gap and any(
        cell.column not in ours and cell.filled
        for row in part.rows_after(1)
        if part.reach(row) >= gap
        for cell in part.cells(row)
    )


def own_cells(part: SheetPart, ours: set[int], table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> Own:
    """Staff's own cells where they belong now.

    A value goes with its record; if that is gone, below the last one. A formula stays in its row, as it speaks of it. Where
    the frame has ROW, the row in which each record stood, records that are gone take their cells with them.
    """
    by_row = ROW in frame.columns
    moved = moves(table, frame, old)
    last = frame.height + 1
    placed: dict[tuple[int, int], bytes] = {}
    lost: list[list[Cell]] = []
    for row in part.rows_after(1):
        mine = [cell for cell in part.cells(row) if cell.column not in ours and cell.filled]
        for cell in mine:
            if (cell.formula and (row.number <= last or not by_row)) or row.number not in moved:
                placed[row.number, cell.column] = part.placed(cell, row.number)
        values = [cell for cell in mine if not cell.formula and row.number in moved]
        target = moved.get(row.number)
        if values and target is None and not by_row:
            lost.append(values)
        for cell in values if target else []:
            placed[target or 0, cell.column] = part.placed(cell, target or 0)
    end = max(2, frame.height + 1)
    following = max([end, *(row for row, _ in placed)]) + 1
    for number, values in enumerate(lost, start=following):
        placed |= {(number, cell.column): part.placed(cell, number) for cell in values}
    return Own(list(_columns(placed, frame.height)), list(_rows(part, placed, frame.height + 1)))


def moves(table: Table, frame: pl.DataFrame, old: pl.DataFrame) -> dict[int, int | None]:
    """Old row to new row of each record, None if it is gone."""
    if ROW in frame.columns:
        places = {row: place for place, row in enumerate(frame[ROW].to_list(), start=2) if row is not None}
        return {row: places.get(row) for row in old[ROW].to_list()}
    keys = [name for name in table.keys if name in frame.columns and name in old.columns]
    new = _numbered(frame, keys).select(*keys, _NTH, pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(_NEW))
    joined = _numbered(old, keys).join(new, on=[*keys, _NTH], how="left", nulls_equal=True, maintain_order="left")
    return dict(zip(joined[ROW].to_list(), joined[_NEW].to_list(), strict=True))


def _numbered(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The frame with how many records of the same key stand above each."""
    return frame.with_columns(pl.int_range(pl.len()).over(keys).alias(_NTH))


def _columns(placed: dict[tuple[int, int], bytes], height: int) -> Iterator[tuple[int, pl.Series]]:
    for column in sorted({column for row, column in placed if row <= height + 1}):
        texts = [placed.get((row, column), b"").decode() or None for row in range(2, height + 2)]
        yield column, pl.Series(texts, dtype=pl.String)


def _rows(part: SheetPart, placed: dict[tuple[int, int], bytes], last: int) -> Iterator[bytes]:
    for number in sorted({row for row, _ in placed if row > last}):
        yield part.row_with(None, number, {column: xml for (row, column), xml in placed.items() if row == number})
