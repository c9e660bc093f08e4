"""Which program a book's buttons are for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xlbangfu.book.macros.vba import Host
from xlbangfu.book.safety.atomic_save import Snapshot
from xlbangfu.ooxml.package import Package

_LAUNCHERS: dict[Literal["excel", "libreoffice"], str] = {"excel": "LaunchExcel", "libreoffice": "LaunchLibreOffice"}


def host_in(book: Path) -> Host | None:
    """The program that the book's macros are for; None if they are none of ours."""
    return host_of(Package(Snapshot.of(book).data))


def host_of(package: Package) -> Host | None:
    path = package.part_of("vbaProject")
    project = package.archive.read(path) if path else b""
    return next((host for host, name in _LAUNCHERS.items() if f"Module={name}\r".encode() in project), None)
