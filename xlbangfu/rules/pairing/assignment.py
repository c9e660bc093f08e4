"""Who goes to whom, to the optimum: rows (students, classes) are given to columns (teachers) that take several.

The aims, each only as far as the ones before allow: most rows given; least Σ cost; least Σ load², the load being what a
column had and what it gets; least Σ tie. A column is one slot for each row that it still takes; its k-th slot
costs the load's own growth, 2 × load + 1, which grows, so that slots fill in order. One linear assignment over the
slots solves it, with whole-number weights that keep the aims apart.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Whole: TypeAlias = npt.NDArray[np.int64]
NOBODY = -1
_EXACT = 2**53  # whole numbers below it are exact in float64, the only kind that the solver knows


def assign(cost: Whole, load: Whole, room: Whole, tie: Whole | None = None) -> Whole:
    """The column that each row gets, NOBODY where there is no room.

    ``cost`` and ``tie`` are rows × columns, not negative; ``load`` is what each column has, ``room`` what it still takes.
    """
    rows, columns = cost.shape
    if not rows or not room.sum():
        return np.full(rows, NOBODY, dtype=np.int64)
    ties = np.zeros_like(cost) if tie is None else tie
    depth = -(-rows // columns) + 1
    while True:
        # A limit that no column reaches changes no optimum, as loads cost more the higher they are.
        given = _solved(cost, load, np.minimum(room, depth), ties)
        used = np.bincount(given[given != NOBODY], minlength=columns)
        if not ((used == depth) & (room > depth)).any():
            return given
        depth *= 2


def _solved(cost: Whole, load: Whole, slots: Whole, tie: Whole) -> Whole:
    from scipy.optimize import linear_sum_assignment

    column = np.repeat(np.arange(len(slots)), slots)
    before = np.arange(len(column)) - np.repeat(np.cumsum(slots) - slots, slots)
    growth = 2 * (load[column] + before) + 1
    weighed = _weighed(cost[:, column], growth - growth.min(), tie[:, column])
    row, slot = linear_sum_assignment(weighed.astype(np.float64))
    given = np.full(len(cost), NOBODY, dtype=np.int64)
    given[row] = column[slot]
    return given


def _weighed(cost: Whole, growth: Whole, tie: Whole) -> Whole:
    """One number a slot: its cost outweighs all growths and ties together, its growth all ties.

    Ties are left out where the sums would no longer be exact.
    """
    given = min(cost.shape)
    highest = [int(part.max(initial=0)) for part in (cost, growth, tie)]
    by_growth = given * highest[2] + 1
    by_cost = given * (highest[1] * by_growth + highest[2]) + 1
    if given * (highest[0] * by_cost + highest[1] * by_growth + highest[2]) >= _EXACT and highest[2]:
        return _weighed(cost, growth, np.zeros_like(tie))
    return cost * by_cost + growth * by_growth + tie
