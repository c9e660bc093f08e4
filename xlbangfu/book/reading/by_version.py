"""What a workbook lacks because its version never had it is no fault of the staff's: DEFECTS tells the two apart."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from xlbangfu.book.version import Version, order_of
from xlbangfu.schema import BY_NAME, DEFECTS, Defect

_NOT_YET = {Defect.MISSING_SHEET: Defect.NOT_YET_SHEET, Defect.MISSING_COLUMN: Defect.NOT_YET_COLUMN}


def as_of_version(defects: pl.DataFrame, version: Callable[[], Version]) -> pl.DataFrame:
    """DEFECTS with a kind of its own for sheets and columns that are newer than the workbook.

    The version is only asked for where something is missing that has not been there from the beginning.
    """
    rows = defects.rows()
    kind, sheet, column = (defects.columns.index(name) for name in ("缺陷", "工作表", "列"))
    newer = [row for row in rows if row[kind] in _NOT_YET and _since(row[sheet], row[column])]
    if not newer:
        return defects
    made_by = version()
    young = {row for row in newer if not made_by.knew(_since(row[sheet], row[column]))}
    changed = [(*row[:kind], _NOT_YET[row[kind]], *row[kind + 1 :]) if row in young else row for row in rows]
    return pl.DataFrame(changed, schema=DEFECTS.frame_schema, orient="row")


def _since(sheet: str, column: str | None) -> str:
    """The version that had the sheet, or the column, first; nothing where it is as old as the program."""
    table = BY_NAME[sheet]
    young = table[column].since if column and column in table else ""
    return max(table.since, young, key=order_of)
