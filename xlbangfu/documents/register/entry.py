"""What the register holds: plain frozen data, every cell as the text that will be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

GRID = 8  # columns of equal width on a page


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One part of a student's page: a table whose columns span ``spans`` of the GRID, or a ``note`` where it is empty."""

    title: str
    heads: tuple[str, ...]
    spans: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One student's page. ``facts`` stand four in a row, ``long_facts`` have a row each."""

    number: str
    name: str
    class_name: str
    key: bool
    teacher: str  # 一对一
    facts: tuple[tuple[str, str], ...]
    long_facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """The whole book, students in the order of their pages: by class as 班级 has them, then by 学号."""

    school: str
    term: str
    day: date
    made: datetime
    students: tuple[Entry, ...]
    cover: tuple[Section, ...]  # 人数, 组织, 保障
