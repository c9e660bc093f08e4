"""A file whose marks are mostly other than those that its exam has: asked once whether it is that exam at all."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import TITLE, Files, after, answered, ask_kinds, school
from tests.documents.importing.test_hard_headers import MARKS, NAMES
from xlbangfu.schema import EXAMS, SCORES


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=["xlsx", "csv"])
def form(request):
    return request.param


def _lines(marks):
    return [[TITLE], ["学号", "姓名", "语文"], *([*who, mark] for who, mark in zip(NAMES, marks, strict=True))]


@pytest.fixture
def known(files):
    before = school()
    return after(before, files.plan(*_lines(MARKS), to=before))


OTHERS = [62, 94, 79, 56, 87]


def test_mostly_other_marks_are_one_question_and_no_remarks(files, form, known):
    plan = files.plan(*_lines(OTHERS), to=known, form=form, name="另")
    assert (ask_kinds(plan), plan.problems.height, plan.appends) == (["EXAM"], 0, {})
    assert "已有 5 个分数，和文件不同的有 4 个" in plan.questions[0].thought


def test_a_correction_is_told_mark_by_mark_and_changes_nothing(files, form, known):
    plan = files.plan(*_lines(OTHERS), to=known, form=form, name="另")
    done = files.plan(
        *_lines(OTHERS), to=known, form=form, name="另", answers=answered(plan, plan.questions[0].choices[0])
    )
    assert (done.questions, done.problems.height, done.appends) == ([], 4, {})


def test_another_exam_gets_its_own_marks_and_coming_again_changes_nothing(files, form, known):
    plan = files.plan(*_lines(OTHERS), to=known, form=form, name="另")
    answers = answered(plan, plan.questions[0].choices[1])
    done = files.plan(*_lines(OTHERS), to=known, form=form, name="另", answers=answers)
    assert done.appends[SCORES]["语文"].to_list() == OTHERS
    assert set(done.appends[EXAMS]["考试编号"]).isdisjoint(known[EXAMS]["考试编号"])
    again = files.plan(*_lines(OTHERS), to=after(known, done), form=form, name="另", answers=answers)
    assert (again.appends, again.questions, again.problems.height) == ({}, [], 0)


def test_one_other_mark_is_only_told(files, form, known):
    plan = files.plan(*_lines([*MARKS[:4], 99]), to=known, form=form)
    assert (plan.questions, plan.problems.height) == ([], 1)
