"""Rows of cells as the text of a sheet's ``<sheetData>``, for sheets whose frame XlsxWriter has made beforehand.

24 pages by XlsxWriter alone take more than half a second. Text is always text: no cell is ever a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import Value, holding

Cell: TypeAlias = tuple[str, Value]  # style, value; None is an empty cell with that style
_NONE = ""
NO_CELL: Cell = (_NONE, None)


class Row(NamedTuple):
    """Height in points, 0 for one that programs find themselves, and the cells from column A on."""

    height: float
    cells: Sequence[Cell]


def sheet_data(rows: Iterable[Row | None], styles: Mapping[str, int]) -> str:
    """The rows from row 1 on; None is a row left out."""
    numbers = {_NONE: None, **styles}
    pieces = ["<sheetData>"]
    for number, row in enumerate(rows, 1):
        if row is not None:
            height, cells = row
            frame = _row_frame(height, tuple([numbers[style] for style, _ in cells]))
            pieces.append(
                frame.replace("#", str(number)) % tuple([holding(value) for style, value in cells if style != _NONE])
            )
    pieces.append("</sheetData>")
    return "".join(pieces)


@lru_cache(maxsize=1 << 10)
def _row_frame(height: float, styles: tuple[int | None, ...]) -> str:
    """The XML of a row with # for its number and %s for what each cell holds."""
    high = f' ht="{height:g}" customHeight="1"' if height else ""
    cells = (f'<c r="{letters(place)}#" s="{style}"%s' for place, style in enumerate(styles) if style is not None)
    return f'<row r="#"{high}>{"".join(cells)}</row>'
