"""Why there is nothing to plan or to date."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER


def why_nothing(school: School, otherwise: str) -> str:
    """One Chinese sentence: the term is over or upside down, or there are no tracked students; else ``otherwise``."""
    settings, today = school.settings, pl.lit(school.today)
    if settings.term_start >= settings.term_end:
        return "学期开始不在学期结束之前，请先在“设置”里改好。"
    if school.today > settings.term_end:
        return "学期已经结束，新学期请先在“设置”里改学期开始和学期结束。"
    if not school[ROSTER].select((roll.tracked(today) & roll.on_roll(today)).any()).item():
        return "名册里还没有帮扶学生，先点“排查”。"
    return otherwise
