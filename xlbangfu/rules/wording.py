"""Numbers as sentences of the output sheets quote them: at most one place, half up, no trailing zero."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.numbers import half_up


def quoted(number: pl.Expr) -> pl.Expr:
    """A number as text.

    >>> pl.select(quoted(pl.Series([32.8, -3.04, 6.0, 0.25]))).to_series().to_list()
    ['32.8', '-3', '6', '0.3']
    """
    tenths = half_up(number * 10).cast(pl.Int64)
    whole, rest = tenths.abs() // 10, tenths.abs() % 10
    sign = pl.when(tenths < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    tail = pl.when(rest > 0).then(pl.format(".{}", rest)).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), tail)


def percent(share: pl.Expr) -> pl.Expr:
    """A share from 0 to 1 as text.

    >>> pl.select(percent(pl.lit(0.3284))).item()
    '32.8%'
    """
    return quoted(share * 100) + "%"
