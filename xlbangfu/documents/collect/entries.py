"""Rows of a page as rows of the master, and the codes by which the same row is known again.

* The identity of a log entry is its day, students, kind and teacher; of a behaviour mark its month, student and who
  marked. The content is all of a row. Spaces, the order of several and how a teacher is written make no difference.
* A class has one homeroom teacher: a mark by 班主任 is the same mark, be the name beside it or not.
* A code is sixteen figures of a sha256, the same in every version and on every machine.
"""

from __future__ import annotations

import hashlib

import polars as pl

from xlbangfu.documents.collect.checking import TEACHER
from xlbangfu.documents.collect.forms import BY_TABLE, FillIn
from xlbangfu.documents.collect.naming import HOW_MANY, NUMBERS
from xlbangfu.rules.people import plain, split, teacher_ids
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT, ROSTER, ROW, SEPARATOR, TEACHERS, Column, Table, Type

IDENTITY, CONTENT = "_identity", "_content"
_HOMEROOM = "班主任"
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"


def as_entries(good: pl.DataFrame, fill_in: FillIn, school: School) -> pl.DataFrame:
    """The rows that can be taken in the columns of the master's sheet (记录编号 still empty), with ROW, IDENTITY and CONTENT."""
    table = fill_in.table
    names = (
        school[ROSTER]
        .select(pl.col("学号").alias(NUMBERS), 姓名="姓名", _room="班级")
        .drop_nulls(NUMBERS)
        .unique(NUMBERS)
    )
    labels = school[TEACHERS].select(pl.col("工号").alias(TEACHER), _label=pl.concat_str("工号", "姓名", separator=" "))
    known = good.join(names, on=NUMBERS, how="left", maintain_order="left").join(
        labels.drop_nulls().unique(TEACHER), on=TEACHER, how="left", maintain_order="left"
    )
    alone = pl.col(HOW_MANY) == 1
    columns = {
        "学号": pl.col(NUMBERS),
        "姓名": pl.when(alone).then(pl.col("姓名")),
        "班级": pl.when(alone).then(pl.col("_room")),
        "教师": pl.col("_label"),
        "记录编号": pl.lit(None, dtype=pl.String),
    }
    cells = [columns[column.name].alias(column.name) if column.name in columns else _cell(column) for column in table]
    return with_codes(known.select(*cells, ROW), table, school)


def _cell(column: Column) -> pl.Expr:
    """A cell as it can be written."""
    cell = pl.col(column.name)
    return cell.str.replace_all(_UNWRITABLE, "") if column.type in (Type.TEXT, Type.LONG, Type.ID) else cell


def with_codes(frame: pl.DataFrame, table: Table, school: School) -> pl.DataFrame:
    """The rows of 记录 or another sheet that is filled in, with the codes IDENTITY and CONTENT."""
    fill_in = BY_TABLE[table]
    staff = _staff(frame, fill_in.staff, school)
    numbers = split(pl.col("学号")).list.sort().list.join(SEPARATOR)
    student = pl.coalesce(numbers, pl.col(STUDENT)) if STUDENT in frame.columns else numbers
    who = pl.col(TEACHER)
    if table == CONDUCT:
        who = pl.when(pl.col("评价人") != _HOMEROOM).then(who)
    first = fill_in.identity
    identity = [student, who, *(_text(table, name) for name in first)]
    others = [name for name in table.names if name not in ("记录编号", "学号", "姓名", "班级", fill_in.staff, *first)]
    content = [*identity, *(_text(table, name) for name in others)]
    texts = frame.with_columns(staff.alias(TEACHER)).select(
        _joined(identity).alias(IDENTITY), _joined(content).alias(CONTENT)
    )
    return frame.with_columns(_codes(texts[IDENTITY]), _codes(texts[CONTENT]))


def _staff(frame: pl.DataFrame, column: str | None, school: School) -> pl.Series:
    """Whom the cells of a column name: the 工号, else as it was typed."""
    if column is None:
        return pl.Series([None] * frame.height, dtype=pl.String)
    numbers = teacher_ids(frame[column], school[TEACHERS]).alias(TEACHER)
    return frame.select(pl.coalesce(numbers, plain(pl.col(column)))).to_series()


def _text(table: Table, name: str) -> pl.Expr:
    cell, column = pl.col(name), table[name]
    if column.many:
        return split(cell).list.sort().list.join(SEPARATOR)
    if column.type in (Type.NUMBER, Type.INTEGER):
        return cell.cast(pl.Float64).round_sig_figs(9).cast(pl.String)
    return cell.cast(pl.String).str.replace_all(r"\s+", " ")


def _joined(parts: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str([part.fill_null("") for part in parts], separator="\x1f")


def _codes(texts: pl.Series) -> pl.Series:
    codes = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
    return pl.Series(texts.name, codes, dtype=pl.String)


def summary_of(table: Table) -> pl.Expr:
    """How a row is called in 收回记录 and to staff: 记录编号, or such as month, student and who marked."""
    fill_in = BY_TABLE[table]
    if fill_in.numbered:
        return pl.col(*fill_in.called)
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in fill_in.called]
    return pl.concat_str(parts, separator=" ")
