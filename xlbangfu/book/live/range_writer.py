"""Blocks into sheets, each remembered with what it replaced, so that a save that fails half way is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.host import Host
from xlbangfu.book.live.range_blocks import Block, Formula, Rows, SheetState, differing, link, writes_formats
from xlbangfu.book.live.range_reader import CHUNK, area_of, cells_of, engine_of, formulas_of, plain_day
from xlbangfu.book.paper_signature import is_ours, plain
from xlbangfu.house_look import footer_part
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import Type

TEXT = "@"
_MOST_IN_ARRAY = 8_203  # characters of a text that Excel takes with others in one write
_MANY_ROWS = 100  # from which on it is worth to write them apart
_AS_THEY_ARE = (str, float)  # what no engine makes anything else of; a frame's NaN is none here
# What a cell that is not a text cell would take for a formula, a number, a date or a truth.
_TAKEN_FOR_MORE = late_pattern(
    r"\s*(?:[-=+@＝＋－＠'(.#$¥￥€£0-9０-９]|(?:true|false)\s*$|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s/-]*\d)",
    re.IGNORECASE,
)


class Writer:
    """Writes to one book; ``take_back`` undoes all that this writer did, newest first."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._undo: list[Callable[[], object]] = []

    def take_back(self) -> bool:
        """Whether everything could be put back."""
        whole = True
        while self._undo:
            try:
                self._undo.pop()()
            except Exception:  # whatever the program says now, the other steps are still to be tried
                whole = False
        return whole

    def remember(self, step: Callable[[], object]) -> None:
        self._undo.append(step)

    def write(
        self, sheet: xlwings.Sheet, state: SheetState, block: Block, *, rewritten: bool, was: Rows | None = None
    ) -> None:
        """What differs of a block; ``rewritten`` says that it is of an output sheet, whose own formulas are not worth asking for.

        ``was`` is what stands there, formulas too, where that is known.
        """
        found = differing(state, block, was or _contents(sheet, state, block, rewritten=rewritten))
        if found is None:
            return
        block, was = found
        self.remember(lambda: _put(sheet, state, Block(block.row, block.column, was)))
        if rewritten and any(isinstance(cell, Formula) for cell in block.rows[0]):
            for index in [index for index, cell in enumerate(block.rows[0]) if isinstance(cell, Formula)]:
                at = block.column + index
                self._host.clear_links(cells_of(sheet, (block.row, at, block.bottom, at)))
        _put(sheet, state, block, self._level_rows(was, block.rows), self._host)

    def _level_rows(self, was: Rows, rows: Rows) -> int:
        """How many rows from the first on hold Chinese before and after, and so stay as high as they are; 0 where it is all
        the same to the program, or there are few."""
        if self._host.swift or len(rows) < _MANY_ROWS:
            return 0
        pairs = zip(was, rows, strict=True)
        level = sum(1 for _ in takewhile(lambda pair: all(map(_is_line_of_chinese, pair)), pairs))
        return level if level >= _MANY_ROWS else 0

    def set_visible(self, sheet: xlwings.Sheet, visible: bool) -> None:
        if bool(sheet.visible) is not visible:
            self.remember(lambda: setattr(sheet, "visible", not visible))
            sheet.visible = visible

    def sign(self, sheet: xlwings.Sheet, said: str) -> None:
        """The right part of a sheet's footer, unless the footer is the staff's own."""
        right = self._host.right_footer(sheet)
        if plain(right) != said and is_ours(self._host.left_footer(sheet), right):
            self.remember(lambda: self._host.put_right_footer(sheet, right))
            self._host.put_right_footer(sheet, footer_part(said))

    def resize(self, sheet: xlwings.Sheet, table: Any, right: int, bottom: int) -> None:
        """An Excel table from A1 to a new corner."""
        was, wanted = area_of(table.range), (1, 1, bottom, right)
        if was != wanted:
            self.remember(lambda: table.resize(cells_of(sheet, was)))
            table.resize(cells_of(sheet, wanted))


def _is_line_of_chinese(row: list[Any]) -> bool:
    text = "".join(cell for cell in row if type(cell) is str)
    return not text.isascii() and "\n" not in text


def _contents(sheet: xlwings.Sheet, state: SheetState, block: Block, *, rewritten: bool) -> Rows:
    from_grid = [row[block.column - 1 : block.right] for row in state.grid[block.row - 1 : block.bottom]]
    width, height = len(block.rows[0]), len(block.rows)
    from_grid = [row + [None] * (width - len(row)) for row in from_grid]
    from_grid += [[None] * width for _ in range(height - len(from_grid))]
    if rewritten:
        for index, name in enumerate(state.names_in(block.column - 1, block.right)):
            if name and state.column(name).type is Type.LINK:
                for row in from_grid:
                    row[index] = link(row[index])
        return from_grid
    if block.row > state.height:
        return from_grid
    return formulas_of(sheet, (block.row, block.column, block.bottom, block.right), state.grid)


