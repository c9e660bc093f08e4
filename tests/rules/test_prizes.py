"""Prizes of the tracked group (DOMAIN rule 5)."""

from __future__ import annotations

from math import ceil

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school, with_settings
from xlbangfu.rules.prizes import FIRST, NO_BASELINE, NO_PRIZE, SECOND, THIRD, award, cut_offs
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import PRIZES


def prizes(one: School) -> pl.DataFrame:
    return award(one, rank(one))


def tracked(then: dict[str, float | str], now: dict[str, float | str], **settings_of: str) -> School:
    """A school where all are tracked; marks of 学号 in 期初 and in 期中."""
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点"]
    roster += [f"{number} | 生{number} | 1班 | 在读 | 学困 | 是" for number in sorted({*then, *now})]
    marks = ["考试编号 | 学号 | 语文"]
    marks += [f"期初 | {number} | {mark}" for number, mark in then.items()]
    marks += [f"期中 | {number} | {mark}" for number, mark in now.items()]
    return school({"名册": "\n".join(roster), "成绩": "\n".join(marks)}, **settings_of)


def risers(number: int) -> School:
    """``number`` students who each pass one of as many fallers, the later ones with a greater rise."""
    rising = {f"升{place:02d}": 2.0 * place for place in range(number)}
    falling = {f"降{place:02d}": 2.0 * place + 1 for place in range(number)}
    after = {who: mark + 1.5 + place / 100 for place, (who, mark) in enumerate(rising.items())}
    return tracked({**rising, **falling}, {**after, **falling})


def counts(result: pl.DataFrame, exam: str = "期中") -> tuple[int, int, int]:
    given_out = result.filter(pl.col("考试编号") == exam)["奖项"].to_list()
    return given_out.count(FIRST), given_out.count(SECOND), given_out.count(THIRD)


@pytest.mark.parametrize(
    ("improved", "expected"),
    [
        (0, (0, 0, 0)),
        (1, (1, 0, 0)),
        (2, (1, 1, 0)),
        (3, (1, 1, 1)),
        (4, (1, 1, 2)),
        (5, (1, 2, 2)),
        (10, (2, 3, 5)),
        (11, (3, 3, 5)),
        (15, (3, 5, 7)),
    ],
)
def test_a_fifth_a_third_and_half_of_the_improved_share_the_prizes(improved: int, expected: tuple[int, ...]) -> None:
    assert counts(prizes(risers(improved))) == expected


def test_places_are_among_the_tracked_with_a_rank_in_both_exams() -> None:
    looks_like(
        prizes(
            tracked(
                {"01": 50, "02": 40, "03": 30, "04": "缺考", "05": 90},
                {"01": 45, "02": 60, "03": 10, "04": 99, "05": "缺考", "06": 80},
            )
        ),
        """
            考试编号 | 学号 | 总分 | 得分率 | 基线考试 | 基线总分 | 基线得分率 | 组内名次 | 基线组内名次 | 进步名次 | 奖项
            期初     | 04   |      |        |          |          |            |          |              |          | 不评
            期初     | 01   | 50   | 0.5    |          |          |            |          |              |          | 无基线
            期初     | 02   | 40   | 0.4    |          |          |            |          |              |          | 无基线
            期初     | 03   | 30   | 0.3    |          |          |            |          |              |          | 无基线
            期初     | 05   | 90   | 0.9    |          |          |            |          |              |          | 无基线
            期中     | 02   | 60   | 0.6    | 期初     | 40       | 0.4        | 1        | 2            | 1        | 一等奖
            期中     | 03   | 10   | 0.1    | 期初     | 30       | 0.3        | 3        | 3            | 0        | 不评
            期中     | 01   | 45   | 0.45   | 期初     | 50       | 0.5        | 2        | 1            | -1       | 不评
            期中     | 05   |      |        | 期初     | 90       | 0.9        |          |              |          | 不评
            期中     | 04   | 99   | 0.99   | 期初     |          |            |          |              |          | 无基线
            期中     | 06   | 80   | 0.8    | 期初     |          |            |          |              |          | 无基线
        """,
    )


def test_equal_in_places_and_rise_is_the_same_prize() -> None:
    """01 and 02 each gain one place by the same 0.1 + 0.2 marks; a fifth of two is one, and both are inside it."""
    then = {"01": 10.0, "11": 10.2, "02": 50.1, "12": 50.3}
    now = {"01": 10.3, "11": 10.2, "02": 50.4, "12": 50.3}

    assert counts(prizes(tracked(then, now))) == (2, 0, 0)


