"""Calendar files: what Outlook and phones find in them, and what they find when they are made again."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from icalendar import Calendar
from msgspec.structs import replace

from tests.rules.test_schedule import on
from xlbangfu.documents.calendar import Edition, staged_calendars, teacher_calendars
from xlbangfu.documents.calendar.calendar_files import file_name
from xlbangfu.documents.calendar.events import as_bytes
from xlbangfu.errors import WriteFailed
from xlbangfu.rules.schedule import tasks
from xlbangfu.rules.school import School

EDITION = Edition(school="示范学校", public_name="重点关爱", made=datetime(2026, 3, 2, 8), today=date(2026, 3, 2))
LATER = replace(EDITION, made=datetime(2026, 3, 3, 8), today=date(2026, 3, 3))
TWO_STUDENTS = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点
    01   | 王一 | 1班  | 在读     | 学困     | 否
    03   | 王三 | 1班  | 在读     | 学困     | 否
"""


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def make(one: School, folder: Path, edition: Edition = EDITION) -> dict[str, bytes]:
    with staged_calendars(teacher_calendars(tasks(one), edition), folder) as staged:
        pass
    return {path.name: path.read_bytes() for path in staged.files}


def test_every_teacher_has_one_file_with_his_own_events(tmp_path: Path) -> None:
    one = on("2026-03-02")

    files = make(one, tmp_path)

    assert sorted(files) == ["乙师_重点关爱日程_T2.ics", "甲师_重点关爱日程_T1.ics"]
    assert {path.name for path in tmp_path.iterdir()} == set(files)
    said = " ".join(str(event["summary"]) for event in events(files["乙师_重点关爱日程_T2.ics"]))
    assert "王一" in said
    assert "王二" not in said


def test_students_with_the_same_task_at_the_same_time_are_one_event() -> None:
    (calendar,) = teacher_calendars(tasks(on("2026-03-02", 名册=TWO_STUDENTS, 结对="结对编号 | 学号")), EDITION)

    titles = [item.title for item in calendar.items if item.day == date(2026, 3, 6)]

    assert titles == ["每周辅导：王一、王三", "谈心，最晚这一天：王一、王三"]


def test_tutoring_is_at_its_hours_in_beijing_and_the_rest_all_day() -> None:
    (calendar, _) = teacher_calendars(tasks(on("2026-03-02")), EDITION)

    data = as_bytes(calendar)
    tutoring, talk = (
        next(event for event in events(data) if word in str(event["summary"])) for word in ("每周辅导", "谈心")
    )

    assert b"DTSTART;TZID=Asia/Shanghai:20260306T130000" in data
    assert b"BEGIN:VTIMEZONE" in data
    assert b"TZOFFSETTO:+0800" in data
    assert tutoring["dtstart"].dt.utcoffset() == timedelta(hours=8)
    assert tutoring["dtend"].dt - tutoring["dtstart"].dt == timedelta(hours=2)
    assert talk["dtend"].dt - talk["dtstart"].dt == timedelta(days=1)


