"""Who is on the roll, and who is on the support list, on a day: conditions on the columns of 名册.

* On the roll: 在读, or left (异动日期) after that day; whoever left without a date is not.
* Tracked: 帮扶类别 is 学困, 列入日期 is that day or before (or not given), 退出日期 is after it (or not given).
"""

from __future__ import annotations

import polars as pl

from xlbangfu.schema import DROPPED_OUT, ON_ROLL, TRACKED


def on_roll(day: pl.Expr) -> pl.Expr:
    """Whether the student is on the roll at the end of ``day``."""
    return ((pl.col("在籍状态") == ON_ROLL) | (pl.col("异动日期") > day)).fill_null(False)


def dropped_out(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whether the student dropped out from ``first`` to ``last``, both included."""
    return ((pl.col("在籍状态") == DROPPED_OUT) & pl.col("异动日期").is_between(first, last)).fill_null(False)


def tracked(day: pl.Expr) -> pl.Expr:
    """Whether the student is on the support list on ``day``."""
    listed = (pl.col("列入日期") <= day).fill_null(True) & (pl.col("退出日期") > day).fill_null(True)
    return (pl.col("帮扶类别") == TRACKED).fill_null(False) & listed
