"""Cells that name several, part by part."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.people import STUDENT, split
from xlbangfu.schema import SEPARATOR

COMMA = r"[、,，;；/\n]"


def unknown_parts(cells: pl.Series, known: pl.Series) -> pl.DataFrame:
    """Each different cell of which a part is not known, with those parts (``_wrong``) and how many are known."""
    frame, cell = cells.to_frame(), pl.col(cells.name)
    if cells.null_count() < cells.len():
        parts = frame.select(_part=split(cell.drop_nulls().unique()).explode())["_part"]
        if {*parts} - {*known, "", None}:
            is_known = pl.col("_part").is_in(known.implode())
            return (
                frame.unique()
                .with_columns(_part=split(cell))
                .explode("_part")
                .filter(pl.col("_part") != "")
                .group_by(cells.name)
                .agg(_wrong=pl.col("_part").filter(~is_known).str.join(SEPARATOR), _right=is_known.sum())
                .filter(pl.col("_wrong") != "")
            )
    return pl.DataFrame(schema={cells.name: pl.String, "_wrong": pl.String, "_right": pl.UInt32})


def by_number(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that name one student, and the group sessions that name several."""
    several = pl.col("学号").str.contains(COMMA).fill_null(False)
    if not frame.select(several.any()).item():
        return frame, frame.clear()
    several &= (split(pl.col("学号")).list.len() > 1).fill_null(False)
    return frame.filter(~several), frame.filter(several)


def each_student(sessions: pl.DataFrame) -> pl.DataFrame:
    """One row for each student of each group session (column STUDENT)."""
    return sessions.with_columns(split(pl.col("学号")).alias(STUDENT)).explode(STUDENT)
