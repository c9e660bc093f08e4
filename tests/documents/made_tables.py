"""Tables as people draw them: headings of one to three rows, merged or not, put one under another or side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tests.documents.made_school import Student

Areas = list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Heading:
    """One column: its headings from top to bottom (empty where it has none) and its cells."""

    levels: tuple[str, ...]
    value: Callable[[Student], Any]
    person: bool = False


@dataclass(frozen=True)
class Table:
    """Rows from its own corner; merged areas are (top, left, bottom, right)."""

    rows: list[list[Any]]
    merged: Areas = field(default_factory=list)

    def shifted(self, down: int, right: int) -> Areas:
        return [(t + down, left + right, b + down, end + right) for t, left, b, end in self.merged]

    @property
    def width(self) -> int:
        return max(map(len, self.rows))


def header(columns: Sequence[Heading], *, merged: bool, person_low: bool) -> Table:
    """The rows of headings; ``person_low`` puts those of persons into the last row."""
    depth = max(len(column.levels) for column in columns)
    padded = [_padded(column, depth, low=person_low and not merged) for column in columns]
    rows = [[levels[level] or None for levels in padded] for level in range(depth)]
    if merged and depth > 1:
        return Table(rows, _merge(rows, columns, depth))
    return Table(_once(rows, columns))


def _padded(column: Heading, depth: int, *, low: bool) -> tuple[str, ...]:
    rest = ("",) * (depth - len(column.levels))
    return (*rest, *column.levels) if low and column.person else (*column.levels, *rest)


def _merge(rows: list[list[Any]], columns: Sequence[Heading], depth: int) -> Areas:
    """Merge equal headings across, and a heading with nothing below it down; only the first cell keeps its value."""
    merged = []
    for level in range(depth):
        at = 0
        while at < len(columns):
            end = at
            same = rows[level][at]
            while same and end + 1 < len(columns) and _path(columns[end + 1], level) == _path(columns[at], level):
                end += 1
            below = level
            while below + 1 < depth and same and not any(rows[below + 1][at : end + 1]):
                below += 1
            if same and (end > at or below > level):
                merged.append((level, at, below, end))
                rows[level][at + 1 : end + 1] = [None] * (end - at)
            at = end + 1
    return merged


def _path(column: Heading, level: int) -> tuple[str, ...]:
    if column.person or len(column.levels) <= level + 1:
        return (str(id(column)),)
    return column.levels[: level + 1]


def _once(rows: list[list[Any]], columns: Sequence[Heading]) -> list[list[Any]]:
    """Upper headings once, above the first of their columns, as in a sheet from which the merging was taken out."""
    thinned = []
    for level, line in enumerate(rows[:-1]):
        paths = [_path(column, level) for column in columns]
        thinned.append([None if p and paths[p - 1] == paths[p] else cell for p, cell in enumerate(line)])
    return [*thinned, rows[-1]]


def under(title: list[Any], table: Table) -> Table:
    return Table([title, *table.rows], table.shifted(1, 0))


def beside(left: Table, right: Table, gap: int) -> Table:
    width = left.width + gap
    height = max(len(left.rows), len(right.rows))

    def row(table: Table, number: int) -> list[Any]:
        return list(table.rows[number]) if number < len(table.rows) else []

    rows = [[*(line := row(left, n)), *[None] * (width - len(line)), *row(right, n)] for n in range(height)]
    return Table(rows, [*left.merged, *right.shifted(0, width)])


def merge_runs(table: Table, column: int, first: int) -> Table:
    """The table with equal cells of a column merged down, from a row on."""
    rows = [list(row) for row in table.rows]
    merged = list(table.merged)
    at = first
    for _, run in groupby(row[column] if column < len(row) else None for row in rows[first:]):
        end = at + len(list(run)) - 1
        if end > at and rows[at][column : column + 1] not in ([], [None]):
            merged.append((at, column, end, column))
            for row in rows[at + 1 : end + 1]:
                row[column] = None
        at = end + 1
    return Table(rows, merged)


def groups(students: Sequence[Student], key: Callable[[Student], str]) -> list[list[Student]]:
    return [[one for one in students if key(one) == name] for name in sorted({key(one) for one in students})]
