"""Which of a student's subjects is tutored now: one at a time (DOMAIN rule 7).

The subjects are SUBJECTS of ``responsible``. They take turns by the rounds of the plan: a round is one 实施帮扶 with the
评估调整 that follows it. Before the first round it is the first subject; who has no plan goes on by the months of the term.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules.responsible import SUBJECTS
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.school_days import term
from xlbangfu.schema import PLANS

CARRYING = "实施帮扶"
ROUND = "_round"  # from 0
_STARTED = "_started"


def subject_in(turn: pl.Expr) -> pl.Expr:
    """The subject of the turn (from 0) among SUBJECTS; null where there is none.

    >>> helped = pl.DataFrame({SUBJECTS: [["语文", "数学"], ["语文", "数学"], None], "turn": [1, 2, 0]})
    >>> helped.select(subject_in(pl.col("turn")))[SUBJECTS].to_list()
    ['数学', '语文', None]
    """
    subjects = pl.col(SUBJECTS)
    many = subjects.list.len().cast(pl.Int64)
    return pl.when(many > 0).then(subjects.list.get(turn % pl.max_horizontal(many, pl.lit(1)), null_on_oob=True))


def with_round(dated: pl.DataFrame, school: School) -> pl.DataFrame:
    """The rows with ROUND, by their 学号 and 日期."""
    rounds = _rounds(school)
    first, _ = term(school)
    planned = pl.col("学号").is_in(rounds["学号"].unique().implode())
    reached = dated.sort("日期", maintain_order=True).join_asof(
        rounds, left_on="日期", right_on=_STARTED, by="学号", check_sortedness=False
    )
    by_plan, by_month = pl.col(ROUND).fill_null(0), _months_since(first)
    return reached.with_columns(pl.when(planned).then(by_plan).otherwise(by_month).alias(ROUND))


def _rounds(school: School) -> pl.DataFrame:
    """学号, the day on which a round begins and its number, by day."""
    begun = school[PLANS].filter(pl.col("阶段") == CARRYING).select(学号=STUDENT, _started="开始").drop_nulls().unique()
    return begun.sort(_STARTED).with_columns(
        (pl.col(_STARTED).cum_count().over("学号").cast(pl.Int64) - 1).alias(ROUND)
    )


def _months_since(first: date) -> pl.Expr:
    day = pl.col("日期")
    months = (day.dt.year() - first.year) * 12 + day.dt.month().cast(pl.Int32) - first.month
    return months.cast(pl.Int64)
