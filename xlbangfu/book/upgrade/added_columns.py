"""Columns that an existing sheet gets at its right end: headings, widths, looks, and the columns of its Excel table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xlbangfu.book.upgrade import column_widths
from xlbangfu.book.upgrade.existing import Sheet
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.worksheet import Row, SheetPart

# How far the cells of a sheet reach: its first cell, and the row of its last one.
_DIMENSION = late_pattern(rb'(<dimension\s[^>]*?ref=")[A-Z]+(\d+)(?::[A-Z]+(\d+))?(?=")')


def add(sheet: Sheet, fresh: SheetPart) -> None:
    """Put the lacking columns into the sheet's part; they look as in ``fresh``."""
    part, new = sheet.part, sheet.new_columns
    headings, records = (styles_of(fresh, number) for number in (1, 2))
    first = {
        place: _cell(place, 1, headings.get(place, ""), f"<is><t>{escape(column.name)}</t></is>")
        for place, column in new.items()
    }
    second = {place: _cell(place, 2, records.get(place, "")) for place in new}

    part.splice({1: _row_with(part, 1, first), 2: _row_with(part, 2, second)})
    part.head = _widened(part.head, len(sheet.columns))
    column_widths.put(part, filter(None, (column_widths.tag_of(fresh, place) for place in new)))


def table_with_columns(sheet: Sheet, xml: bytes, others: list[table_part.Extent]) -> bytes:
    """The Excel table's part with the new columns, where nothing stands between them and it; ``others`` are the sheet's
    other tables."""
    was = table_part.extent(xml)
    places = range(was.right + 1, len(sheet.columns))
    new = [sheet.new_columns[place].name for place in places if place in sheet.new_columns]
    crowded = any(was.right < other.left < len(sheet.columns) for other in others)
    if crowded or len(new) < len(places):
        return xml
    return table_part.resized(xml, right=len(sheet.columns) - 1, bottom=was.bottom, new=new)


def styles_of(part: SheetPart, number: int) -> dict[int, str]:
    """The style of each cell of a row, by its column."""
    row = part.row(number)
    return {cell.column: cell.style for cell in part.cells(row)} if row else {}


def _row_with(part: SheetPart, number: int, cells: Mapping[int, bytes]) -> Callable[[Row | None], bytes]:
    return lambda row: part.row_with(row, number, dict(cells))


def _cell(place: int, row: int, style: str, content: str = "") -> bytes:
    look = f' s="{style}"' if style else ""
    address = f'<c r="{letters(place)}{row}"{look}'
    return (f'{address} t="inlineStr">{content}</c>' if content else f"{address}/>").encode()


def _widened(head: bytes, width: int) -> bytes:
    right = letters(width - 1).encode()
    return _DIMENSION.sub(lambda found: b"%bA1:%b%b" % (found[1], right, found[3] or found[2]), head, count=1)
