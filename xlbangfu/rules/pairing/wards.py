"""Who needs whom: the students and classes that have no running pairing of a kind yet, in the order of 学号 and 班级."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.pairing.running import Running
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, ONE_TO_ONE, PEER, PROXY_PARENT, ROSTER, YES

_COUNTED = "一二三四五六七八九"


def students(school: School) -> pl.DataFrame:
    """The students on the roll, with 年级 of their class and ``_tracked``."""
    today = pl.lit(school.today)
    years = school[CLASSES].select("班级", "年级").unique("班级", keep="first")
    return (
        school[ROSTER]
        .filter(pl.col("学号").is_not_null(), roll.on_roll(today))
        .unique("学号", keep="first")
        .sort("学号")
        .with_columns(roll.tracked(today).alias("_tracked"))
        .join(years, on="班级", how="left", maintain_order="left")
    )


def without_teacher(here: pl.DataFrame, running: Running) -> pl.DataFrame:
    """Tracked students without a running 一对一."""
    return _without(here.filter("_tracked"), running, ONE_TO_ONE)


def without_helper(here: pl.DataFrame, running: Running) -> pl.DataFrame:
    """Tracked students who are weak in a subject and have no running 学习帮手."""
    return _without(here.filter("_tracked", pl.col("困难学科").is_not_null()), running, PEER)


def without_proxy_parent(here: pl.DataFrame, running: Running) -> pl.DataFrame:
    """Left-behind students without a running 代管家长."""
    return _without(here.filter((pl.col("留守") == YES).fill_null(False)), running, PROXY_PARENT)


def without_patron(classes: pl.DataFrame, running: Running) -> pl.DataFrame:
    """Classes without a 包班行政, be it in 班级 or in 结对."""
    return classes.filter(~pl.col("班级").is_in(running.classes().implode()))


def as_counted(class_name: pl.Expr) -> pl.Expr:
    """班级 and 年级 as people order them: 初二 before 初三, 2班 before 10班."""
    padded = class_name.str.replace_all(r"(^|\D)(\d)(\D|$)", "${1}0${2}${3}")
    return padded.str.replace_many(list(_COUNTED), [f"{number} " for number in range(1, 10)])


def _without(here: pl.DataFrame, running: Running, kind: str) -> pl.DataFrame:
    return here.filter(~pl.col("学号").is_in(running.students(kind).implode()))
