"""劝返 in a new term: cases that are open go on, with all their rows; those that ended stay in the old workbook.

A case is a student and a 疑似日期; the last 结果 that is filled in is where it stands, and 复学, 转出 and 辍学 end it.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import DROPPED_OUT, ROW, SEPARATOR, TRANSFERRED

SHEET = "劝返"
_ENDS = ("复学", TRANSFERRED, DROPPED_OUT)
_CASE = (STUDENT, "疑似日期")
_SHOWN = 10


def open_recalls(recalls: pl.DataFrame) -> pl.DataFrame:
    """ROW and STUDENT of the rows of 劝返 (with STUDENT) whose case is open; a row of nobody known is one."""
    placed = recalls.sort("劝返日期", ROW, nulls_last=False, maintain_order=True)
    last = pl.col("结果").drop_nulls().last().over(_CASE)
    ended = placed.select(ROW, STUDENT, last.is_in(_ENDS).fill_null(False).alias("_ended"))
    return ended.filter(~pl.col("_ended")).select(ROW, STUDENT).sort(ROW)


def check_graduates(recalls: pl.DataFrame, graduates: pl.Series) -> None:
    """Raise BadArgument where somebody who graduates is still to be brought back."""
    held = recalls.filter(pl.col(STUDENT).is_in(graduates.implode()))[STUDENT].unique(maintain_order=True)
    if held.len():
        more = f" 等 {held.len()} 名" if held.len() > _SHOWN else ""
        raise BadArgument(
            f"毕业班的学号 {SEPARATOR.join(held.head(_SHOWN))}{more}在“劝返”里还没有结果，没有做；请先写上结果（复学、转出或辍学），再做一次。"
        )
