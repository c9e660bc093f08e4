"""A class that is written once, over the records that are of it."""

from __future__ import annotations

import pytest

from tests.documents.importing.school import TITLE, Files, empty_school, marks
from xlbangfu.schema import ROSTER


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=["xlsx", "csv"])
def form(request):
    return request.param


@pytest.mark.parametrize("line", ["{}", "班级：{}", "{}（3人）", "{} 班主任：李红"])
@pytest.mark.parametrize("first", ["初一1班", "七年级(1)班", "1班"])
@pytest.mark.parametrize("serial", [[], ["序号"]])
def test_a_line_between_the_records_says_their_class(files, form, line, first, serial):
    second = first.replace("1", "2") if first != "初一1班" else "初二1班"
    rows = [[line.format(first)], [*(serial and [1]), "程一", 61], [*(serial and [2]), "杜二", 93]]
    rows += [[line.format(second)], [*(serial and [3]), "程一" if first == "初一1班" else "李一", 78]]
    title = TITLE if first == "初一1班" else f"初一年级{TITLE}"
    plan = files.plan([title], [*serial, "姓名", "语文"], *rows, form=form)
    other = "250103" if first == "初一1班" else "260201"
    assert marks(plan, "语文") == {"260101": ("61",), "260102": ("93",), other: ("78",)}
    assert (plan.questions, plan.problems.height) == ([], 0)


def test_a_line_binds_the_names_below_it(files, form):
    plan = files.plan([TITLE], ["姓名", "语文"], ["初一1班"], ["李一", 61], ["初一2班"], ["倪二", 93], form=form)
    assert marks(plan, "语文") == {"260202": ("93",)}
    assert plan.problems["问题"].to_list() == ["名册里的 李一 在 初一2班，文件里是 初一1班，这一行没有导入"]


def test_a_line_in_a_roster_says_the_class(files, form):
    rows = [["七年级1班"], ["260101", "程一"], ["260102", "杜二"], ["七年级2班"], ["260201", "李一"]]
    plan = files.plan(["学号", "姓名"], *rows, name="名册", form=form, to=empty_school())
    assert dict(plan.appends[ROSTER].select("姓名", "班级").iter_rows()) == {
        "程一": "七年级1班",
        "杜二": "七年级1班",
        "李一": "七年级2班",
    }


def test_a_class_that_is_blank_below_goes_on_to_the_next(files, form):
    rows = [["初一1班", "程一", 61], ["", "杜二", 93], ["初二1班", "程一", 78], ["", "白露", 55]]
    plan = files.plan([TITLE], ["班级", "姓名", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {"260101": ("61",), "260102": ("93",), "250103": ("78",), "250101": ("55",)}


def test_a_class_that_comes_again_after_a_blank_does_not_go_on(files, form):
    rows = [["初一1班", "程一", 61], ["", "程一", 93], ["初一1班", "杜二", 78]]
    plan = files.plan([TITLE], ["班级", "姓名", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {"260101": ("61",), "260102": ("78",)}


def test_figures_of_another_class_end_what_a_line_says(files, form):
    rows = [["初一1班"], ["程一", 61], ["初二1班", 77], ["程一", 70]]
    plan = files.plan([TITLE], ["姓名", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {"260101": ("61",)}


def test_a_line_with_the_homeroom_teacher_beside_it_is_one(files, form):
    rows = [["初一1班"], ["1", "程一", 61], ["初二1班", "班主任：李红", ""], ["1", "程一", 70]]
    plan = files.plan([TITLE], ["序号", "姓名", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {"260101": ("61",), "250103": ("70",)}
