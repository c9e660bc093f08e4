"""Who is inside the lines of screening by marks (DOMAIN rule 4), exam by exam.

Inside: the share of the 年级 strictly worse is below 「排查百分位」, or 「排查不及格科数」 counted subjects are below their
及格线. A missed exam, whole or in part, is inside.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.numbers import exact, sum_of
from xlbangfu.rules.papers import PASSING, counted_in, line_of, papers, subjects_of
from xlbangfu.rules.school import School
from xlbangfu.rules.sittings import GROUP, sittings

FAILING, INSIDE = "_failing", "_inside"


def study_needs(school: School, ranking: pl.DataFrame, students: pl.Series) -> pl.DataFrame:
    """考试编号, 学号, FAILING (how many counted subjects) and INSIDE for each exam that one of ``students`` sat."""
    rows = ranking.select("考试编号", "学号", "年级名次", "百分位").filter(pl.col("学号").is_in(students.implode()))
    share, most = school.settings.screening_share, school.settings.screening_failing
    low = (pl.col("百分位") < share) | (pl.col(FAILING) >= most)
    return rows.join(failing(school, students), on=["考试编号", "学号"], how="left").select(
        "考试编号", "学号", pl.col(FAILING).fill_null(0), (pl.col("年级名次").is_null() | low).alias(INSIDE)
    )


def failing(school: School, students: pl.Series) -> pl.DataFrame:
    """考试编号, 学号 and FAILING: how many counted subjects are below 及格线 (a missed one is none of them)."""
    found, subjects = sittings(school), subjects_of(school)
    lines = papers(school, found.rows, by=[GROUP, "年级"]).drop("年级")
    below = [
        pl.col(counted_in(subject)).is_not_null() & (exact(pl.col(subject)) < pl.col(line_of(subject, PASSING)))
        for subject in subjects
    ]
    return (
        found.rows.filter(pl.col("学号").cast(pl.String).is_in(students.implode()))
        .join(lines, on=GROUP)
        .select(pl.col("考试编号", "学号").cast(pl.String), sum_of(one.cast(pl.Int64) for one in below).alias(FAILING))
    )
