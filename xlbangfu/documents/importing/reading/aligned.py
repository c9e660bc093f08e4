"""Tables aligned by spaces, as old programs print them.

A column ends where every line has a blank; a sign of Chinese takes two places. Where no such places are left, lines of
equally many words are a table too. Anything else is refused: with a cell missing, which one could not be known.
"""

from __future__ import annotations

from itertools import groupby
from unicodedata import east_asian_width

from xlbangfu.late_pattern import late_pattern

_LEAST_LINES = 2
_MOST_TITLES = 3
_MOST_SIGNS = 4 << 20
_GAP = late_pattern(r"\S(?: {2}|\u3000{2})\s*\S|[^\s\u4e00-\u9fff] \S|\S [^\s\u4e00-\u9fff]")  # not the blank in 姓 名
_FOOTER = late_pattern("[:：]")


def fields(text: str) -> list[list[str]] | None:
    """The cells of each line; None if the lines do not make a table.

    Lines of one word, the first few that fit no column, and a last one with a colon (制表人：…) are one cell each.
    """
    if len(text) > _MOST_SIGNS:
        return None
    lines = [line.expandtabs().rstrip() for line in text.splitlines()]
    records = [number for number, line in enumerate(lines) if len(line.split()) > 1]
    if records and _FOOTER.search(lines[records[-1]]):
        records.pop()
    for titles in range(_MOST_TITLES + 1):
        inside = records[titles:]
        cut = _cut([lines[number] for number in inside])
        if cut:
            table = set(inside)
            return [_cells(line, cut) if number in table else [line.strip()] for number, line in enumerate(lines)]
    return None


Cut = list[tuple[int, int]] | int  # the places of each column, or how many words a line has


def _cut(lines: list[str]) -> Cut | None:
    return (_by_place(lines) or _by_words(lines)) if len(lines) >= _LEAST_LINES else None


def _cells(line: str, cut: Cut) -> list[str]:
    if isinstance(cut, int):
        return line.split()
    wide = _spread(line)
    return [wide[first:end].replace("\0", "").strip() for first, end in cut]


def _spread(line: str) -> str:
    """The line with a sign of its own for the second half of each wide one."""
    return "".join(sign + "\0" if east_asian_width(sign) in "WF" else sign for sign in line)


def _by_place(lines: list[str]) -> Cut | None:
    """The columns between the places that are blank in every line; None unless each word is in a column of its own."""
    wide = [_spread(line) for line in lines]
    width = max(map(len, wide))
    used = [any(at < len(line) and line[at] not in " \u3000" for line in wide) for at in range(width)]
    used = [here or _second_half(wide, at) for at, here in enumerate(used)]
    columns = []
    at = 0
    for filled, run in groupby(used):
        length = len(list(run))
        if filled:
            columns.append((at, at + length))
        at += length
    whole = all(not _GAP.search(line[first:end].replace("\0", "")) for line in wide for first, end in columns)
    return columns if len(columns) > 1 and whole else None


def _second_half(wide: list[str], at: int) -> bool:
    return any(0 < at < len(line) and line[at] == "\0" and line[at - 1] != "\u3000" for line in wide)


def _by_words(lines: list[str]) -> Cut | None:
    counts = {len(line.split()) for line in lines}
    return counts.pop() if len(counts) == 1 else None
