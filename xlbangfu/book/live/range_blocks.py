"""What a save puts where on one sheet, decided before anything is written.

Rows and columns of a ``Block`` count from 1, as on the sheet; places (of headings) count from 0. ``None`` empties a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import polars as pl
from msgspec import Struct, field

from xlbangfu.book.reading.frames import Sheet, heading
from xlbangfu.book.row_matching import RecordExtent, by_row, is_own_rank, matching, rows_of
from xlbangfu.book.staff_cells import kept, moves
from xlbangfu.schema import NOTE_ROW, ROW, Column, Kind, Table, Type, state_of

Rows = list[list[Any]]


class Formula(str):
    """A formula, where any other text is only text whatever it begins with."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


class Block(Struct, frozen=True):
    """Values for a rectangle of cells."""

    row: int
    column: int
    rows: Rows

    @property
    def bottom(self) -> int:
        return self.row + len(self.rows) - 1

    @property
    def right(self) -> int:
        return self.column + len(self.rows[0]) - 1


class SheetState(Struct):
    """A sheet as it is now, and where its records and its columns end; writes move the ends on."""

    table: Table
    grid: Rows  # from A1; every row as wide as the used range
    sheet: Sheet
    errors: frozenset[int] = frozenset()  # rows with a formula error, of which the grid shows nothing
    headings: dict[str, int] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    last: int = 1

    def __post_init__(self) -> None:
        for place, cell in enumerate(self.grid[0] if self.grid else []):
            if name := heading(cell):
                self.headings.setdefault(name, place)
        self.last = RecordExtent.of(self.sheet.frame).last

    @property
    def height(self) -> int:
        return len(self.grid)

    @property
    def width(self) -> int:
        return len(self.grid[0]) if self.grid else 0

    @property
    def bottom(self) -> int:
        return max(2, self.last)

    def column(self, name: str) -> Column:
        """A column of the schema, or one that a subject brought."""
        return self.table[name] if name in self.table else Column(name=name, type=Type.MARK)

    def cell(self, row: int, place: int) -> Any:
        inside = row <= self.height and place < self.width
        return self.grid[row - 1][place] if inside else None

    def names_in(self, start: int, end: int) -> list[str | None]:
        """The heading of each place from ``start`` on, before ``end``."""
        names = {place: name for name, place in self.headings.items()}
        return [names.get(place) for place in range(start, end)]

    def add_headings(self, names: Iterable[str]) -> list[Block]:
        """Headings that the sheet lacks come after its last column."""
        blocks = []
        for name in names:
            if name not in self.headings:
                place = max([self.width - 1, *self.headings.values()]) + 1
                self.headings[name] = place
                self.added.append(name)
                blocks.append(Block(1, place + 1, [[name]]))
        return blocks


def differing(state: SheetState, block: Block, was: Rows) -> tuple[Block, Rows] | None:
    """The part of a block from the first to the last row and column that is other than what stands there, and what stands
    in it; None where all is as it is to be.

    An error and a truth stand for nothing and for a number here, and are none.
    """
    pairs = list(zip(block.rows, was, strict=True))
    odd = [at for at, (_, there) in enumerate(pairs) if block.row + at in state.errors or bool in map(type, there)]
    rows = sorted({*odd, *(at for at, (wanted, there) in enumerate(pairs) if wanted != there)})
    if not rows:
        return None
    wanted, there = (zip(*(pairs[at][side] for at in rows), strict=True) for side in (0, 1))
    columns = [at for at, (new, old) in enumerate(zip(wanted, there, strict=True)) if odd or new != old]
    left, right = columns[0], columns[-1] + 1
    within = pairs[rows[0] : rows[-1] + 1]
    part = Block(block.row + rows[0], block.column + left, [wanted[left:right] for wanted, _ in within])
    return part, [there[left:right] for _, there in within]


def columns_of(frame: pl.DataFrame) -> dict[str, list[Any]]:
    """The values of each column that goes on a sheet; a mark is its number or its word."""
    states = {state_of(name) for name in frame.columns}
    names = [name for name in frame.columns if not name.startswith("_") and name not in states]
    answer = {}
    for name in names:
        values = frame[name].to_list()
        if state_of(name) in frame.columns:
            words = frame[state_of(name)].to_list()
            values = [value if word is None else word for value, word in zip(values, words, strict=True)]
        answer[name] = [None if value == "" or value != value else value for value in values]
    return answer


