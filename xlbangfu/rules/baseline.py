"""Which exam an exam is compared with (DOMAIN, glossary: 基线考试), for each 年级 that sat it.

In this order, always among exams that the same cohort of students sat (``sittings`` says what a cohort is):

1. the one that 考试 names in 基线考试, if it is another exam and not a later one;
2. the latest 期末 of another 学期, on an earlier day;
3. the latest 期中, 期末 or 月考 on an earlier day.

So 单元, 竞赛, 模拟 and 摸底 are never a baseline unless named: their papers are not the school's regular ones. They have
baselines themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from xlbangfu.rules.sittings import COHORT, GROUP, Sittings

FINAL = "期末"
REGULAR = ("期中", FINAL, "月考")


def compared(found: Sittings) -> pl.DataFrame:
    """GROUP, 考试编号, 年级, the COHORT that most of its students belong to, and 基线考试, in the order of GROUP."""
    groups = (
        found.rows.group_by(GROUP, COHORT)
        .agg(pl.len().alias("_students"), pl.col("考试编号", "年级").first())
        .sort(GROUP, "_students", COHORT, descending=[False, True, False])
        .unique(GROUP, keep="first", maintain_order=True)
    )
    exams = {exam["考试编号"]: exam for exam in found.exams.iter_rows(named=True)}
    sat: dict[str, list[dict[str, Any]]] = {}
    for name, cohort in groups.select("考试编号", COHORT).iter_rows():
        sat.setdefault(cohort, []).append(exams[name])
    chosen = [_baseline(exams[name], sat[cohort]) for name, cohort in groups.select("考试编号", COHORT).iter_rows()]
    return groups.select(
        GROUP, "考试编号", "年级", COHORT, pl.Series("基线考试", chosen, dtype=pl.String).cast(found.exam)
    )


def _baseline(exam: dict[str, Any], sat: Sequence[dict[str, Any]]) -> str | None:
    """The baseline of ``exam`` among the exams that its cohort sat, which come by date."""
    named = [other for other in sat if other["考试编号"] == exam["基线考试"] and other["日期"] <= exam["日期"]]
    earlier = [other for other in sat if other["日期"] < exam["日期"]]
    finals = [other for other in earlier if other["类型"] == FINAL and other["学期"] != exam["学期"]]
    regular = [other for other in earlier if other["类型"] in REGULAR]
    for choice in (named, finals, regular):
        for other in reversed(choice):
            if other is not exam:
                return str(other["考试编号"])
    return None
