"""What a title, a sheet's name or a heading says of an exam: kind, ordinal, 学期, day, 年级 (DOMAIN rules 13 and 16).

Nothing is made up: what the words do not say is empty. A word such as 质检 or 联考 names an exam, but not its 类型: it stands in
``word`` and the caller asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.importing.exam_days import DayWords, day_words
from xlbangfu.documents.importing.school_terms import Term, TermWords, term_words, terms_of_day
from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_mentions import grade_mentions
from xlbangfu.rules.numerals import whole_number

_N = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_KINDS = (
    ("期中", "期中|半期|中期(?=考|测|检)"),
    ("期末", "期末|学期末|终期考"),
    ("模拟", f"模拟|模考|(?<!规)[一二三四五][模](?!块|型|范)|{_N}模(?=考|$|[^块型范])"),
    ("月考", "月考|月测|月度考"),
    ("单元", "单元|Unit ?[0-9]|unit ?[0-9]"),
    ("竞赛", "竞赛|奥赛|联赛|知识比赛|口算赛"),
    ("摸底", "摸底|入学(?=考|测|检|摸|诊|成|$)|开学(?=考|测|检|摸|初|第|成|$)"),
)
_OTHER = (
    "质检|质量检测|质量监测|质量调研|教学质量|调研|联考|统考|抽测|抽考|抽检|会考|学考|学业水平|结业|毕业考|中考|高考|一诊|二诊|三诊|诊断|"
    f"一检|二检|三检|{_N}检(?=$|考)|一调|二调|三调|段考|阶段|周测|周考|周练|周周|小测|小考|测验|随堂|练习|限时|补考|分班|选拔|调考|适应性|"
    "学情|综合素质|考试|测试|检测|监测|考核|测评|评估"
)
_KIND_FORMS = tuple((kind, late_pattern(form)) for kind, form in _KINDS)
_OTHER_FORM = late_pattern(_OTHER)
_ORDINALS = (
    late_pattern(f"第({_N})(?:次|轮|回|套|周)"),
    late_pattern(f"第?({_N})单元"),
    late_pattern("[Uu]nit ?([0-9]{1,2})"),
    late_pattern(f"(?<!第)({_N})(?:模|诊|检|调)(?!块|型|范|查|研)"),
    late_pattern(
        f"(?:月考|模拟|模考|单元|竞赛|摸底|联考|质检|调研|周测|周考|周练|诊断|段考|测试|检测|考试|测验|小测|期中|期末)[(]?第?({_N})[)]?(?![0-9月年日.])"
    ),
)
_MONTH = late_pattern(f"({_N})月(?:份)?(?![0-9]|考[一二三四五六七八九十0-9])")
_NO_TERM, _NO_DAY = TermWords(), DayWords()


class Same(Enum):
    """Whether words mean a registered exam."""

    YES = "是同一次"
    MAYBE = "可能是同一次"
    NO = "不是同一次"


class ExamWords(Struct, frozen=True, kw_only=True):
    """What one or several texts say of an exam.

    ``kinds`` are the 类型 that the words name: one is sure, several (期末模拟) or none are asked. ``word`` is the first word
    that says that it is an exam at all. ``ordinal`` is 6 of 第六次, 3 of 第三单元, 2 of 二模; ``month`` is 10 of 10月月考.
    ``differing`` names what two texts said differently: 类型, 次序, 学期, 日期.
    """

    kinds: tuple[str, ...] = ()
    word: str = ""
    ordinal: int | None = None
    month: int | None = None
    term: TermWords = _NO_TERM
    days: DayWords = _NO_DAY
    grades: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: object) -> ExamWords:
        """What one text says.

        >>> words = ExamWords.of("2025—2026学年度第一学期初一第六次月考成绩表（2026年1月9日）")
        >>> words.kind, words.ordinal, str(words.term.term), words.day.isoformat(), words.grades
        ('月考', 6, '2025-2026上', '2026-01-09', ('初一',))
        """
        days, without_day = day_words(text)
        term, rest = term_words(without_day)
        grades = tuple(grade_mentions(rest))
        for grade in grades:
            rest = rest.replace(grade, "·")
        kinds = tuple(kind for kind, form in _KIND_FORMS if form.search(rest))
        return cls(
            kinds=kinds,
            word=_word(rest, kinds),
            ordinal=_ordinal(rest),
            month=_month(rest, days) if kinds or _OTHER_FORM.search(rest) else None,
            term=term,
            days=days,
            grades=grades,
        )

    @classmethod
    def together(cls, texts: Iterable[object]) -> ExamWords:
        """What several texts say, the nearest first; a text further away only fills what is open."""
        words = cls()
        for text in texts:
            words = words.filled(cls.of(text))
        return words

    @property
    def kind(self) -> str | None:
        """类型, where the words name exactly one."""
        return self.kinds[0] if len(self.kinds) == 1 else None

    @property
    def names_exam(self) -> bool:
        return bool(self.kinds or self.word)

    @property
    def day(self) -> date | None:
        """The day, its year from the 学年 where only that is missing."""
        return self.days.within(self.term)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that the words allow: one is sure, none means that 学期 and 日期 contradict each other or are not said."""
        if self.day is None:
            return (self.term.term,) if self.term.term else self.term.either or self._by_month()
        return tuple(term for term in terms_of_day(self.day) if self.term.allows(term))

    @property
    def contradict(self) -> bool:
        """Whether the day lies in no term that is named."""
        return self.day is not None and not self.terms

    def filled(self, other: ExamWords) -> ExamWords:
        """This, with what it leaves open taken from another; what the two say differently is noted."""
        return ExamWords(
            kinds=self.kinds or other.kinds,
            word=self.word or other.word,
            ordinal=self.ordinal if self.ordinal is not None or self._is_other(other) else other.ordinal,
            month=self.month if self.month is not None else other.month,
            term=_filled_term(self.term, other.term),
            days=self.days if self.days != _NO_DAY else other.days,
            grades=self.grades or other.grades,
            differing=tuple(dict.fromkeys((*self.differing, *other.differing, *self._differing(other)))),
        )

    def _is_other(self, other: ExamWords) -> bool:
        return bool(self.kinds and other.kinds and self.kinds != other.kinds)

    def _differing(self, other: ExamWords) -> Iterable[str]:
        if self._is_other(other):
            yield "类型"
        if None not in (self.ordinal, other.ordinal) and self.ordinal != other.ordinal and not self._is_other(other):
            yield "次序"
        if self.term.term and not other.term.allows(self.term.term):
            yield "学期"
        if self.days.day and other.days.day and self.days.day != other.days.day:
            yield "日期"

    def _by_month(self) -> tuple[Term, ...]:
        if not self.days.month:
            return ()
        year, month = self.days.month
        first, last = terms_of_day(date(year, month, 1)), terms_of_day(date(year, month, 28))
        return tuple(term for term in dict.fromkeys((*last, *first)) if self.term.allows(term))


