"""What one cell means: text, number, date or mark, from the Python value a reader gives for it.

Each ``as_…`` function takes a cell and gives ``(value, defect)``; value None with a defect is a cell that could not be
read, a value with a defect one that was read but should be looked at. Blank cells never come here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.dates import EPOCH, serial
from xlbangfu.schema import ABSENT, EXEMPT, NO, YES, Defect

Reading = tuple[Any, str | None]

_YEARS = range(1900, 2200)
_SERIALS = range(32874, 73416)  # 1990 to 2100: a day whose cell lost its date format
_DAY = late_pattern(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"\s*(?:[(]?(?:星期|周)[一二三四五六日天][)]?)?[\sT]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?"
)
_DIGITS = late_pattern(r"(\d{4})(\d{2})(\d{2})")
_MONTH = late_pattern(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_NUMBER = late_pattern(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
UNSEEN = "[\u200b-\u200f\u202a-\u202e\u2060\ufeff]"  # come along when text is copied from a web page or a chat
_ID_DIGITS = 10**15  # Excel keeps no more digits of a number
_TICKS = {"√": YES, "✓": YES, "✔": YES, "×": NO, "✗": NO, "✘": NO}


def plain(text: str) -> str:
    """Half width, without spaces around it and without marks that nobody sees."""
    return re.sub(UNSEEN, "", unicodedata.normalize("NFKC", text)).strip()


def number_text(number: float) -> str:
    """A number as Excel's ``&`` writes it.

    >>> number_text(12.0), number_text(0.1 + 0.2), number_text(20250901.0)
    ('12', '0.3', '20250901')
    """
    if abs(number) < 1e15 and number == int(number):  # what a damaged file holds may be infinite
        return str(int(number))
    return format(number, ".15g").upper()


def as_typed(cell: Any) -> str:
    """A cell as Excel's ``&`` joins it into a text: for KEY.

    >>> as_typed(" 0012"), as_typed(12.0), as_typed(date(2025, 9, 1)), as_typed(None), as_typed(True)
    (' 0012', '12', '45901', '', 'TRUE')
    """
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return str(cell).upper()
    return number_text(cell if isinstance(cell, int | float) else serial(cell))


def shown(cell: Any) -> str:
    """A cell as text for people: whole numbers without .0, dates as 2025-09-01."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M" if cell.time() != time() else "%Y-%m-%d")
    return str(cell)


def as_text(cell: Any) -> Reading:
    return shown(cell), None


def as_id(cell: Any) -> Reading:
    """A key: text as it is, a whole number of up to 15 digits as its digits (DOMAIN, Keys).

    A longer number has lost its last digits, and nobody may guess them.

    >>> as_id("0012"), as_id(20260101.0), as_id(2.5)[0], as_id(1e15)[0]
    (('0012', None), ('20260101', None), None, None)
    """
    if isinstance(cell, str):
        return cell, None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None, Defect.NUMBER_AS_ID
    whole = 0 <= cell < _ID_DIGITS and cell == int(cell)
    return (str(int(cell)), None) if whole else (None, Defect.NUMBER_AS_ID)


def as_secret(cell: Any) -> Reading:
    """Text only: a 口令 that is a number may have lost its zeros, and nobody may guess them."""
    return (cell, None) if isinstance(cell, str) else (None, Defect.NUMBER_AS_ID)


def as_yes_no(cell: Any) -> Reading:
    text = plain(shown(cell))
    return _TICKS.get(text, text), None


def as_month(cell: Any) -> Reading:
    """``2025-09`` from a month however written; what is no month stays as typed."""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02}", None
    text = plain(shown(cell))
    found = _MONTH.fullmatch(text) or _DAY.fullmatch(text)
    if found and int(found[1]) in _YEARS and 1 <= int(found[2]) <= 12:
        return f"{found[1]}-{int(found[2]):02}", None
    return text, None


def as_number(cell: Any) -> Reading:
    if isinstance(cell, bool):
        return None, Defect.NOT_A_NUMBER
    if isinstance(cell, int | float):
        return float(cell), None
    if not isinstance(cell, str):
        return None, Defect.NOT_A_NUMBER
    text = plain(cell).replace(",", "")
    share = text.endswith("%")
    if not _NUMBER.fullmatch(text.removesuffix("%")):
        return None, Defect.NOT_A_NUMBER
    return float(text.removesuffix("%")) / (100 if share else 1), Defect.NUMBER_AS_TEXT


def as_integer(cell: Any) -> Reading:
    number, defect = as_number(cell)
    if number is None or not float(number).is_integer():
        return None, Defect.NOT_A_NUMBER
    return int(number), defect


def as_mark(cell: Any) -> Reading:
    """A number, 缺考 or 免考."""
    if isinstance(cell, str):
        text = "".join(plain(cell).split())
        if text in (ABSENT, EXEMPT):
            return text, None
    number, defect = as_number(cell)
    return (number, defect) if defect != Defect.NOT_A_NUMBER else (None, Defect.NOT_A_MARK)


def as_time(cell: Any) -> Reading:
    """Date and time of day; a text, an eight-digit number or a serial number is read but should be looked at."""
    if isinstance(cell, datetime):
        return cell, None
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day), None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None, Defect.NOT_A_DATE
    if not isinstance(cell, str) and cell in _SERIALS:
        return EPOCH + timedelta(days=cell), Defect.DATE_AS_TEXT
    text = plain(shown(cell))
    found = _DIGITS.fullmatch(text) or (_DAY.fullmatch(text) if isinstance(cell, str) else None)
    if found and int(found[1]) in _YEARS:
        try:
            return datetime(*(int(part) for part in found.groups() if part)), Defect.DATE_AS_TEXT  # type: ignore[arg-type]  # three to six numbers
        except ValueError:
            pass
    return None, Defect.NOT_A_DATE


def as_date(cell: Any) -> Reading:
    moment, defect = as_time(cell)
    return moment and moment.date(), defect
