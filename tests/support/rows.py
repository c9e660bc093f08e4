"""Rows as wide as their sheet, so that no test counts columns: a new column in the schema is a new empty cell here."""

from __future__ import annotations

from typing import Any

from xlbangfu.schema import Table


def row_of(table: Table, *first: object, blank: object = None, **named: object) -> list[Any]:
    """A row of the table: its first cells in order, others by the names of their columns, the rest blank.

    >>> from xlbangfu.schema import EXAMS
    >>> row_of(EXAMS, "期中", 类型="期中")[:5]
    ['期中', None, None, None, '期中']
    """
    cells = [*first, *[blank] * (len(table.names) - len(first))]
    for name, cell in named.items():
        cells[table.names.index(name)] = cell
    return cells
