"""The pairings that run (状态 执行), and the proposals that staff have ticked: both stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.rules.people import STUDENT, teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASS_PATRON, CLASSES, PAIRINGS, RUNNING, TEACHERS

TEACHER, HELPER = "_teacher", "_helper"  # 工号 and 学号
_COLUMNS = ("类型", "班级", STUDENT, TEACHER, HELPER)


@dataclass(frozen=True)
class Running:
    """``rows``: 类型, 班级 (of 包班), STUDENT, TEACHER, HELPER of every pairing that stays."""

    rows: pl.DataFrame

    @classmethod
    def of(cls, school: School) -> Running:
        """The pairings of 结对, and the 包班行政 that 班级 names."""
        pairs = school[PAIRINGS].filter(pl.col("状态") == RUNNING)
        classes = school[CLASSES].filter(pl.col("包班行政").is_not_null())
        named = pairs.with_columns(
            teacher_ids(pairs["教师"], school[TEACHERS]).alias(TEACHER), pl.col("学习帮手").alias(HELPER)
        )
        patrons = classes.select(
            pl.lit(CLASS_PATRON).alias("类型"),
            "班级",
            teacher_ids(classes["包班行政"], school[TEACHERS]).alias(TEACHER),
        )
        rows = pl.concat([named.select(_COLUMNS), patrons], how="diagonal")
        patron = pl.col("类型") == CLASS_PATRON
        return cls(pl.concat([rows.filter(~patron), rows.filter(patron).unique(["班级", TEACHER])], how="vertical"))

    def with_rows(self, more: pl.DataFrame) -> Running:
        """These and more, which have the same columns."""
        return Running(pl.concat([self.rows, more.select(_COLUMNS)]))

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
