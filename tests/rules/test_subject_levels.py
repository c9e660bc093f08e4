"""Subjects of an exam as a level and which way the place in the 年级 went."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.test_page_verdict import EXAM, NUMBERS, with_marks
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.subject_levels import LEVEL, WAY, subject_levels


def found(marks: dict[str, tuple[int, int]]) -> dict[str, tuple[str | None, int | None]]:
    one = with_marks(marks)
    wanted = pl.DataFrame({"考试编号": [EXAM] * len(marks), "学号": list(marks)})
    rows = subject_levels(one, rank(one), wanted)
    return {number: (level, way) for number, level, way in rows.select("学号", LEVEL, WAY).iter_rows()}


def test_a_level_is_of_the_full_mark_and_at_a_line_is_inside_it() -> None:
    marks = {"0101": (85, 85), "0102": (70, 84), "0103": (60, 60), "0104": (40, 40), "0105": (39, 39)}
    assert [level for level, _ in found(marks).values()] == ["A", "B", "C", "D", "E"]


def test_an_easier_paper_is_no_progress_where_everyone_is_as_much_better() -> None:
    marks = {"0101": (30, 60), "0102": (40, 70), "0103": (50, 80)}
    assert {way for _, way in found(marks).values()} == {0}


def test_who_was_not_in_the_baseline_has_a_level_and_no_change() -> None:
    one = with_marks({"0101": (30, 60), "0102": (40, 70)})
    bare = rank(one).with_columns(基线名次=pl.lit(None, pl.Int64))
    rows = subject_levels(one, bare, pl.DataFrame({"考试编号": [EXAM], "学号": ["0101"]}))
    assert rows.select(LEVEL, WAY).rows() == [("C", None)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=9, max_size=9), st.integers(0, 8))
def test_who_stays_where_others_are_and_gains_marks_is_never_said_to_fall(of: list[tuple[int, int]], who: int) -> None:
    marks = dict(zip(NUMBERS, [(before, before) for before, _ in of], strict=True))
    better = marks | {NUMBERS[who]: (of[who][0], max(of[who]))}
    assert (found(better)[NUMBERS[who]][1] or 0) >= 0