def test_more_places_go_before_a_greater_rise() -> None:
    then = {"01": 10, "02": 11, "03": 12, "04": 50, "05": 60}
    now = {"01": 13, "02": 11, "03": 12, "04": 90, "05": 60}

    result = prizes(tracked(then, now)).filter(pl.col("考试编号") == "期中")

    assert result.filter(pl.col("奖项").is_in([FIRST, SECOND]))["学号"].to_list() == ["01", "04"]


def test_an_exempt_students_rise_is_in_the_rate_over_the_other_subjects() -> None:
    marks = """
        考试编号 | 学号 | 语文 | 数学
        期初     | 01   | 免考 | 40
        期初     | 02   | 50   | 50
        期中     | 01   | 60   | 60
        期中     | 02   | 50   | 50
    """
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点
        01   | 甲   | 1班  | 在读     | 学困     | 否
        02   | 乙   | 1班  | 在读     | 学困     | 否
    """
    looks_like(
        prizes(school({"成绩": marks, "名册": roster})).filter(pl.col("考试编号") == "期中"),
        """
            学号 | 重点 | 总分 | 得分率 | 基线总分 | 基线得分率 | 组内名次 | 基线组内名次 | 进步名次 | 奖项
            01   | 否   | 120  | 0.6    | 40       | 0.4        | 1        | 2            | 1        | 一等奖
            02   | 否   | 100  | 0.5    | 100      | 0.5        | 2        | 1            | -1       | 不评
        """,
    )


def test_only_who_is_tracked_on_the_exams_day_is_in_it() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期   | 退出日期
        01   | 甲   | 1班  | 在读     | 学困     | 2025-11-10 |
        02   | 乙   | 1班  | 在读     | 学困     | 2025-11-11 |
        03   | 丙   | 1班  | 在读     | 学困     |            | 2025-11-11
        04   | 丁   | 1班  | 在读     | 学困     |            | 2025-11-10
        05   | 戊   | 1班  | 在读     | 边缘     |            |
        06   | 己   | 1班  | 在读     |          |            |
    """
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(f"期中 | 0{who} | 50" for who in range(1, 7))

    looks_like(
        prizes(school({"成绩": marks, "名册": roster})),
        """
        学号 | 组内名次 | 奖项     | 说明
        01   |          | 无基线   | 前面没有可比的考试
        03   |          | 无基线   | 前面没有可比的考试
        02   |          | 下次参评 | 2025-11-11 列入，在这次考试之后：从下次考试起参评
        """,
    )


