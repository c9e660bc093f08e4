"""A workbook's parts, or what is broken and which copy is whole."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from xlbangfu.book.safety.backup import other_states
from xlbangfu.errors import NotAWorkbook
from xlbangfu.ooxml.one_reading import check_one_reading
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.wholeness import check_parts


def whole_package(data: bytes, only: Collection[str] | None = None) -> Package:
    """The workbook, all that it needs being there and well-formed; ``only`` as for ``check_parts``. Raises NotAWorkbook."""
    package = Package(data)
    check_parts(package, only)
    check_one_reading(package)
    return package


def open_whole(book: Path, data: bytes, only: Collection[str] | None = None) -> Package:
    """The same for the bytes of the book itself; NotAWorkbook then says which of its copies to take back."""
    try:
        return whole_package(data, only)
    except NotAWorkbook as problem:
        raise NotAWorkbook(f"“{book.name}”：{problem}{_advice(book)}") from problem


def _advice(book: Path) -> str:
    """Which copy is the newest that is whole, by its number in the list of ``restore``; nothing where there are none."""
    copies = other_states(book)
    for number, copy in enumerate(copies, start=1):
        if _is_whole(copy.path):
            return f"完好的备份里最新的是 {copy.made:%Y-%m-%d %H:%M:%S} 的：xlbangfu restore 总表 --take {number}。"
    return "“备份”文件夹里的也都不完好。" if copies else ""


def _is_whole(path: Path) -> bool:
    try:
        whole_package(path.read_bytes())
    except (NotAWorkbook, OSError):
        return False
    return True
