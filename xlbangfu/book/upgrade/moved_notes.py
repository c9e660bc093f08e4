"""Comments, pictures and shapes of a sheet where rows were put in: each stays with the cells that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from xlbangfu.ooxml.package import Package, Part
from xlbangfu.ooxml.row_insertion import Insertion

_Move: TypeAlias = Callable[[bytes, Insertion], bytes]


def unknown(package: Package, where: Part) -> bool:
    """Whether something else hangs on the sheet."""
    return any(kind not in (*_MOVES, *_UNMOVED) for kind, _, _ in package.related(where.path))


def moved(package: Package, where: Part, insertion: Insertion) -> dict[str, bytes]:
    found = package.related(where.path)
    return {path: _MOVES[kind](package.archive.read(path), insertion) for kind, path, _ in found if kind in _MOVES}


def _comments(xml: bytes, insertion: Insertion) -> bytes:
    return re.sub(
        rb"""(<(?:[\w.-]+:)?(?:comment|threadedComment)\b[^>]*?\sref=["'])([A-Z]+\d+)""",
        lambda one: one[1] + insertion.area(one[2].decode()).encode(),
        xml,
    )


def _anchors(xml: bytes, insertion: Insertion) -> bytes:
    """Rows from 0: of a comment's cell, and third and seventh of the eight numbers of where its box stands."""
    xml = re.sub(rb"(<x:Row>\s*)(\d+)", lambda one: one[1] + b"%d" % _from_zero(one[2], insertion), xml)

    def box(one: re.Match[bytes]) -> bytes:
        numbers = [part.strip() for part in one[2].split(b",")]
        rows = {place: b"%d" % _from_zero(numbers[place], insertion) for place in (2, 6) if place < len(numbers)}
        return one[1] + b", ".join(rows.get(place, number) for place, number in enumerate(numbers))

    return re.sub(rb"(<x:Anchor>\s*)([\d,\s-]+)", box, xml)


def _shapes(xml: bytes, insertion: Insertion) -> bytes:
    return re.sub(rb"(<(?:[\w.-]+:)?row>)(\d+)(?=</)", lambda one: one[1] + b"%d" % _from_zero(one[2], insertion), xml)


def _from_zero(number: bytes, insertion: Insertion) -> int:
    return insertion.row(int(number) + 1) - 1


_MOVES: dict[str, _Move] = {
    "comments": _comments,
    "threadedComment": _comments,
    "vmlDrawing": _anchors,
    "drawing": _shapes,
}
_UNMOVED = ("table", "hyperlink", "printerSettings")
