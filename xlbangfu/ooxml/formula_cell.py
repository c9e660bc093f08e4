"""The value that a formula's cell remembers: what programs show that do not work formulas out."""

from __future__ import annotations

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.cell_xml import escape

_VALUE = late_pattern(rb"<((?:[\w.-]+:)?)v\b[^>]*?(?:/>|>[^<]*</(?:[\w.-]+:)?v>)")
_KIND = late_pattern(rb"""\st=["']\w+["']""")


def with_value(cell: bytes, value: str | float | None, prefix: str = "") -> bytes:
    """The cell with another remembered value, none where it is None; the formula stays byte for byte.

    >>> with_value(b'<c r="A1"><f>B1</f><v>0</v></c>', "x")
    b'<c r="A1" t="str"><f>B1</f><v>x</v></c>'
    """
    opening, rest = cell.split(b">", 1)
    rest = _VALUE.sub(b"", rest)
    at = rest.rindex(b"</")
    return of_kind(opening, value) + b">" + rest[:at] + value_xml(value, prefix) + rest[at:]


def of_kind(attributes: bytes, value: str | float | None) -> bytes:
    """The attributes of a cell that remembers the value: they say what is a text."""
    kind = b' t="str"' if isinstance(value, str) else b""
    return _KIND.sub(b"", attributes) + kind


def value_xml(value: str | float | None, prefix: str = "") -> bytes:
    """The remembered value, as it stands after the formula."""
    if value is None:
        return b""
    text = value if isinstance(value, str) else f"{value:.15g}"
    return f"<{prefix}v>{escape(text)}</{prefix}v>".encode()
