"""Copies of the book from before each write, in 备份/ beside it, with a list of what each action then changed.

A copy is whole or not there: it is written beside and renamed. What else lies in the folder is nobody's copy. Which copy
is newer the order of the list says, not a clock that may be wrong.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from xlbangfu.book.safety.backup_age import are_too_old
from xlbangfu.book.safety.backup_record import Change, Line, append_line, lines_without, read_record
from xlbangfu.book.safety.temporary import PREFIX, clear_left, free_name
from xlbangfu.errors import BadArgument, WriteFailed, disk_trouble
from xlbangfu.late_pattern import late_pattern

__all__ = [
    "FOLDER",
    "Backup",
    "Change",
    "backups",
    "books_of",
    "clear_temporary_copies",
    "expire",
    "files_of",
    "find",
    "keep",
    "not_understood",
    "remove",
    "write_whole",
]

FOLDER = "备份"
BUTTONS_BACK, BUTTONS_TURNED = "补回按钮", "换按钮"  # what changes only the buttons
_COPY = late_pattern(r"(.+)_\d{8}-\d{6}(?:_[^.]*)?(\.\w+)")
_UNFIT = late_pattern(r'[\\/:*?"<>|\x00-\x1f\s]+')


class Backup(Struct, frozen=True):
    """One copy, as the book was before ``action``.

    Where ``saved`` is given the book was open, and the copy is what was on the disk: the book as it was saved then, without
    what was done in it since.
    """

    path: Path
    made: datetime
    action: str
    changes: tuple[Change, ...]
    saved: datetime | None = None

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def keep(
    book: Path,
    data: bytes,
    *,
    action: str,
    changes: Sequence[Change],
    saved: datetime | None = None,
    now: datetime | None = None,
) -> Backup:
    """Keep a copy of the book as it was: ``data`` are its bytes. Where a copy has the same, that one is now the newest."""
    now = (now or datetime.now()).replace(microsecond=0)
    folder = book.parent / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        path = next((copy.path for copy in _alike(backups(book), data)), _free_name(folder, book, now, action))
        if not path.exists():
            write_whole(path, data)
        backup = Backup(path, now, action, tuple(changes), saved)
        append_line(_record(book), Line(path.name, action, backup.changes, now, saved))
    except OSError as error:
        raise WriteFailed(
            f"备份没有做成（{disk_trouble(error)}），所以没有改动“{book.name}”；请检查“{FOLDER}”文件夹能否写入。"
        ) from error
    return backup


def backups(book: Path) -> list[Backup]:
    """The copies that are still there, newest first; those that the list does not tell of are there too."""
    lines = read_record(_record(book)).lines
    found = []
    for path, time, action in _copies(book):
        if (made := _time(time)) is not None:
            line = lines.get(path.name, Line(path.name, action, ()))
            found.append(Backup(path, line.made or made, line.action, line.changes, line.saved))
    return _in_sequence(found, list(lines))[::-1]


def _in_sequence(copies: Sequence[Backup], names: Sequence[str]) -> list[Backup]:
    """The oldest first, by the order of the names; a copy without one stands before the first that is later than it."""
    places = {name: place for place, name in enumerate(names)}
    listed = sorted((one for one in copies if one.path.name in places), key=lambda one: places[one.path.name])
    for copy in sorted((one for one in copies if one.path.name not in places), key=lambda one: one.made):
        listed.insert(next((at for at, one in enumerate(listed) if one.made > copy.made), len(listed)), copy)
    return listed


def _alike(copies: Sequence[Backup], data: bytes) -> Iterator[Backup]:
    """Those with these bytes."""
    return (copy for copy in copies if copy.size == len(data) and copy.path.read_bytes() == data)


def holds(book: Path, data: bytes) -> bool:
    """Whether a copy has these bytes."""
    return any(_alike(backups(book), data))


def other_states(book: Path) -> list[Backup]:
    """The copies from which the book differs now, newest first: one that is the same, as it is where an action was
    stopped before it changed the book, is no way back."""
    there = backups(book)
    if not book.is_file():
        return there
    same = {copy.path for copy in _alike(there, book.read_bytes())}
    return [copy for copy in there if copy.path not in same]


def not_understood(book: Path) -> list[str]:
    """What stands in 备份/ as the book's and is not: names with an impossible time, lines of the list that tell of no copy."""
    names = [path.name for path, time, _ in _copies(book) if _time(time) is None]
    record = _record(book)
    if record.exists() and not record.is_file():
        return [*names, record.name]
    return names + [f"{record.name} 第 {number} 行" for number in read_record(record).unknown]


