"""Sheets put out of shape on purpose: what staff do to a workbook, for a sample in which validation is to find it.

A fault is named by the ``Defect`` that a read must report. Excel's own limits hold for these files too: a table has no
two headings alike and no merged cells, so a doubled heading stands right of the table and merged cells below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from xlbangfu.schema import Defect, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

GAP = 2  # from the last record to the merged cells; the blank row between keeps them out of the table


class Fault(Protocol):
    """``name`` is what the sheet (缺工作表) or the heading ``column`` (缺列) is called instead.

    Only a sheet that no formula of the workbook names can be renamed.
    """

    @property
    def defect(self) -> str: ...
    @property
    def table(self) -> Table: ...
    @property
    def column(self) -> str: ...
    @property
    def name(self) -> str: ...


def title(table: Table, faults: Sequence[Fault]) -> str:
    """What the sheet of a table is called."""
    return next((fault.name for fault in _of(table, faults, Defect.MISSING_SHEET)), table.name)


def headed(layout: Layout, faults: Sequence[Fault]) -> Layout:
    """The layout with the headings that the sheets show; its records still go by the columns' own names."""
    shown = dict(layout.columns)
    for fault in faults:
        if fault.defect == Defect.MISSING_COLUMN:
            shown[fault.table] = tuple(
                replace(column, name=fault.name) if column.name == fault.column else column
                for column in shown[fault.table]
            )
    return replace(layout, columns=shown)


def add(sheet: Worksheet, table: Table, formats: Formats, *, layout: Layout, faults: Sequence[Fault]) -> None:
    """What stands beside and below the table of a sheet."""
    columns = layout[table]
    for place, fault in enumerate(_of(table, faults, Defect.DOUBLED_COLUMN), start=len(columns)):
        sheet.write_string(0, place, fault.column, formats.header(table[fault.column], table.kind))
    for fault in _of(table, faults, Defect.MERGED):
        row, first = max(layout.height(table), 1) + GAP, table.names.index(fault.column)
        sheet.merge_range(row, first, row, len(columns) - 1, "", formats.cell(table[fault.column]))


def _of(table: Table, faults: Sequence[Fault], defect: str) -> list[Fault]:
    return [fault for fault in faults if fault.table is table and fault.defect == defect]
