"""Files that staff bring are understood, shown, and taken in once; what stands in the master is never overwritten."""

from __future__ import annotations

import csv
import doctest
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import real_students
from xlbangfu import sample
from xlbangfu.documents.importing import (
    Answers,
    ImportPlan,
    exam_days,
    exam_words,
    heading_words,
    key_cells,
    mark_cells,
    plan_import,
    profiles,
    questions,
    school_terms,
    words,
)
from xlbangfu.documents.importing.questions import Ask
from xlbangfu.errors import BadArgument, UnreadableFile
from xlbangfu.rules import problems
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    CLASSES,
    DEFECTS,
    EXAMS,
    KEY,
    ROSTER,
    ROW,
    SCORES,
    SETTINGS,
    SUBJECTS,
    TEACHERS,
    Defect,
    Table,
    state_of,
    subjects_in,
)

TODAY = date(2026, 6, 30)
TITLE = "2025—2026学年度第二学期期末考试成绩表"


def drawn(picture: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in picture.strip().splitlines()]


def frame(table: Table, picture: str) -> pl.DataFrame:
    """A frame as it was read; a mark column of 成绩 holds numbers or 缺考."""
    names, *rows = drawn(picture)
    cells = {name: [row[place] or None for row in rows] for place, name in enumerate(names)}
    known = {name: pl.Series(cells[name]).cast(pl.String) if name in cells else None for name in table.names}
    made = pl.DataFrame({n: s if s is not None else [None] * len(rows) for n, s in known.items()})
    made = made.with_columns(
        pl.col(n).str.to_date() if d == pl.Date and n in cells else pl.col(n).cast(d)
        for n, d in table.frame_schema.items()
    )
    for name in (name for name in names if name not in table):
        text = pl.Series(cells[name], dtype=pl.String)
        made = made.with_columns(
            text.cast(pl.Float64, strict=False).alias(name),
            pl.Series(
                state_of(name), [cell if cell in ("缺考", "免考") else None for cell in cells[name]], dtype=pl.String
            ),
        )
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(n).cast(pl.String).fill_null("") for n in table.keys), separator="|"
    )
    return made.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), key.alias(KEY))


ROOMS = """
班级    | 年级 | 班主任
初一1班 | 初一 |
初二1班 | 初二 |
初二3班 | 初二 |
初三3班 | 初三 |
"""
STUDENTS = """
学号    | 姓名   | 班级    | 在籍状态
0240101 | 王小明 | 初二1班 | 在读
0240301 | 李雨   | 初二3班 | 在读
0240302 | 赵然   | 初二3班 | 在读
0250101 | 李雨   | 初一1班 | 在读
"""
PAPERS = """
年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
     | 语文 | 120  | 102    | 72     | 48     | 是
     | 数学 | 120  | 102    | 72     | 48     | 是
"""
HELD = """
考试编号   | 名称                            | 日期       | 学期        | 类型
2025下期中 | 2025—2026学年度第二学期期中考试 | 2026-04-23 | 2025-2026下 | 期中
2025下期末 | 2025—2026学年度第二学期期末考试 | 2026-06-24 | 2025-2026下 | 期末
"""
MARKS = """
考试编号   | 学号    | 姓名   | 班级    | 语文 | 数学
2025下期末 | 0240101 | 王小明 | 初二1班 | 90   | 缺考
2025下期末 | 0240301 | 李雨   | 初二3班 | 80   |
"""


def school(marks: str = "考试编号|学号|姓名|班级|语文|数学", defects: pl.DataFrame | None = None) -> School:
    frames = {
        CLASSES: frame(CLASSES, ROOMS),
        ROSTER: frame(ROSTER, STUDENTS),
        SUBJECTS: frame(SUBJECTS, PAPERS),
        EXAMS: frame(EXAMS, HELD),
        SCORES: frame(SCORES, marks),
        DEFECTS: DEFECTS.empty() if defects is None else defects,
    }
    return School.of(frames, today=TODAY)


