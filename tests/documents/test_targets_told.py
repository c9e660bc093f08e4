"""What pages and papers tell of a target: the level, where levels are told at all, and never a percentile."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.documents.class_page.page_students import plans
from xlbangfu.rules.school import School

PLANS = """
    计划编号 | 学号 | 阶段     | 目标 | 措施 | 开始       | 结束       | 目标考试 | 目标等级 | 目标百分位
    J1       | 01   | 实施帮扶 | 补课 | 辅导 | 2026-03-02 | 2026-04-30 | 下期中   | C        | 0.37
    J2       | 02   | 实施帮扶 | 补课 | 辅导 | 2026-03-02 | 2026-04-30 | 下期中   |          | 0.37
    J3       | 03   | 实施帮扶 | 补课 | 辅导 | 2026-03-02 | 2026-04-30 | 没有的   | C        |
    J4       | 04   | 实施帮扶 | 补课 | 辅导 | 2026-03-02 | 2026-04-30 |          | C        |
"""
EXAMS = """
    考试编号 | 名称       | 日期       | 学期 | 类型
    下期中   | 下学期期中 | 2026-04-20 | 下   | 期中
"""
MARKS = "考试编号 | 学号 | 语文\n" + "\n".join(f"下期中 | 0{student} | 60" for student in range(1, 5))


def planned(shown: str) -> School:
    return school({"成绩": MARKS, "考试": EXAMS, "计划": PLANS}, 班级页名次显示=shown)


@pytest.mark.parametrize(
    ("shown", "told"),
    [("等级与进退", "补课；下学期期中总分到等级C"), ("名次", "补课；下学期期中总分到等级C"), ("不显示", "补课")],
)
def test_a_page_tells_the_level_aimed_at_where_it_tells_of_exams_at_all(shown: str, told: str) -> None:
    goals = {
        student: phase.goal
        for student, phase in plans(planned(shown), date(2026, 3, 9), pl.Series(["01", "02", "03", "04"])).items()
    }

    assert goals == {"01": told, "02": "补课", "03": "补课", "04": "补课"}