def test_each_year_has_its_own_places_and_prizes() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别
        01   | 甲   | 一班 | 在读     | 学困
        02   | 乙   | 一班 | 在读     | 学困
        03   | 丙   | 二班 | 在读     | 学困
        04   | 丁   | 二班 | 在读     | 学困
    """
    classes = """
        班级 | 年级
        二班 | 初二
        一班 | 初一
    """
    marks = """
        考试编号 | 学号 | 语文
        期初     | 01   | 50
        期初     | 02   | 60
        期初     | 03   | 70
        期初     | 04   | 80
        期中     | 01   | 70
        期中     | 02   | 60
        期中     | 03   | 90
        期中     | 04   | 80
    """
    looks_like(
        prizes(school({"成绩": marks, "名册": roster, "班级": classes})).filter(pl.col("考试编号") == "期中"),
        """
            年级 | 学号 | 组内名次 | 进步名次 | 奖项
            初二 | 03   | 1        | 1        | 一等奖
            初二 | 04   | 2        | -1       | 不评
            初一 | 01   | 1        | 1        | 一等奖
            初一 | 02   | 2        | -1       | 不评
        """,
    )


def test_shares_are_reckoned_in_whole_numbers() -> None:
    """7 % of 100 is 7, and 7.000000000000001 in floats, which would be rounded up to 8."""
    assert ceil(0.07 * 100) == 8

    first, second = pl.select(pl.concat_list(cut_offs(pl.lit(100), (7.0, 0.0)))).item()

    assert (first, second) == (7, 8)


def test_the_shares_of_the_settings_hold() -> None:
    one = risers(10)

    assert counts(prizes(with_settings(one, 奖项比例="10:20:70"))) == (1, 2, 7)


def test_a_school_without_marks_or_tracked_students_gives_no_prizes() -> None:
    assert_frame_equal(prizes(school({"成绩": "考试编号 | 学号"})), PRIZES.empty())
    assert_frame_equal(prizes(school({"成绩": "考试编号 | 学号 | 语文\n期中 | 01 | 50"})), PRIZES.empty())


MARK = st.one_of(st.integers(0, 20).map(float), st.just("缺考"))
EXAMS = ("期初", "期中", "期末")
CLASSES = {"1班": "初一", "2班": "初二"}
STUDENTS = st.lists(st.tuples(st.sampled_from(list(CLASSES)), MARK, MARK, MARK), min_size=16, max_size=28)
Marks = tuple[str, float | str, float | str, float | str]  # the class, and the marks in the three exams


def two_years(students: list[Marks]) -> School:
    roster, marks = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别"], ["考试编号 | 学号 | 语文"]
    for number, (school_class, *entries) in enumerate(students):
        roster.append(f"{number:02d} | 生{number:02d} | {school_class} | 在读 | 学困")
        marks += [f"{exam} | {number:02d} | {entry}" for exam, entry in zip(EXAMS, entries, strict=True)]
    classes = "\n".join(["班级 | 年级", *(" | ".join(pair) for pair in CLASSES.items())])
    return school({"名册": "\n".join(roster), "成绩": "\n".join(marks), "班级": classes})


@settings(max_examples=40, deadline=None)
@given(STUDENTS)
def test_prizes_are_what_the_rule_says_in_plain_steps_in_each_year_and_exam(students: list[Marks]) -> None:
    result = prizes(two_years(students)).filter(pl.col("考试编号") != EXAMS[0])

    hoped = {}
    for place, exam in enumerate(EXAMS[1:], start=1):
        for school_class in CLASSES:
            mine = {f"{n:02d}": one[place : place + 2] for n, one in enumerate(students) if one[0] == school_class}
            hoped |= {(exam, who): prize for who, prize in plain_prizes(mine).items()}
    assert {(exam, who): prize for exam, who, prize in result.select("考试编号", "学号", "奖项").rows()} == hoped


def plain_prizes(marks: dict[str, tuple[float | str, float | str]]) -> dict[str, str]:
    both = {who: pair for who, pair in marks.items() if "缺考" not in pair}
    gained = {
        who: sum(other[0] > then for other in both.values()) - sum(other[1] > now for other in both.values())
        for who, (then, now) in both.items()
    }
    order = sorted(
        ((places, both[who][1] - both[who][0]) for who, places in gained.items() if places > 0), reverse=True
    )
    first = ceil(len(order) / 5)
    second = min(len(order), max(ceil(len(order) / 2), first + 1))
    given_out = {}
    for who, (then, now) in marks.items():
        if now == "缺考":
            given_out[who] = NO_PRIZE
        elif then == "缺考":
            given_out[who] = NO_BASELINE
        elif gained[who] <= 0:
            given_out[who] = NO_PRIZE
        else:
            place = 1 + order.index((gained[who], now - then))
            given_out[who] = FIRST if place <= first else SECOND if place <= second else THIRD
    return given_out


@settings(max_examples=25, deadline=None)
@given(STUDENTS)
def test_as_many_prizes_are_given_as_students_improved(students: list[Marks]) -> None:
    result = prizes(two_years(students))

    for exam in EXAMS[1:]:
        assert sum(counts(result, exam)) == (result.filter(pl.col("考试编号") == exam)["进步名次"] > 0).sum()


def test_the_input_is_the_same_afterwards() -> None:
    one = risers(3)
    ranking = rank(one)
    before = {table: sheet.clone() for table, sheet in one.frames.items()}, ranking.clone()

    award(one, ranking)

    assert_frame_equal(ranking, before[1])
    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[0][table])


def test_who_is_listed_in_mid_term_has_a_place_from_the_next_exam_on_and_the_sheet_says_so_until_then() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期
        01   | 甲   | 1班  | 在读     | 学困     |
        02   | 乙   | 1班  | 在读     | 学困     | 2025-12-01
    """
    midterm = "考试编号 | 学号 | 语文\n期中 | 01 | 50\n期中 | 02 | 40"

    waiting = prizes(school({"成绩": midterm, "名册": roster}))
    looks_like(waiting.filter(pl.col("学号") == "02"), "考试编号 | 组内名次 | 奖项\n期中 | | 下次参评")

    placed = prizes(school({"成绩": midterm + "\n期末 | 01 | 50\n期末 | 02 | 60", "名册": roster}))
    looks_like(
        placed.filter(pl.col("学号") == "02"), "考试编号 | 组内名次 | 基线组内名次 | 奖项\n期末 | 1 | 2 | 一等奖"
    )


def test_why_there_is_no_prize_is_said() -> None:
    held = tracked({"01": 50, "02": 40, "03": "缺考"}, {"01": 50, "02": "缺考", "03": 30})
    final = prizes(held).filter(pl.col("考试编号") == "期中").sort("学号")

    looks_like(
        final,
        """
        学号 | 奖项   | 说明
        01   | 不评   | 在帮扶学生中的名次没有上升
        02   | 不评   | 这次没有名次（缺考：语文）
        03   | 无基线 | 期初 里没有名次，没法比
        """,
    )
