"""What accepting the ticked rows of 排查 writes into 名册 and 档案 (DOMAIN rule 4); nothing is judged anew.

* A ticked row is taken as the sheet shows it, if the student is still there and the same is still proposed; else it stays.
* 新增 and 待定: 帮扶类别, 困难类型 and 列入日期 (today) are written, an old 退出日期 is emptied; a 列入日期 that staff filled beforehand
  stays. 重点 and 困难学科 are filled where empty. A student without 档案 gets an empty row.
* 可退出: 退出日期 (today). 保留: only what is empty of 困难类型, 重点 and 困难学科.
* So staff's own 重点 and 困难学科 stay when they differ from the sheet, and the answer names them. 成因 is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl
from msgspec import Struct

from xlbangfu.rules.screening_words import LEAVES, PENDING, STAYS
from xlbangfu.schema import DEFECTS, FILES, NEW, ROSTER, ROW, Table

_OFFERED = ("困难类型", "重点", "困难学科")
_LISTS = (NEW, PENDING)  # what puts a student on a list
_ASKED = ("学号", "变化", "建议类别", *_OFFERED)


class Acceptance(Struct, frozen=True, kw_only=True):
    """``amends`` are frames of 学号 and one column of 名册; ``files`` are rows for 档案. The others name 学号: ``listed``
    with 建议类别, those who leave, ``filled`` up, ``refused`` with why (原因), ``kept`` with the column (列) that stays."""

    amends: tuple[pl.DataFrame, ...]
    files: pl.DataFrame
    listed: pl.DataFrame
    leaving: pl.Series
    filled: pl.Series
    refused: pl.DataFrame
    kept: pl.DataFrame

    @property
    def rows(self) -> int:
        """How many students' rows of 名册 change."""
        return self.listed.height + self.leaving.len() + self.filled.len()


def accept(
    ticked: pl.DataFrame, proposals: pl.DataFrame, frames: Mapping[Table, pl.DataFrame], *, today: date
) -> Acceptance:
    """What the ticked rows of 排查 come to. ``proposals`` is 排查 as it would be made now, ``frames`` are as read: 名册,
    档案 and DEFECTS, whose unreadable cells count as filled."""
    asked = ticked.filter(pl.col("学号").is_not_null()).unique("学号", keep="first", maintain_order=True).select(_ASKED)
    same = asked.join(proposals, on=["学号", "变化", "建议类别"], how="semi")
    there = frames[ROSTER].unique("学号", keep="none", maintain_order=True)
    taken = same.join(_with_unreadable(there, frames[DEFECTS]), on="学号", suffix="_now", maintain_order="left")
    amends = tuple(frame for frame in _amends(taken, today) if frame.height)
    new = taken.filter(pl.col("变化").is_in(_LISTS))
    touched = pl.concat([frame["学号"] for frame in amends]) if amends else pl.Series("学号", [], dtype=pl.String)
    stays = taken.filter((pl.col("变化") == STAYS) & pl.col("学号").is_in(touched.implode()))
    leaving = taken.filter((pl.col("变化") == LEAVES) & pl.col("学号").is_in(touched.implode()))
    return Acceptance(
        amends=amends,
        files=_new_files(new, frames[FILES]),
        listed=new.select("学号", "建议类别"),
        leaving=leaving["学号"],
        filled=stays["学号"],
        refused=_refused(asked.join(taken, on="学号", how="anti"), there),
        kept=_kept(taken),
    )


def _with_unreadable(roster: pl.DataFrame, defects: pl.DataFrame) -> pl.DataFrame:
    """The roster; ``_列`` says whether the cell holds anything, be it unreadable."""
    bad = defects.filter(pl.col("工作表") == ROSTER.name)
    columns = (*_OFFERED, "列入日期", "退出日期")
    rows = {name: bad.filter(pl.col("列") == name)[ROW].drop_nulls().implode() for name in columns}
    return roster.with_columns(
        (pl.col(name).is_not_null() | pl.col(ROW).is_in(rows[name])).alias(f"_{name}") for name in columns
    )


def _amends(taken: pl.DataFrame, today: date) -> Iterator[pl.DataFrame]:
    """One frame a column, so that no other cell of a row is written."""
    new, leaves = pl.col("变化").is_in(_LISTS), pl.col("变化") == LEAVES
    day = pl.lit(today).alias
    yield taken.filter(new).select("学号", pl.col("建议类别").alias("帮扶类别"))
    for name in _OFFERED:
        free = ~pl.col(f"_{name}")
        if name == "困难类型":
            free |= new & (pl.col(name) != pl.col(f"{name}_now")).fill_null(True)
        yield taken.filter(~leaves & free & pl.col(name).is_not_null()).select("学号", name)
    beforehand = pl.col("帮扶类别").is_null() & ~pl.col("_退出日期") & pl.col("_列入日期")
    yield taken.filter(new & ~beforehand).select("学号", day("列入日期"))
    yield taken.filter(new & pl.col("_退出日期")).select("学号", pl.lit(None, dtype=pl.Date).alias("退出日期"))
    yield taken.filter(leaves & ~pl.col("_退出日期")).select("学号", day("退出日期"))


def _new_files(new: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """学号, 姓名 and 班级 of the new students whom no row of 档案 names."""
    named = files["学号"].drop_nulls()
    by_name = files.filter(pl.col("学号").is_null()).select("姓名", "班级")
    bare = new.filter(~pl.col("学号").is_in(named.implode())).select("学号", "姓名", "班级")
    return bare.join(by_name, on=["姓名", "班级"], how="anti")


def _refused(left: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("学号").is_in(roster["学号"].implode())
    why = pl.when(known).then(pl.lit("情况有变，请看新的一行")).otherwise(pl.lit("名册里没有这个学号"))
    return left.select("学号", why.alias("原因"))


def _kept(taken: pl.DataFrame) -> pl.DataFrame:
    """学号 and 列 where staff's own word differs from what the sheet says and stays."""
    differs = [
        taken.filter(
            (pl.col("变化") == STAYS) | (pl.col("变化").is_in(_LISTS) & pl.lit(name != "困难类型")),
            pl.col(f"_{name}") & pl.col(name).is_not_null(),
            (pl.col(name) != pl.col(f"{name}_now")).fill_null(True),
        ).select("学号", pl.lit(name).alias("列"))
        for name in _OFFERED
    ]
    return pl.concat(differs)
