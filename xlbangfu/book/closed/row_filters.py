"""Which records of a sheet are in sight, in the file: the filter of the sheet's own list, and the rows that it hides."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping

from xlbangfu.book.pending_writes import without_list
from xlbangfu.book.reading.frames import Sheet, heading
from xlbangfu.book.reading.headings import headings_of
from xlbangfu.book.version import Version
from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.archive import Content
from xlbangfu.ooxml.package import Package, Part
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import ROW, RowChoice, Table

_HIDDEN = late_pattern(rb"""\shidden\s*=\s*["'](?:1|true)["']""")


def list_part(package: Package, where: Part) -> str | None:
    """The part of the sheet's own Excel table, which begins in A1; staff may have put others beside it."""
    for path in where.tables:
        found = table_part.extent(package.archive.read(path))
        if (found.left, found.top) == (0, 1):
            return path
    return None


def is_on(package: Package, where: Part) -> bool:
    """Whether a filter is in force, be it the list's or one of the sheet itself."""
    path = list_part(package, where)
    return table_part.is_filtered(package.archive.read(path) if path else _sheet(package, where, {}).tail)


def hidden_rows(package: Package, where: Part) -> set[int]:
    part = _sheet(package, where, {})
    return {row.number for row in part.rows() if _HIDDEN.search(part.row_xml(row).split(b">", 1)[0])}


def changed(
    package: Package,
    parts: Mapping[str, Content],
    table: Table,
    rows: RowChoice | None,
    read: Callable[[Table], Sheet],
) -> dict[str, Content]:
    """The parts that change where only these rows are to be in sight, or all; ``parts`` are those changed already."""
    where = package.sheets.get(table.name)
    if where is None:
        raise WrongWorkbook(Version.of(package.names(), package.sheets).absence(table.name, table.since))
    path = list_part(package, where)
    if path is None:
        raise without_list(table)
    part = _sheet(package, where, parts)
    frame = read(table).frame
    hidden = set(frame.filter(~rows.condition)[ROW]) if rows else set()
    xml = b"".join(parts.get(path) or [package.archive.read(path)])
    column, values = (_place(package, part, table, rows), rows.values) if rows else (0, ())
    _hide(part, hidden, bottom=table_part.extent(xml).bottom)
    return {where.path: part.xml(), path: [table_part.filtered(xml, column, values)]}


def _sheet(package: Package, where: Part, parts: Mapping[str, Content]) -> SheetPart:
    xml = b"".join(parts[where.path]) if where.path in parts else package.archive.load(where.path)
    return SheetPart(xml, name=where.name)


def _place(package: Package, part: SheetPart, table: Table, rows: RowChoice) -> int:
    found = [place for place, text in sorted(headings_of(package, part).items()) if heading(text) == rows.column]
    if not found:
        raise WrongWorkbook(
            f"工作表“{table.name}”没有“{rows.column}”一列，没有改动；请重新做一次这张表，或者用“升级总表”补上。"
        )
    return found[0]


def _hide(part: SheetPart, hidden: Container[int], *, bottom: int) -> None:
    """Rows of the list out of sight or in sight; those beside it stay as they are."""
    rows = [(row.number, part.row_xml(row)) for row in part.rows()]
    part.put_rows([_with_state(xml, hidden=number in hidden) if 1 < number <= bottom else xml for number, xml in rows])


def _with_state(row: bytes, *, hidden: bool) -> bytes:
    opening, rest = row.split(b">", 1)
    plain = re.sub(rb"""\shidden\s*=\s*["']\w+["']""", b"", opening)
    if hidden:
        tag = re.match(rb"<(?:[\w.-]+:)?row\b", plain)
        assert tag is not None  # that is what a row begins with
        plain = plain[: tag.end()] + b' hidden="1"' + plain[tag.end() :]
    return plain + b">" + rest
