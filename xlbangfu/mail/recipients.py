"""Who gets a page: of a class its homeroom teacher, of a teacher who helps that teacher, and no one else (DOMAIN, Mail).

A class whose homeroom teacher cannot be told, has left, has no address, a doubtful one, or one that another teacher on
duty has too, is refused with the reason. Several classes of one teacher are fine.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.rules import people
from xlbangfu.rules.helpers import LABEL, helpers
from xlbangfu.rules.mail_addresses import doubts
from xlbangfu.rules.page_kinds import CLASS_PAGE, KIND, OWNER, TEACHER_PAGE
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, NO, SEPARATOR, TEACHERS, Table


def page_recipients(school: School, typed: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    """One row a page, those of classes first: OWNER, KIND, 工号, 收件人, 邮箱, 拒绝."""
    columns = (KIND, "工号", "收件人", "邮箱", "拒绝")
    classes = recipients(school, typed).with_columns(pl.lit(CLASS_PAGE.word).alias(KIND))
    teachers = teacher_recipients(school, typed).with_columns(pl.lit(TEACHER_PAGE.word).alias(KIND))
    return pl.concat(
        [
            classes.select(pl.col(CLASS_PAGE.owner).alias(OWNER), *columns),
            teachers.select(pl.col(TEACHER_PAGE.owner).alias(OWNER), *columns),
        ]
    )


def teacher_recipients(school: School, typed: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    """One row for each teacher who helps: 教师 ("工号 姓名"), 工号, 收件人, 邮箱, 拒绝."""
    own = helpers(school).unique("工号", keep="first", maintain_order=True)
    found = own.select(LABEL, "工号").join(
        _staff(school, typed[TEACHERS]), on="工号", how="left", maintain_order="left"
    )
    return found.select(LABEL, "工号", 收件人="姓名", 邮箱="邮箱", 拒绝=_bad_address())


def recipients(school: School, typed: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    """One row a class of 班级, in its order: 班级, 工号 and 收件人 (name) of the homeroom teacher, 邮箱, 拒绝 (why nothing is sent; null: fine).

    ``school`` is without its errors, ``typed`` the same sheets as read: a class whose row is in error is refused, and an
    address that stands in a row in error still counts as another teacher's.
    """
    classes = typed[CLASSES].filter(pl.col("班级").is_not_null()).unique("班级", keep="first", maintain_order=True)
    usable = school[CLASSES].unique("班级", keep="first")
    class_names = classes.with_columns(工号=people.teacher_ids(classes["班主任"], school[TEACHERS]))
    found = (
        class_names.join(usable.select("班级", _usable=True), on="班级", how="left", maintain_order="left")
        .join(_staff(school, typed[TEACHERS]), on="工号", how="left", maintain_order="left")
        .with_columns(_gone=pl.col("在岗") == NO)
    )
    return found.select("班级", "工号", 收件人="姓名", 邮箱="邮箱", 拒绝=_why_not())


def _staff(school: School, typed: pl.DataFrame) -> pl.DataFrame:
    """Usable teachers with what is doubtful about their address, and whose it is besides."""
    teachers = school[TEACHERS].filter(pl.col("工号").is_not_null()).unique("工号", keep="first", maintain_order=True)
    same = pl.col("邮箱").str.to_lowercase().alias("_same")
    holders = typed.filter((pl.col("在岗") != NO).fill_null(True) & pl.col("邮箱").is_not_null())
    pairs = teachers.select("工号", same).join(
        holders.select(same, _other="工号", _name=pl.coalesce("姓名", "工号", pl.lit("另一行"))), on="_same"
    )
    others = (
        pairs.filter(pl.col("_other").fill_null("") != pl.col("工号"))
        .group_by("工号")
        .agg(_others=pl.col("_name").unique().sort().str.join(SEPARATOR))
    )
    known = teachers.select("工号", "姓名", "邮箱", "在岗").with_columns(doubts(teachers["邮箱"]))
    return known.join(others, on="工号", how="left")


def _why_not() -> pl.Expr:
    """The first reason that holds."""
    name = pl.col("姓名")
    return (
        pl.when(pl.col("班主任").is_null())
        .then(pl.lit("没有班主任：在“班级”表填上"))
        .when(pl.col("_usable").is_null() | pl.col("工号").is_null())
        .then(pl.lit("班级表这一行有错误，或班主任在“教师”表里对不上：先点“校验”改好"))
        .when(pl.col("_gone"))
        .then(pl.format("{}已不在岗：在“班级”表换班主任", name))
        .otherwise(_bad_address())
    )


def _bad_address() -> pl.Expr:
    name, mended = pl.col("姓名"), "在“教师”表"
    return (
        pl.when(pl.col("邮箱").is_null())
        .then(pl.format("{}没有邮箱：" + mended + "填上", name))
        .when(pl.col("_doubt").is_not_null())
        .then(pl.format("{}的邮箱可疑（{}）：" + mended + "改好", name, pl.col("_doubt")))
        .when(pl.col("_others").is_not_null())
        .then(pl.format("{}的邮箱和{}的一样，不知道是谁的：" + mended + "改好", name, pl.col("_others")))
    )
