"""The named cells of 控制台: texts are written, formulas are left to the program that has the book open."""

from __future__ import annotations

from collections.abc import Container

import polars as pl

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import range_reader
from xlbangfu.book.live.range_blocks import Block, Formula, SheetState
from xlbangfu.book.live.range_writer import Writer
from xlbangfu.book.reading.frames import missing
from xlbangfu.ooxml.addresses import REFERENCE, column_index
from xlbangfu.schema import CONSOLE


def write(writer: Writer, book: xlwings.Book, sheet: xlwings.Sheet, frame: pl.DataFrame) -> None:
    """Set the cells that the names in 项目 point at; a name that the workbook lacks is passed over."""
    wanted = dict(zip(frame["项目"].to_list(), frame["值"].to_list(), strict=True))
    grid = range_reader.grid_of(sheet)
    formulas = range_reader.formulas_of(sheet, (1, 1, len(grid), len(grid[0])), grid)
    state = SheetState(CONSOLE, grid, missing(CONSOLE))
    for name, (row, column) in _places(book, sheet.name, wanted).items():
        inside = row <= len(grid) and column < len(grid[0])
        here = formulas[row - 1][column] if inside else None
        if not isinstance(here, Formula):
            writer.write(sheet, state, Block(row, column + 1, [[wanted[name] or None]]), rewritten=False, was=[[here]])


def _places(book: xlwings.Book, sheet: str, wanted: Container[str]) -> dict[str, tuple[int, int]]:
    """Row (from 1) and column (from 0) of each of the names wanted that is one cell of the sheet."""
    found = {}
    for name in book.names:
        if name.name not in wanted:
            continue
        place = REFERENCE.fullmatch((name.refers_to or "").strip().lstrip("="))
        if place and (place[1] or "").replace("''", "'") + (place[2] or "") == sheet:
            found[name.name] = int(place[4]), column_index(place[3])
    return found
