"""How a cell takes what is written to it, and what it then answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.support.fake_excel.com import refusal

GENERAL, TEXT = "G/通用格式", "@"
MOST_TEXT, MOST_TEXT_IN_ARRAY, MOST_FORMULA = 32_767, 8_203, 8_192
_EPOCH = datetime(1899, 12, 30)
_ERROR_BASE = -2146828288
ERRORS = {
    name: _ERROR_BASE + number
    for name, number in {
        "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
        "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046, "#BLOCKED!": 2047, "#UNKNOWN!": 2048,
        "#FIELD!": 2049, "#CALC!": 2050,
    }.items()
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?%?", re.IGNORECASE)
_DAY = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?|\d{1,2}[-/]\d{1,2}|\d{1,2}:\d{2}(:\d\d)?|\d{1,2}月\d{1,2}日"
)
_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')


class Time(datetime):
    """pywintypes.TimeType."""


@dataclass
class Cell:
    """A number for dates, times and numbers; an error is its name."""

    value: Any = None
    formula: str = ""
    format: str = ""


def serial(moment: datetime) -> float:
    return (moment.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)


def shows_dates(number_format: str) -> bool:
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format).lower()
    return plain not in (GENERAL.lower(), TEXT) and any(letter in plain for letter in "ymdhs")


def answered(cell: Cell | None, number_format: str) -> Any:
    """``Range.Value`` of a cell: dates as pywin32's times in UTC, money as Decimal, errors as their numbers."""
    value = cell.value if cell else None
    if value is None or (value == "" and cell and not cell.formula):
        return None
    if isinstance(value, str):
        return ERRORS.get(value, value)
    if isinstance(value, bool):
        return value
    if shows_dates(number_format):
        day = (_EPOCH + timedelta(days=float(value))).replace(microsecond=0)
        return Time(day.year, day.month, day.day, day.hour, day.minute, day.second, tzinfo=UTC)
    if any(sign in number_format for sign in "¥￥$"):
        return Decimal(str(value))
    return float(value)


def formula(cell: Cell | None) -> str:
    """``Range.Formula`` of a cell."""
    if cell is None or (cell.value is None and not cell.formula):
        return ""
    if cell.formula:
        return cell.formula
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    return str(cell.value)


def take(cell: Cell, value: Any, number_format: str, *, in_array: bool) -> None:
    """Put a value into a cell as Excel takes it from COM: text is read as if it had been typed."""
    cell.formula = ""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise refusal("a time without a time zone")
        cell.value = f"{value:%Y/%-m/%-d}" if number_format == TEXT else serial(value)
        cell.format = cell.format or ("yyyy/m/d" if number_format == GENERAL else "")
    elif isinstance(value, str):
        _take_text(cell, value, number_format, in_array=in_array)
    elif value is None or isinstance(value, bool):
        cell.value = value
    elif isinstance(value, int) and not -(2**31) <= value < 2**31:
        raise refusal("a number of 64 bits")
    else:
        cell.value = str(value) if number_format == TEXT else float(value)


def _take_text(cell: Cell, text: str, number_format: str, *, in_array: bool) -> None:
    if len(text) > (MOST_TEXT_IN_ARRAY if in_array else MOST_TEXT):
        raise refusal("a text that is too long")
    if text == "" or number_format == TEXT:
        cell.value = text or None
    elif text.startswith("="):
        if len(text) > MOST_FORMULA:
            raise refusal("a formula that is too long")
        link = _LINK.fullmatch(text)
        cell.formula, cell.value = text, link[1].replace('""', '"') if link else 0.0
    elif text.startswith("'"):
        cell.value = text[1:]
    else:
        _take_typed(cell, text)


def _take_typed(cell: Cell, text: str) -> None:
    plain = text.strip()
    day = _DAY.fullmatch(plain)
    if _NUMBER.fullmatch(plain):
        cell.value = float(plain.replace(",", "").rstrip("%")) / (100 if plain.endswith("%") else 1)
    elif day:
        cell.value = serial(datetime(int(day[1]), int(day[2]), int(day[3]))) if day[1] else 40_000.0
        cell.format = "yyyy/m/d"
    else:
        cell.value = {"TRUE": True, "FALSE": False}.get(plain.upper(), text)
