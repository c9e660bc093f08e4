"""Rows of cells as the text of a sheet's ``<sheetData>``.

XlsxWriter makes the frame of each sheet (see ``mold``); the rows, which differ from class to class, are written here,
because 24 pages by XlsxWriter alone take more than half a second. Text is always text: no cell is ever a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

Value: TypeAlias = str | float | date | None
Cell: TypeAlias = tuple[str, Value]  # style, value; None is an empty cell with that style


class Row(NamedTuple):
    """Height in points, and the cells from column A on."""

    height: float
    cells: Sequence[Cell]


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DAY_0 = date(1899, 12, 30).toordinal()
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_")


def escape(text: str) -> str:
    """Text for a cell's XML; control characters as Excel writes them.

    >>> escape("a<b\\x01")
    'a&lt;b_x0001_'
    """
    return _SPECIAL.sub(_escaped, text) if _SPECIAL.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    sign = found.group()
    if sign in "&<>":
        return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[sign]
    if len(sign) > 1:
        return f"_x005F{sign}"
    return f"_x{ord(sign):04X}_" if sign < " " else "\ufffd"


def sheet_data(rows: Iterable[Row | None], styles: Mapping[str, int]) -> str:
    """The rows from row 1 on; None is a row left out."""
    text = ["<sheetData>"]
    add = text.append
    for number, row in enumerate(rows, 1):
        if row is None:
            continue
        add(f'<row r="{number}" ht="{row.height:g}" customHeight="1">')
        for letter, (style, value) in zip(LETTERS, row.cells, strict=False):
            where = f'<c r="{letter}{number}" s="{styles[style]}"'
            if value is None or value == "":
                add(f"{where}/>")
            elif isinstance(value, str):
                add(f'{where} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>')
            else:
                add(f"{where}><v>{value.toordinal() - _DAY_0 if isinstance(value, date) else repr(value)}</v></c>")
        add("</row>")
    add("</sheetData>")
    return "".join(text)
