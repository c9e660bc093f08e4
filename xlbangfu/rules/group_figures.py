"""落实 and 进展 of each special group: the counts that stand beside those of the school, on 学校一页 and where 落实与进展 says what it found.

Figures only; a student counts in each group that 名册 names.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.progress import BETTER, latest
from xlbangfu.rules.school import School
from xlbangfu.rules.special_groups import GROUP, group_counts, members
from xlbangfu.schema import ROSTER, YES


class GroupFigures(NamedTuple):
    """Of one group: students on the roll, of these on the list, of these better in the latest exam; contacts overdue."""

    name: str
    here: int
    tracked: int
    better: int
    overdue: int


def group_figures(school: School, contacts: pl.DataFrame, progress: pl.DataFrame) -> tuple[GroupFigures, ...]:
    """Those of 落实 and 进展, of each group that has any student on the roll or the list, in the order of ``GROUPS``."""
    belongs = members(school[ROSTER].drop_nulls("学号").unique("学号", keep="first", maintain_order=True))
    here = school[ROSTER].filter(roll.on_roll(pl.lit(school.today)), roll.tracked(pl.lit(school.today)))["学号"]
    better = latest(progress).filter(pl.col("进展").is_in(BETTER), pl.col("学号").is_in(here.implode()))
    late = contacts.filter(pl.col("是否过期") == YES)

    def by_group(rows: pl.DataFrame) -> dict[str, int]:
        return dict(rows.join(belongs, on="学号").group_by(GROUP).len().iter_rows())

    rose, overdue = by_group(better), by_group(late)
    return tuple(
        GroupFigures(name, there, tracked, rose.get(name, 0), overdue.get(name, 0))
        for name, there, tracked in group_counts(school).select(GROUP, "在籍", "帮扶").iter_rows()
    )
