"""The dated tasks of each teacher (DOMAIN rule 7). The term of these tests begins on Monday, 2 March 2026."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school
from xlbangfu.rules.dues import SERIES
from xlbangfu.rules.schedule import KIND, SUBJECT, schedule, tasks
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import SchoolDays
from xlbangfu.schema import SCHEDULE

TEACHERS = """
    工号 | 姓名 | 角色     | 在岗
    T1   | 甲师 | 班主任   | 是
    T2   | 乙师 | 任课教师 | 是
"""
CLASSES = """
    班级 | 年级 | 班主任
    1班  | 初一 | T1
    2班  | 初二 | T1
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 退出日期
    01   | 王一 | 1班  | 在读     | 学困     | 否   |
    02   | 王二 | 2班  | 在读     | 学困     | 是   |
"""
PAIRINGS = """
    结对编号 | 学号 | 类型   | 教师 | 开始日期   | 状态
    P1       | 01   | 一对一 | 乙师 | 2025-10-02 | 执行
"""
NO_EXAMS = "考试编号 | 名称 | 日期 | 类型 | 年级"


def on(day: str, **more: str) -> School:
    drawn = {
        "名册": ROSTER,
        "教师": TEACHERS,
        "班级": CLASSES,
        "结对": PAIRINGS,
        "考试": NO_EXAMS,
        "成绩": "考试编号 | 学号",
    }
    own = {key: more.pop(key) for key in list(more) if key in ("名册", "考试", "计划", "校历", "结对")}
    term = {"学期开始": "2026-03-02", "学期结束": "2026-07-03", "计算日期": day}
    return school(drawn | own, **(term | more))


def of(one: School, kind: str) -> pl.DataFrame:
    found = tasks(one)
    return schedule(one).filter(found[KIND] == kind)


def test_two_weeks_of_two_students() -> None:
    one = on("2026-03-02", 学期结束="2026-03-15", 家访次数="每学期0")
    looks_like(
        schedule(one),
        """
            日期       | 星期 | 时间        | 教师    | 学号 | 姓名 | 班级 | 事项
            2026-03-04 | 周三 |             | T1 甲师 | 02   | 王二 | 2班  | 谈心，最晚这一天
            2026-03-06 | 周五 | 13:00-15:00 | T1 甲师 | 02   | 王二 | 2班  | 每周辅导
            2026-03-06 | 周五 |             | T1 甲师 | 02   | 王二 | 2班  | 谈心，最晚这一天
            2026-03-06 | 周五 | 13:00-15:00 | T2 乙师 | 01   | 王一 | 1班  | 每周辅导
            2026-03-06 | 周五 |             | T2 乙师 | 01   | 王一 | 1班  | 谈心，最晚这一天
            2026-03-09 | 周一 |             | T1 甲师 |      |      |      | 帮扶交流会
            2026-03-09 | 周一 |             | T2 乙师 |      |      |      | 帮扶交流会
            2026-03-11 | 周三 |             | T1 甲师 | 02   | 王二 | 2班  | 谈心，最晚这一天
            2026-03-13 | 周五 | 13:00-15:00 | T1 甲师 | 02   | 王二 | 2班  | 每周辅导
            2026-03-13 | 周五 |             | T1 甲师 | 02   | 王二 | 2班  | 谈心，最晚这一天
            2026-03-13 | 周五 |             | T1 甲师 |      |      |      | 月度回顾：补全本月记录，写好效果和下次安排
            2026-03-13 | 周五 | 13:00-15:00 | T2 乙师 | 01   | 王一 | 1班  | 每周辅导
            2026-03-13 | 周五 |             | T2 乙师 | 01   | 王一 | 1班  | 谈心，最晚这一天
            2026-03-13 | 周五 |             | T2 乙师 |      |      |      | 月度回顾：补全本月记录，写好效果和下次安排
        """,
    )


def test_tutoring_moves_to_the_nearest_school_day_of_its_week_or_is_left_out() -> None:
    """Friday 6 is off: Thursday. Monday 9 to Friday 13 are off: nothing. 4 to 6 May are still holidays."""
    off = "日期 | 类别\n" + "\n".join(f"2026-03-{day:02} | 放假" for day in (6, 9, 10, 11, 12, 13))

    found = of(on("2026-03-02", 校历=off, 学期结束="2026-03-22"), "辅导").filter(pl.col("学号") == "01")

    looks_like(
        found,
        """
            日期       | 星期 | 事项
            2026-03-05 | 周四 | 每周辅导（周五不上课，改到今天）
            2026-03-20 | 周五 | 每周辅导
        """,
    )


def test_each_time_of_the_week_is_a_task_of_its_own() -> None:
    found = of(on("2026-03-02", 辅导时间="周二、周五 16:30-17:30", 学期结束="2026-03-08"), "辅导")

    assert found.filter(pl.col("学号") == "01")["星期"].to_list() == ["周二", "周五"]


def test_after_an_exam_there_is_a_talk_by_the_last_school_day_within_the_days_of_the_settings() -> None:
    exams = """
        考试编号 | 名称     | 日期       | 类型 | 年级
        E1       | 月考一   | 2026-03-10 | 月考 | 初一
        E2       | 期中考试 | 2026-03-13 | 期中 |
        E3       | 小测     | 2026-03-16 | 单元 |
        E4       | 期末考试 | 2026-07-03 | 期末 |
    """
    looks_like(
        of(on("2026-03-02", 考试=exams), "考后谈心"),
        """
            日期       | 学号 | 事项
            2026-03-17 | 01   | 考后谈心（月考一），最晚这一天
            2026-03-20 | 02   | 考后谈心（期中考试），最晚这一天
            2026-03-20 | 01   | 考后谈心（期中考试），最晚这一天
        """,
    )
    short = of(on("2026-03-02", 考试=exams, 考后谈心天数="1"), "考后谈心").filter(pl.col("学号") == "02")
    assert short["日期"].cast(str).to_list() == ["2026-03-16"]


def test_the_phases_of_plans_end_on_school_days_and_stand_beside_the_tasks_of_their_days() -> None:
    plans = """
        计划编号 | 学号 | 阶段     | 负责人 | 开始       | 结束       | 完成
        J1       | 01   | 摸底调查 | T1     | 2026-03-02 | 2026-03-08 | 否
        J2       | 01   | 制定方案 |        | 2026-03-09 | 2026-03-22 | 否
        J3       | 02   | 摸底调查 | T1     | 2026-03-02 | 2026-03-08 | 是
    """
    one = on("2026-03-02", 计划=plans, 学期结束="2026-03-29")
    looks_like(
        of(one, "计划阶段"),
        """
            日期       | 教师    | 学号 | 阶段     | 事项
            2026-03-06 | T1 甲师 | 01   | 摸底调查 | “摸底调查”阶段到期：写阶段效果
            2026-03-20 | T2 乙师 | 01   | 制定方案 | “制定方案”阶段到期：写阶段效果
        """,
    )
    assert of(one, "辅导").filter(pl.col("学号") == "01")["阶段"].to_list() == [
        "摸底调查",
        "制定方案",
        "制定方案",
        None,
    ]


def test_the_homeroom_teachers_visits_are_spread_over_the_term() -> None:
    """86 school days, the last ten for exams: 01 a quarter through the 76, 02 three quarters through each half."""
    looks_like(
        of(on("2026-03-02"), "家访"),
        """
            日期       | 教师    | 学号 | 姓名
            2026-03-27 | T1 甲师 | 01   | 王一
            2026-04-10 | T1 甲师 | 02   | 王二
            2026-06-05 | T1 甲师 | 02   | 王二
        """,
    )


def test_only_what_is_still_to_come_is_listed_and_no_one_who_has_left_the_list() -> None:
    later = schedule(on("2026-05-20"))
    leaving = schedule(on("2026-05-20", 名册=ROSTER.replace("| 是   |", "| 是   | 2026-06-01")))

    assert str(later["日期"].min()) >= "2026-05-20"
    assert str(leaving.filter(pl.col("学号") == "02")["日期"].max()) < "2026-06-01"


def test_a_school_without_students_or_days_has_nothing_to_do() -> None:
    assert_frame_equal(schedule(on("2026-03-02", 名册=ROSTER.replace("学困", "边缘"))), SCHEDULE.empty())
    assert_frame_equal(schedule(on("2026-03-02", 学期结束="2026-03-01")), SCHEDULE.empty())
    assert_frame_equal(schedule(on("2026-08-01")), SCHEDULE.empty())


def test_a_task_that_moves_keeps_its_series() -> None:
    friday_off = "日期 | 类别\n2026-03-06 | 放假"

    before, after = tasks(on("2026-03-02")), tasks(on("2026-03-02", 校历=friday_off))

    same = [KIND, SERIES, "教师", "学号"]
    assert_frame_equal(before.select(same).sort(same), after.select(same).sort(same))
    assert before["日期"].to_list() != after["日期"].to_list()


@settings(deadline=None, max_examples=12)
@given(
    st.sets(st.integers(1, 31), max_size=31), st.sampled_from(["周五 13:00-15:00", "周六 9:00-10:00、周一 16:00-17:00"])
)
def test_every_task_is_on_a_school_day(off: set[int], hours: str) -> None:
    calendar = "日期 | 类别\n" + "\n".join(f"2026-03-{day:02} | 放假" for day in sorted(off))
    one = on("2026-03-02", 校历=calendar, 辅导时间=hours)

    assert set(schedule(one)["日期"]) <= set(SchoolDays.of(one).days)


HELPED = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难学科
    01   | 王一 | 1班  | 在读     | 学困     | 语文、数学、英语
    02   | 王二 | 2班  | 在读     | 学困     |
"""


