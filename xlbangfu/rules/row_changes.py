"""What rows from outside would change in a table: rows that it lacks, empty cells that they fill, cells that differ.

* A row is known by its keys; who is meant by 学号, 姓名 and 班级 counts as one key. A row of a table whose rows get numbers
  (记录, 结对, 计划) that has none is known where all it says stands in one row already, so the same rows twice change nothing.
* A cell that is empty in the rows says nothing. A cell that could not be read is not empty: it differs.
* The three cells of the student are no cells to change: ``completion`` writes them.

DOMAIN, "The master workbook": input sheets are changed by appending rows, and by amending named columns of named rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec import Struct

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.school import STUDENT
from xlbangfu.schema import KEY, ROW, SEPARATOR, UNREAD, Table, state_of

_PLACE, _WHO, _STUDENT_CELLS = "_place", "_who", ("学号", "姓名", "班级")
_AT = (ROW, KEY)


class RowChanges(Struct, frozen=True):
    """``new`` are the rows that the table lacks, as they came. ``filled`` and ``differing`` are frames for ``Book.amend``, one
    a column, of cells that are empty in the table, and of those that say something else. ``doubled`` are the places of
    rows that name one record and say two things of it."""

    new: pl.DataFrame
    filled: tuple[pl.DataFrame, ...]
    differing: tuple[pl.DataFrame, ...]
    doubled: tuple[int, ...] = ()


@asks_much
def row_changes(table: Table, rows: pl.DataFrame, known: pl.DataFrame, defects: pl.DataFrame) -> RowChanges:
    """What ``rows`` would change in ``known``: both are frames of the table, with STUDENT where it names students.

    ``rows`` has the keys and perhaps not all other columns; ROW is the place of each. ``known`` is as it was read.
    """
    came = rows.unique([name for name in rows.columns if name != ROW], keep="first", maintain_order=True)
    found = pl.concat(list(_recognised(table, came.rename({ROW: _PLACE}), known)))
    doubled = found.filter(pl.col(_WHO).is_not_null() & pl.col(_WHO).is_duplicated())[_PLACE]
    there, new = found.drop_nulls(ROW), found.filter(pl.col(ROW).is_null())

    unread = defects.filter(pl.col("工作表") == table.name, pl.col("缺陷").is_in(UNREAD))
    filled, differing = [], []
    for name in _changeable(table, rows, known):
        changed, empty = _changed_cells(name, there, known, unread.filter(pl.col("列") == name)[ROW])
        filled.append(changed.filter(empty))
        differing.append(changed.filter(~empty))
    return RowChanges(
        new.drop(*_AT, _WHO).rename({_PLACE: ROW}).sort(ROW),
        tuple(frame for frame in filled if frame.height),
        tuple(frame for frame in differing if frame.height),
        tuple(doubled.sort()),
    )


def _recognised(table: Table, rows: pl.DataFrame, known: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows with what names them, and with ROW and KEY of the record that they name, null where there is none."""
    if table.numbered is None:
        yield _matched(table, rows, known, table.keys)
        return
    number = table.numbered.name
    numbered = pl.col(number).is_not_null()
    yield _matched(table, rows.filter(numbered), known, [number])
    said = [name for name in rows.columns if name in table and name != number]
    yield _matched(table, rows.filter(~numbered), known, said)


def _matched(table: Table, rows: pl.DataFrame, known: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    who = _identity(table, names)
    there = known.with_columns(who).drop_nulls(_WHO).unique(_WHO, keep="first").select(_WHO, *_AT)
    return rows.with_columns(who).join(there, on=_WHO, how="left", maintain_order="left")


def _identity(table: Table, names: Sequence[str]) -> pl.Expr:
    """The cells as one text, null where all are empty; 学号, 姓名 and 班级 count as who is meant, or, of several, as they
    stand."""
    parts = [pl.col(name).cast(pl.String) for name in names if not (table.names_student and name in _STUDENT_CELLS)]
    if table.names_student and set(names) & set(_STUDENT_CELLS):
        several = pl.col("学号").str.contains(SEPARATOR, literal=True).fill_null(False)
        parts.append(pl.when(several).then("学号").otherwise(pl.coalesce(STUDENT, *_STUDENT_CELLS)))
    text = pl.concat_str(*(part.fill_null("") for part in parts), separator="\x1f")
    return pl.when(pl.any_horizontal(part.is_not_null() for part in parts)).then(text).alias(_WHO)


def _changeable(table: Table, rows: pl.DataFrame, known: pl.DataFrame) -> list[str]:
    """The columns whose cells may change; of a mark the number stands for its word, too."""
    fixed = {*table.keys, STUDENT, *(_STUDENT_CELLS if table.names_student else ())}
    fixed |= {state_of(name) for name in known.columns}
    return [name for name in rows.columns if name in known.columns and name not in fixed and not name.startswith("_")]


def _changed_cells(
    name: str, there: pl.DataFrame, known: pl.DataFrame, unread: pl.Series
) -> tuple[pl.DataFrame, pl.Series]:
    """The cells of one column, as a frame for ``Book.amend``, that say something else, and which of them were empty."""
    columns = [column for column in (name, state_of(name)) if column in there.columns and column in known.columns]
    old = [pl.col(column).alias(f"{column}·旧") for column in columns]
    both = there.select(*_AT, *columns).join(known.select(ROW, *old), on=ROW, how="left", maintain_order="left")
    says = pl.any_horizontal(pl.col(column).is_not_null() for column in columns)
    same = pl.all_horizontal(pl.col(column).eq_missing(pl.col(f"{column}·旧")) for column in columns)
    changed = both.filter(says & ~same)
    was_empty = pl.all_horizontal(pl.col(f"{column}·旧").is_null() for column in columns)
    empty = changed.select(was_empty & ~pl.col(ROW).is_in(unread.implode())).to_series()
    return changed.select(*_AT, *columns), empty
