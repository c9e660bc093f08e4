"""The one comparer of class and grade names: which class of the school is meant (DOMAIN rule 13).

七年级(1)班 = 初一1班 = 七1 = 701 = 2026级1班 = 2601班: two names are one class if 年级 and number agree, in the school year of
the text. Names without a number (实验班, GP-15) compare by text. What can be read in more than one way is ``Ambiguous``: the
caller asks, and may give the answer as ``readings`` (form to reading) so that one answer serves for every name of that form.

The school's classes are those of today's school year. A class that is called by its 年级 (初一1班) is the 初一 of every year:
its name stays and its students go. One that is called by its year (2026级1班) moves up with its students.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from xlbangfu.rules.class_answers import BARE, CONFLICT, RUN, Ambiguous, Found, FoundGrade, Readings, Unknown
from xlbangfu.rules.class_lists import split_classes
from xlbangfu.rules.class_search import SchoolClass, Search, school_class
from xlbangfu.rules.grades import SIX_THREE, Ladder
from xlbangfu.rules.numerals import half_width

__all__ = [
    "BARE",
    "CONFLICT",
    "RUN",
    "Ambiguous",
    "ClassNames",
    "Found",
    "FoundGrade",
    "Readings",
    "Unknown",
]


class ClassNames(Struct, frozen=True):
    """The classes of a school, found by however they are written."""

    ladder: Ladder
    school_year: int
    classes: tuple[SchoolClass, ...]
    by_text: Mapping[str, SchoolClass]

    @classmethod
    def of(
        cls,
        classes: Iterable[tuple[str, str | None]],
        *,
        school_year: int,
        stages: Iterable[str] = (),
        system: str = SIX_THREE,
    ) -> ClassNames:
        """From pairs of 班级 and 年级; the 学段 are those that the classes show, else ``stages`` (empty: any).

        >>> names = ClassNames.of([("初一1班", "初一"), ("初二1班", "初二")], school_year=2026)
        >>> names.find("2601班")
        Found(class_name='初一1班', today='初一1班')
        >>> names.find("七(1)班", school_year=2025)
        Found(class_name='初一1班', today='初二1班')
        """
        pairs = [(name, grade or "") for name, grade in classes]
        every = Ladder(system, frozenset(stages))
        known = [school_class(name, grade, every, school_year) for name, grade in pairs]
        shown = frozenset(every.stage_of(one.level) for one in known if one.level)
        ladder = Ladder(system, shown or every.stages)
        by_text = {half_width(one.name): one for one in reversed(known)} | {one.name: one for one in reversed(known)}
        return cls(ladder, school_year, tuple(known), by_text)

    def find(
        self,
        text: object,
        grade: object = None,
        *,
        school_year: int | None = None,
        readings: Readings | None = None,
    ) -> Found | Ambiguous | Unknown:
        """The class that a text means; ``grade`` is what else is known of the 年级, and binds."""
        return self._search(school_year, readings).find(str(text).strip(), half_width(grade or ""))

    def find_grade(
        self, text: object, *, school_year: int | None = None, readings: Readings | None = None
    ) -> FoundGrade | Ambiguous | Unknown:
        """The 年级 that a text means.

        >>> names = ClassNames.of([("初一1班", "初一"), ("初二1班", "初二")], school_year=2026)
        >>> names.find_grade("七年级", school_year=2025)
        FoundGrade(level=7, name='初一', today='初二')
        """
        return self._search(school_year, readings).find_grade(half_width(text))

    def grade_of(self, class_name: str) -> str:
        """年级 of a class as 班级 has it; empty where it has none."""
        one = self.by_text.get(half_width(class_name))
        return one.grade if one else ""

    def grade_named(self, level: int) -> str:
        """年级 of a level: as the school writes it, else in the way of its other grades.

        >>> names = ClassNames.of([("七(1)班", "七年级")], school_year=2026)
        >>> names.grade_named(8), names.grade_named(10)
        ('八年级', '高一')
        """
        return self._search(None, None).grade_named(level)

    def same_class(self, one: str, other: str) -> bool:
        """Whether two texts are surely one class of the school today, or the same text."""
        if half_width(one) == half_width(other):
            return True
        found = [self.find(text) for text in (one, other)]
        return isinstance(found[0], Found) and found[0] == found[1]

    def split(self, cell: str) -> list[str]:
        """The parts of a cell that names several classes; a class whose own name has / or 、 in it stays whole.

        >>> names = ClassNames.of([("物理/化学班", "高二"), ("初一1班", "初一"), ("初一2班", "初一")], school_year=2026)
        >>> names.split("物理/化学班、七1、2班")
        ['物理/化学班', '七1', '七2班']
        """
        return split_classes(cell, frozenset(self.by_text))

    def new_name(self, grade: str, label: str) -> str:
        """What a class that the school does not have yet is called: in the way of its others."""
        named = (one for one in self.classes if one.grade and not one.moves_up and one.label.isdigit())
        like = next((one for one in named if one.name.startswith(one.grade)), None)
        rest = like.name.removeprefix(like.grade) if like else ""
        ending = rest.replace(like.label, "{}", 1) if like and rest.count(like.label) == 1 else "{}班"
        return grade + ending.format(label)

    def _search(self, school_year: int | None, readings: Readings | None) -> Search:
        year = school_year or self.school_year
        return Search(self.ladder, self.school_year, self.classes, self.by_text, year, readings or {})
