"""The headings of a sheet straight from its part: reading all its values only for these would take too long."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice

from xlbangfu.book.reading.frames import heading
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import Cell, SheetPart

_TYPE = re.compile(rb"""\st=["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^>]*>([^<]*)<")
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)<")
_PHONETIC = re.compile(rb"<((?:[\w.-]+:)?rPh)\b.*?</\1>", re.DOTALL)
_ITEM = re.compile(rb"<((?:[\w.-]+:)?si)\b[^>]*?(?:/>|>(.*?)</\1>)", re.DOTALL)
_SIMPLE_ITEM = re.compile(rb"<si><t(?:\s[^>]*)?>([^<]*)</t></si>")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def headings_of(package: Package, part: SheetPart) -> dict[int, str]:
    """Column (from 0) and text of each cell of row 1 that holds something, as typed but for spaces around it."""
    row = part.row(1)
    found = {cell.column: cell_text(package, cell) for cell in (part.cells(row) if row else [])}
    return {column: text for column, text in found.items() if heading(text)}


def cell_text(package: Package, cell: Cell) -> str:
    """The text that a cell shows, but for number formats."""
    kind = _TYPE.search(cell.xml, 0, cell.xml.index(b">"))
    value = _VALUE.search(cell.xml)
    if kind and kind[1] == b"inlineStr":
        return _text(cell.xml)
    if kind and kind[1] == b"s" and value:
        return _shared(package, int(value[1]))
    return _decoded(value[1]) if value else ""


def shared_texts(xml: bytes) -> list[str]:
    """The texts of a part of shared strings, in order."""
    simple = _SIMPLE_ITEM.findall(xml)
    if len(simple) == xml.count(b"<si>"):
        return [_decoded(text) for text in simple]
    return [_text(found[2] or b"") for found in _ITEM.finditer(xml)]


def decode_characters(text: str) -> str:
    """A text with Excel's _xHHHH_ as the characters that they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _shared(package: Package, index: int) -> str:
    path = package.part_of("sharedStrings")
    strings = package.archive.read(path) if path else b""
    found = next(islice(_ITEM.finditer(strings), index, None), None)
    return _text(found[2] or b"") if found else ""


def _text(xml: bytes) -> str:
    return "".join(_decoded(text) for text in _TEXT.findall(_PHONETIC.sub(b"", xml)))


def _decoded(text: bytes) -> str:
    plain = text.decode()
    if "&" in plain:
        plain = unescape(plain)
    return decode_characters(plain) if "_x" in plain else plain