def empty_school() -> School:
    return School.of({}, today=TODAY)


@pytest.fixture
def write(tmp_path):
    """A text table from a drawing; the name's ending says nothing, ``encoding`` and ``sign`` do."""

    def write_file(picture: str, name: str = f"{TITLE}.csv", encoding: str = "utf-8-sig", sign: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=sign).writerows(drawn(picture))
        return path

    return write_file


@pytest.fixture
def workbook(tmp_path):
    """A workbook of sheets; merges are given as (first row, first column, last row, last column, text)."""

    def write_book(
        sheets: dict[str, Sequence[Sequence[object]]],
        name: str = "成绩.xlsx",
        merges: Sequence[tuple[int, int, int, int, str]] = (),
    ) -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for place in merges:
                    sheet.merge_range(*place)
                for index, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        if cell != "":
                            sheet.write(index, column, cell)
        return tmp_path / name

    return write_book


def marks_of(plan: ImportPlan, *columns: str) -> list[tuple[object, ...]]:
    return plan.appends[SCORES].select(columns).rows()


def said(plan: ImportPlan) -> list[str]:
    return plan.problems["问题"].to_list()


# Marks


@pytest.mark.parametrize(
    ("encoding", "sign"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("gb18030", ";"), ("utf-8", "\t")],
)
def test_text_tables_of_every_usual_encoding_and_separator_are_read(write, encoding, sign):
    plan = plan_import([write("学号|姓名|语文|数学\n0240101|王小明|90.5|100", encoding=encoding, sign=sign)], school())
    assert marks_of(plan, "考试编号", "学号", "姓名", "班级", "语文", "数学") == [
        ("2025下期末", "0240101", "王小明", "初二1班", 90.5, 100.0)
    ]


def test_a_header_under_titles_blank_rows_and_between_ranks_is_found(workbook):
    path = workbook(
        {
            "Sheet1": [
                [TITLE],
                [],
                ["初二年级"],
                ["序号", "班级", "姓名", "语文", "语文级名", "数 学（120）", "总分", "班名", "级名", "进退"],
                [1.0, "初二（1）班", "王小明", 90.0, 3.0, 100.0, 190.0, 1.0, 2.0, -3.0],
                [],
                ["序号", "班级", "姓名", "语文", "语文级名", "数 学（120）", "总分", "班名", "级名", "进退"],
                [2.0, "803", "李　雨", 80.0, 5.0, 70.0, 150.0, 1.0, 9.0, 4.0],
                ["", "", "平均分", 85.0, "", 85.0, 170.0],
                ["制表：教务处"],
            ]
        },
        merges=[(0, 0, 0, 9, TITLE)],
    )
    plan = plan_import([path], school())
    assert marks_of(plan, "学号", "语文", "数学") == [("0240101", 90.0, 100.0), ("0240301", 80.0, 70.0)]
    assert "表头在第 4 行" in plan.lines[-1]
    assert "没有用 总分和名次共 5 列、序号" in plan.lines[-1]
    assert said(plan) == []


def test_full_width_digits_spaces_and_the_word_for_points_are_understood(write):
    plan = plan_import([write("学 号|姓　名|语文成绩|数学/120\n０２４０１０１|王 小明|９０．５|100分")], school())
    assert marks_of(plan, "学号", "语文", "数学") == [("0240101", 90.5, 100.0)]


def test_nought_is_a_mark_and_absence_exemption_and_nothing_are_not(write):
    picture = "学号|语文|数学\n0240101|0|缺考\n0240301|免|/\n0240302|缺|"
    plan = plan_import([write(picture)], school())
    states = marks_of(plan, "语文", "语文·状态", "数学", "数学·状态")
    assert states == [(0.0, None, None, "缺考"), (None, "免考", None, None), (None, "缺考", None, None)]


