"""Whoever reads a school's returns, knows the rules by which numbers are left out, and can reckon, learns of no single child.

The reader here is the strongest there can be: every school that could have sent the same returns is tried, and what is the
same in all of them is what the reader knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from xlbangfu.rules.indicators.small_cells import SMALL, Cell, give

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)
CHAIN = ("B1", "B2", "B3")
Counts = tuple[int, ...]


def groups(totals: Counts) -> Iterator[Counts]:
    """Every 特殊群体 that a school with these totals may have: how many are on the roll, on the list, key students."""
    whole, listed, key = totals
    for a, b, c in product(range(whole + 1), range(listed + 1), range(key + 1)):
        if c <= b <= a and a - b <= whole - listed and b - c <= listed - key:
            yield a, b, c


def told(counts: Counts, totals: Counts, before: dict[str, Cell], today: date) -> dict[str, Cell]:
    return give(dict(zip(CHAIN, counts, strict=True)), dict(zip(CHAIN, totals, strict=True)), before, today)


def as_read(cells: dict[str, Cell]) -> tuple[object, ...]:
    return tuple(None if cell.number is None else (cell.number, cell.day) for cell in cells.values())


def secrets(counts: Counts, totals: Counts) -> dict[str, int]:
    a, b, c = counts
    numbers = {"on the roll": a, "on the list": b, "key": c, "not listed": a - b, "not key": b - c, "neither": a - c}
    others = {
        f"the school's others, {name}": total - own for name, total, own in zip(CHAIN, totals, counts, strict=True)
    }
    return numbers | {name: number for name, number in others.items() if number != totals[CHAIN.index(name[-2:])]}


def learned(worlds: Iterable[tuple[object, dict[str, int]]]) -> list[str]:
    """What a reader knows to be 1, or to be 2, of some school."""
    possible: dict[object, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for read, hidden in worlds:
        for name, number in hidden.items():
            possible[read][name].add(abs(number))
    return [
        f"{name} = {numbers} in {read}"
        for read, names in possible.items()
        for name, numbers in names.items()
        if len(numbers) == 1 and numbers <= set(SMALL)
    ]


@st.composite
def school_totals(draw: st.DrawFn, most: int = 9) -> Counts:
    whole = draw(st.integers(0, most))
    listed = draw(st.integers(0, whole))
    return whole, listed, draw(st.integers(0, listed))


@given(totals=school_totals(most=12))
@settings(max_examples=60, deadline=None)
def test_one_return_and_the_totals_tell_no_one_or_two(totals: Counts) -> None:
    worlds = ((as_read(told(counts, totals, {}, MARCH)), secrets(counts, totals)) for counts in groups(totals))
    assert learned(worlds) == []


@given(march=school_totals(), april=school_totals())
@settings(max_examples=12, deadline=None)
def test_with_the_return_of_the_month_before_neither(march: Counts, april: Counts) -> None:
    def worlds() -> Iterator[tuple[object, dict[str, int]]]:
        for first in groups(march):
            before = told(first, march, {}, MARCH)
            for second in groups(april):
                after = told(second, april, before, APRIL)
                known = {f"March, {name}": number for name, number in secrets(first, march).items()}
                known |= {f"April, {name}": number for name, number in secrets(second, april).items()}
                known |= {f"change, {name}": now - then for name, then, now in zip(CHAIN, first, second, strict=True)}
                yield (as_read(before), as_read(after)), known

    assert learned(worlds()) == []


@given(march=st.integers(0, 12), more=st.integers(0, 8), still=st.integers(0, 8))
@example(march=5, more=1, still=0)  # 2 are not given, then 3 would be: they were 2
@settings(max_examples=60, deadline=None)
def test_numbers_that_only_grow_tell_nothing_by_how_the_total_grew(march: int, more: int, still: int) -> None:
    totals = march, march + more, march + more + still

    def returns(counts: Counts) -> tuple[object, ...]:
        before: dict[str, Cell] = {}
        read = []
        for month, (number, total) in enumerate(zip(counts, totals, strict=True), 3):
            before = give({"K1": number}, {"K1": total}, before, date(2026, month, 28))
            read.append(as_read(before))
        return tuple(read)

    def worlds() -> Iterator[tuple[object, dict[str, int]]]:
        for first, new, newer in product(range(march + 1), range(more + 1), range(still + 1)):
            counts = first, first + new, first + new + newer
            known = {str(month): number for month, number in enumerate(counts)}
            yield returns(counts), known | {"new in April": new, "new in May": newer}

    if not {more, still} & set(SMALL):  # what the totals themselves tell of nobody
        assert learned(worlds()) == []
    else:
        assert [fact for fact in learned(worlds()) if "new" not in fact] == []


def test_what_is_large_is_told_and_nothing_is_nothing() -> None:
    cells = told((412, 30, 0), (1200, 66, 27), {}, MARCH)
    assert as_read(cells) == ((412, MARCH), (30, MARCH), (0, MARCH))


def test_what_was_not_given_is_given_from_five_on() -> None:
    before = told((412, 2, 0), (1200, 66, 27), {}, MARCH)
    then = {listed: as_read(told((412, listed, 0), (1200, 70, 27), before, APRIL))[1] for listed in (3, 4, 5)}
    assert then == {3: None, 4: None, 5: (5, APRIL)}


def test_a_number_stays_until_it_has_changed_by_three() -> None:
    before = told((412, 40, 9), (1200, 66, 27), {}, MARCH)
    assert as_read(told((413, 43, 9), (1200, 70, 27), before, APRIL))[:2] == ((412, MARCH), (40, MARCH))
    assert as_read(told((415, 43, 9), (1200, 69, 27), before, APRIL))[:2] == ((415, APRIL), (43, APRIL))
