"""The marks of the school with those that files bring: each mark once, what stands there is never overwritten."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import ROW, SCORES, state_of, subjects_in

EXAM, FILE_ROW = "考试编号", "_file_row"
_PLACE, _CHANGED = "_place", "_changed"
_KEYS = [EXAM, STUDENT]
_NO_MARK, _NO_STATE = pl.lit(None, dtype=pl.Float64), pl.lit(None, dtype=pl.String)


@dataclass(frozen=True)
class Settled:
    """What became of the rows of one sheet. ``differing`` has FILE_ROW, STUDENT, EXAM, 科目, 总表 and 文件."""

    new: int
    there: int
    filled: int
    differing: pl.DataFrame


class Ledger:
    """Rows of 成绩 that are there (ROW not null) and that will be appended (ROW null)."""

    def __init__(self, scores: pl.DataFrame, defects: pl.DataFrame) -> None:
        self._unread = defects.filter(pl.col("工作表") == SCORES.name).select(ROW, "列").drop_nulls()
        self.rows = scores.with_columns(pl.lit(False).alias(_CHANGED)).with_row_index(_PLACE)
        self.subjects = subjects_in(scores)
        self._sheet = list(self.subjects)
        self._touched: set[str] = set()

    @property
    def new_subjects(self) -> list[str]:
        """The subjects that 成绩 has no column for yet."""
        return self.subjects[len(self._sheet) :]

    def settle(self, incoming: pl.DataFrame) -> Settled:
        """Take in rows (columns of 成绩, STUDENT, FILE_ROW); a student twice in one file is settled row after row."""
        self._widen(subjects_in(incoming))
        turn = incoming.select(pl.int_range(pl.len()).over(_KEYS))[:, 0] if incoming.height else pl.Series([0])
        parts = [self._settle(incoming.filter(turn == number)) for number in range(int(turn.max() or 0) + 1)]  # type: ignore[arg-type]  # a count
        return Settled(
            sum(part.new for part in parts),
            sum(part.there for part in parts),
            sum(part.filled for part in parts),
            pl.concat([part.differing for part in parts]),
        )

    def _widen(self, subjects: list[str]) -> None:
        new = [name for name in subjects if name not in self.subjects]
        self.subjects += new
        self.rows = self.rows.with_columns(
            *(_NO_MARK.alias(name) for name in new), *(_NO_STATE.alias(state_of(name)) for name in new)
        )

    def _settle(self, incoming: pl.DataFrame) -> Settled:
        subjects = subjects_in(incoming)
        cells = [column for name in subjects for column in (name, state_of(name))]
        base = self.rows.unique(subset=_KEYS, keep="first", maintain_order=True)
        beside = incoming.join(
            base.select(*_KEYS, _PLACE, *(pl.col(name).alias(f"{name}·有") for name in cells)),
            on=_KEYS,
            how="left",
            maintain_order="left",
        )
        known, new = beside.filter(pl.col(_PLACE).is_not_null()), beside.filter(pl.col(_PLACE).is_null())
        differing = pl.concat([_differing(known, name) for name in subjects])
        fills = known.filter(pl.any_horizontal(_given(name) & ~_has(name) for name in subjects))
        self._touched.update(name for name in subjects if fills.filter(_given(name) & ~_has(name)).height)
        self._fill(fills, subjects)
        self._add(new.select(incoming.columns))
        there = known.height - fills.height - differing[FILE_ROW].n_unique()
        return Settled(new.height, max(0, there), fills.height, differing)

    def _fill(self, fills: pl.DataFrame, subjects: list[str]) -> None:
        """Put marks where there are none yet."""
        if not fills.height:
            return
        brought = fills.select(_PLACE, *(c for name in subjects for c in (name, state_of(name))))
        joined = self.rows.join(brought, on=_PLACE, how="left", suffix="·来", maintain_order="left")
        empty = {name: pl.col(name).is_null() & pl.col(state_of(name)).is_null() for name in subjects}
        self.rows = joined.with_columns(
            *(
                pl.when(empty[name]).then(pl.col(f"{column}·来")).otherwise(pl.col(column)).alias(column)
                for name in subjects
                for column in (name, state_of(name))
            ),
            (pl.col(_CHANGED) | pl.col(_PLACE).is_in(fills[_PLACE].implode())).alias(_CHANGED),
        ).select(self.rows.columns)

    def _add(self, new: pl.DataFrame) -> None:
        if new.height:
            start = self.rows.height
            numbered = new.drop(FILE_ROW).with_columns(
                pl.int_range(start, start + pl.len(), dtype=pl.UInt32).alias(_PLACE), pl.lit(False).alias(_CHANGED)
            )
            self.rows = pl.concat([self.rows, numbered], how="diagonal")

    @property
    def appended(self) -> pl.DataFrame:
        """The rows to append, as 成绩 has them."""
        cells = [column for name in self.subjects for column in (name, state_of(name))]
        return self.rows.filter(pl.col(ROW).is_null()).select(*SCORES.names, *cells)

    def amended(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows of the sheet that got marks, as ``Book.amend`` takes them, and those that cannot be amended safely.

        Not safe are rows whose key is not the only one of its kind, or with a cell that could not be read as typed: it
        would be overwritten.
        """
        changed = self.rows.filter(pl.col(_CHANGED) & pl.col(ROW).is_not_null())
        if not changed.height:
            return pl.DataFrame(), changed
        touched = [name for name in self.subjects if name in self._touched]
        on_sheet = self.rows.filter(pl.col(ROW).is_not_null())
        doubled = on_sheet.filter(pl.struct(SCORES.keys).is_duplicated())
        unread = self._unread.filter(pl.col("列").is_in(touched))
        unsafe = pl.col(ROW).is_in(unread[ROW].implode()) | pl.col(_PLACE).is_in(doubled[_PLACE].implode())
        cells = [column for name in touched for column in (name, state_of(name))]
        return changed.filter(~unsafe).select(*SCORES.keys, *cells), changed.filter(unsafe)


def _given(name: str) -> pl.Expr:
    return pl.col(name).is_not_null() | pl.col(state_of(name)).is_not_null()


def _has(name: str) -> pl.Expr:
    return pl.col(f"{name}·有").is_not_null() | pl.col(f"{state_of(name)}·有").is_not_null()


def _differing(known: pl.DataFrame, name: str) -> pl.DataFrame:
    state = state_of(name)
    same = pl.col(name).eq_missing(pl.col(f"{name}·有")) & pl.col(state).eq_missing(pl.col(f"{state}·有"))
    return known.filter(_given(name) & _has(name) & ~same).select(
        FILE_ROW,
        *_KEYS,
        pl.lit(name).alias("科目"),
        _shown(f"{name}·有", f"{state}·有").alias("总表"),
        _shown(name, state).alias("文件"),
    )


def _shown(mark: str, state: str) -> pl.Expr:
    return pl.coalesce(state, pl.col(mark).cast(pl.String).str.strip_suffix(".0"))
