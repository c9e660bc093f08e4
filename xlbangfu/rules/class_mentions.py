"""Classes and grades that a title or the name of a sheet mentions among other words."""

from __future__ import annotations

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_names import Ambiguous, ClassNames, Found, Readings, Unknown
from xlbangfu.rules.numerals import half_width

_CN = "[一二三四五六七八九]"
_YEAR = "(?:小学|初中|高中|[初高])?(?<![0-9])(?:20[0-9]{2}|[0-9]{2})[级届](?:初中|高中|小学)?"
_GRADE = f"(?:{_YEAR}|(?:初中|高中|[初高])(?:[一二三四五六]|[1-6](?![0-9]))(?:年级)?|(?:小学)?(?<!十)(?:{_CN}|[1-9])年级|预初|初预)"
_NUMBER = "(?:[0-9]{1,2}|[零〇]?[一二三四五六七八九十]{1,3})"
_CLASSES = (
    f"{_GRADE}第?[-.]?(?:[(]{_NUMBER}[)]班?|{_NUMBER}班)",
    f"(?<![第上下]){_CN}(?:[(][0-9]{{1,2}}[)]班?|[-.]?[0-9]{{1,2}}班|{_NUMBER}班)",
    "(?<![0-9])[1-9][(][0-9]{1,2}[)]班?",
    "(?<![0-9])[1-9][-.][0-9]{1,2}班",
    "(?<![0-9])(?:20)?[0-9]{3,4}班",
    f"(?<![0-9一二三四五六七八九十第])(?:[(]{_NUMBER}[)]|{_NUMBER})班",
)
_NAMED = late_pattern(f"{_GRADE}[A-Za-z\u4e00-\u9fff]{{1,5}}班|[A-Za-z\u4e00-\u9fff]{{1,5}}班")
_CLASS = late_pattern("|".join(f"(?:{form})" for form in _CLASSES))
_GRADE_WORD = late_pattern(_GRADE)


def class_mentions(text: object) -> list[str]:
    """The classes in a text, as they stand there in half width.

    >>> class_mentions("2026学年第一学期七（1）班期中成绩"), class_mentions("初一年级各科成绩")
    (['七(1)班'], [])
    """
    return list(dict.fromkeys(found[0] for found in _CLASS.finditer(half_width(text))))


def find_mention(
    names: ClassNames,
    text: object,
    grade: object = None,
    *,
    school_year: int | None = None,
    readings: Readings | None = None,
) -> Found | Ambiguous | Unknown | None:
    """The one class that a title is about; None where it mentions none, or several that differ.

    A name without a number (初一实验班) is looked at only if the school has it.
    """
    found = [names.find(name, grade, school_year=school_year, readings=readings) for name in class_mentions(text)]
    if not found:
        named = (names.find(match[0], grade, school_year=school_year) for match in _NAMED.finditer(half_width(text)))
        found = [one for one in named if isinstance(one, Found)]
    return found[0] if len(set(found)) == 1 else None


def grade_mentions(text: object) -> list[str]:
    """The grades in a text.

    >>> grade_mentions("高2026级与初一年级成绩"), grade_mentions("初中部2025-2026学年")
    (['高2026级', '初一年级'], [])
    """
    return list(dict.fromkeys(found[0] for found in _GRADE_WORD.finditer(half_width(text))))