def with_own_ranks(state: SheetState) -> pl.DataFrame:
    """The records as read, with the ranks by subject, which a read leaves out."""
    frame = state.sheet.frame
    if state.table.kind is not Kind.OUTPUT:
        return frame
    rows = [state.grid[row - 1] for row in frame[ROW].to_list()]
    names = [name for name in state.headings if is_own_rank(state.table, name)]
    ranks = {name: [_whole_number(row[state.headings[name]]) for row in rows] for name in names}
    return frame.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in ranks.items())


def _whole_number(cell: Any) -> int | None:
    return int(cell) if type(cell) is float and cell.is_integer() else None


def replace(state: SheetState, frame: pl.DataFrame, formulas: Any, *, note: str = "") -> Iterator[Block]:
    """All rows below the header anew; staff's own cells go with their records.

    ``formulas`` is asked for the formulas of some columns, if staff have cells of their own; ``note`` is said below the
    blank row where there is no record.
    """
    table, old = state.table, state.sheet.frame
    frame = kept(table, frame, old)
    own = list(_own_cells(state, frame, formulas))
    columns = columns_of(frame)
    yield from state.add_headings(columns)
    blanks = [name for name in state.headings if name not in columns and _is_ours(state, name, frame)]
    height = max(frame.height, state.height - 1, NOTE_ROW - 1 if note else 1)
    by_place = {state.headings[name]: _padded(_shown(state, name, columns[name]), height) for name in columns}
    by_place |= {state.headings[name]: [None] * height for name in blanks}
    if note:
        place = state.headings[table.note_column.name]
        by_place[place] = _padded([None, note], height)
    yield from _side_by_side(2, by_place)
    yield from own
    state.last = frame.height + 1


def append(state: SheetState, frame: pl.DataFrame) -> Iterator[Block]:
    """Rows below the last record; what stands there already is only overwritten by something."""
    columns = columns_of(frame)
    yield from state.add_headings(columns)
    first = state.last + 1
    whole: dict[int, list[Any]] = {}
    for name, values in columns.items():
        place = state.headings[name]
        there = [state.cell(row, place) for row in range(first, first + frame.height)]
        if all(_is_blank(cell) for cell in there):
            whole[place] = values
        else:
            mine = [(first + index, value) for index, value in enumerate(values) if value is not None]
            yield from _down(place, mine)
    if frame.height:
        yield from _side_by_side(first, whole)
    state.last += frame.height


def amend(state: SheetState, frame: pl.DataFrame, old: pl.DataFrame, formulas: Any) -> Iterator[Block]:
    """The cells of the frame's columns in the rows of ``old`` that it names; where it names rows as they were read, cells
    with a formula stay as they are."""
    values, rows = rows_of(state.table, frame, old)
    if by_row(frame):
        yield from _beside_formulas(state, values, rows, formulas)
        return
    order = rows.arg_sort()
    columns = columns_of(values[order])
    yield from state.add_headings(columns)
    numbers = rows[order].to_list()
    for start, end in _runs(numbers):
        part = {state.headings[name]: cells[start:end] for name, cells in columns.items()}
        yield from _side_by_side(numbers[start], part)


def _beside_formulas(state: SheetState, frame: pl.DataFrame, rows: pl.Series, formulas: Any) -> Iterator[Block]:
    order = rows.arg_sort()
    for name, values in columns_of(frame[order]).items():
        place = state.headings[name]
        there = formulas(place)
        cells = zip(rows[order].to_list(), values, strict=True)
        yield from _down(place, [(row, value) for row, value in cells if not isinstance(there[row - 1], Formula)])


def delete(state: SheetState, keys: pl.DataFrame, old: pl.DataFrame) -> Iterator[Block]:
    """The rows of ``old`` that the keys name, emptied over the whole width."""
    numbers = sorted(matching(keys, old))
    for start, end in _runs(numbers):
        yield Block(numbers[start], 1, [[None] * state.width for _ in range(start, end)])


