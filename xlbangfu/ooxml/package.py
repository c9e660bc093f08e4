"""The parts of a workbook file and how they hang together: sheets, tables, defined names.

Parts are found by relationship, never by their usual names. Nothing here changes anything.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from xml.parsers import expat

from xlbangfu.errors import NotAWorkbook
from xlbangfu.ooxml.archive import Archive

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


_MOST_ELEMENTS = 500_000  # of one part; each takes hundreds of bytes, and four in the file
_BROKEN = "文件内部已损坏，请从“备份”文件夹或原处重新取一份。"
_HOSTILE = "文件里有不该有的声明，可能是恶意文件，没有打开。"


class Element(NamedTuple):
    """One XML element in document order: its name and attributes without prefixes, and the text directly in it."""

    name: str
    attributes: Mapping[str, str]
    text: list[str]


def elements(xml: bytes) -> list[Element]:
    """All elements of a part. Document types are refused: no workbook needs one, and entities can blow up."""
    found: list[Element] = []
    open_ones: list[Element] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(" ")[2], plain, [])
        if len(found) >= _MOST_ELEMENTS:
            raise NotAWorkbook("文件解压后大得不正常，可能是恶意文件，没有打开。")
        found.append(element)
        open_ones.append(element)

    def refuse(*_: object) -> None:
        raise NotAWorkbook(_HOSTILE)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_ones.pop()
    parser.CharacterDataHandler = lambda text: open_ones[-1].text.append(text)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter for encodings that expat does not know
        raise NotAWorkbook(_BROKEN) from error
    return found


@dataclass(frozen=True)
class Part:
    """One worksheet: its name on the tab, its part, and, once asked for, the parts of its Excel tables."""

    name: str
    path: str
    hidden: bool
    index: int  # from 1, as calcChain counts sheets by their sheetId
    package: Package = field(repr=False, compare=False)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return tuple(target for kind, target, _ in self.package.related(self.path) if kind == "table")


class Package:
    """A workbook file opened for reading its structure."""

    def __init__(self, data: bytes) -> None:
        check_kind(data)
        self.archive = Archive(data)
        self._related: dict[str, list[tuple[str, str, str]]] = {}
        self.near_sheets: set[str] = set()  # paths of those whose cells are seen not to stand far out (``wholeness``)
        _refuse_document_types(self.archive)
        root = self.related("")
        book = [path for kind, path, _ in root if kind == "officeDocument"]
        if not book or book[0] not in self.archive.members:
            raise NotAWorkbook("这不是 Excel 文件（.xlsx 或 .xlsm），请换一个文件。")
        self.workbook_part = book[0]
        self._workbook = elements(self.archive.read(self.workbook_part))

    def related(self, part: str) -> list[tuple[str, str, str]]:
        """(kind, path, id) of what a part refers to inside the package; read once, for several ask it of every sheet."""
        if part not in self._related:
            self._related[part] = self._read_related(part)
        return self._related[part]

    def _read_related(self, part: str) -> list[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.archive.members:
            return []
        found = []
        for element in elements(self.archive.read(path)):
            attributes = element.attributes
            if element.name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
                found.append((attributes.get("Type", "").rpartition("/")[2], target, attributes.get("Id", "")))
        return found

    def part_of(self, kind: str) -> str | None:
        """The workbook's part of a kind such as ``sharedStrings`` or ``calcChain``."""
        related = self.related(self.workbook_part)
        return next((path for found, path, _ in related if found == kind and path in self.archive.members), None)

    @cached_property
    def date1904(self) -> bool:
        return any(
            element.name == "workbookPr" and element.attributes.get("date1904") in ("1", "true")
            for element in self._workbook
        )

    @cached_property
    def sheets(self) -> dict[str, Part]:
        """Worksheets by the name on their tab."""
        paths = {identity: path for kind, path, identity in self.related(self.workbook_part) if kind == "worksheet"}
        found = {}
        for element in self._workbook:
            path = paths.get(element.attributes.get("id", "")) if element.name == "sheet" else None
            if path and path in self.archive.members:
                name = element.attributes.get("name", "")
                found[name] = self._part(name, path, element.attributes)
        return found

    def _part(self, name: str, path: str, attributes: Mapping[str, str]) -> Part:
        index = attributes.get("sheetId", "0")
        if not name or not index.isdecimal():
            raise NotAWorkbook(_BROKEN)
        return Part(name, path, attributes.get("state", "visible") != "visible", int(index), self)

    @property
    def sheet_names(self) -> Counter[str]:
        """How often each name stands on a tab, whatever its capitals."""
        return Counter(one.attributes.get("name", "").lower() for one in self._workbook if one.name == "sheet")

    def unlinked(self, path: str) -> dict[str, list[bytes]]:
        """The parts that tell of a workbook's part, without it: the relationships and the list of content types."""
        folder, name = posixpath.split(self.workbook_part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        last = re.escape(posixpath.basename(path)).encode()
        mention = rb"""<(?:[\w.-]+:)?(?:Relationship|Override)\s[^>]*?=["'][^"']*""" + last + rb"""["'][^>]*>"""
        return {part: [re.sub(mention, b"", self.archive.read(part))] for part in (relations, "[Content_Types].xml")}

    def names(self) -> Iterator[tuple[str, str]]:
        """Defined names and what they refer to."""
        for element in self._workbook:
            if element.name == "definedName" and "localSheetId" not in element.attributes:
                yield element.attributes.get("name", ""), "".join(element.text)


def _refuse_document_types(archive: Archive) -> None:
    """Refuse a document type in any part, whoever will parse it: it can stand before the root element only."""
    for name in archive.members:
        if name.endswith((".xml", ".rels", ".vml")):
            text = archive.beginning(name).replace(b"\0", b"")  # UTF-16 reads as ASCII so
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text or not re.search(rb"<[A-Za-z_]|^\s*$", text):
                raise NotAWorkbook(_HOSTILE)


def check_kind(data: bytes) -> None:
    """Refuse what is no workbook of today, each with what to do about it."""
    if not data:
        raise NotAWorkbook("文件是空的，请从“备份”文件夹或原处重新取一份。")
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise NotAWorkbook("文件加了密码，请先在 Excel 里去掉打开密码再用。")
        raise NotAWorkbook("这是旧格式的 .xls 文件，请在 Excel 里另存为 .xlsx 或 .xlsm 再用。")
    if not data.startswith(b"PK"):
        raise NotAWorkbook("这不是 Excel 文件（.xlsx 或 .xlsm），请换一个文件。")
