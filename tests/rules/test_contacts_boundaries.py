"""Contacts on the first and the last day that count (DOMAIN rule 8).

The term begins on Monday, 2 March 2026; a tutoring is owed each week and due on its last school day, Friday.
"""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import school
from xlbangfu.rules.contacts import contacts

CLASSES = """
    班级 | 年级 | 班主任
    1班  | 初一 | T1
"""
TEACHERS = """
    工号 | 姓名 | 角色   | 在岗
    T1   | 甲师 | 班主任 | 是
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期
    01   | 王一 | 1班  | 在读     | 学困     | 2025-09-10
"""


def tutoring(today: str, *days: str, roster: str = ROSTER) -> dict[str, object]:
    """王一's row of 辅导 in 落实 on a day, after tutoring on some days."""
    log = ["记录编号 | 日期 | 学号 | 教师 | 类型"]
    log += [f"L{number} | {day} | 01 | T1 | 辅导" for number, day in enumerate(days)]
    sheets = {"名册": roster, "教师": TEACHERS, "班级": CLASSES, "记录": "\n".join(log), "成绩": "考试编号 | 学号"}
    found = contacts(school(sheets, 学期开始="2026-03-02", 学期结束="2026-07-03", 计算日期=today))
    return found.filter(pl.col("类型") == "辅导").row(0, named=True)


@pytest.mark.parametrize(("day", "overdue"), [("2026-03-08", "是"), ("2026-03-09", "否"), ("2026-03-13", "否")])
def test_the_contact_due_last_may_be_made_from_the_first_day_of_its_week(day: str, overdue: str) -> None:
    assert tutoring("2026-03-15", day)["是否过期"] == overdue


@pytest.mark.parametrize(
    ("today", "owed", "overdue"), [("2026-03-12", 1, "否"), ("2026-03-13", 2, "是"), ("2026-03-14", 2, "是")]
)
def test_what_is_due_today_is_owed_and_overdue_today(today: str, owed: int, overdue: str) -> None:
    """The tutoring of the first week was given; that of the second is due on Friday, the 13th."""
    found = tutoring(today, "2026-03-06")

    assert (found["应做"], found["是否过期"]) == (owed, overdue)


def test_contacts_beyond_those_owed_are_counted_and_the_rate_is_no_more_than_one() -> None:
    found = tutoring("2026-03-15", "2026-03-03", "2026-03-05", "2026-03-10")

    assert (found["应做"], found["已做"], found["落实率"]) == (2, 3, 1.0)


@pytest.mark.parametrize(
    ("day", "made"),
    [("2026-03-01", 0), ("2026-03-02", 1), ("2026-07-03", 1), ("2026-07-04", 0)],
)
def test_an_entry_counts_from_the_first_day_of_the_term_to_the_last(day: str, made: int) -> None:
    assert tutoring("2026-07-10", day)["已做"] == made


@pytest.mark.parametrize(("day", "made"), [("2026-03-09", 0), ("2026-03-10", 1)])
def test_an_entry_counts_from_the_day_of_joining(day: str, made: int) -> None:
    assert tutoring("2026-03-15", day, roster=ROSTER.replace("2025-09-10", "2026-03-10"))["已做"] == made


@pytest.mark.parametrize(("day", "made"), [("2026-03-15", 1), ("2026-03-16", 0)])
def test_an_entry_of_today_counts_and_one_of_tomorrow_does_not(day: str, made: int) -> None:
    found = tutoring("2026-03-15", day)

    assert (found["已做"], found["上次"] is not None) == (made, bool(made))
