"""A 任课表 with 科目 down and 班级 across."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import Files, answered
from xlbangfu.errors import BangfuError
from xlbangfu.schema import TEACHERS


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=["xlsx", "csv"])
def form(request):
    return request.param


ROWS = [["语文", "李红", "王强"], ["数学", "赵青", "赵青"], ["班主任", "李红", "赵青"]]
TAUGHT = [("李红", "语文", "初一1班"), ("王强", "语文", "初一2班"), ("赵青", "数学", "初一1班、初一2班")]


def _taught(plan):
    return sorted(plan.appends[TEACHERS].select("姓名", "任教科目", "任教班级").rows())


def _answered(files, rows, **more):
    plan = files.plan(*rows, name="任课表", **more)
    return files.plan(*rows, name="任课表", answers=answered(plan, *(q.choices[0] for q in plan.questions)), **more)


@pytest.mark.parametrize("corner", ["科目", "学科/班级", ""])
@pytest.mark.parametrize("title", [["2026-2027学年第一学期任课表"], ["七年级教师任课表"]])
def test_who_teaches_is_read_with_the_classes_across(files, form, corner, title):
    plan = _answered(files, [title, [corner, "七(1)班", "七(2)班"], *ROWS], form=form)
    assert _taught(plan) == TAUGHT


def test_one_teacher_merged_over_two_classes_teaches_both(files):
    rows = [["任课表"], ["科目", "七(1)班", "七(2)班"], ROWS[0], ["数学", "赵青", ""]]
    assert _taught(_answered(files, rows, merged=[(3, 1, 3, 2)])) == TAUGHT


def test_a_serial_before_the_subjects_and_a_note_under_them_do_no_harm(files, form):
    rows = [["序号", "科目", "七(1)班", "七(2)班"], *([n, *row] for n, row in enumerate(ROWS, 1)), ["", "注：代课另记"]]
    assert _taught(_answered(files, rows, form=form)) == TAUGHT


def test_figures_of_classes_are_no_plan(files, form):
    with pytest.raises(BangfuError):
        files.plan(["科目", "七(1)班", "七(2)班"], ["语文", 80.5, 79], ["数学", 70, 71], form=form)
