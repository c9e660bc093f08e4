"""Text of files as schools have them: UTF-8, UTF-16, GB18030, with or without a byte order mark."""

from __future__ import annotations

import codecs

from xlbangfu.documents.importing.reading.refusal import SAVE_AGAIN, Refusal, no_table
from xlbangfu.late_pattern import late_pattern

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 1 << 16
_CONTROLS = late_pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")


def decode(data: bytes, said: str = "") -> str:
    """The text of a file; ``said`` is the encoding that it names itself, which holds if it can be right."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"))
    for encoding in (said, *_wide(data), "utf-8", "gb18030"):
        text = _decoded(data, encoding)
        if text is not None:
            return _checked(text)
    raise Refusal(f"的文字编码认不出，{SAVE_AGAIN}")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode("gb18030" if encoding.lower() in ("gbk", "gb2312") else encoding)
    except (LookupError, ValueError):
        return None


def _wide(data: bytes) -> list[str]:
    """UTF-16 without a mark: every second byte of digits, separators and line ends is 0."""
    beginning = data[:_LOOKED_AT]
    if len(data) % 2 or b"\0" not in beginning:
        return []
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return []
    return ["utf-16-le"] if odd > even else ["utf-16-be"]


def _checked(text: str) -> str:
    """The text, if it is one: no control signs, hardly any sign that stands for what could not be decoded."""
    if _CONTROLS.search(text) or text.count("\ufffd") * 100 > len(text):
        raise no_table()
    return text.rstrip("\x1a")
