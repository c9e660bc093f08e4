r"""One cell as XML. Texts are inline strings, so no shared string changes; a text is always text, whatever it begins with.

XML 1.0 cannot hold most control characters, U+FFFE, U+FFFF and lone surrogates. As Excel does, each is written
``_xHHHH_``, and a text that looks like such a code gets its ``_`` written so too: what is read back is what was typed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from xlbangfu import xml_text
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.dates import serial

Value: TypeAlias = str | float | bool | date | None

# What a text needs care for: markup, what XML cannot hold (\r, which XML reads as \n, included), what reads as a code.
_UNWRITABLE = late_pattern("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
LOSES_SPACES = r"^ | $|[\n\t]|  "  # the spaces of XML; a wide space is none
_NEEDS_CARE = late_pattern("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x|" + LOSES_SPACES)


def escape(text: str) -> str:
    """A text as it stands in XML.

    >>> escape("a&b<\\x0b>"), escape("_x0041_")
    ('a&amp;b&lt;_x000B_&gt;', '_x005F_x0041_')
    """
    return xml_text.escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def text_tag(*, keeps_spaces: bool, prefix: str = "") -> str:
    """What opens a text; XML readers may drop spaces at its ends unless it says to keep them."""
    return f'<{prefix}t xml:space="preserve">' if keeps_spaces else f"<{prefix}t>"


def cell(address: str, value: Value, style: str = "", prefix: str = "") -> str:
    """A cell that holds one value; None and "" are an empty cell that has a style.

    >>> cell("A2", "王", "3")
    '<c r="A2" s="3" t="inlineStr"><is><t>王</t></is></c>'
    >>> cell("B2", 90.0), cell("C2", date(2025, 9, 1))
    ('<c r="B2"><v>90</v></c>', '<c r="C2"><v>45901</v></c>')
    """
    styled = f' s="{style}"' if style else ""
    return f'<{prefix}c r="{address}"{styled}{holding(value, prefix)}'


def holding(value: Value, prefix: str = "") -> str:
    """The rest of a cell after its address and style."""
    if isinstance(value, str):
        return _holding_text(value, prefix) if value else "/>"
    if value is None:
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><{prefix}v>{value:d}</{prefix}v></{prefix}c>'
    return f"><{prefix}v>{_number(value)}</{prefix}v></{prefix}c>"


@lru_cache(maxsize=1 << 12)  # most texts of a page stand in other pages, too
def _holding_text(text: str, prefix: str) -> str:
    if not prefix and not _NEEDS_CARE.search(text):
        return f' t="inlineStr"><is><t>{text}</t></is></c>'
    tag = text_tag(keeps_spaces=bool(re.search(LOSES_SPACES, text)), prefix=prefix)
    return f' t="inlineStr"><{prefix}is>{tag}{escape(text)}</{prefix}t></{prefix}is></{prefix}c>'


def _number(value: float | date) -> str:
    number = serial(value) if isinstance(value, date) else value
    return repr(number).removesuffix(".0")
