"""特殊群体: the groups of students that a school counts by themselves (DOMAIN rules 14 and 15).

Those of 特殊群体 in 名册, and 留守 and 家庭困难, which have columns of their own. A student may belong to several, so the counts of
the groups do not add up to the school's. Figures only; who belongs where is sensitive and leaves the workbook in no list.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.people import split
from xlbangfu.rules.school import School
from xlbangfu.schema import ROSTER, YES

GROUP = "特殊群体"
FLAGS = ("留守", "家庭困难")
GROUPS = (*FLAGS, *ROSTER[GROUP].choices)


def members(roster: pl.DataFrame) -> pl.DataFrame:
    """学号 and 特殊群体, one row for each group that a student of 名册 belongs to."""
    listed = roster.select("学号", split(pl.col(GROUP)).alias(GROUP)).explode(GROUP)
    flags = [roster.filter(pl.col(name) == YES).select("学号", pl.lit(name).alias(GROUP)) for name in FLAGS]
    return pl.concat([*flags, listed.filter(pl.col(GROUP).is_in(GROUPS))]).unique(maintain_order=True)


def group_counts(school: School) -> pl.DataFrame:
    """特殊群体, 在籍, 帮扶, 重点 and 辍学 (in the term) of each group that has any student, in the order of ``GROUPS``."""
    today = pl.lit(school.today)
    term = (pl.lit(school.settings.term_start), pl.lit(school.settings.term_end))
    roster = school[ROSTER].drop_nulls("学号").unique("学号", keep="first", maintain_order=True)
    here, listed = roll.on_roll(today), roll.on_roll(today) & roll.tracked(today)
    return (
        members(roster)
        .join(roster.drop(GROUP), on="学号")
        .group_by(GROUP)
        .agg(
            here.sum().cast(pl.Int64).alias("在籍"),
            listed.sum().cast(pl.Int64).alias("帮扶"),
            (listed & (pl.col("重点") == YES)).sum().cast(pl.Int64).alias("重点"),
            roll.dropped_out(*term).sum().cast(pl.Int64).alias("辍学"),
        )
        .sort(pl.col(GROUP).cast(pl.Enum(GROUPS)))
    )
