"""The headings of a sheet straight from its part: reading all its values only for these would take too long."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice

from xlbangfu.book.reading.frames import heading
from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import Cell, SheetPart
from xlbangfu.xml_text import unescape

_TYPE = late_pattern(rb"""\st=["'](\w+)["']""")
_VALUE = late_pattern(rb"<(?:[\w.-]+:)?v\b[^>]*>([^<]*)<")
_TEXT = late_pattern(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)<")
_PHONETIC = late_pattern(rb"<((?:[\w.-]+:)?rPh)\b.*?</\1>", re.DOTALL)
_ITEM = late_pattern(rb"<((?:[\w.-]+:)?si)\b[^>]*?(?:/>|>(.*?)</\1>)", re.DOTALL)
_SIMPLE_ITEM = late_pattern(rb"<si><t(?:\s[^>]*)?>([^<]*)</t></si>")
_NUMBER = late_pattern(rb"\s*\d{1,9}\s*")
_ESCAPED = late_pattern(r"_x([0-9A-Fa-f]{4})_")
_FEW = 1 << 16  # bytes of shared texts that are all read once, for all that ask


def headings_of(package: Package, part: SheetPart) -> dict[int, str]:
    """Column (from 0) and text of each cell of row 1 that holds something, as typed but for spaces around it."""
    row = part.row(1)
    cells = part.cells(row) if row else []
    texts = dict(zip((cell.column for cell in cells), _texts(package, cells), strict=True))
    return {column: text for column, text in texts.items() if heading(text)}


def cell_text(package: Package, cell: Cell) -> str:
    """The text that a cell shows, but for number formats."""
    return _texts(package, [cell])[0]


def _texts(package: Package, cells: Sequence[Cell]) -> list[str]:
    places = [_place(cell) for cell in cells]
    shared = _shared(package, {place for place in places if place is not None})
    return [
        _own_text(cell) if place is None else shared.get(place, "") for cell, place in zip(cells, places, strict=True)
    ]


def _place(cell: Cell) -> int | None:
    """Where the cell's text stands among the shared ones, if it does."""
    value = _VALUE.search(cell.xml) if _kind(cell) == b"s" else None
    if value and not _NUMBER.fullmatch(value[1]):
        raise NotAWorkbook("有一张表的表头内部已损坏，请用 Excel 打开它另存一次，或者从“备份”文件夹取回一份。")
    return int(value[1]) if value else None


def _own_text(cell: Cell) -> str:
    if _kind(cell) == b"inlineStr":
        return _text(cell.xml)
    value = _VALUE.search(cell.xml)
    return _decoded(value[1]) if value else ""


def _kind(cell: Cell) -> bytes:
    kind = _TYPE.search(cell.xml, 0, cell.xml.index(b">"))
    return kind[1] if kind else b""


def shared_texts(xml: bytes) -> list[str]:
    """The texts of a part of shared strings, in order."""
    simple = _SIMPLE_ITEM.findall(xml)
    if len(simple) == xml.count(b"<si>"):
        return [_decoded(text) for text in simple]
    return [_text(found[2] or b"") for found in _ITEM.finditer(xml)]


def decode_characters(text: str) -> str:
    """A text with Excel's _xHHHH_ as the characters that they stand for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _shared(package: Package, places: Collection[int]) -> dict[int, str]:
    """The shared texts at these places; the part, which may have megabytes of the records' texts, is gone through once and no further than it must be."""
    path = package.part_of("sharedStrings") if places else None
    strings = package.archive.read(path) if path else b""
    if len(strings) <= _FEW:
        all_items = _items(strings)
        return {place: _text(all_items[place]) for place in places if place < len(all_items)}
    items = enumerate(islice(_ITEM.finditer(strings), max(places, default=-1) + 1))
    return {place: _text(item[2] or b"") for place, item in items if place in places}


@lru_cache(maxsize=1)
def _items(strings: bytes) -> list[bytes]:
    return [item[2] or b"" for item in _ITEM.finditer(strings)]


def _text(xml: bytes) -> str:
    return "".join(_decoded(text) for text in _TEXT.findall(_PHONETIC.sub(b"", xml)))


def _decoded(text: bytes) -> str:
    plain = text.decode()
    if "&" in plain:
        plain = unescape(plain)
    return decode_characters(plain) if "_x" in plain else plain
