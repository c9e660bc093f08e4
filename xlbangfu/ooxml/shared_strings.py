"""The texts that cells share, without those that no cell uses any more: a deleted person's name must not stay there.

An entry that goes is emptied and keeps its place, so that no other cell's number changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlbangfu.errors import WriteFailed
from xlbangfu.late_pattern import late_pattern

_CELL = late_pattern(rb"""<(?:[\w.-]+:)?c\b[^>]*?\bt\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*(\d+)""")
_SHARING = late_pattern(rb"""<(?:[\w.-]+:)?c\b[^>]*?\bt\s*=\s*["']s["'][^>/]*>""")
_ENTRY = late_pattern(rb"<((?:[\w.-]+:)?)si\b[^>]*?(?:/>|>.*?</\1si\s*>)", re.DOTALL)


def used(sheets: Iterable[bytes]) -> set[int]:
    """The numbers of the entries that the cells of these worksheets show.

    Raises WriteFailed where a cell is written in a way that does not tell.
    """
    found: set[int] = set()
    for xml in sheets:
        numbers = _CELL.findall(xml)
        if len(numbers) != len(_SHARING.findall(xml)):
            raise WriteFailed("总表内部的共用文字看不明白，没有删除；请用 Excel 打开总表另存一次，再做一次。")
        found.update(map(int, numbers))
    return found


def without_unused(xml: bytes, in_use: set[int]) -> bytes:
    """The part with empty entries where no cell uses one. Raises WriteFailed where the entries cannot be counted."""
    entries = list(_ENTRY.finditer(xml))
    if in_use and max(in_use) >= len(entries):
        raise WriteFailed("总表内部的共用文字对不上号，没有删除；请用 Excel 打开总表另存一次，再做一次。")
    made, at = [], 0
    for number, entry in enumerate(entries):
        if number not in in_use:
            prefix = entry[1]
            made += [xml[at : entry.start()], b"<%bsi><%bt/></%bsi>" % (prefix, prefix, prefix)]
            at = entry.end()
    return b"".join([*made, xml[at:]])
