"""Where a cell stands: columns as letters and numbers (from 0), and references with a sheet's name."""

from __future__ import annotations

from functools import cache

from xlbangfu.late_pattern import late_pattern

REFERENCE = late_pattern(r"(?:'((?:[^']|'')*)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)")


@cache
def letters(index: int) -> str:
    """The letters of a column counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(name: str) -> int:
    """The column, counted from 0, that letters name.

    >>> column_index("A"), column_index("AB")
    (0, 27)
    """
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1
