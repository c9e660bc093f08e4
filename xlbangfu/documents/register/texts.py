"""Cells as the texts that the register shows."""

from __future__ import annotations

from datetime import date
from typing import Any


def shown(value: Any) -> str:
    """A value as it is read; nothing is an empty text.

    >>> shown(None), shown(92.0), shown(92.5), shown(date(2026, 6, 1))
    ('', '92', '92.5', '2026-06-01')
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def period(start: date | None, end: date | None) -> str:
    """
    >>> period(date(2026, 3, 1), None)
    '26-03-01 起'
    """
    if start is None:
        return ""
    return f"{start:%y-%m-%d} 至\n{end:%y-%m-%d}" if end else f"{start:%y-%m-%d} 起"


def stretch(start: date | None, end: date | None) -> str:
    """
    >>> stretch(date(2026, 3, 1), date(2026, 3, 14)), stretch(date(2026, 3, 1), None)
    ('03-01—03-14', '03-01起')
    """
    if start is None:
        return ""
    return f"{start:%m-%d}—{end:%m-%d}" if end else f"{start:%m-%d}起"


def signed(number: int | None) -> str:
    """
    >>> signed(3), signed(-2), signed(0), signed(None)
    ('+3', '-2', '0', '')
    """
    return "" if number is None else f"{number:+d}" if number else "0"
