"""Which program a book's buttons are for, and changing that: its macros and nothing else."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.book.macros import wps_part
from xlbangfu.book.macros.project import project_with
from xlbangfu.book.macros.vba import Host, vba_project
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Snapshot, swap
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package

_LAUNCHERS: dict[Host, str] = {"excel": "LaunchExcel", "libreoffice": "LaunchLibreOffice", "wps": "LaunchWps"}
_PROJECT = "xl/vbaProject.bin"
_PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PROJECT_TYPE = "application/vnd.ms-office.vbaProject"


def host_in(book: Path) -> Host | None:
    """The program that the book's macros are for; None if they are none of ours."""
    return host_of(Package(Snapshot.of(book).data))


def host_of(package: Package) -> Host | None:
    if wps_part.is_in(package):
        return "wps"
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
    if host_of(package) is None:
        raise WrongWorkbook(f"“{book.name}”里没有帮扶的按钮，不能换；请用 xlbangfu new 新建一个总表。")
    if host_of(package) == host:
        return False
    draft = Draft(package)
    renew_macros(draft, host)
    swap(
        old,
        package.archive,
        draft.changes(),
        before=lambda data: backup.keep(book, data, action=backup.BUTTONS_TURNED, changes=()),
    )
    return True


def renew_macros(draft: Draft, host: Host) -> None:
    """Put this version's macros for a program into a workbook. Raises WrongWorkbook.

    A workbook whose VBA is gone, as a WPS without VBA may leave it, gets it anew.
    """
    path = draft.package.part_of("vbaProject")
    if path is None:
        draft.put(_PROJECT, vba_project(host, sheets=len(draft.package.sheets)))
        draft.relate(draft.package.workbook_part, _PROJECT_RELATION, _PROJECT)
        draft.declare(_PROJECT, _PROJECT_TYPE)
    else:
        project = project_with(draft.package, path, host)
        if project != draft.read(path):
            draft.put(path, project)
    wps_part.renew(draft, wanted=host == "wps")
