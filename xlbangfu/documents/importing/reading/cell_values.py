"""Values as the libraries give them, made the same: see ``grid.Grid``."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from xlbangfu.documents.importing.grid import Value

ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
NOT_CALCULATED = "公式没有算出的值"
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
_HALF_A_SECOND = timedelta(microseconds=500_000)


def error(name: str) -> str:
    """What is said of a cell that holds an error value."""
    return f"错误值 {name}"


def plain(value: object) -> Value:
    """A value as a grid holds it.

    >>> plain(12), plain(" "), plain(datetime(2026, 9, 1)), plain(timedelta(hours=12))
    (12.0, None, datetime.date(2026, 9, 1), 0.5)
    """
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | time):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return value if isinstance(value, date) else _text(str(value))


def moment(value: datetime) -> date | datetime:
    """To the second: what lies between comes from days counted in floats."""
    whole = (value + _HALF_A_SECOND).replace(microsecond=0) if value.microsecond else value
    return whole.date() if whole.time() == time() else whole


@lru_cache(maxsize=50_000)
def _text(value: str) -> str | None:
    text = value.replace("_x000D_", "").replace("\r\n", "\n")
    return text if text.translate(_INVISIBLE).strip() else None
