"""Rows of cells as the text of a sheet's ``<sheetData>``, for sheets whose frame XlsxWriter has made beforehand.

24 pages by XlsxWriter alone take more than half a second. Text is always text: no cell is ever a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import Value, holding

Cell: TypeAlias = tuple[str, Value]  # style, value; None is an empty cell with that style
NO_CELL: Cell = ("", None)


class Row(NamedTuple):
    """Height in points, 0 for one that programs find themselves, and the cells from column A on."""

    height: float
    cells: Sequence[Cell]


def sheet_data(rows: Iterable[Row | None], styles: Mapping[str, int]) -> str:
    """The rows from row 1 on; None is a row left out."""
    pieces = ["<sheetData>"]
    for number, row in enumerate(rows, 1):
        if row is not None:
            height, cells = row
            pieces.append(f'<row r="{number}" ht="{height:g}" customHeight="1">' if height else f'<row r="{number}">')
            pieces += [
                f'<c r="{letters(place)}{number}" s="{styles[style]}"{holding(value)}'
                for place, (style, value) in enumerate(cells)
                if style
            ]
            pieces.append("</row>")
    pieces.append("</sheetData>")
    return "".join(pieces)
