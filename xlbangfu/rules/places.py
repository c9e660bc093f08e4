"""What output sheets may show of places among others (DOMAIN rule 16).

Where 「总表名次」 is 等级 the columns that the schema marks as a ``place`` are empty, those of subject ranks are left out, and rows
that came by rank come by class and 学号: an order tells a place as well. What is in words is worded so by the rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.schema import PRIZES, RANKING, Table
from xlbangfu.settings import Settings

_WITHIN = {RANKING: ("考试编号", "年级"), PRIZES: ("考试编号", "年级")}  # the groups whose rows come by rank
_SUBJECT_RANK = "名次"


def as_allowed(sheets: Mapping[Table, pl.DataFrame], settings: Settings) -> dict[Table, pl.DataFrame]:
    """The frames of output sheets as they may stand in the master."""
    if settings.shows_places:
        return dict(sheets)
    return {table: without_places(table, frame) for table, frame in sheets.items()}


def without_places(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without any place among others, and in an order that tells none."""
    hidden = [column.name for column in table if column.place and column.name in frame.columns]
    others = [name for name in frame.columns if name not in table and name.endswith(_SUBJECT_RANK)]
    bare = frame.drop(others).with_columns(pl.lit(None, dtype=frame.schema[name]).alias(name) for name in hidden)
    group = _WITHIN.get(table)
    if group is None:
        return bare
    first = pl.int_range(pl.len()).min().over(group)
    return bare.sort(first, "班级", "学号", maintain_order=True)
