"""A workbook in memory that keeps to the Book protocol, for tests of rules and actions.

It holds each sheet as a grid of what stands in its cells and reads it as the real doors do, so that values, ROW, KEY
and defects come out the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from xlbangfu.book.paper_signature import Signature
from xlbangfu.book.reading.frames import heading, missing, to_frame
from xlbangfu.book.safety.backup import Backup
from xlbangfu.errors import BookLocked, WriteFailed, WrongWorkbook
from xlbangfu.schema import DEFECTS, KEY, LAYOUT, ROW, TABLES, Kind, RowChoice, Table, View, state_of

Grid = list[list[Any]]
_READ: dict[tuple[Table, str], Any] = {}  # by table and what its cells show; frames are never changed in place


class FakeBook:
    """Sheets by name; writes are gathered and made in ``save``."""

    def __init__(
        self, sheets: Mapping[str, Grid] | None = None, *, path: Path = Path("没有这个文件夹/帮扶总表.xlsm")
    ) -> None:
        self.path = path
        self.sheets: dict[str, Grid] = {table.name: [list(table.names)] for table in TABLES}
        self.sheets |= {name: [list(row) for row in grid] for name, grid in (sheets or {}).items()}
        self.front_page: dict[str, str] = {}
        self.views: dict[View, bytes] = {}
        self.said: list[tuple[str, float]] = []
        self.saves = 0
        self.forgets = False
        self.away: set[Table] = set()
        self._to_show: set[Table] = set()
        self._to_hide: set[Table] = set()
        self.chosen: dict[Table, RowChoice] = {}
        self._to_choose: dict[Table, RowChoice | None] = {}
        self.action = ""
        self.signature: Signature | None = None
        self._waiting: list[Any] = []
        self._drawn: dict[View, bytes] = {}

    def at(self, folder: Path) -> FakeBook:
        """The book as it is, in that folder."""
        self.path = folder / self.title
        return self

    @property
    def title(self) -> str:
        return self.path.name

    @property
    def can_go_back(self) -> bool:
        return False

    def go_back(self, copy: Backup) -> FakeBook:
        raise BookLocked(f"a book in memory has no copies, {copy.path} is none of its own")

    def as_file(self) -> bytes:
        raise WriteFailed("a book in memory is no file")

    def read(self, *tables: Table) -> dict[Table, pl.DataFrame]:
        found = {table: self._read(table) for table in tables}
        answer = {table: sheet.frame for table, sheet in found.items()}
        answer[DEFECTS] = pl.concat([DEFECTS.empty(), *(sheet.defects for sheet in found.values())])
        answer[LAYOUT] = pl.concat([LAYOUT.empty(), *(sheet.layout for sheet in found.values())])
        return answer

    def _read(self, table: Table) -> Any:
        return _read_once(table, self.sheets[table.name]) if table.name in self.sheets else missing(table)

    def replace(self, frames: Mapping[Table, pl.DataFrame]) -> None:
        self._waiting += [(0, self._replace, table, frame) for table, frame in frames.items()]

    def amend(self, table: Table, frame: pl.DataFrame) -> None:
        self._waiting.append(
            (1, self._fill_rows, table, frame) if ROW in frame.columns else (2, self._amend, table, frame)
        )

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        self._waiting.append((3, self._delete, table, keys))

    def show(self, views: Mapping[View, bytes]) -> None:
        self._drawn |= views

    def sign(self, signature: Signature) -> None:
        self.signature = signature

    def append(self, table: Table, frame: pl.DataFrame) -> None:
        self._waiting.append((4, self._append, table, frame))

    def reveal(self, *tables: Table) -> None:
        self._to_show |= {*tables}

    def hide(self, *tables: Table) -> None:
        self._to_hide |= {*tables}

    def hidden(self) -> set[Table]:
        pending = {table for _, write, table, _ in self._waiting if write in (self._replace, self._append)}
        shown = {table for table in pending if table.kind is not Kind.LEDGER}
        return self.away - shown - self._to_show | self._to_hide

    def show_only(self, table: Table, rows: RowChoice) -> None:
        self._to_choose[table] = rows

    def show_all(self, *tables: Table) -> None:
        self._to_choose |= dict.fromkeys(tables)

    def filtered(self, *tables: Table) -> set[Table]:
        return {table for table in tables if table in self.chosen}

    def out_of_sight(self, table: Table, rows: Collection[int]) -> set[int]:
        if table not in self.chosen:
            return set()
        return {*rows} & set(self._read(table).frame.filter(~self.chosen[table].condition)[ROW])

    def note_action(self, name: str) -> None:
        self.action = name

    def forget(self) -> None:
        self.forgets = True

    def progress(self, text: str, done: float) -> None:
        self.said.append((text, done))

    def apply(self) -> None:
        self.save()
        self.saves -= 1

    def save(self) -> None:
        self.away = self.hidden()
        self._to_show, self._to_hide = set(), set()
        before = {name: [list(row) for row in grid] for name, grid in self.sheets.items()}
        done = False
        try:
            self._check_as_read()
            for _, write, table, frame in sorted(self._waiting, key=lambda waiting: waiting[0]):
                self._check(table)
                write(table, frame)
            done = True
        finally:
            if not done:
                self.sheets = before
        written = {table: None for _, _, table, _ in self._waiting}
        choices = {**self.chosen, **written, **self._to_choose}
        self.chosen = {table: rows for table, rows in choices.items() if rows}
        self._waiting, self._to_choose = [], {}
        self.views |= self._drawn
        self._drawn = {}
        self.saves += 1

    def _check_as_read(self) -> None:
        for _, write, table, frame in self._waiting:
            if write == self._fill_rows and frame.join(self._read(table).frame, on=[ROW, KEY], how="anti").height:
                raise WriteFailed("这一行在这期间变了")

    def _check(self, table: Table) -> None:
        if table.name not in self.sheets:
            raise WrongWorkbook(f"没有工作表“{table.name}”")

    def _replace(self, table: Table, frame: pl.DataFrame) -> None:
        if table.name == "控制台":
            self.front_page |= dict(zip(frame["项目"], frame["值"], strict=True))
            return
        kept = [column.name for column in table if column.kept]
        keys = [key for key in table.keys if key in frame.columns]
        ticks: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for record in self._read(table).frame.to_dicts():
            ticks.setdefault(tuple(record[key] for key in keys), []).append(record)
        records = frame.to_dicts()
        for record in records if kept else []:
            waiting = ticks.get(tuple(record[key] for key in keys))
            if waiting:
                old = waiting.pop(0)
                record |= {name: old[name] for name in kept}
        del self.sheets[table.name][1:]
        self._write(table, frame, records)

    def _append(self, table: Table, frame: pl.DataFrame) -> None:
        last = int(self._read(table).frame[ROW].max() or 1)
        del self.sheets[table.name][last:]
        self._write(table, frame, frame.to_dicts())

    def _write(self, table: Table, frame: pl.DataFrame, records: list[dict[str, Any]]) -> None:
        grid = self.sheets[table.name]
        places = self._places(table)
        for name in self._columns(frame):
            if name not in places:
                places[name] = len(grid[0])
                grid[0].append(name)
                for there in grid[1:]:
                    there.append("")
        for record in records:
            row: list[Any] = [""] * len(grid[0])
            self._fill(row, places, record, self._columns(frame) + [c.name for c in table if c.kept])
            grid.append(row)

    def _fill(self, row: list[Any], places: dict[str, int], record: dict[str, Any], names: list[str]) -> None:
        for name in names:
            value = record.get(state_of(name)) or record.get(name)
            if name in places:
                row[places[name]] = "" if value is None else float(value) if type(value) is int else value

    def _amend(self, table: Table, frame: pl.DataFrame) -> None:
        grid, places = self.sheets[table.name], self._places(table)
        rows = self._rows(table, frame, [key for key in table.keys if key in frame.columns])
        for record, numbers in zip(frame.to_dicts(), rows, strict=True):
            if not numbers:
                raise WriteFailed("找不到这一行")
            for number in numbers:
                names = [name for name in self._columns(frame) if name not in table.keys]
                self._fill(grid[number - 1], places, record, names)

    def _fill_rows(self, table: Table, frame: pl.DataFrame) -> None:
        grid, places = self.sheets[table.name], self._places(table)
        for record in frame.to_dicts():
            self._fill(grid[record[ROW] - 1], places, record, self._columns(frame))

    def _delete(self, table: Table, keys: pl.DataFrame) -> None:
        grid = self.sheets[table.name]
        for numbers in self._rows(table, keys, keys.columns):
            for number in numbers:
                grid[number - 1] = [""] * len(grid[0])

    def _rows(self, table: Table, frame: pl.DataFrame, keys: list[str]) -> list[list[int]]:
        there = self._read(table).frame.to_dicts()
        return [
            [old[ROW] for old in there if all(old[key] == record[key] for key in keys)] for record in frame.to_dicts()
        ]

    def _places(self, table: Table) -> dict[str, int]:
        places: dict[str, int] = {}
        for index, cell in enumerate(self.sheets[table.name][0]):
            places.setdefault(heading(cell), index)
        return places

    def _columns(self, frame: pl.DataFrame) -> list[str]:
        states = {state_of(name) for name in frame.columns}
        return [name for name in frame.columns if not name.startswith("_") and name not in states]


def _read_once(table: Table, grid: Grid) -> Any:
    """``to_frame``, once for each state of a sheet: tests draw the same school again and again."""
    state = table, repr(grid)
    if state not in _READ:
        _READ[state] = to_frame(table, grid)
    return _READ[state]
