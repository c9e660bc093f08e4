"""What Python is not given: 口令 and other secrets never, what is sensitive only where it is asked for by name (DOMAIN, Privacy).

Sensitive are the sheets 档案 and 劝返 as a whole, 导入核对 (values of files as they came), every column that the schema calls
so, and what was said in a 心理咨询. The same words where they stand once more: in 运行记录, which keeps what a corrected page
replaced, and in 校验, which quotes the cell that it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from xlbangfu.errors import BadArgument
from xlbangfu.rules.personal import OLD_VALUES
from xlbangfu.schema import LOG, PASSWORDS, PROBLEMS, RUNS, TABLES, Column, Table, Type

SENSITIVE_SHEETS = frozenset({"档案", "劝返", "导入核对"})
COUNSELLING = "心理咨询"


def is_secret(table: Table) -> bool:
    """Whether the whole sheet is one that Python never sees."""
    return table == PASSWORDS


def is_sensitive(table: Table) -> bool:
    """Whether the whole sheet is read only where it is asked for by name."""
    return table.name in SENSITIVE_SHEETS


def has_sensitive(table: Table) -> bool:
    """Whether ``sensitive=True`` gives more of the sheet than is given without."""
    return is_sensitive(table) or table in (LOG, RUNS, PROBLEMS) or any(column.sensitive for column in columns(table))


def check_readable(table: Table, *, sensitive: bool) -> None:
    """Raise BadArgument for a sheet that is not given, or not so."""
    if is_secret(table):
        raise BadArgument(f"“{table.name}”不能从 Python 读；打开加密的班级页，请向班主任当面要口令。")
    if is_sensitive(table) and not sensitive:
        raise BadArgument(
            f"“{table.name}”是敏感资料，要点名才读：book.read({table.name!r}, sensitive=True)；谁在什么时候读的，会写进“运行记录”。"
        )


def columns(table: Table, *, sensitive: bool = True) -> list[Column]:
    """The columns that are given, in the order of the sheet; secrets are never among them."""
    return [column for column in table if column.type is not Type.SECRET and (sensitive or not column.sensitive)]


def withhold(table: Table, frame: pl.DataFrame, *, sensitive: bool) -> pl.DataFrame:
    """The frame without the columns that are not given, and with null in the cells that are not."""
    given = {column.name for column in columns(table, sensitive=sensitive)}
    frame = frame.select(name for name in frame.columns if name in given or name not in table)
    if table == PROBLEMS:
        return frame.with_columns(_without(("问题", "怎么改"), _speaks_of(sensitive=sensitive)))
    return frame if sensitive else frame.with_columns(_hidden_cells(table))


def _hidden_cells(table: Table) -> list[pl.Expr]:
    if table == LOG:
        return _without(_said(), pl.col("类型") == COUNSELLING)
    if table == RUNS:
        return _without(("说明",), pl.col("说明").str.starts_with(OLD_VALUES))
    return []


def _without(names: Iterable[str], hidden: pl.Expr) -> list[pl.Expr]:
    return [pl.when(~hidden.fill_null(False)).then(name).alias(name) for name in names]


def _said() -> list[str]:
    """The columns of 记录 that hold prose."""
    return [column.name for column in LOG if column.type is Type.LONG]


def _speaks_of(*, sensitive: bool) -> pl.Expr:
    """Whether a row of 校验 speaks of cells that are not given, and may quote them."""
    secret = [f"{table.name}|{column.name}" for table in TABLES for column in table if column.type is Type.SECRET]
    cell = pl.concat_str("工作表", pl.col("列").fill_null(""), separator="|")
    if sensitive:
        return cell.is_in(secret)
    quoted = [f"{table.name}|{column.name}" for table in TABLES for column in table if column.sensitive]
    said = [f"{LOG.name}|{name}" for name in _said()]
    return cell.is_in([*secret, *quoted, *said]) | pl.col("工作表").is_in(list(SENSITIVE_SHEETS))
