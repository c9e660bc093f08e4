"""Web pages under an .xls name, as many platforms export: the tables of the page, one under another, as Excel opens them.

html.parser reads no other file and expands no entity but the signs of HTML.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from xlbangfu.documents.importing.grid import Area, Grid, Place
from xlbangfu.documents.importing.reading.builder import MOST_COLUMNS, MOST_ROWS, GridBuilder
from xlbangfu.documents.importing.reading.encodings import decode
from xlbangfu.late_pattern import late_pattern

_CHARSET = late_pattern(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HIDDEN = late_pattern(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_LINES = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "li", "center"))
_NOT_SEEN = frozenset(("script", "style", "title", "head"))
_COST = 8  # of remembering a place that a cell takes in a later row
_SPACE = late_pattern(r"[ \t\r\n\f]+")


def read_web_page(file: str, data: bytes) -> Grid | None:
    """The page as one sheet; None if nothing is on it."""
    said = _CHARSET.search(data[:4096])
    page = _Page(file)
    page.feed(decode(data, said[1].decode() if said else ""))
    page.close()
    page.end_line()
    return page.builder.grid()


class _Page(HTMLParser):
    """Cells go where rows and columns that span from before leave room; text outside of tables is a row of one cell."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = GridBuilder(file)
        self._row, self._column = -1, 0
        self._taken: set[Place] = set()  # by cells that span rows
        self._cell: Place | None = None
        self._text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _NOT_SEEN:
            self._unseen += tag != "head"
        elif tag in ("td", "th"):
            self._begin_cell(attributes)
        elif tag in ("tr", "table"):
            self.end_line()
            if tag == "tr":
                self._begin_row(attributes)
        elif tag == "br":
            self._text.append("\n")
        elif tag in _LINES and self._cell is None:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SEEN:
            self._unseen = max(0, self._unseen - (tag != "head"))
        elif tag in ("td", "th", "tr", "table") or (tag in _LINES and self._cell is None):
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._text.append(_SPACE.sub(" ", data))

    def end_line(self) -> None:
        """Put what was gathered into its cell, or into a row of its own outside of tables."""
        text = "\n".join(line.strip(" ") for line in "".join(self._text).strip(" \n").split("\n"))
        self._text.clear()
        if text and self._cell is None:
            self._row += 1
            self._column = 0
        if text:
            self.builder.put(*(self._cell or (self._row, 0)), text)
        self._cell = None

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row, self._column = self._row + 1, 0
        if _HIDDEN.search(attributes.get("style", "")):
            self.builder.hide_rows(self._row, 1)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.end_line()
        if self._row < 0:
            self._row = 0
        while (self._row, self._column) in self._taken:
            self._column += 1
        self._cell = self._row, self._column
        down = _span(attributes.get("rowspan"), MOST_ROWS - self._row)
        right = _span(attributes.get("colspan"), MOST_COLUMNS - self._column)
        if down * right > 1:
            self._span(down, right)
        self._column += right

    def _span(self, down: int, right: int) -> None:
        top, left = self._row, self._column
        self.builder.merge(Area(top, left, top + down - 1, left + right - 1))
        self.builder.spend(_COST * (down - 1) * right)
        self._taken.update((top + row, left + column) for row in range(1, down) for column in range(right))


def _span(word: str | None, most: int) -> int:
    """How many rows or columns a cell takes."""
    number = int(word) if word and word.strip().isdecimal() else 1
    return max(1, min(number, most))
