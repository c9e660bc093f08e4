"""What voids cells and rows is found without the topics that only remark: no error is lost."""

from __future__ import annotations

import re
from inspect import getsource
from types import ModuleType

import polars as pl
import pytest

from xlbangfu import sample
from xlbangfu.rules import problems
from xlbangfu.rules.causes import causes
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import TOPICS, attendance_checks, checks, validate, what_voids
from xlbangfu.rules.validation.checks import Check
from xlbangfu.schema import DEFECTS, ROW


def levels(*topics: ModuleType) -> set[str]:
    named = {name for topic in topics for name in re.findall(r"\bchecks\.([A-Z_]+)\b", getsource(topic))}
    return {check.level for name in named if isinstance(check := getattr(checks, name), Check)}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.__name__.rpartition(".")[2])
def test_a_topic_voids_where_an_error_is_among_its_checks(topic: ModuleType) -> None:
    more = (attendance_checks,) if "attendance_checks" in getsource(topic) else ()
    assert (problems.ERROR in levels(topic, *more)) is TOPICS[topic]


def test_the_errors_of_a_school_with_one_of_each_mistake_are_the_same_either_way() -> None:
    frames = sample.make(students=90, classes=3, exams=2, logs=20, seed=3, with_problems=True).frames
    numbered = {table: frame.with_row_index(ROW, offset=2).cast({ROW: pl.Int64}) for table, frame in frames.items()}
    school = School.of(numbered, today=sample.TODAY)
    whole, voiding = validate(school, DEFECTS.empty()), what_voids(school, DEFECTS.empty())

    assert problems.errors(voiding).equals(problems.errors(whole))
    assert problems.errors(causes(voiding)).height == problems.errors(causes(whole)).height > 5
    assert voiding.height < whole.height
