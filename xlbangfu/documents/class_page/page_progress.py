"""How each student goes from exam to exam, as much of it as 「班级页名次显示」 lets out.

Exams are those that rank: a quiz or a contest has no place in a trend. The last six by date, up to the edition's day.
With 不显示 the trend is that of the monthly behaviour marks, and nothing of any exam is told.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import polars as pl

from xlbangfu.documents.class_page.page import BY_RANK, WITHOUT
from xlbangfu.documents.privacy import neutral
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT, EXAMS

LAST = 6
_NOT_IN_TRENDS = ["单元", "竞赛"]
_MARKS = ["学习态度", "作业", "纪律", "品德", "参与"]
_AWARDED = ("一等奖", "二等奖", "三等奖")


class Progress(NamedTuple):
    """By class: what its trend's values are called. By student: the fields of ``page.Student`` that tell of progress."""

    trends: dict[str, tuple[str, ...]]
    fields: dict[str, dict[str, Any]]


def ranking_exams(school: School, on: date) -> pl.DataFrame:
    """考试编号, 日期, 类型, 名称 and _grades (年级 as typed) of the exams that rank, up to that day, earliest first;
    ``_at`` counts them."""
    return (
        school[EXAMS]
        .filter((pl.col("日期") <= on) & ~pl.col("类型").is_in(_NOT_IN_TRENDS))
        .select("考试编号", "日期", "类型", "名称", _grades="年级")
        .sort("日期", maintain_order=True)
        .with_row_index("_at")
    )


def progress(
    school: School, known: pl.DataFrame, students: pl.DataFrame, ranking: pl.DataFrame, prizes: pl.DataFrame, on: date
) -> Progress:
    """What may be told of the students' progress; ``known`` is the frame of ``ranking_exams``."""
    here = students.select("学号", _room="班级")
    if school.settings.shown_ranks == WITHOUT:
        return _by_month(school, here, on)
    return _by_exam(known, here, ranking, prizes, school.settings.shown_ranks, school.settings.public_name)


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
    known: pl.DataFrame, here: pl.DataFrame, ranking: pl.DataFrame, prizes: pl.DataFrame, shown: str, public_name: str
) -> Progress:
    prize = _prizes(prizes)
    labels: dict[str, dict[int, str]] = {}
    sat: dict[str, dict[int, _Result]] = {student: {} for student in here["学号"]}
    for row in _results(known, here, ranking).iter_rows():
        result = _Result._make(row)
        labels.setdefault(result.class_name, {})[result.at] = f"{result.day:%y.%m.%d}\n{result.kind}"
        sat[result.student][result.at] = result

    by_student: dict[str, dict[str, Any]] = {}
    for student, class_name in here.iter_rows():
        if class_name not in labels:
            continue
        results, slots = sat[student], sorted(labels[class_name])
        last = results.get(slots[-1])
        by_student[student] = {
            "trend": tuple(_rate(results.get(at)) for at in slots),
            "levels": " → ".join(result.level for _, result in sorted(results.items()) if result.level),
            "change": neutral(_change(last), public_name),
            "prize": _named(prize.get((last.exam, student)), last.kind) if last else "",
        }
        if shown == BY_RANK and last:
            by_student[student] |= {"grade_rank": last.grade_rank, "class_rank": last.class_rank}
    return Progress({class_name: tuple(at[i] for i in sorted(at)) for class_name, at in labels.items()}, by_student)


def _results(known: pl.DataFrame, here: pl.DataFrame, ranking: pl.DataFrame) -> pl.DataFrame:
    """The students' rows of 排名 for the last exams of their class, in the order of _Result."""
    return (
        ranking.lazy()
        .select("考试编号", "学号", "得分率", "年级名次", "班级名次", "等级", "进退", "说明")
        .join(here.lazy(), on="学号")
        .join(known.lazy(), on="考试编号")
        .filter(_among_the_last())
        .select(
            "_room", "学号", "_at", "日期", "类型", "考试编号", "得分率", "年级名次", "班级名次", "等级", "进退", "说明"
        )
        .collect()
    )


def _among_the_last() -> pl.Expr:
    """Among the last six of its class (``_room``), by ``_at``."""
    return pl.col("_at").rank("dense", descending=True).over("_room") <= LAST


def _prizes(prizes: pl.DataFrame) -> dict[tuple[str, str], str]:
    won = prizes.filter(pl.col("奖项").is_in(_AWARDED)).select("考试编号", "学号", "奖项")
    return {(exam, student): name for exam, student, name in won.iter_rows()}


def _named(prize: str | None, kind: str) -> str:
    """The prize as 荣誉 names it, such as 期末进步一等奖."""
    return f"{kind}进步{prize}" if prize else ""


def _rate(result: _Result | None) -> float | None:
    """The score rate of a whole exam: a student who missed a subject has none."""
    return result.rate if result and result.grade_rank is not None else None


def _change(result: _Result | None) -> str:
    """The student's own change in words, never a place: positive is progress."""
    if result is None:
        return "未参加"
    if result.grade_rank is None:
        return result.note or "未排"
    places = result.gained
    if places is None:
        return "无基线"
    return f"进步 {places} 名" if places > 0 else f"退步 {-places} 名" if places < 0 else "持平"


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
    return Progress(trends, by_student)
