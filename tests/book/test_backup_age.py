"""Ages by clocks that may be wrong: what is told at most, and what is deleted at least."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.book.safety.backup_age import are_too_old

START = datetime(2026, 1, 1, 8)
STEPS = st.lists(st.integers(0, 40), min_size=1, max_size=30)  # days between one copy and the next: no leap
DAYS = 90


def times(steps: list[int]) -> list[datetime]:
    at = START
    return [at := at + timedelta(days=step) for step in steps]


@given(STEPS, st.integers(0, 40))
def test_under_a_right_clock_a_copy_is_too_old_after_its_days_and_not_before(steps, wait):
    made = times(steps)
    now = made[-1] + timedelta(days=wait)

    assert are_too_old(made, DAYS, now) == [now - one > timedelta(days=DAYS) for one in made]


@given(STEPS, st.integers(-5_000, 5_000))
def test_one_click_under_a_wrong_clock_makes_no_copy_old_that_the_right_one_would_not(steps, wrong):
    made = times(steps)
    now = made[-1] + timedelta(days=wrong)
    if wrong <= DAYS / 2 and wrong >= 0:
        return  # no leap: as a holiday

    old = are_too_old([*made, now], DAYS, now)

    assert all(made[-1] - one > timedelta(days=DAYS) for one, gone in zip([*made, now], old, strict=True) if gone)


@given(STEPS, st.integers(-5_000, 5_000), st.integers(0, 29))
def test_a_copy_with_a_wrong_time_goes_when_those_around_it_go(steps, wrong, place):
    made = times(steps)
    place %= len(made)
    spoilt = [*made[:place], made[place] + timedelta(days=wrong), *made[place:]]
    now = made[-1] + timedelta(days=DAYS + 1)
    proof = [now + timedelta(days=day) for day in range(3)]

    assert are_too_old([*spoilt, *proof], DAYS, proof[-1])[: len(spoilt)] == [True] * len(spoilt)
