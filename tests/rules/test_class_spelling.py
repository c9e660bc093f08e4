"""Classes and grades are compared in one way on every sheet."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import looks_like, school
from xlbangfu.rules.pairing.pairing_staff import Staff
from xlbangfu.rules.people import STUDENT, plain
from xlbangfu.rules.ranking import rank
from xlbangfu.schema import EXAMS, LOG, PASSWORDS, ROSTER, SCORES, SUBJECTS, TEACHERS, YES

CLASSES = """
    班级    | 年级
    初一1班 | 初一
    初一2班 | 初一
    初二1班 | 初二
"""
ROSTER_SHEET = """
    学号 | 姓名 | 班级       | 在籍状态
    01   | 甲   | 七(1)班    | 在读
    02   | 乙   | 2025级2班  | 在读
    03   | 丙   | 801        | 在读
    04   | 丁   | 1班        | 在读
"""
MARKS = """
    考试编号 | 学号 | 考时班级 | 语文
    期中     | 01   |          | 80
    期中     | 03   | 七1      | 70
    上年     | 03   | 2024级1班 | 60
"""
EXAMS_SHEET = """
    考试编号 | 日期       | 学期         | 类型 | 年级
    上年     | 2025-07-02 | 2024-2025下  | 期末 | 七年级
    期中     | 2025-11-10 | 2025-2026上  | 期中 |
"""
SUBJECTS_SHEET = """
    年级   | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
    七年级 | 语文 | 100  | 85     | 60     | 40     | 是
    初二   | 语文 | 120  | 85     | 60     | 40     | 是
"""


@pytest.fixture
def spelled():
    return school(
        {
            "班级": CLASSES,
            "名册": ROSTER_SHEET,
            "成绩": MARKS,
            "考试": EXAMS_SHEET,
            "科目": SUBJECTS_SHEET,
            "教师": "工号 | 姓名 | 任教班级 | 在岗 | 角色\n 1 | 王 | 七1、2班 | 是 | 任课教师",
            "口令": "班级 | 口令\n 七(1) | 123456",
            "记录": "记录编号 | 日期 | 姓名 | 班级 | 教师 | 类型 | 内容\n 1 | 2026-03-01 | 甲 | 701 | 王 | 谈心 | 谈",
        },
        学年="2025-2026",
    )


def test_the_roster_names_classes_as_the_school_lists_them(spelled) -> None:
    assert spelled[ROSTER]["班级"].to_list() == ["初一1班", "初一2班", "初二1班", "1班"]


def test_a_class_of_the_day_is_that_of_the_exams_school_year(spelled) -> None:
    assert spelled[SCORES]["考时班级"].to_list() == [None, "初一1班", "初一1班"]


def test_grades_of_subjects_and_exams_are_those_of_the_classes(spelled) -> None:
    assert spelled[SUBJECTS]["年级"].to_list() == ["初一", "初二"]
    assert spelled[EXAMS]["年级"].to_list() == ["初一", None]
    looks_like(
        rank(spelled),
        """
        考试编号 | 学号 | 年级 | 班级    | 总分 | 满分
        上年     | 03   | 初一 | 初一1班 | 60   | 100
        期中     | 01   | 初一 | 初一1班 | 80   | 100
        期中     | 03   | 初一 | 初一1班 | 70   | 100
        """,
    )


def test_the_classes_of_a_teacher_are_found_in_any_spelling(spelled) -> None:
    assert spelled[TEACHERS]["任教班级"].to_list() == ["初一1班、初一2班"]
    assert Staff.of(spelled).in_class(pl.Series(["初一1班", "初一2班", "初二1班"])).tolist() == [
        [True],
        [True],
        [False],
    ]


def test_a_password_is_that_of_the_class_however_it_is_written(spelled) -> None:
    assert spelled[PASSWORDS]["班级"].to_list() == ["初一1班"]


def test_a_student_is_found_by_name_and_class_in_any_spelling(spelled) -> None:
    assert spelled[LOG][STUDENT].to_list() == ["01"]
    assert spelled[LOG]["班级"].to_list() == ["701"]  # what was typed stays: it is part of a row's name


def test_the_five_four_system_makes_another_grade_of_a_name() -> None:
    classes = "班级 | 年级\n 初一1班 | 初一\n 初二1班 | 初二"
    roster = "学号 | 姓名 | 班级 | 在籍状态\n 01 | 甲 | 七(1)班 | 在读"
    sheets = {"班级": classes, "名册": roster, "成绩": "考试编号 | 学号 | 语文"}
    assert school(sheets)[ROSTER]["班级"].to_list() == ["初一1班"]
    five_four = {"设置": "项目 | 值\n 学制 | 五四"}
    assert school(sheets | five_four)[ROSTER]["班级"].to_list() == ["初二1班"]


@pytest.mark.parametrize("sign", "·•・．‧∙.⋅･")
def test_the_signs_between_the_parts_of_a_name_are_one(sign: str) -> None:
    assert pl.select(plain(pl.lit(f"买买提{sign}艾力"))).item() == "买买提·艾力"


def test_spaces_and_unseen_signs_in_a_name_do_not_count() -> None:
    assert pl.select(plain(pl.lit("王\u200b　明 "))).item() == "王明"


def test_a_sheet_without_odd_spellings_is_not_touched() -> None:
    sheets = {
        "成绩": "考试编号 | 学号 | 语文\n 期中 | 01 | 80",
        "教师": f"工号 | 姓名 | 任教班级 | 在岗\n 1 | 王 | 1班 | {YES}",
    }
    made = school(sheets)
    assert made[TEACHERS]["任教班级"].to_list() == ["1班"]
    assert made[ROSTER]["班级"].to_list() == ["1班"]
