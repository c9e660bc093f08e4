"""Who goes to whom, to the optimum: rows (students, classes) are given to columns (teachers) that take several.

The aims, each only as far as the ones before allow: most rows given; least Σ cost; least Σ load², the load being what a
column had and what it gets; least Σ tie. One whole number a pair, its price, holds cost and tie, weighed so that the
aims stay apart; what one more row costs a column is its load's growth, 2 × load + 1.

Successive shortest paths: each row in turn goes where that is cheapest, and on its way may move rows that were given
before from column to column. All prices are whole numbers, so the answer is exact. (docs/parts.md has what was
measured against libraries.)
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Whole: TypeAlias = npt.NDArray[np.int64]
NOBODY = -1
_NO_WAY = 2**62
_EXACT = 2**61  # sums below it, even with _NO_WAY added, are whole numbers of 64 bits


def assign(cost: Whole, load: Whole, places: Whole, tie: Whole | None = None) -> Whole:
    """The column that each row gets, NOBODY where there is no place.

    ``cost`` and ``tie`` are rows × columns, not negative; ``load`` is what each column has, ``places`` what it still takes.
    Of equally good answers the one found first: the same input gives the same answer.
    """
    rows, columns = cost.shape
    total = int(places.sum())
    if not rows or not total:
        return np.full(rows, NOBODY, dtype=np.int64)
    price, growth = _weighed(cost, load, places, np.zeros_like(cost) if tie is None else tie)
    if total < rows:  # one more column, for nobody: it takes exactly those for whom there is no place
        price = np.column_stack([price, np.zeros(rows, dtype=np.int64)])
        load, growth, places = np.append(load, 0), np.append(growth, 0), np.append(places, rows - total)
    given = _Given(price)
    left = places.copy()
    for row in range(rows):
        end = given.add(row, np.where(left > 0, (2 * (load + places - left) + 1) * growth, _NO_WAY))
        left[end] -= 1
    return np.where(given.column < columns, given.column, NOBODY)


class _Given:
    """The column of each row so far, at the least sum of prices for as many as each column has."""

    def __init__(self, price: Whole) -> None:
        rows, columns = price.shape
        self._price = price
        self.column = np.full(rows, NOBODY, dtype=np.int64)
        # What it costs to move the cheapest row of one column to another.
        self._move = np.full((columns, columns), _NO_WAY, dtype=np.int64)

    def add(self, row: int, one_more: Whole) -> int:
        """Give one more row a column, moving others where that is cheaper; the column that has one more now.

        ``one_more`` is what a column costs for having one more, _NO_WAY where it is full.
        """
        length, source = self._shortest(self._price[row])
        end = place = int(np.where(one_more < _NO_WAY, length + one_more, _NO_WAY).argmin())
        passed = [end]
        while source[place] != NOBODY:
            before = int(source[place])
            self.column[self._cheapest(before, place)] = place
            place = before
            passed.append(place)
        self.column[row] = place
        for column in passed:
            mine = np.flatnonzero(self.column == column)
            if mine.size:
                self._move[column] = (self._price[mine] - self._price[mine, column, None]).min(axis=0)
        return end

    def _shortest(self, start: Whole) -> tuple[Whole, Whole]:
        """What it costs to bring a row to each column, others moving on; and the column before each on the way."""
        length, source = start.copy(), np.full(len(start), NOBODY, dtype=np.int64)
        changed = np.arange(len(start))
        while changed.size:
            ways = length[changed, None] + self._move[changed]
            best = ways.argmin(axis=0)
            shorter = np.flatnonzero(ways[best, np.arange(len(start))] < length)
            length[shorter], source[shorter] = ways[best[shorter], shorter], changed[best[shorter]]
            changed = shorter
        return length, source

    def _cheapest(self, before: int, after: int) -> int:
        """The row of one column that moves to another at the least price."""
        mine = np.flatnonzero(self.column == before)
        return int(mine[(self._price[mine, after] - self._price[mine, before]).argmin()])


def _weighed(cost: Whole, load: Whole, places: Whole, tie: Whole) -> tuple[Whole, Whole]:
    """The price of each pair and the weight of each column's growth: one unit of cost outweighs all growths and ties
    together, one of growth all ties.

    Ties are left out where the sums would no longer be exact.
    """
    given = min(len(cost), int(places.sum()))
    taking = places > 0
    growths = 2 * int((load + np.minimum(places, given))[taking].max()) + 1
    highest_cost, highest_tie = int(cost.max()), int(tie.max())
    by_growth = given * highest_tie + 1
    by_cost = given * (growths * by_growth + highest_tie) + 1
    if given * (highest_cost * by_cost + growths * by_growth + highest_tie) >= _EXACT and highest_tie:
        return _weighed(cost, load, places, np.zeros_like(tie))
    return cost * by_cost + tie, np.full(len(load), by_growth, dtype=np.int64)
