"""Which columns are marks: qualifiers, header rows, subjects, blocks; what is unclear is asked, never decided by place."""

from __future__ import annotations

import random

import pytest

from tests.documents.importing.school import FORMATS, TITLE, Files, answered, ask_kinds, marks, remembered, school
from tests.documents.sheet_writers import Sheet
from xlbangfu.documents.importing import plan_import


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=FORMATS)
def form(request):
    return request.param


NAMES = [("260101", "程一"), ("260102", "杜二"), ("260103", "范三"), ("260104", "郭四"), ("260105", "何五")]
RANK_WORDS = ["语文(班级排名)", "语文名次", "语文·校次", "语文 班次", "语文【等级】", "语文(标准分)", "语文得分率"]
MARK_WORDS = ["语文(得分)", "语文分数", "语文", "语文（卷面分）", "语文成绩", "语文/120"]


@pytest.mark.parametrize("rank", RANK_WORDS)
@pytest.mark.parametrize("mark", MARK_WORDS)
@pytest.mark.parametrize("first", ["rank", "mark"])
def test_a_qualifier_that_is_no_word_for_marks_is_never_the_mark_wherever_it_stands(files, rank, mark, first):
    heads = [rank, mark] if first == "rank" else [mark, rank]
    cells = [[n, 60 + 7 * n] if first == "rank" else [60 + 7 * n, n] for n in range(1, 6)]
    rows = [[*who, *pair] for who, pair in zip(NAMES, cells, strict=True)]
    plan = files.plan([TITLE], ["学号", "姓名", *heads], *rows)
    assert marks(plan, "语文") == {number: (str(60 + 7 * n),) for n, (number, _) in enumerate(NAMES, 1)}
    assert plan.questions == []


@pytest.mark.parametrize("part", ["听力", "笔试", "客观题", "主观", "A卷", "平时", "实验", "作文"])
def test_parts_beside_a_bare_subject_are_left_out(files, form, part):
    rows = [[*who, 20 + n, 80 + n] for n, who in enumerate(NAMES)]
    plan = files.plan([TITLE], ["学号", "姓名", f"英语({part})", "英语"], *rows, form=form)
    assert marks(plan, "英语")["260103"] == ("82",)


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("order", [["分数", "班次", "级次"], ["级次", "分数", "班次"], ["班次", "级次", "得分"]])
def test_subjects_over_marks_and_ranks_give_the_marks_merged_or_not(files, merged, order):
    spots = [3, 6]
    top = ["学号", "姓名", "班级", "语文", "", "", "数学", "", ""]
    below = ["", "", "", *order, *order]
    at = next(i for i, word in enumerate(order) if word in ("分数", "得分"))
    rows = [
        [number, name, "七(1)班", *(50 + 10 * s + n if i == at else n + 1 for s in range(2) for i in range(3))]
        for n, (number, name) in enumerate(NAMES)
    ]
    areas = [(1, c, 2, c) for c in range(3)] + [(1, c, 1, c + 2) for c in spots] if merged else []
    plan = files.plan([TITLE], top, below, *rows, merged=areas)
    assert marks(plan, "语文", "数学") == {number: (str(50 + n), str(60 + n)) for n, (number, _) in enumerate(NAMES)}


def test_one_sign_is_a_subject(files, form):
    rows = [[*who, 50, 61, 72, 83, 94] for who in NAMES]
    plan = files.plan([TITLE], ["学号", "姓名", "语", "数", "英", "政", "史"], *rows, form=form)
    assert marks(plan, "语文", "数学", "英语", "道德与法治", "历史")["260101"] == ("50", "61", "72", "83", "94")


def test_a_sheet_a_subject_takes_the_subject_from_its_name_or_its_title(files):
    def sheet(name: str, title: str, base: int) -> Sheet:
        rows = [[title], ["序号", "学号", "姓名", "成绩"], *([n, *who, base + n] for n, who in enumerate(NAMES, 1))]
        return Sheet(name=name, rows=rows)

    path = files.write("期中", sheet("语文", TITLE, 60), sheet("Sheet2", "2026-2027学年第一学期期中考试数学成绩", 70))
    plan = plan_import([path], school())
    assert marks(plan, "语文", "数学")["260101"] == ("61", "71")


