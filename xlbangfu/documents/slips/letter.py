"""What the letters of a class say: plain frozen data, every text as it will be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One student's letter."""

    name: str
    level: str
    progress: str
    habits: str
    honours: str
    encouragement: str
    advice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassSlips:
    """The letters of one class. ``made`` is when, ``day`` is what stands on them."""

    class_name: str
    homeroom: str
    school: str
    term: str
    day: date
    made: datetime
    a_page: int  # letters on a sheet of A4: 2 or 4
    letters: tuple[Letter, ...]
