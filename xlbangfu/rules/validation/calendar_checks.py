"""校历 and the term: what school days are reckoned from."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.school_days import LONGEST, term, unknown_years
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found, whole
from xlbangfu.rules.validation.roster_checks import tracked_now
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CALENDAR, ROSTER, SETTINGS

_TERM_END = "学期结束"


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Days out of the school year, a term of more than a year, years whose holidays are unknown; all are 警告."""
    settings = sheets.school.settings
    if settings.year_start < settings.year_end:
        outside = ~pl.col("日期").is_between(settings.year_start, settings.year_end)
        year = {"start": str(settings.year_start), "end": str(settings.year_end)}
        rule = Rule(check=checks.CALENDAR_OUTSIDE_YEAR, when=outside, column="日期", slots=year)
        yield from flagged(CALENDAR, sheets.clean(CALENDAR), (rule,))
    first, last = settings.term_start, settings.term_end
    if last - first > LONGEST:
        yield _of_term(sheets, checks.TERM_TOO_LONG, start=str(first), end=str(last))
    elif first < last and sheets[ROSTER].select(tracked_now(sheets).any()).item():
        yield from _unknown(sheets)


def _unknown(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Years without any 放假 of the school's own in the term: where there is one, staff have seen to it."""
    off = sheets[CALENDAR].filter(pl.col("类别") == "放假", pl.col("日期").is_between(*term(sheets.school)))
    seen_to = set(off["日期"].dt.year())
    for year in unknown_years(sheets.school):
        if year not in seen_to:
            yield _of_term(sheets, checks.HOLIDAYS_UNKNOWN, value=str(year))


def _of_term(sheets: Sheets, check: checks.Check, **slots: str) -> pl.DataFrame:
    rows = sheets[SETTINGS].filter(pl.col("项目") == _TERM_END)
    if rows.height:
        return found(check, SETTINGS, rows, "值", **slots)
    return whole(check, SETTINGS, "值", **slots)
