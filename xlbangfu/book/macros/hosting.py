"""Which program a book's buttons are for, and changing that: the project of macros and nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from xlbangfu.book.macros.vba import MODULES, Host, modules_of
from xlbangfu.book.safety import backup, locks
from xlbangfu.book.safety.atomic_save import Changes, Snapshot, swap
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.package import Package

_LAUNCHERS: dict[Literal["excel", "libreoffice"], str] = {"excel": "LaunchExcel", "libreoffice": "LaunchLibreOffice"}


def host_in(book: Path) -> Host | None:
    """The program that the book's macros are for; None if they are none of ours."""
    package = Package(Snapshot.of(book).data)
    path = package.part_of("vbaProject")
    project = package.archive.read(path) if path else b""
    return next((host for host, name in _LAUNCHERS.items() if f"Module={name}\r".encode() in project), None)


def change_host(book: Path, host: Host) -> bool:
    """Put the launcher for another program in place of the one that is there; other modules stay.

    The tab on the ribbon stays as it is, too: Excel shows it where the book was made for Excel, LibreOffice passes it over.

    Whether there was anything to change. The book as it was is backed up. Raises WrongWorkbook, BookLocked, WriteFailed.
    """
    locks.check_free(book)
    old = Snapshot.of(book)
    package = Package(old.data)
    path = package.part_of("vbaProject")
    if path is None or host_in(book) is None:
        raise WrongWorkbook(f"“{book.name}”里没有帮扶的按钮，不能换；请用 xlbangfu new 新建一个总表。")
    if host_in(book) == host:
        return False
    project = _project_for(old.data, host, book.suffix)
    swap(
        old,
        package.archive,
        Changes({path: [project]}),
        before=lambda data: backup.keep(book, data, action="换按钮", changes=()),
    )
    return True


def _project_for(data: bytes, host: Host, suffix: str) -> bytes:
    """The book's own project with the modules for a host; what staff have written in it stays."""
    import zipfile

    from pyopenvba import ExcelFile

    others = {name for modules in MODULES.values() for name in modules} | {"xlwings"}
    wanted = modules_of(host)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"book{suffix}"
        path.write_bytes(data)
        with ExcelFile(path) as file:
            project = file.vba_project()
            for name in others & {*file.module_names()} - {*wanted}:
                project.delete_module(name)
            for name, source in wanted.items():
                if name in file.module_names():
                    file.set_module(name, source)
                else:
                    project.add_module(name, source)
            file.save()
        with zipfile.ZipFile(path) as changed:
            part = Package(path.read_bytes()).part_of("vbaProject")
            assert part is not None  # it was there before
            return changed.read(part)