def _put(sheet: xlwings.Sheet, state: SheetState, block: Block, level: int = 0, host: Host | None = None) -> None:
    """The first ``level`` rows apart: they need not be measured."""
    cells = cells_of(sheet, (block.row, block.column, block.bottom, block.right))
    common = cells.number_format
    rows = [[plain_day(cell) if type(cell) is date else cell for cell in row] for row in block.rows]
    for index in range(len(rows[0])):
        _fit(sheet, block, rows, index, state, common)
    if CHUNK:
        cells.options(chunksize=CHUNK).value = rows
        return
    if host is not None and level:
        first = Block(block.row, block.column, rows[:level])
        with host.keeping_heights(cells_of(sheet, (first.row, first.column, first.bottom, first.right))):
            _put_at_once(sheet, first)
    if len(rows) > level:
        _put_at_once(sheet, Block(block.row + level, block.column, rows[level:]))


def _put_at_once(sheet: xlwings.Sheet, block: Block) -> None:
    """All values with one call; texts that are too long for that one by one."""
    engine = engine_of(sheet)
    prepare = engine.prepare_xl_data_element
    prepared = [[cell if type(cell) in _AS_THEY_ARE else prepare(cell, None) for cell in row] for row in block.rows]
    long_texts = []
    for row, values in enumerate(prepared, start=block.row):
        for place, value in enumerate(values):
            if type(value) is str and len(value) > _MOST_IN_ARRAY:
                long_texts.append((row, block.column + place, value))
                values[place] = ""
    cells_of(sheet, (block.row, block.column, block.bottom, block.right)).raw_value = prepared
    for row, column, text in long_texts:
        cells_of(sheet, (row, column, row, column)).raw_value = text


def _fit(sheet: xlwings.Sheet, block: Block, rows: Rows, index: int, state: SheetState, common: str | None) -> None:
    """See to it that a column takes its values as what they are; ``common`` is the format of all cells if they share one."""
    values = [row[index] for row in rows]
    different = set(zip(map(type, values), values, strict=True))  # a column says most of its words over and over
    more = {value for kind, value in different if kind is str and _TAKEN_FOR_MORE.match(value)}
    tricky = [at for at, value in enumerate(values) if type(value) is str and value in more] if more else []
    typed = any(issubclass(kind, Formula | float | int | datetime) for kind, _ in different)
    if not tricky and (not typed or common not in (None, TEXT)):
        return
    at = block.column + index
    column = cells_of(sheet, (block.row, at, block.bottom, at))
    format_code = common if common is not None else column.number_format
    if format_code == TEXT:
        if typed:
            _unset_text(column, at, rows, index, state)
    elif format_code is None:
        for place in tricky:
            column[place].number_format = TEXT
    else:
        for place in tricky:
            rows[place][index] = "'" + values[place]


def _unset_text(column: xlwings.Range, at: int, rows: Rows, index: int, state: SheetState) -> None:
    """Text cells that are to take numbers: their declared format where the program may set it, else text it is."""
    (name,) = state.names_in(at - 1, at)
    if writes_formats(state.table) and name is not None and state.column(name).type is not Type.MARK:
        column.number_format = state.column(name).number_format
        return
    for row in rows:
        if isinstance(row[index], date):
            row[index] = f"{row[index]:%Y-%m-%d}"


class SuspendedUpdates:
    """The program while it is written to: no flicker, no recalculation; all comes back as it was, also after errors."""

    def __init__(self, book: xlwings.Book, host: Host) -> None:
        self._book = book
        self._host = host
        self._steps: list[Callable[[], object]] = []

    def __enter__(self) -> SuspendedUpdates:
        app = self._book.app
        updating = app.screen_updating
        sheet = self._book.sheets.active
        chosen = app.selection
        address = chosen.address if chosen is not None and chosen.sheet.name == sheet.name else None
        self._steps = [
            lambda: self._look_at(sheet.name, address),
            lambda: setattr(app, "screen_updating", updating),
        ]
        if self._host.swift:
            calculation = app.calculation
            self._steps.insert(0, lambda: setattr(app, "calculation", calculation))
            app.calculation = "manual"
        self._steps.insert(0, self._host.write_plainly(app))
        app.screen_updating = False
        return self

    def __exit__(self, *_: object) -> None:
        for step in self._steps:
            with suppress(Exception):  # each must be tried, and the error that brought us here is the one to tell
                step()

    def _look_at(self, name: str, address: str | None) -> None:
        sheets = self._book.sheets
        if sheets.active.name != name:
            sheets[name].activate()
        chosen = self._book.app.selection
        if address is not None and (chosen is None or chosen.address != address):
            sheets[name].range(address).select()
