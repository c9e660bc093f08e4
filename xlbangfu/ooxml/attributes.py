"""Attribute values as XML. ``xml.sax.saxutils`` would do, but brings urllib, http and ssl along: ten milliseconds of each click."""

from __future__ import annotations

from xlbangfu.ooxml.cell_xml import escape

_BLANKS = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})  # a parser makes spaces of them


def between_quotes(text: str) -> str:
    """A text as it stands in an attribute between double quotes."""
    return escape(text).replace('"', "&quot;")


def quoted(text: str) -> str:
    """A text as an attribute's value, in its quotes.

    >>> quoted('初一"1"班 & <2>')
    '"初一&quot;1&quot;班 &amp; &lt;2&gt;"'
    """
    return f'"{between_quotes(text).translate(_BLANKS)}"'
