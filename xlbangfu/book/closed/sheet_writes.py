"""The changes that a sheet can undergo: rewritten whole, rows added, cells amended, rows emptied.

Each takes the sheet's part as it is and changes it; a ``SheetState`` says what is on the sheet now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from xlbangfu.book.row_heights import height, wrapped
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import Place, cells, escape, rows_xml
from xlbangfu.ooxml.worksheet import Cell, Row, SheetPart
from xlbangfu.schema import Column, Table, Type, state_of

MOST_LINKS = 65_530  # of one sheet; Excel repairs a file with more


@dataclass
class SheetState:
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

    def styles(self) -> dict[int, str]:
        """The style of each column: that of the first data row's cells, else of the column."""
        styles = self.part.column_styles()
        first = self.part.row(2)
        if first:
            styles |= {cell.column: cell.style for cell in self.part.cells(first)}
        return styles


def replace(
    standing: SheetState, frame: pl.DataFrame, own: Sequence[tuple[int, pl.Series]], below: Iterable[bytes]
) -> None:
    """Rewrite all rows below the header; ``own`` are staff's cells in the new rows, ``below`` rows that come after."""
    part = standing.part
    places = _places(standing, frame)
    header = _header(standing)
    wrapping = _wrapping(standing, frame)
    rows = rows_xml(frame, places, 2, part.prefix, date1904=standing.date1904, further=own, wrapping=wrapping)
    blank = [] if frame.height else rows_xml(_blank(frame), places, 2, part.prefix)
    standing.last = frame.height + 1
    standing.bottom = max(2, standing.last)
    standing.rewritten = True
    for column in standing.table:
        if column.type is Type.LINK and column.name in frame.columns:
            part.set_links(standing.headings[column.name], _links(frame[column.name]))
    part.put_rows([header], rows, blank, below)


def append(standing: SheetState, frame: pl.DataFrame) -> None:
    """Put rows after the last record; blank rows there are filled first and keep what is in other columns."""
    part = standing.part
    places = _places(standing, frame)
    header = _header(standing)
    first, last = standing.last + 1, standing.last + frame.height
    there = list(part.rows_after(standing.last))
    inside = [row for row in there if row.number <= last]
    top = part.row(1) if standing.added else None
    before = part.between(top.end if top else None, there[0].start if there else None)
    merged = inside[-1].number - standing.last if inside else 0
    part.put_rows(
        [
            header if standing.added else b"",
            before,
            *_merged(standing, frame.head(merged), places, first, inside),
            *rows_xml(
                frame.slice(merged),
                places,
                first + merged,
                part.prefix,
                date1904=standing.date1904,
                wrapping=_wrapping(standing, frame),
            ),
            part.between(inside[-1].end if inside else there[0].start, None) if there else b"",
        ]
    )
    standing.last = last
    standing.bottom = max(standing.bottom, last)


def amend(standing: SheetState, frame: pl.DataFrame, rows: pl.Series) -> None:
    """Set the cells of the frame's columns in the rows given, one row of the frame each."""
    part = standing.part
    places = [place for place in _places(standing, frame) if place.name in frame.columns]
    order = rows.arg_sort()
    made = cells(frame[order], places, rows[order], part.prefix, date1904=standing.date1904)
    index = {place.name: place.index for place in places}
    changes = {
        number: {index[name]: xml.encode() for name, xml in record.items()}
        for number, record in zip(rows[order].to_list(), made.to_dicts(), strict=True)
    }
    _rewrite_rows(standing, changes)


def delete(standing: SheetState, rows: Iterable[int]) -> None:
    """Empty all cells of the rows, staff's own columns too; the styles stay."""
    part = standing.part
    changes: dict[int, dict[int, bytes]] = {}
    for number in rows:
        row = part.row(number)
        changes[number] = {cell.column: _empty(part, cell, number) for cell in (part.cells(row) if row else [])}
    _rewrite_rows(standing, changes)


def _empty(part: SheetPart, cell: Cell, number: int) -> bytes:
    style = f' s="{cell.style}"' if cell.style else ""
    return f'<{part.prefix}c r="{letters(cell.column)}{number}"{style}/>'.encode()


