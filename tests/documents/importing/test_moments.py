"""Columns of a subject that only a month or a 学期 tells apart: the question is which exam each is."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import TITLE, Files, answered, ask_kinds, marks
from xlbangfu.schema import EXAMS, SCORES


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=["xlsx", "csv"])
def form(request):
    return request.param


ROWS = [["260101", "程一", 61, 93], ["260102", "杜二", 78, 55]]


def _by_exam(plan):
    kinds = dict(plan.appends[EXAMS].select("考试编号", "名称").iter_rows())
    return {
        (kinds[exam], number): mark
        for exam, number, mark in plan.appends[SCORES].select("考试编号", "学号", "语文").rows()
    }


@pytest.mark.parametrize(
    "heads", [["语文10月", "语文11月"], ["10月语文", "11月语文"], ["语文（10月）", "语文（11月）"]]
)
def test_months_are_asked_as_exams(files, form, heads):
    lines = [["初一月考成绩"], ["学号", "姓名", *heads], *ROWS]
    plan = files.plan(*lines, form=form)
    assert (ask_kinds(plan), [q.about for q in plan.questions]) == (["EXAM", "EXAM"], ["10月", "11月"])
    assert SCORES not in plan.appends
    done = files.plan(*lines, form=form, answers=answered(plan, *["新考试：2026-2027上月考"] * 2))
    names = [f"2026—2027学年第一学期{month}月月考考试（成绩）" for month in (10, 11)]
    assert _by_exam(done) == {
        (names[0], "260101"): 61,
        (names[1], "260101"): 93,
        (names[0], "260102"): 78,
        (names[1], "260102"): 55,
    }


def test_terms_are_asked_as_exams(files, form):
    lines = [["2025-2026学年期末成绩"], ["学号", "姓名", "语文上学期", "语文下学期"], *ROWS]
    plan = files.plan(*lines, form=form)
    assert [(q.ask.name, q.about) for q in plan.questions] == [("EXAM", "上学期"), ("EXAM", "下学期")]
    done = files.plan(*lines, form=form, answers=answered(plan, *(q.choices[0] for q in plan.questions)))
    assert done.appends[EXAMS].select("学期", "类型").rows() == [("2025-2026上", "期末"), ("2025-2026下", "期末")]


def test_a_kind_alone_is_not_put_into_the_term_of_today_against_the_heading(files, form):
    lines = [["成绩"], ["学号", "姓名", "语文下学期", "语文2"], *ROWS]
    plan = files.plan(*lines, form=form)
    answer = ["新考试：期末" if q.about == "下学期" else "不导入" for q in plan.questions]
    again = files.plan(*lines, form=form, answers=answered(plan, *answer))
    assert (SCORES not in again.appends, [q.about for q in again.questions]) == (True, ["下学期"])


def test_a_month_beside_the_exam_of_the_title_does_not_take_its_marks(files, form):
    plan = files.plan([TITLE], ["学号", "姓名", "语文", "语文10月"], *ROWS, form=form)
    assert (marks(plan, "语文"), [q.about for q in plan.questions]) == (
        {"260101": ("61",), "260102": ("78",)},
        ["10月"],
    )


def test_a_month_alone_is_not_the_exam_of_the_title(files, form):
    plan = files.plan([TITLE], ["学号", "姓名", "语文10月"], *[row[:3] for row in ROWS], form=form)
    assert (marks(plan, "语文"), ask_kinds(plan)) == ({}, ["EXAM"])
