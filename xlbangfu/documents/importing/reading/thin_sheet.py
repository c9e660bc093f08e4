"""The XML of a large sheet without its plain cells, of which there is nothing to say: a tenth of the time for the look.

Only what most programs write is made thin: no prefixes, addresses everywhere, no errors, no formulas, no cell whose format
changes what is seen. Everything else is looked through cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlbangfu.late_pattern import late_pattern

LEAST = 1 << 20  # bytes from which on it pays
_ROW = late_pattern(rb"<row [^>]*>")
_HIDDEN = late_pattern(rb'\shidden="(?:1|true)"|\sht="[0.]+"')
_NUMBER = late_pattern(rb'\sr="(\d{1,7})"')
_ODD = (b"<f>", b"<f ", b't="e"', b"<c>", b"<row>", b"<row/", b"='", b"<!--", b"<![CDATA[")
_ADDRESS = late_pattern(rb'<c r="[A-Z]+')


def without_plain_cells(xml: bytes, codes: Iterable[str]) -> bytes | None:
    """The XML with the hidden rows only; None if it is not plain."""
    start, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if len(xml) < LEAST or not 0 < start < end or any(sign in xml for sign in _ODD):
        return None
    if any(b' s="%b"' % code.encode() in xml for code in codes):
        return None
    rows = _ROW.findall(xml, start, end)
    addressed = len(_ADDRESS.findall(xml, start, end))
    if not all(map(_NUMBER.search, rows)) or addressed < xml.count(b"<c ", start, end):
        return None
    hidden = (row.removesuffix(b"/>").removesuffix(b">") + b"/>" for row in rows if _HIDDEN.search(row))
    return xml[: start + 11] + b"".join(hidden) + xml[end:]
