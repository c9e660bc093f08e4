"""Each of more than a hundred mistakes is told where it was made, or it is known why not; a sound school is told nothing."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.mistakes import MISTAKES, Frames, Mistake, planted, row_of
from xlbangfu import sample
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import CHECKS, validate
from xlbangfu.schema import DEFECTS, ROW

TOLD = {name: one for name, one in MISTAKES.items() if one.told}
UNTOLD = {name: one for name, one in MISTAKES.items() if not one.told}


@pytest.fixture(scope="module")
def sound() -> Frames:
    return sample.make(students=180, classes=6, exams=4, logs=80).frames


def found(frames: Frames, mistake: Mistake | None = None) -> pl.DataFrame:
    defects = DEFECTS.empty()
    if mistake and mistake.defect:
        table, place, column, text, kind = mistake.defect
        # a cell that could not be read is empty in the frame: its row is found in the frame before
        row = row_of(frames, table, place) + 2
        defects = pl.DataFrame([(table.name, row, column, text, kind)], schema=DEFECTS.frame_schema, orient="row")
    made = planted(frames, mistake) if mistake else frames
    numbered = {table: frame.with_row_index(ROW, offset=2).cast({ROW: pl.Int64}) for table, frame in made.items()}
    return validate(School.of(numbered, today=sample.TODAY), defects)


def cell(frames: Frames, mistake: Mistake) -> tuple[str, str, int, str | None]:
    """Check, sheet, Excel row and column of what must be told."""
    assert mistake.told
    made = planted(frames, mistake)
    changed = mistake.changes[0] if mistake.changes else None
    table = mistake.on or (changed[0] if changed else None)
    place = mistake.at or (changed[1] if changed else None)
    assert table and place is not None
    where = frames if mistake.defect else made
    try:
        row = row_of(where, table, place)
    except IndexError:  # the cells by which the row is found were changed: it is where it was
        row = row_of(frames, table, place)
    return (mistake.told[0], table.name, row + 2, mistake.told[1])


def test_a_hundred_mistakes_and_more_are_planted() -> None:
    assert len(TOLD) >= 100
    assert len(UNTOLD) >= 10
    assert all(one.why_not for one in UNTOLD.values())
    assert {one.told[0] for one in TOLD.values() if one.told} <= set(CHECKS)


def test_a_sound_school_is_told_nothing(sound: Frames) -> None:
    assert found(sound).rows() == []


@pytest.mark.parametrize("mistake", TOLD.values(), ids=TOLD.keys())
def test_a_mistake_is_told_at_its_cell_and_nothing_else_is(sound: Frames, mistake: Mistake) -> None:
    problems = found(sound, mistake)

    assert cell(sound, mistake) in problems.select("编号", "工作表", "行", "列").rows()
    assert mistake.told
    assert set(problems["编号"]) <= {mistake.told[0], *mistake.also}


@pytest.mark.parametrize("mistake", UNTOLD.values(), ids=UNTOLD.keys())
def test_what_might_be_right_is_not_called_wrong(sound: Frames, mistake: Mistake) -> None:
    assert found(sound, mistake).rows() == []