def _word(rest: str, kinds: tuple[str, ...]) -> str:
    if kinds:
        return kinds[0]
    found = _OTHER_FORM.search(rest)
    return found[0] if found else ""


def _ordinal(rest: str) -> int | None:
    for form in _ORDINALS:
        if found := form.search(rest):
            return whole_number(found[1])
    return None


def _month(rest: str, days: DayWords) -> int | None:
    """The month by which a 月考 is called, or the one of a date that has no day."""
    found = _MONTH.search(rest)
    number = whole_number(found[1]) if found else None
    if number is not None and 1 <= number <= 12:
        return number
    return days.month[1] if days.month else None


def _filled_term(near: TermWords, far: TermWords) -> TermWords:
    if near.term:
        return near
    if near.either:
        return far if far.term in near.either else near
    if far.either:
        fits = tuple(term for term in far.either if near.allows(term))
        return TermWords(year=fits[0].year, half=fits[0].half) if len(fits) == 1 else replace(far, either=fits)
    return TermWords(year=near.year if near.year is not None else far.year, half=near.half or far.half)


_NOTHING = ExamWords()


class Registered(Struct, frozen=True, kw_only=True):
    """What 考试 says of an exam, to compare with."""

    kind: str | None
    term: Term | None
    day: date | None
    grades: frozenset[object] = frozenset()  # levels, or whatever compares; empty: all
    words: ExamWords = _NOTHING  # of its 名称 and 考试编号


_ONCE_A_TERM = ("期中", "期末")


def same_exam(
    words: ExamWords, exam: Registered, *, grades: frozenset[object] = frozenset(), term: Term | None = None
) -> Same:
    """Whether words mean a registered exam; ``grades`` and ``term`` are those of the words, as ``exam`` has them.

    Kind, 学期, 年级, ordinal and day tell exams apart. What only one side says leaves it open, but for 期中 and 期末, of which
    a 年级 has one a term.
    """
    named = exam.words.ordinal
    if words.kind and exam.kind and words.kind != exam.kind:
        return Same.NO
    if term and exam.term and term != exam.term:
        return Same.NO
    if grades and exam.grades and not grades & exam.grades:
        return Same.NO
    if None not in (words.ordinal, named) and words.ordinal != named:
        return Same.NO
    if _months_differ(words, exam):
        return Same.NO
    if words.day and exam.day:
        if words.day == exam.day:
            return Same.YES if words.kind == exam.kind else Same.MAYBE
        return Same.MAYBE if abs((words.day - exam.day).days) <= 7 and words.kind in _ONCE_A_TERM else Same.NO
    if words.kind != exam.kind or not words.kind or not (term and exam.term):
        return Same.MAYBE
    alike = words.ordinal == named and (words.kind in _ONCE_A_TERM or named is not None)
    return Same.YES if alike or _months_agree(words, exam) else Same.MAYBE


def _months_differ(words: ExamWords, exam: Registered) -> bool:
    other = exam.words.month or (exam.day.month if exam.day else None)
    return None not in (words.month, other) and words.month != other


def _months_agree(words: ExamWords, exam: Registered) -> bool:
    return words.month is not None and words.month == (exam.words.month or (exam.day.month if exam.day else None))
