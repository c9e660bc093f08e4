"""What staff need not type: who a cell of 学号 or 姓名 stands for, and the numbers of rows, as amendments of their rows.

* A row whose student is known gets the 学号, 姓名 and 班级 that it lacks, as 名册 has them; a label or a name in the cell of
  学号 becomes the 学号, a label in that of 姓名 the name. What else staff typed stays. In 成绩, where a class has a row for
  each exam, only rows without a 学号 of their own are filled.
* A row without a number gets the next (``row_numbers``).
* Left alone: cells that could not be read, and a row that says by a name alone, beside a class that this student is not in,
  who is meant; that may be somebody else.

DOMAIN, "Wherever a row names a student" and "Keys". Nothing is changed here: see ``Book.amend``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from xlbangfu.rules.people import roster_cells
from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import DEFECTS, INPUTS, KEY, LAYOUT, ROSTER, ROW, SEPARATOR, Defect, Table

STUDENT_CELLS = ("学号", "姓名", "班级")


@dataclass(frozen=True)
class Completion:
    """``amendments`` are frames for ``Book.amend``: ROW, KEY as it was read, and one column to set."""

    amendments: tuple[tuple[Table, pl.DataFrame], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.amendments)

    @property
    def sentence(self) -> str:
        """What is written, by sheet; empty if nothing is."""
        numbered, named = self._rows(numbers=True), self._rows(numbers=False)
        parts = [
            f"写全 {sum(named.values())} 行的学号、姓名、班级（{_listed(named)}）" if named else "",
            f"给 {sum(numbered.values())} 行编了号（{_listed(numbered)}）" if numbered else "",
        ]
        said = "，".join(part for part in parts if part)
        return f"顺便{said}。" if said else ""

    def _rows(self, *, numbers: bool) -> dict[str, int]:
        """How many rows of each sheet get a number, or what else they lack."""
        rows: dict[str, set[int]] = {}
        for table, frame in self.amendments:
            if (table.numbered is not None and table.numbered.name in frame.columns) is numbers:
                rows.setdefault(table.name, set()).update(frame[ROW])
        return {sheet: len(found) for sheet, found in rows.items()}

    def applied(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame of the table, with ROW and KEY, as it reads once the amendments are made."""
        for changed, amendment in self.amendments:
            if changed is table:
                frame = _amended(table, frame, amendment)
        return frame

    def of(self, frames: Mapping[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
        """All frames as they read once the amendments are made."""
        return {table: self.applied(table, frame) for table, frame in frames.items()}

    def of_school(self, school: School) -> School:
        """The school of the frames as they read then."""
        return replace(school, frames=self.of(school.frames)) if self else school


def complete(frames: Mapping[Table, pl.DataFrame], school: School) -> Completion:
    """What the frames that were read lack; ``school`` is made of them. Frames that were not read are left out."""
    return Completion(
        tuple(amendment for table in INPUTS if table in frames for amendment in _of(table, frames, school))
    )


def _of(table: Table, frames: Mapping[Table, pl.DataFrame], school: School) -> Iterator[tuple[Table, pl.DataFrame]]:
    there = frames[LAYOUT].filter(pl.col("工作表") == table.name)["列"]
    frame = frames[table]
    wanted = {**_students(table, frame, school), **_numbers(table, frame)} if frame.height else {}
    for name, cells in wanted.items():
        unread = frames[DEFECTS].filter(
            pl.col("工作表") == table.name, pl.col("列") == name, pl.col("缺陷").is_in(Defect.NULLS)
        )[ROW]
        changes = frame.select(ROW, KEY, cells.alias(name)).filter(
            cells.is_not_null() & cells.ne_missing(frame[name]), ~pl.col(ROW).is_in(unread.implode())
        )
        if changes.height and name in there:
            yield table, changes


def _numbers(table: Table, frame: pl.DataFrame) -> dict[str, pl.Series]:
    if table.numbered is None:
        return {}
    name = table.numbered.name
    return {name: with_numbers(table, frame, frame[name])[name]}


def _students(table: Table, frame: pl.DataFrame, school: School) -> dict[str, pl.Series]:
    """The three cells of each row as they should be, null where nothing is known of them."""
    if not table.names_student:
        return {}
    meant = school[table]
    typed = frame["学号"].is_not_null() & frame["学号"].eq_missing(meant["学号"])
    whole = typed & frame["姓名"].eq_missing(meant["姓名"])
    if not table.subjects:
        whole &= frame["姓名"].is_not_null() & frame["班级"].is_not_null()
    several = meant["学号"].str.contains(SEPARATOR, literal=True).fill_null(False)
    wanted = meant[STUDENT].is_not_null() & ~whole & ~(several & typed)
    if not wanted.any():
        return {}
    wanted &= frame["学号"].is_not_null() | ~school.left_class(table)
    cells = roster_cells(meant[STUDENT], school[ROSTER])
    columns = {
        "学号": pl.when(several).then(meant["学号"]).otherwise(meant[STUDENT]),
        "姓名": pl.when(~several).then(pl.coalesce(meant["姓名"], cells["姓名"])),
        "班级": pl.when(~several).then(pl.coalesce(frame["班级"], cells["班级"])),
    }
    return pl.select(pl.when(wanted).then(cell).alias(name) for name, cell in columns.items()).to_dict()


def _amended(table: Table, frame: pl.DataFrame, amendment: pl.DataFrame) -> pl.DataFrame:
    """The frame with one column set in some rows, and with the KEY that they have then."""
    (name,) = (column for column in amendment.columns if column not in (ROW, KEY))
    new = amendment.select(ROW, pl.col(name).alias("_new"))
    rows = frame.join(new, on=ROW, how="left", maintain_order="left")
    changed = pl.col("_new").is_not_null()
    key = _key_with(table, name) if name in table.keys else pl.col(KEY)
    return rows.with_columns(
        pl.when(changed).then("_new").otherwise(name).alias(name), pl.when(changed).then(key).otherwise(KEY).alias(KEY)
    ).drop("_new")


def _key_with(table: Table, name: str) -> pl.Expr:
    """KEY with another value for one of the key columns; a KEY in whose cells a | stands is left as it is."""
    parts, place = pl.col(KEY).str.split("|"), table.keys.index(name) + 1
    whole = pl.concat_list(parts.list.head(place), pl.concat_list("_new"), parts.list.slice(place + 1)).list.join("|")
    return pl.when(parts.list.len() == len(table.keys) + 1).then(whole).otherwise(KEY)


def _listed(rows: Mapping[str, int]) -> str:
    return SEPARATOR.join(f"{sheet} {count}" for sheet, count in rows.items())
