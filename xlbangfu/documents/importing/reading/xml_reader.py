"""XML from outside, element by element, with document types refused: no entity is expanded, no other file is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

from xlbangfu.documents.importing.grid import Grid
from xlbangfu.documents.importing.reading.builder import GridBuilder
from xlbangfu.documents.importing.reading.encodings import decode
from xlbangfu.documents.importing.reading.refusal import broken, hostile
from xlbangfu.late_pattern import late_pattern

_SAID = late_pattern(rb"""encoding\s*=\s*["']([\w.-]+)["']""")

Start = Callable[[str, dict[str, str]], None]


class SheetsReader(Protocol):
    """Hears of the elements of a document, and has its sheets at the end."""

    sheets: list[GridBuilder]

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def read_sheets(reader: SheetsReader, xml: bytes) -> Iterator[Grid]:
    """The sheets of a document with something on them, in their order. Raises Refusal."""
    try:
        read_elements(xml, start=reader.start, end=reader.end, text=reader.text)
    except (ValueError, LookupError) as problem:
        raise broken() from problem
    for sheet in reader.sheets:
        grid = sheet.grid()
        if grid:
            yield grid


def read_elements(xml: bytes, *, start: Start, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Tell of each element's start, end and text; names are without their prefixes and namespaces."""
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def refuse(*_: object) -> None:
        raise hostile()

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(_in_utf8(xml), True)
    except expat.ExpatError as problem:
        raise broken() from problem


def _in_utf8(xml: bytes) -> bytes:
    """In the one encoding that expat is told of; it knows no Chinese ones."""
    said = _SAID.search(xml[:200])
    return decode(xml, said[1].decode() if said else "utf-8").strip().encode()
