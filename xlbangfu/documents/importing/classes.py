"""Which class of the school is meant: 初二（3）班, 八年级3班, 803, 8.3, or 3班 in a list of 初二."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xlbangfu.documents.importing import words

_NUMERALS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_STAGES = {"初": 6, "高": 9, "小": 0}
_GRADE = re.compile(r"(初中?|高中?|小学?)?(\d{1,2})(?:年级|年|级)?")
_SHORT = re.compile(r"(\d)(\d{2})班?|(1[0-2])(\d{2})班?")
_FULL = re.compile(r"(初中?|高中?|小学?)?(\d{1,2})(?:年级|年|级)?[(.\-_—·第]*0?(\d{1,3})[)]*(?:班)?")
_BRACKETED = re.compile(r"(初|高|小)?[(](\d{1,2})[)]0?(\d{1,3})班?")
_ALONE = re.compile(r"[(第]?0?(\d{1,3})[)]?班?")


def arabic(text: str) -> str:
    """Chinese numerals up to 99 as digits.

    >>> arabic("初二十一班"), arabic("二十班"), arabic("初三（2）班")
    ('初2 11班', '20班', '初3（2）班')
    """

    def value(found: re.Match[str]) -> str:
        signs = found[0]
        if "十" not in signs:
            return "".join(str(_NUMERALS[sign]) for sign in signs)
        tens, _, ones = signs.partition("十")
        return str((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))

    text = re.sub(r"(?<=[初高])([一二三四五六七八九])(?=[一二三四五六七八九十])", r"\1 ", text)
    text = re.sub(r"([一二三四五六七八九十])(?=\d)", r"\1 ", text)
    return re.sub(r"[一二三四五六七八九]?十[一二三四五六七八九]?|[〇零一二三四五六七八九]+", value, text)


def grade_number(text: str) -> int | None:
    """初二 and 八年级 are 8, 高一 is 10; None if it is no grade.

    >>> grade_number("初二"), grade_number("八年级"), grade_number("高一"), grade_number("GP")
    (8, 8, 10, None)
    """
    found = _GRADE.fullmatch(arabic(words.text(text)).replace(" ", ""))
    return _STAGES.get((found[1] or "小")[0], 0) + int(found[2]) if found else None


def class_number(text: str) -> tuple[int | None, int] | None:
    """Grade and number of a class; grade None if the text has the number only.

    >>> class_number("初二（3）班"), class_number("803"), class_number("8.3班"), class_number("3班")
    ((8, 3), (8, 3), (8, 3), (None, 3))
    """
    plain = arabic(words.text(text))
    if found := _SHORT.fullmatch(plain):
        return int(found[1] or found[3]), int(found[2] or found[4])
    if (found := _ALONE.fullmatch(plain)) and (plain.endswith("班") or len(found[1]) <= 2):
        return None, int(found[1])
    for form in (_BRACKETED, _FULL):
        if found := form.fullmatch(plain.replace(" ", "-")):
            return _STAGES.get((found[1] or "小")[0], 0) + int(found[2]), int(found[3])
    return None


@dataclass(frozen=True)
class ClassNames:
    """The classes of a school, found by however they are written."""

    exact: dict[str, str]
    numbered: dict[tuple[int | None, int], set[str]]
    grades: dict[str, str]  # by class

    @classmethod
    def of(cls, classes: Iterable[tuple[str, str | None]]) -> ClassNames:
        """From pairs of 班级 and 年级."""
        exact: dict[str, str] = {}
        numbered: dict[tuple[int | None, int], set[str]] = {}
        grades: dict[str, str] = {}
        for name, grade in classes:
            exact[words.text(name)] = name
            grades[name] = grade or ""
            parsed = class_number(name)
            if parsed is None:
                continue
            year = grade_number(grade) if grade else parsed[0]
            for key in {(year, parsed[1]), (parsed[0], parsed[1])}:
                numbered.setdefault(key, set()).add(name)
        return cls(exact, numbered, grades)

    def find(self, typed: str, grade: str = "") -> str | None:
        """The one class that fits, else None. ``grade`` is what else the file says of the 年级."""
        plain = words.text(typed)
        if plain in self.exact:
            return self.exact[plain]
        if grade and words.text(grade) + plain in self.exact:
            return self.exact[words.text(grade) + plain]
        parsed = class_number(plain)
        if parsed is None:
            return None
        year, number = parsed
        if year is None and grade:
            year = grade_number(grade)
        return self._only(year, number)

    def _only(self, year: int | None, number: int) -> str | None:
        if year is None:
            fits = {name for (_, place), names in self.numbered.items() if place == number for name in names}
        else:
            fits = self.numbered.get((year, number), set())
            if not fits and year <= 6:  # 二(3)班 in a school of 初中 or 高中 only
                fits = self.numbered.get((year + 6, number), set()) | self.numbered.get((year + 9, number), set())
        return next(iter(fits)) if len(fits) == 1 else None
