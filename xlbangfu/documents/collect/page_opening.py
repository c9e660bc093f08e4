"""The bytes of a page that came back as sheets of cells, whichever program saved it.

.xlsx from Excel, WPS and LibreOffice; .xls, and the .et of WPS where it holds one (there a formula in error reads as an
empty cell); and either of them encrypted, with one of the passwords of 口令.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.book.reading.cell_issues import cell_issues_of
from xlbangfu.book.reading.frames import CellIssues
from xlbangfu.documents.collect import old_page_child
from xlbangfu.documents.collect.arriving import Arrived
from xlbangfu.documents.collect.old_page_reader import OldPageReader
from xlbangfu.errors import BangfuError, NotAWorkbook, UnreadableFile
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.one_reading import check_one_reading, column_number, is_panic, reach
from xlbangfu.ooxml.package import Package

Decrypt = Callable[[bytes, str], bytes]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_INFLATED = 64 << 20
_MOST_CELLS = 2_000_000
_NOT_WORKED_OUT = late_pattern(
    rb"""<c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
_CORE = "docProps/core.xml"
_MODIFIED = late_pattern(rb"<dcterms:modified[^>]*>([^<]{1,40})<")


class Keys(Struct, frozen=True):
    """The passwords of 口令 by class or teacher, and what decrypts with one (it raises BangfuError where that is the wrong one)."""

    decrypt: Decrypt
    passwords: Mapping[str, str] = field(default_factory=dict)

    def open(self, file: Arrived) -> tuple[bytes, str]:
        """The plain bytes and the password; first that of whoever the file's name tells of is tried.

        Raises UnreadableFile where none opens it.
        """
        named = sorted(self.passwords, key=lambda owner: owner not in file.name)
        for password in dict.fromkeys(self.passwords[owner] for owner in named):
            try:
                return self.decrypt(file.data, password), password
            except BangfuError:
                continue
        raise UnreadableFile(
            f"“{file.name}”加了打开密码，“口令”表里的口令都打不开它；请在“口令”表补上该班或该教师的口令，或请填表人去掉密码再交。"
        )


class Workbook(Struct, frozen=True):
    """The sheets of one file by name, in their order: ``rows[0]`` is Excel row 1. ``trouble`` tells of cells in error
    and merged cells; ``saved`` tells two states of one file apart, later is greater; ``password`` is the one that opened
    it."""

    sheets: Mapping[str, list[list[Any]]]
    trouble: Mapping[str, CellIssues]
    date1904: bool = False
    saved: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Workbook({list(self.sheets)})"  # the password stands in no log


def opened(file: Arrived, keys: Keys, old_pages: OldPageReader) -> Workbook:
    """The workbook in a file. Raises UnreadableFile for what is none, is broken, too large, hostile, or encrypted with a password
    that 口令 does not have."""
    if not file.data.startswith((_ZIP, _OLE)):
        raise UnreadableFile(f"“{file.name}”不是 Excel 文件，请填表人在 Excel 或 WPS 里另存为 .xlsx 再交。")
    data, password = file.data, ""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        data, password = keys.open(file)
    if data.startswith(_ZIP):
        return replace(_sheets(file, data, _package(file, data)), password=password)
    return Workbook(_old_sheets(file, old_pages.read(data)), {}, password=password)


def _package(file: Arrived, data: bytes) -> Package:
    try:
        package = Package(data)
        if sum(member.info.file_size for member in package.archive.members.values()) > _MOST_INFLATED:
            raise UnreadableFile(f"“{file.name}”解开后太大，不像交回的页，没有打开。")
        check_one_reading(package)
        for part in package.sheets.values():
            if reach(package.archive.read(part.path), _MOST_CELLS) > _MOST_CELLS:
                raise _too_wide(file, part.name)
    except NotAWorkbook as problem:
        raise UnreadableFile(f"“{file.name}”不能用：{problem}") from problem
    return package


def _too_wide(file: Arrived, sheet: str) -> UnreadableFile:
    return UnreadableFile(f"“{file.name}”的表“{sheet}”行或列太多，不像交回的页，没有收。")


def _sheets(file: Arrived, data: bytes, package: Package) -> Workbook:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        read = {name: book.get_sheet_by_name(name) for name in names}
        sheets = {name: _cells(file, sheet) for name, sheet in read.items()}
        trouble = {name: _trouble(package, name, sheet) for name, sheet in read.items()}
    except BaseException as problem:
        broken = calamine.CalamineError, NotAWorkbook, OSError, ValueError, KeyError
        if not isinstance(problem, broken) and not is_panic(problem):
            raise
        raise _broken(file) from problem
    return Workbook(sheets, trouble, package.date1904, _saved(package))


def _old_sheets(file: Arrived, answer: Mapping[str, list[list[Any]]] | str | None) -> Mapping[str, list[list[Any]]]:
    """The sheets of an old workbook, or what its reader found wrong with it."""
    if answer == old_page_child.ENCRYPTED:
        raise UnreadableFile(f"“{file.name}”是加了密码的旧格式文件，请填表人去掉密码、另存为 .xlsx 再交。")
    if answer == old_page_child.TOO_WIDE:
        raise UnreadableFile(f"“{file.name}”有的表行或列太多，不像交回的页，没有收。")
    if answer is None or isinstance(answer, str):
        raise _broken(file)
    return answer


def _broken(file: Arrived) -> UnreadableFile:
    return UnreadableFile(
        f"“{file.name}”已损坏或不是能读的 Excel 文件，请填表人用 Excel 或 WPS 打开后另存为 .xlsx 再交。"
    )


def _cells(file: Arrived, sheet: Any) -> list[list[Any]]:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise _too_wide(file, sheet.name)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _trouble(package: Package, name: str, sheet: Any) -> CellIssues:
    part = package.sheets.get(name)
    if not part:
        return CellIssues()
    xml = package.archive.read(part.path)
    trouble = cell_issues_of(xml, part.name, sheet)
    return replace(trouble, errors=(*trouble.errors, *_without_value(xml)))


def _without_value(sheet: bytes) -> Iterator[tuple[int, int, str]]:
    """Formulas that no program has worked out yet: they read as empty cells."""
    if b"<f" in sheet:
        for letters, row in _NOT_WORKED_OUT.findall(sheet):
            yield int(row), column_number(letters.decode()), "还没有算出来"


def _saved(package: Package) -> str:
    """When the file says that it was saved, in UTC and so written that a later time is a greater text; empty where it does
    not say."""
    if _CORE not in package.archive.members:
        return ""
    found = _MODIFIED.search(package.archive.read(_CORE))
    if found is None:
        return ""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(found[1].decode(errors="replace").strip())
        return f"{moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return ""
