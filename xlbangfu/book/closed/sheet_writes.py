"""The changes that a sheet can undergo: rewritten whole, rows added, cells amended, rows emptied.

Each takes the sheet's part as it is and changes it; a ``SheetState`` says what is on the sheet now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence

import polars as pl
from msgspec import Struct, field

from xlbangfu.book.row_heights import height
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import cell as cell_xml
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.frame_xml import Place, cells, rows_xml
from xlbangfu.ooxml.worksheet import Cell, Row, SheetPart
from xlbangfu.schema import NOTE_ROW, Table, Type, state_of

MOST_LINKS = 65_530  # of one sheet; Excel repairs a file with more


class SheetState(Struct):
    """A sheet at work: its part, its headings (column from 0), its last record's row and how far its table reaches."""

    table: Table
    part: SheetPart
    headings: dict[str, int]
    width: int  # columns that have a heading, staff's own included
    last: int  # row of the last record, 1 if there is none
    bottom: int  # last row of the Excel table
    right: int  # last column of the Excel table, from 0
    date1904: bool = False
    added: list[str] = field(default_factory=list)  # headings that were put at the right end
    lost_formulas: Container[str] = frozenset()  # addresses of cells that had one
    rewritten: bool = False
    noted: bool = False  # whether it says below its blank row that there is no record

    def styles(self) -> dict[int, str]:
        """The style of each column: that of the first data row's cells, else of the column."""
        styles = self.part.column_styles()
        first = self.part.row(2)
        if first:
            styles |= {cell.column: cell.style for cell in self.part.cells(first)}
        return styles


def replace(
    state: SheetState,
    frame: pl.DataFrame,
    own: Sequence[tuple[int, pl.Series]],
    below: Iterable[bytes],
    *,
    note: str = "",
) -> None:
    """Rewrite all rows below the header; ``own`` are staff's cells in the new rows, ``below`` rows that come after, ``note``
    is said where there is no record."""
    part = state.part
    places = _places(state, frame)
    header = _header(state)
    high = _heights(state, frame)
    rows = rows_xml(frame, places, 2, part.prefix, date1904=state.date1904, further=own, height=high)
    blank = [] if frame.height else rows_xml(_blank(frame), places, 2, part.prefix)
    noted = [_note(state, places, note)] if note else []
    state.noted = bool(note)
    state.last = frame.height + 1
    state.bottom = max(2, state.last)
    state.rewritten = True
    for column in state.table:
        if column.type is Type.LINK and column.name in frame.columns:
            part.set_links(state.headings[column.name], _links(frame[column.name]))
    part.put_rows([header], rows, blank, noted, below)


def _note(state: SheetState, places: Sequence[Place], note: str) -> bytes:
    """A row below the blank one, outside the Excel table."""
    place = next(place for place in places if place.name == state.table.note_column.name)
    number, prefix = NOTE_ROW, state.part.prefix
    made = cell_xml(f"{letters(place.index)}{number}", note, place.style, prefix)
    return f'<{prefix}row r="{number}">{made}</{prefix}row>'.encode()


def append(state: SheetState, frame: pl.DataFrame) -> None:
    """Put rows after the last record; blank rows there are filled first and keep what is in other columns."""
    part = state.part
    places = _places(state, frame)
    header = _header(state)
    first, last = state.last + 1, state.last + frame.height
    heights = _heights(state, frame)
    there = list(part.rows_after(state.last))
    inside = [row for row in there if row.number <= last]
    top = part.row(1) if state.added else None
    before = part.between(top.end if top else None, there[0].start if there else None)
    merged = inside[-1].number - state.last if inside else 0
    part.put_rows(
        [
            header if state.added else b"",
            before,
            *_merged(state, frame.head(merged), places, first, inside, heights),
            *rows_xml(
                frame.slice(merged),
                places,
                first + merged,
                part.prefix,
                date1904=state.date1904,
                height=heights,
            ),
            part.between(inside[-1].end if inside else there[0].start, None) if there else b"",
        ]
    )
    state.last = last
    state.bottom = max(state.bottom, last)


def amend(state: SheetState, frame: pl.DataFrame, rows: pl.Series, *, spares_formulas: bool = False) -> None:
    """Set the cells of the frame's columns in the rows given, one row of the frame each."""
    part = state.part
    places = [place for place in _places(state, frame) if place.name in frame.columns]
    order = rows.arg_sort()
    made = cells(frame[order], places, rows[order], part.prefix, date1904=state.date1904)
    index = {place.name: place.index for place in places}
    changes = {
        number: {index[name]: xml.encode() for name, xml in record.items()}
        for number, record in zip(rows[order].to_list(), made.to_dicts(), strict=True)
    }
    if spares_formulas:
        changes = {number: _without_formulas(part, number, cells) for number, cells in changes.items()}
    _rewrite_rows(state, {number: cells for number, cells in changes.items() if cells})


def _without_formulas(part: SheetPart, number: int, changes: dict[int, bytes]) -> dict[int, bytes]:
    row = part.row(number)
    formulas = {cell.column for cell in part.cells(row) if cell.formula} if row else set()
    return {column: xml for column, xml in changes.items() if column not in formulas}


def delete(state: SheetState, rows: Iterable[int]) -> None:
    """Empty all cells of the rows, staff's own columns too; the styles stay."""
    part = state.part
    changes: dict[int, dict[int, bytes]] = {}
    for number in rows:
        row = part.row(number)
        changes[number] = {cell.column: _empty(part, cell, number) for cell in (part.cells(row) if row else [])}
    _rewrite_rows(state, changes)


