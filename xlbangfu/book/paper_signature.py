"""Whose paper it is and of what day, at the right of a sheet's footer, in writing.

A sheet that the program fills bears the day on which it did; one that staff fill bears the term, since they write on it
between two clicks. A footer of the staff's own stays: the right part is the program's while it is empty or says what the
program says, and 内部资料 still stands at the left.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from xlbangfu import house_look
from xlbangfu.house_look import CONFIDENTIAL, MOST_SIGNED, footer_part
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import Kind, Table
from xlbangfu.xml_text import escape, unescape

_FOOTER = late_pattern(rb"(<(?:[\w.-]+:)?oddFooter\b[^>]*?)(?:/>|>(.*?)(</(?:[\w.-]+:)?oddFooter>))", re.DOTALL)
_PARTS = late_pattern("&&|&R")
_CODES = late_pattern(r'&&|&"[^"]*"|&\d+ ?|&K[0-9A-Fa-f]{6}')
_OURS = late_pattern(r"(.* )?(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{4}[上下]?)")


class Signature(Struct, frozen=True, kw_only=True):
    """The school, the day of the action and the term of 设置."""

    school: str
    day: date
    term: str

    def on(self, table: Table) -> str:
        """What the footer of a sheet says.

        >>> from xlbangfu.schema import RANKING, SCORES
        >>> signature = Signature(school="育才中学", day=date(2026, 6, 30), term="2025-2026下")
        >>> signature.on(RANKING), signature.on(SCORES)
        ('育才中学 2026年6月30日', '育才中学 2025-2026下')
        """
        if table.kind in (Kind.INPUT, Kind.MEMORY):
            return f"{self.school[:MOST_SIGNED]} {self.term}".strip()
        return house_look.signed(self.school, self.day)


def is_ours(left: str, right: str) -> bool:
    """Whether the program may write the right part of a footer.

    >>> is_ours("内部资料·不得外传", ""), is_ours("内部资料·不得外传", "王主任"), is_ours("王主任", "")
    (True, False, False)
    """
    return CONFIDENTIAL in left and (not plain(right) or _OURS.fullmatch(plain(right)) is not None)


def plain(part: str) -> str:
    """What a part of a footer says, without the signs for its type.

    >>> plain('&"等线,常规"&10A&&B 学校 2026年6月30日')
    'A&B 学校 2026年6月30日'
    """
    return _CODES.sub(lambda code: "&" if code[0] == "&&" else "", part).strip()


def signed(tail: bytes, said: str) -> bytes:
    """What follows the rows of a sheet's part, signed unless its footer is the staff's own."""
    found = _FOOTER.search(tail)
    if found is None or not found[2] or not said:
        return tail
    text = unescape(found[2].decode())
    left, right = _left_and_right(text)
    if plain(right) == said or not is_ours(left, right):
        return tail
    made = escape(f"{left}&R{footer_part(said)}").encode()
    return tail[: found.start(2)] + made + tail[found.end(2) :]


def _left_and_right(footer: str) -> tuple[str, str]:
    """What stands before the right part, and that."""
    begins = [found for found in _PARTS.finditer(footer) if found[0] == "&R"]
    return (footer[: begins[-1].start()], footer[begins[-1].end() :]) if begins else (footer, "")
