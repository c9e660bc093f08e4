"""What the text of a class says: 年级 and number, in every way that it can be taken apart.

Nothing is decided here: 二十一班 is 21 and it is 二年级 11班; which of them exists, ``class_names`` knows.
"""

from __future__ import annotations

import re

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.grades import ENTRY, GradeText, split_grade
from xlbangfu.rules.numerals import half_width, whole_number

_MOST = 60  # no school has more classes in a 年级
_NUMBER = late_pattern("[(]?第?([0-9]{1,2}|[零〇]?[一二三四五六七八九十]{1,3})[)]?")
_BETWEEN = late_pattern("[-._/·第]")
_ASIDE = late_pattern("(?<=班)[(][^)]*[)]$")
_RUNS = (
    late_pattern("(?P<place>[0-9])(?P<number>[0-9]{2})"),
    late_pattern("(?P<place>0[1-9]|1[0-2])(?P<number>[0-9]{2})"),
    late_pattern("(?P<year>[0-9]{2})(?P<number>[0-9]{2})"),
    late_pattern("(?P<year>20[0-9]{2})(?P<number>[0-9]{1,2})"),
)
_YEAR_APART = late_pattern("(?P<year>20[0-9]{2}|[1-9][0-9])[-.·(]+(?P<number>[0-9]{1,2})[)]?")


class ClassText(Struct, frozen=True):
    """One way to read a class: ``label`` is its number ("1") or its name (实验), ``grade`` None if it names none."""

    grade: GradeText | None
    label: str


def class_texts(text: object) -> tuple[ClassText, ...]:
    """Every way to read a text as a class, those that name a 年级 first; empty for what is no class by its form.

    >>> [(way.grade.place, way.label) for way in class_texts("七年级（3）班")]
    [(7, '3')]
    >>> [way.label for way in class_texts("二十一班")]
    ['11', '21']
    """
    plain = _ASIDE.sub("", half_width(text))
    if re.search("[/、,，;；]", plain):
        return ()
    ways = [ClassText(grade, label) for grade, rest in _grades(plain) if (label := _label(rest))]
    named = ways or [*_bare(plain), *_runs(plain)]
    alone = [] if ways else [ClassText(None, label) for label in [_alone(plain)] if label]
    return tuple(dict.fromkeys([*named, *alone]))


def class_label(text: object, grade: str) -> str:
    """The label of a class of the school that 班级 lists with its 年级; its whole name where it has no number.

    >>> class_label("初一3班", "初一"), class_label("2601", "初一"), class_label("实验班", "初一")
    ('3', '1', '实验')
    """
    ways = class_texts(text)
    return ways[0].label if ways else half_width(text).removeprefix(half_width(grade)).removesuffix("班")


def _grades(plain: str) -> list[tuple[GradeText, str]]:
    """The 年级 in front; the inner one of 2026级七年级1班."""
    return [inner for outer in split_grade(plain) for inner in list(split_grade(outer[1])) or [outer]]


def _label(rest: str) -> str:
    """The label in what follows a 年级: a number, else the name without 班."""
    inner = _BETWEEN.sub("", rest, count=1) if rest[:1] in "-._·第" else rest
    inner = inner.removesuffix("班")
    found = _NUMBER.fullmatch(inner)
    number = whole_number(found[1]) if found else None
    if number is not None:
        return str(number) if 0 < number <= _MOST else ""
    return inner.strip("()") if re.fullmatch("[(]?[A-Za-z\u4e00-\u9fff0-9()]{1,8}", inner) else ""


def _alone(plain: str) -> str:
    """The number of a class that is written without its 年级; its name where it ends with 班."""
    found = _NUMBER.fullmatch(plain.removesuffix("班"))
    number = whole_number(found[1]) if found else None
    if number is not None:
        return str(number) if 0 < number <= _MOST else ""
    named = re.fullmatch("[A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff]{0,7}班", plain)
    return plain.removesuffix("班") if named and not _bare(plain) else ""


def _bare(plain: str) -> list[ClassText]:
    """七1, 7(1)班, 8.3, 七一班: a numeral for the 年级, then the number."""
    ways = []
    for size in (1, 2):
        head, rest = plain[:size], plain[size:]
        place, parted = whole_number(head), rest[:1] in "-._·/第("
        if place is None or not 1 <= place <= 12 or not (parted or (place < 10 and _changes(head, rest))):
            continue
        label = _label(rest)
        if label.isdigit():
            ways.append(ClassText(GradeText(place=place, sure=False), label))
    return ways


def _changes(head: str, rest: str) -> bool:
    """Whether a numeral ends where two parts meet without a sign: between 七 and 1, and between two Chinese numerals."""
    return bool(rest) and (not head[-1].isdigit() or (not rest[0].isdigit() and rest[0] not in "班级年届"))


def _runs(plain: str) -> list[ClassText]:
    """701, 1001, 2601, 202601, 2026-1: digits only."""
    ways = []
    for form in (*_RUNS, _YEAR_APART):
        if not (found := form.fullmatch(plain.removesuffix("班"))):
            continue
        parts, number = found.groupdict(), int(found["number"])
        if not 0 < number <= _MOST:
            continue
        if place := parts.get("place"):
            ways.append(ClassText(GradeText(place=int(place), sure=False), str(number)))
        else:
            year = int(parts["year"])
            ways.append(ClassText(GradeText(year=year if year > 99 else 2000 + year, by=ENTRY), str(number)))
    return ways
