"""Which exam a file is of, and whose marks it holds: terms, ordinals, 年级, classes, one import after another."""

from __future__ import annotations

from datetime import date

import pytest

from tests.documents.importing.school import (
    FORMATS,
    TITLE,
    Files,
    after,
    answered,
    ask_kinds,
    empty_school,
    marks,
    remembered,
    school,
)
from tests.documents.sheet_writers import Error, Sheet, Waiting
from xlbangfu.documents.importing import Answers, plan_import
from xlbangfu.schema import CLASSES, EXAMS, ROSTER, SCORES, SUBJECTS

HEAD = ["学号", "姓名", "语文", "数学"]
NAMES = [("260101", "程一"), ("260102", "杜二"), ("260103", "范三"), ("260104", "郭四"), ("260105", "何五")]
ROWS = [[*who, 60 + n, 80 + n] for n, who in enumerate(NAMES)]
OLDER = [["250101", "白露", 60, 70], ["250102", "曹阳", 61, 71], ["250103", "程一", 62, 72]]


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture(params=FORMATS)
def form(request):
    return request.param


def exams(plan):
    return plan.appends[EXAMS].select("学期", "类型", "日期").rows() if EXAMS in plan.appends else []


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        ((TITLE,), ("2026-2027上", "期中", date(2026, 11, 10))),
        (("示范中学2026年春季学期期末考试成绩",), ("2025-2026下", "期末", None)),
        (("期末考试成绩表", "考试日期：2026-07-02"), ("2025-2026下", "期末", date(2026, 7, 2))),
        (("26-27上期末",), ("2026-2027上", "期末", None)),
        (("第六次月考（2026.12.25）",), ("2026-2027上", "月考", date(2026, 12, 25))),
    ],
)
def test_a_title_says_the_term_and_the_date_and_no_date_is_made_up(files, form, titles, found):
    plan = files.plan(*([title] for title in titles), HEAD, *ROWS, form=form)
    assert exams(plan) == [found]
    assert ask_kinds(plan) == ([] if found[2] else ["DAY"])


@pytest.mark.parametrize("title", ["上学期期末成绩", "质量检测成绩", "成绩表", "2026年11月10日第二学期期中"])
def test_a_title_that_leaves_the_exam_open_is_asked(files, form, title):
    plan = files.plan([title], HEAD, *ROWS, form=form)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["EXAM"], {})
    plan = files.plan([title], HEAD, *ROWS, form=form, answers=answered(plan, "2025-2026下期末"))
    assert exams(plan)[0][:2] == ("2025-2026下", "期末")
    assert marks(plan, "语文")["260101"] == ("60",)


def test_the_answer_new_exam_makes_one_exam_however_often_the_file_comes(files):
    plan = files.plan(HEAD, *ROWS)
    first = files.plan(HEAD, *ROWS, answers=answered(plan, "新考试：月考"))
    again = files.plan(HEAD, *ROWS, to=after(school(), first), answers=answered(plan, "新考试：月考"))
    assert exams(first) == [("2026-2027上", "月考", None)]
    assert (again.appends, again.amends) == ({}, {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("月考1", "月考2"),
        ("第一次月考", "第二次月考"),
        ("第三单元测试", "第四单元测试"),
        ("一模", "二模"),
        ("10月月考", "12月月考"),
    ],
)
def test_ordinals_tell_exams_apart(files, form, one, other):
    first = files.plan([f"初一{one}成绩表"], HEAD, *ROWS, name="一", form=form)
    then = after(school(), first)
    second = files.plan(
        [f"初一{other}成绩表"], HEAD, *([*row[:2], row[2] + 5, row[3]] for row in ROWS), name="二", form=form, to=then
    )
    assert len(exams(first)) == len(exams(second)) == 1
    assert len(after(then, second)[SCORES]) == 2 * len(ROWS)
    assert second.problems.height == 0


def test_an_exam_that_might_be_a_registered_one_is_asked(files):
    known = school(
        exams=[
            {
                "考试编号": "2026上月考",
                "名称": "十月月考",
                "日期": date(2026, 10, 9),
                "学期": "2026-2027上",
                "类型": "月考",
            }
        ]
    )
    plan = files.plan(["初一月考成绩"], HEAD, *ROWS, to=known)
    assert ask_kinds(plan) == ["EXAM"]
    assert plan.questions[0].choices[0].startswith("2026上月考")


def test_numbered_subjects_are_several_exams_and_each_is_asked(files, form):
    head = ["学号", "姓名", "语文1", "数学1", "语文2", "数学2"]
    rows = [[*who, 60 + n, 70 + n, 80 - n, 90 - n] for n, who in enumerate(NAMES)]
    plan = files.plan(head, *rows, form=form)
    assert ask_kinds(plan) == ["EXAM", "EXAM"]
    plan = files.plan(head, *rows, form=form, answers=answered(plan, "新考试：月考", "新考试：月考"))
    assert len(exams(plan)) == 2
    assert plan.appends[SCORES].height == 2 * len(NAMES)