def test_a_long_table_gives_a_mark_a_row(files, form):
    rows = [[*who, subject, base + n] for n, who in enumerate(NAMES) for subject, base in (("语文", 60), ("数学", 80))]
    random.Random(1).shuffle(rows)
    plan = files.plan(["学号", "姓名", "科目", "成绩"], *rows, name="期中", form=form)
    assert marks(plan, "语文", "数学") == {number: (str(60 + n), str(80 + n)) for n, (number, _) in enumerate(NAMES)}


@pytest.mark.parametrize("gap", [[""], []])
def test_two_tables_side_by_side_are_both_read(files, form, gap):
    head = ["学号", "姓名", "语文", "数学"]
    left, right = ["260101", "程一", 60, 70], ["260102", "杜二", 61, 71]
    plan = files.plan([TITLE], [*head, *gap, *head], [*left, *gap, *right], form=form)
    assert marks(plan, "语文", "数学") == {"260101": ("60", "70"), "260102": ("61", "71")}


def test_tables_one_under_another_have_their_own_columns_and_classes(files, form):
    plan = files.plan(
        ["初一1班2026-2027学年第一学期期中成绩（2026年11月10日）"],
        ["姓名", "语文", "数学"],
        ["程一", 60, 70],
        ["平均分", 60, 70],
        [],
        ["初二(1)班2026-2027学年第一学期期中成绩（2026年11月10日）"],
        ["姓名", "数学", "语文"],
        ["程一", 71, 61],
        form=form,
    )
    assert marks(plan, "语文", "数学") == {"260101": ("60", "70"), "250103": ("61", "71")}


def test_two_candidates_for_one_subject_are_asked_and_the_answer_is_kept_by_the_header(files):
    table = (
        [TITLE],
        ["学号", "姓名", "语文(分数)", "语文(得分)"],
        *([*who, 60 + n, 80 - n] for n, who in enumerate(NAMES)),
    )
    plan = files.plan(*table)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["SCORE"], {})
    assert plan.questions[0].choices == ("语文(分数)", "语文(得分)", "不导入")
    plan = files.plan(*table, answers=answered(plan, "语文(得分)"))
    assert marks(plan, "语文")["260101"] == ("80",)
    later = files.plan(
        ["2026-2027学年第一学期期末考试（2027年1月10日）"], *table[1:], name="期末", answers=remembered(plan)
    )
    assert (later.questions, marks(later, "语文")["260101"]) == ([], ("80",))
    assert later.answers.recalled[0][1] == "语文(得分)"


def test_columns_alike_in_every_cell_are_one(files):
    plan = files.plan(
        [TITLE], ["学号", "姓名", "语文", "语文成绩"], *([*who, 60 + n, 60 + n] for n, who in enumerate(NAMES))
    )
    assert (plan.questions, marks(plan, "语文")["260105"]) == ([], ("64",))


def test_a_qualifier_not_known_is_asked(files, form):
    plan = files.plan(
        [TITLE],
        ["学号", "姓名", "语文", "数学(附卷)"],
        *([*who, 60 + n, 7 * n] for n, who in enumerate(NAMES)),
        form=form,
    )
    assert ask_kinds(plan) == ["COLUMN"]
    assert plan.questions[0].sample == ("0", "7", "14")
    assert marks(plan, "语文")["260101"] == ("60",)


def test_raw_or_converted_is_asked_once_a_school(files):
    table = ([TITLE], ["", "", "折算分", "", "原始分", ""], ["学号", "姓名", "语文", "数学", "语文", "数学"])
    rows = [[*who, 40 + n, 50 + n, 60 + n, 70 + n] for n, who in enumerate(NAMES)]
    plan = files.plan(*table, *rows)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["CONVERTED"], {})
    plan = files.plan(*table, *rows, answers=answered(plan, "原始分"))
    assert marks(plan, "语文", "数学")["260101"] == ("60", "70")
    other = ["学号", "姓名", "历史(原始分)", "历史(赋分)"]
    later = files.plan(
        [TITLE], other, *([*who, 50 + n, 70 + n] for n, who in enumerate(NAMES)), answers=remembered(plan)
    )
    assert (later.questions, marks(later, "历史")["260101"]) == ([], ("50",))


