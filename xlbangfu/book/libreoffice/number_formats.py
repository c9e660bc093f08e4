"""Number formats: Excel's codes on the outside, LibreOffice's keys on the inside."""

import re
from enum import Enum
from typing import Any

from xlbangfu.book.libreoffice.bridge import UnoException, struct
from xlbangfu.late_pattern import late_pattern

GENERAL_KEY = 0
DATE = "m/d/yyyy"
DATE_TIME = "m/d/yyyy h:mm"

_TYPE_DATE, _TYPE_TEXT, _TYPE_LOGICAL = 2, 256, 1024
_KEYS_PER_LANGUAGE = 10_000
_PIECES = late_pattern(
    r"""(?P<kept>"[^"]*"|\\.|_.|\*.|AM/PM|A/P|E[+-])
      | \[(?P<color>BLACK|BLUE|CYAN|GREEN|MAGENTA|RED|WHITE|YELLOW|COLOR\s*\d+)\]
      | (?P<elapsed>\[(?:H+|M+|S+)\])
      | (?P<bracket>\[[^\]]*\])
      | (?P<weekday>NNNN|NNN|NN)
      | (?P<standard>General|Standard)
      | (?P<clock>[YMDHSAGE]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_WEEKDAYS = {"NN": "ddd", "NNN": "dddd", "NNNN": "dddd, "}


class Kind(Enum):
    """What a format makes of a number."""

    GENERAL = "general"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"
    TEXT = "text"


class NumberFormats:
    """The formats of one document; what was asked once is remembered."""

    def __init__(self, document: Any) -> None:
        self._formats = document.getNumberFormats()
        self._english = struct("lang.Locale", Language="en", Country="US")
        self._keys: dict[str, int] = {"General": GENERAL_KEY}
        self._kinds: dict[int, Kind] = {}
        self._codes: dict[int, str] = {}

    def key(self, format_code: str) -> int:
        if format_code not in self._keys:
            found = self._formats.queryKey(format_code, self._english, False)
            self._keys[format_code] = found if found >= 0 else self._added(format_code)
        return self._keys[format_code]

    def truth_key(self) -> int:
        return int(self._formats.getStandardFormat(_TYPE_LOGICAL, self._english))

    def format_code(self, key: int) -> str:
        if key not in self._codes:
            plain = self.kind(key) in (Kind.GENERAL, Kind.TRUTH)
            self._codes[key] = "General" if plain else in_excel(self._formats.getByKey(key).FormatString)
        return self._codes[key]

    def kind(self, key: int) -> Kind:
        if key not in self._kinds:
            self._kinds[key] = self._kind(key)
        return self._kinds[key]

    def _kind(self, key: int) -> Kind:
        if key % _KEYS_PER_LANGUAGE == 0:
            return Kind.GENERAL
        flags = self._formats.getByKey(key).Type
        for flag, kind in ((_TYPE_TEXT, Kind.TEXT), (_TYPE_LOGICAL, Kind.TRUTH), (_TYPE_DATE, Kind.DATE)):
            if flags & flag:
                return kind
        return Kind.NUMBER

    def _added(self, format_code: str) -> int:
        try:
            return int(self._formats.addNew(format_code, self._english))
        except UnoException as error:
            raise ValueError(f"{format_code!r} is not a number format.") from error


def in_excel(format_code: str) -> str:
    """LibreOffice shouts its keywords; Excel does not.

    >>> in_excel("YYYY-MM-DD"), in_excel('[RED]0.00E+00;"AM"@'), in_excel("[H]:MM AM/PM")
    ('yyyy-mm-dd', '[Red]0.00E+00;"AM"@', '[h]:mm AM/PM')
    """
    return _PIECES.sub(_piece_in_excel, format_code)


def _piece_in_excel(found: re.Match[str]) -> str:
    if found["color"]:
        return f"[{found['color'].capitalize()}]"
    if found["weekday"]:
        return _WEEKDAYS[found["weekday"].upper()]
    if found["standard"]:
        return "General"
    return found[0].lower() if found["clock"] or found["elapsed"] else found[0]
