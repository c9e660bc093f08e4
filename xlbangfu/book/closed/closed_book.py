"""The workbook as a file on disk, with no Office: read by python-calamine, written part by part.

A write changes the rows of the sheets concerned, their tables and links, and nothing else; every other part of the
file keeps its compressed bytes, and this is checked before the new file takes the old one's place.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from xlbangfu.book.closed import row_filters
from xlbangfu.book.closed.changes import changed_parts, without_unused_texts
from xlbangfu.book.closed.small_sheets import SmallSheets
from xlbangfu.book.closed.whole_copy import open_whole, whole_package
from xlbangfu.book.pending_writes import PendingWrites, Writes
from xlbangfu.book.reading import fast_reader
from xlbangfu.book.reading.by_version import as_of_version
from xlbangfu.book.reading.cell_issues import cell_issues_of
from xlbangfu.book.reading.frames import Sheet, check_is_master, joined_defects, joined_layout, missing, to_frame
from xlbangfu.book.reading.no_collection import no_garbage_collection
from xlbangfu.book.row_matching import RecordExtent
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Changes, Snapshot, check_copy, restore, swap
from xlbangfu.book.safety.belongings import make_as_private
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.book.version import Version
from xlbangfu.errors import NotAWorkbook
from xlbangfu.file_names import real_file
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.one_reading import is_panic, reach
from xlbangfu.ooxml.package import Package, Part
from xlbangfu.polars_thread import asks_much
from xlbangfu.schema import BY_NAME, DEFECTS, LAYOUT, SETTINGS, Table
from xlbangfu.settings import Settings

_MOST_CELLS = 40_000_000  # of the block that one sheet takes in memory, about 1 GB


class ClosedBook(PendingWrites):
    """The Book (see ``port``) that a file is.

    ``action`` names what is being done, for the backup; ``keep`` is how many backups stay and for how many days.
    ``backs_up`` is False where a copy was kept just now; ``seen`` are these same bytes where they were looked through just now.
    ``only`` are the sheets that will be read of a book that is not written: the others need not be whole.
    """

    def __init__(
        self,
        path: Path,
        *,
        action: str = "",
        progress: Callable[[str, float], None] | None = None,
        backs_up: bool = True,
        seen: Package | None = None,
        only: Collection[Table] | None = None,
    ) -> None:
        super().__init__()
        self.path = real_file(path)
        self._only = None if only is None else {table.name for table in only}
        self.action = action
        self.backs_up = backs_up
        self._seen = seen
        self.keep = (Settings().backups, Settings().backup_days)
        self._progress = progress
        self._file: Snapshot | None = None
        self._as_private_as = self.path
        self._data = b""  # the file's, or what ``apply`` made of it
        self._package: Package | None = None
        self._row_counts: dict[str, backup.Change] = {}  # of what was applied and is not saved yet
        self._calamine: SmallSheets | None = None
        self._known: dict[str, RecordExtent] = {}
        self._forgets = False

    @property
    def title(self) -> str:
        return self.path.name

    @property
    def package(self) -> Package:
        """The file's structure; the file is read once, and a save sees whether it has changed since."""
        if self._package is None:
            backup.clear_temporary_copies(self.path)
            self._file = Snapshot.of(self.path)
            self._data = self._file.data
            self._package = self._looked_through(self._data)
            self._seen = None
        return self._package

    def _looked_through(self, data: bytes) -> Package:
        """The structure of the file, whose parts are all looked at, unless the same bytes have been ``seen``."""
        if self._seen is None:
            return open_whole(self.path, data, self._only)
        package = Package(data)
        package.near_sheets |= self._seen.near_sheets
        return package

    @property
    def version(self) -> Version:
        """Which version of the program made the workbook."""
        return Version.of(self.package.names(), self.package.sheets)

    def as_file(self) -> bytes:
        """The bytes of the file, or what ``apply`` made of it. See ``Book.as_file``."""
        _ = self.package
        return self._data

    @asks_much
    def read(self, *tables: Table) -> dict[Table, pl.DataFrame]:
        """The tables as frames; see ``Book.read``. Raises NotAWorkbook, WrongWorkbook."""
        check_is_master(self.title, self.package.sheets)
        sheets = self._read(tables)
        answer = {table: sheet.frame for table, sheet in sheets.items()}
        answer[DEFECTS] = as_of_version(joined_defects(sheets.values()), lambda: self.version)
        answer[LAYOUT] = joined_layout(sheets.values())
        if SETTINGS in answer:
            settings = Settings.of(answer[SETTINGS])
            self.keep = (settings.backups, settings.backup_days)
        return answer

    def records(self, table: Table) -> int:
        """How many records a sheet has, as ``read`` would find them; a large plain sheet is not read for it."""
        if part := self._large([table]).get(table):
            counted = fast_reader.count(self.package, part, table, fast_reader.Shared.of(self.package))
            if counted is not None:
                return counted
        return self.read(table)[table].height

    def _read(self, tables: Sequence[Table]) -> dict[Table, Sheet]:
        read = self._read_large(tables)
        self._known |= {table.name: RecordExtent.of(sheet.frame) for table, sheet in read.items()}
        return {table: read.get(table) or self._read_small(table) for table in tables}

    def _read_large(self, tables: Sequence[Table]) -> dict[Table, Sheet]:
        """The large sheets that are plain, straight from their XML."""
        large = self._large(tables)
        if not large:
            return {}
        shared = fast_reader.Shared.of(self.package)
        read = {table: fast_reader.read(self.package, part, table, shared) for table, part in large.items()}
        return {table: sheet for table, sheet in read.items() if sheet is not None}

    def _large(self, tables: Sequence[Table]) -> dict[Table, Part]:
        """Where the large sheets are, the largest first."""
        package = self.package
        parts = {table: package.sheets[table.name] for table in tables if table.name in package.sheets}
        sizes = {table: package.archive.members[part.path].info.file_size for table, part in parts.items()}
        large = sorted(
            (table for table in parts if sizes[table] >= fast_reader.LEAST), key=sizes.__getitem__, reverse=True
        )
        return {table: parts[table] for table in large}

    def _read_small(self, table: Table) -> Sheet:
        """One sheet by way of Python values, which is quicker where it is small and understands any."""
        package = self.package
        part = package.sheets.get(table.name)
        if part is None:
            return missing(table)
        with no_garbage_collection(), self._damage_explained():
            xml = package.archive.read(part.path)
            if reach(xml, _MOST_CELLS, near=part.path in package.near_sheets) > _MOST_CELLS:
                raise _too_wide(table.name)
            sheet = self._small_sheets[part]
            found = to_frame(table, _grid(sheet), cell_issues_of(xml, part.name, sheet), date1904=package.date1904)
        self._known[table.name] = RecordExtent.of(found.frame)
        return found

    @property
    def _small_sheets(self) -> SmallSheets:
        if self._calamine is None:
            self._calamine = SmallSheets(self.package)
        return self._calamine

    @contextmanager
    def _damage_explained(self) -> Iterator[None]:
        from python_calamine import CalamineError

        try:
            yield
        except BaseException as error:
            if not isinstance(error, CalamineError) and not is_panic(error):
                raise
            raise NotAWorkbook(f"“{self.title}”读不出来，可能已损坏，请从“备份”文件夹取一份。") from error

    def hidden(self) -> set[Table]:
        """See ``Book.hidden``."""
        there = {BY_NAME[name]: part.hidden for name, part in self.package.sheets.items() if name in BY_NAME}
        return self._writes.hidden_after({table for table, hidden in there.items() if hidden}, there)

    def filtered(self, *tables: Table) -> set[Table]:
        """See ``Book.filtered``."""
        there = {table: self.package.sheets.get(table.name) for table in tables}
        return {one for one, where in there.items() if where is not None and row_filters.is_on(self.package, where)}

    def out_of_sight(self, table: Table, rows: Collection[int]) -> set[int]:
        """See ``Book.out_of_sight``."""
        where = self.package.sheets.get(table.name)
        return {*rows} & row_filters.hidden_rows(self.package, where) if where is not None else set()

    def note_action(self, name: str) -> None:
        self.action = name

    def forget(self) -> None:
        """From now on a save empties the shared texts that no cell uses any more."""
        self._forgets = True

    def progress(self, text: str, done: float) -> None:
        if self._progress:
            self._progress(text, done)

    def check_free(self) -> None:
        """Raise BookLocked, naming the holder, if the book is open somewhere."""
        locks.check_free(self.path)

    def check_unchanged(self) -> None:
        """Raise WriteFailed if the file has changed since it was read."""
        if self._file is not None:
            self._file.check_unchanged()

    @property
    def can_go_back(self) -> bool:
        return True

    def go_back(self, copy: backup.Backup) -> ClosedBook:
        """The book as the copy has it, until it is saved in memory only; see ``Book.go_back``. The file may be gone.

        Raises NotAWorkbook.
        """
        back = ClosedBook(self.path, action=RESTORED)
        back._data = Snapshot.of(copy.path).data
        if self.path.exists():
            back._file = Snapshot.of(self.path)
        else:
            back._file, back._as_private_as = Snapshot.of_nothing(self.path), copy.path
        back._package = whole_package(back._data)
        return back

    def apply(self) -> None:
        """Make the gathered writes in memory only. See ``Book.apply``."""
        if not self._writes:
            return
        self.check_free()
        before, changes = self.package, self._changes()
        target = io.BytesIO()
        archive.write(before.archive, changes.parts, changes.removed, target)
        self._data = target.getvalue()
        self._package = Package(self._data)
        self._package.near_sheets = before.near_sheets - {*changes.parts, *changes.removed}
        check_copy(before.archive, self._package.archive, changes)
        self._calamine, self._writes = None, self._writes.following()
        self._known.clear()

    @asks_much
    def save(self) -> None:
        """Make all gathered writes: built beside, compared, backed up, swapped. See ``Book.save``."""
        if not self._writes and not self._row_counts:
            return
        self.check_free()
        package, changes = self.package, self._changes()
        assert self._file is not None  # the package was made of it
        with as_private_as(self._as_private_as):
            swap(self._file, package.archive, changes, before=self._back_up)
            self._expire_backups()
        make_as_private(self.path)
        self._forget()

    def _changes(self) -> Changes:
        """What the gathered writes change in the package."""
        changes, row_counts = changed_parts(
            self.package, self._writes, lambda table: self._read([table])[table], self._known
        )
        for one in row_counts:
            first = self._row_counts.get(one.sheet, one)
            self._row_counts[one.sheet] = backup.Change(one.sheet, first.before, one.after)
        if self._writes.views:
            from xlbangfu.book.sheet_transfer.view_sheets import with_views

            changes = with_views(self.package, changes, self._writes.views)
        return without_unused_texts(self.package, changes) if self._forgets else changes

    def _back_up(self, data: bytes) -> None:
        if self.backs_up:
            backup.keep(self.path, data, action=self.action, changes=tuple(self._row_counts.values()))

    def _expire_backups(self) -> None:
        """After a save that went well only: failing ones would push out what they could not replace."""
        if self.backs_up:
            copies, days = self.keep
            backup.expire(self.path, copies=copies, days=days)

    def _forget(self) -> None:
        self._file = self._package = self._calamine = None
        self._data = b""
        self._known.clear()
        self._row_counts.clear()
        self._writes = Writes()


