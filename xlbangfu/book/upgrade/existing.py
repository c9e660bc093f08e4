"""A school's workbook as it is: where each column stands, what the program's sheets lack, and what forbids a change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from xlbangfu.book.reading.frames import check_is_master, heading, is_subject
from xlbangfu.book.reading.headings import headings_of
from xlbangfu.book.template.sheet_layout import MARK_HELP, own_column
from xlbangfu.book.version import Version
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.package import Package, Part, elements
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import CONSOLE, SCORES, TABLES, Column, Table, Type

SHARED_USE = "revisionHeaders"  # what a workbook refers to that several people have open at a time


class Sheet(Struct, frozen=True):
    """One of the program's sheets: its columns in order, where the lacking ones will stand, its Excel table's part."""

    table: Table
    where: Part
    part: SheetPart
    columns: tuple[Column, ...]
    lacking: tuple[str, ...]
    table_part: str | None

    @property
    def new_columns(self) -> dict[int, Column]:
        """The columns that the sheet is to get, by their place (from 0)."""
        first = len(self.columns) - len(self.lacking)
        return dict(enumerate(self.columns[first:], start=first))


class Existing:
    """``title`` is the workbook's name, for messages."""

    def __init__(self, package: Package, title: str) -> None:
        self.package, self.title = package, title

    @cached_property
    def version(self) -> Version:
        return Version.of(self.package.names(), self.package.sheets)

    @cached_property
    def sheets(self) -> dict[Table, Sheet]:
        """The sheets that are there, 控制台 left out."""
        return {
            table: self._sheet(table, self.package.sheets[table.name])
            for table in TABLES
            if table is not CONSOLE and table.name in self.package.sheets
        }

    @property
    def lacking(self) -> list[Table]:
        return [table for table in TABLES if table.name not in self.package.sheets]

    def check(self) -> None:
        """Raise WrongWorkbook where a change might lose something, or hide what staff renamed."""
        check_is_master(self.title, self.package.sheets)
        if self.version.newer:
            raise WrongWorkbook(self.version.offer)
        if self.package.part_of(SHARED_USE) is not None:
            raise WrongWorkbook(
                f"“{self.title}”开着“共享工作簿”，没有改动；请在 Excel 的“审阅”里停止共享，存好，再做一次。"
            )
        renamed = list(self._renamed_sheets())
        if renamed:
            raise WrongWorkbook(f"{'、'.join(renamed)}，没有改动；请先改回原名，再做一次。")
        strange = [table.name for table, sheet in self.sheets.items() if len(sheet.lacking) == len(table.columns)]
        if strange:
            raise WrongWorkbook(
                f"工作表“{strange[0]}”的第 1 行没有一个是这张表的标题，没有改动；是学校自己的表就给它改个名，"
                "是标题行挪了地方就把它放回第 1 行，再做一次。"
            )
        unnamed = [
            f"“{sheet.table.name}”没有“{name}”这一列" for sheet in self.sheets.values() for name in self._vital(sheet)
        ]
        if unnamed:
            raise WrongWorkbook(f"{'、'.join(unnamed)}，本来就有，可能改了名，没有改动；请先把标题改回来，再做一次。")

    def _vital(self, sheet: Sheet) -> list[str]:
        """Columns that the sheet lacks, that a row can't do without, and that the workbook's version had."""
        required = [name for name in sheet.lacking if name in sheet.table.required]
        return [name for name in required if self.version.knew(sheet.table[name].since)]

    def _renamed_sheets(self) -> Iterator[str]:
        """Sheets that still hold the Excel table of a sheet that is not there any more."""
        lacking = {table.list_object: table.name for table in self.lacking}
        for part in self.package.sheets.values():
            for path in part.tables:
                name = elements(self.package.archive.read(path))[0].attributes.get("displayName", "")
                if name in lacking:
                    yield f"工作表“{lacking[name]}”改名成了“{part.name}”"

    def _sheet(self, table: Table, where: Part) -> Sheet:
        part = SheetPart(self.package.archive.load(where.path), name=where.name)
        if part.prefix:
            raise WrongWorkbook("总表的内部写法不认识，没有改动；请用 Excel 打开总表另存一次，再做一次。")
        columns = list(_columns(table, headings_of(self.package, part)))
        lacking = tuple(column for column in table if column not in columns)
        table_part, right = self._table(where)
        if lacking:
            width = max(len(columns), part.rightmost() + 1, right + 1)
            columns += [own_column(place) for place in range(len(columns), width)]
        names = tuple(column.name for column in lacking)
        return Sheet(table, where, part, (*columns, *lacking), names, table_part)

    def _table(self, where: Part) -> tuple[str | None, int]:
        """The part of the sheet's own Excel table, which begins in A1, and its last column."""
        for path in where.tables:
            extent = table_part.extent(self.package.archive.read(path))
            if (extent.left, extent.top) == (0, 1):
                return path, extent.right
        return None, -1


def _columns(table: Table, headings: dict[int, str]) -> Iterator[Column]:
    """What stands at each place of the heading row; the first of two headings that are alike counts."""
    seen: set[str] = set()
    for place in range(max(headings, default=-1) + 1):
        name = heading(headings.get(place, ""))
        if name in seen or not name:
            yield own_column(place)
        elif name in table:
            yield table[name]
        elif table is SCORES and is_subject(name):
            yield Column(name=name, type=Type.MARK, help=MARK_HELP)
        else:
            yield own_column(place)
        seen.add(name)
