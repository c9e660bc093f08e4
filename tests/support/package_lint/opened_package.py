"""A package in memory: its members, its parts as XML, how they hang together."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha1
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFTEN = 1 << 17  # bytes: parts up to this are the same in many workbooks, and kept as read
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


@dataclass(frozen=True)
class Relation:
    """``target`` is a path in the package, or a URI where ``external``."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet as the workbook lists it; ``path`` is empty where nothing says which part it is."""

    name: str
    number: str
    state: str
    path: str


@dataclass(frozen=True)
class OpenedPackage:
    """``members`` as the zip lists them, ``parts`` their bytes by name."""

    members: tuple[zipfile.ZipInfo, ...]
    parts: Mapping[str, bytes]

    @classmethod
    def of(cls, path: Path) -> OpenedPackage:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            return cls(tuple(members), {one.filename: package.read(one) for one in members if not one.flag_bits & 1})

    @cached_property
    def _trees(self) -> dict[str, Element]:
        return {}

    @cached_property
    def _digests(self) -> dict[str, bytes]:
        return {}

    def xml(self, name: str) -> Element:
        """A part as read, once; it is looked at and never changed."""
        if name not in self._trees:
            data = self.parts[name]
            self._trees[name] = _parsed_often(data) if len(data) <= _OFTEN else fromstring(data)
        return self._trees[name]

    def digest(self, name: str) -> bytes:
        """What a part is known by; empty where it is not there."""
        if name not in self._digests:
            self._digests[name] = sha1(self.parts[name]).digest() if name in self.parts else b""
        return self._digests[name]

    def relations(self, part: str) -> dict[str, Relation]:
        """By id, those of a part; the empty name is the package."""
        path = relations_path(part)
        if path not in self.parts:
            return {}
        folder = posixpath.dirname(part)
        return {one.get("Id", ""): _relation(one, folder) for one in self.xml(path)}

    @cached_property
    def workbook_path(self) -> str | None:
        found = (one.target for one in self.relations("").values() if one.kind.endswith("/officeDocument"))
        return next(found, None)

    @cached_property
    def workbook(self) -> Element:
        assert self.workbook_path is not None
        return self.xml(self.workbook_path)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        known = self.relations(self.workbook_path or "")
        return tuple(
            Sheet(
                name=one.get("name", ""),
                number=one.get("sheetId", ""),
                state=one.get("state", "visible"),
                path=known[one.get(RELATION_ID, "")].target if one.get(RELATION_ID, "") in known else "",
            )
            for one in self.workbook.iterfind(f"{MAIN}sheets/{MAIN}sheet")
        )

    @property
    def worksheets(self) -> list[Sheet]:
        return [one for one in self.sheets if "worksheets/" in one.path]

    def related(self, kind: str) -> str | None:
        """The part of that kind that the workbook names."""
        known = self.relations(self.workbook_path or "").values()
        return next((one.target for one in known if one.kind.endswith(f"/{kind}")), None)

    @cached_property
    def shared_texts(self) -> tuple[str, ...]:
        path = self.related("sharedStrings")
        return tuple("".join(one.itertext()) for one in self.xml(path).iterfind(f"{MAIN}si")) if path else ()

    @property
    def shared_text_count(self) -> int:
        return len(self.shared_texts)


@lru_cache(maxsize=1024)
def _parsed_often(data: bytes) -> Element:
    return fromstring(data)


def relations_path(part: str) -> str:
    """
    >>> relations_path("xl/workbook.xml")
    'xl/_rels/workbook.xml.rels'
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(one: Element, folder: str) -> Relation:
    target, external = one.get("Target", ""), one.get("TargetMode") == "External"
    if not external:
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(one.get("Type", ""), target, external)


def column_number(letters: str) -> int:
    """
    >>> column_number("AA")
    27
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def corners(reference: str) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of a range; None where it is none.

    >>> corners("B2:C9")
    (2, 2, 3, 9)
    """
    found = _RANGE.fullmatch(reference)
    if not found:
        return None
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    fits = 1 <= left <= right <= 16_384 and 1 <= top <= bottom <= 1_048_576
    return (left, top, right, bottom) if fits else None


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """
    >>> overlap((1, 1, 2, 2), (2, 2, 3, 3)), overlap((1, 1, 1, 9), (2, 1, 2, 9))
    (True, False)
    """
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
