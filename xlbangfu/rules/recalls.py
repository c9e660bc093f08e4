"""The cases of 劝返: what became of each student who was 疑似辍学 (DOMAIN rule 15).

A case is a student and a 疑似日期; its rows are the visits and calls, in the order of 劝返日期, those without one first, then as
they stand on the sheet. The last 结果 that is filled in is where the case stands: 复学, 转出 and 辍学 end it, 仍在劝返 and nothing
leave it open. A row without 劝返日期 was entered and not yet acted upon: no visit.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import BACK_AT_SCHOOL, DROPPED_OUT, ROW, TRANSFERRED

ENDS = (BACK_AT_SCHOOL, TRANSFERRED, DROPPED_OUT)
OUTCOME, ENDED_ON, VISITS, LAST_VISIT, REPORTED, LAST_ROW = (
    "_outcome",
    "_end",
    "_visits",
    "_visited",
    "_reported",
    "_row_there",
)
CASE = (STUDENT, "疑似日期")
DAY = "_of_row"


def dated(recalls: pl.DataFrame) -> pl.DataFrame:
    """劝返 with the day on which each row speaks (``_of_row``): that of 复学 for one that tells of it, else 劝返日期, else 疑似日期."""
    recalls = _numbered(recalls)
    came_back = pl.when(pl.col("结果") == BACK_AT_SCHOOL).then("复学日期")
    return recalls.filter(pl.col(STUDENT).is_not_null(), pl.col("疑似日期").is_not_null()).with_columns(
        pl.coalesce(came_back, "劝返日期", "疑似日期").alias(DAY)
    )


def _numbered(recalls: pl.DataFrame) -> pl.DataFrame:
    """With ROW: rows that were never read stand in their order."""
    return recalls if ROW in recalls.columns else recalls.with_row_index(ROW)


def cases(recalls: pl.DataFrame, *, until: date | None = None) -> pl.DataFrame:
    """One row a case, by student and 疑似日期; ``recalls`` is 劝返 with STUDENT, of which rows after ``until`` are left out.

    情形; OUTCOME (one of ``ENDS``, null while it is open) and ENDED_ON, its day; VISITS, LAST_VISIT, REPORTED (the latest
    上报日期); LAST_ROW, the Excel row of the last entry.
    """
    rows = dated(recalls)
    if until is not None:
        rows = rows.filter(pl.col(DAY) <= until)
    result = pl.col("结果").drop_nulls().last()
    ended = result.is_in(ENDS)
    return (
        rows.sort(*CASE, "劝返日期", ROW, nulls_last=False, maintain_order=True)
        .group_by(CASE, maintain_order=True)
        .agg(
            pl.col("情形").drop_nulls().first(),
            pl.when(ended).then(result).alias(OUTCOME),
            pl.when(ended).then(pl.col(DAY).filter(pl.col("结果").is_not_null()).last()).alias(ENDED_ON),
            pl.col("劝返日期").count().cast(pl.Int64).alias(VISITS),
            pl.col("劝返日期").max().alias(LAST_VISIT),
            pl.col("上报日期").max().alias(REPORTED),
            pl.col(ROW).last().alias(LAST_ROW),
        )
    )


def open_rows(recalls: pl.DataFrame) -> pl.DataFrame:
    """The rows of 劝返, with ROW, of cases that no result has ended; a row of nobody known is one."""
    placed = _numbered(recalls).sort("劝返日期", ROW, nulls_last=False, maintain_order=True)
    last = pl.col("结果").drop_nulls().last().over(CASE)
    return placed.filter(~last.is_in(ENDS).fill_null(False)).sort(ROW)


def last_cases(recalls: pl.DataFrame) -> pl.DataFrame:
    """Of each student the case that is open, if one is, else the one that ended last: a case may be entered after a later one."""
    by_age = cases(recalls).sort(pl.col(OUTCOME).is_null(), ENDED_ON, "疑似日期", maintain_order=True)
    return by_age.unique(STUDENT, keep="last", maintain_order=True)
