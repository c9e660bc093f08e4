"""Which days are school days (DOMAIN rule 7).

A day of the term is a school day if 校历 says 补课; not if it says 放假; else as the State Council's holidays and make-up
days say, as far as chinesecalendar knows the year. In a year that it does not know, the holidays that the law names are
free all the same (those of a fixed date, of the lunar calendar and 清明, from the library holidays); the days that are moved
for them are not known yet, and 校验 names the year. 考试 and 活动 in 校历 change nothing. Days outside the term are none.

Weeks begin on Monday and are named by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import polars as pl
from msgspec import Struct

from xlbangfu.rules.school import School, asked_once
from xlbangfu.schema import CALENDAR

DAY, WEEK_OF = "_day", "_week"
LONGEST = timedelta(days=366)  # of a term; what is typed beyond is left out, and 校验 says so
_FRIDAY = 5


class SchoolDays(Struct, frozen=True):
    """The school days of the term: a frame of DAY and WEEK_OF (its Monday), by day; ``unknown`` are the years of the
    term whose make-up days nobody knows yet."""

    frame: pl.DataFrame
    unknown: tuple[int, ...]

    @classmethod
    def of(cls, school: School) -> SchoolDays:
        """Those of the school's term."""
        return _days_of(school)

    @property
    def days(self) -> pl.Series:
        return self.frame[DAY]


@asked_once
def _days_of(school: School) -> SchoolDays:
    first, last = term(school)
    every = pl.DataFrame({DAY: pl.date_range(first, last, eager=True)})
    holidays, made_up = _public(first, last)
    own = school[CALENDAR]
    off = own.filter(pl.col("类别") == "放假")["日期"]
    on = own.filter(pl.col("类别") == "补课")["日期"]
    day = pl.col(DAY)
    usual = ((day.dt.weekday() <= _FRIDAY) & ~day.is_in(holidays.implode())) | day.is_in(made_up.implode())
    here = every.filter(day.is_in(on.implode()) | (usual & ~day.is_in(off.implode())))
    return SchoolDays(here.with_columns(_week=day.dt.truncate("1w")), unknown_years(school))


def term(school: School) -> tuple[date, date]:
    """The first and the last day of the term, at most ``LONGEST`` apart."""
    first, last = school.settings.term_start, school.settings.term_end
    return first, min(last, first + LONGEST)


def unknown_years(school: School) -> tuple[int, ...]:
    """The years of the term whose make-up days nobody knows yet; which days of them are free need not be known for it."""
    first, last = term(school)
    return tuple(year for year in range(first.year, last.year + 1) if year not in _known()) if first <= last else ()


@cache
def _known() -> frozenset[int]:
    from chinese_calendar import holidays

    return frozenset(day.year for day in holidays)


def _public(first: date, last: date) -> tuple[pl.Series, pl.Series]:
    """Public holidays and make-up days of the span."""
    from chinese_calendar import holidays, workdays

    off = [*holidays, *_statutory({first.year, last.year} - _known())]
    return _within(off, first, last), _within(workdays, first, last)


def _within(days: Iterable[date], first: date, last: date) -> pl.Series:
    return pl.Series([day for day in days if first <= day <= last], dtype=pl.Date)


def _statutory(years: set[int]) -> Iterable[date]:
    """The holidays that the law names, with the days off for those on a weekend; nothing is imported for no years."""
    if not years:
        return ()
    from holidays import country_holidays

    return country_holidays("CN", years=years)