def test_a_grade_in_a_file_is_that_of_the_exams_school_year(files, form):
    plan = files.plan(["初一期末考试成绩表"], ["考试日期：2026-07-02"], HEAD, *OLDER, form=form)
    assert marks(plan, "语文") == {"250101": ("60",), "250102": ("61",), "250103": ("62",)}
    assert plan.problems.height == 0


def test_students_of_another_grade_than_the_title_says_put_the_exam_in_question(files, form):
    plan = files.plan(["初一期中考试成绩表"], HEAD, *OLDER, form=form)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["EXAM"], {})
    assert "别的学年" in plan.questions[0].thought


def test_an_end_of_term_that_cannot_have_been_yet_is_asked_and_the_last_term_offered(files, form):
    plan = files.plan(["期末考试成绩表"], HEAD, *ROWS, form=form)
    assert (ask_kinds(plan), marks(plan, "语文")) == (["EXAM"], {})
    assert plan.questions[0].choices[:2] == ("新考试：2025-2026下期末", "新考试：2026-2027上期末")
    plan = files.plan(["期末考试成绩表"], HEAD, *ROWS, form=form, answers=answered(plan, "新考试：2025-2026下期末"))
    assert exams(plan) == [("2025-2026下", "期末", None)]


def test_a_name_is_looked_for_in_its_grade_only(files, form):
    title = "初一2026-2027学年第一学期期中考试成绩（2026年11月10日）"
    plan = files.plan([title], ["姓名", "语文"], ["程一", 60], ["白露", 70], form=form)
    assert marks(plan, "语文") == {"260101": ("60",)}
    assert plan.problems["姓名"].to_list() == ["白露"]


@pytest.mark.parametrize(
    "typed", ["七年级(1)班", "初一1班", "七1", "701", "2026级1班", "2601班", "初一（1）班", "7.1班"]
)
def test_a_class_however_written_is_the_class_of_the_day(files, form, typed):
    plan = files.plan([TITLE], ["姓名", "班级", "语文"], ["程一", typed, 60], form=form)
    assert plan.appends[SCORES].select("学号", "考时班级").rows() == [("260101", None)]


def test_a_class_that_the_school_has_not_is_asked_once_and_remembered(files):
    rows = [["260101", "程一", "火箭班", 60], ["260102", "杜二", "火箭班", 61], ["260103", "范三", "初一1班", 62]]
    plan = files.plan([TITLE], ["学号", "姓名", "班级", "语文"], *rows)
    assert (ask_kinds(plan), list(marks(plan, "语文"))) == (["CLASS"], ["260103"])
    plan = files.plan([TITLE], ["学号", "姓名", "班级", "语文"], *rows, answers=answered(plan, "初一1班"))
    later = files.plan(
        [TITLE], ["班级", "姓名", "数学"], ["火箭班", "程一", 70], name="另一份", answers=remembered(plan)
    )
    assert marks(later, "数学") == {"260101": ("70",)}


def test_nothing_but_a_date_is_asked_of_next_months_file(files):
    head = ["考号", "姓名", "班级", "语文(得分)", "语文(新)", "数学", "标签"]

    def rows(base: int) -> list[list[object]]:
        return [
            [n, name, "七1", base + k, 2 * k, base + 5 + k, "缓考" if k == 1 else "-"]
            for k, (n, name) in enumerate(NAMES)
        ]

    def table(month: int, base: int) -> list[list[object]]:
        body = rows(base)
        body[2][5] = "缓考"
        return [[f"初一第{month}次月考成绩"], head, *body]

    first = files.plan(*table(1, 60), name="月考1")
    assert ask_kinds(first) == ["COLUMN", "WORD", "DAY"]
    done = files.plan(*table(1, 60), name="月考1", answers=answered(first, "不导入", "缺考", "2026-10-09"))
    assert (done.questions, marks(done, "数学")["260103"]) == ([], ("缺考",))
    later = files.plan(*table(2, 50), name="月考2", to=after(school(), done), answers=remembered(done))
    assert ask_kinds(later) == ["DAY"]
    assert marks(later, "语文", "数学")["260101"] == ("50", "55")


def test_the_same_file_twice_changes_nothing(files, form):
    plan = files.plan([TITLE], HEAD, *ROWS, form=form)
    again = files.plan([TITLE], HEAD, *ROWS, form=form, to=after(school(), plan))
    assert (again.appends, again.amends, again.questions, again.problems.height) == ({}, {}, [], 0)


