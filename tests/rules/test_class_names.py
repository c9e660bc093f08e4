"""One comparer of class names: 年级 and number, in the school year of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbangfu.rules.class_mentions import class_mentions, find_mention, grade_mentions
from xlbangfu.rules.class_names import Ambiguous, ClassNames, Found, FoundGrade, Unknown
from xlbangfu.rules.grades import Ladder, grade_name


def school(*grades, classes=(1, 2), form="{}{}班", year=2026, **more):
    pairs = [(form.format(grade, number), grade) for grade in grades for number in classes]
    return ClassNames.of(pairs, school_year=year, **more)


MIDDLE = school("初一", "初二", "初三")
BOTH = school("初一", "初二", "初三", "高一", "高二", "高三", classes=range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        "七年级(1)班",
        "七年级（１）班",
        "初一1班",
        "初一（1）班",
        "初一(01)班",
        "七1",
        "七1班",
        "七(1)",
        "七(1)班",
        "七一班",
        "701",
        "701班",
        "7.1",
        "7-1班",
        "7(1)",
        "7年1班",
        "2026级1班",
        "2026级(1)班",
        "2601班",
        "2601",
        "202601班",
        "26级1班",
        "初2026级1班",
        "2026级七年级1班",
        "初Ⅰ1班",
        "七年级第1班",
        "初一年级1班",
        "初一1",
        "七年级1班(实验)",
    ],
)
def test_one_class_is_written_in_many_ways(text):
    assert MIDDLE.find(text) == Found("初一1班", "初一1班")


@pytest.mark.parametrize("text", ["1班", "1", "01", "(1)班", "一班", "零一班", 1, "第1班"])
def test_a_number_alone_is_a_class_only_with_its_grade(text):
    assert MIDDLE.find(text, "八年级") == Found("初二1班", "初二1班")
    assert MIDDLE.find(text) == Ambiguous(("初一1班", "初二1班", "初三1班"), "班号", ("初一", "初二", "初三"))


@pytest.mark.parametrize(
    ("text", "grade", "answer"),
    [
        ("101", None, Ambiguous(("初一1班",), "101", ("初中",))),
        ("三(2)班", None, Ambiguous(("初三2班",), "101", ("初中",))),
        ("101", "初一", Found("初一1班", "初一1班")),
        ("2027届1班", None, Ambiguous(("初三1班",), "届", ("毕业·初中",))),
        ("2027届1班", "初三", Found("初三1班", "初三1班")),
        ("八(1)班", "初一", Ambiguous(("初二1班",), "年级不符", ("初二",))),
        ("初一9班", None, Unknown(7, "9")),
        ("9班", "初一", Unknown(7, "9")),
        ("高一1班", None, Unknown(10, "1")),
        ("全校", None, Unknown()),
    ],
)
def test_what_is_not_sure_is_asked_and_what_is_not_there_is_told(text, grade, answer):
    assert MIDDLE.find(text, grade) == answer


@pytest.mark.parametrize("text", ["2026级1班", "2601班", "101", "一(1)班"])
def test_a_school_with_middle_and_high_school_is_asked_which(text):
    found = BOTH.find(text)
    assert isinstance(found, Ambiguous)
    assert found.candidates == ("初一1班", "高一1班")
    assert found.readings == ("初中", "高中")


def test_one_answer_serves_for_every_name_of_that_form():
    answers = {"级": "高中", "101": "初中"}
    assert BOTH.find("2601班", readings=answers).class_name == "高一1班"
    assert BOTH.find("2502班", readings=answers).class_name == "高二2班"
    assert BOTH.find("311", readings=answers).class_name == "初三11班"


@pytest.mark.parametrize(
    ("text", "name"), [("高2026级1班", "高一1班"), ("1011", "高一11班"), ("高一十一班", "高一11班"), ("701", "初一1班")]
)
def test_what_names_its_stage_is_not_asked(text, name):
    assert BOTH.find(text) == Found(name, name)


def test_a_class_of_last_year_keeps_its_name_and_its_students_are_a_grade_higher():
    for text in ("初一1班", "七(1)", "2025级1班", "2501班"):
        assert MIDDLE.find(text, school_year=2025) == Found("初一1班", "初二1班")
    assert MIDDLE.find("九(1)班", school_year=2025) == Found("初三1班", None)


def test_a_class_called_by_its_year_moves_up_with_its_students():
    names = ClassNames.of([("2026级1班", "初一"), ("2025级1班", "初二")], school_year=2026)
    assert names.find("初一1班") == Found("2026级1班", "2026级1班")
    assert names.find("初一1班", school_year=2025) == Found("2025级1班", "2025级1班")


def test_the_school_system_decides_which_grade_a_name_is():
    assert school("六年级", "七年级", system="五四").find("初一1班").class_name == "六年级1班"
    assert school("预初", "初一", system="五四预初").find("六(1)班").class_name == "预初1班"
    assert school("预初", "初一", system="五四预初").find("七(1)班").class_name == "初一1班"


def test_names_without_a_number_compare_by_text():
    names = ClassNames.of(
        [("实验班", "初一"), ("初二A班", "初二"), ("物理/化学班", "高二"), ("GP-15", "GP-15")], school_year=2026
    )
    assert names.find("七年级实验班").class_name == "实验班"
    assert names.find("Ａ班", "八年级").class_name == "初二A班"
    assert names.find("物理／化学班").class_name == "物理/化学班"
    assert names.find("GP-15").class_name == "GP-15"
    assert names.find("GP-16") == Unknown()


def test_a_class_written_as_it_is_listed_is_that_class_whatever_others_look_like_it():
    names = ClassNames.of([("初一(1)班", "初一"), ("初一【1】班", "初一")], school_year=2026)
    assert names.find("初一【1】班").class_name == "初一【1】班"
    assert names.find("初一(1)班").class_name == "初一(1)班"


def test_two_classes_that_are_written_alike_are_asked():
    names = ClassNames.of([("初一1班", "初一"), ("七(1)班", "初一")], school_year=2026)
    assert names.find("701").candidates == ("初一1班", "七(1)班")
    assert names.find("七(1)班").class_name == "七(1)班"


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("初一1班、初一2班", ["初一1班", "初一2班"]),
        ("七1、2班", ["七1", "七2班"]),
        ("七(1)(2)班", ["七(1)", "七(2)班"]),
        ("初一1班，2班；初二1班", ["初一1班", "初一2班", "初二1班"]),
        ("七年级1-3班", ["七年级1班", "七年级2班", "七年级3班"]),
        ("七(1)-(2)班", ["七(1)班", "七(2)班"]),
        ("7-1班", ["7-1班"]),
        ("物理/化学班、初一1班", ["物理/化学班", "初一1班"]),
        ("物理/化学班", ["物理/化学班"]),
        ("", []),
    ],
)
def test_a_cell_that_names_several_classes(cell, parts):
    names = ClassNames.of([("物理/化学班", "高二"), ("初一1班", "初一")], school_year=2026)
    assert names.split(cell) == parts


def test_a_grade_is_called_as_the_school_calls_it():
    assert MIDDLE.find_grade("七年级", school_year=2025) == FoundGrade(7, "初一", "初二")
    assert MIDDLE.find_grade("九年级", school_year=2025) == FoundGrade(9, "初三", None)
    assert BOTH.find_grade("2026级") == Ambiguous(("初一", "高一"), "级", ("初中", "高中"))
    assert MIDDLE.find_grade("全部") == Unknown()


def test_two_spellings_of_one_class_are_one():
    assert MIDDLE.same_class("七年级(1)班", "2601班")
    assert not MIDDLE.same_class("八(1)班", "初一1班")
    assert MIDDLE.same_class("甲班", "甲班")
    assert not MIDDLE.same_class("甲班", "乙班")


@pytest.mark.parametrize(
    ("form", "name"), [("{}{}班", "初一3班"), ("{}({})班", "初一(3)班"), ("{}第{}班", "初一第3班")]
)
def test_a_new_class_is_named_in_the_way_of_the_others(form, name):
    assert school("初一", form=form).new_name("初一", "3") == name


@settings(deadline=None)  # the school has 360 classes
@given(st.integers(1, 12), st.integers(1, 30), st.integers(2010, 2040), st.data())
def test_a_class_is_found_by_every_spelling_of_its_grade_and_number(level, number, school_year, data):
    ladder = Ladder()
    grades = [grade_name(one, ladder) for one in range(1, 13)]
    names = school(*grades, classes=range(1, 31), year=school_year)
    entry = ladder.entry(level, school_year)
    stage = ladder.stage_of(level)
    spelled = data.draw(st.sampled_from([grades[level - 1], f"{stage}{entry}级", f"{level}年级"]))
    written = data.draw(st.sampled_from(["{}班", "({})班", "（{}）", "第{}班", "{:02d}班"])).format(number)
    assert names.find(spelled + written) == names.find(written, spelled)
    assert names.find(spelled + written).class_name == f"{grades[level - 1]}{number}班"


@given(st.text(alphabet="初高七八一二三十0123456789级届年班()（）.-、/实验A ", max_size=10))
def test_no_text_breaks_it_and_only_classes_of_the_school_are_found(text):
    known = {one.name for one in BOTH.classes}
    found = BOTH.find(text)
    if isinstance(found, Found):
        assert found.class_name in known
    if isinstance(found, Ambiguous):
        assert set(found.candidates) <= known
        assert len(found.candidates) in (0, len(found.readings))


@pytest.mark.parametrize(
    ("title", "classes", "grades"),
    [
        ("七(1)班2026-2027学年第一学期期中考试成绩（2026年11月10日）", ["七(1)班"], []),
        ("高二2026-2027学年第一学期期中考试（2026年11月10日）", [], ["高二"]),
        ("综合成绩表-总分-全体-26-27上初一期中考试", [], ["初一"]),
        ("第一中学初二11班", ["初二11班"], ["初二"]),
        ("初一年级各班成绩", [], ["初一年级"]),
        ("2026级(1)班期末", ["2026级(1)班"], ["2026级"]),
        ("高一（下）第三次月考", [], ["高一"]),
        ("排行榜 - 某市2026-2027学年第一学期期中考试", [], []),
        ("初一1班、初一2班", ["初一1班", "初一2班"], ["初一"]),
    ],
)
def test_a_title_mentions_classes_and_grades(title, classes, grades):
    assert class_mentions(title) == classes
    assert grade_mentions(title) == grades


def test_a_title_is_about_one_class_or_none():
    assert find_mention(MIDDLE, "八年级(2)班期中成绩").class_name == "初二2班"
    assert find_mention(MIDDLE, "期中成绩(2班)", "初三").class_name == "初三2班"
    assert find_mention(MIDDLE, "初一1班、初一2班") is None
    assert find_mention(MIDDLE, "初一各班成绩") is None
    assert find_mention(school("初一", form="{}实验班", classes=(1,)), "初一实验班期中").class_name == "初一实验班"
