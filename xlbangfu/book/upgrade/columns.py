"""Columns that an existing sheet gets at its right end, and marks, drop-downs and number formats that fit this version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from xlbangfu.book.upgrade import sheet_tail
from xlbangfu.book.upgrade.existing import Sheet
from xlbangfu.book.upgrade.sheet_tail import Validation
from xlbangfu.book.upgrade.styles import Styles
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.worksheet import Row, SheetPart
from xlbangfu.schema import Kind

_COLUMN = re.compile(rb"<col\s[^>]*?/>")
_COLUMNS = re.compile(rb"<cols\b[^>]*>(.*?)</cols>", re.DOTALL)


@dataclass
class Renewal:
    """What was done to a sheet: new columns, columns whose drop-down or number format is new, and those whose drop-down is
    the staff's own and stays."""

    columns: tuple[str, ...] = ()
    drop_downs: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    marks: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.columns or self.drop_downs or self.formats or self.marks)


def renew(sheet: Sheet, fresh: SheetPart, styles: Styles) -> Renewal:
    """Bring a sheet's part to what ``fresh`` has: the same sheet made for its columns, in the workbook's style numbers."""
    renewal = Renewal(sheet.lacking)
    if sheet.lacking:
        _add_cells(sheet, fresh)
        _add_widths(sheet, fresh)
    _renew_marks(sheet.part, fresh, renewal)
    _renew_validations(sheet, fresh, renewal)
    if sheet.table.kind is Kind.OUTPUT:
        _renew_formats(sheet, fresh, styles, renewal)
    return renewal


def _add_cells(sheet: Sheet, fresh: SheetPart) -> None:
    """The headings, and in row 2 the style that each column's records get."""
    part, added = sheet.part, sheet.added
    styles = {number: _styles_of(fresh, number) for number in (1, 2)}
    first = {
        place: _cell(place, 1, styles[1].get(place, ""), f"<is><t>{escape(column.name)}</t></is>")
        for place, column in added.items()
    }
    second = {place: _cell(place, 2, styles[2].get(place, "")) for place in added}

    def with_cells(number: int, cells: Mapping[int, bytes]) -> Callable[[Row | None], bytes]:
        return lambda row: part.row_with(row, number, dict(cells))

    part.splice({1: with_cells(1, first), 2: with_cells(2, second)})
    part.set_dimension(len(sheet.columns), 1 if part.row(2) is None else 2)


def _styles_of(part: SheetPart, number: int) -> dict[int, str]:
    row = part.row(number)
    return {cell.column: cell.style for cell in part.cells(row)} if row else {}


def _cell(place: int, row: int, style: str, content: str = "") -> bytes:
    look = f' s="{style}"' if style else ""
    address = f'<c r="{letters(place)}{row}"{look}'
    return (f'{address} t="inlineStr">{content}</c>' if content else f"{address}/>").encode()


def _add_widths(sheet: Sheet, fresh: SheetPart) -> None:
    """A ``<col>`` for each new column; one that spans further columns is cut in two around it."""
    there = _COLUMNS.search(sheet.part.head)
    tags = _COLUMN.findall(there[1]) if there else []
    wanted = {place: _only(tag, place + 1) for place in sheet.added for tag in _spanning(fresh, place)}
    for place in wanted:
        tags = [piece for tag in tags for piece in _around(tag, place + 1)]
    tags = sorted([*tags, *wanted.values()], key=lambda tag: _span(tag)[0])
    made = b"<cols>" + b"".join(tags) + b"</cols>"
    head = sheet.part.head
    sheet.part.head = head[: there.start()] + made + head[there.end() :] if there else head + made


def _spanning(part: SheetPart, place: int) -> list[bytes]:
    return [tag for tag in _COLUMN.findall(part.head) if _span(tag)[0] <= place + 1 <= _span(tag)[1]]


def _around(tag: bytes, number: int) -> list[bytes]:
    """What is left of a ``<col>`` without one of its columns."""
    first, last = _span(tag)
    if not first <= number <= last:
        return [tag]
    pieces = ((first, number - 1), (number + 1, last))
    return [_with_span(tag, low, high) for low, high in pieces if low <= high]


def _only(tag: bytes, number: int) -> bytes:
    return _with_span(tag, number, number)


def _span(tag: bytes) -> tuple[int, int]:
    found = {name: int(value) for name, value in re.findall(rb'\b(min|max)="(\d+)"', tag)}
    return found[b"min"], found[b"max"]


def _with_span(tag: bytes, first: int, last: int) -> bytes:
    tag = re.sub(rb'\bmin="\d+"', b'min="%d"' % first, tag)
    return re.sub(rb'\bmax="\d+"', b'max="%d"' % last, tag)


