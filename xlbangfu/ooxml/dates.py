"""Dates as the file format counts them: days since the workbook's first day, in one of two systems."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

EPOCH = datetime(1899, 12, 30)
TO_1970 = 25_569  # days from EPOCH to 1970-01-01
SYSTEMS_APART = 1_462  # days by which the numbers of the 1904 system are smaller
MICROSECONDS_A_DAY = 86_400_000_000


def serial(value: date | time | timedelta) -> float:
    """Excel's number for a date, a time of day or a length of time, in days.

    >>> serial(date(2025, 9, 1)), serial(time(12, 0))
    (45901.0, 0.5)
    """
    if isinstance(value, datetime):
        return (value - EPOCH) / timedelta(days=1)
    if isinstance(value, date):
        return float((value - EPOCH.date()).days)
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / timedelta(days=1)
    return value / timedelta(days=1)


def days_to_1970(*, date1904: bool = False) -> int:
    """The number of 1970-01-01 in a workbook."""
    return TO_1970 - SYSTEMS_APART if date1904 else TO_1970
