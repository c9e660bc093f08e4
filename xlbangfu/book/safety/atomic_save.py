"""The new file in the old one's place, whole or not at all.

It is written beside, read back and compared with the old one part by part; only then is the old one backed up and the
new one renamed over it. A process killed at any moment leaves the old file or the new one, and at most a file
``~xlbangfu…`` that the next start clears away.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

from msgspec import Struct

from xlbangfu.book.safety.temporary import PREFIX, clear_left, free_name
from xlbangfu.errors import BookLocked, NotAWorkbook, WriteFailed, disk_trouble
from xlbangfu.ooxml.archive import Archive, Content, write

Kept = TypeVar("Kept")


_saves: Counter[Path] = Counter()


def saves_of(path: Path | None) -> int:
    """How often this process has put a new file in the place of that one: what went wrong later did not undo it."""
    return _saves[path.resolve()] if path else 0


def count_save(path: Path) -> None:
    """The workbook has been written: in its file or, where it is open, in the program that has it."""
    _saves[path.resolve()] += 1


class Snapshot(Struct, frozen=True):
    """A file as it was read: its bytes, and by what one sees that it has changed since; ``there`` is False for a place that
    has no file."""

    path: Path
    data: bytes
    size: int
    modified: int
    there: bool = True

    @classmethod
    def of(cls, path: Path) -> Snapshot:
        try:
            path = path.resolve(strict=True)
            before = path.stat()
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotAWorkbook(f"找不到“{path.name}”，请检查文件名和文件夹。") from None
        except IsADirectoryError:
            raise NotAWorkbook(f"“{path.name}”是文件夹，请给出总表的文件。") from None
        except PermissionError:
            raise BookLocked(f"“{path.name}”打不开，可能正被别的程序使用，请关闭后再试。") from None
        return cls(path, data, before.st_size, before.st_mtime_ns)

    @classmethod
    def of_nothing(cls, path: Path) -> Snapshot:
        return cls(path, b"", 0, 0, there=False)

    def check_unchanged(self) -> None:
        if not self.there:
            if self.path.exists():
                raise WriteFailed(f"“{self.path.name}”在这期间又出现了，没有改动它，请再做一次。")
            return
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified):
            raise WriteFailed(f"“{self.path.name}”在这期间被别人保存过，没有改动它，请再做一次。")


class Changes(Struct, frozen=True):
    """Parts with their new content, those that are new among them, and parts that go."""

    parts: Mapping[str, Content]
    removed: frozenset[str] = frozenset()


def swap(old: Snapshot, archive: Archive, changes: Changes, *, before: Callable[[bytes], object]) -> None:
    """Put the changed archive in the place of ``old``; ``before`` gets the old bytes, if there are any, when all is ready."""
    with _beside(old.path) as beside:
        with beside.open("xb") as target:
            write(archive, changes.parts, changes.removed, target)
            _flush(target)
        with beside.open("rb") as written:
            check_copy(archive, Archive(written), changes)
        if old.there:
            _exchange(old, beside, before)
        else:
            old.check_unchanged()
            put_in_place(beside, old.path)


def restore(path: Path, data: bytes, before: Callable[[bytes], Kept]) -> Kept:
    """Put other bytes in the place of the book, which need not be a whole one; ``before`` keeps what was there."""
    old = Snapshot.of(path)
    with _beside(old.path) as beside:
        with beside.open("xb") as target:
            target.write(data)
            _flush(target)
        return _exchange(old, beside, before)


def _exchange(old: Snapshot, beside: Path, before: Callable[[bytes], Kept]) -> Kept:
    shutil.copymode(old.path, beside)
    old.check_unchanged()
    kept = before(old.data)
    old.check_unchanged()
    put_in_place(beside, old.path)
    return kept


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A free name beside the book; what is there at the end is cleared away, and trouble told in a sentence."""
    clear_left(path.parent, f"{PREFIX}*")
    beside = free_name(path)
    try:
        yield beside
    except OSError as error:
        raise WriteFailed(
            f"没有写成（{disk_trouble(error)}），“{path.name}”还是原来的样子；请检查磁盘空间和权限。"
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def check_copy(old: Archive, new: Archive, changes: Changes) -> None:
    """Raise WriteFailed unless the new archive differs in the parts that may change and in nothing else."""
    there = [name for name in old.members if name not in changes.removed]
    expected = there + [name for name in changes.parts if name not in old.members]
    if list(new.members) != expected:
        raise WriteFailed("写出的文件核对不上（部件数目不同），没有替换原文件，请再试一次。")
    for name in expected:
        if name in changes.parts:
            new.check(name)  # its length and checksum
        elif not _is_same(name, old, new):
            raise WriteFailed(f"写出的文件核对不上（{name} 变了），没有替换原文件，请再试一次。")


def _is_same(name: str, old: Archive, new: Archive) -> bool:
    """Whether a part has the same compressed bytes; a view of them would be compared one by one."""
    alike = old.members[name].info.CRC == new.members[name].info.CRC
    return alike and bytes(old.raw(name)) == bytes(new.raw(name))


def put_in_place(beside: Path, path: Path) -> None:
    """Rename over the book; raises BookLocked where another program has it open. What a network drive calls a failure and
    has done all the same is none."""
    made = beside.stat()
    try:
        beside.replace(path)
    except OSError as problem:
        if not os.path.samestat(made, path.stat()):
            _refuse(path, problem)
    count_save(path)
    if sys.platform != "win32":
        with suppress(OSError):  # some network folders cannot; the file is in its place
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _refuse(path: Path, problem: OSError) -> NoReturn:
    if isinstance(problem, PermissionError):
        raise BookLocked(f"“{path.name}”正被别的程序打开，没有保存，请关闭它再做一次。") from None
    raise problem


def _flush(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())
