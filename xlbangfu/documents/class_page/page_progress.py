"""How each student goes from exam to exam, as much of it as 「班级页名次显示」 lets out.

Exams are those that rank: a quiz or a contest has no place in a trend. The last six by date, up to the edition's day.
With 不显示 the trend is that of the monthly behaviour marks, and nothing of any exam is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from xlbangfu.documents.class_page.page import BY_RANK, WITHOUT
from xlbangfu.documents.class_page.subjects_told import subjects_told
from xlbangfu.documents.class_page.verdict import Sat, Step, verdict
from xlbangfu.documents.privacy import neutral
from xlbangfu.rules.progress import NOT_IN_TRENDS
from xlbangfu.rules.ranking import LEVELS
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.targets import in_view, level_aims
from xlbangfu.schema import CONDUCT, EXAMS

LAST = 6
_MARKS = ["学习态度", "作业", "纪律", "品德", "参与"]
_AWARDED = ("一等奖", "二等奖", "三等奖")


class Progress(NamedTuple):
    """By class: what its trend's values are called, and the subjects of its latest exam. By student: the fields of
    ``page.Student`` that tell of progress."""

    trends: dict[str, tuple[str, ...]]
    fields: dict[str, dict[str, Any]]
    subjects: dict[str, tuple[str, ...]]


def ranking_exams(school: School, on: date) -> pl.DataFrame:
    """考试编号, 日期, 类型, 名称 and _grades (年级 as typed) of the exams that rank, up to that day, earliest first;
    ``_at`` counts them."""
    return (
        school[EXAMS]
        .filter((pl.col("日期") <= on) & ~pl.col("类型").is_in(NOT_IN_TRENDS))
        .select("考试编号", "日期", "类型", "名称", _grades="年级")
        .sort("日期", maintain_order=True)
        .with_row_index("_at")
    )


def progress(
    school: School,
    known: pl.DataFrame,
    students: pl.DataFrame,
    ranking: pl.DataFrame,
    prizes: pl.DataFrame,
    on: date,
    steps: Mapping[str, Step],
) -> Progress:
    """What may be told of the students' progress; ``known`` is the frame of ``ranking_exams``, ``steps`` what 进展 says."""
    here = students.select("学号", _room="班级")
    if school.settings.shown_ranks == WITHOUT:
        return _by_month(school, here, on)
    return _by_exam(school, known, here, ranking, prizes, steps)


class _Result(NamedTuple):
    """One student's row of 排名 for one exam."""

    class_name: str
    student: str
    at: int
    day: date
    kind: str
    exam: str
    rate: float | None
    grade_rank: int | None
    class_rank: int | None
    level: str | None
    gained: int | None
    note: str | None


def _by_exam(
    school: School,
    known: pl.DataFrame,
    here: pl.DataFrame,
    ranking: pl.DataFrame,
    prizes: pl.DataFrame,
    steps: Mapping[str, Step],
) -> Progress:
    prize, kinds = _prizes(prizes), dict(known.select("考试编号", "类型").iter_rows())
    labels: dict[str, dict[int, str]] = {}
    latest: dict[str, tuple[int, str]] = {}
    sat: dict[str, dict[int, _Result]] = {student: {} for student in here["学号"]}
    for row in _results(known, here, ranking).iter_rows():
        result = _Result._make(row)
        labels.setdefault(result.class_name, {})[result.at] = f"{result.day:%y.%m.%d}\n{result.kind}"
        latest[result.class_name] = max(latest.get(result.class_name, (-1, "")), (result.at, result.exam))
        sat[result.student][result.at] = result
    told = subjects_told(school, here, {name: exam for name, (_, exam) in latest.items()}, ranking)
    targets = _targets(school, ranking)

    by_student: dict[str, dict[str, Any]] = {}
    for student, class_name in here.iter_rows():
        results, slots, step = sat[student], sorted(labels.get(class_name, ())), steps.get(student)
        target = targets.get(student, {})
        if not slots:
            by_student[student] = target | ({"step": step.word, "status": step.word} if step else {})
            continue
        last = results.get(slots[-1])
        found = verdict(
            last and Sat(last.exam, last.kind, last.grade_rank is not None, last.gained, last.note),
            step,
            prize.get((last.exam, student), "") if last else "",
            kind_of_step=kinds.get(step.exam or "", "") if step else "",
            public_name=school.settings.public_name,
        )
        by_student[student] = {
            "trend": tuple(_rate(results.get(at)) for at in slots),
            "levels": " → ".join(result.level for _, result in sorted(results.items()) if result.level),
            "subjects_told": told.students.get(student, ()),
            "step": found.step,
            "status": found.status,
            "change": neutral(found.change, school.settings.public_name),
            "prize": found.prize,
            "prize_basis": found.basis,
            **target,
        }
        if school.settings.shown_ranks == BY_RANK and last:
            by_student[student] |= {"grade_rank": last.grade_rank, "class_rank": last.class_rank}
    trends = {class_name: tuple(at[i] for i in sorted(at)) for class_name, at in labels.items()}
    return Progress(trends, by_student, told.classes)


