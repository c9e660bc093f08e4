"""Where everything of a letter stands on A4, and how large its words can be. Heights are in points, widths in pixels.

The reply is the lowest 60 mm of every sheet of paper, whatever the letter above it says, so that a pile can be cut at once.
Two letters stand side by side on paper that lies, each an A5. Widths are those of a default font (Arial 10) that programs
measure nearly alike (LibreOffice 5 % wider, for which there is room); scaling is left alone, since Excel leaves out page breaks where it fits a page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from xlbangfu.documents.slips.letter import Letter

MARGIN = 28.8  # above and below, 0.4 inches
REPLY = 60 / 25.4 * 72
REPLY_ROWS = (27.0, 30.0, 39.0, 36.0)  # what to do, ticks, a word, signature: what is left of REPLY without the margin
HEAD_ROWS = (27.0, 18.0, 39.0)  # title, class, greeting
CONTACT_ROWS = (19.5, 24.0)  # the cut is below the second, with room between
SLOTS = 5  # paragraphs
SIZES = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_STEP = 0.75  # heights come in pixels
_LINE, _AIR = 1.5, 6.0  # of a line in sizes, around a paragraph
_HIGHEST = 400.0  # of a row: Excel takes 409 at most


class Shape(Struct, frozen=True):
    """A sheet of paper: letters across, its height, and how wide a label, the text and half a gutter are."""

    across: int
    landscape: bool
    paper: float
    label: int
    text: int
    gutter: int

    @property
    def body(self) -> float:
        """The height of the rows above the cut."""
        return _down(self.paper - MARGIN - REPLY)

    @property
    def room(self) -> float:
        """What of it paragraphs may take."""
        return self.body - sum(HEAD_ROWS) - sum(CONTACT_ROWS)

    def filling(self, paragraphs: Sequence[float]) -> tuple[float, float]:
        """What paragraphs leave of their room, in two rows."""
        left = max(0.0, self.room - sum(paragraphs))
        return min(left, _HIGHEST), max(0.0, left - _HIGHEST)


SHAPES = {1: Shape(1, False, 841.89, 84, 580, 0), 2: Shape(2, True, 595.28, 72, 394, 24)}


def fitting(letters: Sequence[Letter], shape: Shape) -> tuple[float, list[float]]:
    """The size of the words of letters that stand side by side, the largest at which they fit, and the heights of their
    paragraphs. A letter of the longest texts that 设置 takes fits at the smallest."""
    for size in SIZES:
        heights = _heights(letters, shape, size)
        if sum(heights) <= shape.room:
            break
    return size, heights


def _heights(letters: Sequence[Letter], shape: Shape, size: float) -> list[float]:
    tall = [0.0] * SLOTS
    for letter in letters:
        for at, (_, text) in enumerate(letter.paragraphs):
            tall[at] = max(tall[at], _down(lines(text, size, shape.text) * size * _LINE + _AIR))
    return tall


def lines(text: str, size: float, width: int) -> int:
    """How many lines a text of this size takes in a cell of so many pixels.

    >>> lines("好" * 50 + "\\n好", 12.0, 394), lines("", 12.0, 394)
    (4, 1)
    """
    room = width * 0.75 / size - 1.5  # characters; a line may end early before a comma
    return sum(max(1, -int(-_taken(part) // room)) for part in text.split("\n"))


def _taken(text: str) -> float:
    return sum(0.6 if unicodedata.east_asian_width(sign) in ("Na", "H", "N") else 1.0 for sign in text)


def _down(height: float) -> float:
    return height // _STEP * _STEP
