"""Which copies are too old, by a clock that may be wrong.

Copies are made one after the other, so their times should rise. Those that do, most of them, are believed; one that does
not is as old as the believed one after it, and a clock that runs behind them says nothing. After a leap ahead, such as a
year, nothing is too old by the new time until it has gone on for a few days: a holiday is over then, and a clock that was
set wrong has been noticed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

_DAYS_OF_PROOF = 3  # on which copies were made after a leap


def are_too_old(made: Sequence[datetime], days: int, now: datetime) -> list[bool]:
    """For each copy, in the order in which they were made, whether it is older than so many days.

    >>> day = [datetime(2026, 1, 1) + timedelta(days=n) for n in range(300)]
    >>> are_too_old([day[0], day[70], day[140]], 180, day[190])
    [True, False, False]
    >>> are_too_old([day[0], day[1]], 90, day[290])  # a leap
    [False, False]
    >>> are_too_old([day[200], day[201]], 90, day[3])  # a clock that runs behind
    [False, False]
    """
    times = [*made, now]
    believed = _longest_rise(times)
    if len(made) not in believed:
        return [False] * len(made)
    today = _proven(sorted(times[place] for place in believed), days)
    return [today - time > timedelta(days=days) for time in _as_believed(times, believed)[:-1]]


def _longest_rise(times: Sequence[datetime]) -> set[int]:
    """The places of a longest subsequence that never falls."""
    ends: list[datetime] = []  # of the rises of each length, the lowest time at their end
    at: list[int] = []
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [time]
        at[length : length + 1] = [place]
    rise, place = set[int](), at[-1]
    while place >= 0:
        rise.add(place)
        place = before[place]
    return rise


def _as_believed(times: Sequence[datetime], believed: set[int]) -> list[datetime]:
    """The times, those out of order replaced by the next one that is in it; the last is in it."""
    answer, later = [], times[-1]
    for place in reversed(range(len(times))):
        later = times[place] if place in believed else later
        answer.append(later)
    return answer[::-1]


def _proven(times: Sequence[datetime], days: int) -> datetime:
    """The latest of rising times, or the last one before a leap that is not proven."""
    leap = timedelta(days=days) / 2
    for place in range(len(times) - 1, 0, -1):
        if times[place] - times[place - 1] > leap:
            proven = len({time.date() for time in times[place:]}) >= _DAYS_OF_PROOF
            return times[-1] if proven else _proven(times[:place], days)
    return times[-1]
