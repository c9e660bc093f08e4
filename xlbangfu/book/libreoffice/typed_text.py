"""What Excel makes of text that is put into a cell whose format is not text.

"12" becomes a number, "1/2" a date, "=A1" a formula; a format comes with some of them. Dates are read as month/day/year,
which is what Excel's Range.Value does, and in the Chinese forms.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.dates import EPOCH

_DIGITS_KEPT = 15
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ERRORS = ("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")

_MAY_BE_MORE_THAN_TEXT = late_pattern(
    rf"\s*(?:[-=+@'0-9(.$¥￥€£#]|true\s*$|false\s*$|{_MONTH}[\s/-]*\d)", re.IGNORECASE
).match
_NUMBER = late_pattern(
    r"(?P<sign>[+-]?)\s*(?P<currency>[$¥￥€£]?)\s*(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?)"
    r"(?P<power>[eE][+-]?\d+)?\s*(?P<percent>%?)"
)
_FRACTION = late_pattern(r"(?P<sign>[+-]?)(?P<whole>\d+) (?P<above>\d{1,3})/(?P<below>\d{1,3})")
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s*(?P<half>[AaPp])[Mm]?)?"
_DATES: tuple[tuple[str, str], ...] = (
    (r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})", "m/d/yyyy"),
    (r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日", 'yyyy"年"m"月"d"日"'),
    (r"(?P<year>\d{4})年(?P<month>\d{1,2})月", 'yyyy"年"m"月"'),
    (r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日", 'm"月"d"日"'),
    (r"(?P<month>\d{1,2})(?P<mark>[-/])(?P<day>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})", "m/d/yyyy"),
    (r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})", "d-mmm"),
    (r"(?P<month>\d{1,2})[-/](?P<year>\d{4})", "mmm-yy"),
    (r"(?P<year>\d{4})[-/](?P<month>\d{1,2})", "mmm-yy"),
    (rf"(?P<day>\d{{1,2}})[\s/-]?{_MONTH}[\s/-](?P<year>\d{{4}}|\d{{2}})", "d-mmm-yy"),
    (rf"(?P<day>\d{{1,2}})[\s/-]?{_MONTH}", "d-mmm"),
    (rf"{_MONTH}\s+(?P<day>\d{{1,2}}),\s*(?P<year>\d{{4}})", "d-mmm-yy"),
    (rf"{_MONTH}[\s/-](?P<year>\d{{4}})", "mmm-yy"),
    (rf"{_MONTH}[\s/-]?(?P<day>\d{{1,2}})", "d-mmm"),
)
_DATE_PATTERNS = tuple(
    (late_pattern(rf"{pattern}(?P<rest>\s+{_TIME})?", re.IGNORECASE), format_code) for pattern, format_code in _DATES
)
_TIME_PATTERN = late_pattern(_TIME)


class Typed(Struct, frozen=True):
    """A value, the format that comes with it (for a cell that has none), and whether it is a formula."""

    value: float | bool | str
    format: str | None = None
    formula: bool = False


def may_be_more_than_text(text: str) -> bool:
    """Quick and generous: almost all text of a school's workbook is ruled out here."""
    return _MAY_BE_MORE_THAN_TEXT(text) is not None


def typed(text: str) -> Typed:
    """
    >>> typed("0012"), typed("25%"), typed("=A1").formula, typed("三(2)班").value
    (Typed(value=12.0, format=None, formula=False), Typed(value=0.25, format='0%', formula=False), True, '三(2)班')
    """
    if text.startswith("'"):
        return Typed(text[1:])
    if text.startswith("=") and len(text) > 1:
        return Typed(text, formula=True)
    stripped = text.strip()
    if stripped.upper() in ("TRUE", "FALSE"):
        return Typed(stripped.upper() == "TRUE")
    if stripped.upper() in _ERRORS:
        return Typed("=" + stripped.upper(), formula=True)
    for reading in _READINGS:
        if found := reading(stripped):
            return found
    if text[0] in "+-@" and len(stripped) > 1:
        return Typed("=" + text, formula=True)
    return Typed(text)


def _number(text: str) -> Typed | None:
    negative = text.startswith("(") and text.endswith(")")
    found = _NUMBER.fullmatch(text[1:-1] if negative else text)
    if not found or not any(digit.isdigit() for digit in found["digits"]) or (negative and found["sign"]):
        return None
    digits = found["digits"].replace(",", "")
    value = float(_kept(digits) + (found["power"] or ""))
    if found["percent"]:
        value = float(f"{value / 100:.15g}")
    if negative or found["sign"] == "-":
        value = -value
    return Typed(value, _format_of(found))


def _kept(digits: str) -> str:
    """Excel keeps fifteen digits and makes zeros of the others."""
    kept, seen = [], 0
    for character in digits:
        seen += character.isdigit() and (seen > 0 or character != "0")
        kept.append("0" if character.isdigit() and seen > _DIGITS_KEPT else character)
    return "".join(kept)


def _format_of(found: re.Match[str]) -> str | None:
    decimals = ".00" if "." in found["digits"] else ""
    if found["percent"]:
        return f"0{decimals}%"
    if found["power"]:
        return "0.00E+00"
    if found["currency"]:
        return f"{found['currency']}#,##0{decimals}"
    return f"#,##0{decimals}" if "," in found["digits"] else None


def _fraction(text: str) -> Typed | None:
    found = _FRACTION.fullmatch(text)
    if not found or not int(found["below"]):
        return None
    value = int(found["whole"]) + int(found["above"]) / int(found["below"])
    places = "?" * min(2, len(found["below"]))
    return Typed(-value if found["sign"] == "-" else value, f"# {places}/{places}")


def _date(text: str) -> Typed | None:
    for pattern, format_code in _DATE_PATTERNS:
        found = pattern.fullmatch(text)
        day = _day(found.groupdict()) if found else None
        if found and day is not None:
            clock = _clock(found) if found["rest"] else 0.0
            if clock is not None:
                return Typed((day - EPOCH).days + clock, "m/d/yyyy h:mm" if found["rest"] else format_code)
    return None


def _day(parts: dict[str, str | None]) -> datetime | None:
    month = _MONTHS[str(parts["name"]).lower()] if parts.get("name") else int(parts["month"] or 0)
    year = int(parts.get("year") or date.today().year)
    if year < 100:
        year += 2000 if year < 30 else 1900
    try:
        return datetime(year, month, int(parts.get("day") or 1))
    except ValueError:
        return None


def _time(text: str) -> Typed | None:
    found = _TIME_PATTERN.fullmatch(text)
    clock = _clock(found) if found else None
    if not found or clock is None:
        return None
    seconds, half = ":ss" if found["second"] else "", " AM/PM" if found["half"] else ""
    return Typed(clock, f"h:mm{seconds}{half}")


def _clock(found: re.Match[str]) -> float | None:
    """The share of a day."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found["half"] in "Pp")
    if minute > 59 or second > 59 or hour > 23:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second) / timedelta(days=1)


_READINGS: tuple[Callable[[str], Typed | None], ...] = (_number, _fraction, _date, _time)
