"""What goes into the ledger 荣誉, exactly once (DOMAIN rule 10).

* An honour is recorded once a student and 学期, whatever the day; 日期 is the day it was confirmed.
* A progress prize is recorded once a student and exam; its 日期 is the exam's. One that has become another prize since
  stays as it was recorded.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.schema import AWARDS

_PRIZE = r"进步[一二三]等奖$"


def recorded(sheet: pl.DataFrame, ledger: pl.DataFrame, term: str) -> pl.Series:
    """Whether each row of 评优 is in 荣誉 for that term."""
    known = ledger.filter(pl.col("学期") == term).select("荣誉", "学号", pl.lit(True).alias("_there")).unique()
    return sheet.join(known, on=["荣誉", "学号"], how="left", maintain_order="left")["_there"].fill_null(False)


def new_honours(chosen: pl.DataFrame, ledger: pl.DataFrame, *, term: str, day: date, by: str) -> pl.DataFrame:
    """AWARDS's rows for the chosen rows of 评优 that are not there yet; ``by`` is who confirmed."""
    fresh = chosen.filter(~recorded(chosen, ledger, term)).unique(["荣誉", "学号"], keep="first", maintain_order=True)
    return _rows(fresh.with_columns(pl.lit(day).alias("日期")), term, by)


def new_prizes(won: pl.DataFrame, ledger: pl.DataFrame, *, term: str, by: str) -> pl.DataFrame:
    """AWARDS's rows for the progress prizes of exams that the student has no recorded prize of."""
    return _rows(won.join(_prizes_in(ledger), on=["日期", "学号"], how="anti", maintain_order="left"), term, by)


def changed_prizes(won: pl.DataFrame, ledger: pl.DataFrame) -> int:
    """How many prizes are other than the one recorded for the same exam."""
    both = won.join(_prizes_in(ledger), on=["日期", "学号"], suffix="_then")
    return both.filter(pl.col("荣誉") != pl.col("荣誉_then")).height


def _prizes_in(ledger: pl.DataFrame) -> pl.DataFrame:
    return ledger.filter(pl.col("荣誉").str.contains(_PRIZE)).select("日期", "学号", "荣誉")


def _rows(rows: pl.DataFrame, term: str, by: str) -> pl.DataFrame:
    known = rows.with_columns(pl.lit(term).alias("学期"), pl.lit(by).alias("确认人"))
    return known.select(pl.col(name).cast(dtype) for name, dtype in AWARDS.frame_schema.items())
