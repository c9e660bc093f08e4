"""学期: which a day lies in, which a text names (DOMAIN rule 13).

August to January is 上, March to July is 下. February and the second half of August are either, unless the school's own dates
say which. 上学期 without a year is open, and so is 2026年上学期: some schools call the spring so.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.numerals import half_width
from xlbangfu.settings import Settings

AUTUMN, SPRING = "上", "下"
_LATE_AUGUST = 16
_YEARS = late_pattern(
    r"(?<!\d)(20\d\d|\d\d)[-/至到](?:20)?(\d\d)(?!\d)(?:学?年度?)?(?:-([12])(?!\d))?"
)  # 2025-2026学年, 25-26, 2025-2026-1
_ONE_YEAR = late_pattern(r"(?<!\d)(20\d\d)学年度?")
_SEASON = late_pattern(r"(?<!\d)(20\d\d|\d\d)年?(?:学年)?(春(?!节|游|招)|秋(?!游))(?:季?学?期(?![中末])|季)?")
_CALENDAR_HALF = late_pattern(r"(?<!\d)(20\d\d)年?([上下])(?:半年|学?期(?![中末])|(?=期[中末]|模拟|摸底|月考|$))")
_HALVES = (
    (late_pattern(r"第?[一1]学期|上学期|秋季学?期?(?![中末])|秋学期|秋期(?![中末])"), AUTUMN),
    (late_pattern(r"第?[二2]学期|下学期|春季学?期?(?![中末])|春学期|春期(?![中末])"), SPRING),
    (late_pattern(r"[(]上[)]|上(?=期[中末]|模拟|摸底|月考|$)"), AUTUMN),
    (late_pattern(r"[(]下[)]|下(?=期[中末]|模拟|摸底|月考|$)"), SPRING),
)


class Term(Struct, frozen=True, order=True):
    """A 学期 of the school year that begins in ``year``."""

    year: int
    half: str

    def __str__(self) -> str:
        """As 考试 has it.

        >>> str(Term(2025, "下"))
        '2025-2026下'
        """
        return f"{self.year}-{self.year + 1}{self.half}"

    def day(self, month: int, day: int) -> date | None:
        """The day of this term's school year; None if there is no such day."""
        try:
            return date(self.year + (month < 8), month, day)
        except ValueError:
            return None


class TermWords(Struct, frozen=True, kw_only=True):
    """What a text says of the 学期; ``either`` are the terms that it may mean where it is open."""

    year: int | None = None
    half: str = ""
    either: tuple[Term, ...] = ()

    @property
    def term(self) -> Term | None:
        return Term(self.year, self.half) if self.year is not None and self.half else None

    def allows(self, term: Term) -> bool:
        """Whether a term does not contradict what is said."""
        if self.either:
            return term in self.either
        return self.year in (None, term.year) and self.half in ("", term.half)


def term_words(text: object) -> tuple[TermWords, str]:
    """What a text says of the 学期, and the text without it.

    >>> term_words("2025—2026学年度第一学期期中")[0].term, term_words("2026年春季学期期末")[0].term
    (Term(year=2025, half='上'), Term(year=2025, half='下'))
    >>> term_words("上学期期末")[0].term is None, [str(term) for term in term_words("2026年上学期")[0].either]
    (True, ['2026-2027上', '2025-2026下'])
    """
    plain = half_width(text)
    if found := next((found for found in _YEARS.finditer(plain) if _follow(found[1], found[2])), None):
        half, rest = _half_after(plain, found)
        numbered = {"1": AUTUMN, "2": SPRING}.get(found[3] or "", "")
        return TermWords(year=_year(found[1]), half=half or numbered), rest
    if found := _SEASON.search(plain):
        autumn = found[2] == "秋"
        return TermWords(year=_year(found[1]) - (not autumn), half=AUTUMN if autumn else SPRING), plain.replace(
            found[0], "", 1
        )
    if found := _ONE_YEAR.search(plain):
        half, rest = _half_after(plain, found)
        return TermWords(year=int(found[1]), half=half), rest
    if found := _CALENDAR_HALF.search(plain):
        year, first = int(found[1]), found[2] == AUTUMN
        usual, calendar = (
            (Term(year, AUTUMN), Term(year - 1, SPRING)) if first else (Term(year, SPRING), Term(year, AUTUMN))
        )
        return TermWords(either=(usual, calendar)), plain.replace(found[0], "", 1)
    half, rest = _half(plain)
    return TermWords(half=half), rest


def _follow(first: str, second: str) -> bool:
    return (int(first[-2:]) + 1) % 100 == int(second)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _half_after(plain: str, years: re.Match[str]) -> tuple[str, str]:
    """上 or 下 right behind the years of 26-27上 and 2025-2026学年上期, else where it stands otherwise."""
    before, behind = plain[: years.start()], plain[years.end() :]
    if found := re.match("([上下])(?:学?期(?![中末]))?", behind):
        return found[1], before + behind[found.end() :]
    return _half(before + behind)


def _half(plain: str) -> tuple[str, str]:
    for form, half in _HALVES:
        if found := form.search(plain):
            return half, plain.replace(found[0], "", 1)
    return "", plain


def terms_of_day(day: date, settings: Settings | None = None) -> tuple[Term, ...]:
    """The terms in which a day may lie, one if that is sure; the school's dates decide what the month leaves open.

    >>> [str(term) for term in terms_of_day(date(2026, 7, 2))], [str(term) for term in terms_of_day(date(2027, 1, 20))]
    (['2025-2026下'], ['2026-2027上'])
    >>> [str(term) for term in terms_of_day(date(2027, 2, 20))]
    ['2026-2027上', '2026-2027下']
    """
    year = day.year if day.month >= 8 else day.year - 1
    usual = (Term(year, SPRING if 3 <= day.month <= 7 else AUTUMN),)
    if day.month == 2:
        either = (Term(year, AUTUMN), Term(year, SPRING))
    elif day.month == 8 and day.day >= _LATE_AUGUST:
        either = (Term(year, AUTUMN), Term(year - 1, SPRING))
    else:
        return usual
    own = _own_term(day, settings) if settings else None
    return (own,) if own in either else either


def _own_term(day: date, settings: Settings) -> Term | None:
    """The term in which the school's own dates put a day."""
    now = term_words(settings.term)[0].term
    if now is None or not settings.year_start <= day <= settings.year_end:
        return None
    if settings.term_start <= day <= settings.term_end:
        return now
    return Term(now.year, AUTUMN) if day < settings.term_start and now.half == SPRING else None
