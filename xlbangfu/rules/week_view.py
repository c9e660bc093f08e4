"""A week at a glance for each teacher (DOMAIN rule 7): 日程, one row a teacher and week, a column a day.

A day lists what is to be done, one thing a line, timed things first; students with the same thing at the same time share a
line, the first ``_NAMES`` by name. Weeks begin on Monday and are counted from the one in which the term begins.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules.dues import SERIES
from xlbangfu.rules.schedule import KIND, START, SUBJECT
from xlbangfu.schema import SEPARATOR, WEEKLY

_NAMES = 4
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周末", "周末")
_MONDAY, _COLUMN, _LINE = "_monday", "_column", "_line"


def week_view(tasks: pl.DataFrame, term_start: date) -> pl.DataFrame:
    """周历, WEEKLY's columns, by week and 教师; tasks (``schedule.COLUMNS``) that nobody answers for are left out."""
    lines = _lines(tasks.drop_nulls("教师"))
    if not lines.height:
        return WEEKLY.empty()
    days = lines.group_by(_MONDAY, "教师", _COLUMN, maintain_order=True).agg(pl.col(_LINE).str.join("\n"))
    weeks = days.pivot(on=_COLUMN, index=[_MONDAY, "教师"], values=_LINE).sort(_MONDAY, "教师")
    return _titled(weeks, term_start).select(
        (pl.col(name) if name in (*weeks.columns, "周次", "起止") else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in WEEKLY.frame_schema.items()
    )


def _lines(tasks: pl.DataFrame) -> pl.DataFrame:
    """_MONDAY, 教师, _COLUMN and _LINE of each thing to do, in the order of the day."""
    who = pl.coalesce(pl.format("{}（{}）", "姓名", SUBJECT), "姓名")
    same = [_MONDAY, "日期", _COLUMN, "教师", START, KIND, SERIES, "事项"]
    weekday = pl.col("日期").dt.weekday() - 1
    return (
        tasks.with_columns(
            pl.col("日期").dt.truncate("1w").alias(_MONDAY),
            weekday.replace_strict(dict(enumerate(_DAYS)), return_dtype=pl.String).alias(_COLUMN),
        )
        .group_by(same, maintain_order=True)
        .agg(who.drop_nulls().alias("_who"))
        .sort("日期", "教师", START, KIND, nulls_last=True, maintain_order=True)
        .with_columns(_line().alias(_LINE))
    )


def _line() -> pl.Expr:
    names, many = pl.col("_who"), pl.col("_who").list.len()
    first = names.list.head(_NAMES).list.join(SEPARATOR)
    told = pl.when(many > _NAMES).then(pl.format("{} 等 {} 人", first, many)).when(many > 0).then(first)
    what = pl.concat_str(pl.col(START).dt.strftime("%H:%M"), "事项", separator=" ", ignore_nulls=True)
    return pl.concat_str(what, told, separator="：", ignore_nulls=True)


def _titled(weeks: pl.DataFrame, term_start: date) -> pl.DataFrame:
    first = pl.lit(term_start).dt.truncate("1w")
    number = (pl.col(_MONDAY) - first).dt.total_days() // 7 + 1
    sunday = pl.col(_MONDAY).dt.offset_by("6d")
    return weeks.with_columns(
        pl.format("第{}周", number).alias("周次"),
        pl.format("{}至{}", pl.col(_MONDAY).dt.strftime("%m-%d"), sunday.dt.strftime("%m-%d")).alias("起止"),
    )
