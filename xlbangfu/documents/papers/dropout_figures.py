"""What papers tell of 控辍保学 in the term besides the monthly report: figures of the school, which are exact; no names."""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.rules import recalls
from xlbangfu.rules.compulsory import compulsory_students
from xlbangfu.rules.dropout_months import dropout_term
from xlbangfu.rules.indicators.small_cells import SMALL
from xlbangfu.rules.school import STUDENT
from xlbangfu.rules.special_groups import members
from xlbangfu.rules.truancy import truant_days
from xlbangfu.schema import ABSENCES, RECALLS, ROSTER


class Dropouts(Struct, frozen=True, kw_only=True):
    """Of the term up to today. ``applies`` where the school has students of 义务教育."""

    applies: bool
    absences: int  # rows of 缺勤
    truants: int  # students with a whole day of 旷课
    suspected: int
    visits: int
    back: int
    moved: int
    away: int  # being brought back today
    unreported: int  # of these


def dropouts(source: Source) -> Dropouts:
    school, settings = source.school, source.school.settings
    term = dropout_term(school)
    mine = school[ABSENCES].filter(pl.col("日期").is_between(settings.term_start, school.today))
    waiting = recalls.cases(school[RECALLS], until=school.today).filter(pl.col(recalls.OUTCOME).is_null())
    return Dropouts(
        applies=compulsory_students(school).height > 0,
        absences=mine.height,
        truants=truant_days(mine)[STUDENT].n_unique(),
        suspected=term["疑似"],
        visits=term["劝返次数"],
        back=term["复学"],
        moved=term["转出"],
        away=term["劝返中"],
        unreported=waiting.filter(pl.col(recalls.REPORTED).is_null())[STUDENT].n_unique(),
    )


def listed_of_groups(source: Source) -> int:
    """How many on the list belong to any special group."""
    groups = members(source.school[ROSTER])["学号"].unique()
    return int(source.listed["学号"].is_in(groups.implode()).sum())


def told_outside(part: int, whole: int) -> bool:
    """Whether a number of children of special groups, of so many who are known, tells of no one or two."""
    return not {part, whole, whole - part} & {*SMALL}
