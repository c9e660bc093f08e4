"""Sheets of results begin with the newest exam."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu import sample
from xlbangfu.actions.checked_school import ranks
from xlbangfu.rules.newest_first import newest_first
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASS_FIGURES, EXAMS, PRIZES, RANKING, Table

SHEETS = (RANKING, CLASS_FIGURES, PRIZES)


@pytest.mark.parametrize("table", SHEETS, ids=lambda table: table.name)
def test_the_newest_exam_stands_first(table: Table) -> None:
    made = sample.make(students=60, classes=2)
    school = School.of(made.frames, today=made.frames[EXAMS]["日期"].max())  # type: ignore[arg-type]  # a date
    days = dict(made.frames[EXAMS].select("考试编号", "日期").iter_rows())

    seen = [days[exam] for exam in ranks(school).sheets[table]["考试编号"].to_list()]

    assert len({*seen}) > 1
    assert seen == sorted(seen, reverse=True)


@given(st.lists(st.integers(1, 4), min_size=1).map(sorted))
def test_within_an_exam_nothing_moves(exams: list[int]) -> None:
    results = pl.DataFrame({"考试编号": [str(exam) for exam in exams], "行": range(len(exams))})

    turned = newest_first(results)

    for exam in {*exams}:
        rows = pl.col("考试编号") == str(exam)
        assert turned.filter(rows).equals(results.filter(rows))
