"""Workbooks for the tests of the closed book: small masters made by XlsxWriter, and files taken apart."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from xlbangfu.schema import TABLES, Kind, Type

Rows = Sequence[Sequence[Any]]


def make(path: Path, sheets: Mapping[str, Rows] | None = None, *, hidden: Sequence[str] = ()) -> Path:
    """A master with every sheet; ``sheets`` gives header and rows of some, the others have a blank row."""
    if not sheets and not hidden:
        path.write_bytes(_empty())
        return path
    workbook = xlsxwriter.Workbook(path)
    build(workbook, sheets or {}, hidden=hidden)
    workbook.close()
    return path


@cache
def _empty() -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    build(workbook, {})
    workbook.close()
    return target.getvalue()


def build(workbook: Any, sheets: Mapping[str, Rows], *, hidden: Sequence[str] = ()) -> None:
    forms = sorted({column.number_format for table in TABLES for column in table})
    formats = {form: workbook.add_format({"num_format": form}) for form in forms}
    for table in TABLES:
        sheet = workbook.add_worksheet(table.name)
        if table.name in hidden:
            sheet.hide()
        if table.name == "控制台":
            _front_page(workbook, sheet)
            continue
        grid = list(sheets.get(table.name, [table.names]))
        known = {column.name: formats[column.number_format] for column in table}
        for row, cells in enumerate(grid[1:] or [[None] * len(grid[0])], start=1):
            for index, cell in enumerate(cells):
                day = isinstance(cell, date) and table[grid[0][index]].type not in (Type.DATE, Type.TIME)
                _put(sheet, row, index, cell, formats["yyyy-mm-dd"] if day else known.get(grid[0][index]))
        end = max(len(grid) - 1, 1)
        columns = [{"header": name} for name in grid[0]]
        sheet.add_table(0, 0, end, len(grid[0]) - 1, {"name": table.list_object, "columns": columns})
        sheet.set_tab_color({Kind.INPUT: "#2E75B6"}.get(table.kind, "#70AD47"))


def _front_page(workbook: Any, sheet: Any) -> None:
    sheet.write_string("B2", "帮扶总表")
    sheet.write_formula("C5", "=COUNTA(名册!$A$2:$A$99)", None, 0)
    sheet.write_formula("C6", '=IF(C5>0,"有","无")', None, "无")
    workbook.define_name("控制台_人数", "=控制台!$C$5")
    workbook.define_name("控制台_有无", "=控制台!$C$6")
    workbook.define_name("控制台_下一步", "=控制台!$B$3")


def _put(sheet: Any, row: int, column: int, cell: Any, form: Any) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, form)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), form)
    elif isinstance(cell, str) and cell.startswith("{"):
        sheet.write_formula(row, column, cell[1:-1], form, "#N/A")
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    else:
        sheet.write_number(row, column, cell, form)


def parts(path: Path) -> dict[str, bytes]:
    """The members of a zip file, inflated."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rebuild(path: Path, changed: Mapping[str, bytes | None]) -> Path:
    """The file again with members changed, added or (None) taken away."""
    there = parts(path) | dict(changed)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in there.items():
            if data is not None:
                target.writestr(name, data)
    return path


def sheet_path(path: Path, name: str) -> str:
    """The part of a sheet, by its name on the tab."""
    there = parts(path)
    workbook = there["xl/workbook.xml"].decode()
    found = re.search(rf'<sheet name="{name}"[^>]*r:id="(\w+)"', workbook)
    assert found
    target = re.search(
        rf'Id="{found[1]}"[^>]*Target="([^"]+)"|Target="([^"]+)"[^>]*Id="{found[1]}"',
        there["xl/_rels/workbook.xml.rels"].decode(),
    )
    assert target
    return f"xl/{target[1] or target[2]}"
