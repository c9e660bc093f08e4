"""What the pages of teachers brought for each class, as its homeroom teacher reads it."""

from __future__ import annotations

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.helpers import LABEL, helpers
from xlbangfu.rules.people import split
from xlbangfu.rules.school import School
from xlbangfu.schema import LOG, PROXY_PARENT, ROSTER

_COUNSELLING = "心理咨询"


@asks_much
def teacher_reports(school: School, out: pl.DataFrame, collected: pl.DataFrame) -> pl.DataFrame:
    """A row for each class and teacher who helps someone there and whose page is out or came back this term, in the order of 教师.

    班级, 教师, 教师姓名, 学生 (a list of names), 发出, 交回 (when the page did so last; null where it never did), 条数 (entries for
    students of the class that such pages brought this term), and 日期, 类型, 谁 of the latest of them; a counselling is counted and
    never named. 代管家长 are left out: they would tell of the home. ``out`` has 教师 and 时间, as ``returns.latest``; ``collected`` is 收回记录.
    """
    start = school.settings.term_start
    rooms = school[ROSTER].select("学号", 学生="姓名", 班级="班级").drop_nulls("学号").unique("学号", keep="first")
    pairs = helpers(school, but=[PROXY_PARENT]).join(rooms, on="学号", maintain_order="left").drop_nulls("班级")
    by_class = pairs.group_by("班级", LABEL, "教师姓名", maintain_order=True).agg(
        pl.col("学生").fill_null(pl.col("学号"))
    )
    mine = collected.filter(pl.col(LABEL).is_not_null(), pl.col("时间").dt.date() >= start)
    back = mine.group_by(LABEL).agg(交回=pl.col("时间").max())
    went = out.filter(pl.col("时间").dt.date() >= start).select(LABEL, 发出="时间")
    brought = _brought(school, mine, rooms)
    return (
        by_class.join(went, on=LABEL, how="left", maintain_order="left")
        .join(back, on=LABEL, how="left", maintain_order="left")
        .filter(pl.any_horizontal(pl.col("发出", "交回").is_not_null()))
        .join(brought, on=["班级", LABEL], how="left", maintain_order="left")
        .with_columns(pl.col("条数").fill_null(0))
    )


def _brought(school: School, collected: pl.DataFrame, rooms: pl.DataFrame) -> pl.DataFrame:
    """班级, 教师, 条数, 日期, 类型, 谁 of the entries that are in 记录 still."""
    numbers = collected.select(LABEL, 记录编号="编号").drop_nulls().unique()
    entries = school[LOG].select("记录编号", "日期", "类型", split(pl.col("学号")).alias("学号")).explode("学号")
    known = (
        entries.join(numbers, on="记录编号", maintain_order="left")
        .join(rooms, on="学号", maintain_order="left")
        .sort("日期", maintain_order=True)
    )
    last = pl.col("类型") != _COUNSELLING
    return known.group_by("班级", LABEL, maintain_order=True).agg(
        条数=pl.len(),
        日期=pl.col("日期").filter(last).last(),
        类型=pl.col("类型").filter(last).last(),
        谁=pl.col("学生").filter(last).last(),
    )
