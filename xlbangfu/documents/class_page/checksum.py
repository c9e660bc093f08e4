"""A short digest of what a locked sheet shows, so that a change in it is seen when the page comes back.

It hides nothing and proves nothing: it only tells whether the values are still those that the page was made with. Every
spreadsheet program that saves the page leaves it the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from xlbangfu.late_pattern import late_pattern

PREFIX = "校验·"  # before the name of the sheet, on 页信息
_NO_TEXT = late_pattern(r"[\s\x00-\x1f\ufffd]|_x[0-9A-Fa-f]{4}_")


def digest(rows: Iterable[Sequence[Any]]) -> str:
    """Of the values of a sheet, row by row; spaces, empty rows and empty cells at the end of a row do not count.

    >>> digest([["a", None], [], [1.0]]) == digest([["a "], [1]])
    True
    """
    lines = ("\t".join(map(_plain, row)).rstrip("\t") for row in rows)
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return _plain_text(value)
    if value is None:
        return ""
    if isinstance(value, int | float):
        return format(float(value), ".9g")
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


@lru_cache(maxsize=1 << 12)  # most texts of a page stand in other pages, too
def _plain_text(text: str) -> str:
    return text if text.isalnum() else _NO_TEXT.sub("", text)
