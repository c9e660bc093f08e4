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

from datetime import date

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
    if not days.height:
        return pl.DataFrame(schema=COLUMNS)
    turns = pl.DataFrame({"_turn": range(pace.times)}, schema={"_turn": pl.Int64})
    length, turn = pl.col("_days").list.len().cast(pl.Int64), pl.col("_turn")
    begins, after = ((cuts * length + pace.times - 1) // pace.times for cuts in (turn, turn + 1))
    slots = (
        _units(days, pace.unit)
        .join(turns, how="cross")
        .with_columns(_begins=begins, _ends=after - 1)
        .filter(pl.col("_begins") <= pl.col("_ends"))
    )
    half = (pl.col("_begins") + pl.col("_ends") + 1) // 2
    name = pl.concat_str(pl.lit(f"{pace.unit}{pace.times}"), pl.col("_unit").cast(pl.String), turn + 1, separator=" ")
    return slots.select(
        pl.col("_days").list.get(pl.col("_begins")).alias(FIRST),
        pl.col("_days").list.get(half).alias(LATEST),
        pl.col("_days").list.get(pl.col("_ends")).alias(DUE),
        name.alias(SERIES),
    ).sort(DUE, FIRST)


def owed(slots: pl.DataFrame, joined: pl.Series, until: date) -> pl.Series:
    """How many contacts each student owes up to and with ``until``, of those that ``dues`` gives, by the day each joined."""
    due = int((slots[DUE] <= until).sum())
    if not due:
        return pl.zeros(joined.len(), dtype=pl.Int64, eager=True)
    missed = slots[LATEST].search_sorted(joined, side="left").cast(pl.Int64)
    return (due - missed).clip(lower_bound=0)


def _units(days: pl.DataFrame, unit: str) -> pl.DataFrame:
    """The weeks, fortnights, months or the term (``_unit``), each with its school days in which contacts fall due."""
    monday, day = pl.col(WEEK_OF), pl.col(DAY)
    by = {
        WEEK: monday,
        FORTNIGHT: (monday - monday.min()).dt.total_days() // 14,
        MONTH: day.dt.truncate("1mo"),
        TERM: pl.lit(0),
    }[unit]
    units = days.with_columns(_unit=by).group_by("_unit", maintain_order=True).agg(_days=day)
    length = pl.col("_days").list.len().cast(pl.Int64)
    if unit == MONTH:
        return units.filter(length >= FEWEST)
    if unit == TERM:
        return units.with_columns(pl.col("_days").list.head(pl.max_horizontal(1, length - EXAM_DAYS)))
    return units
