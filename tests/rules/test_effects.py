"""做法与效果: what a group's mean may be told of, and of whom."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import mean, stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drawn import school
from xlbangfu.rules.effects import ALL_KINDS, FEWEST, Effect, effects, student_t
from xlbangfu.rules.school import School
from xlbangfu.schema import PROGRESS, RANKING

BEFORE, AFTER = date(2026, 3, 1), date(2026, 5, 1)
TABLE_OF_T = {9: 2.262, 14: 2.145, 29: 2.045, 60: 2.000, 120: 1.980}


def found(changes: list[float], entries: list[tuple[int, date, str]]) -> list[Effect]:
    """The effects of drawn students, numbered from 0; ``entries`` are a student, a day and a kind."""
    numbers = [f"{at:03}" for at in range(len(changes))]
    log = "\n".join(f"{day} | {numbers[at]} | 0001 | {kind} | 做了" for at, day, kind in entries)
    drawn: School = school(
        {
            "名册": "学号 | 姓名 | 班级 | 在籍状态\n"
            + "\n".join(f"{number} | 生{number} | 初一1班 | 在读" for number in numbers),
            "考试": f"考试编号 | 名称 | 日期 | 学期 | 类型\n前 | 前 | {BEFORE} | 2025-2026下 | 月考\n后 | 后 | {AFTER} | 2025-2026下 | 期中",
            "记录": f"日期 | 学号 | 教师 | 类型 | 内容\n{log}" if log else "日期 | 学号 | 教师 | 类型 | 内容",
        }
    )
    ranking = pl.DataFrame({"考试编号": "后", "学号": numbers, "基线考试": "前"}, schema_overrides=RANKING.frame_schema)
    moved = pl.DataFrame(
        {"考试编号": "后", "学号": numbers, "变化": changes, "进展": "稳定"}, schema_overrides=PROGRESS.frame_schema
    )
    return effects(drawn, ranking, moved)


def of(effects: list[Effect], kind: str) -> list[tuple[str, int, float | None]]:
    return [(one.amount, one.students, one.mean) for one in effects if one.kind == kind]


def test_students_are_grouped_by_how_often_they_had_that_help() -> None:
    days = [BEFORE + timedelta(days=day) for day in range(1, 5)]
    once = [(at, days[0], "辅导") for at in range(12)]
    often = [(at, day, "辅导") for at in range(12, 24) for day in days]
    made = found([1.0] * 12 + [4.0] * 12 + [-2.0] * 12, [*once, *often])

    assert of(made, "辅导") == [("没有做", 12, -2.0), ("1次", 12, 1.0), ("2次以上", 12, 4.0)]
    assert of(made, ALL_KINDS) == of(made, "辅导")


def test_fewer_than_ten_students_have_a_number_and_no_figure() -> None:
    made = found([5.0] * (FEWEST - 1), [(at, AFTER, "谈心") for at in range(FEWEST - 1)])

    assert of(made, "谈心") == [("没有做", 0, None), ("1次", FEWEST - 1, None)]
    assert of(found([5.0] * FEWEST, [(at, AFTER, "谈心") for at in range(FEWEST)]), "谈心")[1] == ("1次", FEWEST, 5.0)


def test_only_help_between_the_two_exams_counts() -> None:
    outside = [(at, day, "辅导") for at in range(20) for day in (BEFORE, AFTER + timedelta(days=1))]

    assert found([1.0] * 20, outside) == []


def test_counselling_is_nobodys_table() -> None:
    assert found([1.0] * 20, [(at, AFTER, "心理咨询") for at in range(20)]) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-40, 40).map(lambda change: round(change, 1)), min_size=FEWEST, max_size=30))
def test_the_interval_is_that_of_students_t(changes: list[float]) -> None:
    (whole,) = [
        one
        for one in found(changes, [(at, AFTER, "家访") for at in range(len(changes))])
        if one.kind == "家访" and one.students
    ]
    reach = student_t(len(changes) - 1) * stdev(changes) / len(changes) ** 0.5

    assert whole.mean == pytest.approx(mean(changes), abs=0.051)
    assert whole.low == pytest.approx(mean(changes) - reach, abs=0.051)
    assert whole.high == pytest.approx(mean(changes) + reach, abs=0.051)


@pytest.mark.parametrize("freedom", TABLE_OF_T)
def test_the_quantile_agrees_with_the_printed_table(freedom: int) -> None:
    assert student_t(freedom) == pytest.approx(TABLE_OF_T[freedom], abs=0.001)
