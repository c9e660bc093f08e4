"""What a workbook lacks because its version never had it is no fault of the staff's: DEFECTS tells the two apart."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from xlbangfu.book.version import Version, order_of
from xlbangfu.schema import BY_NAME, Defect

_NOT_YET = {Defect.MISSING_SHEET: Defect.NOT_YET_SHEET, Defect.MISSING_COLUMN: Defect.NOT_YET_COLUMN}


def as_of_version(defects: pl.DataFrame, version: Callable[[], Version]) -> pl.DataFrame:
    """DEFECTS with a kind of its own for sheets and columns that are newer than the workbook.

    The version is only asked for where something is missing that has not been there from the beginning.
    """
    if defects.is_empty():
        return defects
    missing = defects.filter(pl.col("缺陷").is_in(list(_NOT_YET))).select("工作表", "列").rows()
    young = {place: since for place in missing if (since := _since(*place))}
    if not young:
        return defects
    made_by = version()
    not_yet = {place for place, since in young.items() if not made_by.knew(since)}
    kinds = [
        _NOT_YET.get(kind, kind) if (sheet, column) in not_yet else kind
        for sheet, column, kind in defects.select("工作表", "列", "缺陷").iter_rows()
    ]
    return defects.with_columns(pl.Series("缺陷", kinds, dtype=pl.String()))


def _since(sheet: str, column: str | None) -> str:
    """The version that had the sheet, or the column, first; nothing where it is as old as the program."""
    table = BY_NAME.get(sheet)
    if table is None:  # no sheet of the workbook, but what a reading tells
        return ""
    young = table[column].since if column and column in table else ""
    return max(table.since, young, key=order_of)