def test_a_differing_mark_is_told_and_an_empty_one_is_filled(files, form):
    first = files.plan([TITLE], HEAD, ["260101", "程一", 60, ""], ["260102", "杜二", 61, 71], form=form)
    then = after(school(), first)
    plan = files.plan([TITLE], HEAD, ["260101", "程一", 66, 70], ["260102", "杜二", 61, 71], form=form, to=then)
    assert plan.problems["问题"].to_list() == ["2026上期中 语文在“成绩”表里是 60，文件里是 66，没有改"]
    assert plan.amends[SCORES].select("学号", "数学").rows() == [("260101", 70.0)]


def test_a_first_import_into_an_empty_workbook_asks_nothing_that_the_headings_say(files):
    roster = files.write(
        "名册",
        Sheet(
            name="名册",
            rows=[["学号", "姓名", "年级", "班级"], ["0101", "程一", "初一", "1班"], ["0102", "杜二", "初一", "1班"]],
        ),
    )
    scores = files.write(
        "期中",
        Sheet(
            name="期中",
            rows=[
                [TITLE],
                ["学号", "姓名", "语文(120)", "英语（150分）"],
                ["0101", "程一", 60, 90],
                ["0102", "杜二", 70, 80],
            ],
        ),
    )
    plan = plan_import([scores, roster], empty_school())
    assert plan.questions == []
    assert plan.exit_code == 0
    assert {table: frame.height for table, frame in plan.appends.items()} == {
        CLASSES: 1,
        ROSTER: 2,
        SUBJECTS: 2,
        EXAMS: 1,
        SCORES: 2,
    }


# Cells


def test_noughts_in_every_subject_are_asked_and_never_remembered(files, form):
    rows = [*ROWS[:4], ["260105", "何五", 0, 0], ["260106", "江六", 0, 55]]
    plan = files.plan([TITLE], HEAD, *rows, form=form)
    assert (ask_kinds(plan), "260105" in marks(plan, "语文")) == (["NOUGHTS"], False)
    assert marks(plan, "语文")["260106"] == ("0",)
    absent = files.plan([TITLE], HEAD, *rows, form=form, answers=answered(plan, "缺考"))
    assert marks(absent, "语文", "数学")["260105"] == ("缺考", "缺考")
    assert list(absent.answers.learned()) == []


def test_a_word_merged_over_a_row_counts_for_every_subject(files):
    rows = [*ROWS[:4], ["260105", "何五", "缺考", ""]]
    plan = files.plan([TITLE], HEAD, *rows, merged=[(6, 2, 6, 3)])
    assert marks(plan, "语文", "数学")["260105"] == ("缺考", "缺考")


def test_a_word_is_asked_once_and_its_meaning_kept_for_files_of_this_header(files, form):
    rows = [*ROWS[:3], ["260104", "郭四", "病假", 83], ["260105", "何五", "病假", "Q"]]
    plan = files.plan([TITLE], HEAD, *rows, form=form)
    assert [question.about for question in plan.questions] == ["病假", "Q"]
    plan = files.plan([TITLE], HEAD, *rows, form=form, answers=answered(plan, "缺考", "未录"))
    assert marks(plan, "语文", "数学")["260105"] == ("缺考", None)
    assert len(list(plan.answers.learned())) == 2


@pytest.mark.parametrize("typed", ["7,5", "90，5", "90。5"])
def test_a_comma_is_a_point_only_after_a_yes(files, typed):
    rows = [*ROWS[:4], ["260105", "何五", typed, 84]]
    plan = files.plan([TITLE], HEAD, *rows)
    assert (ask_kinds(plan), marks(plan, "语文")["260105"]) == (["WORD"], (None,))
    plan = files.plan([TITLE], HEAD, *rows, answers=answered(plan, "按程序的读法"))
    assert marks(plan, "语文")["260105"] == (typed.replace(",", ".").replace("，", ".").replace("。", "."),)


def test_cells_that_cannot_be_read_are_told_and_the_rest_goes_in(files):
    rows = [*ROWS[:3], ["260104", "郭四", Error("#N/A"), 83], ["260105", "何五", Waiting("1+1"), 84]]
    plan = files.plan([TITLE], HEAD, *rows)
    assert marks(plan, "语文", "数学")["260104"] == (None, "83")
    assert plan.problems.height == 2
    assert plan.exit_code == 1


@pytest.mark.parametrize("hides", ["sheet", "rows", "columns"])
def test_what_is_hidden_is_taken_only_after_a_yes(files, hides):
    more = {"rows": {"hidden_rows": [3]}, "columns": {"hidden_columns": [2]}}.get(hides, {})
    seen = Sheet(name="期中", rows=[[TITLE], HEAD, *ROWS], **more)
    unseen = Sheet(name="期末", rows=[["2026-2027学年第一学期期末（2027年1月9日）"], HEAD, *ROWS], hidden=True)
    path = files.write("成绩", *([seen, unseen] if hides == "sheet" else [seen]))
    plan = plan_import([path], school())
    before = plan.appends[SCORES]
    assert ask_kinds(plan) == ["HIDDEN"]
    yes = plan_import([path], school(), answers=Answers(by_id={plan.questions[0].id: "导入"}))
    assert yes.appends[SCORES].drop_nulls("语文").height > before.drop_nulls("语文").height