def _copies(book: Path) -> Iterator[tuple[Path, str, str]]:
    """The files that are named as a copy of the book, with the time and the action in their names."""
    folder = book.parent / FOLDER
    pattern = re.compile(re.escape(book.stem) + r"_(\d{8}-\d{6})(?:_([^.]*))?" + re.escape(book.suffix), re.ASCII)
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        name = pattern.fullmatch(path.name)
        if name and path.is_file():
            yield path, name[1], name[2] or ""


def _time(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    return None


def books_of(folder: Path) -> list[str]:
    """The names of the books in the folder that copies were made of, whether they are still there or not."""
    there = folder / FOLDER
    names = (_COPY.fullmatch(path.name) for path in (there.iterdir() if there.is_dir() else ()))
    return sorted({f"{name[1]}{name[2]}" for name in names if name})


def expire(book: Path, *, copies: int, days: int, now: datetime | None = None) -> list[Path]:
    """Delete the copies beyond the newest ``copies`` and those older than ``days`` days; the newest one stays.

    For after a save, which was a success whatever happens here: what can't be deleted stays for the next time.
    """
    gone: list[Path] = []
    with suppress(OSError):
        there = backups(book)[::-1]
        old = are_too_old([copy.made for copy in there], days, now or datetime.now())
        spare = len(there) - copies
        gone = [copy.path for place, copy in enumerate(there[:-1]) if place < spare or old[place]]
        remove(book, gone)
    return gone


def clear_temporary_copies(book: Path) -> None:
    """Delete what killed processes left beside the book and in 备份/."""
    clear_left(book.parent, f"{PREFIX}*")
    clear_left(book.parent / FOLDER, "~*.tmp")


def files_of(book: Path) -> list[Path]:
    """The copies, whatever their names say, and the list of them."""
    return [*(path for path, _, _ in _copies(book)), _record(book)]


def remove(book: Path, copies: Sequence[Path]) -> None:
    """Delete these copies, and what the list tells of them; one that is open somewhere stays."""
    for path in copies:
        with suppress(OSError):
            path.unlink()
    record = _record(book)
    if copies and record.is_file():
        write_whole(record, lines_without(record, {path.name for path in copies if not path.exists()}))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    beside = free_name(path)
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def find(book: Path, name: str) -> Backup:
    """The copy with this file name or this time (20250901-080000)."""
    for backup in backups(book):
        if name in (backup.path.name, f"{backup.made:%Y%m%d-%H%M%S}"):
            return backup
    raise BadArgument(f"没有备份“{name}”，请用 restore 看看有哪些。")


def _free_name(folder: Path, book: Path, now: datetime, action: str) -> Path:
    """A name that is not taken: two writes in one second count on."""
    action = _UNFIT.sub("", action).replace(".", "")[:20]
    tail = f"_{action}" if action else ""
    for number in range(1, 1000):
        more = f"({number})" if number > 1 else ""
        path = folder / f"{book.stem}_{now:%Y%m%d-%H%M%S}{tail or ('_' if more else '')}{more}{book.suffix}"
        if not path.exists():
            return path
    raise WriteFailed("同一秒里备份太多，请稍后再试。")


def _record(book: Path) -> Path:
    return book.parent / FOLDER / f"{book.stem}.备份记录.jsonl"
