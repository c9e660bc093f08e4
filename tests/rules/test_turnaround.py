"""Who is proposed for leaving the list, and what is missing for the others (DOMAIN rules 4 and 9)."""

from __future__ import annotations

import polars as pl
import pytest

from tests.rules.test_progress import marked, placed
from tests.support.drawn import school, with_settings
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.turnaround import BEFORE, LACKS, REASON, turned_around

Months = dict[str, float | tuple[float, ...]]

AT_MEAN = "连续两次期中期末过关：期末达到班平均、下期中达到班平均"
WELL_BEHAVED = "2026-05、2026-06 两个月纪律和品德平均都不低于 4 分"
GOOD, BAD = {"m2026_05": 4, "m2026_06": 4}, {"m2026_05": 4, "m2026_06": 3}


def verdict(one: School, number: str = "00") -> tuple[str | None, str | None, str | None]:
    """Why the student is proposed, what is missing, and which exams are left out."""
    found = turned_around(one, rank(one)).filter(pl.col("学号") == number)
    why, lacks, before = found.select(REASON, LACKS, BEFORE).row(0)
    return why, lacks, before


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ({"期末": 60, "下期中": 60}, AT_MEAN),
        ({"期末": 8, "下期中": 60}, "连续两次期中期末过关：期末没有达到列入条件、下期中达到班平均"),
        ({"期中": 60, "期末": 8, "下期中": 8}, "连续两次期中期末过关：期末没有达到列入条件、下期中没有达到列入条件"),
        ({"期中": 1, "期末": 60, "下期中": 60}, AT_MEAN),
    ],
)
def test_the_reason_says_of_each_of_the_last_two_big_exams_how_it_was_passed(places: dict[str, int], why: str) -> None:
    assert verdict(placed(dict(places))) == (why, None, None)


@pytest.mark.parametrize(
    ("places", "lacks"),
    [
        ({}, "还没有考过期中或期末，要连续 2 次过关"),
        ({"期初": 60}, "还没有考过期中或期末，要连续 2 次过关"),
        ({"下期中": 60}, "列入以后只考过 1 次期中或期末，要连续 2 次过关"),
        ({"下期中": 3}, "列入以后只考过 1 次期中或期末，要连续 2 次过关，下期中低于班平均，也达到列入条件"),
        ({"期末": 3, "下期中": 60}, "期末低于班平均，也达到列入条件"),
        (
            {"期末": 3, "下期中": 3},
            "期末低于班平均，也达到列入条件、下期中低于班平均，也达到列入条件",
        ),
        ({"期末": 60, "下期中": "缺考"}, "下期中有缺考，没有名次"),
        ({"期末": None, "下期中": 60}, "期末没有本年级这次考试的成绩"),
        ({"期末": 60, "下期中": ""}, "下期中成绩没有录全"),
        ({"期末": 60, "下期中": "免考"}, "下期中全部免考"),
    ],
)
def test_what_is_missing_in_the_marks_is_said_of_each_exam(places: dict[str, int | str | None], lacks: str) -> None:
    assert verdict(placed(dict(places))) == (None, lacks, None)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("2026-01-20", (AT_MEAN, None, None)),
        ("", (AT_MEAN, None, None)),
        ("2026-01-21", (None, "列入以后只考过 1 次期中或期末，要连续 2 次过关", "期末")),
        ("2026-04-21", (None, "列入以后只考过 0 次期中或期末，要连续 2 次过关", "期末、下期中")),
    ],
)
def test_exams_before_the_day_of_being_listed_do_not_count_and_are_named(
    listed: str, expected: tuple[str | None, str | None, str | None]
) -> None:
    assert verdict(placed({"期末": 60, "下期中": 60}, listed=f"学困 | 学习 | {listed}")) == expected


