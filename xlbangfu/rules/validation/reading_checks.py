"""What the read could not make of sheets, columns and cells (the frame DEFECTS).

A cell that cannot be read takes its row along only if the row means nothing without it; else it counts as empty.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.causes import have_one_cause
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.checks import Check
from xlbangfu.rules.validation.problem_rows import found, whole
from xlbangfu.rules.validation.sheet_checks import NOT_YET, STRUCTURE, Sheets, indispensable
from xlbangfu.schema import BY_NAME, CONSOLE, KEY, ROW, SCORES, Defect, Table

READ_ANYWAY = {
    Defect.NUMBER_AS_TEXT: checks.NUMBER_AS_TEXT,
    Defect.DATE_AS_TEXT: checks.DATE_AS_TEXT,
    Defect.MERGED: checks.MERGED,
}
NOT_READ = {
    Defect.FORMULA_ERROR: checks.FORMULA_ERROR,
    Defect.NUMBER_AS_ID: checks.NUMBER_AS_ID,
    Defect.NOT_A_DATE: checks.NOT_A_DATE,
    Defect.NOT_A_NUMBER: checks.NOT_A_NUMBER,
    Defect.NOT_A_MARK: checks.NOT_A_MARK,
}
WHY = {
    Defect.FORMULA_ERROR: "是出错的公式",
    Defect.NUMBER_AS_ID: "是读不全的数字",
    Defect.NOT_A_DATE: "不是日期",
    Defect.NOT_A_NUMBER: "不是数字",
    Defect.NOT_A_MARK: "不是分数",
}


def problems(sheets: Sheets, defects: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The problems that DEFECTS tells of."""
    if defects.is_empty():
        return
    not_yet = pl.col("缺陷").is_in(NOT_YET)
    yield from _older(defects.filter(not_yet))
    for sheet, column, kind in (
        defects.filter(pl.col("缺陷").is_in(STRUCTURE), ~not_yet).select("工作表", "列", "缺陷").iter_rows()
    ):
        if table := BY_NAME.get(sheet):
            yield _structure(table, column, kind)
    cells = defects.filter(~pl.col("缺陷").is_in(STRUCTURE))
    for (sheet, kind), group in cells.group_by("工作表", "缺陷", maintain_order=True):
        if table := BY_NAME.get(str(sheet)):
            yield from _cells(sheets, table, str(kind), group)


def _older(defects: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """One problem for all that the version which made the workbook had not yet."""
    if not defects.height:
        return
    sheets = [f"“{sheet}”" for sheet, column in defects.select("工作表", "列").iter_rows() if column is None]
    columns = [f"“{sheet}”的{column}" for sheet, column in defects.select("工作表", "列").iter_rows() if column]
    yield whole(checks.OLDER_WORKBOOK, CONSOLE, None, lacking="、".join([*sheets, *columns]))


def _structure(table: Table, column: str | None, kind: str) -> pl.DataFrame:
    if kind == Defect.MISSING_SHEET:
        return whole(checks.MISSING_SHEET, table, None)
    if kind == Defect.DOUBLED_COLUMN:
        return whole(checks.DOUBLED_COLUMN, table, column or "")
    needed = indispensable(table, column or "") and (not table.names_student or column != "学号")
    return whole(checks.MISSING_COLUMN if needed else checks.MISSING_OPTIONAL, table, column or "")


def _cells(sheets: Sheets, table: Table, kind: str, group: pl.DataFrame) -> Iterator[pl.DataFrame]:
    rows = group.rename({"列": "_column"}).join(sheets[table], on=ROW, how="left", maintain_order="left")
    rows = _quoting_one_of_many(rows.with_columns(pl.col(KEY).fill_null(table.name)), sheets[table])
    if table == SCORES:
        rows = rows.filter(pl.col("_column").is_in([*SCORES.names, *sheets.subject_names()]))
    if kind in READ_ANYWAY:
        yield _found(READ_ANYWAY[kind], table, rows)
        return
    hard = rows["_column"].is_in([name for name in table.names if indispensable(table, name)]).fill_null(False)
    if table == SCORES:
        hard |= ~rows["_column"].is_in(SCORES.names).fill_null(True)
    yield _found(NOT_READ.get(kind, checks.FORMULA_ERROR), table, rows.filter(hard))
    yield _found(checks.UNREAD_OPTIONAL, table, rows.filter(~hard), why=WHY.get(kind, "读不出"))


def _quoting_one_of_many(rows: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The bad cells; where they have one cause in a column all quote its first, so that it is told once (see ``causes``)."""
    filled = {name: frame[name].count() for name in rows["_column"].drop_nulls().unique() if name in frame.columns}
    bad = pl.len().over("_column")
    read = pl.col("_column").replace_strict(filled, default=0, return_dtype=pl.Int64)
    first = pl.when(have_one_cause(bad, bad + read)).then(pl.col("原值").first().over("_column"))
    return rows.with_columns(first.otherwise("原值").alias("原值"))


def _found(check: Check, table: Table, rows: pl.DataFrame, **slots: str) -> pl.DataFrame:
    column = pl.col("_column")
    return found(check, table, rows, column, column=column, value=pl.col("原值"), **slots)
