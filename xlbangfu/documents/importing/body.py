"""The records under a header: blank rows, headers that come again, full marks and footers taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.files import Grid
from xlbangfu.documents.importing.headings import Column, Header

_TELLING = frozenset({words.NAME, words.NUMBER, words.CANDIDATE, "工号"})
_NO_RECORD = re.compile(f"{words.FULL_MARK_ROW.pattern}|{words.FOOTER.pattern}")


@dataclass(frozen=True)
class Body:
    """``rows[i]`` is Excel row ``numbers[i]``; ``full`` is what a row of full marks said, by column place."""

    rows: list[list[Any]]
    numbers: list[int]
    full: dict[int, float] = field(default_factory=dict)
    footers: int = 0

    def cells(self, column: Column | None) -> list[Any]:
        """One column; all empty if the file has no such column."""
        if column is None:
            return [""] * len(self.rows)
        place = column.place
        return [row[place] if place < len(row) else "" for row in self.rows]

    def texts(self, column: Column | None) -> list[str | None]:
        """One column as it is compared, empty cells as None."""
        return [words.text(cell) or None for cell in self.cells(column)]


@dataclass(frozen=True)
class Sheet:
    """A sheet that was recognised."""

    grid: Grid
    header: Header
    body: Body

    @property
    def title(self) -> str:
        """File and sheet, as problems name them."""
        return self.grid.title

    @property
    def header_row(self) -> int:
        """Excel row of the header."""
        return self.header.last + 1

    def texts(self, meaning: str) -> list[str | None]:
        """The column of that meaning as it is compared; all None if the file has none."""
        return self.body.texts(self.header.column(meaning))


def records(grid: Grid, header: Header) -> Body:
    """What stands under the header."""
    places = [column.place for column in header.columns]
    telling = {column.place: words.heading(column.typed) for column in header.columns if column.meaning in _TELLING}
    telling = telling or {column.place: words.heading(column.typed) for column in header.columns[:1]}
    body, footers = Body([], []), 0
    for index in range(header.last + 1, len(grid.rows)):
        row = grid.rows[index]
        named = {place: row[place] for place in telling if place < len(row) and row[place] != ""}
        if not named and all(place >= len(row) or row[place] == "" for place in places):
            continue
        if any(words.heading(cell) == telling[place] for place, cell in named.items()):
            continue
        label = _label(row, list(named.values()))
        if not label:
            body.rows.append(row)
            body.numbers.append(index + 1)
        elif words.FULL_MARK_ROW.match(label):
            body.full.update(_numbers(row, header.marks))
        else:
            footers += 1
    return Body(body.rows, body.numbers, body.full, footers)


def _label(row: list[Any], named: list[Any]) -> str:
    """The word by which a row is known to be no record; empty for a record.

    A record has something under 姓名 or 学号 that is no such word. Where nothing stands there, the whole row is asked.
    """
    if named:
        texts = [words.text(cell) for cell in named]
        labels = [text for text in texts if _NO_RECORD.match(text)]
        return labels[0] if len(labels) == len(texts) else ""
    texts = [words.text(cell) for cell in row if isinstance(cell, str) and cell]
    return next((text for text in texts if _NO_RECORD.search(text)), "")


def _numbers(row: list[Any], columns: tuple[Column, ...]) -> dict[int, float]:
    found = {}
    for column in columns:
        text = words.text(row[column.place]) if column.place < len(row) else ""
        if text.replace(".", "", 1).isdigit():
            found[column.place] = float(text)
    return found
