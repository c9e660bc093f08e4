"""A student who was 旷课 for three school days running, for a master of the sample school."""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.book.port import Book
from xlbangfu.schema import ABSENCES, ON_ROLL, RECALLS, ROSTER, TRUANT, WHOLE_DAY

DAYS = tuple(date(2026, 6, day) for day in (8, 9, 10))


def three_days(roster: pl.DataFrame, recalls: pl.DataFrame) -> pl.DataFrame:
    """Rows of 缺勤 of the last student on the roll of whom 劝返 says nothing."""
    free = roster.filter(pl.col("在籍状态") == ON_ROLL, ~pl.col("学号").is_in(recalls["学号"].drop_nulls().implode()))
    number = free["学号"].drop_nulls()[-1]
    return pl.DataFrame([{"日期": day, "学号": number, "节次": WHOLE_DAY, "类型": TRUANT} for day in DAYS])


def play_truant(book: Book) -> None:
    """Put it into the book, and save."""
    frames = book.read(ROSTER, RECALLS)
    book.append(ABSENCES, three_days(frames[ROSTER], frames[RECALLS]))
    book.save()
