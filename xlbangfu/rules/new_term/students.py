"""Who of 名册 goes on into the next term, and in which class.

* Who is in a class that graduates leaves, unless the list of a new division names a class (留级) or the student is 休学 and
  comes back.
* Who is 转出 leaves, unless marks that are kept still count: without them others' places in those exams would change.
* All others stay, 辍学 too: they are counted and asked back.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.rules.new_term.division import Division
from xlbangfu.rules.new_term.promotion import ClassMove
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import ON_LEAVE, ROSTER, ROW, SCORES, TRANSFERRED

ROOM, WAS, FATE = "_room", "_was", "_fate"
STAYS, GRADUATES, LEFT = "stays", "graduates", "left"


def fates(school: School, moves: Sequence[ClassMove], division: Division, exams: Sequence[str]) -> pl.DataFrame:
    """ROW, 学号, WAS (班级 today), ROOM (班级 next term) and FATE of every row of 名册, in its order."""
    names = {move.before: move.name for move in moves if move.name}
    graduating = [move.before for move in moves if move.graduates]
    counted = school[SCORES].filter(pl.col("考试编号").is_in(list(exams)))[STUDENT].drop_nulls()
    roster = school[ROSTER].select(
        ROW, "学号", "在籍状态", pl.col("班级").alias(WAS), pl.col("班级").replace(names).alias("_moved")
    )
    listed = pl.col("学号").replace_strict(division.rooms, default=None, return_dtype=pl.String)
    finished = pl.col(WAS).is_in(graduating) & listed.is_null() & (pl.col("在籍状态") != ON_LEAVE).fill_null(True)
    gone = (pl.col("在籍状态") == TRANSFERRED).fill_null(False) & ~pl.col("学号").is_in(counted.implode())
    fate = pl.when(finished.fill_null(False)).then(pl.lit(GRADUATES)).when(gone).then(pl.lit(LEFT))
    return roster.select(
        ROW,
        "学号",
        "在籍状态",
        WAS,
        pl.coalesce(listed, "_moved").alias(ROOM),
        fate.otherwise(pl.lit(STAYS)).alias(FATE),
    )
