"""A copy of a workbook to make another of, and its first place on the disk, where nothing may be yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.port import Book
from xlbangfu.book.safety.permissions import as_private_as
from xlbangfu.book.safety.temporary import free_name, temporary_folder
from xlbangfu.errors import BadArgument, WriteFailed, disk_trouble


@contextmanager
def copy_of(book: Book, *, action: str) -> Iterator[ClosedBook]:
    """The workbook as it is now, unsaved work included, as a closed one in a folder of its own; the book is only read."""
    with temporary_folder() as folder:
        path = folder / book.path.name
        path.write_bytes(book.as_file())
        seen = book.package if isinstance(book, ClosedBook) else None  # looked through when it was opened
        yield ClosedBook(path, action=action, progress=book.progress, backs_up=False, seen=seen)


def place_new(copy: ClosedBook, target: Path, *, like: Path) -> None:
    """Put the copy where it is to be, whole or not at all, for nobody who cannot read ``like``.

    Raises BadArgument where something is there by now, WriteFailed where the disk refuses.
    """
    beside = free_name(target)
    try:
        with as_private_as(like), beside.open("xb") as file:
            file.write(copy.path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        _take(beside, target)
    except FileExistsError:
        raise BadArgument(f"“{target.name}”已经有了，没有动它；请换一个名字，或先把它移走，再做一次。") from None
    except OSError as problem:
        raise WriteFailed(
            f"“{target.name}”没有写成（{disk_trouble(problem)}），旧总表没有动；请检查文件夹、磁盘空间和权限。"
        ) from problem
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _take(beside: Path, target: Path) -> None:
    """Give the file its name, never one that is taken; a drive that knows no links gets it by renaming."""
    try:
        os.link(beside, target)
        with suppress(OSError):  # a network drive that refuses once does not the next time: tried again at the end
            beside.unlink()
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError from None
        beside.rename(target)
