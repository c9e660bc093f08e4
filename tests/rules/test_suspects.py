"""Who is 疑似辍学, and what accepting it writes (DOMAIN rule 15)."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.support.drawn import looks_like, school
from xlbangfu.rules.recalls import open_rows
from xlbangfu.rules.school import School
from xlbangfu.rules.suspect_acceptance import accept
from xlbangfu.rules.suspects import suspects
from xlbangfu.schema import ABSENCES, FILES, RECALLS, ROSTER, SUSPECTED, SUSPECTS

ROSTER_OF_TWO = "学号 | 姓名 | 班级 | 在籍状态\n01 | 甲 | 1班 | 在读\n02 | 乙 | 2班 | 在读"
TERM = {"学期开始": "2026-03-02", "学期结束": "2026-07-10", "计算日期": "2026-03-31"}


def of(
    absences: str = "",
    recalls: str = "",
    *,
    roster: str = ROSTER_OF_TWO,
    more: dict[str, str] | None = None,
    **said: str,
) -> School:
    """A term that begins on Monday 2 March 2026; 缺勤 as "日期 | 学号" and 旷课 全天 unless drawn with more columns."""
    sheets = {"名册": roster, **(more or {})}
    if absences:
        lines = absences.strip().splitlines()
        whole = (
            lines
            if "节次" in lines[0]
            else ["日期 | 学号 | 节次 | 类型", *(f"{one} | 全天 | 旷课" for one in lines[1:])]
        )
        sheets["缺勤"] = "\n".join(whole)
    if recalls:
        sheets["劝返"] = recalls
    return school(sheets, **{**TERM, **said})


def days(number: str, *which: str) -> str:
    return "\n".join(["日期 | 学号", *(f"2026-03-{day} | {number}" for day in which)])


def changes(one: School) -> list[tuple[object, ...]]:
    return suspects(one).select("学号", "变化", "情形", "疑似日期").rows()


class TestTruancy:
    def test_the_third_whole_school_day_running_makes_a_student_suspected(self) -> None:
        assert changes(of(days("01", "10", "11"))) == []
        assert changes(of(days("01", "10", "11", "12"))) == [("01", "疑似", "连续旷课", date(2026, 3, 12))]

    def test_a_weekend_does_not_end_a_run_and_a_school_day_between_does(self) -> None:
        assert changes(of(days("01", "05", "06", "09"))) == [("01", "疑似", "连续旷课", date(2026, 3, 9))]
        assert changes(of(days("01", "05", "06", "10"))) == []

    def test_a_day_that_the_school_frees_does_not_end_a_run(self) -> None:
        free = {"校历": "日期 | 类别\n2026-03-11 | 放假"}

        assert changes(of(days("01", "10", "12", "13"), more=free)) == [("01", "疑似", "连续旷课", date(2026, 3, 13))]
        assert changes(of(days("01", "10", "12", "13"))) == []

    @pytest.mark.parametrize("kind", ["病假", "事假", "迟到"])
    def test_a_day_of_leave_is_no_truancy_and_ends_the_run(self, kind: str) -> None:
        rows = [(10, "旷课"), (11, "旷课"), (12, kind), (13, "旷课")]
        drawn = "\n".join(["日期 | 学号 | 节次 | 类型", *(f"2026-03-{day} | 01 | 全天 | {what}" for day, what in rows)])

        assert changes(of(drawn)) == []

    def test_morning_and_afternoon_are_a_whole_day_and_single_lessons_are_not(self) -> None:
        halves = [f"2026-03-{day} | 01 | {half} | 旷课" for day in (10, 11, 12) for half in ("上午", "下午")]
        lessons = [f"2026-03-{day} | 02 | 第{at}节 | 旷课" for day in (10, 11, 12) for at in range(1, 8)]

        found = of("\n".join(["日期 | 学号 | 节次 | 类型", *halves, *lessons]))

        assert changes(found) == [("01", "疑似", "连续旷课", date(2026, 3, 12))]

    def test_the_same_day_twice_is_one_day(self) -> None:
        rows = [f"2026-03-{day} | 01 | {part} | 旷课" for day in (10, 11) for part in ("全天", "上午", "下午")]

        assert changes(of("\n".join(["日期 | 学号 | 节次 | 类型", *rows]))) == []

    def test_who_is_truant_on_the_first_day_of_the_term_has_not_come_back(self) -> None:
        assert changes(of(days("01", "02"))) == [("01", "疑似", "未返校", date(2026, 3, 2))]

    def test_the_number_of_days_stands_in_the_settings(self) -> None:
        assert changes(of(days("01", "10", "11"), 疑似旷课天数="2")) == [("01", "疑似", "连续旷课", date(2026, 3, 11))]

    def test_days_to_come_do_not_count_yet(self) -> None:
        assert changes(of(days("01", "10", "11", "12"), 计算日期="2026-03-11")) == []

    def test_of_two_runs_the_latest_is_proposed_and_the_reason_counts_them(self) -> None:
        (row,) = suspects(of(days("01", "04", "05", "06", "17", "18", "19"))).rows(named=True)

        assert row["疑似日期"] == date(2026, 3, 19)
        assert row["理由"] == "3月17日 到 3月19日 连续 3 个上学日整天旷课，这学期第 2 次；还没有联系家长"

    def test_the_reason_says_what_is_known_of_the_whereabouts(self) -> None:
        drawn = """
        日期       | 学号 | 节次 | 类型 | 已联系家长 | 去向
        2026-03-02 | 01   | 全天 | 旷课 | 是         | 外地打工
        2026-03-03 | 01   | 全天 | 旷课 |            |
        """

        assert suspects(of(drawn))["理由"].to_list() == [
            "开学第一天没有返校，3月2日 到 3月3日 连续 2 个上学日整天旷课；已联系家长；去向：外地打工"
        ]

    def test_who_left_the_roll_is_not_suspected(self) -> None:
        gone = "学号 | 姓名 | 班级 | 在籍状态 | 异动日期\n01 | 甲 | 1班 | 转出 | 2026-03-13"

        assert changes(of(days("01", "10", "11", "12"), roster=gone)) == []

    def test_it_is_for_compulsory_school_only(self) -> None:
        high = {"班级": "班级 | 年级\n1班 | 高一\n2班 | 初三"}
        both = "\n".join([days("01", "10", "11", "12"), *days("02", "10", "11", "12").splitlines()[1:]])

        assert [row[0] for row in changes(of(both, more=high))] == ["02"]


CASE = """
学号 | 疑似日期   | 情形     | 劝返日期   | 结果 | 复学日期
01   | 2026-03-12 | 连续旷课 |            |      |
"""


class TestCases:
    def test_who_is_in_劝返_is_not_suspected_again_while_the_case_is_open(self) -> None:
        found = suspects(of(days("01", "10", "11", "12", "13", "16", "17", "18"), CASE))

        looks_like(
            found,
            """
            学号 | 变化   | 疑似日期   | 劝返次数 | 上次劝返 | 理由
            01   | 劝返中 | 2026-03-12 | 0        |          | 3月12日 起疑似辍学，还没有劝返过，该再去一次；还没有上报
            """,
        )

    def test_a_visit_is_counted_and_after_the_interval_the_next_is_due(self) -> None:
        case = CASE + "01 | 2026-03-12 | 连续旷课 | 2026-03-20 | 仍在劝返 |"

        assert suspects(of("", case))["理由"].to_list() == ["劝返 1 次，最近 3月20日，11 天前，该再去一次；还没有上报"]
        assert "该再去" not in suspects(of("", case, 劝返间隔天数="11"))["理由"][0]

    def test_a_run_after_复学_is_a_new_suspicion_and_one_before_it_is_not(self) -> None:
        back = CASE + "01 | 2026-03-12 | 连续旷课 | 2026-03-16 | 复学 | 2026-03-17"

        assert changes(of(days("01", "10", "11", "12", "13", "16"), back)) == []
        assert changes(of(days("01", "10", "11", "12", "18", "19", "20"), back)) == [
            ("01", "疑似", "连续旷课", date(2026, 3, 20))
        ]

    @pytest.mark.parametrize(("result", "change"), [("辍学", "名册改辍学"), ("转出", "名册改转出")])
    def test_a_student_who_left_by_劝返_is_proposed_for_名册(self, result: str, change: str) -> None:
        left = CASE + f"01 | 2026-03-12 | 连续旷课 | 2026-03-20 | {result} |"

        assert changes(of(days("01", "10", "11", "12", "23", "24", "25"), left)) == [
            ("01", change, "连续旷课", date(2026, 3, 12))
        ]

    def test_who_came_back_after_dropping_out_is_proposed_as_在读(self) -> None:
        gone = "学号 | 姓名 | 班级 | 在籍状态 | 异动日期\n01 | 甲 | 1班 | 辍学 | 2026-03-20"
        back = (
            CASE
            + "01 | 2026-03-12 | 连续旷课 | 2026-03-20 | 辍学 |\n01 | 2026-03-12 | 连续旷课 | 2026-03-26 | 复学 | 2026-03-27"
        )

        assert changes(of("", back, roster=gone)) == [("01", "名册改在读", "连续旷课", date(2026, 3, 12))]

    def test_who_left_again_after_复学_is_not_called_back_by_it(self) -> None:
        moved = "学号 | 姓名 | 班级 | 在籍状态 | 异动日期\n01 | 甲 | 1班 | 转出 | 2026-03-28"
        back = CASE + "01 | 2026-03-12 | 连续旷课 | 2026-03-26 | 复学 | 2026-03-27"

        assert changes(of("", back, roster=moved)) == []

    def test_suspected_stand_first_and_open_cases_by_the_longest_wait(self) -> None:
        roster = "学号 | 姓名 | 班级 | 在籍状态\n" + "\n".join(f"0{at} | 生{at} | 1班 | 在读" for at in range(1, 5))
        open_cases = """
        学号 | 疑似日期   | 情形     | 劝返日期   | 结果
        02   | 2026-03-12 | 连续旷课 | 2026-03-20 | 仍在劝返
        03   | 2026-03-13 | 连续旷课 | 2026-03-16 | 仍在劝返
        04   | 2026-03-13 | 连续旷课 | 2026-03-18 | 辍学
        """

        assert [row[:2] for row in changes(of(days("01", "10", "11", "12"), open_cases, roster=roster))] == [
            ("01", "疑似"),
            ("04", "名册改辍学"),
            ("03", "劝返中"),
            ("02", "劝返中"),
        ]


class TestAcceptance:
    def test_a_ticked_suspect_becomes_a_row_of_劝返_that_claims_no_visit(self) -> None:
        one = of(days("01", "10", "11", "12"))
        found = suspects(one)

        looks_like(
            accept(found, found, one).entered,
            """
            学号 | 姓名 | 班级 | 疑似日期   | 情形     | 劝返日期 | 结果
            01   | 甲   | 1班  | 2026-03-12 | 连续旷课 |          |
            """,
        )

    def test_a_tick_for_what_is_not_proposed_any_more_is_refused(self) -> None:
        before = suspects(of(days("01", "10", "11", "12")))
        one = of(days("01", "10", "11", "12"), CASE)

        accepted = accept(before, suspects(one), one)

        assert (accepted.rows, accepted.refused.to_list()) == (0, ["01"])

    def test_leaving_and_coming_back_change_two_cells_of_名册_and_nothing_else(self) -> None:
        left = of("", CASE + "01 | 2026-03-12 | 连续旷课 | 2026-03-20 | 辍学 |")
        found = suspects(left)

        status, day = accept(found, found, left).amends

        assert status.rows() == [("01", "辍学")]
        assert day.rows() == [("01", date(2026, 3, 20))]
        assert {status.columns[1], day.columns[1]} == {"在籍状态", "异动日期"}

    def test_coming_back_empties_the_day_of_leaving(self) -> None:
        gone = "学号 | 姓名 | 班级 | 在籍状态 | 异动日期\n01 | 甲 | 1班 | 辍学 | 2026-03-20"
        one = of("", CASE + "01 | 2026-03-12 | 连续旷课 | 2026-03-26 | 复学 | 2026-03-27", roster=gone)
        found = suspects(one)

        status, day = accept(found, found, one).amends

        assert (status.rows(), day.rows()) == ([("01", "在读")], [("01", None)])

    def test_an_open_case_has_nothing_to_accept(self) -> None:
        one = of("", CASE)
        found = suspects(one)

        accepted = accept(found, found, one)

        assert (accepted.rows, accepted.refused.len()) == (0, 0)


def test_the_rows_of_open_cases_are_those_that_a_new_term_takes_on() -> None:
    back = "02 | 2026-03-12 | 连续旷课 | 2026-03-26 | 复学 | 2026-03-27"

    assert open_rows(of("", CASE + back)[RECALLS])["学号"].to_list() == ["01"]


def test_without_absences_there_is_nothing_to_look_at() -> None:
    assert suspects(of()).equals(SUSPECTS.empty())


def test_the_frames_that_went_in_are_as_they_were() -> None:
    one = of(days("01", "10", "11", "12"), CASE.replace("01 ", "02 "))
    before = {table: one[table].clone() for table in (ABSENCES, RECALLS, ROSTER, FILES)}

    found = suspects(one)
    accept(found, found, one)

    assert all(one[table].equals(frame) for table, frame in before.items())
    assert found.filter(pl.col("变化") == SUSPECTED)["学号"].to_list() == ["01"]
