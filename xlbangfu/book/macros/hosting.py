"""Which program a book's buttons are for, and changing that: the project of macros and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xlbangfu.book.macros.project import project_with
from xlbangfu.book.macros.vba import Host
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Changes, Snapshot, swap
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package

_LAUNCHERS: dict[Literal["excel", "libreoffice"], str] = {"excel": "LaunchExcel", "libreoffice": "LaunchLibreOffice"}


def host_in(book: Path) -> Host | None:
    """The program that the book's macros are for; None if they are none of ours."""
    return host_of(Package(Snapshot.of(book).data))


def host_of(package: Package) -> Host | None:
    path = package.part_of("vbaProject")
    project = package.archive.read(path) if path else b""
    return next((host for host, name in _LAUNCHERS.items() if f"Module={name}\r".encode() in project), None)


def change_host(book: Path, host: Host) -> bool:
    """Put the launcher for another program in place of the one that is there; other modules stay.

    The tab on the ribbon stays as it is, too: Excel shows it where the book was made for Excel, LibreOffice passes it over.

    Whether there was anything to change. The book as it was is backed up. Raises WrongWorkbook, also where staff's own
    macros would not stay as they are, BookLocked, WriteFailed.
    """
    locks.check_free(book)
    old = Snapshot.of(book)
    package = Package(old.data)
    path = package.part_of("vbaProject")
    if path is None or host_of(package) is None:
        raise WrongWorkbook(f"“{book.name}”里没有帮扶的按钮，不能换；请用 xlbangfu new 新建一个总表。")
    if host_of(package) == host:
        return False
    project = project_with(package, path, host)
    swap(
        old,
        package.archive,
        Changes({path: [project]}),
        before=lambda data: backup.keep(book, data, action=backup.BUTTONS_TURNED, changes=()),
    )
    return True
