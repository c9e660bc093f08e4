"""Who goes to whom, to the optimum of DOMAIN rule 6: most given, least cost, least Σ load²."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbangfu.rules.pairing.assignment import NOBODY, Whole, assign


def whole(numbers: object) -> Whole:
    return np.array(numbers, dtype=np.int64)


def aims(cost: Whole, load: Whole, tie: Whole, chosen: Whole) -> tuple[int, int, int, int]:
    """What is minimised, in its order: rows without, Σ cost, Σ load², Σ tie."""
    rows = np.flatnonzero(chosen != NOBODY)
    after = load + np.bincount(chosen[rows], minlength=len(load))
    return (
        int((chosen == NOBODY).sum()),
        int(cost[rows, chosen[rows]].sum()),
        int((after**2).sum()),
        int(tie[rows, chosen[rows]].sum()),
    )


def best_of_all(cost: Whole, load: Whole, room: Whole, tie: Whole) -> tuple[int, int, int, int]:
    """The least of every way there is."""
    rows, columns = cost.shape
    ways = (whole(way) for way in product(range(NOBODY, columns), repeat=rows))
    allowed = (way for way in ways if (np.bincount(way[way != NOBODY], minlength=columns) <= room).all())
    return min(aims(cost, load, tie, way) for way in allowed)


def greedy(cost: Whole, load: Whole, room: Whole) -> Whole:
    """Each row in turn takes the cheapest column with room, of equal ones the least loaded."""
    load, room = load.copy(), room.copy()
    chosen = np.full(len(cost), NOBODY, dtype=np.int64)
    for row, prices in enumerate(cost):
        open_ones = [column for column in range(len(load)) if room[column]]
        if open_ones:
            chosen[row] = min(open_ones, key=lambda column: (prices[column], load[column]))
            load[chosen[row]] += 1
            room[chosen[row]] -= 1
    return chosen


@st.composite
def schools(draw: st.DrawFn, rows: int, columns: int) -> tuple[Whole, Whole, Whole, Whole]:
    high, wide = draw(st.integers(0, rows)), draw(st.integers(1, columns))
    table = st.lists(st.lists(st.integers(0, 6), min_size=wide, max_size=wide), min_size=high, max_size=high)
    each = st.lists(st.integers(0, 3), min_size=wide, max_size=wide)
    cost = whole(draw(table)).reshape(high, wide)
    tie = whole(draw(table)).reshape(high, wide) % 2
    return cost, whole(draw(each)), whole(draw(each)), tie


@settings(max_examples=150, deadline=None)
@given(schools(4, 3))
def test_no_way_is_better_than_the_one_found(school: tuple[Whole, Whole, Whole, Whole]) -> None:
    cost, load, room, tie = school

    assert aims(cost, load, tie, assign(cost, load, room, tie)) == best_of_all(cost, load, room, tie)


@settings(max_examples=60, deadline=None)
@given(schools(25, 8))
def test_no_limit_is_passed_and_a_greedy_pass_is_never_better(school: tuple[Whole, Whole, Whole, Whole]) -> None:
    cost, load, room, tie = school
    chosen = assign(cost, load, room, tie)

    assert (np.bincount(chosen[chosen != NOBODY], minlength=len(load)) <= room).all()
    assert (chosen != NOBODY).sum() == min(len(cost), room.sum())
    assert aims(cost, load, tie, chosen)[:3] <= aims(cost, load, tie, greedy(cost, load, room))[:3]


def test_one_teacher_whom_all_prefer_takes_as_many_as_there_is_room_for() -> None:
    cost = whole([[0, 6]] * 40)

    chosen = assign(cost, whole([0, 0]), whole([30, 30]))

    assert np.bincount(chosen).tolist() == [30, 10]


def test_cost_goes_before_even_loads_and_even_loads_before_ties() -> None:
    cost, tie = whole([[0, 1]] * 3), whole([[1, 0]] * 3)

    assert assign(cost, whole([9, 0]), whole([3, 3])).tolist() == [0, 0, 0]
    assert np.bincount(assign(cost * 0, whole([0, 0]), whole([3, 3]), tie)).tolist() == [1, 2]


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 0)])
def test_of_nobody_nothing_is_given(rows: int, columns: int) -> None:
    nothing = np.zeros(columns, dtype=np.int64)

    assert assign(np.zeros((rows, columns), dtype=np.int64), nothing, nothing + 1).tolist() == [NOBODY] * rows


def test_sums_too_large_for_exact_ties_still_keep_the_aims_before_them() -> None:
    """A load of ten million a teacher: ties are given up, cost and even loads are not."""
    load = whole([0, 10_000_000, 0])
    cost, tie = whole([[99, 0, 99], [99, 99, 99]] * 20), whole([[1_000_000_000, 0, 5]] * 40)

    chosen = assign(cost, load, whole([40, 40, 40]), tie)

    assert (chosen[::2] == 1).all()
    assert np.bincount(chosen[1::2], minlength=3).tolist() == [10, 0, 10]