def _empty(part: SheetPart, cell: Cell, number: int) -> bytes:
    return cell_xml(f"{letters(cell.column)}{number}", None, cell.style, part.prefix).encode()


def _rewrite_rows(state: SheetState, changes: dict[int, dict[int, bytes]]) -> None:
    part = state.part

    def rewritten(number: int) -> Callable[[Row | None], bytes]:
        def make(row: Row | None) -> bytes:
            if row:
                _note_formulas(state, row, changes[number])
            return part.row_with(row, number, _styled(part, row, changes[number]) if row else changes[number])

        return make

    part.splice({number: rewritten(number) for number in changes})


def _styled(part: SheetPart, row: Row, changes: dict[int, bytes]) -> dict[int, bytes]:
    """The cells with the style that each place has already."""
    styles = {cell.column: cell.style for cell in part.cells(row)}
    return {column: _with_style(xml, styles[column]) if column in styles else xml for column, xml in changes.items()}


def _with_style(xml: bytes, style: str) -> bytes:
    opening, rest = xml.split(b">", 1)
    opening = re.sub(rb' s="\d*"', b"", opening)
    end = b"/" if opening.endswith(b"/") else b""
    styled = f' s="{style}"'.encode() if style else b""
    at = re.match(rb'<[\w.:-]+ r="[A-Z]+\d+"', opening)
    assert at is not None  # made by cell_xml
    return opening[: at.end()] + styled + opening[at.end() : len(opening) - len(end)] + end + b">" + rest


def _note_formulas(state: SheetState, row: Row, changes: dict[int, bytes]) -> None:
    for cell in state.part.cells(row):
        if cell.column in changes and cell.formula:
            address = f"{letters(cell.column)}{row.number}"
            if isinstance(state.lost_formulas, frozenset):
                state.lost_formulas |= {address}


def _merged(
    state: SheetState, frame: pl.DataFrame, places: list[Place], first: int, there: list[Row], high: pl.Expr
) -> Iterable[bytes]:
    """New rows where some rows stand already: what is in their other columns stays."""
    if frame.is_empty():
        return
    part = state.part
    numbers = pl.Series(range(first, first + frame.height), dtype=pl.Int64)
    made = cells(frame, places, numbers, part.prefix, date1904=state.date1904).to_dicts()
    known = {row.number: row for row in there}
    index = {place.name: place.index for place in places}
    heights = frame.select(high).to_series().to_list()
    for number, record, tall in zip(numbers.to_list(), made, heights, strict=True):
        changes = {index[name]: xml.encode() for name, xml in record.items()}
        row = known.get(number)
        if row:
            changes = {
                column: xml
                for column, xml in _styled(part, row, changes).items()
                if b"</" in xml or column not in {cell.column for cell in part.cells(row)}
            }
            _note_formulas(state, row, changes)
        yield _as_high(part.row_with(row, number, changes), tall)


def _heights(state: SheetState, frame: pl.DataFrame) -> pl.Expr:
    """How high each row of the frame must be for its wrapped texts."""
    return height(state.table, frame)


def _as_high(row: bytes, high: str) -> bytes:
    """The row with a height, unless someone has given it one."""
    opening, rest = row.split(b">", 1)
    return row if not high or b" ht=" in opening else opening + high.encode() + b">" + rest


def _places(state: SheetState, frame: pl.DataFrame) -> list[Place]:
    """Where the frame's columns go; those without a heading yet get one after the last."""
    styles = state.styles()
    states = set(map(state_of, frame.columns))
    names = [name for name in frame.columns if not name.startswith("_") and name not in states]
    if not set(names) <= set(state.headings):
        state.width = max(state.width, state.part.rightmost() + 1)
    for name in names:
        if name not in state.headings:
            state.headings[name] = state.width
            styles[state.width] = _style_of_kin(state, frame, name, styles)
            state.width += 1
            state.right = max(state.right, state.headings[name])
            state.added.append(name)
    ours = set(names) | set(state.table.names)
    return [
        Place(name, index, styles.get(index, ""), state_of(name))
        for name, index in state.headings.items()
        if name in ours
    ]


def _style_of_kin(state: SheetState, frame: pl.DataFrame, name: str, styles: dict[int, str]) -> str:
    """A new column looks like the last column beside it that holds the same type."""
    dtypes = frame.schema
    kin = [index for other, index in state.headings.items() if other != name and dtypes.get(other) == dtypes[name]]
    return styles.get(max(kin, default=state.width - 1), "")


def _header(state: SheetState) -> bytes:
    """The header row, with the headings that were added now."""
    part = state.part
    row = part.row(1)
    if not state.added:
        return part.row_xml(row) if row else b""
    style = part.cells(row)[-1].style if row else ""
    new = {
        place: cell_xml(f"{letters(place)}1", name, style, part.prefix).encode()
        for name, place in ((name, state.headings[name]) for name in state.added)
    }
    return part.row_with(row, 1, new)


def _blank(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.clear(1)


def _links(values: pl.Series) -> list[tuple[int, str]]:
    """Row and location of each cell like 成绩!B7; the sheet's name is quoted, as it may hold anything."""
    links = []
    for row, text in enumerate(values.head(MOST_LINKS).to_list(), start=2):
        sheet, mark, address = (text or "").rpartition("!")
        if mark:
            quoted = "'" + sheet.strip("'").replace("'", "''") + "'"
            links.append((row, escape(f"{quoted}!{address}").replace('"', "&quot;")))
    return links