def test_a_bad_exam_before_being_listed_is_no_reproach() -> None:
    one = placed({"期末": 1, "下期中": 60}, listed="学困 | 学习 | 2026-03-01")

    assert verdict(one) == (None, "列入以后只考过 1 次期中或期末，要连续 2 次过关", "期末")


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (GOOD, (WELL_BEHAVED, None)),
        ({"m2026_04": 1, **GOOD}, (WELL_BEHAVED, None)),
        ({}, (None, "还没有行为评价，要有 2 个月")),
        ({"m2026_06": 5}, (None, "列入以后只有 1 个月行为评价，要有 2 个月")),
        (BAD, (None, "2026-06 纪律和品德平均 3 分，不到 4 分")),
        (
            {"m2026_05": 3.5, "m2026_06": (5, 5, 4, 3.9, 5)},
            (None, "2026-05 纪律和品德平均 3.5 分，不到 4 分、2026-06 纪律和品德平均 3.95 分，不到 4 分"),
        ),
        (
            {"m2026_06": 3},
            (None, "列入以后只有 1 个月行为评价，要有 2 个月，2026-06 纪律和品德平均 3 分，不到 4 分"),
        ),
    ],
)
def test_who_is_listed_for_behaviour_is_asked_for_two_good_months_and_for_no_exam(
    months: Months, expected: tuple[str | None, str | None]
) -> None:
    one = placed({"期末": 1, "下期中": 1}, listed="学困 | 行为规范 | 2025-09-01", 评价=marked(**months))

    assert verdict(one) == (*expected, None)


def test_the_month_of_being_listed_counts_and_no_exam_is_named_to_who_is_listed_for_behaviour() -> None:
    one = placed({"期末": 60, "下期中": 60}, listed="学困 | 行为规范 | 2026-05-02", 评价=marked(**GOOD))

    assert verdict(one) == (WELL_BEHAVED, None, None)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("2026-05-01", (WELL_BEHAVED, None)),
        ("", (WELL_BEHAVED, None)),
        ("2026-06-01", (None, "列入以后只有 1 个月行为评价，要有 2 个月")),
    ],
)
def test_months_before_being_listed_do_not_count(listed: str, expected: tuple[str | None, str | None]) -> None:
    one = placed({"下期中": 1}, listed=f"学困 | 行为规范 | {listed}", 评价=marked(**GOOD))

    assert verdict(one)[:2] == expected


def test_a_bad_month_before_being_listed_is_no_reproach() -> None:
    sheet = marked(m2026_05=1, m2026_06=5)
    one = placed({"下期中": 1}, listed="学困 | 行为规范 | 2026-06-01", 评价=sheet)

    assert verdict(one)[:2] == (None, "列入以后只有 1 个月行为评价，要有 2 个月")


@pytest.mark.parametrize(
    ("places", "months", "expected"),
    [
        ((60, 60), GOOD, (f"{AT_MEAN}；{WELL_BEHAVED}", None)),
        ((60, 60), BAD, (None, "2026-06 纪律和品德平均 3 分，不到 4 分")),
        ((1, 60), GOOD, (None, "期末低于班平均，也达到列入条件")),
        ((1, 60), BAD, (None, "期末低于班平均，也达到列入条件；2026-06 纪律和品德平均 3 分，不到 4 分")),
        ((60, 60), {}, (None, "还没有行为评价，要有 2 个月")),
    ],
)
def test_who_is_listed_for_both_is_asked_for_both(
    places: tuple[int, int], months: Months, expected: tuple[str | None, str | None]
) -> None:
    sheets = {"评价": marked(**months)}
    one = placed({"期末": places[0], "下期中": places[1]}, listed="学困 | 双重 | 2025-09-01", **sheets)

    assert verdict(one) == (*expected, None)


def test_the_line_of_behaviour_is_that_of_the_settings_and_written_as_there() -> None:
    one = placed({"下期中": 1}, listed="学困 | 行为规范 | 2025-09-01", 评价=marked(**BAD))

    assert verdict(with_settings(one, 转化行为分="3"))[0] == "2026-05、2026-06 两个月纪律和品德平均都不低于 3 分"
    assert verdict(with_settings(one, 转化行为分="3.5"))[1] == "2026-06 纪律和品德平均 3 分，不到 3.5 分"


def test_a_mean_that_floats_leave_a_hair_below_the_line_is_at_it() -> None:
    """Three judges give 3.3, 3.4 and 4.1 for both: 3.6 on paper, less in floats."""
    rows = ["月份 | 学号 | 评价人 | 纪律 | 品德"]
    for month in ("2026-05", "2026-06"):
        rows += [f"{month} | 00 | {who} | {mark} | {mark}" for who, mark in (("甲", 3.3), ("乙", 3.4), ("丙", 4.1))]
    one = placed({"下期中": 1}, listed="学困 | 行为规范 | 2025-09-01", 评价="\n".join(rows))

    assert verdict(with_settings(one, 转化行为分="3.6"))[0] == "2026-05、2026-06 两个月纪律和品德平均都不低于 3.6 分"