def test_a_mark_beyond_the_paper_is_refused_a_word_is_asked_and_their_neighbours_stay(write):
    picture = "学号|姓名|语文|数学\n0240101|王小明|作弊|121\n0240301|李雨|80|-1\n0240302|赵然|70|90"
    plan = plan_import([write(picture)], school())
    assert marks_of(plan, "学号", "语文", "数学") == [("0240301", 80.0, None), ("0240302", 70.0, 90.0)]
    assert plan.problems.select("级别", "行", "列", "学号").rows() == [("错误", 2, "数学", "0240101")]
    assert [(question.about, question.thought) for question in plan.questions] == [
        ("作弊", "大概是 0 分"),
        ("-1", "大概是缺考"),
    ]


def test_the_same_file_twice_changes_nothing(write):
    path = write("学号|姓名|语文|数学\n0240101|王小明|90|缺考\n0240301|李雨|80|")
    plan = plan_import([path], school(MARKS))
    assert (plan.appends, plan.amends, plan.problems.height) == ({}, {}, 0)
    assert "新增 0 行，已有 2 行" in plan.lines[-1]


def test_the_same_file_given_twice_at_once_is_taken_once(write):
    path = write("学号|姓名|语文\n0240101|王小明|90")
    plan = plan_import([path, path], school())
    assert marks_of(plan, "学号", "语文") == [("0240101", 90.0)]


def test_a_mark_that_differs_is_reported_and_not_overwritten(write):
    plan = plan_import([write("学号|姓名|语文|数学\n0240101|王小明|91|60")], school(MARKS))
    assert (plan.appends, plan.amends) == ({}, {})
    assert said(plan) == [
        "2025下期末 语文在“成绩”表里是 90，文件里是 91，没有改",
        "2025下期末 数学在“成绩”表里是 缺考，文件里是 60，没有改",
    ]


def test_a_mark_not_yet_entered_is_filled_by_key_and_the_rest_of_the_row_stays(write):
    plan = plan_import([write("学号|姓名|数学\n0240301|李雨|70")], school(MARKS))
    assert SCORES not in plan.appends
    assert plan.amends[SCORES].rows(named=True) == [
        {
            "考试编号": "2025下期末",
            "学号": "0240301",
            "姓名": "李雨",
            "班级": "初二3班",
            "数学": 70.0,
            "数学·状态": None,
        }
    ]


def test_a_cell_that_could_not_be_read_is_not_overwritten(write):
    row = {"工作表": "成绩", ROW: 3, "列": "数学", "原值": "七十", "缺陷": Defect.NOT_A_MARK}
    defects = pl.DataFrame([row], schema=DEFECTS.frame_schema)
    plan = plan_import([write("学号|姓名|数学\n0240301|李雨|70")], school(MARKS, defects))
    assert plan.amends == {}
    assert plan.problems.select("工作表", "行").rows() == [("成绩", 3)]


def test_one_file_a_subject_makes_one_row_a_student(write):
    files = [
        write("姓名|班级|语文\n王小明|初二1班|90\n赵然|初二3班|60", "期末语文.csv"),
        write("姓名|班级|数学\n王小明|初二1班|100", "期末数学.csv"),
    ]
    plan = plan_import(files, school())
    assert marks_of(plan, "学号", "语文", "数学") == [("0240101", 90.0, 100.0), ("0240302", 60.0, None)]


def test_two_marks_of_one_student_are_both_held_back_whichever_stands_first(write):
    plan = plan_import([write("学号|语文\n0240101|90\n0240101|95\n0240301|80")], school())
    assert marks_of(plan, "学号", "语文") == [("0240301", 80.0)]
    assert "第 2 行是 90" in said(plan)[0]
    assert "第 3 行是 95" in said(plan)[0]


# Which student


def test_an_exam_number_counts_only_with_the_name(write):
    picture = "考号|姓名|班级|语文\n0240301|李雨||80\n0240101|赵然|初二3班|70\n0250101|王五||60"
    plan = plan_import([write(picture)], school())
    assert marks_of(plan, "学号", "语文") == [("0240301", 80.0), ("0240302", 70.0)]
    assert said(plan) == ["名册里没有 王五，这一行没有导入"]


