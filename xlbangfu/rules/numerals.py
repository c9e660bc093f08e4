"""Numbers as Chinese names have them: digits, 一 to 九十九, Roman numerals, in full width or with a leading zero."""

from __future__ import annotations

import re
import unicodedata

from xlbangfu.late_pattern import late_pattern

SIGNS = "〇零一二三四五六七八九十"
_VALUES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_ROMAN = {
    sign: str(value)
    for value, sign in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)
    if len(sign) > 1
}
_ROMAN_WORD = late_pattern(r"(?<![A-Z])(?:VIII|VII|III|XII|IV|VI|II|IX|XI)(?![A-Z])")
_ROMAN_SIGN = late_pattern("[Ⅰ-Ⅻ]")
_UNSEEN = late_pattern("[\\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_BRACKETS = str.maketrans("[【〔〈「『{]】〕〉」』}", "(" * 7 + ")" * 7)
_DASHES = late_pattern("[‐‑‒–—―－−_~～]")


def half_width(text: object) -> str:
    """A text as names are compared: half width, nothing unseen, one kind of bracket and dash, Roman numerals as digits.

    >>> half_width(" 初Ⅱ （３） 班"), half_width("VII【1】班")
    ('初2(3)班', '7(1)班')
    """
    written = _ROMAN_SIGN.sub(lambda found: str(ord(found[0]) - ord("Ⅰ") + 1), str(text))
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", written)).translate(_BRACKETS)
    return _ROMAN_WORD.sub(lambda found: _ROMAN[found[0]], _DASHES.sub("-", plain))


def whole_number(text: str) -> int | None:
    """The whole number that a numeral is, None if it is none.

    >>> [whole_number(text) for text in ("十一", "二十", "零一", "07", "三", "廿", "二一", "")]
    [11, 20, 1, 7, 3, None, 21, None]
    """
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    tens = re.fullmatch(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", text)
    if tens:
        return _VALUES.get(tens[1], 1) * 10 + _VALUES.get(tens[2], 0)
    if text and all(sign in _VALUES for sign in text):
        return int("".join(str(_VALUES[sign]) for sign in text))
    return None
