"""Values from Excel on macOS, where cells in error come empty.

xlwings's option ``err_to_str`` fails there for more than one row (its ``ensure_2d`` answers None), so the names of errors
are taken from what the cells show.
"""

from __future__ import annotations

from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import error_values


def rows_of(cells: xlwings.Range, most: int) -> list[list[Any]]:
    """The values of a range as rows, errors as their names; at most so many rows with one Apple event."""
    rows = [list(row) for row in cells.options(ndim=2, chunksize=most).value]
    for start in range(0, len(rows), most):
        _name_errors(rows[start : start + most], cells[start : start + most, :])
    return rows


def _name_errors(rows: list[list[Any]], cells: xlwings.Range) -> None:
    shown = cells.api.string_value.get()
    shown = shown if isinstance(shown, list) else [shown]
    for row, texts in zip(rows, shown if isinstance(shown[0], list) else [shown], strict=True):
        for place, text in enumerate(texts):
            if text in error_values.NAMES:
                row[place] = text
