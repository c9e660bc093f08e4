"""Classes and grades in the spelling of 班级, wherever a sheet names them otherwise: 七(1)班 in 名册 is 初一1班.

Only what is sure is brought in line (``class_names``), and only in the frames: the sheets stay as staff typed them. What may
mean several classes, or none, is left as it is for 校验 to tell. 考时班级 is read in the school year of its exam.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

import polars as pl

from xlbangfu.rules.class_names import ClassNames, Found, FoundGrade
from xlbangfu.schema import CLASSES, EXAMS, PAIRINGS, PASSWORDS, ROSTER, SCORES, SEPARATOR, SUBJECTS, TEACHERS, Table
from xlbangfu.settings import Settings

Frames = Mapping[Table, pl.DataFrame]
_CLASS_CELLS = ((ROSTER, "班级"), (PAIRINGS, "班级"), (PASSWORDS, "班级"))


def school_classes(classes: pl.DataFrame, settings: Settings, today: date, others: Iterable[str] = ()) -> ClassNames:
    """The comparer of a school: its frame of 班级, its 学制 and school year; ``others`` are classes that only 名册 has."""
    known = dict(classes.select("班级", "年级").drop_nulls("班级").iter_rows())
    pairs = (*known.items(), *((name, None) for name in others if name not in known))
    return _comparer(pairs, first_year(settings.school_year, today), settings.school_system)


@lru_cache(maxsize=4)
def _comparer(pairs: tuple[tuple[str, str | None], ...], school_year: int, system: str) -> ClassNames:
    """Made once for classes that several ask with."""
    return ClassNames.of(pairs, school_year=school_year, system=system)


def first_year(school_year: str | None, today: date) -> int:
    """The year in which a school year begins; that of today's where it does not say.

    >>> first_year("2026-2027", date(2020, 1, 1)), first_year(None, date(2027, 3, 1))
    (2026, 2026)
    """
    text = (school_year or "")[:4]
    return int(text) if text.isdigit() else today.year - (today.month < 8)


def in_one_spelling(frames: Frames, settings: Settings, today: date) -> dict[Table, pl.DataFrame]:
    """The frames with the names of 班级 in the columns that refer to a class or a 年级."""
    classes = frames.get(CLASSES, CLASSES.empty())
    if not classes.height:
        return dict(frames)
    spelling = _Spelling(classes, settings, today)
    changed = dict(frames)
    for table, column in _CLASS_CELLS:
        if table in frames:
            changed[table] = _replaced(frames[table], column, spelling.classes(frames[table][column]))
    if TEACHERS in frames:
        changed[TEACHERS] = _replaced(frames[TEACHERS], "任教班级", spelling.lists(frames[TEACHERS]["任教班级"]))
    for table in (SUBJECTS, EXAMS):
        if table in frames:
            changed[table] = _replaced(frames[table], "年级", spelling.grades(frames[table]["年级"]))
    if SCORES in frames:
        changed[SCORES] = spelling.of_the_day(frames[SCORES], frames.get(EXAMS, EXAMS.empty()))
    return changed


def rooms_as_listed(names: pl.Series, frames: Frames, settings: Settings, today: date) -> dict[str, str]:
    """The names that stand for a class of 班级 under another spelling, with it."""
    classes = frames.get(CLASSES, CLASSES.empty())
    return _Spelling(classes, settings, today).classes(names) if classes.height else {}


def _replaced(frame: pl.DataFrame, column: str, spelled: Mapping[str, str]) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).replace(dict(spelled))) if spelled else frame


class _Spelling:
    """How the school spells its classes and grades; the comparer is made only when a name is spelled otherwise."""

    def __init__(self, classes: pl.DataFrame, settings: Settings, today: date) -> None:
        self.frame, self.settings, self.today = classes, settings, today
        self.known = set(classes["班级"].drop_nulls())
        self.years = set(classes["年级"].drop_nulls())
        self._names: ClassNames | None = None

    @property
    def names(self) -> ClassNames:
        self._names = self._names or school_classes(self.frame, self.settings, self.today)
        return self._names

    def classes(self, cells: pl.Series) -> dict[str, str]:
        return self._changes(cells, self.known, self._class)

    def lists(self, cells: pl.Series) -> dict[str, str]:
        """Cells that name several classes."""
        return self._changes(cells, self.known, lambda cell: SEPARATOR.join(map(self._class, self.names.split(cell))))

    def grades(self, cells: pl.Series) -> dict[str, str]:
        """Cells that name one or several grades."""
        return self._changes(cells, self.years, self._grades)

    def of_the_day(self, scores: pl.DataFrame, exams: pl.DataFrame) -> pl.DataFrame:
        """成绩 with 考时班级 as 班级 spells it, read in the school year of the exam."""
        odd = (
            scores.select("考试编号", "考时班级")
            .drop_nulls()
            .unique()
            .filter(~pl.col("考时班级").is_in(list(self.known)))
        )
        if not odd.height:
            return scores
        terms = dict(exams.select("考试编号", "学期").drop_nulls("考试编号").iter_rows())
        found = [self._class(room, first_year(terms.get(exam), self.today)) for exam, room in odd.iter_rows()]
        listed = odd.with_columns(pl.Series("_listed", found, dtype=pl.String))
        rows = scores.join(listed, on=["考试编号", "考时班级"], how="left", maintain_order="left")
        return rows.with_columns(pl.coalesce("_listed", "考时班级").alias("考时班级")).drop("_listed")

    def _changes(self, cells: pl.Series, known: set[str], spell: Callable[[str], str]) -> dict[str, str]:
        odd = [cell for cell in cells.unique(maintain_order=True) if cell is not None and cell not in known]
        return {cell: spelled for cell in odd if (spelled := spell(cell)) != cell}

    def _class(self, name: str, school_year: int | None = None) -> str:
        if school_year is None and name in self.known:
            return name
        found = self.names.find(name, school_year=school_year)
        return found.class_name if isinstance(found, Found) else name

    def _grades(self, cell: str) -> str:
        parts = self.names.split(cell)
        found = [self.names.find_grade(part) for part in parts]
        names = [one.name if isinstance(one, FoundGrade) else part for one, part in zip(found, parts, strict=True)]
        spelled = [name if name in self.years else part for name, part in zip(names, parts, strict=True)]
        return SEPARATOR.join(spelled) if spelled != parts else cell
