"""Which pages are out, which came back, and which are later than 「收回期限」 days (DOMAIN, "Class pages").

A page is expected back from every class that has tracked students on the roll today, and from every teacher with a running
pairing. It went out when it was mailed, or, handed over otherwise, when pages were last made; it is back when any page of the
class or teacher was collected since. The frames are of one kind of page, whose owner, 班级 or 教师, is their first column.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from xlbangfu.rules.helpers import LABEL, helpers
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind
from xlbangfu.rules.roll import on_roll, tracked
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, ROSTER


def out_schema(kind: PageKind) -> dict[str, pl.DataType]:
    """The columns of what went out: the owner, 时间."""
    return {kind.owner: pl.String(), "时间": pl.Datetime("us")}


def made(runs: pl.DataFrame, kind: PageKind = CLASS_PAGE) -> pl.DataFrame:
    """When the latest page of each owner was made, from the codes of 运行记录: the owner, 时间."""
    in_words = rf"{kind.word} \d+ 份{kind.hashes}(.+)$"  # where they stood in 说明 until 0.2.0
    codes = pl.coalesce("校验码", pl.col("说明").str.extract(in_words))
    mine = runs.filter(pl.col("操作").is_in(kind.makers))
    if mine.is_empty():
        return pl.DataFrame(schema=out_schema(kind))
    return (
        mine.select(pl.col("时间").cast(pl.Datetime("us")), _made=codes)
        .with_columns(pl.col("_made").str.extract_all(r"[^、]+?:[0-9a-f]{12}"))
        .explode("_made")
        .select(pl.col("_made").str.head(-13).alias(kind.owner), "时间")
        .drop_nulls()
        .group_by(kind.owner, maintain_order=True)
        .agg(pl.col("时间").max())
    )


def latest(*outs: pl.DataFrame) -> pl.DataFrame:
    """Of several frames with an owner and 时间 the first that knows an owner."""
    return pl.concat([*outs]).unique(outs[0].columns[0], keep="first", maintain_order=True)


def expected(school: School, kind: PageKind = CLASS_PAGE) -> pl.DataFrame:
    """The owners whose page is to be filled in, and 人数: how many tracked students are on the roll of the class, or how many
    own students the teacher has, today."""
    if kind == TEACHER_PAGE:
        return helpers(school).group_by(LABEL, maintain_order=True).len("人数")
    day = pl.lit(school.today)
    mine = school[ROSTER].filter(tracked(day) & on_roll(day), pl.col("班级").is_not_null())
    return mine.group_by("班级", maintain_order=True).len("人数")


def waiting(school: School, out: pl.DataFrame, collected: pl.DataFrame, kind: PageKind = CLASS_PAGE) -> pl.DataFrame:
    """The owners whose page is out and not back, in the order of 班级 or 教师: the owner, 时间 (when it went out).

    ``out`` has the owner and 时间; ``collected`` is 收回记录.
    """
    owner = kind.owner
    if out.is_empty():
        return pl.DataFrame(schema=out_schema(kind))
    back = collected.drop_nulls(owner).group_by(owner).agg(_came=pl.col("时间").max())
    return (
        _in_order(school, kind)
        .join(out, on=owner, how="inner", maintain_order="left")
        .join(back, on=owner, how="left", maintain_order="left")
        .filter((pl.col("_came") < pl.col("时间")).fill_null(True))
        .select(owner, "时间")
    )


def _in_order(school: School, kind: PageKind) -> pl.DataFrame:
    """The owners from whom a page is expected."""
    those = expected(school, kind)
    if kind == TEACHER_PAGE:
        return those.select(LABEL)
    rooms = school[CLASSES].filter(pl.col("班级").is_in(those["班级"].implode()))
    return rooms.unique("班级", keep="first", maintain_order=True).select("班级")


def late(school: School, waiting_now: pl.DataFrame, today: date) -> pl.DataFrame:
    """Of those waiting those later than 「收回期限」: the owner, 时间, 应交 (the last day), 逾期天数."""
    days = school.settings.return_days
    due = pl.col("时间").dt.date() + timedelta(days=days)
    return (
        waiting_now.with_columns(应交=due)
        .with_columns(逾期天数=(pl.lit(today) - pl.col("应交")).dt.total_days())
        .filter(pl.col("逾期天数") > 0)
    )
