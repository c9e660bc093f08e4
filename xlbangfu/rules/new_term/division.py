"""A new division of classes, as a list says it: which student goes to which class of the next term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from xlbangfu.errors import BadArgument
from xlbangfu.rules.class_names import ClassNames, Found, Unknown
from xlbangfu.rules.new_term.promotion import ClassMove
from xlbangfu.schema import SEPARATOR

_SHOWN = 5


class Division(Struct, frozen=True):
    """``rooms`` is the class of the next term by 学号; ``added`` are classes that it names and the school had not, with
    their 年级."""

    rooms: Mapping[str, str] = field(default_factory=dict)
    added: Sequence[ClassMove] = ()


def divide(typed: Mapping[str, str], moves: Sequence[ClassMove], *, school_year: int, system: str) -> Division:
    """The list of 学号 and class as typed, in the names of the next term. Raises BadArgument for a class that cannot be told."""
    known = [(move.name, move.grade) for move in moves if move.name]
    names = ClassNames.of(known, school_year=school_year, system=system)
    meant = {text: _meant(names, text) for text in dict.fromkeys(typed.values())}
    strange = [text for text, move in meant.items() if move is None]
    if strange:
        raise BadArgument(
            f"分班名单里的 {SEPARATOR.join(strange[:_SHOWN])} 看不出是哪个班，没有做；请写成 初二3班 这样，再做一次。"
        )
    rooms = {number: move.name for number, text in typed.items() if (move := meant[text]) and move.name}
    there = {name for name, _ in known}
    added = {move.name: move for move in meant.values() if move and move.name not in there}
    return Division(rooms, tuple(added.values()))


def _meant(names: ClassNames, text: str) -> ClassMove | None:
    """The class that a text means, as one that is new (``before`` empty) where the school has none."""
    found = names.find(text)
    if isinstance(found, Found):
        return ClassMove("", found.class_name, names.grade_of(found.class_name))
    if not isinstance(found, Unknown) or found.level is None or not found.label:
        return None
    grade = names.grade_named(found.level)
    return ClassMove("", names.new_name(grade, found.label), grade)
