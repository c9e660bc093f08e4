"""Which rows of an output sheet staff have ticked."""

from __future__ import annotations

import polars as pl

TICKS = ("√", "✓", "✔", "☑", "v", "y", "yes", "是", "对", "1", "1.0")


def ticked(sheet: pl.DataFrame, column: str = "采纳") -> pl.DataFrame:
    """The rows with a tick in the column, written √ or as people write it.

    >>> ticked(pl.DataFrame({"采纳": ["√", "Ｖ", "否", None]})).height
    2
    """
    return sheet.filter(is_tick(pl.col(column)))


def is_tick(cell: pl.Expr) -> pl.Expr:
    """Whether a cell holds a tick; null is none."""
    typed = cell.str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    return typed.is_in(TICKS).fill_null(False)
