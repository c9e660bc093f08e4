"""The pairings that run (状态 执行), and the proposals that staff have ticked: both stay as they are.

A pairing with a teacher who is no longer 在岗 does not count, unless it is 锁定: it needs a successor, and ends when that one
is accepted.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.rules.people import STUDENT, teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASS_PATRON, CLASSES, NO, ONE_TO_ONE, PAIRINGS, PROXY_PARENT, RUNNING, TEACHERS, YES

TEACHER, HELPER = "_teacher", "_helper"  # 工号 and 学号
WHOM, AWAY = "_whom", "_away"  # 学号, or of 包班 the class; who is no longer 在岗, as typed
_COLUMNS = ("类型", "班级", STUDENT, TEACHER, HELPER)
_NEED_SUCCESSOR = (ONE_TO_ONE, PROXY_PARENT, CLASS_PATRON)


class Running(Struct, frozen=True):
    """``rows``: 类型, 班级 (of 包班), STUDENT, TEACHER, HELPER of every pairing that stays; ``ending``: 类型, WHOM, AWAY and
    结对编号 (null: the cell of 班级) of those that need a successor."""

    rows: pl.DataFrame
    ending: pl.DataFrame

    @classmethod
    def of(cls, school: School) -> Running:
        """The pairings of 结对, and the 包班行政 that 班级 names."""
        every = pl.concat([_pairings(school), _patrons(school)], how="diagonal")
        away = school[TEACHERS].filter(pl.col("在岗") == NO)["工号"].drop_nulls()
        ends = (
            pl.col(TEACHER).is_in(away.implode())
            & pl.col("类型").is_in(_NEED_SUCCESSOR)
            & (pl.col("锁定") != YES).fill_null(True)
        ).fill_null(False)
        patron = pl.col("类型") == CLASS_PATRON
        rows = every.filter(~ends).select(_COLUMNS)
        whom = pl.when(patron).then("班级").otherwise(STUDENT).alias(WHOM)
        return cls(
            pl.concat([rows.filter(~patron), rows.filter(patron).unique(["班级", TEACHER])], how="vertical"),
            every.filter(ends).select("类型", whom, pl.col("教师").alias(AWAY), "结对编号"),
        )

    def with_rows(self, more: pl.DataFrame) -> Running:
        """These and more, which have the same columns."""
        return Running(pl.concat([self.rows, more.select(_COLUMNS)]), self.ending)

    def students(self, kind: str) -> pl.Series:
        """学号 of the students who have a pairing of that 类型."""
        return self.rows.filter(pl.col("类型") == kind)[STUDENT].drop_nulls().unique()

    def classes(self) -> pl.Series:
        """The classes that have a 包班行政."""
        return self.rows.filter(pl.col("类型") == CLASS_PATRON)["班级"].drop_nulls().unique()

    def helpers(self) -> pl.Series:
        """学号 of those who help someone."""
        return self.rows[HELPER].drop_nulls().unique()

    def loads(self, kind: str) -> pl.DataFrame:
        """工号 and 手上: how many each teacher has of that 类型."""
        mine = self.rows.filter(pl.col("类型") == kind, pl.col(TEACHER).is_not_null())
        return mine.group_by(pl.col(TEACHER).alias("工号")).agg(pl.len().cast(pl.Int64).alias("手上"))


def _pairings(school: School) -> pl.DataFrame:
    pairs = school[PAIRINGS].filter(pl.col("状态") == RUNNING)
    return pairs.select(
        "类型",
        "班级",
        STUDENT,
        teacher_ids(pairs["教师"], school[TEACHERS]).alias(TEACHER),
        pl.col("学习帮手").alias(HELPER),
        "教师",
        "锁定",
        "结对编号",
    )


def _patrons(school: School) -> pl.DataFrame:
    classes = school[CLASSES].filter(pl.col("包班行政").is_not_null())
    return classes.select(
        pl.lit(CLASS_PATRON).alias("类型"),
        "班级",
        teacher_ids(classes["包班行政"], school[TEACHERS]).alias(TEACHER),
        pl.col("包班行政").alias("教师"),
    )
