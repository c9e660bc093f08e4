"""Formulas of an .xls that were never calculated, which xlrd gives as 0 or as blank.

Programs that write .xls without calculating leave 0 and ask for a calculation at opening (flag fCalcOnLoad, [MS-XLS] 2.4.127),
or leave the empty text in every formula. An empty text beside formulas that have a result is a result.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xlbangfu.documents.importing.grid import Place

_FORMULA, _SHEET, _START, _END = 0x0006, 0x0085, 0x0809, 0x000A
_WORKSHEET = 0  # charts and macros have other types
_CALCULATE_ON_LOAD = 0x0002
_ZERO, _EMPTY_TEXT = b"\0" * 8, b"\3\0\0\0\0\0\xff\xff"


def uncalculated(stream: bytes) -> list[set[Place]]:
    """The cells with such a formula, for each worksheet of a workbook stream in the order of its tabs."""
    sheets = [list(_formulas(stream, start)) for start in _starts(stream)]
    never = all(result == _EMPTY_TEXT for formulas in sheets for _, result, _ in formulas)
    return [{place for place, result, waits in formulas if never or (waits and result == _ZERO)} for formulas in sheets]


def _starts(stream: bytes) -> list[int]:
    """Where each worksheet begins."""
    found = []
    for kind, at, length in _records(stream, 0):
        if kind == _SHEET and length > 6 and stream[at + 5] == _WORKSHEET:
            found.append(struct.unpack_from("<L", stream, at)[0])
    return found


def _formulas(stream: bytes, start: int) -> Iterator[tuple[Place, bytes, bool]]:
    """Place, result and whether it waits to be calculated."""
    for kind, at, length in _records(stream, start):
        if kind == _FORMULA and length >= 16:
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", stream, at)
            yield (row, column), result, bool(flags & _CALCULATE_ON_LOAD)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record of one substream; those of charts inside it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _START) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, at + 4, length
        at += 4 + length
