"""What accepting the ticked rows of 疑似辍学 writes into 劝返 and 名册 (DOMAIN rule 15); nothing is judged anew.

* A ticked row is taken as the sheet shows it, if the same is still proposed; else it stays and is named. 劝返中 has nothing
  to accept.
* 疑似: a row of 劝返 with 疑似日期 and 情形; 劝返日期 and 结果 stay empty until somebody went.
* 名册改辍学, 名册改转出: 在籍状态, and 异动日期 with the day on which 劝返 says so. 名册改在读: 在籍状态, and 异动日期 is emptied. Nothing else
  of 名册 changes, and no row of 档案, 结对, 计划, 记录 or 成绩: the file stays, whoever leaves and comes back.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.rules import recalls
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    BEING_RECALLED,
    DROPPED_OUT,
    ON_ROLL,
    RECALLS,
    SUSPECTED,
    SUSPECTS,
    TO_DROPPED_OUT,
    TO_ON_ROLL,
    TO_TRANSFERRED,
    TRANSFERRED,
)

_STATUS = {TO_DROPPED_OUT: DROPPED_OUT, TO_TRANSFERRED: TRANSFERRED, TO_ON_ROLL: ON_ROLL}


class Acceptance(Struct, frozen=True, kw_only=True):
    """``entered`` are rows for 劝返; ``amends`` are frames of 学号 and one column of 名册; ``changed`` has 学号 and 变化 of those
    whose row of 名册 changes; ``refused`` are the 学号 of ticked rows that are not proposed any more."""

    entered: pl.DataFrame
    amends: tuple[pl.DataFrame, ...]
    changed: pl.DataFrame
    refused: pl.Series

    @property
    def rows(self) -> int:
        return self.entered.height + self.changed.height


def accept(ticked: pl.DataFrame, proposals: pl.DataFrame, school: School) -> Acceptance:
    """What the ticked rows of 疑似辍学 come to. ``proposals`` is the sheet as it would be made now."""
    asked = ticked.filter(pl.col("学号").is_not_null(), pl.col("变化") != BEING_RECALLED).unique(
        "学号", keep="first", maintain_order=True
    )
    taken = asked.select(SUSPECTS.keys).join(proposals, on=SUSPECTS.keys, how="inner", maintain_order="left")
    entered = taken.filter(pl.col("变化") == SUSPECTED).select("学号", "姓名", "班级", "疑似日期", "情形")
    changed = taken.filter(pl.col("变化").is_in(list(_STATUS)))
    return Acceptance(
        entered=pl.concat([RECALLS.empty(), entered], how="diagonal"),
        amends=tuple(_amends(changed, school)) if changed.height else (),
        changed=changed.select("学号", "变化"),
        refused=asked.join(taken, on="学号", how="anti")["学号"],
    )


def _amends(changed: pl.DataFrame, school: School) -> list[pl.DataFrame]:
    """One frame a column, so that no other cell of a row is written."""
    ended = recalls.last_cases(school[RECALLS]).select(pl.col(STUDENT).alias("学号"), recalls.ENDED_ON)
    told = changed.join(ended, on="学号", how="left", maintain_order="left")
    left = pl.when(pl.col("变化") != TO_ON_ROLL).then(recalls.ENDED_ON)
    return [
        told.select("学号", pl.col("变化").replace_strict(_STATUS, return_dtype=pl.String).alias("在籍状态")),
        told.select("学号", left.alias("异动日期")),
    ]
