"""How 设置 writes times."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.settings import Settings, declared
from xlbangfu.settings.parsers import BadValue
from xlbangfu.settings.times import Hours, Length, Pace, hours, lengths, paces

FRIDAY = Hours(5, time(13), time(15))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周五 13:00-15:00", [FRIDAY]),
        ("星期五13：00～15：00", [FRIDAY]),
        ("周五 13:00至15:00；周二 16:30-17:30", [Hours(2, time(16, 30), time(17, 30)), FRIDAY]),
        ("周二、周四 16:30-17:30", [Hours(day, time(16, 30), time(17, 30)) for day in (2, 4)]),
        ("周二四 16:30-17:30", [Hours(day, time(16, 30), time(17, 30)) for day in (2, 4)]),
        ("周日 9:00-10:00、星期天 9:00-10:00", [Hours(7, time(9), time(10))]),
    ],
)
def test_hours_are_read_as_staff_write_them(text: str, expected: list[Hours]) -> None:
    assert list(hours(text)) == expected


@pytest.mark.parametrize(
    "text", ["周五", "13:00-15:00", "周八 13:00-15:00", "周五 25:00-26:00", "周五 15:00-13:00", "有空"]
)
def test_hours_that_are_none_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match="应当"):
        hours(text)


@pytest.mark.parametrize(
    ("text", "usual", "key"),
    [
        ("每周1", Pace("每周", 1), Pace("每周", 1)),
        ("每周1次/2次", Pace("每周", 1), Pace("每周", 2)),
        ("每两周1／每周1", Pace("每两周", 1), Pace("每周", 1)),
        ("每月0/1", Pace("每月", 0), Pace("每月", 1)),
    ],
)
def test_paces_are_for_all_and_for_key_students(text: str, usual: Pace, key: Pace) -> None:
    assert (paces(text).usual, paces(text).key) == (usual, key)


@pytest.mark.parametrize("text", ["1", "每天1", "每周1/2/3", "每周", "每周21", "/每周1"])
def test_paces_that_are_none_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match="应当"):
        paces(text)


def test_lengths_are_four() -> None:
    assert lengths("10天、2周、1个月、1月") == (Length(10, "天"), Length(2, "周"), Length(1, "月"), Length(1, "月"))
    for text in ("1周、2周、1月", "1周、2周、1月、0月", "1年、2周、1月、1月"):
        with pytest.raises(ValueError, match="应当是四个阶段"):
            lengths(text)


@given(st.text(alphabet="周一五每两月次学期/0123456789:-、 天²", max_size=14))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for parse in (hours, paces, lengths):
        try:
            parse(text)
        except ValueError as problem:
            assert "应当" in str(problem)


def test_a_text_of_a_plan_may_name_only_the_known_fields() -> None:
    parse = next(item.parse for item in declared() if item.name == "学习目标")

    assert parse("{姓名}的{学科}") == "{姓名}的{学科}"
    for text in ("{电话}", "{姓名", "{姓名!r}", "{姓名:>9}", "{}"):
        with pytest.raises(BadValue):
            parse(text)


def test_the_defaults_are_those_of_the_domain() -> None:
    usual = Settings()

    assert usual.tutoring == (FRIDAY,)
    assert usual.talk_pace.key.times == 2
    assert usual.family_pace.usual == Pace("每两周", 1)
