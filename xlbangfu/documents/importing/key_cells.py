"""Columns of 学号, 工号 and other keys in files: numbers as their digits, what came along taken off (DOMAIN, Keys).

Whether a 0 is gone from the head of a number, or its last digits are lost, is seen by the whole column: one answer for it, not
one a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from xlbangfu.book.reading.cells import UNSEEN
from xlbangfu.late_pattern import late_pattern

_MOST_DIGITS = 15  # Excel keeps no more
_NEARLY_ALL = 0.8
_FORMULA = late_pattern(r'=\s*"?([^"]*)"?')
_SCIENTIFIC = late_pattern(r"\d(?:\.\d+)?[eE]\+?\d+")
_POINT_NOUGHT = late_pattern(r"(\d+)\.0+")
SPLIT_COLUMNS = "在 Excel 里选中这一列，数据→分列→列数据格式选“文本”，再把号码按原样填好（已经丢掉的末尾数字要从原来的系统重新导出）"


class KeyDefect(Enum):
    """Why a key cannot be read; the value is how staff read it."""

    SCIENTIFIC = "是科学计数法，号码的末尾已经丢了"
    TOO_LONG = "超过 15 位又是数字，Excel 已经把末尾改成了 0"
    NO_KEY = "不是号码"


class Keys(Struct, frozen=True):
    """A column of keys: ``texts`` one a row, None where empty or unreadable; ``defects`` by index in it.

    ``short`` are numbers that are shorter than nearly all others, with what each would be with its zeros, by index: a 警告, one
    question for the file. ``numbers`` says whether any key stood there as a number.
    """

    texts: tuple[str | None, ...]
    defects: Mapping[int, KeyDefect] = field(default_factory=dict)
    short: Mapping[int, str] = field(default_factory=dict)
    numbers: bool = False


def key_text(cell: Any) -> tuple[str | None, KeyDefect | None]:
    """One key as text, or why there is none.

    >>> key_text(20260101.0), key_text('="0012"'), key_text("'0012 "), key_text("20260101.0")
    (('20260101', None), ('0012', None), ('0012', None), ('20260101', None))
    >>> key_text("2.02701E+11")[1], key_text(3.7010120130512e17)[1]
    (<KeyDefect.SCIENTIFIC: '是科学计数法，号码的末尾已经丢了'>, <KeyDefect.TOO_LONG: '超过 15 位又是数字，Excel 已经把末尾改成了 0'>)
    """
    if cell is None or cell == "":
        return None, None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None, KeyDefect.NO_KEY
    if isinstance(cell, int | float):
        if cell != int(cell) or cell < 0:
            return None, KeyDefect.NO_KEY
        return (None, KeyDefect.TOO_LONG) if cell >= 10**_MOST_DIGITS else (str(int(cell)), None)
    text = _bare(cell)
    if _SCIENTIFIC.fullmatch(text):
        return None, KeyDefect.SCIENTIFIC
    found = _POINT_NOUGHT.fullmatch(text)
    return (found[1] if found else text) or None, None


@lru_cache(maxsize=100_000)
def _bare(cell: str) -> str:
    """Half width, without what is put around a key: ="…", ', `, quotes, spaces and what nobody sees."""
    text = re.sub(rf"\s|{UNSEEN}", "", unicodedata.normalize("NFKC", cell))
    if found := _FORMULA.fullmatch(text):
        text = found[1]
    return text.strip("'’‘`\"“”")


def read_keys(cells: Sequence[Any], known: Sequence[str] = ()) -> Keys:
    """A column of keys; ``known`` are those of the master, with which numbers are compared too: a whole column may have lost
    its zeros.

    >>> read_keys([101.0, 20260102.0, *map(float, range(20260103, 20260110))]).short
    {0: '00000101'}
    """
    read = [key_text(cell) for cell in cells]
    texts = tuple(text for text, _ in read)
    own, of_master = _usual_length([text for text in texts if text]), _usual_length(list(known))
    numbers = [index for index, cell in enumerate(cells) if _is_number(cell)]
    short = {}
    for index, text in enumerate(texts):
        usual = max(own or 0, (of_master or 0) if _is_number(cells[index]) else 0)
        if text and text.isdigit() and len(text) < usual and _may_lack_noughts(cells[index]):
            short[index] = text.zfill(usual)
    return Keys(texts, {index: defect for index, (_, defect) in enumerate(read) if defect}, short, bool(numbers))


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _may_lack_noughts(cell: Any) -> bool:
    """Whether zeros at the head may be gone: a number, or a text from a text file, but none with a zero at its head."""
    return _is_number(cell) or (isinstance(cell, str) and not _bare(cell).startswith("0") and "=" not in cell)


def _usual_length(texts: Sequence[str]) -> int | None:
    """The length that nearly all keys have; None if there is none, or not all of them are digits."""
    lengths = Counter(len(text) for text in texts if text.isdigit())
    if len(texts) < 2 or not lengths:
        return None
    length, count = lengths.most_common(1)[0]
    return length if count >= _NEARLY_ALL * len(texts) else None


def two_names(keys: Sequence[str | None], names: Sequence[str | None]) -> dict[str, list[int]]:
    """The keys that stand there with two names, with their indexes: an 错误, and none of these rows goes in.

    >>> two_names(["1", "2", "2"], ["王", "李", "张"])
    {'2': [1, 2]}
    """
    places: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key:
            places.setdefault(key, []).append(index)
    return {key: found for key, found in places.items() if len({names[index] for index in found} - {None}) > 1}
