"""Text tables: separated by tab, comma, semicolon or bar, or aligned by spaces.

A record that has more cells than the heading has an unquoted separator in it (7,5 for 7.5): which cell is which cannot be
known from the first two numbers that follow each other on, so these cells are unreadable.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from xlbangfu.documents.importing.grid import Grid, Value
from xlbangfu.documents.importing.reading.aligned import fields
from xlbangfu.documents.importing.reading.builder import GridBuilder
from xlbangfu.documents.importing.reading.encodings import decode
from xlbangfu.documents.importing.reading.refusal import SAVE_AGAIN, Refusal, broken
from xlbangfu.late_pattern import late_pattern

_SEPARATORS = "\t;|,，"
_LOOKED_AT = 50  # lines
_HINT = late_pattern(r"sep=(.)\r?\n", re.IGNORECASE)
_AS_TEXT = late_pattern(r'="((?:[^"]|"")*)"$', re.DOTALL)
_NUMBER = late_pattern(r"[\d.,:/%+-]+$")
_WHO = frozenset({"学号", "姓名", "考号", "准考证号"})  # one of them heads the narrowest of tables
TOO_MANY = "这一行的格子比表头多，可能有没加引号的分隔符"


def read_text_table(file: str, data: bytes) -> Grid | None:
    """The table of a text file; None if nothing is in it."""
    text = decode(data)
    hint = _HINT.match(text)
    text = text[hint.end() :] if hint else text
    rows = _separated(text, hint[1]) if hint else _rows(text)
    builder = GridBuilder(file)
    builder.put_rows([_unwrapped(cell) for cell in row] for row in rows)
    _refuse_overlong(builder, [len(row) for row in rows])
    return builder.grid()


def _rows(text: str) -> list[list[str]]:
    separator = _separator(text)
    if separator:
        return _separated(text, separator)
    rows = fields(text)
    if rows is None:
        raise Refusal(f"不是表格，或列没有对齐，{SAVE_AGAIN}")
    return rows


def _separated(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as problem:
        raise broken() from problem


def _separator(text: str) -> str | None:
    """The sign that cuts most of the first lines into equally many cells; the one of more cells among equals."""
    start = "\n".join(line for line in text.splitlines()[: _LOOKED_AT * 2] if line.strip())
    best, most = None, (1, 0)
    for sign in _SEPARATORS:
        widths = Counter(len(row) for row in _some(start, sign) if len(row) > 1)
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (lines, width) > most:
            best, most = sign, (lines, width)
    return best


def _some(text: str, sign: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))[:_LOOKED_AT]
    except csv.Error:
        return []


def _unwrapped(cell: str) -> str:
    """A cell without the ="…" that keeps Excel from taking it for a number.

    >>> _unwrapped('="0012"'), _unwrapped("7.50E+10")
    ('0012', '7.50E+10')
    """
    match = _AS_TEXT.match(cell.strip())
    return match[1].replace('""', '"') if match else cell


def _refuse_overlong(builder: GridBuilder, widths: list[int]) -> None:
    """Refuse the records that are wider than the headings above them; ``widths`` count blank cells too."""
    width = 0
    heading = True
    for number, row in enumerate(builder.rows):
        texts = [cell for cell in row if isinstance(cell, str)]
        if len(texts) < 2:
            heading, width = True, 0
            continue
        if len(texts) == 2 < width and not _WHO.intersection(cell.strip() for cell in texts):
            continue  # a line between the records, such as a class and its teacher
        is_heading = len(texts) >= 2 and not any(_NUMBER.match(cell.strip()) for cell in texts)
        if is_heading:
            width = max(width, widths[number]) if heading else widths[number]
        elif width and len(row) > width:
            for column in range(_first_doubt(row), len(row)):
                builder.refuse(number, column, TOO_MANY)
        heading = is_heading


def _first_doubt(row: Sequence[Value]) -> int:
    """The first of two short numbers that may be one with a comma in it; the first cell if there are none."""
    pairs = (place for place, (cell, following) in enumerate(pairwise(row)) if _is_short(cell) and _is_short(following))
    return next(pairs, 0)


def _is_short(cell: Value) -> bool:
    return isinstance(cell, str) and cell.strip().isdecimal() and len(cell.strip()) <= 3
