"""What the last action wrote in the open workbook, kept in 备份/ beside it, so that it can be taken back by key.

One zip: ``manifest.json``, and for each table the records as they were and as they were written. It is data from outside
when it is read: whatever is wrong with it, there is nothing to take back.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl
from msgspec import Struct

from xlbangfu.book.pending_writes import Writes
from xlbangfu.book.reading.frames import tidy
from xlbangfu.book.row_matching import by_row, in_order, is_own_rank
from xlbangfu.book.safety.backup import FOLDER, write_whole
from xlbangfu.errors import WriteFailed, disk_trouble
from xlbangfu.schema import BY_NAME, CONSOLE, KEY, ROW, RUNS, Kind, Table

REPLACED, APPENDED, AMENDED, FILLED = "replaced", "appended", "amended", "filled"
UNDO = "undo"
_MANIFEST = "manifest.json"
_HOW = (REPLACED, APPENDED, AMENDED, FILLED)
_UNREADABLE: tuple[type[BaseException], ...] = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(KeyError, TypeError, ValueError, RuntimeError),  # no such part, another shape, an unknown word, encryption
    *(pl.exceptions.PolarsError, pl.exceptions.PanicException),
)


class Entry(Struct, frozen=True):
    """One table: ``was`` before and ``is_now`` after, both as a read gives them, without ROW and KEY.

    Rows that were FILLED have other keys before than after; the two frames have them in one order.
    """

    table: Table
    how: str
    was: pl.DataFrame
    is_now: pl.DataFrame


class Journal:
    """All that one action writes, over all its saves. Taking back is itself not noted: it empties the journal."""

    def __init__(self, action: str) -> None:
        self._action = action
        self._entries: list[Entry] = []
        self._ran: datetime | None = None
        self.is_silent = action == UNDO  # notes nothing

    def forget(self) -> None:
        """Note nothing, and take away what an earlier action left: a person's data was deleted."""
        self.is_silent = True
        self._entries.clear()

    @property
    def holds(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._entries) and not self.is_silent

    def note(self, table: Table, writes: Writes, old: pl.DataFrame) -> None:
        """What a save is about to do to a table; deletions and ledgers are not taken back."""
        if table == RUNS and table in writes.appended:
            last = writes.appended[table][-1]
            self._ran = last["时间"].max() if "时间" in last.columns else None  # type: ignore[assignment]  # times
        if table is CONSOLE or table.kind is Kind.LEDGER or self.is_silent:
            return
        amended, keyed = in_order(writes.amended.get(table, ()), old)
        filled = [frame for frame in amended if by_row(frame)]
        self._entries += [_filled(table, old, keyed, filled)] if filled else []
        old, keyed = (frame.drop(ROW, KEY, strict=False) for frame in (old, keyed))
        if table in writes.replaced:
            self._entries.append(Entry(table, REPLACED, old, as_read(table, writes.replaced[table])))
        for frame in amended:
            if by_row(frame):
                continue
            is_now = as_read(table, frame)
            names = [name for name in is_now.columns if name in keyed.columns]
            keys = [name for name in table.keys if name in names]
            was = keyed.select(names).join(is_now.select(keys), on=keys, how="semi", nulls_equal=True)
            self._entries.append(Entry(table, AMENDED, was, is_now))
        for frame in writes.appended.get(table, ()):
            self._entries.append(Entry(table, APPENDED, old.clear(), as_read(table, frame)))

    def write(self, book: Path) -> None:
        """Keep it beside the book, in the place of the one before."""
        path = place_of(book)
        try:
            if self.is_silent or not self._entries:
                path.unlink(missing_ok=True)
                return
            path.parent.mkdir(exist_ok=True)
            write_whole(path, self._packed())
        except OSError as error:
            raise WriteFailed(
                f"已经写好，但“{FOLDER}”文件夹写不进去（{disk_trouble(error)}），这一次不能用“撤销上次”。"
            ) from error

    def _packed(self) -> bytes:
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as file:
            listed = [{"table": entry.table.name, "how": entry.how} for entry in self._entries]
            manifest = {"action": self._action, "ran": str(self._ran), "entries": listed}
            file.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False))
            for number, entry in enumerate(self._entries):
                for name, frame in (("was", entry.was), ("now", entry.is_now)):
                    with file.open(f"{number}.{name}.arrow", "w") as part:
                        frame.write_ipc(part, compression="zstd")
        return content.getvalue()


def _filled(table: Table, old: pl.DataFrame, now: pl.DataFrame, frames: list[pl.DataFrame]) -> Entry:
    """The cells of rows that were named as read, and their keys, before and once all such frames are written."""
    columns = [name for frame in frames for name in frame.columns if name not in (ROW, KEY)]
    names = list(dict.fromkeys([*table.keys, *columns]))
    rows = pl.concat([frame.select(ROW) for frame in frames]).unique(maintain_order=True)
    was, is_now = (rows.join(one, on=ROW, how="left", maintain_order="left").select(names) for one in (old, now))
    return Entry(table, FILLED, was, is_now)


class Noted(Struct, frozen=True):
    """The last action, the time that its row of 运行记录 has, and what it wrote, newest first."""

    action: str
    ran: str
    entries: list[Entry]


def read(book: Path) -> Noted | None:
    """What the journal beside the book holds; None if there is nothing to take back."""
    with suppress(*_UNREADABLE), zipfile.ZipFile(place_of(book)) as file:
        manifest = json.loads(file.read(_MANIFEST))
        entries = [_entry(file, number, listed) for number, listed in enumerate(manifest["entries"])]
        return Noted(str(manifest["action"]), str(manifest["ran"]), entries[::-1])
    return None


def _entry(file: zipfile.ZipFile, number: int, listed: Mapping[str, str]) -> Entry:
    """One of ``_UNREADABLE`` where it is not as ``note`` made it."""
    table, how = BY_NAME[listed["table"]], _HOW[_HOW.index(listed["how"])]
    schema: Mapping[str, pl.DataType] = table.frame_schema
    parts = (pl.read_ipc(BytesIO(file.read(f"{number}.{name}.arrow"))) for name in ("was", "now"))
    ranks = pl.Int64()
    was, is_now = (
        part.cast({name: schema.get(name, ranks) for name in part.columns if name in table or is_own_rank(table, name)})
        for part in parts
    )
    return Entry(table, how, was, is_now)


def discard(book: Path) -> None:
    """Let there be nothing to take back. Raises OSError."""
    place_of(book).unlink(missing_ok=True)


def as_read(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame that was written as a read would give it back: text stripped, half width where it is compared."""
    schema: Mapping[str, pl.DataType] = table.frame_schema
    names = [name for name in frame.columns if not name.startswith("_")]
    return frame.select(tidy(table[name]).cast(schema[name]) if name in table else pl.col(name) for name in names)


def place_of(book: Path) -> Path:
    """Where the journal of a book is."""
    return book.parent / FOLDER / f"{book.stem}.撤销.zip"
