"""What the sample school confirmed at the end of the term before: reckoned by the rules, as its staff would have had it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from xlbangfu.rules.awards import new_honours, new_prizes
from xlbangfu.rules.honours import FINAL, honours, won_prizes
from xlbangfu.rules.prizes import award
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import AWARDS, EXAMS, SETTINGS, Table
from xlbangfu.settings import Settings

_DAYS = 5  # from the exam to the day on which it was confirmed


def award_frame(frames: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    """荣誉 of the latest 期末 before this term: the first of each honour, and the prizes for progress; empty without it."""
    now = Settings.of(frames[SETTINGS])
    held = frames[EXAMS].filter(pl.col("类型") == FINAL, pl.col("日期") < now.term_start)
    if held.is_empty():
        return AWARDS.empty()
    exam = held.sort("日期").row(-1, named=True)
    day = exam["日期"] + timedelta(days=_DAYS)
    school = School.of({**frames, SETTINGS: _as_it_stood(frames[SETTINGS], now, exam["学期"], day)}, today=day)
    ranking = rank(school)
    won = award(school, ranking)
    found = honours(school, ranking, won, progress(school, ranking)).filter(pl.col("顺序") == 1)
    by = now.operator or ""
    named = new_honours(found, AWARDS.empty(), term=exam["学期"], day=day, by=by)
    return pl.concat([named, new_prizes(won_prizes(school, won), AWARDS.empty(), term=exam["学期"], by=by)])


def _as_it_stood(settings: pl.DataFrame, now: Settings, term: str, day: date) -> pl.DataFrame:
    """设置 of the term before: from the start of the school year to that day."""
    then = {"学期": term, "学期开始": f"{now.year_start}", "学期结束": f"{day}", "计算日期": f"{day}"}
    value = pl.col("项目").replace_strict(then, default=pl.col("值"), return_dtype=pl.String)
    return settings.with_columns(value.alias("值"))
