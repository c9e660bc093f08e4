"""缺勤 and 劝返: days on which nobody is at school, a day told twice, and what 控辍保学 is still owed (DOMAIN rule 15).

Who is 疑似辍学, who waits for a visit and whose row of 名册 lags behind is what 控辍保学 proposes, told here too, so that
nobody has to click first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
from msgspec.structs import replace

from xlbangfu.rules import recalls
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school_days import SchoolDays, term
from xlbangfu.rules.suspects import suspects
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import (
    ABSENCES,
    BACK_AT_SCHOOL,
    BEING_RECALLED,
    RECALLS,
    ROSTER,
    ROW,
    SUSPECTED,
    TRUANT,
    WHOLE_DAY,
)


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """What is doubtful in the two sheets; all are 警告."""
    if sheets[ABSENCES].height:
        yield from _days(sheets)
    if sheets[RECALLS].height:
        yield from _returns(sheets)
    if (sheets[ABSENCES].height or sheets[RECALLS].height) and not sheets.dead(ROSTER):
        yield from _owed(sheets)


def _days(sheets: Sheets) -> Iterator[pl.DataFrame]:
    absences, school = sheets[ABSENCES], sheets.school
    first, last = term(school)[0], school.settings.year_end  # of the term before no school days are known
    told = pl.col("日期").is_between(first, last) & (pl.col("日期") <= school.today)  # the others are told of anyway
    days = SchoolDays.of(school).days
    off = ~pl.col("日期").is_in(days.implode()) & pl.lit(days.len() > 0)
    yield from flagged(ABSENCES, absences, (Rule(check=checks.NO_SCHOOL_DAY, when=told & off, column="日期"),))
    whole = absences.filter(pl.col("节次") == WHOLE_DAY).drop_nulls([STUDENT, "日期"])
    known = whole.select(STUDENT, "日期", _first=ROW, _known="类型").unique([STUDENT, "日期"], keep="first")
    both = absences.filter(pl.col("节次") != WHOLE_DAY).join(known, on=[STUDENT, "日期"], maintain_order="left")
    if both.height:
        slots = {"first": pl.col("_first"), "known": pl.col("_known")}
        yield found(checks.ABSENT_TWICE, ABSENCES, both, "节次", **slots)


def _returns(sheets: Sheets) -> Iterator[pl.DataFrame]:
    back, day = pl.col("结果") == BACK_AT_SCHOOL, pl.col("复学日期")
    yield from flagged(
        RECALLS,
        sheets[RECALLS],
        (
            Rule(check=checks.RETURN_WITHOUT_DAY, when=back & day.is_null(), column="复学日期"),
            Rule(check=checks.DAY_WITHOUT_RETURN, when=~back.fill_null(False) & day.is_not_null(), column="复学日期"),
        ),
    )


def _owed(sheets: Sheets) -> Iterator[pl.DataFrame]:
    school = sheets.school
    usable = {ABSENCES: sheets[ABSENCES], RECALLS: sheets[RECALLS], ROSTER: sheets.clean(ROSTER)}
    if any(frame is not school.frames.get(table) for table, frame in usable.items()):
        school = replace(school, frames={**school.frames, **usable})
    proposed = suspects(school).select(
        pl.col("学号").alias(STUDENT),
        _change="变化",
        _name="姓名",
        _reason="理由",
        _waits=pl.coalesce("上次劝返", "疑似日期"),
    )
    slots = {"name": pl.col("_name"), "reason": pl.col("_reason")}
    missed = sheets[ABSENCES].filter(pl.col("类型") == TRUANT).sort("日期", maintain_order=True)
    asked = missed.unique(STUDENT, keep="last", maintain_order=True).join(proposed, on=STUDENT)
    suspected = asked.filter(pl.col("_change") == SUSPECTED)
    if suspected.height:
        yield found(checks.SUSPECTED_DROPOUT, ABSENCES, suspected.sort(ROW), "日期", **slots)
    cases = recalls.last_cases(sheets[RECALLS]).select(STUDENT, pl.col(recalls.LAST_ROW).alias(ROW))
    rows = sheets[RECALLS].join(cases, on=[STUDENT, ROW], maintain_order="left")
    told = rows.join(proposed, on=STUDENT, maintain_order="left")
    late = pl.col("_waits") < school.today - timedelta(days=school.settings.recall_days)
    waits = pl.col("_change") == BEING_RECALLED
    lags = ~waits & (pl.col("_change") != SUSPECTED)
    yield from flagged(
        RECALLS,
        told,
        (
            Rule(check=checks.RECALL_OVERDUE, when=waits & late, column="劝返日期", slots=slots),
            Rule(check=checks.NOT_AS_IN_ROSTER, when=lags, column="结果", slots=slots),
        ),
    )
