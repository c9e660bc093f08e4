"""Dates: inside the school year (评价 also in the term before it), start before end, and nothing after a student has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.check_parts import each_student
from xlbangfu.rules.validation.problem_rows import Rule, Slot, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    CONDUCT,
    EXAMS,
    LOG,
    ON_ROLL,
    PAIRINGS,
    PLANS,
    RECALLS,
    ROSTER,
    ROW,
    SCORES,
    Table,
)

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
IN_YEAR = (
    (LOG, "日期"),
    (PLANS, "开始"),
    (PLANS, "结束"),
    (ABSENCES, "日期"),
    (RECALLS, "劝返日期"),
    (ACTIVITIES, "日期"),
)
SPANS = (
    (ROSTER, "列入日期", "退出日期"),
    (PAIRINGS, "开始日期", "结束日期"),
    (PLANS, "开始", "结束"),
    (RECALLS, "疑似日期", "劝返日期"),
    (RECALLS, "疑似日期", "复学日期"),
    (RECALLS, "疑似日期", "上报日期"),
)

_TERM = timedelta(days=183)


def rules(sheets: Sheets, table: Table) -> Iterator[Rule]:
    """Dates of one sheet that are out of the school year, or end before they start."""
    for of, start, end in SPANS:
        if of == table:
            slots: dict[str, Slot] = {"other": start, "start": pl.col(start)}
            yield Rule(check=checks.ENDS_BEFORE_START, when=pl.col(end) < pl.col(start), column=end, slots=slots)
    first, last = sheets.school.settings.year_start, sheets.school.settings.year_end
    if first >= last:
        return
    year: dict[str, Slot] = {"start": str(first), "end": str(last)}
    for of, column in IN_YEAR:
        if of == table:
            outside = ~pl.col(column).is_between(first, last)
            yield Rule(check=checks.OUTSIDE_YEAR, when=outside, column=column, slots=year)
    if table == CONDUCT:
        month, before = pl.col("月份"), first - _TERM  # a new term keeps the last months
        outside = month.str.contains(MONTH) & ~month.is_between(pl.lit(f"{before:%Y-%m}"), pl.lit(f"{last:%Y-%m}"))
        yield Rule(check=checks.OUTSIDE_YEAR, when=outside, column="月份", slots=year)


def after_leaving(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Scores, absences and log entries of students who had left; the day of leaving itself is still allowed. Home visits to those who left are made, so a log entry only warns."""
    roster = sheets.clean(ROSTER)
    left = roster.filter(
        pl.col("异动日期").is_not_null() & (pl.col("在籍状态") != ON_ROLL) & pl.col("学号").is_not_null()
    )
    if not left.height:
        return
    gone = left.select(pl.col("学号").alias(STUDENT), _left="异动日期").unique(STUDENT, keep="first")
    dates = sheets.clean(EXAMS).select("考试编号", _date="日期").drop_nulls().unique("考试编号", keep="first")
    scores = (
        _of(sheets[SCORES], gone)
        .join(dates, on="考试编号", how="inner", maintain_order="left")
        .filter(pl.col("_date") > pl.col("_left"))
    )
    if scores.height:
        slots = {"date": pl.col("_date"), "left": pl.col("_left")}
        yield found(checks.SCORE_AFTER_LEAVING, SCORES, scores, "考试编号", **slots)
    if not sheets.remarks:
        return
    absent = _of(sheets[ABSENCES], gone).filter(pl.col("日期") > pl.col("_left"))
    if absent.height:
        yield found(checks.ABSENT_AFTER_LEAVING, ABSENCES, absent, "日期", left=pl.col("_left"))
    single, sessions = sheets.log_entries
    for entries in (single, each_student(sessions)) if sessions.height else (single,):
        late = _of(entries, gone).filter(pl.col("日期") > pl.col("_left")).unique([ROW, STUDENT], keep="first")
        if late.height:
            yield found(checks.LOG_AFTER_LEAVING, LOG, late.sort(ROW), "日期", left=pl.col("_left"))


def _of(frame: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    mine = frame.filter(pl.col(STUDENT).is_in(gone[STUDENT].implode()))
    return mine.join(gone, on=STUDENT, how="inner", maintain_order="left")
