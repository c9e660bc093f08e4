"""The value that a formula's cell remembers: what programs show that do not work formulas out."""

from __future__ import annotations

import re

from xlbangfu.ooxml.cell_xml import escape

_VALUE = re.compile(rb"<((?:[\w.-]+:)?)v\b[^>]*?(?:/>|>[^<]*</(?:[\w.-]+:)?v>)")
_KIND = re.compile(rb"""\st=["']\w+["']""")


def with_value(cell: bytes, value: str | float | None, prefix: str = "") -> bytes:
    """The cell with another remembered value, none where it is None; the formula stays byte for byte.

    >>> with_value(b'<c r="A1"><f>B1</f><v>0</v></c>', "x")
    b'<c r="A1" t="str"><f>B1</f><v>x</v></c>'
    """
    opening, rest = cell.split(b">", 1)
    opening, rest = _KIND.sub(b"", opening), _VALUE.sub(b"", rest)
    if value is None:
        return opening + b">" + rest
    kind = b' t="str"' if isinstance(value, str) else b""
    tag = prefix.encode()
    text = value if isinstance(value, str) else f"{value:.15g}"
    made = b"<%bv>%b</%bv>" % (tag, escape(text).encode(), tag)
    at = rest.rindex(b"</")
    return opening + kind + b">" + rest[:at] + made + rest[at:]
