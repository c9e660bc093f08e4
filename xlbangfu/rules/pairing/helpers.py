"""学习帮手: a classmate who does well in what the student finds hard (DOMAIN rule 6).

* Helpers are on the roll, not tracked, help nobody yet, and are in the top 「帮手名次」 of the class in the weak subject.
* The class is today's; a subject counts by the latest exam up to today, other than 单元 and 竞赛, in which anyone of the
  class has a mark in it. The top is ⌈share × marks⌉ places, at least one; whoever ties with the last of them is in.
* Each helps one student. Most students get one; then the helpers' places in the class add up to the least; then most of
  the last proposal is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from msgspec import Struct

from xlbangfu.rules.pairing.assignment import NOBODY, assign
from xlbangfu.rules.pairing.running import HELPER, Running
from xlbangfu.rules.people import split
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import EXAMS, PEER, SCORES

_NO_MEASURE = ("单元", "竞赛")
_TOP = {STUDENT: pl.String, "_room": pl.String, "_place": pl.Int64, "考试编号": pl.String, "_subject": pl.String}


class Helped(Struct, frozen=True):
    """``rows`` are rows of 结对建议, ``left`` the students without; ``marked`` says whether there are marks at all, ``alone``
    which of those left have no classmate who does well and is off the list, busy or free (学号)."""

    rows: pl.DataFrame
    left: pl.DataFrame
    marked: bool
    alone: pl.Series


def helpers_for(
    school: School, wards: pl.DataFrame, here: pl.DataFrame, running: Running, before: pl.DataFrame
) -> Helped:
    """A helper for each of ``wards``; ``here`` is everyone on the roll, ``before`` the last proposal."""
    free = here.filter(~pl.col("_tracked"), ~pl.col("学号").is_in(running.helpers().implode()))
    top = _top(school, wards, here)
    possible = _possible(wards, top, free, before)
    parts = possible.partition_by("班级", maintain_order=True) if possible.height else []
    chosen = pl.concat([possible.clear(), *map(_matched, parts)])
    rows = chosen.join(free.select(_helper="学号", _name="姓名"), on=HELPER, maintain_order="left").select(
        "学号",
        "姓名",
        "班级",
        pl.lit(PEER).alias("类型"),
        pl.concat_str(HELPER, "_name", separator=" ").alias("学习帮手"),
        pl.col("_subject").alias("帮扶学科"),
        _reason(school).alias("理由"),
    )
    left = wards.join(rows, on="学号", how="anti", maintain_order="left")
    classmates = _possible(left, top, here.filter(~pl.col("_tracked")), before)
    alone = left.join(classmates, on="学号", how="anti", maintain_order="left")["学号"]
    return Helped(rows, left, top.height > 0, alone)


def _reason(school: School) -> pl.Expr:
    """Why somebody can help, without a place where none is to be told (DOMAIN rule 16)."""
    if not school.settings.shows_places:
        return pl.format("本班{}学得好（{}）", "_subject", "考试编号")
    top = pl.lit(f"{school.settings.helper_share * 100:g}")
    return pl.format("本班{}第 {} 名（{}，前 {}%）", "_subject", "_place", "考试编号", top)


def _top(school: School, wards: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
    """The best of each class in each weak subject: STUDENT, ``_room``, ``_place``, 考试编号, ``_subject``."""
    wanted = set(wards.select(split(pl.col("困难学科")).explode())["困难学科"])
    subjects = [subject for subject in school.subjects if subject in wanted]
    if not wards.height or not subjects:
        return pl.DataFrame(schema=_TOP)
    held = (
        school[EXAMS]
        .filter(pl.col("日期") <= school.today, ~pl.col("类型").is_in(_NO_MEASURE).fill_null(False))
        .sort("日期", "考试编号")
        .select("考试编号", _order=pl.int_range(pl.len(), dtype=pl.Int64))
    )
    rooms = here.filter(pl.col("班级").is_in(wards["班级"].implode())).select(
        pl.col("学号").alias(STUDENT), _room="班级"
    )
    marks = school[SCORES].select("考试编号", STUDENT, *subjects).join(rooms, on=STUDENT).join(held, on="考试编号")
    return pl.concat([pl.DataFrame(schema=_TOP), *_best(marks, subjects, school.settings.helper_share)])


def _best(marks: pl.DataFrame, subjects: list[str], share: float) -> Iterator[pl.DataFrame]:
    for subject in subjects:
        latest = marks.filter(pl.col(subject).is_not_null()).filter(
            pl.col("_order") == pl.col("_order").max().over("_room")
        )
        count = pl.len().over("_room")
        yield (
            latest.with_columns(
                pl.col(subject).rank("min", descending=True).over("_room").cast(pl.Int64).alias("_place"),
                (count * share).round(9).ceil().cast(pl.Int64).clip(1).alias("_last"),
                pl.lit(subject).alias("_subject"),
            )
            .filter(pl.col("_place") <= pl.col("_last"))
            .select(list(_TOP))
        )


def _possible(wards: pl.DataFrame, top: pl.DataFrame, free: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Each student with each free helper of the class, in the subject where the helper is best."""
    best = top.join(free.select(pl.col("学号").alias(STUDENT)), on=STUDENT).rename({STUDENT: HELPER})
    asked = wards.select("学号", "姓名", "班级", split(pl.col("困难学科")).alias("_subject")).explode("_subject")
    kept = before.select("学号", HELPER).with_columns(_moved=pl.lit(0, dtype=pl.Int64))
    return (
        asked.join(best, left_on=["班级", "_subject"], right_on=["_room", "_subject"], maintain_order="left")
        .sort("学号", HELPER, "_place", "_subject")
        .unique(["学号", HELPER], keep="first", maintain_order=True)
        .join(kept, on=["学号", HELPER], how="left", maintain_order="left")
        .with_columns(pl.col("_moved").fill_null(1))
    )


def _matched(possible: pl.DataFrame) -> pl.DataFrame:
    """Of the pairs possible in one class, those that serve most students and then have the best helpers."""
    row, column = (possible[name].rank("dense").to_numpy().astype(np.int64) - 1 for name in ("学号", HELPER))
    price = possible["_place"].to_numpy() * (possible.height + 1) + possible["_moved"].to_numpy()
    never = int(price.max()) * (int(row.max()) + 1) + 1
    table = np.full((int(row.max()) + 1, int(column.max()) + 1), never, dtype=np.int64)
    which = np.zeros_like(table)
    table[row, column], which[row, column] = price, np.arange(possible.height)
    helpers = table.shape[1]
    found = assign(table, np.zeros(helpers, dtype=np.int64), np.ones(helpers, dtype=np.int64))
    served = np.flatnonzero(found != NOBODY)
    chosen = which[served, found[served]][table[served, found[served]] < never]
    return possible[pl.Series(chosen)]
