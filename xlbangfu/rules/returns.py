"""Which class pages are out, which came back, and which are later than 「收回期限」 days (DOMAIN, "Class pages").

A page is expected back from every class that has tracked students on the roll today. It went out when it was mailed, or,
handed over otherwise, when pages were last made; it is back when any page of the class was collected since.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from xlbangfu.rules.roll import on_roll, tracked
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, ROSTER

MAKING = ("班级页", "一键完成")  # the actions that make pages for all classes, as 运行记录 calls them
_IN_WORDS = r"班级页 \d+ 份（班级:校验码）(.+)$"  # in 说明 until 0.2.0
OUT = {"班级": pl.String(), "时间": pl.Datetime("us")}


def made(runs: pl.DataFrame) -> pl.DataFrame:
    """When the latest page of each class was made, from the codes of 运行记录: 班级, 时间."""
    codes = pl.coalesce("校验码", pl.col("说明").str.extract(_IN_WORDS))
    return (
        runs.filter(pl.col("操作").is_in(MAKING))
        .select(pl.col("时间").cast(pl.Datetime("us")), _made=codes)
        .with_columns(pl.col("_made").str.extract_all(r"[^、]+?:[0-9a-f]{12}"))
        .explode("_made")
        .select(pl.col("_made").str.head(-13).alias("班级"), "时间")
        .drop_nulls()
        .group_by("班级", maintain_order=True)
        .agg(pl.col("时间").max())
    )


def latest(*outs: pl.DataFrame) -> pl.DataFrame:
    """Of several frames with 班级 and 时间 the first that knows a class."""
    known = pl.concat([pl.DataFrame(schema=OUT), *(out.select(list(OUT)) for out in outs)])
    return known.unique("班级", keep="first", maintain_order=True)


def expected(school: School) -> pl.DataFrame:
    """The classes whose page is to be filled in: 班级, and how many tracked students are on the roll there today."""
    day = pl.lit(school.today)
    mine = school[ROSTER].filter(tracked(day) & on_roll(day), pl.col("班级").is_not_null())
    return mine.group_by("班级", maintain_order=True).len("人数")


def waiting(school: School, out: pl.DataFrame, collected: pl.DataFrame) -> pl.DataFrame:
    """The classes whose page is out and not back, in the order of 班级: 班级, 班主任, 时间 (when it went out).

    ``out`` has 班级 and 时间; ``collected`` is 收回记录.
    """
    back = collected.group_by("班级").agg(_came=pl.col("时间").max())
    rooms = (
        school[CLASSES]
        .filter(pl.col("班级").is_in(expected(school)["班级"].implode()))
        .unique("班级", keep="first", maintain_order=True)
    )
    return (
        rooms.select("班级", "班主任")
        .join(out, on="班级", how="inner", maintain_order="left")
        .join(back, on="班级", how="left", maintain_order="left")
        .filter((pl.col("_came") < pl.col("时间")).fill_null(True))
        .select("班级", "班主任", "时间")
    )


def late(school: School, waiting_now: pl.DataFrame, today: date) -> pl.DataFrame:
    """Of those waiting the classes later than 「收回期限」: 班级, 班主任, 时间, 应交 (the last day), 逾期天数."""
    days = school.settings.return_days
    due = pl.col("时间").dt.date() + timedelta(days=days)
    return (
        waiting_now.with_columns(应交=due)
        .with_columns(逾期天数=(pl.lit(today) - pl.col("应交")).dt.total_days())
        .filter(pl.col("逾期天数") > 0)
    )