def test_a_number_that_lost_its_zeros_is_accepted_with_its_name_only(workbook):
    rows = [["学号", "姓名", "语文"], [240101.0, "王小明", 90.0], [240301.0, "赵然", 80.0]]
    plan = plan_import([workbook({"期末": rows})], school())
    assert marks_of(plan, "学号", "语文") == [("0240101", 90.0)]
    assert "1 人的学号补回了开头的 0" in plan.lines[-1]
    assert said(plan) == ["名册里没有学号 240301，这一行没有导入"]


def test_two_students_of_one_name_need_a_class(write):
    plan = plan_import([write("姓名|班级|语文\n李雨||80\n李雨|八年级3班|70\n李雨|七（1）班|60")], school())
    assert marks_of(plan, "学号", "语文") == [("0240301", 70.0), ("0250101", 60.0)]
    assert said(plan) == ["名册里的 李雨 在 初一1班、初二3班，不止一人，分不清是谁，这一行没有导入"]


def test_another_class_beside_number_and_name_is_the_class_of_the_day(write):
    plan = plan_import([write("学号|姓名|班级|语文\n0240101|王小明|初二3班|90")], school())
    assert marks_of(plan, "班级", "考时班级") == [("初二1班", "初二3班")]


def test_a_number_with_another_name_is_refused(write):
    plan = plan_import([write("学号|姓名|语文\n0240101|李四|90")], school())
    assert SCORES not in plan.appends
    assert said(plan) == ["名册里学号 0240101 是 初二1班 的 王小明，与文件不符，这一行没有导入"]


def test_the_class_of_the_sheet_serves_where_there_is_no_column(workbook):
    plan = plan_import([workbook({"初二3班": [["姓名", "语文"], ["李雨", 80.0]]}, "期末.xlsx")], school())
    assert marks_of(plan, "学号") == [("0240301",)]


# Which exam


def test_several_exams_stand_on_a_sheet_each(workbook):
    rows = [["学号", "语文"], ["0240101", 90.0]]
    plan = plan_import([workbook({"期中": rows, "期末": rows})], school())
    assert marks_of(plan, "考试编号") == [("2025下期中",), ("2025下期末",)]


def test_several_exams_stand_in_a_column(write):
    picture = "考试|学号|语文\n2025下期中|0240101|90\n期末考试|0240101|80"
    assert marks_of(plan_import([write(picture, "成绩.csv")], school()), "考试编号", "语文") == [
        ("2025下期中", 90.0),
        ("2025下期末", 80.0),
    ]


def test_exams_over_subjects_in_two_rows_of_headings_are_told_apart(workbook):
    path = workbook(
        {
            "Sheet1": [
                ["学号", "姓名", "", "", "", ""],
                ["", "", "语文", "数学", "语文", "数学"],
                ["0240101", "王小明", 90.0, 91.0, 80.0, 81.0],
            ]
        },
        merges=[(0, 0, 1, 0, "学号"), (0, 1, 1, 1, "姓名"), (0, 2, 0, 3, "期中"), (0, 4, 0, 5, "期末")],
    )
    assert marks_of(plan_import([path], school()), "考试编号", "语文", "数学") == [
        ("2025下期中", 90.0, 91.0),
        ("2025下期末", 80.0, 81.0),
    ]


def test_subjects_over_marks_and_ranks_in_two_rows_give_the_marks(workbook):
    path = workbook(
        {
            TITLE[:20]: [
                ["考号", "姓名", "总分", "", "语文", "", "", "数学", "", ""],
                ["", "", "分数", "校次", "分数", "班次", "校次", "得分", "班次", "校次"],
                ["0240101", "王小明", 190.0, 1.0, 90.0, 1.0, 2.0, 100.0, 1.0, 2.0],
            ]
        },
        "期末.xlsx",
    )
    assert marks_of(plan_import([path], school()), "学号", "语文", "数学") == [("0240101", 90.0, 100.0)]


