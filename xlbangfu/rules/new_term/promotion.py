"""What becomes of each class when a school year begins: it moves up, under the next name or its own, or it graduates.

初一1班 becomes 初二1班, 701 becomes 801; 2026级1班 keeps its name. The last year of a 学段 graduates, but for that of 小学 in a
school that has 初中 too, whose students go on to it. 「学制」 says which year is the last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from xlbangfu.errors import BadArgument
from xlbangfu.rules.class_names import ClassNames
from xlbangfu.rules.class_search import SchoolClass, school_class
from xlbangfu.rules.grades import MIDDLE, PRIMARY, grade_text
from xlbangfu.schema import SEPARATOR

_NUMERALS = "一二三四五六七八九"


class ClassMove(Struct, frozen=True):
    """A class, and what it and its 年级 are called next; ``name`` is None of one that graduates."""

    before: str
    name: str | None
    grade: str

    @property
    def graduates(self) -> bool:
        return self.name is None

    @property
    def text(self) -> str:
        """As staff read it.

        >>> ClassMove("初一1班", "初二1班", "初二").text, ClassMove("初三1班", None, "").text
        ('初一1班 → 初二1班', '初三1班 毕业')
        """
        return f"{self.before} 毕业" if self.graduates else f"{self.before} → {self.name}"


def promoted(names: ClassNames) -> list[ClassMove]:
    """Every class of the school with what becomes of it, in the order of 班级.

    Raises BadArgument where it cannot be told, or two classes would have one name.
    """
    levels = {one: _level(names, one) for one in names.classes}
    lost = [one.name for one, level in levels.items() if level is None]
    if lost:
        raise BadArgument(
            f"看不出 {SEPARATOR.join(lost)} 是哪个年级，不知道升到哪里，没有做；请在“班级”把年级写成 初一、七年级 这样，再做一次。"
        )
    moves = [_move(names, one, level) for one, level in levels.items() if level is not None]
    doubled = [name for name, times in Counter(move.name for move in moves if move.name).items() if times > 1]
    if doubled:
        two = SEPARATOR.join(move.before for move in moves if move.name == doubled[0])
        raise BadArgument(f"{two} 升级后都会叫 {doubled[0]}，没有做；请先在“班级”把名字改得不一样，再做一次。")
    return moves


def same_classes(names: ClassNames) -> list[ClassMove]:
    """Every class as it is, where no school year begins."""
    return [ClassMove(one.name, one.name, one.grade) for one in names.classes]


def _level(names: ClassNames, one: SchoolClass) -> int | None:
    """The level of a class; 2025级 is 初二 where the school's other classes show that it is a 初中."""
    return one.level or school_class(one.name, one.grade, names.ladder, names.school_year).level


def _move(names: ClassNames, one: SchoolClass, level: int) -> ClassMove:
    if not _goes_on(names, level):
        return ClassMove(one.name, None, "")
    text = grade_text(one.grade) if one.grade else None
    by_year = text is not None and text.year is not None
    grade = one.grade if by_year else names.grade_named(level + 1)
    return ClassMove(one.name, one.name if one.moves_up else _next_name(names, one, level + 1, grade), grade)


def _goes_on(names: ClassNames, level: int) -> bool:
    """Whether the school has the year after that level."""
    here, there = names.ladder.stage_of(level), names.ladder.stage_of(level + 1)
    return here == there or (here == PRIMARY and there == MIDDLE and MIDDLE in names.ladder.stages)


def _next_name(names: ClassNames, one: SchoolClass, level: int, grade: str) -> str:
    """The name of the class with the same number a year up, in the school's way of writing it."""
    for name in _ways(names, one, level, grade):
        made = school_class(name, grade, names.ladder, names.school_year)
        if (made.level, made.label) == (level, one.label):
            return name
    return names.new_name(grade, one.label)


def _ways(names: ClassNames, one: SchoolClass, level: int, grade: str) -> Iterator[str]:
    yield from (other.name for other in names.classes if (other.level, other.label) == (level, one.label))
    if one.grade and one.name.startswith(one.grade):
        yield grade + one.name.removeprefix(one.grade)
    yield from _counted_on(one.name)


def _counted_on(name: str) -> Iterable[str]:
    """The name with its first numeral one up: 701 → 801, 七(1)班 → 八(1)班.

    >>> list(_counted_on("七(1)班")), list(_counted_on("高一3班"))
    (['八(1)班'], ['高二3班'])
    """
    for place, sign in enumerate(name):
        if sign in _NUMERALS[:-1]:
            yield name[:place] + _NUMERALS[_NUMERALS.index(sign) + 1] + name[place + 1 :]
            return
        if sign.isascii() and sign.isdigit():
            yield name[:place] + str(int(sign) + 1) + name[place + 1 :]
            return
