"""V10, a cell that should hold a number and does not: from what staff type to the row of 校验."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_book import FakeBook
from tests.support.rows import row_of
from xlbangfu.book.reading.cells import as_number
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import validate
from xlbangfu.schema import DEFECTS, INPUTS, SUBJECTS, Defect, Table, Type

TODAY = date(2026, 5, 20)
WRONG: dict[str, Any] = {
    "in Chinese": "一百", "with its unit": "100分", "about": "约100", "from to": "90-100", "a fraction": "1/2",
    "a letter O for a 0": "1OO", "two points": "1.0.0", "a sum": "50+50", "a word": "待定", "a dash": "—",
    "a percent sign alone": "%", "two percent signs": "50%%", "a truth": True, "a day": date(2026, 1, 2),
    "a moment": datetime(2026, 1, 2, 8), "a time of day": time(8, 30), "no number": "nan", "without end": "inf",
    "a point alone": ".", "in brackets": "(100)",
}  # fmt: skip
READ: dict[str, tuple[Any, float, list[str]]] = {
    "a number": (100.0, 100.0, []),
    "a whole number": (100, 100.0, []),
    "a half": (99.5, 99.5, []),
    "as text": ("100", 100.0, ["V13"]),
    "in full width, with spaces": (" １００ ", 100.0, ["V13"]),
    "with thousands": ("1,000", 1000.0, ["V13"]),
    "as a percentage": ("100%", 1.0, ["V13"]),
    "with a sign": ("+100", 100.0, ["V13"]),
    "with a mark that nobody sees": ("100\u200b", 100.0, ["V13"]),
    "in scientific notation": ("1e2", 100.0, ["V13"]),
    "in a ring": ("②", 2.0, ["V13"]),
}


def found(table: Table, column: str, *cells: Any) -> tuple[pl.DataFrame, pl.Series]:
    """The problems of these cells of a column, a row each, and what was read in it."""
    book = FakeBook(
        {
            table.name: [
                table.names,
                *(row_of(table, **{_key(table): f"k{n}", column: cell}) for n, cell in enumerate(cells)),
            ]
        }
    )
    frames = book.read(*INPUTS)
    problems = validate(School.of(frames, today=TODAY), frames[DEFECTS])
    mine = problems.filter(pl.col("工作表") == table.name, pl.col("列") == column)
    return mine.filter(pl.col("编号").is_in(["V10", "V12", "V13"])), frames[table][column]


def _key(table: Table) -> str:
    return next(column.name for column in table if column.type in (Type.ID, Type.TEXT, Type.LONG))


@pytest.mark.parametrize("cell", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_number_is_an_error_of_its_cell_that_quotes_it(cell: Any) -> None:
    problems, read = found(SUBJECTS, "满分", 120, cell, 150)

    assert problems.select("编号", "级别", "行").rows() == [("V10", "错误", 3)]
    assert "不是数字" in problems["问题"][0] and problems["怎么改"][0] == "填成数字，不要带单位或文字"
    assert read.to_list() == [120.0, None, 150.0]


@pytest.mark.parametrize(("cell", "number", "expected"), READ.values(), ids=READ.keys())
def test_a_number_is_read_however_it_is_typed(cell: Any, number: float, expected: list[str]) -> None:
    problems, read = found(SUBJECTS, "满分", cell)

    assert (problems["编号"].to_list(), read.to_list()) == (expected, [number])


def test_an_empty_cell_is_no_bad_number() -> None:
    problems, read = found(SUBJECTS, "满分", 120, "", " ")

    assert problems.is_empty() and read.to_list() == [120.0, None, None]


NEEDED = {("科目", "满分")}  # without one of its lines a 科目 can be used all the same
NUMBERS = [
    (table, column) for table in INPUTS for column in table if column.type in (Type.NUMBER, Type.INTEGER, Type.RATE)
]


@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=[f"{table.name} {column.name}" for table, column in NUMBERS])
def test_each_column_of_numbers_tells_a_word_once_as_an_error_where_the_row_needs_it(table: Table, column: Any) -> None:
    problems, _ = found(table, column.name, 3, "三", 4)

    needed = (table.name, column.name) in NEEDED
    assert problems.select("编号", "行").rows() == [("V10" if needed else "V12", 3)]


@pytest.mark.parametrize("cell", [2.5, "2.5", "50%"])
def test_half_a_thing_is_no_whole_number(cell: Any) -> None:
    table, column = next((table, column) for table, column in NUMBERS if column.type is Type.INTEGER)
    problems, read = found(table, column.name, 3, cell)

    assert problems["行"].to_list() == [3] and read.to_list() == [3, None]


@settings(max_examples=50, deadline=None)
@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 3)))
def test_what_python_writes_of_a_number_is_read_as_that_number(number: float) -> None:
    assert as_number(repr(number)) == (number, Defect.NUMBER_AS_TEXT)


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789.+-eE,% 一分", min_size=1, max_size=6))
def test_what_is_read_is_what_python_reads_without_commas_and_percent_signs(text: str) -> None:
    value, defect = as_number(text)
    bare = text.strip().replace(",", "")
    try:
        wanted = float(bare.removesuffix("%").strip() if bare.count("%") == 1 else bare) / (100 if "%" in bare else 1)
    except ValueError:
        wanted = None
    assert (value is None) == (defect == Defect.NOT_A_NUMBER)
    assert value is None or value == wanted
