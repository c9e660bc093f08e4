"""A week at a glance for each teacher (DOMAIN rule 7). The term begins on Monday, 2 March 2026."""

from __future__ import annotations

import polars as pl

from tests.rules.test_schedule import on
from tests.support.drawn import looks_like
from xlbangfu.rules.schedule import schedule, tasks
from xlbangfu.rules.school import School
from xlbangfu.rules.week_view import week_view
from xlbangfu.schema import WEEKLY

CLASSMATES = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难学科\n" + "\n".join(
    f"0{n} | 王{n} | 1班 | 在读 | 学困 | {'数学' if n == 1 else ''}" for n in range(1, 7)
)
UNPAIRED = "结对编号 | 学号"


def weeks(one: School) -> pl.DataFrame:
    return week_view(tasks(one), one.settings.term_start)


def test_a_row_is_a_teacher_and_a_week_and_a_column_a_day() -> None:
    found = weeks(on("2026-03-02", 学期结束="2026-03-15", 家访次数="每学期0"))

    looks_like(
        found.with_columns(pl.col("周五").str.replace_all("\n", "⏎")).filter(pl.col("周次") == "第1周"),
        """
        周次  | 起止         | 教师    | 周一 | 周三                   | 周五                                         | 周末
        第1周 | 03-02至03-08 | T1 甲师 |      | 谈心，最晚这一天：王二 | 13:00 每周辅导：王二⏎谈心，最晚这一天：王二 |
        第1周 | 03-02至03-08 | T2 乙师 |      |                        | 13:00 每周辅导：王一⏎谈心，最晚这一天：王一 |
        """,
    )
    looks_like(found.tail(2), "周次 | 起止 | 教师\n第2周 | 03-09至03-15 | T1 甲师\n第2周 | 03-09至03-15 | T2 乙师")


def test_students_of_one_hour_share_a_line_that_is_not_too_long() -> None:
    (friday,) = weeks(on("2026-03-02", 名册=CLASSMATES, 结对=UNPAIRED, 学期结束="2026-03-08"))["周五"]

    assert friday.splitlines()[0] == "13:00 每周辅导：王1（数学）、王2、王3、王4 等 6 人"


def test_a_term_that_is_over_has_no_weeks() -> None:
    assert weeks(on("2026-08-01")).equals(WEEKLY.empty())


def test_every_task_of_日程_that_has_a_teacher_stands_in_its_week() -> None:
    one = on("2026-03-02", 校历="日期 | 类别\n2026-03-14 | 补课")
    days = weeks(one).select("周一", "周二", "周三", "周四", "周五", "周末").unpivot()["value"].drop_nulls()

    lines = sum(len(day.splitlines()) for day in days)
    assert lines == schedule(one).drop_nulls("教师").unique(["日期", "教师", "时间", "事项"]).height
