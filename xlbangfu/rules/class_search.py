"""One look-up of a class or a 年级 among those of the school; ``class_names`` is the door to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from xlbangfu.rules.class_answers import BARE, CONFLICT, RUN, Ambiguous, Found, FoundGrade, Readings, Unknown
from xlbangfu.rules.class_texts import ClassText, class_label, class_texts
from xlbangfu.rules.grades import ENTRY, GRADUATION, GradeText, Ladder, Level, grade_name, grade_text
from xlbangfu.rules.numerals import half_width


class SchoolClass(Struct, frozen=True):
    name: str
    grade: str
    level: int | None  # today
    label: str
    moves_up: bool  # its name does not say the 年级

    def level_in(self, years_ago: int) -> int | None:
        """The level that bore its name some years ago."""
        return self.level - years_ago if self.level is not None and self.moves_up else self.level


def school_class(name: str, grade: str, ladder: Ladder, school_year: int) -> SchoolClass:
    ways = class_texts(name)
    own = next((way.grade for way in ways if way.grade), None)
    text = grade_text(grade) if grade else own
    levels = ladder.levels(text, school_year) if text else ()
    level = levels[0].value if len(levels) == 1 else None
    fits = [way for way in ways if level in _values(way, ladder, school_year)]
    label = fits[0].label if fits else class_label(name, grade)
    named = fits[0].grade if fits else own
    return SchoolClass(name, grade, level, label, moves_up=named is None or named.year is not None)


def _values(way: ClassText, ladder: Ladder, school_year: int) -> list[int]:
    return [level.value for level in ladder.levels(way.grade, school_year)] if way.grade else []


class Search(Struct, frozen=True):
    """One look-up: the school year of the text, and what was answered before."""

    ladder: Ladder
    school_year: int  # of today
    classes: tuple[SchoolClass, ...]
    by_text: Mapping[str, SchoolClass]
    year: int  # of the text
    readings: Readings

    @property
    def years_ago(self) -> int:
        return self.school_year - self.year

    def find(self, typed: str, grade: str) -> Found | Ambiguous | Unknown:
        plain = half_width(typed)
        bound = self._levels(grade_text(grade) if grade else None)
        for text in dict.fromkeys((typed, plain, grade + plain)):
            if (one := self.by_text.get(text)) and self._agrees(one, bound):
                return self._found(one)
        ways = class_texts(plain)
        sure = self._fitting(ways, bound)
        if len(sure) == 1:
            return self._found(sure[0])
        return self._unsure(ways, bound, sure) or self._new(ways, bound)

    def find_grade(self, plain: str) -> FoundGrade | Ambiguous | Unknown:
        text = grade_text(plain)
        levels = self._levels(text)
        if text is None or not levels:
            return Unknown()
        if len(levels) > 1 or levels[0].reading:
            names = tuple(dict.fromkeys(self.grade_named(level.value) for level in levels))
            return Ambiguous(names, _form(text), tuple(level.reading for level in levels))
        level = levels[0].value
        now = level + self.years_ago
        here = self.ladder.stage_of(now) in (self.ladder.stages or {self.ladder.stage_of(level)})
        return FoundGrade(level, self.grade_named(level), self.grade_named(now) if here and now < 13 else None)

    def grade_named(self, level: int) -> str:
        """年级 of a level: as the school writes it, else in the way of its other grades."""
        grades = {one.level: one.grade for one in reversed(self.classes) if one.level is not None and one.grade}
        if level in grades:
            return grades[level]
        stage = self.ladder.stage_of(level)
        alike = [grade for at, grade in grades.items() if self.ladder.stage_of(at) == stage]
        counted = level < 10 and any(re.fullmatch("[一二三四五六七八九]年级", grade) for grade in alike)
        return f"{'一二三四五六七八九'[level - 1]}年级" if counted else grade_name(level, self.ladder)

    def _levels(self, text: GradeText | None) -> tuple[Level, ...]:
        """The levels of a 年级, only that of the answer where there is one."""
        levels = self.ladder.levels(text, self.year) if text else ()
        answer = self.readings.get(_form(text)) if text else None
        chosen = tuple(Level(level.value) for level in levels if level.reading and level.reading == answer)
        return chosen or levels

    def _agrees(self, one: SchoolClass, bound: tuple[Level, ...]) -> bool:
        return not bound or one.level is None or one.level_in(self.years_ago) in {level.value for level in bound}

    def _fitting(self, ways: Iterable[ClassText], bound: tuple[Level, ...]) -> list[SchoolClass]:
        """The classes that are surely meant."""
        levels = {(level.value, way.label) for way in ways for level in self._sure(way, bound)}
        return self._at(levels)

    def _sure(self, way: ClassText, bound: tuple[Level, ...]) -> list[Level]:
        """The levels of a way to read the text that need no question: those that ``bound`` confirms, or its only one."""
        single = len(bound) == 1 and not bound[0].reading
        if way.grade is None:
            return list(bound) if single else []
        levels = self._levels(way.grade)
        if bound:
            return [level for level in levels if level.value in {other.value for other in bound}]
        return [level for level in levels if not level.reading]

    def _at(self, places: set[tuple[int, str]]) -> list[SchoolClass]:
        fits = (one for one in self.classes if (one.level_in(self.years_ago), one.label) in places)
        return list(dict.fromkeys(fits))

    def _unsure(
        self, ways: tuple[ClassText, ...], bound: tuple[Level, ...], sure: list[SchoolClass]
    ) -> Ambiguous | None:
        """The classes that may be meant, in any reading."""
        found = {one: ("班级", one.name) for one in sure}
        for way in ways:
            for one, form, reading in self._possible(way, bound):
                found.setdefault(one, (form, reading))
        if not found:
            return None
        forms = [form for form, _ in found.values()]
        return Ambiguous(tuple(one.name for one in found), forms[0], tuple(reading for _, reading in found.values()))

    def _possible(self, way: ClassText, bound: tuple[Level, ...]) -> Iterable[tuple[SchoolClass, str, str]]:
        """Classes that a way to read the text may mean, with the form and the reading of each."""
        if way.grade is None and not bound:
            return [(one, BARE, one.grade) for one in self.classes if one.label == way.label]
        levels = self._levels(way.grade) if way.grade else bound
        meant = {level.value for level in bound}
        return [
            (one, _form(way.grade), level.reading) if level.reading else (one, CONFLICT, one.grade)
            for level in levels
            for one in self._at({(level.value, way.label)})
            if level.reading or level.value not in meant
        ]

    def _new(self, ways: tuple[ClassText, ...], bound: tuple[Level, ...]) -> Unknown | Ambiguous:
        """What is sure about a class that the school does not have."""
        places = {(level.value, way.label) for way in ways for level in self._sure(way, bound)}
        if len(places) == 1:
            return Unknown(*places.pop())
        for way in ways:
            levels = self._levels(way.grade) if way.grade and not bound else ()
            if levels and all(level.reading for level in levels):
                return Ambiguous((), _form(way.grade), tuple(level.reading for level in levels))
        return Unknown(None, ways[-1].label if len({way.label for way in ways}) == 1 else "")

    def _found(self, one: SchoolClass) -> Found:
        then = one.level_in(self.years_ago)
        if one.moves_up or not self.years_ago or then is None:
            return Found(one.name, one.name)
        now, ladder = then + self.years_ago, self.ladder
        here = ladder.stage_of(then) == ladder.stage_of(now)
        today = [other for other in self.classes if here and (other.level, other.label) == (now, one.label)]
        return Found(one.name, today[0].name if len(today) == 1 else None)


def _form(text: GradeText | None) -> str:
    if text is None:
        return BARE
    return {ENTRY: ENTRY, GRADUATION: GRADUATION}.get(text.by, RUN)
