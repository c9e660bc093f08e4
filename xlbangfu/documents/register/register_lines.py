"""A page of the register as lines: what stands in each, over how many columns of GRID, and how high it is in points."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.register.entry import GRID, SIDE, Entry, Section

SIZE = 9.0  # points, of everything but titles
COLUMN = 25  # pixels, of each of GRID
_LINE, _AIR = 13.0, 4.0  # LibreOffice's Chinese faces take 13 where 微软雅黑 takes 12
_LABEL, _HALF = 3, GRID // 2
Cell = tuple[str, str, int]  # style, text, columns


class Line(Struct, frozen=True):
    """A row of cells; ``side`` is the title left of a table that begins here and is so many rows high."""

    points: float
    cells: tuple[Cell, ...]
    side: tuple[str, int] | None = None


def page_lines(entry: Entry) -> list[Line]:
    """The whole page of a student. Sections without a row are named in one line, and so is what was left out."""
    mark = "　★ 重点" if entry.key else ""
    teacher = f"　一对一：{entry.teacher}" if entry.teacher else ""
    lines = [Line(26.0, (("title", f"{entry.name}　{entry.number}　{entry.class_name}{mark}{teacher}", GRID),))]
    lines.extend(_facts(entry))
    for section in entry.sections:
        if section.rows:
            lines += section_lines(section)
    return lines + [_line([("note", text, GRID)]) for text in (_missing(entry), entry.left_out) if text]


def section_lines(section: Section) -> list[Line]:
    """A table with its title at the left."""
    note = [_line([("note", section.note, GRID - SIDE)])] if section.note else []
    heads = [("head", name, span) for name, span in zip(section.heads, section.spans, strict=True)]
    rows = [
        _line(
            [("text" if span > _LABEL else "centre", text, span) for text, span in zip(row, section.spans, strict=True)]
        )
        for row in section.rows
    ]
    lines = [*note, _line(heads), *rows]
    return [replace(lines[0], side=(section.title, len(lines))), *lines[1:]]


def height_of(lines: Sequence[Line]) -> float:
    return sum(line.points for line in lines)


def room_in(span: int) -> float:
    """How many Chinese characters a cell over so many columns takes in a line.

    >>> room_in(12)
    23.5
    """
    early = 1.0 if span > 4 else 0.2  # a line of prose may end before a comma
    return (COLUMN * 0.75 * span - 4.5) / SIZE - early


@lru_cache(maxsize=1 << 14)
def taken_by(text: str) -> float:
    return sum(0.55 if unicodedata.east_asian_width(sign) in ("Na", "H", "N") else 1.0 for sign in text)


def lines_in(text: str, span: int) -> int:
    return sum(max(1, -int(-taken_by(part) // room_in(span))) for part in text.split("\n"))


def _line(cells: Sequence[Cell]) -> Line:
    return Line(_AIR + _LINE * max(lines_in(text, span) for _, text, span in cells), tuple(cells))


def _facts(entry: Entry) -> Iterator[Line]:
    value = GRID // 3 - _LABEL
    for start in range(0, len(entry.facts), 3):
        three = [*entry.facts[start : start + 3], *[("", "")] * 2][:3]
        yield _line([cell for name, text in three for cell in (("label", name, _LABEL), ("centre", text, value))])
    waiting: list[tuple[str, str]] = []
    for fact in entry.long_facts:
        if taken_by(fact[1]) > room_in(_HALF - _LABEL):
            yield _line([("label", fact[0], _LABEL), ("text", fact[1], GRID - _LABEL)])
            continue
        waiting.append(fact)
    for start in range(0, len(waiting), 2):
        pair = waiting[start : start + 2]
        text = (_HALF if len(pair) == 2 else GRID) - _LABEL
        yield _line([cell for name, said in pair for cell in (("label", name, _LABEL), ("text", said, text))])


def _missing(entry: Entry) -> str:
    names = [section.title for section in entry.sections if not section.rows]
    return f"还没有：{'、'.join(names)}" if names else ""
