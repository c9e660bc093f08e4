"""The exams that go on into the next term: those that rules 4, 5 and 9 look back to, for each year of students that stays.

The last 「排查考试数」 (two at least) of 期中, 期末 and 月考; the last two of 期中 and 期末; the last 期末, which the next exam
is compared with; and what these were compared with themselves, so that 进退 and 进展 read as before.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.rules.baseline import FINAL, REGULAR, compared
from xlbangfu.rules.school import School
from xlbangfu.rules.sittings import COHORT, sittings
from xlbangfu.schema import EXAMS

MAJOR = ("期中", FINAL)
_LEAST = 2


def kept_exams(school: School, grades: Sequence[str]) -> list[str]:
    """考试编号 of the exams that are kept, in the order of 考试; ``grades`` are the 年级 of today that stay."""
    found = sittings(school)
    sat = (
        found.rows.select(pl.col("考试编号").cast(pl.String), pl.col(COHORT).cast(pl.String))
        .unique()
        .filter(pl.col(COHORT).is_in(list(grades)))
        .join(found.exams.select("考试编号", "类型", "日期"), on="考试编号")
        .filter(pl.col("日期") <= school.today)
        .sort("日期", "考试编号", descending=True)
    )
    wanted = pl.concat(
        [
            _last(sat, REGULAR, max(_LEAST, school.settings.screening_exams)),
            _last(sat, MAJOR, _LEAST),
            _last(sat, (FINAL,), 1),
        ]
    ).unique()
    pairs = compared(found).cast({"考试编号": pl.String, "基线考试": pl.String, COHORT: pl.String})
    baselines = pairs.join(wanted, on=["考试编号", COHORT])["基线考试"]
    ahead = school[EXAMS].filter(pl.col("日期") > school.today)["考试编号"]
    kept = {*wanted["考试编号"], *baselines.drop_nulls(), *ahead.drop_nulls()}
    return [exam for exam in school[EXAMS]["考试编号"].drop_nulls() if exam in kept]


def _last(sat: pl.DataFrame, kinds: Sequence[str], most: int) -> pl.DataFrame:
    """考试编号 and COHORT of the last exams of some kinds, for each cohort."""
    return sat.filter(pl.col("类型").is_in(list(kinds))).group_by(COHORT).head(most).select("考试编号", COHORT)
