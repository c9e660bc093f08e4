"""Cell values: what Python gives and takes, against what UNO's data arrays hold.

A data array holds floats, text and, for a formula error, None; never pass it None or a bool (LibreOffice 7.4 dies of
that). Whether a number is a date or a truth value only its number format tells. A date is a datetime, as on Excel;
a cell with a time of day alone is a float there, and so it is here.
"""

import math
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Cell = float | str | bool | datetime | None
Rows = tuple[tuple[Any, ...], ...]

_MILLISECONDS = 86_400_000
_PLAIN = frozenset({str, float})  # what most rows hold and nothing else
_EXCEL_ERRORS = {
    32767: "#N/A",
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
}


class CellError(str):
    """A formula error as a raw value; `value` shows it as None, or as text with err_to_str."""

    __slots__ = ()


ANY_ERROR = CellError("#ERROR")


def error_text(error_code: int) -> CellError:
    """Errors that only LibreOffice knows are #VALUE!, as in the files that it writes for Excel."""
    return CellError(_EXCEL_ERRORS.get(error_code, "#VALUE!"))


def to_datetime(serial: float, epoch: datetime) -> datetime | float:
    """A date beyond the calendar stays a number."""
    try:
        return epoch + timedelta(milliseconds=round(serial * _MILLISECONDS))
    except OverflowError:
        return serial


def to_serial(moment: date, epoch: datetime) -> float:
    """Time zones are cut off, not converted."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    since = moment.replace(tzinfo=None) - epoch
    return since.days + (since.seconds + since.microseconds / 1e6) / 86_400


def general(number: float) -> str:
    """A number as Excel writes it into a text cell: fifteen digits, no trailing zeros.

    >>> general(12.0), general(0.1 + 0.2), general(1e20)
    ('12', '0.3', '1E+20')
    """
    return f"{number:.15G}"


def prepared(value: Any) -> Cell | date:
    """One value from Python, numpy or pandas as one that the engine writes; empty text empties a cell."""
    kind = type(value)
    if kind is str or (kind is float and value == value) or kind is bool:
        return value  # type: ignore[no-any-return]  # the types were just looked at
    if kind is int:
        return float(value)
    if value is None or _is_missing(value):
        return ""
    if kind.__name__ == "datetime64":  # numpy's; its item() of nanoseconds would be an int
        return value.astype("datetime64[us]").item()  # type: ignore[no-any-return]
    if hasattr(value, "dtype"):
        value = value.item()
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, bool | str | date):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    raise TypeError(f"A cell can't hold a {type(value).__name__}; give it a number, text, a date, True or False.")


def _is_missing(value: Any) -> bool:
    pandas = sys.modules.get("pandas")  # asked only where the caller has it: its NA and NaT compare with nothing
    if pandas is not None:
        return bool(pandas.isna(value))
    return isinstance(value, float) and math.isnan(value)


def cleaned(
    rows: Sequence[Sequence[Any]],
    datetime_builder: Callable[..., Any],
    empty_as: Any,
    number_builder: Callable[[float], Any] | None,
    *,
    errors_as_text: bool,
) -> list[list[Any]]:
    """Raw values as `Range.value` shows them."""

    def shown(value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return value or empty_as
        if kind is float:
            return value if number_builder is None else number_builder(value)
        if kind is CellError:
            return str(value) if errors_as_text else None
        if kind is datetime and datetime_builder is not datetime:
            return _rebuilt(value, datetime_builder)
        return empty_as if value is None else value

    if number_builder is not None:
        return [[shown(value) for value in row] for row in rows]
    return [
        [empty_as if value == "" else value for value in row]
        if _PLAIN.issuperset(map(type, row))
        else [shown(value) for value in row]
        for row in rows
    ]


def _rebuilt(moment: datetime, builder: Callable[..., Any]) -> Any:
    return builder(
        year=moment.year,
        month=moment.month,
        day=moment.day,
        hour=moment.hour,
        minute=moment.minute,
        second=moment.second,
        microsecond=moment.microsecond,
        tzinfo=None,
    )