def test_a_column_that_counts_is_asked_whatever_its_heading(files, form):
    plan = files.plan(
        [TITLE], ["学号", "姓名", "语文", "数学"], *([*who, n, 70 + n] for n, who in enumerate(NAMES, 1)), form=form
    )
    assert (ask_kinds(plan), marks(plan, "数学")["260101"]) == (["COUNTING"], ("71",))
    assert "语文" not in plan.appends or "语文" not in plan.new_subjects


def test_numbers_without_a_heading_are_asked(files):
    plan = files.plan([TITLE], ["学号", "姓名", "语文", ""], *([*who, 60 + n, 70 + n] for n, who in enumerate(NAMES)))
    assert ask_kinds(plan) in (["COLUMN"], [])  # where the column is outside of the table it is no column of it
    assert marks(plan, "语文")["260101"] == ("60",)


def test_totals_and_ranks_are_told_together(files):
    head = ["学号", "姓名", "语文", "语文班次", "语文级次", "总分", "班名", "级名", "备注"]
    plan = files.plan([TITLE], head, *([*who, 60 + n, n, n, 60 + n, n, n, "好"] for n, who in enumerate(NAMES)))
    assert "没有用 总分和名次共 5 列、备注" in plan.lines[-1]


def test_a_subject_that_schools_do_not_all_have_is_asked_with_its_full_mark(files, form):
    table = (
        [TITLE],
        ["学号", "姓名", "语文", "历史与社会(100)"],
        *([*who, 60 + n, 50 + n] for n, who in enumerate(NAMES)),
    )
    plan = files.plan(*table, form=form)
    assert ask_kinds(plan) == ["SUBJECT"]
    plan = files.plan(*table, form=form, answers=answered(plan, "新科目，满分 100"))
    assert (plan.new_subjects, marks(plan, "历史与社会")["260101"]) == (["历史与社会"], ("50",))


def test_many_marks_above_the_full_mark_are_one_question(files, form):
    table = ([TITLE], ["学号", "姓名", "语文"], *([*who, 110 + 9 * n] for n, who in enumerate(NAMES)))
    plan = files.plan(*table, form=form)
    assert (ask_kinds(plan), plan.problems.height, marks(plan, "语文")) == (["FULL_MARK"], 0, {})
    plan = files.plan(*table, form=form, answers=answered(plan, plan.questions[0].choices[0]))
    assert marks(plan, "语文")["260105"] == ("146",)
    assert plan.amends[next(t for t in plan.amends if t.name == "科目")]["满分"].to_list() == [150.0]


def test_the_total_of_a_sheet_about_one_subject_is_its_mark(files):
    head = ["学号", "姓名", "客观题", "主观题", "总分", "班级排名"]
    rows = [[TITLE], head, *([*who, 20 + n, 40 + n, 60 + 2 * n, n] for n, who in enumerate(NAMES))]
    plan = plan_import([files.write("期中", Sheet(name="语文", rows=rows))], school())
    assert marks(plan, "语文")["260105"] == ("68",)


def test_totals_in_a_long_table_are_no_subject(files):
    rows = [[*who, subject, mark] for who in NAMES for subject, mark in (("语", 60), ("数学成绩", 70), ("总分", 130))]
    plan = files.plan([TITLE], ["学号", "姓名", "科目", "得分"], *rows)
    assert (plan.questions, marks(plan, "语文", "数学")["260101"]) == ([], ("60", "70"))


def test_the_rows_of_other_schools_are_left_alone(files):
    head = ["学校", "姓名", "语文"]
    rows = [["甲中学", "程一", 60], ["乙中学", "白露", 70], ["乙中学", "杜二", 80]]
    plan = files.plan([TITLE], head, *rows)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["CONTENT"], {})
    plan = files.plan([TITLE], head, *rows, answers=answered(plan, "乙中学"))
    assert marks(plan, "语文") == {"250101": ("70",), "260102": ("80",)}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_usual_marks_and_the_paper_under_a_subject_that_is_not_merged(files, form):
    top, below = ["学号", "姓名", "语文", "", "数学", ""], ["", "", "平时", "考试", "平时", "考试"]
    plan = files.plan(
        ["2026-2027学年第一学期期末成绩登记表"],
        top,
        below,
        *([*who, 95, 60 + n, 96, 70 + n] for n, who in enumerate(NAMES)),
        form=form,
    )
    assert marks(plan, "语文", "数学")["260105"] == ("64", "74")