def subjects(one: School, student: str) -> list[str | None]:
    """What the student is tutored in, week by week."""
    return tasks(one).filter(pl.col(KIND) == "辅导", pl.col("学号") == student)[SUBJECT].to_list()


def test_one_weak_subject_is_tutored_at_a_time_as_the_rounds_of_the_plan_go_on() -> None:
    plan = """
        计划编号 | 学号 | 阶段     | 开始       | 结束
        J1       | 01   | 实施帮扶 | 2026-03-09 | 2026-03-15
        J2       | 01   | 评估调整 | 2026-03-16 | 2026-03-22
        J3       | 01   | 实施帮扶 | 2026-03-23 | 2026-04-05
    """
    one = on("2026-03-02", 名册=HELPED, 计划=plan, 学期结束="2026-03-29")

    assert subjects(one, "01") == ["语文", "语文", "语文", "数学"]
    assert subjects(one, "02") == [None] * 4
    assert of(one, "辅导").sort("日期", "学号")["事项"].head(2).to_list() == ["每周辅导：语文", "每周辅导"]


def test_without_a_plan_the_subjects_take_turns_by_the_month() -> None:
    found = subjects(on("2026-03-02", 名册=HELPED, 学期结束="2026-05-29"), "01")

    assert found == ["语文"] * 4 + ["数学"] * 5 + ["英语"] * 4  # Friday 1 May is tutored on 30 April


def test_tutoring_is_in_what_the_teacher_was_paired_for() -> None:
    paired = """
        结对编号 | 学号 | 类型   | 教师 | 帮扶学科 | 开始日期   | 状态
        P1       | 01   | 一对一 | 乙师 | 数学     | 2025-10-02 | 执行
    """
    found = subjects(on("2026-03-02", 名册=HELPED, 结对=paired, 学期结束="2026-05-29"), "01")

    assert set(found) == {"数学"}
