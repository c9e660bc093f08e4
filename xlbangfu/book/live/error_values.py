"""Errors that a cell can show. COM tells them as numbers, of which xlwings knows the seven oldest."""

from __future__ import annotations

from typing import Any

_BASE = -2146828288  # 0x800A0000, to which Excel's own number of an error is added
_NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
NAMES = tuple(_NUMBERS)


def teach(engine_module: Any) -> None:
    """Let xlwings's Windows engine read all of them as errors, where it would take a newer one for a number."""
    engine_module.cell_errors.update({_BASE + number: name for name, number in _NUMBERS.items()})
