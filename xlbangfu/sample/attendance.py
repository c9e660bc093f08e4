"""Who was absent from the sample school, who was brought back or not, and who belongs to a special group.

Drawn by a chance of its own, so that it can be changed without changing all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl

from xlbangfu.sample.chance import Chance
from xlbangfu.sample.diary import school_days
from xlbangfu.sample.sample_frames import from_records
from xlbangfu.sample.sample_people import Student
from xlbangfu.schema import (
    ABSENCES,
    BACK_AT_SCHOOL,
    DROPPED_OUT,
    ON_ROLL,
    RECALLS,
    STILL_AWAY,
    TRUANCY,
    TRUANT,
    WHOLE_DAY,
    YES,
)
from xlbangfu.settings import Settings

_GROUPS = (("单亲", 0.06), ("随迁", 0.05), ("残疾", 0.01), ("困境", 0.008), ("事实无人抚养", 0.004), ("孤儿", 0.003))
_USUAL = (("病假", "感冒发烧"), ("事假", "家里有事"), ("迟到", "起晚了"), ("病假", "牙痛"), (TRUANT, "说是忘了时间"))
_PERIODS = (WHOLE_DAY, "上午", "下午", "第1节")
_RETURNED = ((4, 14), (4, 15), (4, 16), (4, 17))
_AWAY = ((6, 15), (6, 16), (6, 17), (6, 18), (6, 22), (6, 23), (6, 24), (6, 25), (6, 26))
_BACK = 4  # days from the start of the term on which to be missing is not to have come back
_LONGEST = 14  # days between the suspicion and dropping out


def put_into_groups(chance: Chance, students: list[Student]) -> None:
    for student in students:
        student.groups = tuple(name for name, share in _GROUPS if chance.happens(share))


def absence_frame(chance: Chance, students: list[Student], settings: Settings, today: date) -> pl.DataFrame:
    """Single days here and there in both terms, and the days of those who were 疑似辍学."""
    back = settings.term_start + timedelta(days=_BACK)
    every = school_days(settings.year_start + timedelta(days=1), min(today, settings.term_end))
    days = [day for day in every if not settings.term_start <= day < back]
    present = [one for one in students if one.status == ON_ROLL and one.kind is None]
    rows: list[dict[str, Any]] = []
    for student in chance.some(present, len(students) // 8) if days else ():
        kind, said = chance.pick(_USUAL)
        period = "第1节" if kind == "迟到" else chance.pick(_PERIODS)
        told = {"节次": period, "类型": kind, "已联系家长": YES, "说明": said}
        rows.append({"日期": chance.pick(days), **_named(student), **told})
    for student, missed, where in _truants(students, settings, today):
        told = {"节次": WHOLE_DAY, "类型": TRUANT, "已联系家长": YES, "去向": where}
        rows += [{"日期": day, **_named(student), **told} for day in missed]
    return from_records(ABSENCES, sorted(rows, key=lambda row: (row["日期"], row["学号"])))


def recall_frame(students: list[Student], settings: Settings, today: date) -> pl.DataFrame:
    """One who came back, one who has not yet, and those who dropped out."""
    rows: list[dict[str, Any]] = []
    for student, missed, _ in _truants(students, settings, today):
        case = {**_named(student), "疑似日期": missed[2], "情形": TRUANCY, "劝返人": "班主任、政教处"}
        rows.append({**case, "劝返日期": missed[3], "方式": "电话", "结果": STILL_AWAY, "上报日期": missed[3]})
        back = missed[3] + timedelta(days=4)
        if len(missed) == len(_RETURNED):
            rows.append(
                {**case, "劝返日期": back - timedelta(days=1), "方式": "上门", "结果": BACK_AT_SCHOOL, "复学日期": back}
            )
        else:
            rows.append(
                {**case, "劝返日期": missed[-2], "方式": "上门", "结果": STILL_AWAY, "说明": "家长答应下周送来"}
            )
    for student in students:
        if student.status == DROPPED_OUT and student.left:
            rows += _dropped_out(student, student.left, settings)
    return from_records(RECALLS, rows)


def _truants(students: list[Student], settings: Settings, today: date) -> Iterator[tuple[Student, list[date], str]]:
    """Who was 疑似辍学, on which days, and where; nobody whose days have not all passed, nor who is about to graduate."""
    listed = [one for one in students if one.status == ON_ROLL and one.difficulty]
    staying = [one for one in listed if one.number[:3] > min(other.number[:3] for other in listed)]  # by year of entry
    for student, (spell, where) in zip(
        (staying or listed)[::2], ((_RETURNED, "在亲戚家"), (_AWAY, "去外地找打工的父母")), strict=False
    ):
        missed = [date(settings.term_start.year, *day) for day in spell]
        if settings.term_start < missed[0] and missed[-1] + timedelta(days=4) <= min(today, settings.term_end):
            yield student, missed, where


def _dropped_out(student: Student, left: date, settings: Settings) -> Iterator[dict[str, Any]]:
    first = max(left - timedelta(days=_LONGEST), settings.year_start)
    case = {**_named(student), "疑似日期": first, "情形": TRUANCY, "劝返人": "班主任、政教处"}
    yield {**case, "劝返日期": first + (left - first) / 2, "方式": "上门", "结果": STILL_AWAY, "上报日期": first}
    yield {**case, "劝返日期": left, "方式": "上门", "结果": DROPPED_OUT}


def _named(student: Student) -> dict[str, Any]:
    return {"学号": student.number, "姓名": student.name, "班级": student.school_class.name}