def _shown(state: SheetState, name: str, values: list[Any]) -> list[Any]:
    """Values as the column takes them: a link jumps by a formula, which one write sets for all rows."""
    if state.column(name).type is not Type.LINK:
        return values
    return [link(value) for value in values]


def link(text: Any) -> Any:
    """A text like 成绩!B7 as the formula that jumps there."""
    sheet, mark, address = text.rpartition("!") if isinstance(text, str) else ("", "", "")
    if not mark:
        return text
    quoted = "'" + sheet.strip("'").replace("'", "''") + "'"
    target, shown = (part.replace('"', '""') for part in (f"#{quoted}!{address}", text))
    return Formula(f'=HYPERLINK("{target}","{shown}")')


def _is_ours(state: SheetState, name: str, frame: pl.DataFrame) -> bool:
    return name in state.table or name in frame.columns or is_own_rank(state.table, name)


def _own_cells(state: SheetState, frame: pl.DataFrame, formulas: Any) -> Iterator[Block]:
    """Staff's own cells where they belong now: a value with its record, a formula in its row (``keeping.own_cells``)."""
    ours = {place for name, place in state.headings.items() if _is_ours(state, name, frame)}
    places = [place for place in range(state.width) if place not in ours and _has_cells(state, place)]
    if not places:
        return
    moved = moves(state.table, frame, state.sheet.frame)
    formulas_by_place = {place: formulas(place) for place in places}
    following = max(2, frame.height + 1)
    placed: dict[int, dict[int, Any]] = {place: {} for place in places}
    lost: list[dict[int, Any]] = []
    for row in range(2, state.height + 1):
        goes: dict[int, Any] = {}
        for place in places:
            cell = formulas_by_place[place][row - 1]
            if isinstance(cell, Formula) or (row not in moved and not _is_blank(cell)):
                placed[place][row] = cell
                following = max(following, row)
            elif not _is_blank(cell):
                goes[place] = cell
        target = moved.get(row)
        if target is None and goes:
            lost.append(goes)
        elif target is not None:
            for place, cell in goes.items():
                placed[place][target] = cell
    for number, cells in enumerate(lost, start=following + 1):
        for place, cell in cells.items():
            placed[place][number] = cell
    for place in places:
        yield from _down(place, _changes(formulas_by_place[place], placed[place]))


def _changes(was: list[Any], now: dict[int, Any]) -> list[tuple[int, Any]]:
    there = {row: cell for row, cell in enumerate(was, start=1) if row > 1 and not _is_blank(cell)}
    return [(row, now.get(row)) for row in sorted({*there, *now}) if there.get(row) != now.get(row)]


def _has_cells(state: SheetState, place: int) -> bool:
    return any(not _is_blank(row[place]) for row in state.grid[1:])


def _is_blank(cell: Any) -> bool:
    return cell is None or cell == ""


def _padded(values: Sequence[Any], height: int) -> list[Any]:
    return [*values, *[None] * (height - len(values))]


def _side_by_side(row: int, by_place: dict[int, list[Any]]) -> Iterator[Block]:
    """One block for each stretch of neighbouring columns."""
    places = sorted(by_place)
    for start, end in _runs(places):
        columns = [by_place[place] for place in places[start:end]]
        yield Block(row, places[start] + 1, [list(cells) for cells in zip(*columns, strict=True)])


def _down(place: int, cells: Sequence[tuple[int, Any]]) -> Iterator[Block]:
    """One block for each stretch of neighbouring rows of a column."""
    for start, end in _runs([row for row, _ in cells]):
        yield Block(cells[start][0], place + 1, [[value] for _, value in cells[start:end]])


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """
    >>> list(_runs([2, 3, 4, 7, 9, 10]))
    [(0, 3), (3, 4), (4, 6)]
    """
    for _, run in groupby(range(len(numbers)), key=lambda index: numbers[index] - index):
        indices = list(run)
        yield indices[0], indices[-1] + 1


def writes_formats(table: Table) -> bool:
    """Whether the program may set number formats on the sheet: never where staff type."""
    return table.kind is not Kind.INPUT