def _targets(school: School, ranking: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """By student, what a page tells of the level that the plan aims at now: the total's, so its line is one of 「等级线」."""
    lines = dict(zip(LEVELS, school.settings.level_lines, strict=False))
    aims = {student: in_view(all_of) for student, all_of in level_aims(school, ranking).items()}
    return {
        student: {
            "target": neutral(aim.short, school.settings.public_name),
            "target_rate": lines.get(aim.level),
        }
        for student, aim in aims.items()
        if aim
    }


def _results(known: pl.DataFrame, here: pl.DataFrame, ranking: pl.DataFrame) -> pl.DataFrame:
    """The students' rows of 排名 for the last exams of their class, in the order of _Result."""
    return (
        ranking.select("考试编号", "学号", "得分率", "年级名次", "班级名次", "等级", "进退", "说明")
        .join(here, on="学号")
        .join(known, on="考试编号")
        .filter(_among_the_last())
        .select(
            "_room", "学号", "_at", "日期", "类型", "考试编号", "得分率", "年级名次", "班级名次", "等级", "进退", "说明"
        )
    )


def _among_the_last() -> pl.Expr:
    """Among the last six of its class (``_room``), by ``_at``."""
    return pl.col("_at").rank("dense", descending=True).over("_room") <= LAST


def _prizes(prizes: pl.DataFrame) -> dict[tuple[str, str], str]:
    won = prizes.filter(pl.col("奖项").is_in(_AWARDED)).select("考试编号", "学号", "奖项")
    return {(exam, student): name for exam, student, name in won.iter_rows()}


def _rate(result: _Result | None) -> float | None:
    """The score rate of a whole exam: a student who missed a subject has none."""
    return result.rate if result and result.grade_rank is not None else None


def _by_month(school: School, here: pl.DataFrame, on: date) -> Progress:
    means = (
        school[CONDUCT]
        .filter(pl.col("月份") <= f"{on:%Y-%m}")
        .join(here, left_on=STUDENT, right_on="学号")
        .group_by("_room", "月份", STUDENT)
        .agg(pl.mean_horizontal(_MARKS).mean().alias("mean"))
        .drop_nulls("mean")
        .with_columns(_at=pl.col("月份"))
    )
    found: dict[str, dict[str, dict[str, float]]] = {}
    for class_name, month, student, mean in (
        means.filter(_among_the_last()).select("_room", "月份", STUDENT, "mean").iter_rows()
    ):
        found.setdefault(class_name, {}).setdefault(month, {})[student] = mean
    trends = {class_name: tuple(sorted(months)) for class_name, months in found.items()}
    by_student = {
        student: {"trend": tuple(found[class_name][month].get(student) for month in trends[class_name])}
        for student, class_name in here.iter_rows()
        if class_name in found
    }
    return Progress(trends, by_student, {})
