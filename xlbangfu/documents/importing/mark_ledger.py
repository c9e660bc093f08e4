"""The marks of the school with those that files bring: each mark once, what stands there is never overwritten.

Marks are gathered from every block first and compared at once: two blocks, or two rows, that say different things of one
student in one exam are both held back, whichever stands first.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct, field

from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import ROW, SCORES, state_of, subjects_in

EXAM, FILE_ROW, BLOCK, SUBJECT, MARK, STATE = "考试编号", "_file_row", "_block", "科目", "_mark", "_state"
_CELL = [EXAM, STUDENT, SUBJECT]
_SCHEMA = {
    BLOCK: pl.Int64,
    FILE_ROW: pl.Int64,
    EXAM: pl.String,
    STUDENT: pl.String,
    "姓名": pl.String,
    "班级": pl.String,
    "考时班级": pl.String,
    SUBJECT: pl.String,
    MARK: pl.Float64,
    STATE: pl.String,
}


class ResolvedMarks(Struct, frozen=True):
    """What becomes of the marks.

    ``appended`` are rows of 成绩, ``amended`` marks for ``Book.amend``, ``unsafe`` rows of the sheet that cannot be completed.
    ``differing`` has BLOCK, FILE_ROW, STUDENT, EXAM, 科目, 总表 and 文件; ``conflicting`` the marks that the files contradict each
    other in. ``counts`` are by block: new, there, filled rows.
    """

    appended: pl.DataFrame
    amended: pl.DataFrame
    unsafe: pl.DataFrame
    differing: pl.DataFrame
    conflicting: pl.DataFrame
    counts: dict[int, dict[str, int]] = field(default_factory=dict)
    new_subjects: tuple[str, ...] = ()


class Ledger:
    """Marks while they are gathered."""

    def __init__(self, scores: pl.DataFrame, defects: pl.DataFrame) -> None:
        self._scores = scores
        self._exams = scores[EXAM].drop_nulls().unique().to_list()
        self._unread = defects.filter(pl.col("工作表") == SCORES.name).select(ROW, "列").drop_nulls()
        self._parts: list[pl.DataFrame] = []

    def add(self, marks: pl.DataFrame) -> None:
        """Take marks in: one row a mark, in the columns of ``_SCHEMA``."""
        self._parts.append(marks.select(list(_SCHEMA)).cast(_SCHEMA))  # type: ignore[arg-type]  # names to types

    def differing(self, marks: pl.DataFrame) -> tuple[int, int]:
        """How many of these marks the sheet has already, and how many of those it has otherwise."""
        given = marks.filter(pl.col(EXAM).is_in(self._exams), pl.col(MARK).is_not_null() | pl.col(STATE).is_not_null())
        if not given.height:
            return 0, 0
        there = self._there(given[SUBJECT].unique().to_list()).filter(
            pl.col("_had").is_not_null() | pl.col("_was").is_not_null()
        )
        beside = given.join(there, on=_CELL, how="inner")
        same = beside.filter(pl.col(MARK).eq_missing(pl.col("_had")) & pl.col(STATE).eq_missing(pl.col("_was")))
        return beside.height, beside.height - same.height

    def noughts(self) -> pl.DataFrame:
        """The students who have 0 in every one of several subjects of an exam: EXAM, STUDENT, 姓名, BLOCK."""
        marks = pl.concat(self._parts) if self._parts else pl.DataFrame(schema=_SCHEMA)
        some = marks.filter(pl.col(MARK) == 0).select(EXAM, STUDENT).unique()
        given = marks.join(some, on=[EXAM, STUDENT], how="semi", maintain_order="left")
        given = given.filter(pl.col(MARK).is_not_null() | pl.col(STATE).is_not_null())
        found = given.group_by([EXAM, STUDENT], maintain_order=True).agg(
            pl.col("姓名").first(),
            pl.col(BLOCK).first(),
            pl.col(SUBJECT).n_unique().alias("_subjects"),
            ((pl.col(MARK) == 0) & pl.col(STATE).is_null()).fill_null(False).all().alias("_all"),
        )
        return found.filter("_all", pl.col("_subjects") > 1).select(EXAM, STUDENT, "姓名", BLOCK)

    def replace_noughts(self, whose: pl.DataFrame, state: str | None) -> None:
        """Put a state, or nothing, in the place of the marks of these students."""
        keys = whose.select(EXAM, STUDENT, pl.lit(True).alias("_gone"))
        self._parts = [
            part.join(keys, on=[EXAM, STUDENT], how="left", maintain_order="left")
            .with_columns(
                pl.when("_gone").then(None).otherwise(MARK).alias(MARK),
                pl.when("_gone").then(pl.lit(state, dtype=pl.String)).otherwise(STATE).alias(STATE),
            )
            .drop("_gone")
            for part in self._parts
        ]

    def resolve(self) -> ResolvedMarks:
        """Compare everything that was gathered with each other and with the sheet."""
        marks = pl.concat(self._parts) if self._parts else pl.DataFrame(schema=_SCHEMA)
        marks = marks.filter(pl.col(MARK).is_not_null() | pl.col(STATE).is_not_null())
        self._parts.clear()
        twice = marks.select(_CELL).is_duplicated()
        conflicting = _conflicting(marks.filter(twice))
        agreeing = marks
        if conflicting.height:
            agreeing = marks.join(conflicting, on=_CELL, how="anti", maintain_order="left")
        subjects = agreeing[SUBJECT].unique(maintain_order=True).to_list()
        beside = agreeing.join(self._there(subjects), on=_CELL, how="left", maintain_order="left")
        del marks, agreeing  # a whole year of marks is large: no more of it is held than is needed
        has = pl.col("_had").is_not_null() | pl.col("_was").is_not_null()
        same = pl.col(MARK).eq_missing(pl.col("_had")) & pl.col(STATE).eq_missing(pl.col("_was"))
        differing = beside.filter(has & ~same)
        rows = self._rows()
        every = beside.select(BLOCK, EXAM, STUDENT).unique()
        fresh = beside.filter(~has)
        del beside
        if twice.any():
            fresh = fresh.unique(subset=_CELL, keep="first", maintain_order=True)
        known = fresh.join(rows, on=[EXAM, STUDENT], how="inner", maintain_order="left")
        new = fresh
        if known.height:
            new = fresh.join(rows, on=[EXAM, STUDENT], how="anti", maintain_order="left")
        appended = self._wide(new, [EXAM, STUDENT])
        amended, unsafe = self._amended(known)
        return ResolvedMarks(
            appended=appended,
            amended=amended,
            unsafe=unsafe,
            differing=_as_differing(differing),
            conflicting=conflicting,
            counts=self._counts(every, new, known, differing),
            new_subjects=tuple(subject for subject in subjects if subject not in subjects_in(self._scores)),
        )

    def _rows(self) -> pl.DataFrame:
        """The row of each student in each exam, the first of several."""
        rows = self._scores.filter(pl.col(STUDENT).is_not_null())
        return rows.unique(subset=[EXAM, STUDENT], keep="first", maintain_order=True).select(EXAM, STUDENT, ROW)

    def _there(self, subjects: list[str]) -> pl.DataFrame:
        """The marks of the sheet, one row a mark."""
        schema = {EXAM: pl.String, STUDENT: pl.String, SUBJECT: pl.String, "_had": pl.Float64, "_was": pl.String}
        parts = [
            self._scores.select(
                EXAM,
                STUDENT,
                pl.lit(name).alias(SUBJECT),
                pl.col(name).alias("_had"),
                pl.col(state_of(name)).alias("_was"),
            )
            for name in subjects_in(self._scores)
            if name in subjects
        ]
        every = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
        return every.filter(pl.col(STUDENT).is_not_null()).unique(subset=_CELL, keep="first", maintain_order=True)

    def _wide(self, marks: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
        """Marks as rows of 成绩: a column and its state a subject, the subjects of the sheet first."""
        subjects = list(dict.fromkeys((*subjects_in(self._scores), *marks[SUBJECT].unique(maintain_order=True))))
        first = marks.group_by(keys, maintain_order=True).agg(
            pl.col("姓名").first(), pl.col("班级").first(), pl.col("考时班级").drop_nulls().first()
        )
        for name in subjects:
            mine = marks.filter(pl.col(SUBJECT) == name)
            mine = mine.select(*keys, pl.col(MARK).alias(name), pl.col(STATE).alias(state_of(name)))
            first = first.join(mine, on=keys, how="left", maintain_order="left")
        cells = [column for name in subjects for column in (name, state_of(name))]
        return first.with_columns(pl.col(STUDENT).alias("学号")).select(*SCORES.names, *cells)

    def _amended(self, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows of the sheet that get marks, as ``Book.amend`` takes them, and those that cannot be amended safely.

        Not safe are rows whose key is not the only one of its kind, or with a cell that could not be read as typed: it
        would be overwritten.
        """
        if not known.height:
            return pl.DataFrame(), self._scores.clear()
        touched = [name for name in subjects_in(self._scores) if name in set(known[SUBJECT])]
        touched += [name for name in known[SUBJECT].unique(maintain_order=True) if name not in touched]
        rows = self._scores.filter(pl.col(ROW).is_in(known[ROW].implode()))
        unread = self._unread.filter(pl.col("列").is_in(touched))
        doubled = self._scores.filter(pl.struct(SCORES.keys).is_duplicated())
        unsafe = pl.col(ROW).is_in(unread[ROW].implode()) | pl.col(ROW).is_in(doubled[ROW].implode())
        filled = rows.filter(~unsafe)
        for name in touched:
            marks = known.filter(pl.col(SUBJECT) == name).select(
                ROW, pl.col(MARK).alias("_n"), pl.col(STATE).alias("_s")
            )
            filled = filled.join(marks, on=ROW, how="left", maintain_order="left")
            mark = pl.col(name) if name in filled.columns else pl.lit(None, dtype=pl.Float64)
            state = pl.col(state_of(name)) if state_of(name) in filled.columns else pl.lit(None, dtype=pl.String)
            has = mark.is_not_null() | state.is_not_null()
            filled = filled.with_columns(
                pl.when(has).then(mark).otherwise("_n").alias(name),
                pl.when(has).then(state).otherwise("_s").alias(state_of(name)),
            ).drop("_n", "_s")
        cells = [column for name in touched for column in (name, state_of(name))]
        return filled.select(*SCORES.keys, *cells), rows.filter(unsafe)

    def _counts(
        self, every: pl.DataFrame, new: pl.DataFrame, known: pl.DataFrame, differing: pl.DataFrame
    ) -> dict[int, dict[str, int]]:
        """How many rows of each block are new, there already, and filled."""
        keys = [BLOCK, EXAM, STUDENT]
        found: dict[int, dict[str, int]] = {}
        for name, frame in (("all", every), ("new", new), ("filled", known), ("differing", differing)):
            each = frame.unique(subset=keys) if name != "differing" else frame
            for block, count in each.group_by(BLOCK).len().iter_rows():
                found.setdefault(block, {})[name] = count
        return found


def _conflicting(twice: pl.DataFrame) -> pl.DataFrame:
    """Those of the marks that are said twice of which different ones are said."""
    return twice.filter(pl.struct(MARK, STATE).n_unique().over(_CELL) > 1)


def _as_differing(differing: pl.DataFrame) -> pl.DataFrame:
    return differing.select(
        BLOCK, FILE_ROW, EXAM, STUDENT, SUBJECT, shown("_had", "_was").alias("总表"), shown(MARK, STATE).alias("文件")
    )


def shown(mark: str, state: str) -> pl.Expr:
    """A mark or its state as text."""
    return pl.coalesce(state, pl.col(mark).cast(pl.String).str.strip_suffix(".0"))