RESTORED = "恢复之前"  # the action of a backup that ``take_back`` made


def take_back(path: Path, copy: backup.Backup) -> backup.Backup:
    """Put a backup in the book's place; the book as it is now is backed up first, and that backup is the answer.

    Where the book itself is gone there is nothing to back up, and the answer is ``copy``. Raises NotAWorkbook if the backup is broken, BookLocked or WriteFailed; the book is then as it was.
    """
    locks.check_free(path)
    data = Snapshot.of(copy.path).data
    whole_package(data)
    if not path.exists():
        with as_private_as(copy.path):
            backup.write_whole(path, data)
        return copy
    with as_private_as(path):
        return restore(path, data, lambda old: backup.keep(path, old, action=RESTORED, changes=()))


def _too_wide(sheet: str) -> NotAWorkbook:
    return NotAWorkbook(
        f"工作表“{sheet}”远处的格子里有内容，范围大得读不下；请在 Excel 里删去表格之外的行和列，保存后再试。"
    )


def _grid(sheet: Any) -> Iterator[list[Any]]:
    """All rows from A1 on, whatever is blank at the top and at the left."""
    top, left = sheet.start or (0, 0)
    yield from ([] for _ in range(top))
    if left:
        yield from ([None] * left + row for row in sheet.iter_rows())
    else:
        yield from sheet.iter_rows()
