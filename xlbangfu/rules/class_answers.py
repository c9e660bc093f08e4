"""What ``ClassNames`` answers: a class or a 年级 of the school, what must be asked, or what the school does not have."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Readings = Mapping[str, str]
BARE = "班号"  # the form of a number without its 年级
RUN = "101"  # the form of a name whose 年级 is a bare numeral: 101, 一(1)
CONFLICT = "年级不符"  # the form of a name that says another 年级 than what stands beside it


class Found(Struct, frozen=True):
    """A class of the school: ``class_name`` bore the name in that school year; ``today`` is where its students are now.

    ``today`` is None where they have left the school, or gone on to another 学段.
    """

    class_name: str
    today: str | None


class FoundGrade(Struct, frozen=True):
    """A 年级 as the school writes it, in that school year, and where those students are today (None: they have left)."""

    level: int
    name: str
    today: str | None


class Ambiguous(Struct, frozen=True):
    """Several things may be meant, or one that is not sure.

    ``form`` is what is asked about: 101, 级, 届, 班号 (a number without its 年级), 年级不符, or 班级 (two classes of the school
    are written alike). ``readings`` are the answers, one beside each of the ``candidates``; a class that the school does not have
    has readings and no candidates.
    """

    candidates: tuple[str, ...]
    form: str
    readings: tuple[str, ...]


class Unknown(Struct, frozen=True):
    """No class of the school. ``level`` and ``label`` are what is sure about it, to name a new class."""

    level: int | None = None
    label: str = ""