def _renew_formats(sheet: Sheet, fresh: SheetPart, styles: Styles, renewal: Renewal) -> None:
    """Number formats of the program's own sheets, where they differ; all else of a cell's look stays.

    Records get the look of row 2 when the sheet is written the next time.
    """
    part, row = sheet.part, sheet.part.row(2)
    cells = {cell.column: cell for cell in part.cells(row)} if row else {}
    wanted, widths = _styles_of(fresh, 2), part.column_styles()
    changed: dict[int, bytes] = {}
    for place, column in enumerate(sheet.columns):
        there = (cells[place].style if place in cells else "") or widths.get(place, "")
        if column.name not in sheet.table or place in sheet.added or not there:
            continue
        look = styles.with_number_format_of(int(there), int(wanted[place]))
        if look != int(there):
            renewal.formats.append(column.name)
            _restyle_column(part, place, look)
            if place in cells:
                changed[place] = _restyled(part.placed(cells[place], 2), look)
    if changed:
        part.splice({2: lambda row: part.row_with(row, 2, changed)})


def _restyle_column(part: SheetPart, place: int, look: int) -> None:
    """Another style in the ``<col>`` of one column."""
    there = _COLUMNS.search(part.head)
    tags = _COLUMN.findall(there[1]) if there else []
    mine = [re.sub(rb'\bstyle="\d+"', b'style="%d"' % look, _only(tag, place + 1)) for tag in _spanning(part, place)]
    tags = sorted([piece for tag in tags for piece in _around(tag, place + 1)] + mine, key=lambda tag: _span(tag)[0])
    if there:
        part.head = part.head[: there.start(1)] + b"".join(tags) + part.head[there.end(1) :]


def _restyled(cell: bytes, look: int) -> bytes:
    opening, rest = cell.split(b">", 1)
    opening = re.sub(rb'\ss="\d+"', b"", opening)
    end = b"/" if opening.endswith(b"/") else b""
    return opening.removesuffix(b"/") + b' s="%d"' % look + end + b">" + rest


def _renew_marks(part: SheetPart, fresh: SheetPart, renewal: Renewal) -> None:
    old, new = sheet_tail.marks(part.tail), sheet_tail.marks(fresh.tail)
    if new and not sheet_tail.same_marks(old, new):
        part.tail = sheet_tail.with_marks(part.tail, new)
        renewal.marks = True


def _renew_validations(sheet: Sheet, fresh: SheetPart, renewal: Renewal) -> None:
    there = sheet_tail.validations(sheet.part.tail)
    added: list[bytes] = []
    swapped: dict[bytes, bytes] = {}
    for new in sheet_tail.validations(fresh.tail):
        (place,) = new.reach
        column = sheet.columns[place]
        old = _counterpart(new, there, place)
        if old is None:
            added.append(new.xml)
        elif old.meaning == new.meaning:
            continue
        elif _is_ours(old, new):
            swapped[old.xml] = _placed_as(new, old)
        else:
            renewal.kept.append(column.name)
            continue
        if column.name not in sheet.lacking:
            renewal.drop_downs.append(column.name)
    sheet.part.tail = sheet_tail.with_validations(sheet.part.tail, added, swapped)


_FAR = 100  # a drop-down that ends above this row is the staff's, made for a few cells


def _counterpart(new: Validation, there: list[Validation], place: int) -> Validation | None:
    """What is on the sheet where ``new`` is to be: in the whole column, or, for one cell of 设置, under its title."""
    if new.reach[place] >= _FAR:
        return next((one for one in there if one.reach.get(place, 0) >= _FAR), None)
    return next((one for one in there if place in one.reach and one.titles & new.titles), None)


def _is_ours(old: Validation, new: Validation) -> bool:
    """Whether the program wrote it and staff put no word of their own into its list."""
    return len(old.reach) == 1 and bool(old.titles & new.titles) and not old.choices - new.choices


def _placed_as(new: Validation, old: Validation) -> bytes:
    where = re.search(rb'\ssqref="([^"]*)"', old.xml)
    return re.sub(rb'(\ssqref=")[^"]*', rb"\g<1>" + where[1], new.xml, count=1) if where else new.xml


def grown_table(sheet: Sheet, xml: bytes, others: list[table_part.Extent]) -> bytes:
    """The Excel table's part with the new columns, where nothing stands between them and it."""
    was = table_part.extent(xml)
    places = range(was.right + 1, len(sheet.columns))
    new = [sheet.added[place].name for place in places if place in sheet.added]
    crowded = any(was.right < other.left < len(sheet.columns) for other in others)
    if crowded or len(new) < len(places):
        return xml
    return table_part.resized(xml, right=len(sheet.columns) - 1, bottom=was.bottom, new=new)
