"""Exams that the rules on daily exams do not allow (DOMAIN rule 16): what is a 警告, and for which 年级."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import school, with_settings
from xlbangfu.rules.validation import validate
from xlbangfu.schema import DEFECTS

CLASSES = "班级 | 年级\n1班 | {}\n2班 | {}"
TERM = "2025-2026下"


def told(exams: str, *grades: str, **settings: str) -> list[tuple[str, str]]:
    """The exams (考试编号) that are told of, with what is not allowed."""
    first, last = grades[0], grades[-1]
    made = with_settings(
        school(
            {
                "班级": CLASSES.format(first, last),
                "考试": "考试编号 | 名称 | 日期 | 学期 | 类型 | 年级\n" + exams,
                "成绩": "考试编号 | 学号 | 语文\n无 | 01 | 90",
                "名册": "学号 | 姓名 | 班级 | 在籍状态\n01 | 王 | 1班 | 在读",
            }
        ),
        **settings,
    )
    found = validate(made, DEFECTS.empty()).filter(pl.col("编号") == "V67")
    numbers = [line.split("|")[0].strip() for line in exams.splitlines()]
    return [(numbers[row - 2], text) for row, text in found.select("行", "问题").iter_rows()]


def exam(kind: str, *, name: str = "考", grade: str = "", number: str = "甲", day: str = "2026-04-20") -> str:
    return f"{number} | {name} | {day} | {TERM} | {kind} | {grade}"


@pytest.mark.parametrize(
    ("grade", "kind", "name", "said"),
    [
        ("一年级", "期末", "期末", "一年级 不进行纸笔考试"),
        ("二年级", "单元", "单元", "二年级 不进行纸笔考试"),
        ("三年级", "期末", "期末", ""),
        ("三年级", "期中", "期中", "三年级 是小学"),
        ("三年级", "月考", "月考", "只有一次期末"),
        ("初一", "期中", "期中", ""),
        ("初一", "月考", "月考", "至多再有一次期中"),
        ("初一", "单元", "单元", "至多再有一次期中"),
        ("初一", "摸底", "摸底", "至多再有一次期中"),
        ("初一", "竞赛", "口算赛", ""),
        ("初一", "模拟", "模拟", "初一 不是毕业年级，没有模拟考试"),
        ("初三", "模拟", "一模", ""),
        ("初二", "期末", "全县统考", "初二 不是毕业年级，不得参加"),
        ("初三", "模拟", "全市联考", ""),
        ("高一", "月考", "月考", ""),
        ("高一", "期末", "八校联考", "高一 不是毕业年级，不得参加"),
        ("高二", "模拟", "模拟", "高二 不是毕业年级，没有模拟考试"),
        ("高三", "模拟", "七校联考", ""),
    ],
)
def test_what_is_allowed_depends_on_the_year_of_schooling(grade: str, kind: str, name: str, said: str) -> None:
    found = told(exam(kind, name=name), grade)
    assert bool(found) == bool(said)
    assert not said or said in found[0][1]


def test_a_third_mock_exam_of_the_last_year_is_told_and_the_first_two_are_not() -> None:
    exams = "\n".join(exam("模拟", number=f"{n}模", day=f"2026-0{n + 2}-20") for n in (3, 1, 2))
    assert [number for number, _ in told(exams, "初三")] == ["3模"]


def test_an_exam_of_all_is_told_for_the_years_that_may_not_sit_it() -> None:
    ((_, said),) = told(exam("模拟"), "初二", "初三")
    assert "初二 不是毕业年级" in said and "初三" not in said
    assert told(exam("模拟", grade="初三"), "初二", "初三") == []


def test_in_five_four_the_sixth_grade_is_a_middle_school() -> None:
    assert told(exam("期中"), "六年级", 学制="五四") == []
    assert told(exam("期中"), "六年级") != []


def test_a_senior_school_is_no_compulsory_one_whatever_its_classes_are_called() -> None:
    assert told(exam("月考"), "飞翔部") != []
    assert told(exam("月考"), "飞翔部", 学段="高中") == []