def test_only_tracked_students_on_the_roll_are_asked() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 列入日期   | 退出日期
        01   | 甲   | 1班  | 在读     | 学困     | 学习     | 2025-09-01 |
        02   | 乙   | 1班  | 在读     | 关爱     |          | 2025-09-01 |
        03   | 丙   | 1班  | 转出     | 学困     | 学习     | 2025-09-01 |
        04   | 丁   | 1班  | 在读     | 学困     | 学习     | 2025-09-01 | 2026-06-30
        05   | 戊   | 1班  | 在读     |          |          |            |
    """
    one = school({"名册": roster, "成绩": "考试编号 | 学号"})

    assert turned_around(one, rank(one))["学号"].to_list() == ["01"]


def test_each_student_is_asked_for_what_he_is_listed_for_and_told_of_his_own() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 列入日期
        01   | 甲   | 1班  | 在读     | 学困     | 行为规范 | 2025-09-01
        02   | 乙   | 1班  | 在读     | 学困     | 学习     | 2026-03-01
        03   | 丙   | 1班  | 在读     | 学困     | 双重     | 2025-09-01
    """
    marks = ["考试编号 | 学号 | 语文"]
    for exam in ("期末", "下期中"):
        marks += [f"{exam} | 01 | 10", f"{exam} | 02 | 90", f"{exam} | 03 | 80"]
    conduct = ["月份 | 学号 | 评价人 | 纪律 | 品德"]
    for month in ("2026-05", "2026-06"):
        conduct += [
            f"{month} | 01 | 班主任 | 5 | 4",
            f"{month} | 02 | 班主任 | 1 | 1",
            f"{month} | 03 | 班主任 | 4 | 3",
        ]
    one = school({"名册": roster, "成绩": "\n".join(marks), "评价": "\n".join(conduct)})

    assert verdict(one, "01") == (WELL_BEHAVED, None, None)
    assert verdict(one, "02") == (None, "列入以后只考过 1 次期中或期末，要连续 2 次过关", "期末")
    assert verdict(one, "03") == (
        None,
        "2026-05 纪律和品德平均 3.5 分，不到 4 分、2026-06 纪律和品德平均 3.5 分，不到 4 分",
        None,
    )


def test_who_is_listed_for_the_marks_is_told_of_no_month() -> None:
    one = placed({"期末": 60, "下期中": 60}, 评价=marked(**GOOD))

    assert verdict(one) == (AT_MEAN, None, None)


def test_a_mean_below_the_line_is_written_in_hundredths() -> None:
    rows = ["月份 | 学号 | 评价人 | 纪律 | 品德"]
    for month in ("2026-05", "2026-06"):
        rows += [f"{month} | 00 | {who} | {mark} | {mark}" for who, mark in (("甲", 4), ("乙", 4), ("丙", 3))]
    one = placed({"下期中": 1}, listed="学困 | 行为规范 | 2025-09-01", 评价="\n".join(rows))

    assert verdict(one)[1] == "2026-05 纪律和品德平均 3.67 分，不到 4 分、2026-06 纪律和品德平均 3.67 分，不到 4 分"


def test_who_missed_a_subject_is_not_past_the_exam_however_good_the_rest_was() -> None:
    marks = ["考试编号 | 学号 | 语文 | 数学"]
    for exam in ("期末", "下期中"):
        marks += [f"{exam} | {number} | {number} | {number}" for number in range(10, 100)] + [
            f"{exam} | 00 | 99 | 缺考"
        ]
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别", "00 | 甲 | 1班 | 在读 | 学困"]
    roster += [f"{number} | 生{number} | 1班 | 在读 |" for number in range(10, 100)]
    one = school({"名册": "\n".join(roster), "成绩": "\n".join(marks)})

    assert verdict(one) == (None, "期末有缺考，没有名次、下期中有缺考，没有名次", None)


def test_exactly_at_the_class_mean_is_past_the_exam_though_the_conditions_are_met() -> None:
    """Both have the same marks, so that nobody is worse than 01."""
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n01 | 甲 | 1班 | 在读 | 学困\n02 | 乙 | 1班 | 在读 |"
    marks = "\n".join(f"{exam} | {number} | 70" for exam in ("期末", "下期中") for number in ("01", "02"))
    one = school({"名册": roster, "成绩": f"考试编号 | 学号 | 语文\n{marks}"})

    assert verdict(one, "01") == (AT_MEAN, None, None)


@pytest.mark.parametrize("exams", ["1", "3"])
def test_two_exams_are_asked_whatever_the_screening_asks(exams: str) -> None:
    one = with_settings(placed({"期中": 1, "期末": 60, "下期中": 60}), 排查考试数=exams)

    assert verdict(one) == (AT_MEAN, None, None)