def test_the_file_keeps_to_the_form_that_every_program_reads() -> None:
    (calendar, _) = teacher_calendars(tasks(on("2026-03-02")), EDITION)

    data = as_bytes(calendar)

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    for event in events(data):
        assert {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND"} <= set(event)
    numbers = [str(event["uid"]) for event in events(data)]
    assert len(set(numbers)) == len(numbers) == len(calendar.items)


def test_made_again_it_updates_and_does_not_double(tmp_path: Path) -> None:
    name = "乙师_重点关爱日程_T2.ics"
    before = {str(event["uid"]): event for event in events(make(on("2026-03-02"), tmp_path)[name])}

    moved = on("2026-03-02", 校历="日期 | 类别\n2026-03-06 | 放假")
    after = {str(event["uid"]): event for event in events(make(moved, tmp_path, LATER)[name])}

    assert set(before) == set(after)
    assert all(after[number]["sequence"] > event["sequence"] for number, event in before.items())
    assert all(after[number]["status"] == "CONFIRMED" for number in after)
    friday = next(number for number, event in before.items() if "每周辅导" in str(event["summary"]))
    assert (before[friday]["dtstart"].dt.day, after[friday]["dtstart"].dt.day) == (6, 5)


def test_what_is_no_longer_due_is_called_off_and_what_is_past_stays(tmp_path: Path) -> None:
    name = "甲师_重点关爱日程_T1.ics"
    before = events(make(on("2026-03-02"), tmp_path)[name])
    plenty = replace(LATER, today=date(2026, 3, 20))

    after = events(make(on("2026-03-20", 辅导时间="周三 16:00-17:00"), tmp_path, plenty)[name])

    off = [event for event in after if event["status"] == "CANCELLED"]
    due = [event for event in before if "每周辅导" in str(event["summary"])]
    assert {str(event["uid"]) for event in off} == {
        str(event["uid"]) for event in due if event["dtstart"].dt.date() >= date(2026, 3, 20)
    }
    assert 0 < len(off) < len(due)


def test_who_has_no_students_any_more_has_his_events_called_off_and_others_get_no_file(tmp_path: Path) -> None:
    make(on("2026-03-02"), tmp_path)
    alone = on("2026-03-03", 结对="结对编号 | 学号")

    calendars = teacher_calendars(tasks(alone), LATER, ["T1 甲师", "T2 乙师", "T9 新师"])
    with staged_calendars(calendars, tmp_path) as staged:
        pass

    assert [path.name[0] for path in staged.files] == ["甲", "乙"]
    assert {str(event["status"]) for event in events(staged.files[1].read_bytes())} == {"CANCELLED"}


def test_a_file_that_is_no_calendar_is_simply_replaced(tmp_path: Path) -> None:
    name = "乙师_重点关爱日程_T2.ics"
    for rubbish in (b"", b"\xff\xfe\x00", b"BEGIN:VEVENT\r\nDTSTART:soon", "一封信".encode()):
        (tmp_path / name).write_bytes(rubbish)

        assert events(make(on("2026-03-02"), tmp_path)[name])


def test_no_file_says_why_a_student_is_in_it() -> None:
    exams = "考试编号 | 名称 | 日期 | 类型 | 年级\nE1 | 学困生测试 | 2026-03-10 | 月考 |"

    files = [as_bytes(calendar) for calendar in teacher_calendars(tasks(on("2026-03-02", 考试=exams)), EDITION)]

    for data in files:
        text = "".join(str(event["summary"]) for event in events(data)) + data.decode()
        assert not re.search("学困|重点学生|留守|困难|心理", text)
    assert "重点关爱生测试" in "".join(str(event["summary"]) for event in events(files[0]))


def test_a_name_that_no_file_system_takes_is_made_safe_and_no_two_are_the_same(tmp_path: Path) -> None:
    base = tasks(on("2026-03-02")).filter(pl.col("教师").is_not_null()).head(1)
    rows = pl.concat(base.with_columns(教师=pl.lit(label)) for label in ("a/1 甲:*", "a?1 甲:*"))

    calendars = teacher_calendars(rows, EDITION)
    with staged_calendars(calendars, tmp_path) as staged:
        pass

    assert [path.name for path in staged.files] == ["甲___重点关爱日程_a_1.ics", "甲___重点关爱日程_a_1_2.ics"]
    assert all(path.exists() for path in staged.files)
    assert "学困" not in file_name(replace(calendars[0], edition=replace(EDITION, public_name="学困")))


def test_when_something_goes_wrong_in_between_the_folder_is_as_it_was(tmp_path: Path) -> None:
    calendars = teacher_calendars(tasks(on("2026-03-02")), EDITION)

    with pytest.raises(RuntimeError), staged_calendars(calendars, tmp_path / "新"):
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_said_in_chinese(tmp_path: Path) -> None:
    there = tmp_path / "日程"
    there.write_text("", encoding="utf-8")

    with pytest.raises(WriteFailed, match="请关掉它或换一个文件夹"):
        make(on("2026-03-02"), there)


def test_two_students_of_one_hour_are_one_event_that_says_what_each_is_tutored_in() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难学科
        01   | 王一 | 1班  | 在读     | 学困     | 数学
        02   | 王二 | 1班  | 在读     | 学困     | 英语
        03   | 王三 | 1班  | 在读     | 学困     |
    """
    (calendar,) = teacher_calendars(
        tasks(on("2026-03-02", 名册=roster, 结对="结对编号 | 学号", 学期结束="2026-03-08")), EDITION
    )

    titles = [item.title for item in calendar.items if item.what == "每周辅导"]
    assert titles == ["每周辅导：王一（数学）、王二（英语）、王三"]
