"""The named cells of 控制台: texts are written, formulas are left to the program that has the book open."""

from __future__ import annotations

import polars as pl

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import range_reader
from xlbangfu.book.live.host import Host
from xlbangfu.book.live.range_blocks import Block, Formula, SheetState
from xlbangfu.book.live.range_writer import Writer
from xlbangfu.book.reading.frames import missing
from xlbangfu.front_page.figures import COMPUTED
from xlbangfu.ooxml.addresses import REFERENCE, column_index
from xlbangfu.schema import CONSOLE


def write(writer: Writer, host: Host, book: xlwings.Book, sheet: xlwings.Sheet, frame: pl.DataFrame) -> None:
    """Set the cells that the names in 项目 point at; a name that the workbook lacks is passed over."""
    wanted = dict(zip(frame["项目"].to_list(), frame["值"].to_list(), strict=True))
    for name in COMPUTED:
        wanted.pop(name, None)
    grid = range_reader.values_of(sheet, range_reader.whole_of(sheet))
    formulas = range_reader.formulas_of(sheet, (1, 1, len(grid), len(grid[0])), grid)
    state = SheetState(CONSOLE, grid, missing(CONSOLE))
    names, title = book.names, sheet.name
    for name, value in wanted.items():
        place = _place(host.refers_to(names, name), title)
        if place is None:
            continue
        row, column = place
        inside = row <= len(grid) and column < len(grid[0])
        here = formulas[row - 1][column] if inside else None
        if not isinstance(here, Formula):
            writer.write(sheet, state, Block(row, column + 1, [[value or None]]), rewritten=False, was=[[here]])


def _place(refers_to: str, sheet: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of what a name refers to, if that is one cell of the sheet."""
    place = REFERENCE.fullmatch(refers_to.strip().lstrip("="))
    if place and (place[1] or "").replace("''", "'") + (place[2] or "") == sheet:
        return int(place[4]), column_index(place[3])
    return None
