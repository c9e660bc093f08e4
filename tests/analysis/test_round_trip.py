"""Laws of the way to pandas and back: nothing is lost, and nothing is filled but what is empty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import frame
from xlbangfu.analysis.dtypes import as_pandas
from xlbangfu.analysis.table_rows import table_rows
from xlbangfu.rules.row_changes import row_changes
from xlbangfu.schema import INPUTS, KEY, ROW, SCORES, Column, Defect, Table, Type, state_of

WRITABLE = [table for table in INPUTS if all(column.type is not Type.SECRET for column in table)]
NO_DEFECTS = pl.DataFrame(schema={"工作表": pl.String, ROW: pl.Int64, "列": pl.String, "缺陷": pl.String})
TEXTS = st.text(st.sampled_from("甲乙0012NA缺考、nul "), min_size=1, max_size=6).map(str.strip).filter(bool)


def cell(column: Column) -> st.SearchStrategy[Any]:
    values: dict[pl.DataType, st.SearchStrategy[Any]] = {
        pl.Float64(): st.integers(-20, 3000).map(lambda number: number / 10),
        pl.Int64(): st.integers(0, 50),
        pl.Date(): st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        pl.Datetime("us"): st.integers(0, 10**5).map(lambda minutes: datetime(2025, 9, 1) + timedelta(minutes=minutes)),
    }
    if column.type in (Type.YESNO, Type.MONTH):
        return st.none() | st.sampled_from(["是", "否"] if column.type is Type.YESNO else ["2025-09", "2026-01"])
    if column.choices:
        return st.none() | st.sampled_from(column.choices)
    return st.none() | values.get(column.type.dtype, TEXTS)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, pl.DataFrame]:
    table = draw(st.sampled_from(WRITABLE))
    rows = draw(st.integers(1, 4))
    data = {column.name: [draw(cell(column)) for _ in range(rows)] for column in table}
    schema = dict(table.frame_schema)
    if table == SCORES:
        states = [draw(st.sampled_from([None, "缺考", "免考"])) for _ in range(rows)]
        data |= {
            "语文": [None if state else draw(st.integers(0, 150)) / 2 for state in states],
            state_of("语文"): states,
        }
        schema |= {"语文": pl.Float64(), state_of("语文"): pl.String()}
    made = pl.DataFrame(data, schema=schema).with_columns(pl.int_range(2, rows + 2, dtype=pl.Int64).alias(ROW))
    return table, made.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


@settings(max_examples=30)
@given(tables())
def test_what_pandas_was_given_comes_back_as_it_was(made: tuple[Table, pl.DataFrame]) -> None:
    table, there = made
    came = table_rows(table, as_pandas(table, there))

    assert_frame_equal(came.drop(ROW), there.drop(ROW))


MARKS = """
    考试编号 | 学号 | 语文 | 数学 | 英语
    期中     | 01   | 90   | 缺考 | 70.5
    期中     | 02   | 免考 | 80   | 65
    期末     | 01   | 88   |      | 71
"""
CELLS = [(row, name) for row in (2, 3, 4) for name in ("语文", "数学", "英语")]


def marks() -> pl.DataFrame:
    return frame(SCORES, MARKS).with_columns(pl.col("学号").alias("_student"), pl.lit("k").alias(KEY))


def changed(there: pl.DataFrame, at: set[tuple[int, str]], mark: float | None) -> pl.DataFrame:
    return there.with_columns(
        pl.when(pl.col(ROW).is_in([row for row, name in at if name == subject]))
        .then(pl.lit(mark if column == subject else None, dtype=there.schema[column]))
        .otherwise(pl.col(column))
        .alias(column)
        for subject in ("语文", "数学", "英语")
        for column in (subject, state_of(subject))
    )


def cells(frames: tuple[pl.DataFrame, ...]) -> set[tuple[int, str]]:
    return {(row, one.columns[2]) for one in frames for row in one[ROW]}


@settings(max_examples=25)
@given(st.sets(st.sampled_from(CELLS)), st.sets(st.sampled_from(CELLS)))
def test_only_what_is_empty_is_filled_and_only_what_says_something_else_differs(
    emptied: set[tuple[int, str]], other: set[tuple[int, str]]
) -> None:
    known = changed(changed(marks(), other, 1.0), emptied, None)
    changes = row_changes(SCORES, marks(), known, NO_DEFECTS)

    says = {(row, name) for row, name in CELLS if (row, name) != (4, "数学")}
    assert changes.new.height == 0
    assert cells(changes.filled) == emptied & says
    assert cells(changes.differing) == (other - emptied) & says


def test_a_cell_that_could_not_be_read_is_not_empty() -> None:
    known = changed(marks(), {(2, "语文")}, None)
    defects = pl.DataFrame({"工作表": ["成绩"], ROW: [2], "列": ["语文"], "缺陷": [Defect.NOT_A_MARK]})

    changes = row_changes(SCORES, marks(), known, defects)

    assert (cells(changes.filled), cells(changes.differing)) == (set(), {(2, "语文")})


def test_a_student_is_known_however_the_rows_name_him() -> None:
    by_name = marks().with_columns(学号=pl.lit(None, dtype=pl.String), 姓名=pl.lit("王"))

    assert row_changes(SCORES, by_name, marks(), NO_DEFECTS).new.height == 0
