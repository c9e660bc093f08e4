"""The next term (DOMAIN rule 14): which class goes where, who goes on, which exams and pairings are kept."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drawn import school, with_settings
from xlbangfu.errors import BadArgument
from xlbangfu.rules.class_names import ClassNames
from xlbangfu.rules.new_term.carrying import Carried, carry
from xlbangfu.rules.new_term.division import Division, divide
from xlbangfu.rules.new_term.graduates import check_graduates
from xlbangfu.rules.new_term.kept_exams import kept_exams
from xlbangfu.rules.new_term.promotion import promoted, same_classes
from xlbangfu.rules.new_term.students import FATE, STAYS
from xlbangfu.rules.new_term.term_settings import check_days, next_term_of
from xlbangfu.rules.new_term.terms import SchoolTerm
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.recalls import open_rows
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.validation import validate
from xlbangfu.schema import (
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    INPUTS,
    PAIRINGS,
    PASSWORDS,
    ROSTER,
    ROW,
    SCORES,
    TEACHERS,
    Table,
)
from xlbangfu.settings import Settings

START = date(2026, 9, 1)
SHEETS = {
    "班级": """
        班级    | 年级 | 班主任
        初一1班 | 初一 | 01
        初二1班 | 初二 | 02
        初三1班 | 初三 | 03
    """,
    "教师": """
        工号 | 姓名 | 角色   | 任教班级         | 在岗
        01   | 甲   | 班主任 | 初一1班、初三1班 | 是
        02   | 乙   | 班主任 | 初二1班          | 是
        03   | 丙   | 班主任 | 初三1班          | 否
    """,
    "名册": """
        学号 | 姓名 | 班级    | 在籍状态 | 帮扶类别
        11   | 王一 | 初一1班 | 在读     | 学困
        12   | 王二 | 初一1班 | 转出     |
        13   | 王三 | 初一1班 | 转出     |
        21   | 李一 | 初二1班 | 在读     | 学困
        22   | 李二 | 初二1班 | 辍学     |
        31   | 赵一 | 初三1班 | 在读     | 学困
        32   | 赵二 | 初三1班 | 休学     |
    """,
    "档案": """
        学号 | 姓名 | 班级
        11   | 王一 | 初一1班
        31   | 赵一 | 初三1班
    """,
    "口令": """
        班级    | 口令
        初一1班 | abcdefg
        初三1班 | hijklmn
    """,
    "结对": """
        结对编号 | 学号 | 姓名 | 班级    | 类型     | 教师  | 学习帮手 | 开始日期   | 状态 | 锁定
        1        | 11   | 王一 | 初一1班 | 一对一   | 01 甲 |          | 2025-09-20 | 执行 |
        2        | 21   | 李一 | 初二1班 | 一对一   | 丙    |          | 2025-09-20 | 执行 |
        3        | 21   | 李一 | 初二1班 | 代管家长 | 丙    |          | 2025-09-20 | 执行 | 是
        4        | 31   | 赵一 | 初三1班 | 一对一   | 01    |          | 2025-09-20 | 执行 |
        5        | 11   | 王一 | 初一1班 | 学习帮手 |       | 13       | 2025-09-20 | 执行 |
        6        | 11   | 王一 | 初一1班 | 一对一   | 02    |          | 2025-09-20 | 结束 |
        7        |      |      | 初一1班 | 包班     | 02    |          | 2025-09-20 | 执行 |
        8        |      |      | 初三1班 | 包班     | 02    |          | 2025-09-20 | 执行 |
    """,
    "考试": """
        考试编号 | 日期       | 学期        | 类型
        上期中   | 2025-11-10 | 2025-2026上 | 期中
        上期末   | 2026-01-20 | 2025-2026上 | 期末
        下月考   | 2026-03-20 | 2025-2026下 | 月考
        下期中   | 2026-04-20 | 2025-2026下 | 期中
        下期末   | 2026-06-25 | 2025-2026下 | 期末
    """,
    "成绩": """
        考试编号 | 学号 | 姓名 | 班级    | 语文
        上期中   | 11   | 王一 | 初一1班 | 60
        上期末   | 11   | 王一 | 初一1班 | 61
        下月考   | 11   | 王一 | 初一1班 | 62
        下期中   | 11   | 王一 | 初一1班 | 63
        下期末   | 11   | 王一 | 初一1班 | 64
        下期末   | 12   | 王二 | 初一1班 | 80
        下期末   | 21   | 李一 | 初二1班 | 70
        下期末   | 31   | 赵一 | 初三1班 | 70
    """,
    "评价": """
        月份    | 学号 | 姓名 | 班级    | 评价人 | 纪律
        2026-04 | 11   | 王一 | 初一1班 | 班主任 | 3
        2026-05 | 11   | 王一 | 初一1班 | 班主任 | 4
        2026-06 | 11   | 王一 | 初一1班 | 班主任 | 4
        2026-06 | 31   | 赵一 | 初三1班 | 班主任 | 4
    """,
}


def made(**sheets: str) -> School:
    return with_settings(school(SHEETS | sheets), 学年="2025-2026", 学期="2025-2026下")


def as_read(asked: School) -> dict[Table, pl.DataFrame]:
    """The input sheets as a workbook gives them."""
    return {table: asked[table].drop(STUDENT, strict=False) for table in INPUTS}


def carried(asked: School, division: Division | None = None) -> Carried:
    return carry(asked, as_read(asked), promoted(asked.class_names), division or Division(), start=START)


@pytest.fixture(scope="module")
def over() -> Carried:
    return carried(made())


def names(*classes: tuple[str, str], system: str = "六三") -> list[str]:
    return [move.text for move in promoted(ClassNames.of(classes, school_year=2025, system=system))]


@pytest.mark.parametrize(
    ("system", "classes", "said"),
    [
        ("六三", [("初一1班", "初一"), ("初三1班", "初三")], ["初一1班 → 初二1班", "初三1班 毕业"]),
        ("六三", [("701", "七年级"), ("802", "八年级")], ["701 → 801", "802 → 902"]),
        ("六三", [("七(1)班", "七年级")], ["七(1)班 → 八(1)班"]),
        ("六三", [("2025级1班", "初一"), ("2023级1班", "初三")], ["2025级1班 → 2025级1班", "2023级1班 毕业"]),
        ("六三", [("实验班", "初一")], ["实验班 → 实验班"]),
        ("六三", [("高二9班", "高二"), ("高三9班", "高三")], ["高二9班 → 高三9班", "高三9班 毕业"]),
        ("六三", [("六年级1班", "六年级"), ("一年级1班", "一年级")], ["六年级1班 毕业", "一年级1班 → 二年级1班"]),
        ("六三", [("六年级1班", "六年级"), ("初一1班", "初一")], ["六年级1班 → 初一1班", "初一1班 → 初二1班"]),
        ("五四", [("六年级1班", "六年级"), ("九年级1班", "九年级")], ["六年级1班 → 七年级1班", "九年级1班 毕业"]),
        ("五四预初", [("预初1班", "预初"), ("初三1班", "初三")], ["预初1班 → 初一1班", "初三1班 毕业"]),
    ],
)
def test_a_class_moves_up_or_graduates_by_the_years_of_the_school(
    system: str, classes: list[tuple[str, str]], said: list[str]
) -> None:
    assert names(*classes, system=system) == said


@given(st.sets(st.tuples(st.sampled_from(["初一", "初二", "初三"]), st.integers(1, 30)), min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_no_two_classes_get_one_name_and_each_is_a_year_on(classes: set[tuple[str, int]]) -> None:
    known = ClassNames.of([(f"{grade}{number}班", grade) for grade, number in sorted(classes)], school_year=2025)
    moves = promoted(known)
    stays = [move.name for move in moves if move.name]
    assert len(stays) == len(set(stays))
    assert {move.before[:2] for move in moves if move.graduates} <= {"初三"}
    assert all(move.name == f"初{'二三'['一二'.index(move.before[1])]}{move.before[2:]}" for move in moves if move.name)


def test_a_class_whose_year_cannot_be_told_stops_it_with_a_sentence() -> None:
    with pytest.raises(BadArgument, match="看不出 飞翔班 是哪个年级"):
        names(("飞翔班", "飞翔"))


def test_nobody_of_the_register_is_lost_who_neither_graduates_nor_has_left_without_marks(over: Carried) -> None:
    rows = over.sheets[ROSTER].select("学号", "班级").rows()
    assert rows == [("11", "初二1班"), ("12", "初二1班"), ("21", "初三1班"), ("22", "初三1班"), ("32", "初三1班")]
    assert over.students.height == 7


def test_classes_teachers_and_passwords_follow(over: Carried) -> None:
    assert over.sheets[CLASSES].select("班级", "年级", "班主任").rows() == [
        ("初二1班", "初二", "01"),
        ("初三1班", "初三", "02"),
    ]
    assert over.sheets[TEACHERS]["任教班级"].to_list() == ["初二1班", "初三1班", None]
    assert over.sheets[PASSWORDS].select("班级", "口令").rows() == [("初二1班", "abcdefg")]
    assert over.sheets[FILES].select("学号", "班级").rows() == [("11", "初二1班")]


def test_running_pairings_go_on_and_those_whose_people_have_gone_are_ended(over: Carried) -> None:
    rows = over.sheets[PAIRINGS].select("结对编号", "班级", "状态", "结束日期").rows()
    last = date(2026, 6, 30)
    assert rows == [
        ("1", "初二1班", "执行", None),
        ("2", "初三1班", "结束", last),
        ("3", "初三1班", "执行", None),
        ("5", "初二1班", "结束", last),
        ("7", "初二1班", "执行", None),
    ]


def test_the_exams_that_the_rules_look_back_to_are_kept_with_the_class_of_the_day(over: Carried) -> None:
    assert over.sheets[EXAMS]["考试编号"].to_list() == ["上期末", "下期中", "下期末"]
    marks = over.sheets[SCORES].select("考试编号", "学号", "班级", "考时班级").rows()
    assert ("下期末", "11", "初二1班", "初一1班") in marks
    assert ("下期末", "12", "初二1班", "初一1班") in marks
    assert not [row for row in marks if row[1] == "31" or row[0] in ("上期中", "下月考")]


def test_two_months_of_behaviour_marks_go_on(over: Carried) -> None:
    assert over.sheets[CONDUCT].select("月份", "学号").rows() == [("2026-05", "11"), ("2026-06", "11")]


def test_a_list_moves_students_keeps_one_back_and_brings_a_class() -> None:
    asked = made()
    moves = promoted(asked.class_names)
    division = divide({"11": "八(2)", "31": "初三1班", "21": "初三1班"}, moves, school_year=2026, system="六三")
    rows = carried(asked, division).sheets

    assert rows[ROSTER].filter(pl.col("学号").is_in(["11", "31"])).select("学号", "班级").rows() == [
        ("11", "初二2班"),
        ("31", "初三1班"),
    ]
    assert rows[CLASSES].select("班级", "年级").rows()[-1] == ("初二2班", "初二")
    with pytest.raises(BadArgument, match="看不出是哪个班"):
        divide({"11": "随便"}, moves, school_year=2026, system="六三")


def test_within_a_school_year_no_class_changes() -> None:
    asked = made()
    rows = carry(asked, as_read(asked), same_classes(asked.class_names), Division(), start=date(2026, 2, 20)).sheets
    assert rows[CLASSES].select("班级", "年级", "班主任").equals(asked[CLASSES].select("班级", "年级", "班主任"))
    assert rows[SCORES]["考时班级"].null_count() == rows[SCORES].height
    assert rows[ROSTER]["学号"].to_list() == ["11", "12", "21", "22", "31", "32"]


@given(st.data())
@settings(max_examples=6, deadline=None)
def test_places_in_the_exams_that_are_kept_are_the_same_in_the_next_term(data: st.DataObject) -> None:
    marks = data.draw(st.lists(st.integers(30, 100), min_size=12, max_size=12))
    left = data.draw(st.sets(st.integers(0, 5), max_size=2))
    roster = "\n".join(f"{n} | 生{n} | 初{'一二'[n // 3]}1班 | {'转出' if n in left else '在读'}" for n in range(6))
    scores = "\n".join(
        f"{exam} | {n} | 生{n} | {marks[n + 6 * at]}" for at, exam in enumerate(("上期末", "下期末")) for n in range(6)
    )
    asked = made(名册=f"学号 | 姓名 | 班级 | 在籍状态\n{roster}", 成绩=f"考试编号 | 学号 | 姓名 | 语文\n{scores}")
    sheets = {**as_read(asked), **carried(asked).sheets}
    after = with_settings(School.of(sheets, today=START), 学年="2026-2027", 学期="2026-2027上")

    columns = ["考试编号", "年级", "班级", "学号", "得分率", "年级名次", "进退", "百分位"]
    before = rank(asked).select(columns).sort("考试编号", "学号")
    assert rank(after).select(columns).sort("考试编号", "学号").equals(before)


def test_a_class_of_an_earlier_year_is_no_warning_and_has_the_year_of_its_day() -> None:
    asked = made()
    frames = {**as_read(asked), **carried(asked).sheets}
    after = with_settings(School.of(frames, today=START), 学年="2026-2027", 学期="2026-2027上")
    years = rank(after).filter(pl.col("学号") == "11").select("班级", "年级").unique().rows()
    assert years == [("初一1班", "初一")]

    last = after[EXAMS].with_columns(pl.lit("2026-2027上").alias("学期"))
    now = School(after.settings, {**after.frames, EXAMS: last}, after.today)
    assert _unknown(now) and not _unknown(after)


def _unknown(asked: School) -> bool:
    from xlbangfu.schema import DEFECTS

    found = validate(asked, DEFECTS.empty())
    return not found.filter(pl.col("工作表") == SCORES.name, pl.col("编号") == "V38").is_empty()


def test_a_class_that_keeps_its_name_was_a_year_lower_then() -> None:
    classes = "班级 | 年级\n2025级1班 | 初二\n2024级1班 | 初三"
    roster = "学号 | 姓名 | 班级 | 在籍状态\n11 | 王一 | 2025级1班 | 在读"
    asked = with_settings(school(SHEETS | {"班级": classes, "名册": roster}), 学年="2026-2027", 学期="2026-2027上")
    assert set(rank(asked)["年级"]) == {"初一"}


def test_exams_of_who_graduates_alone_are_not_kept() -> None:
    asked = made(
        成绩="考试编号 | 学号 | 姓名 | 语文\n上期中 | 11 | 王一 | 60\n上期末 | 31 | 赵一 | 70\n下期末 | 31 | 赵一 | 70"
    )
    assert kept_exams(asked, ["初一", "初二"]) == ["上期中"]


def test_an_open_case_goes_on_with_all_its_rows_and_one_that_ended_does_not() -> None:
    rows = [
        ("11", date(2026, 3, 2), date(2026, 3, 5), "仍在劝返"),
        ("11", date(2026, 3, 2), date(2026, 3, 9), "复学"),
        ("11", date(2026, 5, 6), None, None),
        ("21", date(2026, 5, 6), date(2026, 5, 9), "仍在劝返"),
        ("21", date(2026, 5, 6), date(2026, 5, 7), "复学"),
        ("31", date(2026, 5, 6), date(2026, 5, 7), "转出"),
    ]
    frame = pl.DataFrame(rows, schema=[STUDENT, "疑似日期", "劝返日期", "结果"], orient="row").with_row_index(ROW, 2)
    still = open_rows(frame).select(ROW, STUDENT)
    assert still.rows() == [(4, "11"), (5, "21"), (6, "21")]
    check_graduates(still, pl.Series(["31"]))
    with pytest.raises(BadArgument, match="毕业班的学号 21"):
        check_graduates(still, pl.Series(["21", "31"]))


@pytest.mark.parametrize(
    ("changes", "today", "said"),
    [
        ({"term": "下学期"}, date(2026, 7, 1), "看不出是哪个学期"),
        ({"school_year": "2026-2027"}, date(2026, 7, 1), "对不上"),
        ({}, date(2026, 5, 1), "才结束"),
    ],
)
def test_a_term_that_cannot_end_is_refused(changes: dict[str, str], today: date, said: str) -> None:
    with pytest.raises(BadArgument, match=said):
        next_term_of(Settings(**changes), today)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((date(2026, 7, 1), date(2027, 1, 31)), "之后"),
        ((date(2026, 12, 1), date(2027, 1, 31)), "不会在"),
        ((date(2026, 9, 1), date(2026, 8, 31)), "不像一个学期"),
    ],
)
def test_days_that_the_term_cannot_have_are_refused(days: tuple[date, date], said: str) -> None:
    with pytest.raises(BadArgument, match=said):
        check_days(Settings(), SchoolTerm(2026, "上"), days)


@given(st.integers(2000, 2098), st.sampled_from("上下"))
def test_terms_follow_each_other_and_read_back(year: int, half: str) -> None:
    term = SchoolTerm(year, half)
    assert SchoolTerm.of(term.text) == term
    assert term.next.next == SchoolTerm(year + 1, half)
    assert term.usual_days[1] < term.next.usual_days[0]
    assert term.may_begin(term.usual_days[0])


def test_the_fate_of_each_student_is_told_once(over: Carried) -> None:
    assert over.students.filter(pl.col(FATE) == STAYS)["学号"].to_list() == over.sheets[ROSTER]["学号"].to_list()
