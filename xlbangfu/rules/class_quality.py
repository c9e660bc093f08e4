"""质量分析: the classes of a 年级 beside each other in one exam (DOMAIN rule 3), as it is read and not as it is filtered.

* The exam of a 年级 is the one chosen, else its latest of a kind that all sit (``ATTENDED``) in the newest school year that any
  年级 has exams of; a 年级 that did not sit it has no part.
* A figure is rounded as it is shown: 平均分 to 0.1, a rate to a whole percent. The difference to the 年级 and the change of
  that difference are reckoned from the rounded figures, so that whoever subtracts what stands there finds the same.
* 上次 and the trend are of earlier exams of the same school year and subjects: a total of other papers is another measure.
* Classes come by the difference of 总分, the best first, equal ones by name; the order is that of every measure.
* No rate of fewer than ``LEAST`` who sat. What is not known is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import polars as pl
from msgspec import Struct

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.exam_papers import TOTAL
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.school import School
from xlbangfu.schema import EXAMS

ATTENDED = ("期中", "期末", "月考", "模拟")
LEAST = 5  # who sat, for a rate
TREND = 4  # exams
WHOLE = "年级"


class Measure(Struct, frozen=True, kw_only=True):
    """One of 一分三率: how many places are shown, and whether a high figure is a good one."""

    name: str
    column: str
    unit: str
    scale: int = 100
    places: int = 0
    high_is_good: bool = True
    small: float = 3  # a difference within it is nothing to speak of

    @property
    def large(self) -> float:
        return 3 * self.small


MEAN = Measure(name="平均分", column="平均分", unit="分", scale=1, places=1, small=1)
LOW_RATE = Measure(name="低分率", column="低分率", unit="%", high_is_good=False)
MEASURES = (
    MEAN,
    Measure(name="优秀率", column="优秀率", unit="%"),
    Measure(name="及格率", column="及格率", unit="%"),
    LOW_RATE,
)
_MEAN, _EXCELLENT, _PASSING, _LOW = MEASURES

Key = tuple[str, str | None, str, str]  # exam, class (None: the whole 年级), subject, measure


class Figure(Struct, frozen=True, kw_only=True):
    """A rounded figure and how much it is above (below: negative) that of the 年级."""

    value: float | None
    difference: float | None = None


class Bands(Struct, frozen=True, kw_only=True):
    """The shares of a class by its totals, in whole percent of those who sat; they add up to 100."""

    excellent: int
    passing: int
    middle: int
    low: int

    @property
    def shares(self) -> tuple[int, int, int, int]:
        return self.excellent, self.passing, self.middle, self.low


class Exam(Struct, frozen=True, kw_only=True):
    """An exam as 考试 has it; ``year`` is the school year of its 学期."""

    key: str
    name: str
    kind: str
    term: str
    day: date

    @property
    def school_year(self) -> str:
        return self.term.rstrip("上下")


class YearQuality(Struct, frozen=True, dict=True):
    """One 年级 in one exam. ``classes`` are in the order of the sheet; ``exams`` are the comparable ones up to this, oldest
    first."""

    year: str
    exams: tuple[Exam, ...]
    subjects: tuple[str, ...]
    classes: tuple[str, ...]
    figures: Mapping[Key, float]
    sat: Mapping[tuple[str | None, str], int]

    @property
    def exam(self) -> Exam:
        return self.exams[-1]

    @property
    def earlier(self) -> Exam | None:
        """The comparable exam before."""
        return self.exams[-2] if len(self.exams) > 1 else None

    def figure(self, measure: Measure, subject: str, name: str | None, exam: Exam | None = None) -> Figure:
        """The figure of a class, or of the whole 年级, whose difference is None."""
        key = (exam or self.exam).key
        value = self.figures.get((key, name, subject, measure.name))
        whole = self.figures.get((key, None, subject, measure.name))
        if name is None or value is None or whole is None:
            return Figure(value=value)
        return Figure(value=value, difference=_less(value, whole, measure))

    def change(self, measure: Measure, name: str, subject: str = TOTAL) -> float | None:
        """By how much the difference of a subject has risen (fallen: negative) since the exam before."""
        if self.earlier is None:
            return None
        now = self.figure(measure, subject, name).difference
        was = self.figure(measure, subject, name, self.earlier).difference
        return None if now is None or was is None else _less(now, was, measure)

    def trend(self, measure: Measure, name: str) -> list[float | None]:
        """The differences of 总分 in the last exams, oldest first."""
        return [self.figure(measure, TOTAL, name, exam).difference for exam in self.exams[-TREND:]]

    def bands(self, name: str) -> Bands | None:
        """The shares of a class by 总分; None where they are not known."""
        rates = [self.figure(measure, TOTAL, name).value for measure in (_EXCELLENT, _PASSING, _LOW)]
        excellent, passing, low = (None if rate is None else int(rate) for rate in rates)
        if excellent is None or passing is None or low is None:
            return None
        rest = max(0, 100 - passing - low)
        return Bands(excellent=excellent, passing=passing - excellent, middle=rest, low=100 - passing - rest)

    @cached_property
    def compared(self) -> tuple[tuple[str, float], ...]:
        """The classes whose 总分 can be compared, with the difference, the best first."""
        pairs = ((name, self.figure(MEAN, TOTAL, name).difference) for name in self.classes)
        return tuple((name, difference) for name, difference in pairs if difference is not None)


@asks_much
def quality(school: School, figures: pl.DataFrame, *, chosen: str = "") -> list[YearQuality]:
    """Each 年级 that has figures, in the order of 班级汇总; ``figures`` is CLASS_FIGURES, ``chosen`` a 考试编号 or a name."""
    exams = _exams(school)
    rounded = _rounded(figures)
    years = figures["年级"].drop_nulls().unique(maintain_order=True)
    found = (_of_year(rounded.filter(pl.col("年级") == year), str(year), exams, chosen) for year in years)
    parts = [one for one in found if one is not None]
    return parts if chosen else _of_this_year(parts)


def _of_this_year(parts: list[YearQuality]) -> list[YearQuality]:
    """Without the 年级 of whom only earlier school years are known: those students are elsewhere by now."""
    newest = max((one.exam.school_year for one in parts), default="")
    return [one for one in parts if one.exam.school_year in ("", newest)]


def _exams(school: School) -> list[Exam]:
    """Oldest first."""
    held = school[EXAMS].filter(pl.col("日期") <= school.today).sort("日期", maintain_order=True)
    rows = held.select("考试编号", "名称", "类型", "学期", "日期").iter_rows()
    return [Exam(key=key, name=name or key, kind=kind, term=term or "", day=day) for key, name, kind, term, day in rows]


def _of_year(figures: pl.DataFrame, year: str, exams: Sequence[Exam], chosen: str) -> YearQuality | None:
    papers = {str(key): tuple(frame["科目"]) for (key,), frame in _of_whole(figures).group_by("考试编号")}
    sat = [exam for exam in exams if exam.key in papers]
    wanted = [exam for exam in sat if _is_meant(exam, chosen)]
    if not wanted:
        return None
    exam = wanted[-1]
    subjects = papers[exam.key]
    alike = [
        one
        for one in sat[: sat.index(exam) + 1]
        if one.school_year == exam.school_year and set(papers[one.key]) == set(subjects) and one.kind in _kinds(exam)
    ]
    rows = figures.filter(pl.col("考试编号").is_in([one.key for one in alike]))
    return _ordered(year, tuple(alike), subjects, rows)


def _kinds(exam: Exam) -> tuple[str, ...]:
    """The kinds of exam that an exam can be compared with: a contest with contests only."""
    return ATTENDED if exam.kind in ATTENDED else (exam.kind,)


def _is_meant(exam: Exam, chosen: str) -> bool:
    return chosen in (exam.key, exam.name) if chosen else exam.kind in ATTENDED


def _of_whole(figures: pl.DataFrame) -> pl.DataFrame:
    return figures.filter(pl.col("班级").is_null())


def _ordered(year: str, exams: tuple[Exam, ...], subjects: tuple[str, ...], rows: pl.DataFrame) -> YearQuality:
    now = rows.filter(pl.col("考试编号") == exams[-1].key)
    totals = now.filter(pl.col("科目") == TOTAL, pl.col("班级").is_not_null())
    names = totals.sort(["平均分", "班级"], descending=[True, False], nulls_last=True)["班级"].to_list()
    sat = {(name, subject): count for name, subject, count in now.select("班级", "科目", "实考").iter_rows()}
    return YearQuality(year, exams, subjects, tuple(names), _by_key(rows), sat)


def _by_key(rows: pl.DataFrame) -> dict[Key, float]:
    return {
        (exam, name, subject, measure.name): value
        for measure in MEASURES
        for exam, name, subject, value in rows.select("考试编号", "班级", "科目", measure.column).iter_rows()
        if value is not None
    }


def _rounded(figures: pl.DataFrame) -> pl.DataFrame:
    """班级汇总 with its figures as they are shown; 总分 as the last subject of an exam."""
    enough = pl.col("实考") >= LEAST
    shown = (
        (
            pl.when(enough | (measure is MEAN)).then(half_up(pl.col(measure.column) * measure.scale, measure.places))
        ).alias(measure.column)
        for measure in MEASURES
    )
    return figures.with_columns(shown)


def _less(one: float, other: float, measure: Measure) -> float:
    """One rounded figure less another, without what binary fractions leave."""
    return round(one - other, measure.places)
