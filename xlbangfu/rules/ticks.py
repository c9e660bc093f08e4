"""Which rows of an output sheet staff have ticked. What is neither a tick nor a no is asked about, never guessed."""

from __future__ import annotations

import polars as pl

from xlbangfu.errors import BadArgument
from xlbangfu.schema import ROW, Table

TICKS = ("√", "✓", "✔", "☑", "v", "y", "yes", "是", "对", "1", "1.0")
_NO = ("", "×", "✗", "✘", "x", "n", "no", "否", "不", "0", "0.0", "☐")


def ticked(sheet: pl.DataFrame, table: Table, column: str = "采纳") -> pl.DataFrame:
    """The rows of the table, as it was read, with a tick in the column, written √ or as people write it.

    Raises BadArgument, naming the row, for a cell that may mean yes or no.
    """
    plain = _plain(pl.col(column))
    unclear = sheet.filter(plain.is_not_null(), ~plain.is_in([*TICKS, *_NO]))
    if unclear.height:
        cell = unclear.row(0, named=True)
        where = f"第 {cell[ROW]} 行" if ROW in cell else ""
        raise BadArgument(
            f"“{table.name}”{where}的“{column}”写的是“{cell[column][:20]}”，看不出同意还是不同意；"
            "同意的写 √，不同意的空着，再点一次。"
        )
    return sheet.filter(is_tick(pl.col(column)))


def with_notes(proposals: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The proposals with what staff noted of a student, also where the proposal is another now; a tick is not carried."""
    notes = before.select("学号", "备注").drop_nulls().unique("学号", keep="first")
    return proposals.drop("备注").join(notes, on="学号", how="left", maintain_order="left").select(proposals.columns)


def is_tick(cell: pl.Expr) -> pl.Expr:
    """Whether a cell holds a tick; null is none.

    >>> pl.DataFrame({"采纳": ["√", "Ｖ", "否", None]}).select(is_tick(pl.col("采纳")))["采纳"].to_list()
    [True, True, False, False]
    """
    return _plain(cell).is_in(TICKS).fill_null(False)


def _plain(cell: pl.Expr) -> pl.Expr:
    return cell.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
