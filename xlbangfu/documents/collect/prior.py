"""What was collected before: the ledger 收回记录, without what was taken back since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from xlbangfu.documents.collect.entries import CONTENT, IDENTITY, TABLES, summary_of, with_codes
from xlbangfu.documents.collect.reconciliation import Age, Master, PriorRow, Trail
from xlbangfu.rules.school import School
from xlbangfu.schema import CONDUCT, LOG, ROW, Table

CAME, NEW, CORRECTED = "交回", "新增", "更正"
_COLLECT, _UNDO = "收回班级页", "撤销上次"


@dataclass(frozen=True, kw_only=True)
class Before:
    """What stood in the master before this run: 收回记录, and the rows of 记录 and 评价 with their codes, by handle (the
    记录编号; the identity of a behaviour mark)."""

    collected: pl.DataFrame
    rows: Mapping[Table, pl.DataFrame]
    runs: frozenset[datetime]  # when this workbook ran something, and so may have made pages

    @classmethod
    def of(cls, school: School, collected: pl.DataFrame, runs: pl.DataFrame) -> Before:
        """``collected`` and ``runs`` are the frames of 收回记录 and 运行记录."""
        rows = {table: with_codes(school[table], table, school) for table in TABLES.values()}
        ran = runs.select(pl.col("时间").cast(pl.Datetime("us")).dt.round("1s"), "操作")
        undone = ran.filter((pl.col("操作") == _COLLECT) & (pl.col("操作").shift(-1) == _UNDO))["时间"]
        there = pl.col("编号").is_in(rows[LOG]["记录编号"].implode()) | pl.col("身份码").is_in(
            rows[CONDUCT][IDENTITY].implode()
        )
        taken_back = pl.col("时间").dt.round("1s").is_in(undone.implode()) & ~there.fill_null(False)
        return cls(
            collected=collected.filter(~taken_back.fill_null(False)),
            rows=rows,
            runs=frozenset(ran["时间"].drop_nulls().to_list()),
        )

    def master(self, table: Table) -> Master:
        """The rows of 记录 or 评价 as they settle what a page brings."""
        by_identity = table == CONDUCT
        handle = pl.col(IDENTITY) if by_identity else pl.col("记录编号")
        known = self.rows[table].filter(handle.is_not_null()).select(handle.alias("_handle"), IDENTITY, CONTENT)
        return Master(
            contents=dict(known.select("_handle", CONTENT).iter_rows()),
            identities=dict(known.select(IDENTITY, "_handle").iter_rows()),
            by_identity=by_identity,
        )

    def rows_of_page(self, page: str, form: Table) -> list[PriorRow]:
        """The rows that a page brought, each as it was last, with the contents that it had before."""
        handle = "身份码" if TABLES[form] == CONDUCT else "编号"
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
        handle = "身份码" if TABLES[form] == CONDUCT else "编号"
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
        column = IDENTITY if table == CONDUCT else "记录编号"
        return self.rows[table].filter(pl.col(column) == handle).select(*table.names, ROW).row(0, named=True)

    def called(self, table: Table, handle: str) -> str:
        """How that row is called to staff."""
        column = IDENTITY if table == CONDUCT else "记录编号"
        found = self.rows[table].filter(pl.col(column) == handle).select(summary_of(table))
        return str(found.item(0, 0)) if found.height else handle
