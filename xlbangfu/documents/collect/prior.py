"""What was collected before: the ledger 收回记录, without what was taken back since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from msgspec import Struct

from xlbangfu.documents.collect.entries import CONTENT, IDENTITY, summary_of, with_codes
from xlbangfu.documents.collect.forms import BY_FORM, BY_TABLE, FillIn
from xlbangfu.documents.collect.reconciliation import Age, Master, PriorRow, Trail
from xlbangfu.rules.school import School
from xlbangfu.schema import LOG, ROW, Table

CAME, NEW, CORRECTED = "交回", "新增", "更正"
_COLLECT, _UNDO = "收回班级页", "撤销上次"


class Before(Struct, frozen=True, kw_only=True):
    """What stood in the master before this run: 收回记录, and the rows of 记录 and 评价 with their codes, by handle (the
    记录编号; the identity of a behaviour mark)."""

    collected: pl.DataFrame
    rows: Mapping[Table, pl.DataFrame]
    runs: frozenset[datetime]  # when this workbook ran something, and so may have made pages

    @classmethod
    def of(cls, school: School, collected: pl.DataFrame, runs: pl.DataFrame) -> Before:
        """``collected`` and ``runs`` are the frames of 收回记录 and 运行记录."""
        rows = {one.table: with_codes(school[one.table], one.table, school) for one in BY_TABLE.values()}
        ran = runs.select(pl.col("时间").cast(pl.Datetime("us")).dt.round("1s"), "操作")
        undone = ran.filter((pl.col("操作") == _COLLECT) & (pl.col("操作").shift(-1) == _UNDO))["时间"]
        there = pl.any_horizontal(
            pl.col(one.handle).is_in(rows[one.table][_handle_in(one)].implode()) for one in BY_TABLE.values()
        )
        taken_back = pl.col("时间").dt.round("1s").is_in(undone.implode()) & ~there.fill_null(False)
        return cls(
            collected=collected.filter(~taken_back.fill_null(False)),
            rows=rows,
            runs=frozenset(ran["时间"].drop_nulls().to_list()),
        )

    def master(self, table: Table) -> Master:
        """The rows of a sheet as they settle what a page brings."""
        by_identity = not BY_TABLE[table].numbered
        handle = pl.col(_handle_in(BY_TABLE[table]))
        known = self.rows[table].filter(handle.is_not_null()).select(handle.alias("_handle"), IDENTITY, CONTENT)
        return Master(
            contents=dict(known.select("_handle", CONTENT).iter_rows()),
            identities=dict(known.select(IDENTITY, "_handle").iter_rows()),
            by_identity=by_identity,
        )

    def rows_of_page(self, page: str, form: Table) -> list[PriorRow]:
        """The rows that a page brought, each as it was last, with the contents that it had before."""
        handle = BY_FORM[form].handle
        mine = self.collected.filter(
            (pl.col("页号") == page) & (pl.col("工作表") == form.name) & pl.col("做法").is_in([NEW, CORRECTED])
        ).drop_nulls(["行", handle, "身份码", "内容码"])
        past = mine.group_by(pl.col(handle).alias("_handle"), maintain_order=True).agg(
            pl.col("行", "身份码", "内容码", "存盘时间").last(), _past=pl.col("内容码").unique()
        )
        return [
            PriorRow(
                row=row,
                identity=identity,
                content=content,
                handle=at,
                past=frozenset(contents) - {content},
                saved=saved or "",
            )
            for at, row, identity, content, saved, contents in past.iter_rows()
        ]

    def trail(self, form: Table) -> Trail:
        """What pages brought of a form, whichever page it was."""
        handle = BY_FORM[form].handle
        rows = (
            self.collected.filter((pl.col("工作表") == form.name) & pl.col("做法").is_in([NEW, CORRECTED]))
            .drop_nulls([handle, "身份码", "内容码"])
            .select(pl.col(handle).alias("_handle"), "身份码", "内容码", pl.col("版次").fill_null(0), "制表时间")
        )
        identities: dict[str, dict[str, Age]] = {}
        for at, identity, number, made in rows.select("_handle", "身份码", "版次", "制表时间").iter_rows():
            brought = identities.setdefault(identity, {})
            brought[at] = max(brought.get(at, (0, datetime.min)), (number, made or datetime.min))
        return Trail(contents=dict(rows.select("内容码", "_handle").iter_rows()), identities=identities)

    def knows(self, page: str, content_code: str) -> bool:
        """Whether this very file came back before."""
        came = (pl.col("页号") == page) & (pl.col("内容码") == content_code) & (pl.col("做法") == CAME)
        return bool(self.collected.select(came.any()).item())

    def numbers(self) -> list[str]:
        """Every 记录编号 that was ever given."""
        given = [*self.rows[LOG]["记录编号"].drop_nulls(), *self.collected["编号"].drop_nulls()]
        return list(dict.fromkeys(given))

    def row(self, table: Table, handle: str) -> dict[str, object]:
        """The row of the master with that handle, as it stands."""
        column = _handle_in(BY_TABLE[table])
        return self.rows[table].filter(pl.col(column) == handle).select(*table.names, ROW).row(0, named=True)

    def called(self, table: Table, handle: str) -> str:
        """How that row is called to staff."""
        column = _handle_in(BY_TABLE[table])
        found = self.rows[table].filter(pl.col(column) == handle).select(summary_of(table))
        return str(found.item(0, 0)) if found.height else handle


def _handle_in(fill_in: FillIn) -> str:
    """The column of the master's rows by which one of them is known again."""
    return "记录编号" if fill_in.numbered else IDENTITY
