"""Validation (DOMAIN rule 1): everything doubtful in the input sheets, collected, in numbered checks.

``checks`` declares them. 错误 is only what cannot be used: a bad mark takes its own cell, any other 错误 its row
(``School.without``). What is doubtful, missing in the work, or spoils an optional cell only is
警告, for a student taken off the roll would change everybody else's rank. Rows that refer to a void row follow it:
those of a void student (成绩, 档案, 结对, 计划, 记录, 评价), the scores of a void exam, the pairings and log entries of a
void teacher. A class is no more than where its students sit: when its row is void they stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import (
    calendar_checks,
    cell_checks,
    configuration_checks,
    date_checks,
    dropout_checks,
    entry_checks,
    exam_checks,
    grade_checks,
    mark_checks,
    pairing_checks,
    reading_checks,
    reference_checks,
    roster_checks,
    short_keys,
    sitting_checks,
    staff_checks,
    student_checks,
)
from xlbangfu.rules.validation.checks import CHECKS, Check
from xlbangfu.rules.validation.problem_rows import arranged
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import INPUTS, ROSTER

__all__ = ["CHECKS", "TOPICS", "Check", "unreadable", "validate", "what_voids"]

TOPICS = {  # in the order of their problems in a row; whether an 错误 is among their checks
    configuration_checks: True,
    calendar_checks: False,
    reference_checks: True,
    mark_checks: True,
    sitting_checks: False,
    roster_checks: False,
    pairing_checks: True,
    staff_checks: False,
    exam_checks: False,
    entry_checks: False,
    dropout_checks: False,
    grade_checks: False,
    short_keys: False,
}


def validate(school: School, defects: pl.DataFrame) -> pl.DataFrame:
    """All problems of a school as ``problems.FRAME``, in the order of the sheets and their rows.

    ``defects`` is the frame DEFECTS of the read that the school comes from. Nothing is changed or raised.
    """
    return _found(school, defects, remarks=True)


def what_voids(school: School, defects: pl.DataFrame) -> pl.DataFrame:
    """``validate`` without what only remarks: every 错误, and of the rest what is found on the way."""
    return _found(school, defects, remarks=False)


@asks_much
def unreadable(school: School, defects: pl.DataFrame) -> pl.DataFrame:
    """Only the problems of what could not be read."""
    return arranged(reading_checks.problems(Sheets.of(school, defects), defects), school[ROSTER])


@asks_much
def _found(school: School, defects: pl.DataFrame, *, remarks: bool) -> pl.DataFrame:
    sheets = Sheets.of(school, defects, remarks=remarks)
    by_themselves = list(
        chain(reading_checks.problems(sheets, defects), *(cell_checks.problems(sheets, table) for table in INPUTS))
    )
    related = _related(sheets.after(by_themselves), remarks=remarks)
    return arranged(chain(by_themselves, related), school[ROSTER])


def _related(sheets: Sheets, *, remarks: bool) -> Iterator[pl.DataFrame]:
    for table in INPUTS:
        if table.names_student:
            yield from student_checks.problems(sheets, table)
    if remarks:
        yield from student_checks.class_changes(sheets)
    yield from date_checks.after_leaving(sheets)
    for topic, voids in TOPICS.items():
        if voids or remarks:
            yield from topic.problems(sheets)
