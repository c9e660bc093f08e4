"""The ``<cols>`` of a sheet: each ``<col>`` gives width and look to a stretch of columns, counted from 1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.worksheet import SheetPart

_COLUMN = late_pattern(rb"<col\s[^>]*?/>")
_COLUMNS = late_pattern(rb"<cols\b[^>]*>(.*?)</cols>", re.DOTALL)
_STRETCH = late_pattern(rb'\b(min|max)="(\d+)"')
_STYLE = late_pattern(rb'\bstyle="\d+"')


def tag_of(part: SheetPart, place: int) -> bytes | None:
    """The ``<col>`` of one column (from 0), as if it were for that one alone; None where there is none."""
    found = next((tag for tag in _tags(part) if _covers(tag, place + 1)), None)
    return found and _with_stretch(found, place + 1, place + 1)


def put(part: SheetPart, tags: Iterable[bytes]) -> None:
    """Put in a ``<col>`` for each of some single columns; one that covers further columns is cut in two around it."""
    new = list(tags)
    kept = _tags(part)
    for tag in new:
        number = _stretch(tag)[0]
        kept = [piece for old in kept for piece in _around(old, number)]
    every = sorted([*kept, *new], key=_stretch)
    made = b"<cols>" + b"".join(every) + b"</cols>" if every else b""
    there = _COLUMNS.search(part.head)
    part.head = part.head[: there.start()] + made + part.head[there.end() :] if there else part.head + made


def with_look(tag: bytes, style: int) -> bytes:
    return _STYLE.sub(b'style="%d"' % style, tag)


def _tags(part: SheetPart) -> list[bytes]:
    section = _COLUMNS.search(part.head)
    return _COLUMN.findall(section[1]) if section else []


def _covers(tag: bytes, number: int) -> bool:
    first, last = _stretch(tag)
    return first <= number <= last


def _around(tag: bytes, number: int) -> list[bytes]:
    """What is left of a ``<col>`` without one of its columns."""
    if not _covers(tag, number):
        return [tag]
    first, last = _stretch(tag)
    pieces = ((first, number - 1), (number + 1, last))
    return [_with_stretch(tag, low, high) for low, high in pieces if low <= high]


def _stretch(tag: bytes) -> tuple[int, int]:
    found = {name: int(value) for name, value in _STRETCH.findall(tag)}
    return found[b"min"], found[b"max"]


def _with_stretch(tag: bytes, first: int, last: int) -> bytes:
    values = {b"min": first, b"max": last}
    return _STRETCH.sub(lambda found: b'%b="%d"' % (found[1], values[found[1]]), tag)
