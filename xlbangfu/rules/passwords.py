"""Whose pages are encrypted with what: the rows of 口令, by class and by teacher."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.rules.helpers import label
from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import PASSWORDS, TEACHERS


def passwords_of(school: School) -> Mapping[str, str]:
    """The 口令 by class and by teacher ("工号 姓名"), of those who have one; a row that names both is for both."""
    rows = with_owners(school, school[PASSWORDS]).drop_nulls("口令").unique("_owner", keep="first", maintain_order=True)
    return dict(rows.select("_owner", "口令").iter_rows())


def with_owners(school: School, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of 口令 with ``_owner``, the class or the teacher that they are for, a row for each."""
    numbers = teacher_ids(rows["教师"], school[TEACHERS]).alias("工号")
    names = school[TEACHERS].select("工号", label(pl.col("工号"), pl.col("姓名")).alias("_label"))
    known = rows.with_columns(numbers).join(
        names.drop_nulls("工号").unique("工号", keep="first"), on="工号", how="left", maintain_order="left"
    )
    return known.with_columns(pl.concat_list("班级", "_label").alias("_owner")).explode("_owner").drop_nulls("_owner")
