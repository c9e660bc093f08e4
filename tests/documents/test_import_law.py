"""Whatever the layout, what is stored is true: the marks as they were, or a question; never another mark.

Some layouts run each time; by hand thousands: ``XLBANGFU_LAYOUTS=5000 pytest tests/documents/test_import_law.py``, from the
seed ``XLBANGFU_LAYOUTS_FROM``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.documents.layouts import Layout, Written
from tests.documents.made_school import MadeSchool, make
from xlbangfu.documents.importing import ImportPlan, plan_import
from xlbangfu.documents.importing.questions import Ask
from xlbangfu.errors import UnreadableFile
from xlbangfu.schema import EXAMS, SCORES, state_of

FIRST = int(os.environ.get("XLBANGFU_LAYOUTS_FROM", "0"))
LAYOUTS = int(os.environ.get("XLBANGFU_LAYOUTS", "60"))


_MARKS_GO_IN = (Ask.DAY,)  # asked of marks that go in all the same


def stored(plan: ImportPlan) -> dict[tuple[str, str, str], float | str]:
    """What the plan would store: exam kind, 学号, 科目 -> mark."""
    exams = plan.appends.get(EXAMS, EXAMS.empty())
    kinds = {row["考试编号"]: row["类型"] or row["名称"] for row in exams.to_dicts()}
    found: dict[tuple[str, str, str], float | str] = {}
    for row in plan.appends[SCORES].to_dicts() if SCORES in plan.appends else ():
        for subject in row:
            mark = row[subject] if state_of(subject) in row else None
            mark = row.get(state_of(subject)) if mark is None else mark
            if mark is not None:
                found[kinds.get(row["考试编号"], "?"), row["学号"], subject] = mark
    return found


def faults(school: MadeSchool, written: Written, plan: ImportPlan) -> list[str]:
    """What a plan does wrong."""
    told, true = stored(plan), written.truth
    wrong = [
        f"wrong: {place} {mark} instead of {true.get(place)}" for place, mark in told.items() if mark != true.get(place)
    ]
    rooms = {one.number: one.class_name for one in school.students}
    for row in plan.appends[SCORES].to_dicts() if SCORES in plan.appends else ():
        if row.get("考时班级") not in (None, rooms.get(row["学号"])):
            wrong.append(f"wrong: 考时班级 {row['考时班级']} of {row['学号']}")
    lost = [place for place in true if place not in told]
    asked = [question for question in plan.questions if question.ask not in _MARKS_GO_IN]
    if lost and not (asked or plan.problems.height):
        wrong.append(f"lost: {len(lost)} of {len(true)}, such as {lost[0]} {true[lost[0]]}")
    return wrong


@pytest.mark.parametrize("seed", range(FIRST, FIRST + LAYOUTS))
def test_the_marks_as_they_were_or_a_question_never_another_mark(tmp_path: Path, seed: int):
    school = make(seed)
    written = Layout(seed, school).write(tmp_path)
    try:
        plan = plan_import(written.paths, school.frames())
    except UnreadableFile:
        return  # said in a sentence
    assert faults(school, written, plan) == [], f"{written.words}\n{plan.lines}\n{plan.problem_lines()}"