def test_an_exam_before_the_subject_in_a_heading_is_understood(write):
    plan = plan_import([write("学号|期中语文|期末语文\n0240101|90|80", "成绩.csv")], school())
    assert marks_of(plan, "考试编号", "语文") == [("2025下期中", 90.0), ("2025下期末", 80.0)]


def test_a_new_exam_is_added_with_what_the_title_says(write):
    picture = "2024—2025学年度第一学期期末考试成绩表（2025年1月9日）\n学号|语文\n0240101|90"
    plan = plan_import([write(picture, "成绩.csv")], school())
    assert plan.appends[EXAMS].select("考试编号", "名称", "日期", "学期", "类型").rows() == [
        ("2024上期末", "2024—2025学年度第一学期期末考试", date(2025, 1, 9), "2024-2025上", "期末")
    ]


def test_a_new_exam_without_a_date_keeps_it_empty_and_asks(write):
    plan = plan_import([write("学号|语文\n0240101|90", "2025-2026上期中.csv")], school())
    assert plan.appends[EXAMS].select("考试编号", "日期").rows() == [("2025上期中", None)]
    assert marks_of(plan, "学号", "语文") == [("0240101", 90.0)]
    assert [question.ask for question in plan.questions] == [Ask.DAY]


def test_a_file_that_names_no_exam_is_not_guessed(write):
    plan = plan_import([write("学号|语文\n0240101|90", "成绩.csv")], school())
    assert plan.appends == {}
    assert [question.ask for question in plan.questions] == [Ask.EXAM]
    assert plan.without_marks == ("成绩.csv",)


def test_the_exam_that_the_caller_names_goes_before_what_the_file_says(write):
    plan = plan_import([write("学号|语文\n0240101|90")], school(), exam="2025下期中")
    assert marks_of(plan, "考试编号") == [("2025下期中",)]


def test_the_caller_may_name_a_new_exam(write):
    plan = plan_import([write("学号|语文\n0240101|90")], school(), exam="调研一")
    assert plan.appends[EXAMS].select("考试编号", "类型").rows() == [("调研一", "期末")]


def test_one_exam_cannot_be_named_for_a_sheet_with_several(write):
    with pytest.raises(BadArgument, match="不止一次考试"):
        plan_import([write("学号|期中语文|期末语文\n0240101|90|80")], school(), exam="2025下期中")


# Subjects


def test_a_new_subject_with_its_full_mark_is_added_to_the_subjects(write):
    plan = plan_import([write("学号|语文|物理（100分）\n0240101|90|88")], school())
    assert plan.new_subjects == ["物理"]
    assert plan.appends[SUBJECTS].select("科目", "满分", "及格线").rows() == [("物理", 100.0, 60.0)]
    assert marks_of(plan, "物理") == [(88.0,)]


def test_the_full_mark_of_a_new_subject_is_asked_before_its_marks_are_taken(write):
    file = write("学号|语文|物理\n0240101|90|88")
    plan = plan_import([file], school())
    assert SUBJECTS not in plan.appends
    assert "物理" not in plan.new_subjects
    (question,) = plan.questions
    assert (question.about, question.choices[0]) == ("物理", "新科目，满分 100")
    plan = plan_import([file], school(), answers=Answers(by_id={question.id: "新科目，满分 100"}))
    assert plan.appends[SUBJECTS].select("科目", "满分").rows() == [("物理", 100.0)]
    assert marks_of(plan, "物理") == [(88.0,)]


def test_a_full_mark_in_one_file_serves_for_all_files(write):
    files = [write("学号|物理\n0240101|90", "期末.csv"), write("学号|物理(80)\n0240101|70", "期中.csv")]
    plan = plan_import(files, school())
    assert plan.appends[SUBJECTS]["满分"].to_list() == [80.0]
    assert said(plan) == ["物理 «90» 不在 0 到满分 80 之间，这一格没有导入"]


