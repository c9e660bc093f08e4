"""What an import says that it wrote: counted as staff count, each kind by its own word."""

from __future__ import annotations

import polars as pl
import pytest

from xlbangfu.documents.importing.contents import counted
from xlbangfu.schema import CLASSES, EXAMS, INPUTS, LOG, ROSTER, SCORES, SUPPORT, TEACHERS, Table


def of(height: int) -> pl.DataFrame:
    return pl.DataFrame({"_": list(range(height))}, schema={"_": pl.Int64})


def test_students_and_their_class_are_not_one_number_of_rows() -> None:
    assert counted({ROSTER: of(90), CLASSES: of(1)}, []) == "学生 90 名、班级 1 个"


def test_marks_are_counted_by_student_and_exam() -> None:
    assert counted({EXAMS: of(2), SCORES: of(180)}, []) == "考试 2 次、成绩 180 人次"


def test_rows_of_which_empty_cells_were_filled_are_told_apart_and_added_up_by_sheet() -> None:
    filled = [(ROSTER, of(2)), (SCORES, of(1)), (ROSTER, of(3)), (CLASSES, of(0))]

    assert counted({TEACHERS: of(4)}, filled) == "教师 4 位；补填“名册”5 行、“成绩”1 行"
    assert counted({}, filled) == "补填“名册”5 行、“成绩”1 行"


def test_nothing_is_nothing() -> None:
    assert counted({}, []) == counted({ROSTER: of(0)}, [(LOG, of(0))]) == ""


@pytest.mark.parametrize("table", INPUTS, ids=lambda table: table.name)
def test_each_sheet_is_counted_by_a_word_and_the_whole_number(table: Table) -> None:
    said = counted({table: of(7)}, [])

    assert " 7 " in said and "_" not in said
    assert counted({SUPPORT: of(7)}, []) == "保障 7 行"
