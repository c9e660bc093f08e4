"""Whether the rows of a sheet are written as programs write them: nine tenths of a workbook, looked through in one pass.

One regular expression of polars, run in compiled code, holds for a row what XML asks of it, so that only what is around
the rows needs a parser. It takes the elements, and the attributes in the order, of Excel, XlsxWriter and the closed
book; whatever else is right, too, is left to the slower ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import polars as pl

from xlbangfu.late_pattern import late_pattern

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_OTHER_ENCODING = late_pattern(rb"""encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_PREFIX = b" x14ac:"
_BOUND = b'<row x14ac:dyDescent=""/>'  # in place of the rows, asks whether the prefix is one
_ROW, _END = b'<row r="', b"</row>"
_PIECE = 1 << 18  # bytes
_NO_CHARACTER = r"\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}"


def outside_rows(xml: bytes) -> bytes | None:
    """The sheet with its rows taken out: where that is well-formed, the sheet is; None if they are not plain."""
    return looked_through(xml)[0]


def are_near(xml: bytes) -> bool:
    """Whether the rows are plain, and no cell or row stands below row 9,999 or right of column ZZ."""
    return looked_through(xml)[1]


def looked_through(xml: bytes) -> tuple[bytes | None, bool]:
    """``outside_rows`` and ``are_near``, by one look at the rows."""
    start, end = _span(xml)
    if not len(_OPEN) <= start <= end:
        return None, False
    prefixed = _PREFIX.strip(b" :") in xml[:start]
    around = _joined(xml[:start], xml[end:], prefixed=prefixed)
    if around is None:
        return None, False
    ends_near, pieces = _ends_near(xml, start, end), _pieces(xml, start, end)
    near = ends_near and _match(pieces, _pattern(prefixed=prefixed, letters=2, digits=4))
    plain = near or _match(pieces, _pattern(prefixed=prefixed, letters=3, digits=7))
    return around if plain else None, near and around.count(b"sheetData") == 2


def _ends_near(xml: bytes, start: int, end: int) -> bool:
    """Whether the last row may be near; the others are looked at then."""
    last = xml.rfind(_ROW, start, end) + len(_ROW)
    return last < start or b'"' in xml[last : last + 5]


def without_rows(xml: bytes) -> bytes | None:
    """The sheet with its rows taken out, whatever they are; None if it can't be said where they begin and end."""
    start, end = _span(xml)
    if not len(_OPEN) <= start <= end:
        return None
    return _joined(xml[:start], xml[end:], prefixed=xml.find(_PREFIX, start, end) >= 0)


def without_streamed_rows(chunks: Iterable[bytes]) -> bytes | None:
    """The same of a sheet that comes in pieces, with none of its rows held."""
    head, held, prefixed = b"", b"", False
    for chunk in chunks:
        held += chunk
        if not head:
            start = held.find(_OPEN) + len(_OPEN)
            if start < len(_OPEN):
                continue
            head, held = held[:start], held[start:]
        end = held.rfind(_CLOSE)
        prefixed |= held.find(_PREFIX, 0, end if end >= 0 else None) >= 0
        held = held[end if end >= 0 else 1 - len(_CLOSE) :]
    return _joined(head, held, prefixed=prefixed) if head and held.startswith(_CLOSE) else None


def _joined(head: bytes, tail: bytes, *, prefixed: bool) -> bytes | None:
    hidden = b"<!" in head or b"<!" in tail  # a comment or such may hold what looks like the rows
    if hidden or _OTHER_ENCODING.search(head):
        return None
    return head + (_BOUND if prefixed else b"") + tail


def _span(xml: bytes) -> tuple[int, int]:
    return xml.find(_OPEN) + len(_OPEN), xml.rfind(_CLOSE)


def _match(pieces: list[bytes], pattern: str) -> bool:
    try:
        return pl.Series(pieces, dtype=pl.Binary).cast(pl.String).str.contains(pattern).all()
    except pl.exceptions.PolarsError:  # no UTF-8
        return False


def _pieces(xml: bytes, start: int, end: int) -> list[bytes]:
    """The rows in pieces of whole rows: polars takes longer for one large text than for several of them."""
    pieces = []
    while start < end:
        cut = xml.find(_END, start + _PIECE, end) + len(_END)
        pieces.append(xml[start : cut if cut > start else end])
        start += len(pieces[-1])
    return pieces


@cache
def _pattern(*, prefixed: bool, letters: int, digits: int) -> str:
    """Plain rows whose columns have so many letters at most, and their rows so many digits. A bare > in a text is right, but
    not so in ]]>, and no program writes it."""
    letter = rf"[^<>&{_NO_CHARACTER}]*"
    text = rf"{letter}(?:&(?:amp|lt|gt|quot|apos);{letter})*"
    formula = f"<f{_attributes('t', 'aca', 'ref', 'ca', 'si')}(?:/>|>{text}</f>)"
    inline = f'<is><t(?: xml:space="preserve")?>{text}</t></is>'
    cell = f'<c r="[A-Z]{{1,{letters}}}[0-9]{{1,{digits}}}"{_attributes("s", "t")}'
    cells = f"(?:{cell}(?:/>|>(?:{formula})?(?:<v>{text}</v>)?(?:{inline})?</c>))*"
    names = ["spans", "s", "customFormat", "ht", "hidden", "customHeight"]
    row = f'<row r="[0-9]{{1,{digits}}}"{_attributes(*names, *(["x14ac:dyDescent"] * prefixed))}'
    return rf"\A(?:{row}(?:/>|>{cells}</row>))*\z"


def _attributes(*names: str) -> str:
    return "".join(f'(?: {name}="[a-zA-Z0-9.:]*")?' for name in names)
