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

from xlbangfu.rules.school import School
from xlbangfu.rules.validation import (
    cells,
    configuration,
    dates,
    entries,
    exams,
    grades,
    marks,
    pairings,
    reading,
    references,
    roster,
    sat,
    school_calendar,
    short_keys,
    staff,
    students,
)
from xlbangfu.rules.validation.checks import CHECKS, Check
from xlbangfu.rules.validation.finding import arranged
from xlbangfu.rules.validation.sheets import Sheets
from xlbangfu.schema import INPUTS, ROSTER

__all__ = ["CHECKS", "Check", "validate"]


def validate(school: School, defects: pl.DataFrame) -> pl.DataFrame:
    """All problems of a school as ``problems.FRAME``, in the order of the sheets and their rows.

    ``defects`` is the frame DEFECTS of the read that the school comes from. Nothing is changed or raised.
    """
    sheets = Sheets.of(school, defects)
    by_themselves = list(chain(reading.problems(sheets, defects), *(cells.problems(sheets, table) for table in INPUTS)))
    related = _related(sheets.after(by_themselves))
    return arranged(chain(by_themselves, related), school[ROSTER])


def _related(sheets: Sheets) -> Iterator[pl.DataFrame]:
    for table in INPUTS:
        if table.names_student:
            yield from students.problems(sheets, table)
    yield from dates.after_leaving(sheets)
    for topic in (
        configuration,
        school_calendar,
        references,
        marks,
        sat,
        roster,
        pairings,
        staff,
        exams,
        entries,
        grades,
        short_keys,
    ):
        yield from topic.problems(sheets)