def test_every_file_that_gave_nothing_is_named(files):
    good = files.write("期中", Sheet(name="期中", rows=[[TITLE], HEAD, *ROWS]))
    other = files.write("天气", Sheet(name="天气", rows=[["日期", "天气"], ["1", "晴"]]))
    broken = files.folder / "坏的.xlsx"
    broken.write_bytes(b"\x89PNG\r\n\x00")
    plan = plan_import([good, other, broken], school())
    assert plan.problems["工作表"].to_list() == ["坏的.xlsx", "天气.xlsx"]
    assert (len(marks(plan, "语文")), plan.exit_code) == (len(ROWS), 1)


def test_a_number_merged_over_several_cells_is_nobodys_mark(files):
    rows = [*ROWS[:3], ["260104", "郭四", 63, ""], ["260105", "何五", 64, 84]]
    plan = files.plan([TITLE], HEAD, *rows, merged=[(5, 2, 5, 3)])
    assert marks(plan, "语文", "数学")["260103"] == ("62", "82")
    assert "260104" not in marks(plan, "语文", "数学")
    assert plan.exit_code == 1


def test_numbers_of_another_kind_are_passed_over_only_where_the_class_agrees(files, form):
    rows = [["9001", "程一", "初一1班", 60], ["9002", "李一", "初一2班", 70]]
    plan = files.plan([TITLE], ["学号", "姓名", "班级", "语文"], *rows, form=form)
    assert marks(plan, "语文") == {"260101": ("60",), "260201": ("70",)}
    plan = files.plan([TITLE], ["学号", "姓名", "语文"], *([row[0], row[1], row[3]] for row in rows), form=form)
    assert (marks(plan, "语文"), plan.problems.height) == ({}, 2)


def test_noughts_on_sheets_of_a_subject_each_are_asked_together(files):
    def sheet(subject: str) -> Sheet:
        rows = [[n, name, 0 if n == "260103" else 60] for n, name in NAMES]
        return Sheet(name=subject, rows=[[TITLE], ["学号", "姓名", "成绩"], *rows])

    path = files.write("期中", sheet("语文"), sheet("数学"))
    plan = plan_import([path], school())
    assert (ask_kinds(plan), "260103" in marks(plan, "语文")) == (["NOUGHTS"], False)
    plan = plan_import([path], school(), answers=answered(plan, "缺考"))
    assert marks(plan, "语文", "数学")["260103"] == ("缺考", "缺考")


def test_sheets_of_a_class_each_are_asked_together_which_exam_they_are(files):
    def sheet(room: str, who: list[tuple[str, str]]) -> Sheet:
        return Sheet(name=room, rows=[[f"{room}成绩表"], HEAD, *([*one, 60, 70] for one in who)])

    path = files.write("成绩", sheet("初一1班", NAMES[:2]), sheet("初一2班", [("260201", "李一")]))
    plan = plan_import([path], school())
    assert ask_kinds(plan) == ["EXAM"]
    plan = plan_import([path], school(), answers=answered(plan, "新考试：期中"))
    assert (len(exams(plan)), set(marks(plan, "语文"))) == (1, {"260101", "260102", "260201"})


def test_the_full_mark_is_asked_once_a_file_and_counts_for_every_sheet(files):
    def sheet(room: str, who: list[tuple[str, str]], base: int) -> Sheet:
        return Sheet(
            name=room, rows=[[TITLE], ["学号", "姓名", "语文"], *([*one, base + n] for n, one in enumerate(who))]
        )

    path = files.write(
        "期中", sheet("初一1班", NAMES, 130), sheet("初一2班", [("260201", "李一"), ("260202", "倪二")], 119)
    )
    plan = plan_import([path], school())
    assert ask_kinds(plan) == ["FULL_MARK"]
    plan = plan_import([path], school(), answers=answered(plan, "“科目”表改成满分 150"))
    assert (plan.problems.height, len(marks(plan, "语文"))) == (0, 7)


def test_a_class_in_the_name_of_a_file_is_not_the_class_of_all_its_rows(files):
    rows = [["260101", "程一", 60], ["260201", "李一", 61], ["260202", "倪二", 62]]
    plan = files.plan([TITLE], ["学号", "姓名", "语文"], *rows, name="初一1班等")
    assert plan.appends[SCORES].select("学号", "考时班级").rows() == [
        ("260101", None),
        ("260201", None),
        ("260202", None),
    ]
