"""When a contact is due: "每周2" as days (DOMAIN rule 8).

The school days of each week, fortnight, month or the whole term are cut into as many slots as contacts are asked for,
alike in length. A contact is due on the last day of its slot, and so it can be made on any day of it.

* A unit asks for no more than one contact a school day: in a week of one day "每周2" is one, in a week without any none. A
  month of fewer than ``FEWEST``, at the edge of a term, asks for nothing.
* What is asked for by the term is due ``EXAM_DAYS`` school days before its end, for these belong to the final exams: a visit
  made on its last days would help nobody any more. The help of 「家访次数」 says so.
* Fortnights are counted from the first week of the term.
* Who joined when more than half of a slot's days were over does not owe it.

So what is owed from one day to another is the number of due days between them, and adds up over any split of the days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter

import polars as pl

from xlbangfu.rules.school_days import DAY, WEEK_OF
from xlbangfu.settings.times import FORTNIGHT, MONTH, TERM, WEEK, Pace

FIRST, LATEST, DUE, SERIES = "_first", "_latest", "_due", "_series"
COLUMNS = {FIRST: pl.Date(), LATEST: pl.Date(), DUE: pl.Date(), SERIES: pl.String()}
FEWEST = 5  # school days of a month
EXAM_DAYS = 10  # school days


def dues(days: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    """One row a contact, by day: FIRST and DUE (the first and last day of its slot), LATEST (the last day to join so that it
    is still owed), and SERIES, a text that stays the same when holidays move the days.

    ``days`` is the frame of ``SchoolDays``.
    """
    rows = [slot for unit, those in _units(days, pace.unit).items() for slot in _slots(those, unit, pace)]
    return pl.DataFrame(sorted(rows, key=itemgetter(2, 0)), schema=COLUMNS, orient="row")


def owed(slots: pl.DataFrame, joined: pl.Series, until: date) -> pl.Series:
    """How many contacts each student owes up to and with ``until``, of those that ``dues`` gives, by the day each joined."""
    due = int((slots[DUE] <= until).sum())
    if not due:
        return pl.zeros(joined.len(), dtype=pl.Int64, eager=True)
    missed = pl.lit(slots[LATEST]).search_sorted(pl.lit(joined), side="left").cast(pl.Int64)
    return pl.select((due - missed).clip(lower_bound=0)).to_series()


def _slots(days: Sequence[date], unit: str, pace: Pace) -> Iterator[tuple[date, date, date, str]]:
    """The rows of ``dues`` in one unit, whose school days these are."""
    for turn in range(pace.times):
        begins, after = (-(-cut * len(days) // pace.times) for cut in (turn, turn + 1))  # rounded up
        if begins < after:
            series = f"{pace.unit}{pace.times} {unit} {turn + 1}"
            yield days[begins], days[(begins + after) // 2], days[after - 1], series


def _units(days: pl.DataFrame, unit: str) -> dict[str, list[date]]:
    """The weeks, fortnights, months or the term, each with its school days in which contacts fall due."""
    mondays = days[WEEK_OF].to_list()
    units: dict[str, list[date]] = {}
    for day, monday in zip(days[DAY].to_list(), mondays, strict=True):
        units.setdefault(str(_name_of(unit, day, monday, mondays[0])), []).append(day)
    if unit == MONTH:
        return {name: those for name, those in units.items() if len(those) >= FEWEST}
    if unit == TERM:
        return {name: those[: max(1, len(those) - EXAM_DAYS)] for name, those in units.items()}
    return units


def _name_of(unit: str, day: date, monday: date, start: date) -> date | int:
    """What tells the unit of a day from the others; ``start`` is the first Monday."""
    if unit == WEEK:
        return monday
    if unit == FORTNIGHT:
        return (monday - start).days // 14
    return day.replace(day=1) if unit == MONTH else 0
