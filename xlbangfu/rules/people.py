"""Who is meant: students and teachers named by number, by name, or by both.

A student is named by 学号, or by 姓名 with 班级, or by 姓名 alone where it is unique in the school; what is given must
agree. A teacher is named by "工号 姓名" or by either part alone where that is unique.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.schema import SEPARATOR

STUDENT = "_student"
_UNSEEN = "[\\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
_BETWEEN_PARTS = "[.\u2022\u30fb\u2027\u2219\u22c5\uff65]"  # all that stand for the · in a name


def plain(name: pl.Expr) -> pl.Expr:
    """A name or class as it is compared: half width, no spaces at all, one sign between the parts of a name.

    >>> pl.select(plain(pl.lit("王　小 明"))).item(), pl.select(plain(pl.lit("买买提•艾力"))).item()
    ('王小明', '买买提·艾力')
    """
    return name.str.normalize("NFKC").str.replace_all(_UNSEEN, "").str.replace_all(_BETWEEN_PARTS, "·")


def split(cell: pl.Expr) -> pl.Expr:
    """The parts of a cell that names several, whatever comma was typed.

    >>> pl.select(split(pl.lit("语文，数学 、英语"))).item().to_list()
    ['语文', '数学', '英语']
    """
    parts = cell.str.replace_all(r"\s*[、,，;；/\n]\s*", SEPARATOR).str.strip_chars(SEPARATOR + " \u3000")
    return parts.str.split(SEPARATOR)


def first_part(cell: pl.Expr) -> pl.Expr:
    """The first of several."""
    return split(cell).list.first()


def with_student(frame: pl.DataFrame, roster: pl.DataFrame, rooms: Mapping[str, str] | None = None) -> pl.DataFrame:
    """The frame with STUDENT: the 学号 of the one student that its 学号, 姓名 and 班级 agree on, else null.

    ``rooms`` are classes of the frame that 名册 spells otherwise.
    A cell with several 学号 gives its first; 姓名 and 班级 are then not compared.
    """
    people = roster.filter(pl.col("学号").is_not_null()).select(
        学号="学号", _name=plain(pl.col("姓名")), _class=plain(pl.col("班级"))
    )
    by_id = people.unique(subset=["学号"], keep="first")
    by_both = people.unique(subset=["_name", "_class"], keep="none").select("_name", "_class", _both="学号")
    by_name = people.unique(subset=["_name"], keep="none").select("_name", _only="学号")
    asked = frame.select(
        _id=first_part(pl.col("学号")),
        _several=(split(pl.col("学号")).list.len() > 1).fill_null(False),
        _n=plain(pl.col("姓名")),
        _c=plain(pl.col("班级").replace(dict(rooms))) if rooms else plain(pl.col("班级")),
    )
    found = (
        asked.join(by_id, left_on="_id", right_on="学号", how="left", maintain_order="left")
        .with_columns(_known=pl.col("_id").is_in(by_id["学号"].implode()))
        .join(by_both, left_on=["_n", "_c"], right_on=["_name", "_class"], how="left", maintain_order="left")
        .join(by_name, left_on="_n", right_on="_name", how="left", maintain_order="left")
    )
    name_agrees = pl.col("_n").is_null() | (pl.col("_n") == pl.col("_name")) | pl.col("_several")
    class_agrees = pl.col("_c").is_null() | (pl.col("_c") == pl.col("_class")) | pl.col("_several")
    student = found.select(
        pl.when(pl.col("_id").is_not_null())
        .then(pl.when(pl.col("_known").fill_null(False) & name_agrees & class_agrees).then(pl.col("_id")))
        .when(pl.col("_c").is_not_null())
        .then(pl.col("_both"))
        .otherwise(pl.col("_only"))
        .alias(STUDENT)
    )
    return frame.with_columns(student[STUDENT])


def teacher_ids(cells: pl.Series, teachers: pl.DataFrame) -> pl.Series:
    """The 工号 that each cell names, null where none or more than one fits; "工号 姓名" must agree.

    ``cells`` is text as typed; ``teachers`` is the frame of 教师. The answer has the same length and order.
    """
    staff = teachers.filter(pl.col("工号").is_not_null()).select(
        工号="工号", _name=plain(pl.col("姓名")), _both=pl.concat_str(pl.col("工号"), plain(pl.col("姓名")))
    )
    keys = pl.concat(
        [
            staff.select(_key="工号", 工号="工号").unique(subset=["_key"], keep="none"),
            staff.select(_key="_both", 工号="工号").unique(subset=["_key"], keep="none"),
            staff.select(_key="_name", 工号="工号").unique(subset=["_key"], keep="none"),
        ]
    ).unique(subset=["_key"], keep="first", maintain_order=True)
    asked = pl.DataFrame({"_key": cells.cast(pl.String)}).select(plain(pl.col("_key")))
    return asked.join(keys, on="_key", how="left", maintain_order="left")["工号"]


def teacher_label(teachers: pl.DataFrame) -> pl.DataFrame:
    """工号 beside how drop-downs and sheets show a teacher: "工号 姓名" (column 显示)."""
    return teachers.select("工号", "姓名", 显示=pl.concat_str("工号", "姓名", separator=" "))
