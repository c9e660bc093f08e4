"""Rows of cells as the text of a sheet's ``<sheetData>``, for sheets whose frame XlsxWriter has made beforehand.

24 pages by XlsxWriter alone take more than half a second. Text is always text: no cell is ever a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.cell_xml import Value, cell

Cell: TypeAlias = tuple[str, Value]  # style, value; None is an empty cell with that style


class Row(NamedTuple):
    """Height in points, and the cells from column A on."""

    height: float
    cells: Sequence[Cell]


def sheet_data(rows: Iterable[Row | None], styles: Mapping[str, int]) -> str:
    """The rows from row 1 on; None is a row left out."""
    numbers = {name: str(number) for name, number in styles.items()}
    pieces = ["<sheetData>"]
    for number, row in enumerate(rows, 1):
        if row is not None:
            pieces.append(f'<row r="{number}" ht="{row.height:g}" customHeight="1">')
            pieces += (
                cell(f"{letters(place)}{number}", value, numbers[style])
                for place, (style, value) in enumerate(row.cells)
            )
            pieces.append("</row>")
    pieces.append("</sheetData>")
    return "".join(pieces)
