"""School days (DOMAIN rule 7)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.drawn import school
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import DAY, WEEK_OF, SchoolDays


def term_of(first: str, last: str, calendar: str = "日期 | 类别") -> School:
    return school({"成绩": "考试编号 | 学号", "校历": calendar}, 学期开始=first, 学期结束=last)


def days(first: str, last: str, calendar: str = "日期 | 类别") -> list[str]:
    return [str(day) for day in SchoolDays.of(term_of(first, last, calendar)).days]


def test_a_public_holiday_is_none_and_a_saturday_that_makes_up_for_it_is_one() -> None:
    week = days("2026-05-01", "2026-05-10")

    assert week == ["2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09"]


def test_the_schools_own_calendar_goes_before_the_public_one() -> None:
    own = """
        日期       | 类别
        2026-05-02 | 补课
        2026-05-07 | 放假
        2026-05-08 | 考试
        2026-05-10 | 活动
    """
    assert days("2026-05-01", "2026-05-10", own) == ["2026-05-02", "2026-05-06", "2026-05-08", "2026-05-09"]


def test_in_a_year_that_nobody_knows_yet_weekdays_are_school_days_but_for_new_year_and_the_year_is_named() -> None:
    found = SchoolDays.of(term_of("2035-12-31", "2036-01-08"))

    assert found.unknown == (2035, 2036)
    assert [day.isoweekday() for day in found.days] == [1, 3, 4, 5, 1, 2]


@pytest.mark.parametrize(
    "holiday",
    ["2031-01-01", "2031-04-05", "2031-05-01", "2031-06-24", "2031-10-01", "2032-02-11", "2033-09-08"],
)  # 元旦, 清明, 劳动节, 端午, 国庆, 春节, 中秋: days that the almanac has for years to come
def test_the_holidays_that_the_law_names_are_free_in_years_to_come(holiday: str) -> None:
    assert days(holiday, holiday) == []


def test_the_schools_own_calendar_goes_before_a_holiday_of_a_year_to_come() -> None:
    assert days("2031-05-01", "2031-05-01", "日期 | 类别\n2031-05-01 | 补课") == ["2031-05-01"]


def test_a_known_year_is_not_named() -> None:
    assert SchoolDays.of(term_of("2026-03-02", "2026-03-08")).unknown == ()


def test_weeks_are_named_by_their_monday() -> None:
    frame = SchoolDays.of(term_of("2026-03-05", "2026-03-10")).frame

    assert [(day.day, week.day) for day, week in frame.select(DAY, WEEK_OF).iter_rows()] == [
        (5, 2),
        (6, 2),
        (9, 9),
        (10, 9),
    ]


def test_a_term_that_ends_before_it_begins_has_no_days_and_a_long_one_has_a_year() -> None:
    assert days("2026-03-10", "2026-03-01") == []
    assert max(SchoolDays.of(term_of("2026-03-02", "2099-03-08")).days) == date(2027, 3, 3)
