"""When a contact is due: "每周2" as days (DOMAIN rule 8).

The school days of each week, fortnight, month or the whole term are cut into as many slots as contacts are asked for,
alike in length. A contact is due on the last day of its slot, and so it can be made on any day of it.

* A unit without a school day asks for nothing; nor does a month of fewer than ``FEWEST``, at the edge of a term.
* What is asked for once a term is due a fortnight before its end, for the exams.
* Fortnights are counted from the first week of the term.
* Who joined when more than half of a slot's days were over does not owe it.

So what is owed from one day to another is the number of due days between them, and adds up over any split of the days.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules.school_days import DAY, WEEK_OF
from xlbangfu.timing import FORTNIGHT, MONTH, TERM, WEEK, Pace

FIRST, LATEST, DUE, SERIES = "_first", "_latest", "_due", "_series"
FEWEST = 5
EXAM_DAYS = 10  # school days


def dues(days: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    """One row a contact, by day: FIRST and DUE (the first and last day of its slot), LATEST (the last day to join so that it is still owed), and
    SERIES, a text that stays the same when holidays move the days.

    ``days`` is the frame of ``SchoolDays``.
    """
    units = days.group_by(_unit_of(days, pace.unit).alias("_u"), maintain_order=True).agg(_days=pl.col(DAY))
    if pace.unit == MONTH:
        units = units.filter(pl.col("_days").list.len() >= FEWEST)
    elif pace.unit == TERM:
        units = units.with_columns(
            pl.col("_days").list.head(pl.max_horizontal(1, pl.col("_days").list.len().cast(pl.Int64) - EXAM_DAYS))
        )
    turns = pl.DataFrame({"_turn": range(pace.times)}, schema={"_turn": pl.Int64})
    length, turn = pl.col("_days").list.len().cast(pl.Int64), pl.col("_turn")
    begins, after = ((turns_over * length + pace.times - 1) // pace.times for turns_over in (turn, turn + 1))
    slots = units.join(turns, how="cross").with_columns(_begins=pl.min_horizontal(begins, after - 1), _ends=after - 1)
    half = (pl.col("_begins") + pl.col("_ends") + 1) // 2
    return slots.select(
        pl.concat_str(pl.lit(f"{pace.unit}{pace.times}"), pl.col("_u").cast(pl.String), turn + 1, separator=" ").alias(
            SERIES
        ),
        pl.col("_days").list.get(pl.col("_begins")).alias(FIRST),
        pl.col("_days").list.get(half).alias(LATEST),
        pl.col("_days").list.get(pl.col("_ends")).alias(DUE),
    ).sort(DUE, FIRST)


def owed(slots: pl.DataFrame, joined: pl.Series, until: date) -> pl.Series:
    """How many contacts each student owes up to and with ``until``, of those ``dues`` gives, by the day each joined."""
    due = int((slots[DUE] <= until).sum())
    missed = slots[LATEST].search_sorted(joined, side="left") if slots.height else joined.is_null().cast(pl.UInt32) * 0
    return (due - pl.Series(missed).cast(pl.Int64)).clip(lower_bound=0)


def _unit_of(days: pl.DataFrame, unit: str) -> pl.Expr:
    if unit == WEEK:
        return pl.col(WEEK_OF)
    if unit == FORTNIGHT:
        first = days[WEEK_OF].min()
        return (pl.col(WEEK_OF) - pl.lit(first)).dt.total_days() // 14
    return pl.col(DAY).dt.truncate("1mo") if unit == MONTH else pl.lit(0)