def test_a_row_of_full_marks_is_no_student(write):
    plan = plan_import([write("学号|姓名|语文|物理\n满分||120|80\n0240101|王小明|90|70")], school())
    assert plan.appends[SUBJECTS].select("科目", "满分").rows() == [("物理", 80.0)]
    assert marks_of(plan, "学号") == [("0240101",)]


def test_a_column_that_nobody_knows_is_left_out_and_said(write):
    plan = plan_import([write("学号|语文|口令\n0240101|90|77")], school())
    assert subjects_in(plan.appends[SCORES]) == ["语文", "数学"]
    assert "没有用 口令" in plan.lines[-1]


# Rosters, teachers, classes


def test_a_roster_brings_new_students_and_reports_the_known_who_differ(write):
    picture = """
    学号    | 学生姓名 | 性别 | 年级   | 班别 | 是否留守
    0240101 | 王小明   | 男生 | 初二   | 3班  |
    0240301 | 李雨     |      | 八年级 | 3班  |
    0240399 | 吴一     | 女   | 初二   | 3班  | 有
    """
    plan = plan_import([write(picture, "名册.csv")], school())
    assert plan.appends[ROSTER].select("学号", "姓名", "性别", "班级", "在籍状态", "留守").rows() == [
        ("0240399", "吴一", "女", "初二3班", "在读", "是")
    ]
    assert said(plan) == ["1 人的班级和名册不同（王小明 初二1班→初二3班），没有改"]
    ((table, filled),) = plan.fills
    assert (table, filled.rows()) == (ROSTER, [("0240101", "男")])


def test_a_new_student_whose_number_is_a_number_is_never_guessed(workbook):
    rows = [["学号", "姓名", "班级"], [240101.0, "王小明", "初二1班"], [240399.0, "吴一", "初二1班"]]
    plan = plan_import([workbook({"名册": rows}, "名册.xlsx")], school())
    assert plan.appends == {}
    assert [(question.ask, question.sample) for question in plan.questions] == [(Ask.SHORT_KEY, ("240399 → 0240399",))]


def test_a_class_that_only_the_roster_names_is_added_with_its_grade(write):
    plan = plan_import([write("学号|姓名|班级\n0230201|周二|初三2班\n0230202|周三|火箭班", "名册.csv")], school())
    assert plan.appends[CLASSES].select("班级", "年级").rows() == [("初三2班", "初三")]
    assert [(question.ask, question.about) for question in plan.questions] == [(Ask.GRADE, "火箭班")]


def test_merged_class_cells_count_for_every_row_under_them(workbook):
    rows = [["班级", "学号", "姓名"], ["", "01", "甲一"], ["", "02", "乙二"], ["初二1班", "03", "丙三"]]
    path = workbook({"名册": rows}, "名册.xlsx", merges=[(1, 0, 2, 0, "初二3班")])
    assert plan_import([path], school()).appends[ROSTER]["班级"].to_list() == ["初二3班", "初二3班", "初二1班"]


def test_teachers_and_classes_are_recognised_by_their_headings(write):
    files = [
        write("班级|年级|班主任\n初二（3）班|初二|张老师\n初二4班|初二|0002 马老师", "班级.csv"),
        write("职工号|教师姓名|任教学科|任教班级|电子邮箱\n0002|马一|语文,数学|801，803|t2@example.edu.cn", "教师.csv"),
    ]
    plan = plan_import(files, school())
    assert plan.appends[TEACHERS].select("工号", "姓名", "角色", "任教科目", "任教班级", "在岗").rows() == [
        ("0002", "马一", "任课教师", "语文、数学", "初二1班、初二3班", "是")
    ]
    assert plan.appends[CLASSES].select("班级", "班主任").rows() == [("初二4班", "0002 马老师")]
    ((table, filled),) = plan.fills
    assert (table, filled.rows()) == (CLASSES, [("初二3班", "张老师")])


def test_a_roster_in_the_same_import_is_there_for_the_marks_whatever_the_order(write):
    files = [
        write("学号|语文（120）\n01|90"),
        write("学号|姓名|班级|性别\n01|甲一|初二1班|女", "名册.csv"),
    ]
    plan = plan_import(files, empty_school())
    assert marks_of(plan, "学号", "姓名", "班级", "语文") == [("01", "甲一", "初二1班", 90.0)]
    assert plan.new_subjects == ["语文"]


