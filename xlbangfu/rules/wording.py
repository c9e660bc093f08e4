"""Numbers as sentences of the output sheets quote them: at most one place, half up, no trailing zero; and places."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.rules.numbers import divided, fine, half_up


def quoted(number: pl.Expr) -> pl.Expr:
    """A number as text.

    >>> pl.select(quoted(pl.Series([32.8, -3.04, 6.0, 0.25]))).to_series().to_list()
    ['32.8', '-3', '6', '0.3']
    """
    tenths = half_up(number * 10).cast(pl.Int64)  # whole, so that there is no −0
    return divided(tenths, 1).cast(pl.String).str.strip_suffix(".0")


def percent(share: pl.Expr) -> pl.Expr:
    """A share from 0 to 1 as text.

    >>> pl.select(percent(pl.lit(0.3284))).item()
    '32.8%'
    """
    return quoted(share * 100) + "%"


def standing(share: pl.Expr, lines: Sequence[float] = ()) -> pl.Expr:
    """Where somebody stands in the 年级, as staff say it; ``share`` of it, from 0 to 1, is worse.

    Whole percents, unless they would be 0 or would tell a share below one of ``lines`` from the other side.

    >>> pl.select(standing(pl.Series([0.092, 0.6, 0.003, 0.0]))).to_series().to_list()
    ['年级后 9%', '年级前 40%', '年级后 0.3%', '年级末位']
    >>> pl.select(standing(pl.Series([0.0796, 0.08]), [0.08])).to_series().to_list()
    ['年级后 7.9%', '年级后 8%']
    """
    behind, whole = share * 100, half_up(share * 100)
    rear = pl.when(whole > 0).then(whole).otherwise(behind)
    if lines:
        crosses = pl.any_horizontal(_below(share, line) != _below(whole / 100, line) for line in lines)
        rear = pl.when(crosses).then((fine(share) // 1000) / 10.0).otherwise(rear)
    front = pl.when(whole < 100).then(100 - whole).otherwise(100 - behind)
    return (
        pl.when(share <= 0)
        .then(pl.lit("年级末位"))
        .when(share > 0.5)
        .then(pl.format("年级前 {}%", quoted(front)))
        .otherwise(pl.format("年级后 {}%", quoted(rear)))
    )


def _below(share: pl.Expr, line: float) -> pl.Expr:
    return fine(share) < fine(pl.lit(line))
