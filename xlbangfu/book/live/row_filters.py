"""Which records of a sheet are in sight, in the open workbook: by the filter of the sheet's own list."""

from __future__ import annotations

from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.host import Host
from xlbangfu.book.live.range_reader import area_of, cells_of
from xlbangfu.book.live.range_writer import Writer
from xlbangfu.book.pending_writes import without_list
from xlbangfu.book.reading.frames import heading
from xlbangfu.schema import RowChoice, Table


def choose(writer: Writer, host: Host, sheet: xlwings.Sheet, table: Table, rows: RowChoice | None) -> None:
    """Only these rows, or all of them where none are given. Raises WrongWorkbook where there is no list to filter."""
    host.show_all_rows(sheet)
    if rows is not None:
        cells, column = _list_and_column(sheet, table, rows)
        writer.remember(lambda: host.show_all_rows(sheet))
        others = [word for word in table[rows.column].choices if word not in rows.values]
        host.show_only(cells, column, rows.values, others)


def record_cells(sheet: xlwings.Sheet, last: int) -> xlwings.Range:
    """The cells of a sheet from its header to a row, as wide as what is on it."""
    right = area_of(sheet.used_range)[3]
    return cells_of(sheet, (1, 1, last, right))


def _list_and_column(sheet: xlwings.Sheet, table: Table, rows: RowChoice) -> tuple[xlwings.Range, int]:
    area = next((area for one in sheet.tables if (area := area_of(one.range))[:2] == (1, 1)), None)
    header: Any = cells_of(sheet, (1, 1, 1, area[3])).value if area else None
    names = [heading(cell) for cell in (header if isinstance(header, list) else [header])]
    if area is None or rows.column not in names:
        raise without_list(table)
    return cells_of(sheet, area), names.index(rows.column) + 1