def test_roster_twice_changes_nothing(write):
    path = write("学号|姓名|班级\n0240101|王小明|初二1班", "名册.csv")
    plan = plan_import([path], school())
    assert (plan.appends, plan.problems.height) == ({}, 0)


# Files that are none


def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, write):
    encrypted = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    broken = tmp_path / "good.xlsx"
    xlsxwriter.Workbook(broken).close()
    whole = broken.read_bytes()
    contents = {
        "空.csv": b"",
        "图.xlsx": b"\x89PNG\r\n\x00\x00\x00",
        "加密.xlsx": encrypted,
        "半截.xlsx": whole[: len(whole) // 2],
        "网页.xls": b"<html><table><tr><td>1</td></tr></table>",
        "说明.txt": "只有一句话".encode(),
        "别的.zip": b"PK\x03\x04 nothing",
        "旧.xls": b"\xd0\xcf\x11\xe0" + bytes(600),
    }
    paths = [tmp_path / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    for path in [*paths, tmp_path / "没有.xlsx", tmp_path, write("日期|天气\n1|晴", "天气.csv")]:
        with pytest.raises(UnreadableFile) as caught:
            plan_import([path], empty_school())
        assert str(caught.value).endswith("。")
        assert path.name in str(caught.value)


@pytest.mark.damaged
def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 << 20))
    with pytest.raises(UnreadableFile, match=r"压缩包|大得不正常"):
        plan_import([path], empty_school())


def test_a_hidden_sheet_is_not_imported(tmp_path):
    path = tmp_path / "期末.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, mark_there in (("好", 90.0), ("旧", 10.0)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["学号", "语文"])
            sheet.write_row(1, 0, ["0240101", mark_there])
        sheet.hide()
    assert marks_of(plan_import([path], school()), "语文") == [(90.0,)]


@pytest.mark.office
def test_the_old_excel_format_is_read(workbook, tmp_path):
    path = workbook({"期末": [["学号", "语文"], ["0240101", 90.0]]}, "旧格式.xlsx")
    office = shutil.which("soffice") or ""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    plan = plan_import([tmp_path / "旧格式.xls"], school())
    assert marks_of(plan, "考试编号", "学号", "语文") == [("2025下期末", "0240101", 90.0)]


@pytest.mark.parametrize(
    "module", [exam_days, exam_words, heading_words, key_cells, mark_cells, profiles, questions, school_terms, words]
)
def test_the_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert outcome.failed == 0


# Whole schools


def test_a_formula_in_error_is_refused_and_not_taken_for_nothing(workbook):
    rows = [["学号", "姓名", "语文", "数学"], ["0240101", "王小明", 90.0]]
    path = workbook({"期末": rows})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</row></sheetData>", b'<c r="D2" t="e"><v>#N/A</v></c></row></sheetData>')
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    plan = plan_import([path], school())
    assert marks_of(plan, "语文", "数学") == [(90.0, None)]
    assert said(plan) == ["数学读不出：错误值 #N/A，这一格没有导入"]


def test_a_list_of_names_without_numbers_is_asked_what_their_numbers_are(write):
    plan = plan_import([write("姓名|班级\n王小明|初二1班\n周二|初二1班", "获奖.csv")], school())
    assert plan.appends == {}
    assert [question.ask for question in plan.questions] == [Ask.KEY]


def test_the_school_s_own_word_for_a_subject_goes_before_the_usual_one(write):
    base = school()
    papers = frame(SUBJECTS, PAPERS + "     | 政治 | 100  | 85    | 60     | 40     | 是")
    plan = plan_import(
        [write("学号|道德与法治\n0240101|90")], School.of({**base.frames, SUBJECTS: papers}, today=TODAY)
    )
    assert marks_of(plan, "政治") == [(90.0,)]
    assert "政治" in plan.new_subjects


