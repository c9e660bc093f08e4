"""Headers that schools really write: parts under a subject, full marks behind it, days of exams, pairs over the table."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import FORMATS, TITLE, Files, answered, ask_kinds, marks, school
from tests.documents.sheet_writers import Sheet
from xlbangfu.documents.importing import plan_import
from xlbangfu.errors import BangfuError
from xlbangfu.schema import EXAMS, SCORES


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=FORMATS)
def form(request):
    return request.param


NAMES = [("260101", "程一"), ("260102", "杜二"), ("260103", "范三"), ("260104", "郭四"), ("260105", "何五")]
MARKS = [61, 93, 78, 55, 87]


def _rows(*columns):
    return [[*who, *cells] for who, *cells in zip(NAMES, *columns, strict=True)]


def _taken(plan, subject="语文"):
    return {number: (str(mark),) for (number, _), mark in zip(NAMES, MARKS, strict=True)} == marks(plan, subject)


@pytest.mark.parametrize("parts", [["1题", "2题", "总分"], ["第1题", "第2题", "合计"], ["一", "二", "总分"]])
def test_questions_under_a_subject_that_is_merged_are_a_header_row_and_never_the_mark(files, parts):
    heads = [["学号", "姓名", "语文", "", ""], ["", "", *parts]]
    plan = files.plan([TITLE], *heads, *_rows([9, 8, 7, 6, 5], [10, 12, 14, 13, 11], MARKS), merged=[(1, 2, 1, 4)])
    assert SCORES not in plan.appends or _taken(plan)


def test_numbers_of_questions_under_a_merged_subject_are_never_the_mark(files):
    heads = [["学号", "姓名", "语文", "", ""], ["", "", 1, 2, "总分"]]
    plan = files.plan([TITLE], *heads, *_rows([9, 8, 7, 6, 5], [10, 12, 14, 13, 11], MARKS), merged=[(1, 2, 1, 4)])
    assert _taken(plan)


@pytest.mark.parametrize(
    ("form", "merged"), [("xlsx", [(1, 2, 1, 3), (1, 4, 1, 5)]), *((form, []) for form in FORMATS)]
)
def test_numbers_under_a_subject_of_two_columns_are_asked_whichever_comes_first(files, form, merged):
    ranks = [4, 9, 7, 13, 6]
    heads = ["学号", "姓名", "语文", "", "数学", ""]
    plan = files.plan([TITLE], heads, *_rows(ranks, MARKS, ranks, MARKS), form=form, merged=merged)
    assert marks(plan, "语文") == {}
    assert ask_kinds(plan) == ["SCORE", "SCORE"]


@pytest.mark.parametrize("heading", ["语文120", "语文-120", "语文—120", "语文120分", "语120"])
def test_a_full_mark_behind_a_subject_is_one(files, form, heading):
    plan = files.plan([TITLE], ["学号", "姓名", heading], *_rows(MARKS), form=form)
    assert (_taken(plan), plan.questions) == (True, [])


def test_a_number_behind_a_subject_that_is_no_full_mark_is_asked(files, form):
    plan = files.plan([TITLE], ["学号", "姓名", "语文37"], *_rows(MARKS), form=form)
    assert (marks(plan, "语文"), len(plan.questions)) == ({}, 1)


def test_a_day_behind_an_exam_in_a_heading_is_its_date(files):
    heads = [["学号", "姓名", "9月月考（2026.9.28）", "期中（11月10日）"], ["", "", "语文", "语文"]]
    plan = files.plan(["初一1班成绩 2026-2027学年第一学期"], *heads, *_rows(MARKS, MARKS[::-1]))
    days = dict(plan.appends[EXAMS].select("类型", "日期").iter_rows())
    assert {kind: day and (day.month, day.day) for kind, day in days.items()} == {"月考": (9, 28), "期中": (11, 10)}


@pytest.mark.parametrize("heading", ["考试日期", "考试时间"])
def test_a_column_of_days_is_the_date_of_each_exam(files, form, heading):
    rows = [
        [kind, day, *who, "语文", mark]
        for kind, day in (("第一次月考", "2026-10-08"), ("期中考试", "2026-11-10"))
        for who, mark in zip(NAMES, MARKS, strict=True)
    ]
    plan = files.plan(["考试名称", heading, "学号", "姓名", "科目", "分数"], *rows, form=form)
    assert sorted(day.isoformat()[:10] for day in plan.appends[EXAMS]["日期"]) == ["2026-10-08", "2026-11-10"]


def test_pairs_of_a_name_and_what_it_is_over_the_table_are_its_titles(files, form):
    over = [["考试名称", "期中考试", "考试时间", "2026年11月10日"], ["年级", "七年级", "班级", "1班"]]
    plan = files.plan(*over, ["学号", "姓名", "语文", "数学"], *_rows(MARKS, MARKS), form=form)
    assert (_taken(plan), plan.questions) == (True, [])
    assert plan.appends[EXAMS]["日期"][0].isoformat()[:10] == "2026-11-10"


def test_signatures_under_the_table_are_no_students(files, form):
    ends = [["班主任签名：", "", "教务处（盖章）"], ["统计人：", "教务处", "2026年11月12日"]]
    plan = files.plan([TITLE], ["学号", "姓名", "语文"], *_rows(MARKS), *ends, form=form)
    assert (_taken(plan), plan.questions, plan.problems.height) == (True, [], 0)


@pytest.mark.parametrize("parts", [["英语听力", "英语笔试"], ["英语·客观题", "英语·主观题"]])
def test_a_subject_of_which_there_are_only_parts_is_asked(files, form, parts):
    plan = files.plan([TITLE], ["学号", "姓名", "语文", *parts], *_rows(MARKS, [20, 19, 18, 17, 16], MARKS), form=form)
    assert (_taken(plan), ask_kinds(plan)) == (True, ["SCORE"])
    again = files.plan(
        [TITLE],
        ["学号", "姓名", "语文", *parts],
        *_rows(MARKS, [20, 19, 18, 17, 16], MARKS),
        form=form,
        answers=answered(plan, parts[1]),
    )
    assert _taken(again, "英语")


@pytest.mark.parametrize("heading", ["外", "外语"])
def test_a_foreign_language_is_english(files, form, heading):
    plan = files.plan([TITLE], ["学号", "姓名", "语", heading], *_rows(MARKS, MARKS), form=form)
    assert (_taken(plan, "英语"), plan.questions) == (True, [])


def test_this_time_beside_last_time_is_the_mark(files, form):
    heads = ["学号", "姓名", "语文上次", "语文本次", "进退"]
    plan = files.plan([TITLE], heads, *_rows(MARKS[::-1], MARKS, [1, -2, 3, 0, 5]), form=form)
    assert (_taken(plan), plan.questions) == (True, [])


def test_shares_of_the_full_mark_are_asked_and_never_marks(files, form):
    plan = files.plan([TITLE], ["学号", "姓名", "语文"], *_rows([mark / 120 for mark in MARKS]), form=form)
    assert (marks(plan, "语文"), ask_kinds(plan)) == ({}, ["COLUMN"])


def test_a_nought_of_whom_a_remark_says_that_he_was_absent_is_asked(files, form):
    remarks = ["", "语文缺考", "", "", ""]
    cells = [61, 0, 78, 55, 87]
    plan = files.plan([TITLE], ["学号", "姓名", "语文", "备注"], *_rows(cells, remarks), form=form)
    assert (marks(plan, "语文").get("260102", (None,)), ask_kinds(plan)) == ((None,), ["NOUGHTS"])


@pytest.mark.parametrize("grade", ["六年级", "九年级", "高一年级"])
def test_a_grade_that_the_school_has_not_binds_too(files, form, grade):
    rows = [[name, mark] for (_, name), mark in zip(NAMES, MARKS, strict=True)]
    plan = files.plan([f"{grade}期中考试（2026年11月10日）"], ["姓名", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {}


def test_tables_of_two_exams_one_under_another_are_two_exams(files, form):
    first = [["初一1班第一次月考（2026年10月9日）"], ["学号", "姓名", "语文"], *_rows(MARKS), []]
    second = [["初一1班期中考试（2026年11月10日）"], ["学号", "姓名", "语文"], *_rows(MARKS[::-1])]
    plan = files.plan(*first, *second, form=form)
    assert (plan.questions, plan.appends[EXAMS]["类型"].to_list()) == ([], ["月考", "期中"])


def test_shares_of_classes_are_no_teachers(files, form):
    heads = ["班级", "语文平均分", "语文及格率", "数学平均分", "数学及格率"]
    path = files.write(
        "统计", Sheet(name="统计", rows=[["一分三率"], heads, ["初一1班", "78.2", "60%", "76", "50%"]]), form=form
    )
    with pytest.raises(BangfuError, match="没有认出"):
        plan_import([path], school())


def test_headings_that_count_the_exams_of_the_title_are_so_many_exams(files):
    heads = [["学号", "姓名", "第一次", "第二次"], ["", "", "语文", "语文"]]
    plan = files.plan(["2026-2027学年第一学期初一1班月考成绩"], *heads, *_rows(MARKS, MARKS[::-1]))
    assert plan.appends[EXAMS]["考试编号"].to_list() == ["2026上月考1", "2026上月考2"]


def test_a_heading_that_names_the_exam_of_the_title_is_no_other_exam(files, form):
    plan = files.plan([TITLE], ["学号", "姓名", "语文期中成绩", "数学"], *_rows(MARKS, MARKS), form=form)
    assert (_taken(plan), _taken(plan, "数学"), plan.questions) == (True, True, [])


@pytest.mark.parametrize("days", [("2026-10-08", "2026-10-09"), ("8:00-9:30", "10:00-11:30"), ("2026-10-09", "")])
def test_the_days_and_hours_of_the_papers_of_one_exam_make_no_more_exams(files, form, days):
    rows = [
        ["第一次月考", day, *who, subject, mark]
        for subject, day in zip(("语文", "数学"), days, strict=True)
        for who, mark in zip(NAMES, MARKS, strict=True)
    ]
    plan = files.plan(["考试名称", "考试时间", "学号", "姓名", "科目", "分数"], *rows, form=form)
    assert plan.appends[EXAMS].height == 1
    assert (_taken(plan), _taken(plan, "数学")) == (True, True)


@pytest.mark.parametrize("over", [["学生", "", "语文", ""], ["", "学生", "语文", ""]])
def test_groups_over_the_headings_are_no_pairs(files, form, over):
    rows = _rows(MARKS, [4, 9, 7, 13, 6])
    plan = files.plan([TITLE], over, ["学号", "姓名", "得分", "班次"], *rows, form=form)
    assert (_taken(plan), plan.questions) == (True, [])
