"""What each letter says, decided on plain data.

* Level and progress are those of the student's latest exam of the school year that ranks (no 单元 or 竞赛). A missed or
  exempt exam gives a neutral sentence; so does none.
* Progress is in words: the percentile points of DOMAIN rule 9 choose which, and no number is told.
* Habits are the mean of the latest month's behaviour marks, in words.
* Honours are those of this term in 荣誉, without the name of any list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from xlbangfu.documents.slips import letter_words
from xlbangfu.documents.slips.letter import ClassSlips, Letter
from xlbangfu.errors import BadArgument
from xlbangfu.rules import roll
from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, CONDUCT, EXAMS, ROSTER, TEACHERS
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import TRACKED_ONLY

_NOT_IN_TRENDS = ["单元", "竞赛"]
_LEAST = 3  # characters: what is left of “年级第3名” is no honour's name
_MARKS = ["学习态度", "作业", "纪律", "品德", "参与"]


def slips(
    school: School,
    ranking: pl.DataFrame,
    awards: pl.DataFrame,
    *,
    classes: Sequence[str] | None = None,
    made: datetime,
) -> list[ClassSlips]:
    """The letters by class, in the order of 班级 and 学号; classes without a student to write for are left out.

    ``school`` is without its errors, ``ranking`` is 排名, ``awards`` 荣誉 as read; ``classes`` names those wanted, None
    wants all. Raises BadArgument for a class that 班级 does not have.
    """
    class_names = _rooms(school, classes)
    students = (
        _students(school, list(class_names))
        .join(_results(school, ranking), on="学号", how="left")
        .join(_habits(school), on="学号", how="left")
    )
    honours = _honours(awards, school.settings)

    by_class: dict[str, list[Letter]] = {}
    for row in students.sort("学号").iter_rows(named=True):
        by_class.setdefault(row["班级"], []).append(_letter(row, honours.get(row["学号"], []), school.settings))
    return [
        ClassSlips(
            class_name=class_name,
            homeroom=homeroom,
            school=letter_words.unbranded(school.settings.school, school.settings.public_name),
            term=school.settings.term,
            day=school.today,
            made=made,
            a_page=int(school.settings.slips_a_page),
            letters=tuple(by_class[class_name]),
        )
        for class_name, homeroom in class_names.items()
        if class_name in by_class
    ]


def _rooms(school: School, classes: Sequence[str] | None) -> dict[str, str]:
    """班级 → its 班主任's name, of those wanted."""
    known = school[CLASSES].filter(pl.col("班级").is_not_null()).unique("班级", keep="first", maintain_order=True)
    wanted = known["班级"].to_list() if classes is None else [_typed(name) for name in classes]
    if missing := sorted(set(wanted) - set(known["班级"])):
        raise BadArgument(f"班级表里没有“{'、'.join(missing)}”，请按班级表的写法写班级。")
    names = dict(school[TEACHERS].select("工号", "姓名").iter_rows())
    numbers = teacher_ids(known["班主任"], school[TEACHERS])
    pairs = zip(known["班级"], numbers, strict=True)
    return {class_name: names.get(number) or "" for class_name, number in pairs if class_name in set(wanted)}


def _typed(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _students(school: School, class_names: list[str]) -> pl.DataFrame:
    """Whom letters are written for: on the roll today, in these classes, and tracked unless all are wanted."""
    day = pl.lit(school.today)
    wanted = roll.on_roll(day) & pl.col("班级").is_in(class_names) & pl.col("学号").is_not_null()
    if school.settings.slip_students == TRACKED_ONLY:
        wanted &= roll.tracked(day)
    return school[ROSTER].filter(wanted).select("学号", "姓名", "班级", "困难类型").unique("学号", keep="first")


def _results(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """By 学号: 日期, 类型, 等级 and the change in percentile points of the latest exam; null points without a baseline."""
    held = pl.col("日期").is_between(school.settings.year_start, school.today)
    exams = school[EXAMS].filter(held, ~pl.col("类型").is_in(_NOT_IN_TRENDS)).select("考试编号", "日期", "类型")
    ranked = pl.col("年级名次").is_not_null() & pl.col("基线名次").is_not_null()
    then = ranking.select("学号", 基线考试="考试编号", _then="百分位")
    return (
        ranking.join(exams, on="考试编号")
        .sort("日期", descending=True, maintain_order=True)
        .unique("学号", keep="first", maintain_order=True)
        .join(then, on=["学号", "基线考试"], how="left")
        .select(
            "学号", "日期", "类型", "等级", _points=pl.when(ranked).then((pl.col("百分位") - pl.col("_then")) * 100)
        )
    )


def _habits(school: School) -> pl.DataFrame:
    """By 学号: the mean of the five marks in the latest month of this school year that has any."""
    months = pl.col("月份").is_between(pl.lit(f"{school.settings.year_start:%Y-%m}"), pl.lit(f"{school.today:%Y-%m}"))
    return (
        school[CONDUCT]
        .filter(months, pl.col(STUDENT).is_not_null())
        .select(学号=STUDENT, 月份="月份", _habits=pl.mean_horizontal(_MARKS))
        .drop_nulls("_habits")
        .group_by("学号", "月份")
        .agg(pl.col("_habits").mean())
        .sort("月份")
        .unique("学号", keep="last")
        .select("学号", "_habits")
    )


def _honours(awards: pl.DataFrame, settings: Settings) -> dict[str, list[str]]:
    given = awards.filter(pl.col("学期") == settings.term, pl.col("学号").is_not_null(), pl.col("荣誉").is_not_null())
    found: dict[str, list[str]] = {}
    for number, honour in given.select("学号", "荣誉").iter_rows():
        found.setdefault(number, []).append(letter_words.unbranded(honour, settings.public_name))
    return {
        number: [honour for honour in dict.fromkeys(names) if len(honour) >= _LEAST] for number, names in found.items()
    }


def _letter(row: Mapping[str, Any], honours: Sequence[str], settings: Settings) -> Letter:
    name = row["姓名"] or ""
    mood = letter_words.mood(row["_points"], settings.progress_lines)
    return Letter(
        name=name,
        level=letter_words.level(row["日期"], row["类型"], row["等级"]),
        progress=letter_words.progress(mood, has_level=row["等级"] is not None),
        habits=letter_words.habits(row["_habits"]),
        honours=letter_words.listed(honours),
        encouragement=letter_words.encouragement(mood, settings).replace("{姓名}", name),
        advice=letter_words.advice(row["困难类型"], settings).replace("{姓名}", name),
    )
