"""The one rounding rule, and marks as whole numbers so that equal sums are equal.

Inside the rules a mark is a whole number of thousandths: 90.1 + 0.2 and 90.3 tie, whatever binary fractions do.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

THOUSAND = 1000
# Excel rounds the number as it is written, 15 digits long; this lifts 267.49999999999994 (2.675 × 100) to its half.
_AS_WRITTEN = 1 + 2**-50


def half_up(number: pl.Expr, places: int = 0) -> pl.Expr:
    """Rounded as Excel's ROUND does: a half goes away from zero, and 2.675 is a half.

    >>> pl.select(half_up(pl.lit(2.675), 2)).item(), pl.select(half_up(pl.lit(-0.5))).item()
    (2.68, -1.0)
    """
    scale = 10.0**places
    whole = (number * scale * _AS_WRITTEN).round(0, mode="half_away_from_zero")
    return divided(whole, places) if places else whole


def divided(whole: pl.Expr, places: int) -> pl.Expr:
    """Whole numbers of that many places as decimals: 328 tenths are 32.8 and not 32.800000000000004.

    >>> pl.DataFrame({"_": [328, -833]}).select(divided(pl.col("_"), 1)).to_series().to_list()
    [32.8, -83.3]
    """
    return (whole / 10.0**places).round(places)  # polars multiplies by 0.1, which is a little more than a tenth


def fine(number: pl.Expr) -> pl.Expr:
    """In whole millionths, so that a number at a line is at it, whatever binary fractions do."""
    return half_up(number * 1e6).cast(pl.Int64)


def exact(mark: pl.Expr) -> pl.Expr:
    """A mark in whole thousandths; null stays null.

    >>> pl.select(exact(pl.lit(0.1) + pl.lit(0.2)) == exact(pl.lit(0.3))).item()
    True
    """
    return half_up(mark * THOUSAND).cast(pl.Int64, strict=False)


def shown(thousandths: pl.Expr) -> pl.Expr:
    """Whole thousandths as the mark that a sheet shows.

    >>> pl.select(shown(pl.lit(90300))).item()
    90.3
    """
    return divided(thousandths, 3)


def sum_of(numbers: Iterable[pl.Expr]) -> pl.Expr:
    """The sum across columns of whole numbers, nulls left out; 0 of none."""
    return pl.sum_horizontal(pl.lit(0, dtype=pl.Int64), *numbers)


def any_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether any condition holds across columns; False of none."""
    return pl.any_horizontal(pl.lit(False), *conditions)
