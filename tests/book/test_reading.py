"""What actions begin with: an action that needs no marks does not pay for them, and finds the same in all other sheets."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from xlbangfu import actions, sample
from xlbangfu.actions import Call, rank_exams
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.rules.problems import errors
from xlbangfu.schema import INPUTS, PROBLEMS, SCORES, Table

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20), agrees=lambda question: True)
OTHERS = [table for table in INPUTS if table != SCORES]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with every problem that can be planted."""
    path = tmp_path_factory.mktemp("school") / "帮扶总表.xlsm"
    made = sample.make(with_problems=True)
    template.build(path, frames=made.frames, planted=made.planted, faults=made.faults, created=datetime(2026, 6, 30))
    return path


@pytest.fixture(scope="module")
def ranked(new: Path) -> Path:
    path = new.with_name("排过名次.xlsm")
    shutil.copyfile(new, path)
    rank_exams.refresh(ClosedBook(path), CALL)
    return path


class Noting(ClosedBook):
    """A book that notes which sheets were read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.looked_at: list[Table] = []

    def read(self, *tables: Table) -> dict[Table, pl.DataFrame]:
        self.looked_at += tables
        return super().read(*tables)


def test_without_marks_all_other_sheets_are_what_a_full_check_leaves_of_them(ranked: Path) -> None:
    whole = read_checked(ClosedBook(ranked), CALL)
    part = read_checked(ClosedBook(ranked), CALL, marks=False)

    assert SCORES not in part.frames
    for table in OTHERS:
        assert_frame_equal(part.school[table], whole.school[table])
    elsewhere = pl.col("工作表") != SCORES.name
    assert_frame_equal(
        errors(part.problems).filter(elsewhere).select("工作表", "行", "列", "问题"),
        errors(whole.problems).filter(elsewhere).select("工作表", "行", "列", "问题"),
    )
    assert (part.errors, part.warnings) == (whole.errors, whole.warnings)


@pytest.mark.parametrize("action", ["plan", "calendar"])
def test_an_action_without_marks_does_not_read_them_and_leaves_the_check_as_it_was(
    ranked: Path, tmp_path: Path, action: str
) -> None:
    path = tmp_path / "总表.xlsm"
    shutil.copyfile(ranked, path)
    before = ClosedBook(path).read(PROBLEMS)[PROBLEMS]
    book = Noting(path)

    outcome = actions.perform(action, book, replace(CALL, out=tmp_path / "日历"))

    assert outcome is not None
    assert outcome.errors == errors(before).height
    assert SCORES not in book.looked_at
    assert_frame_equal(ClosedBook(path).read(PROBLEMS)[PROBLEMS], before)


def test_before_any_ranking_everything_is_checked(new: Path, tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    shutil.copyfile(new, path)
    book = Noting(path)

    actions.perform("plan", book, CALL)

    assert SCORES in book.looked_at
    assert ClosedBook(path).read(PROBLEMS)[PROBLEMS].height > 0