def _rewrite_rows(standing: SheetState, changes: dict[int, dict[int, bytes]]) -> None:
    part = standing.part

    def rewritten(number: int) -> Callable[[Row | None], bytes]:
        def make(row: Row | None) -> bytes:
            if row:
                _note_formulas(standing, row, changes[number])
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
    told = f' s="{style}"'.encode() if style else b""
    at = re.match(rb'<[\w.:-]+ r="[A-Z]+\d+"', opening)
    assert at is not None  # made by sheet_xml
    return opening[: at.end()] + told + opening[at.end() : len(opening) - len(end)] + end + b">" + rest


def _note_formulas(standing: SheetState, row: Row, changes: dict[int, bytes]) -> None:
    for cell in standing.part.cells(row):
        if cell.column in changes and cell.formula:
            address = f"{letters(cell.column)}{row.number}"
            if isinstance(standing.lost_formulas, frozenset):
                standing.lost_formulas |= {address}


def _merged(
    standing: SheetState, frame: pl.DataFrame, places: list[Place], first: int, there: list[Row]
) -> Iterable[bytes]:
    """New rows where some rows stand already: what is in their other columns stays."""
    part = standing.part
    numbers = pl.Series(range(first, first + frame.height), dtype=pl.Int64)
    made = cells(frame, places, numbers, part.prefix, date1904=standing.date1904).to_dicts()
    known = {row.number: row for row in there}
    index = {place.name: place.index for place in places}
    high = height(_wrapping(standing, frame), frame.schema)
    heights = frame.select(pl.repeat("", pl.len()) + high)[:, 0].to_list()
    for number, record, high in zip(numbers.to_list(), made, heights, strict=True):
        changes = {index[name]: xml.encode() for name, xml in record.items()}
        row = known.get(number)
        if row:
            changes = {
                column: xml
                for column, xml in _styled(part, row, changes).items()
                if b"</" in xml or column not in {cell.column for cell in part.cells(row)}
            }
            _note_formulas(standing, row, changes)
        yield _as_high(part.row_with(row, number, changes), high)


def _wrapping(standing: SheetState, frame: pl.DataFrame) -> list[Column]:
    """The columns that a row's height depends on."""
    return [column for column in standing.table if wrapped(column) and column.name in frame.columns]


def _as_high(row: bytes, high: str) -> bytes:
    """The row with a height, unless someone has given it one."""
    opening, rest = row.split(b">", 1)
    return row if not high or b" ht=" in opening else opening + high.encode() + b">" + rest


def _places(standing: SheetState, frame: pl.DataFrame) -> list[Place]:
    """Where the frame's columns go; those without a heading yet get one after the last."""
    styles = standing.styles()
    names = [name for name in frame.columns if not name.startswith("_") and not _is_state(name, frame)]
    if not set(names) <= set(standing.headings):
        standing.width = max(standing.width, standing.part.rightmost() + 1)
    for name in names:
        if name not in standing.headings:
            standing.headings[name] = standing.width
            styles[standing.width] = _style_of_kin(standing, frame, name, styles)
            standing.width += 1
            standing.right = max(standing.right, standing.headings[name])
            standing.added.append(name)
    ours = set(names) | set(standing.table.names)
    return [Place(name, index, styles.get(index, "")) for name, index in standing.headings.items() if name in ours]


def _is_state(name: str, frame: pl.DataFrame) -> bool:
    return any(name == state_of(subject) for subject in frame.columns)


def _style_of_kin(standing: SheetState, frame: pl.DataFrame, name: str, styles: dict[int, str]) -> str:
    """A new column looks like the last column beside it that holds the same type."""
    kin = [
        index
        for other, index in standing.headings.items()
        if other != name and other in frame.columns and frame[other].dtype == frame[name].dtype
    ]
    return styles.get(max(kin, default=standing.width - 1), "")


def _header(standing: SheetState) -> bytes:
    """The header row, with the headings that were added now."""
    part = standing.part
    row = part.row(1)
    if not standing.added:
        return part.row_xml(row) if row else b""
    style = part.cells(row)[-1].style if row else ""
    told = f' s="{style}"' if style else ""
    new = {
        standing.headings[name]: (
            f'<{part.prefix}c r="{letters(standing.headings[name])}1"{told} t="inlineStr"><{part.prefix}is>'
            f"<{part.prefix}t>{escape(name)}</{part.prefix}t></{part.prefix}is></{part.prefix}c>"
        ).encode()
        for name in standing.added
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
