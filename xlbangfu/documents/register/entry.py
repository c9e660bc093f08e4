"""What the register holds: plain frozen data, every cell as the text that will be read."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

GRID = 24  # columns of equal width on a page
SIDE = 2  # of them left of a table for its title


class Section(Struct, frozen=True, kw_only=True):
    """One part of a page: a table whose columns span ``spans`` of GRID less SIDE, and a ``note`` above its rows.

    Where only some rows can be shown it is the first ones, or the last if ``latest_last``.
    """

    title: str
    heads: tuple[str, ...]
    spans: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    latest_last: bool = False


class Entry(Struct, frozen=True, kw_only=True):
    """One student's page. ``facts`` stand three in a row, ``long_facts`` two or one.
    ``left_out`` says what the page has no room for."""

    number: str
    name: str
    class_name: str
    key: bool
    teacher: str  # 一对一
    facts: tuple[tuple[str, str], ...]
    long_facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    left_out: str = ""


class Register(Struct, frozen=True, kw_only=True):
    """The whole book, students in the order of their pages: by class as 班级 has them, then by 学号."""

    school: str
    term: str
    day: date
    made: datetime
    students: tuple[Entry, ...]
    cover: tuple[Section, ...]  # 人数, 组织, 保障
