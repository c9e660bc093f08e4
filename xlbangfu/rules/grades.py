"""年级 by whatever name: 初一 = 七年级 = 2026级 in the school year 2026-2027 (DOMAIN rule 13).

A *level* is the year of schooling, 1 to 12: 三年级 is 3, 高一 is 10. Which level 初一 is, 「学制」 says: 7 in 六三, 6 in 五四, and
7 with 预初 as 6 in Shanghai's 五四. A school year is the year in which it begins: 2026 is 2026-2027. 2026级 came in 2026;
2026届 leaves in 2026 for some schools and came then for others, so it is never sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.numerals import half_width, whole_number
from xlbangfu.settings.parsers import SYSTEMS

PRIMARY, MIDDLE, HIGH = "小学", "初中", "高中"
STAGES = (PRIMARY, MIDDLE, HIGH)
SIX_THREE, FIVE_FOUR, FIVE_FOUR_SHANGHAI = SYSTEMS

ENTRY, GRADUATION = "级", "届"
ENTERED, LEAVES = "入学", "毕业"
_FIRST_SIGNS = {"小": PRIMARY, "初": MIDDLE, "高": HIGH}
_NUMERAL = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})"
_STAGE = "(?:小学|初中|高中|[小初高])"
_FORMS = (
    late_pattern("(?P<before>预初|初预|预备年级|预备班)(?:年级)?"),
    late_pattern(f"(?P<stage>{_STAGE})?(?P<year>20[0-9]{{2}}|[0-9]{{2}})(?P<by>[级届])(?P<after>{_STAGE})?(?:年级)?"),
    late_pattern(f"(?P<stage>{_STAGE})(?P<place>[0-9](?![0-9]{3})|[一二三四五六七八九])(?:年级|年)?"),
    late_pattern(f"(?P<place>{_NUMERAL})(?:年级|年)"),
)
_BARE = late_pattern(f"(?P<place>{_NUMERAL})级?")


class GradeText(Struct, frozen=True):
    """What a text says of a 年级: its place (1 in 初一) or its year (2026 in 2026级), and the 学段 if it names one.

    ``sure`` is whether the text says that it is a 年级 at all: 七年级, not the 7 in 701.
    """

    stage: str = ""
    place: int | None = None
    year: int | None = None
    by: str = ""
    sure: bool = True
    preparatory: bool = False


class Level(Struct, frozen=True):
    """One level that a text may mean; ``reading`` is how it must be read for that, empty if there is no other way."""

    value: int
    reading: str = ""


def split_grade(text: str) -> Iterable[tuple[GradeText, str]]:
    """Every way to take a 年级 off the beginning of a text in half width, with what is left of it."""
    for form in _FORMS:
        if found := form.match(text):
            yield _grade_text(found, sure=True), text[found.end() :]


@lru_cache(maxsize=256)
def grade_text(text: str) -> GradeText | None:
    """A text that is a 年级 and nothing else.

    >>> grade_text("高2026级"), grade_text("班主任")
    (GradeText(stage='高中', place=None, year=2026, by='级', sure=True, preparatory=False), None)
    """
    plain = half_width(text).removeprefix("(").removesuffix(")")
    for form in _FORMS:
        if found := form.fullmatch(plain):
            return _grade_text(found, sure=True)
    found = _BARE.fullmatch(plain)
    return _grade_text(found, sure=False) if found else None


def _grade_text(found: re.Match[str], *, sure: bool) -> GradeText:
    parts = found.groupdict()
    if parts.get("before"):
        return GradeText(MIDDLE, preparatory=True)
    sign = (parts.get("stage") or parts.get("after") or "")[:1]
    year, place = parts.get("year"), parts.get("place")
    return GradeText(
        stage=_FIRST_SIGNS.get(sign, ""),
        place=whole_number(place) if place else None,
        year=int(year) + (2000 if len(year) == 2 else 0) if year else None,
        by=parts.get("by") or "",
        sure=sure,
    )


class Ladder(Struct, frozen=True):
    """The levels that a school has: its 学制 and its 学段 (empty: not known yet, so any)."""

    system: str = SIX_THREE
    stages: frozenset[str] = frozenset()

    def span(self, stage: str) -> range:
        """The levels of a 学段.

        >>> Ladder().span("初中"), Ladder("五四").span("初中")
        (range(7, 10), range(6, 10))
        """
        first = 7 if self.system == SIX_THREE else 6
        if stage == PRIMARY:
            return range(1, first)
        return range(first, 10) if stage == MIDDLE else range(10, 13)

    def stage_of(self, level: int) -> str:
        return next((stage for stage in STAGES if level in self.span(stage)), "")

    def named(self, stage: str, place: int) -> int | None:
        """The level of the place-th year of a 学段: 初一 is 7, in 五四 6; None if it has no such year."""
        first = 7 if stage == MIDDLE and self.system == FIVE_FOUR_SHANGHAI else self.span(stage)[0]
        level = first + place - 1
        return level if level in self.span(stage) else None

    def entry(self, level: int, school_year: int) -> int:
        """The year in which those came who are at that level in that school year."""
        return school_year - (level - self.span(self.stage_of(level))[0])

    def levels(self, grade: GradeText, school_year: int) -> tuple[Level, ...]:
        """What a text may mean in a school year, the likeliest first; one without a reading is sure.

        >>> six_three, both = Ladder(), Ladder(stages=frozenset({"初中", "高中"}))
        >>> [level.value for level in six_three.levels(grade_text("初一"), 2026)]
        [7]
        >>> [(level.value, level.reading) for level in both.levels(grade_text("2026级"), 2026)]
        [(7, '初中'), (10, '高中')]
        """
        if grade.preparatory:
            return (Level(6),)
        if grade.year is not None:
            return self._by_year(grade, grade.year, school_year)
        return self._by_place(grade, grade.place or 0)

    def _by_place(self, grade: GradeText, place: int) -> tuple[Level, ...]:
        if grade.stage:
            level = self.named(grade.stage, place) or (place if place in self.span(grade.stage) else None)
            return (Level(level),) if level else ()
        stages = [stage for stage in STAGES if stage in (self.stages or STAGES)]
        if self.stage_of(place) in stages and (grade.sure or place > 4):
            return (Level(place),)
        named = [(self.named(stage, place), stage) for stage in stages]
        found = tuple(Level(level, stage) for level, stage in named if level)
        return (Level(place),) if [level.reading for level in found] == [PRIMARY] else found

    def _by_year(self, grade: GradeText, year: int, school_year: int) -> tuple[Level, ...]:
        stages = [s for s in STAGES if s == grade.stage or (not grade.stage and s in (self.stages or STAGES))]
        came = [(self.span(stage)[0] + school_year - year, stage) for stage in stages]
        leaves = [(self.span(stage)[-1] - (year - school_year - 1), stage) for stage in stages]
        entered = [(level, stage) for level, stage in came if level in self.span(stage)]
        leaving = [(level, stage) for level, stage in leaves if level in self.span(stage)]
        if grade.by == GRADUATION or not entered:
            both = [(leaving, LEAVES), (entered, ENTERED)]
            return tuple(Level(level, f"{way}·{stage}") for found, way in both for level, stage in found)
        if len(entered) == 1:
            return (Level(entered[0][0]),)
        return tuple(Level(level, stage) for level, stage in entered)


def grade_name(level: int, ladder: Ladder) -> str:
    """How a level is usually called.

    >>> grade_name(8, Ladder()), grade_name(3, Ladder()), grade_name(6, Ladder("五四预初"))
    ('初二', '三年级', '预初')
    """
    stage = ladder.stage_of(level)
    if stage == PRIMARY:
        return f"{'一二三四五六'[level - 1]}年级"
    place = next((place for place in range(1, 7) if ladder.named(stage, place) == level), None)
    return f"{stage[0]}{'一二三四五六'[place - 1]}" if place else "预初"
