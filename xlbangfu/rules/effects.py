"""做法与效果: what became of students by how much of each kind of help they had. It tells of groups, not of what help does.

* A student counts with the latest exam up to today in which 进展 has a 变化 (percentile points against the baseline), and with
  the entries of 记录 from the day after the baseline exam up to the day of that exam.
* Of each kind three groups: none, at most the median of those who had any, more than that. 心理咨询 is left out, for that is
  nobody's table; 合计 are all other kinds together.
* Mean, and the interval in which it lies in 95 of 100 such samples (Student's t). A group of fewer than ``FEWEST`` has its
  number and no figure. Rounded half up to tenths.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from statistics import NormalDist

import polars as pl
from msgspec import Struct

from xlbangfu.rules.contacts import FAMILY, MARKING, TALK, TUTORING, VISIT
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.validation.check_parts import by_number, each_student
from xlbangfu.schema import EXAMS, LOG

FEWEST = 10  # students of a group that has a figure
ALL_KINDS = "合计"
KINDS = (TUTORING, TALK, MARKING, FAMILY, VISIT)
CAUTION = (
    "这张表只说做得多和做得少的学生后来各是怎样，说不出是不是帮扶带来的：教师往往给更困难的学生做得更多；"
    "原来考得特别低的，下次不帮也容易回升一些；一个组里各人的升降本来就有大有小。"
    "所以不能用它给教师排名次，也不能拿它说哪一种做法没有用。"
)
_TIMES, _CHANGE = "_times", "_change"


class Effect(Struct, frozen=True, kw_only=True):
    """A group: which kind of help, how often, how many students; ``mean``, ``low`` and ``high`` in percentile points, None
    where there are too few."""

    kind: str
    amount: str
    students: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def effects(school: School, ranking: pl.DataFrame, progress: pl.DataFrame) -> list[Effect]:
    """By kind (合计 first), then from none to much; kinds of which nobody had any are left out. ``ranking`` is 排名, ``progress``
    进展 of today."""
    students = _students(school, ranking, progress)
    entries = _entries(school, students)
    found: list[Effect] = []
    for kind in (ALL_KINDS, *KINDS):
        mine = entries if kind == ALL_KINDS else entries.filter(pl.col("类型") == kind)
        counts = mine.group_by("学号").agg(pl.len().cast(pl.Int64).alias(_TIMES))
        if counts.height:
            found += _groups(
                kind, students.join(counts, on="学号", how="left").with_columns(pl.col(_TIMES).fill_null(0))
            )
    return found


def _students(school: School, ranking: pl.DataFrame, progress: pl.DataFrame) -> pl.DataFrame:
    """学号, _CHANGE and the days after and up to which help counts, ``_after`` and ``_to``, of the latest exam with a change."""
    days = school[EXAMS].select("考试编号", "日期").drop_nulls().unique("考试编号", keep="first")
    sat = ranking.select("考试编号", "学号", "基线考试")
    return (
        progress.filter(pl.col("变化").is_not_null())
        .select("考试编号", "学号", pl.col("变化").alias(_CHANGE))
        .join(sat, on=["考试编号", "学号"])
        .join(days.rename({"日期": "_to"}), on="考试编号")
        .join(days.rename({"考试编号": "基线考试", "日期": "_after"}), on="基线考试")
        .sort("_to", "学号", descending=[True, False])
        .unique("学号", keep="first", maintain_order=True)
        .select("学号", "_after", "_to", _CHANGE)
    )


def _entries(school: School, students: pl.DataFrame) -> pl.DataFrame:
    """学号 and 类型 of each entry that counts; a session counts for each student of it."""
    log = school[LOG].select("学号", STUDENT, "类型", "日期").filter(pl.col("类型").is_in(KINDS))
    single, sessions = by_number(log)
    frames = [single.select(STUDENT, "类型", "日期")]
    if sessions.height:
        each = each_student(sessions.with_row_index("_session")).unique([STUDENT, "_session"])
        frames.append(each.select(STUDENT, "类型", "日期"))
    return (
        pl.concat(frames)
        .join(students, left_on=STUDENT, right_on="学号")
        .filter(pl.col("日期") > pl.col("_after"), pl.col("日期") <= pl.col("_to"))
        .select("类型", 学号=STUDENT)
    )


def _groups(kind: str, students: pl.DataFrame) -> Iterator[Effect]:
    """``students`` have _TIMES and _CHANGE."""
    some = students.filter(pl.col(_TIMES) > 0)[_TIMES]
    middle, most = int(some.quantile(0.5, "lower") or 1), int(some.max() or 1)  # type: ignore[arg-type]  # whole numbers
    bounds = [(0, 0, "没有做"), (1, middle, _amount(1, middle)), (middle + 1, most, f"{middle + 1}次以上")]
    for low, high, amount in bounds:
        group = students.filter(pl.col(_TIMES).is_between(low, high))
        if low <= high:
            yield _effect(kind, amount, group[_CHANGE])


def _amount(low: int, high: int) -> str:
    return f"{low}次" if low == high else f"{low}到{high}次"


def _effect(kind: str, amount: str, changes: pl.Series) -> Effect:
    count = changes.len()
    if count < FEWEST:
        return Effect(kind=kind, amount=amount, students=count)
    mean, spread = float(changes.mean()), float(changes.std())  # type: ignore[arg-type]  # numbers, and ten of them
    reach = student_t(count - 1) * spread / sqrt(count)
    return Effect(
        kind=kind,
        amount=amount,
        students=count,
        mean=_tenths(mean),
        low=_tenths(mean - reach),
        high=_tenths(mean + reach),
    )


def student_t(freedom: int, share: float = 0.95) -> float:
    """The two-sided quantile of Student's t, by Cornish and Fisher's expansion: to 0.001 from nine degrees of freedom on.

    >>> round(student_t(9), 2), round(student_t(1000), 2)
    (2.26, 1.96)
    """
    z = NormalDist().inv_cdf((1 + share) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _tenths(value: float) -> float:
    return float(pl.select(half_up(pl.lit(value), 1)).item())
