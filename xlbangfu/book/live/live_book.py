"""The workbook open in the staff's spreadsheet program, through xlwings: the Book (see ``port``) that the buttons work on.

Whole ranges, never cells: the number of calls follows the sheets, the columns and the stretches written, not the rows.
The program's own undo is empty after a macro, so each save notes what it wrote (``journal``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import polars as pl

from xlbangfu.book.launch_sheets import check_no_launch_sheet
from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import drawn_views, named_ranges, range_blocks, range_reader, row_filters
from xlbangfu.book.live.host import Host, host_of
from xlbangfu.book.live.place import place_of
from xlbangfu.book.live.range_blocks import Block, SheetState
from xlbangfu.book.live.range_writer import SuspendedUpdates, Writer
from xlbangfu.book.pending_writes import PendingWrites, Writes
from xlbangfu.book.reading.by_version import as_of_version
from xlbangfu.book.reading.frames import Sheet, check_is_master, missing, to_frame
from xlbangfu.book.row_matching import by_row, in_order
from xlbangfu.book.safety import backup
from xlbangfu.book.safety.atomic_save import count_save
from xlbangfu.book.safety.belongings import make_as_private
from xlbangfu.book.safety.journal import Journal
from xlbangfu.book.safety.temporary import free_name
from xlbangfu.book.version import NAME, Version
from xlbangfu.catalog import LABELS
from xlbangfu.errors import BangfuError, BookLocked, ProgramGone, WriteFailed, WrongWorkbook, disk_trouble
from xlbangfu.file_names import real_file
from xlbangfu.front_page import counts
from xlbangfu.schema import CONSOLE, DEFECTS, LAYOUT, SETTINGS, TABLES, YES, Kind, Table
from xlbangfu.settings import Settings

__all__ = ["LiveBook", "host_of"]

Answer = TypeVar("Answer")
PATIENCE = 10.0  # seconds that a busy program is waited for
_PAUSE = 0.25


class LiveBook(PendingWrites):
    """One open workbook. ``action`` names what is being done, for the backup and for taking it back.

    Use as a context manager: the status bar is given back at the end.
    """

    def __init__(self, book: xlwings.Book, *, action: str = "", host: Host | None = None) -> None:
        super().__init__()
        self.book = book
        self.action = action
        self.host = host or host_of(book)
        self.keep = (Settings().backups, Settings().backup_days)
        self.saves_itself = False  # as 设置 says
        self.wrote = False
        self.journal = Journal(action)
        self._tabs: dict[str, xlwings.Sheet] = {}
        self._hidden: set[Table] | None = None  # as it is now, once it was asked
        self._path: Path | None = None
        self._sheets: dict[Table, SheetState | None] = {}

    def __enter__(self) -> LiveBook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or not self.host.is_gone(error.__cause__ or error):
            self._patiently(lambda: setattr(self.book.app, "status_bar", False))

    @property
    def path(self) -> Path:
        """See ``Book.path``. Raises WriteFailed where the workbook is open from an address and not from a disk."""
        if self._path is None:
            self._path = real_file(place_of(self.book))
        return self._path

    @property
    def title(self) -> str:
        return self.path.name

    def check_free(self) -> None:
        """Raise WriteFailed unless the workbook has a place on a disk where it can be saved."""
        with self._as_bangfu_errors():
            path, read_only = self.path, self._patiently(lambda: self.host.is_read_only(self.book))
        if not path.is_absolute() or not path.exists():
            raise WriteFailed("总表还没有存在本机磁盘上，请先“另存为”到本机的一个文件夹，再点一次。")
        if read_only:
            raise WriteFailed(f"“{path.name}”是以只读方式打开的，没有改动；请关闭后用可以编辑的方式打开，再点一次。")

    @property
    def version(self) -> Version:
        """Which version of the program made the workbook."""
        with self._as_bangfu_errors():
            tabs = self._known_tabs()
            stamp = self._patiently(self._stamp)
        return Version.of([(NAME, stamp)], {*tabs})

    def _stamp(self) -> str:
        names = self.book.names
        return str(names[NAME].refers_to) if NAME in names else ""

    def read(self, *tables: Table) -> dict[Table, pl.DataFrame]:
        """The tables as frames; see ``Book.read``."""
        answer: dict[Table, pl.DataFrame] = {}
        defects, layouts = [DEFECTS.empty()], [LAYOUT.empty()]
        with self._as_bangfu_errors():
            tabs = {*self._known_tabs()}
            check_no_launch_sheet(self.title, tabs)
            check_is_master(self.title, tabs)
            for table in tables:
                state = self._sheet_state(table)
                sheet = state.sheet if state else missing(table)
                answer[table] = sheet.frame
                defects.append(sheet.defects)
                layouts.append(sheet.layout)
        answer[DEFECTS] = as_of_version(pl.concat(defects), lambda: self.version)
        answer[LAYOUT] = pl.concat(layouts)
        if SETTINGS in answer:
            settings = Settings.of(answer[SETTINGS])
            self.keep = (settings.backups, settings.backup_days)
            self.saves_itself = settings.saves_itself == YES
        return answer

    def as_file(self) -> bytes:
        """See ``Book.as_file``; on macOS, where no copy of what is open can be had, the file as it was last saved."""
        with self._as_bangfu_errors():
            path = self.path
            if self.host.is_unchanged(self.book) or not self.host.copies_open_state:
                return path.read_bytes()
            return self._copied(path)

    def _sheet_state(self, table: Table) -> SheetState | None:
        if table not in self._sheets:
            self._sheets[table] = self._patiently(lambda: self._fresh(table))
        return self._sheets[table]

    def _fresh(self, table: Table) -> SheetState | None:
        sheet = self._sheet(table)
        if sheet is None:
            return None
        whole = range_reader.whole_of(sheet)
        grid = range_reader.values_of(sheet, whole)
        trouble = range_reader.cell_issues_of(sheet, whole, grid)
        found: Sheet = to_frame(table, range_reader.with_dates(table, grid), trouble)
        return SheetState(table, grid, found, frozenset(row for row, *_ in trouble.errors))

    def _sheet(self, table: Table) -> xlwings.Sheet | None:
        return self._known_tabs().get(table.name)

    def _known_tabs(self) -> dict[str, xlwings.Sheet]:
        """The sheets by name. To look for them takes two calls for each; a sheet that was found stays the same one."""
        if not self._tabs:
            self._tabs = dict(self._patiently(lambda: self.host.tabs(self.book)))
        return self._tabs

    def hidden(self) -> set[Table]:
        """See ``Book.hidden``."""
        with self._as_bangfu_errors():
            there = [table for table in TABLES if table.name in self._known_tabs()]
            if self._hidden is None:
                self._hidden = self._patiently(lambda: {table for table in there if not self._is_visible(table)})
        return self._writes.hidden_after(self._hidden, there)

    def _is_visible(self, table: Table) -> bool:
        return bool(self._known_tabs()[table.name].visible)

    def filtered(self, *tables: Table) -> set[Table]:
        """See ``Book.filtered``."""
        with self._as_bangfu_errors():
            there = {table: self._sheet(table) for table in tables}
            return {one for one, sheet in there.items() if sheet is not None and self._is_filtered(sheet)}

    def _is_filtered(self, sheet: xlwings.Sheet) -> bool:
        return self._patiently(lambda: self.host.is_filtered(sheet))

    def out_of_sight(self, table: Table, rows: Collection[int]) -> set[int]:
        """See ``Book.out_of_sight``."""
        sheet = self._sheet(table)
        if sheet is None or not rows:
            return set()
        with self._as_bangfu_errors():
            return self._patiently(lambda: self.host.hidden_rows(row_filters.record_cells(sheet, max(rows)), rows))

    def note_action(self, name: str) -> None:
        self.action, self.journal = name, Journal(name)

    def forget(self) -> None:
        """The program writes its shared texts anew when staff save; here the journal holds nothing from now on."""
        self.journal.forget()

    def progress(self, text: str, done: float) -> None:
        """On the status bar, which is given back when all is done."""
        with self._as_bangfu_errors():
            shown: str | bool = f"帮扶：{text}……{done:.0%}" if done < 1 else False
            self._patiently(lambda: setattr(self.book.app, "status_bar", shown))

    @property
    def can_go_back(self) -> bool:
        return False

    def go_back(self, copy: backup.Backup) -> LiveBook:
        """The program has the file open: no copy can take its place. See ``Book.go_back``."""
        raise BookLocked(f"“{self.title}”正打开着，不能从备份取回（{copy.path.name}）；请保存并关闭总表再试。")

    def apply(self) -> None:
        """The open workbook is itself the draft that staff save or not. See ``Book.apply``."""
        following = self._writes.following()
        self.save()
        self._writes = following

    def save(self) -> None:
        """Make all gathered writes in the open workbook, which is not saved to disk by this. See ``Book.save``."""
        if not self._writes:
            return
        writes, self._writes = self._writes, Writes()
        self.check_free()
        if not writes.views and all(table is CONSOLE for table in writes.tables):
            self._only_show(writes)
            return
        with self._as_bangfu_errors():
            sheets = self._sheets_of(writes)
            self._hidden = None
            self._sheets.clear()  # what is written goes by what stands there now, not when it was read
            states = {table: self._sheet_state(table) for table in sheets if table is not CONSOLE}
            drawn_views.check(self.book, writes.views)
            plans, row_counts = self._plans(writes, {table: found for table, found in states.items() if found})
            self._back_up(writes, row_counts)  # before the program is told not to calculate: a copy keeps that
            with SuspendedUpdates(self.book, self.host), self.host.outside_undo(self.book):
                self._write(writes, sheets, plans)
            count_save(self.path)
        self.wrote = True
        with self._as_bangfu_errors():
            drawn_views.bring_to_front(self.book, writes.views)
        copies, days = self.keep
        backup.expire(self.path, copies=copies, days=days)
        make_as_private(self.path)
        self._sheets.clear()
        self.journal.write(self.path)

    def _only_show(self, writes: Writes) -> None:
        """Where no record changes there is nothing to back up, and what was noted of the last action stays."""
        with self._as_bangfu_errors(), SuspendedUpdates(self.book, self.host):
            self._write(writes, self._sheets_of(writes), {})

    def _set_states(self, writer: Writer, writes: Writes) -> None:
        for table in writes.touched:
            shown, sheet = writes.is_shown(table), self._sheet(table)
            if shown is not None and sheet is not None:
                self._patiently(lambda sheet=sheet, shown=shown: writer.set_visible(sheet, shown))  # type: ignore[misc]  # a lambda's default is not inferred

    def _choose_rows(self, writer: Writer, writes: Writes) -> None:
        for table, sheet in self._chosen(writes).items():
            choose = partial(row_filters.choose, writer, self.host, sheet, table, writes.chosen[table])
            self._patiently(choose)

    def _chosen(self, writes: Writes) -> dict[Table, xlwings.Sheet]:
        """The sheets that are filtered, or are so no more."""
        return {table: self._there(table) for table in writes.chosen}

    def _there(self, table: Table) -> xlwings.Sheet:
        sheet = self._sheet(table)
        if sheet is None:
            raise WrongWorkbook(self.version.absence(table.name, table.since))
        return sheet

    def _sign(self, writer: Writer, writes: Writes) -> None:
        for table, said in writes.signed.items():
            sheet = self._sheet(table)
            if sheet is not None:
                self._patiently(lambda sheet=sheet, said=said: writer.sign(sheet, said))  # type: ignore[misc]  # a lambda's default is not inferred

    def store(self) -> None:
        """Save the workbook to its file, as staff do by Ctrl+S. Raises BookLocked, WriteFailed, OSError; the front page
        says then that it is not saved."""
        try:
            with self._as_bangfu_errors():
                self._patiently(lambda: self.host.save(self.book))
        except (BangfuError, OSError):
            with suppress(Exception):  # whatever the program says to this, what is told is why it did not save
                self.book.sheets[CONSOLE.name].range(counts.SAVED).value = self._to_be_saved
            raise

    @property
    def is_stored(self) -> bool:
        """Whether the file has all that is in the open workbook."""
        with self._as_bangfu_errors():
            return self._patiently(lambda: self.host.is_unchanged(self.book))

    def _sheets_of(self, writes: Writes) -> dict[Table, xlwings.Sheet]:
        return {table: self._there(table) for table in writes.tables}

    def _plans(
        self, writes: Writes, states: Mapping[Table, SheetState]
    ) -> tuple[dict[Table, tuple[SheetState, list[Block]]], list[backup.Change]]:
        plans: dict[Table, tuple[SheetState, list[Block]]] = {}
        row_counts = []
        for table, state in states.items():
            if not set(state.headings) & set(table.names):
                raise WrongWorkbook(
                    f"工作表“{table.name}”的第 1 行不是原来的标题，请把标题行放回第 1 行，或从备份取回。"
                )
            before = after = state.sheet.frame.height
            plan: list[Block] = []
            if table in writes.replaced:
                plan += range_blocks.replace(
                    state, writes.replaced[table], self._formulas_of(table, state), note=writes.note(table)
                )
                after = writes.replaced[table].height
            old = state.sheet.frame
            amended, keyed = in_order(writes.amended.get(table, ()), old)
            for frame in amended:
                there = old if by_row(frame) else keyed
                plan += range_blocks.amend(state, frame, there, self._formulas_of(table, state))
            for keys in writes.deleted.get(table, ()):
                emptied = list(range_blocks.delete(state, keys, keyed))
                plan += emptied
                after -= sum(len(block.rows) for block in emptied)
            for frame in writes.appended.get(table, ()):
                plan += range_blocks.append(state, frame)
                after += frame.height
            plans[table] = state, plan
            row_counts.append(backup.Change(table.name, before, after))
            if not self.journal.is_silent:
                self.journal.note(table, writes, range_blocks.with_own_ranks(state))
        return plans, row_counts

    def _formulas_of(self, table: Table, state: SheetState) -> Callable[[int], list[Any]]:
        def formulas(place: int) -> list[Any]:
            area = (1, place + 1, state.height, place + 1)
            return [row[0] for row in range_reader.formulas_of(self._known_tabs()[table.name], area, state.grid)]

        return formulas

    def _back_up(self, writes: Writes, row_counts: list[backup.Change]) -> None:
        """A copy of the workbook as it is now, unsaved work included.

        LibreOffice takes seconds for that, so where only sheets of the program's own are written, whose records the
        journal has, the copy there is the file as it was last saved, and is called so; on macOS there is no other.
        """
        path = self.path
        only_ours = all(table.kind is not Kind.INPUT for table in writes.tables)
        as_saved = not self.host.copies_open_state or (only_ours and not self.host.swift)
        if self.host.is_unchanged(self.book):
            data, saved = path.read_bytes(), None
        elif as_saved:
            data, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)
        else:
            data, saved = self._copied(path), None
        backup.keep(path, data, action=self.action, changes=row_counts, saved=saved)

    def _copied(self, path: Path) -> bytes:
        """The bytes of a copy that the program makes of what is open."""
        backup.clear_temporary_copies(path)
        beside = free_name(path, path.suffix)
        try:
            self.host.save_copy(self.book, beside)
            return beside.read_bytes()
        except OSError as error:
            raise WriteFailed(f"“{path.name}”的副本没有做成（{disk_trouble(error)}），所以没有改动它。") from error
        finally:
            beside.unlink(missing_ok=True)

    def _write(
        self,
        writes: Writes,
        sheets: Mapping[Table, xlwings.Sheet],
        plans: Mapping[Table, tuple[SheetState, list[Block]]],
    ) -> None:
        writer = Writer(self.host)
        with self._unprotected([*sheets.values(), *self._chosen(writes).values()]):
            try:
                for table, (state, plan) in plans.items():
                    self._write_sheet(writer, writes, sheets[table], state, plan)
                if CONSOLE in sheets:
                    page = self._with_state_of_file(writes.replaced[CONSOLE])
                    named_ranges.write(writer, self.host, self.book, sheets[CONSOLE], page)
                self._sign(writer, writes)
                self._set_states(writer, writes)
                self._choose_rows(writer, writes)
                drawn_views.show(writer, self.host, self.book, writes.views)
            except BaseException:
                writer.take_back()
                raise

    def _with_state_of_file(self, page: pl.DataFrame) -> pl.DataFrame:
        """The front page's cells, that of 保存 saying what must be done: it stays true once that is done."""
        if self.saves_itself:
            return page
        said = pl.when(pl.col("项目") == counts.SAVED).then(pl.lit(self._to_be_saved)).otherwise(pl.col("值"))
        return page.with_columns(said.alias("值"))

    @property
    def _to_be_saved(self) -> str:
        label = LABELS.get(self.action, "这次改动")
        return f"{datetime.now():%Y-%m-%d %H:%M} 点的“{label}”，按 Ctrl+S 才存进文件"

    def _write_sheet(
        self, writer: Writer, writes: Writes, sheet: xlwings.Sheet, state: SheetState, plan: list[Block]
    ) -> None:
        table = state.table
        rewritten = table in writes.replaced
        self._patiently(lambda: self.host.show_all_rows(sheet))
        for block in plan:
            self._patiently(lambda block=block: writer.write(sheet, state, block, rewritten=rewritten))  # type: ignore[misc]  # a lambda's default is not inferred
        if rewritten or table in writes.appended:
            self._resize(writer, sheet, state, rewritten=rewritten)

    def _resize(self, writer: Writer, sheet: xlwings.Sheet, state: SheetState, *, rewritten: bool) -> None:
        """The sheet's own Excel table, which begins in A1; staff may have put others beside it."""
        for table in sheet.tables:
            top, left, rows, columns = range_reader.area_of(table.range)
            if (top, left) != (1, 1):
                continue
            bottom = state.bottom if rewritten else max(rows, state.bottom)
            named = {place + 1 for place in state.headings.values()}
            right = columns
            while state.added and right + 1 in named:
                right += 1
            writer.resize(sheet, table, right, bottom)

    @contextmanager
    def _unprotected(self, sheets: Any) -> Iterator[None]:
        """All sheets unprotected first: one with a password stops everything before anything is written."""
        was: list[tuple[xlwings.Sheet, Any]] = []
        try:
            for sheet in sheets:
                how = self._without_protection(sheet)
                if how is not None:
                    was.append((sheet, how))
            yield
        finally:
            for sheet, how in was:
                self.host.protect(sheet, how)

    def _without_protection(self, sheet: xlwings.Sheet) -> Any:
        try:
            return self._patiently(lambda: self.host.unprotect(sheet))
        except BangfuError:
            raise
        except Exception as error:  # each program has its own error for a wrong password
            if self.host.is_gone(error) or self.host.is_busy(error):
                raise
            raise WriteFailed(
                f"工作表“{sheet.name}”设了保护密码，什么也没有改动；请在“审阅”里撤销工作表保护，再点一次。"
            ) from error

    def _patiently(self, call: Callable[[], Answer]) -> Answer:
        """The call again and again while the program is busy, for some seconds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return call()
            except Exception as error:  # what the program says of being busy is its own
                if not self.host.is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)

    @contextmanager
    def _as_bangfu_errors(self) -> Iterator[None]:
        """What the program says when it can't, as one of our sentences."""
        try:
            yield
        except Exception as error:
            if self.host.is_gone(error):
                raise ProgramGone(
                    f"{self.host.name} 在中途关掉了，这次没有做完，磁盘上的文件没有改动；请重新打开总表再点一次。"
                ) from error
            if self.host.is_busy(error):
                raise BookLocked(
                    "正在编辑单元格，或者开着一个对话框，这次什么也没有改动；请按回车结束编辑、关掉对话框，再点一次。"
                ) from error
            if isinstance(error, BangfuError):
                raise
            if member := self.host.unanswered(error):
                raise WriteFailed(
                    f"这一版 {self.host.name} 没有程序要用的“{member}”，已改的部分都退回了；请更新 {self.host.name}，"
                    "或者关闭总表，用“帮扶窗口”做同样的事。"
                ) from error
            if not self.host.is_refusal(error):
                raise
            raise WriteFailed(
                f"{self.host.name} 拒绝了这次改动，已改的部分都退回了；请看看工作表是否被保护或有合并单元格，再点一次。"
            ) from error
