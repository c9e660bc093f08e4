"""Where 一等奖 and 二等奖 end (DOMAIN rule 5)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.rules.prizes import cut_offs

SHARE = st.decimals(0, 50, places=1).map(float)


def cuts(improved: int, shares: tuple[float, ...]) -> tuple[int, ...]:
    return tuple(pl.select(pl.concat_list(cut_offs(pl.lit(improved), shares))).item())


@pytest.mark.parametrize(
    ("improved", "expected"), [(0, (0, 0)), (1, (1, 1)), (2, (1, 2)), (3, (1, 2)), (10, (2, 5)), (3000, (600, 1500))]
)
def test_the_second_prize_ends_at_half_and_one_place_after_the_first_but_not_beyond_the_last(
    improved: int, expected: tuple[int, int]
) -> None:
    assert cuts(improved, (20, 30, 50)) == expected


@given(st.integers(0, 3000), SHARE, SHARE)
def test_a_share_is_rounded_up_whatever_its_decimals(improved: int, one: float, other: float) -> None:
    first = ceil(Fraction(str(one)) / 100 * improved)
    half = ceil((Fraction(str(one)) + Fraction(str(other))) / 100 * improved)

    assert cuts(improved, (one, other)) == (first, min(improved, max(half, first + 1)))