def test_ten_thousand_problems_are_told_in_no_time(write):
    rows = "\n".join(f"9{number:06d}|甲|80" for number in range(10_000))
    plan = plan_import([write("学号|姓名|语文\n" + rows)], school())
    assert plan.problems.height == 10_000


def test_a_name_that_looks_like_a_formula_stays_text(write):
    plan = plan_import([write("学号|姓名|班级\n01|=王|初二1班\n02|@李|初二1班", "名册.csv")], school())
    assert plan.appends[ROSTER]["姓名"].to_list() == ["=王", "@李"]


def test_problems_have_the_columns_of_every_problem(write):
    plan = plan_import([write("学号|语文\n9|1")], school())
    assert dict(plan.problems.schema) == problems.FRAME


def test_the_school_is_as_it_was_after_planning(write):
    before = school(MARKS)
    kept = {table: whole.clone() for table, whole in before.frames.items()}
    plan_import([write("学号|姓名|语文|数学\n0240301|李雨|80|70\n0240302|赵然|1|2")], before)
    assert all(before[table].equals(whole) for table, whole in kept.items())


def test_real_students_come_in_through_their_files(tmp_path):
    files = real_students.write_files(real_students.find_csv(), tmp_path)
    plan = plan_import(files.all, empty_school())
    assert plan.problems.height == 0
    assert {table.name: rows.height for table, rows in plan.appends.items()} == {
        "班级": 12,
        "名册": 395,
        "科目": 1,
        "考试": 3,
        "成绩": 1185,
    }
    last = plan.appends[SCORES].filter(pl.col("考试编号") == real_students.EXAMS["G3"])["数学"]
    assert round(last.mean(), 3) == real_students.MEAN_OF_G3
    assert (last == 0).sum() == real_students.NOUGHTS_IN_G3
    assert (last >= real_students.PASS).sum() == real_students.PASSES_IN_G3


def test_a_sample_school_exported_and_imported_is_the_same_school(tmp_path):
    made = sample.make(students=120, classes=3, logs=0)
    scores, roster = made.frames[SCORES], made.frames[ROSTER]
    roster.write_csv(tmp_path / "名册.csv")
    made.frames[CLASSES].write_csv(tmp_path / "班级.csv")
    given_ = {table: made.frames[table] for table in (SETTINGS, SUBJECTS, EXAMS)}
    for (exam,), part in scores.group_by("考试编号", maintain_order=True):
        shown = part.select(
            "学号", "姓名", *(pl.coalesce(state_of(s), pl.col(s).cast(pl.String)) for s in subjects_in(part))
        )
        shown.columns = ["学号", "姓名", *subjects_in(part)]
        shown.write_csv(tmp_path / f"{exam}.csv")
    base = {
        t: f.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), pl.lit("").alias(KEY)) for t, f in given_.items()
    }
    plan = plan_import(sorted(tmp_path.glob("*.csv")), School.of(base, today=TODAY))
    assert plan.problems.height == 0
    assert plan.appends[ROSTER].sort("学号").equals(roster.sort("学号"))
    columns = ["考试编号", "学号", *(c for s in subjects_in(scores) for c in (s, state_of(s)))]
    assert (
        plan.appends[SCORES]
        .select(columns)
        .sort("考试编号", "学号")
        .equals(scores.select(columns).sort("考试编号", "学号"))
    )


CELL = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
    st.floats().map(str),
    st.sampled_from(["", "0240101", "李雨", "缺考", "合计", "学号"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_whatever_stands_under_a_header_nothing_is_raised_and_every_row_is_accounted_for(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "期末.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["学号", "姓名", "语文"], ["0240101", "王小明", "90"], *rows])
    plan = plan_import([path], school())
    stored = plan.appends.get(SCORES, SCORES.empty())  # none where the rows contradict each other
    assert stored.height <= 4
    assert set(stored["学号"]) <= {"0240101", "0240301", "0240302", "0250101"}
