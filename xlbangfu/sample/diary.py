"""What happened in the sample school: behaviour marks, activities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from xlbangfu.sample.care import tracked
from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_frames import from_records
from xlbangfu.sample.sample_people import Student
from xlbangfu.schema import ACTIVITIES, CONDUCT, ON_ROLL, SEPARATOR
from xlbangfu.settings import Settings

_HOLIDAY = ((1, 24), (2, 23))  # the winter break, first and last day
STILL_OUT = "初二2班"  # whose page of the last month has not come back yet
_FORMS = ("-01", "-06")  # months in which the 意见表 are handed out
_MARKS = ("学习态度", "作业", "纪律", "品德", "参与")


def school_days(first: date, last: date) -> list[date]:
    """Weekdays outside the National Day week, New Year and the winter break."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [
        day
        for day in days
        if day.weekday() < 5
        and not _HOLIDAY[0] <= (day.month, day.day) <= _HOLIDAY[1]
        and not (day.month == 10 and day.day <= 8)
        and (day.month, day.day) not in {(1, 1), (4, 6), (5, 1), (5, 4), (5, 5), (6, 19)}
    ]


def months(settings: Settings, today: date) -> list[str]:
    """The school months up to today, without February."""
    first, last = settings.year_start, min(today, settings.year_end)
    span = range((last.year - first.year) * 12 + last.month - first.month + 1)
    every = [(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1) for step in span]
    return [f"{year}-{month:02d}" for year, month in every if month not in (2, 7, 8)]


def conduct_frame(chance: Chance, students: list[Student], settings: Settings, today: date) -> pl.DataFrame:
    """Monthly marks by the 班主任 for tracked students and a few others, by the family when they met, and what both family
    and student wrote on the 意见表 at the end of each term."""
    present = [student for student in students if student.status == ON_ROLL]
    others = chance.some([student for student in present if student.kind is None], len(students) // 150)
    rows: list[dict[str, Any]] = []
    every = months(settings, today)
    for place, month in enumerate(every):
        for student in [*tracked(students), *others]:
            if month == every[-1] and student.school_class.name == STILL_OUT:
                continue
            named = {"月份": month, "学号": student.number, "姓名": student.name, "班级": student.school_class.name}
            homeroom = student.school_class.homeroom
            if homeroom:
                marks = _behaviour(chance, student, place)
                rows.append({**named, "评价人": "班主任", "评价人姓名": homeroom.name, **marks})
            if not student.difficulty:
                continue
            if month.endswith(_FORMS):
                rows += [
                    {**named, "评价人": who, **_opinion(chance)} for who in ("家长", "学生") if chance.happens(0.9)
                ]
            elif place % 2:
                content = float(2 + chance.below(4))
                rows.append({**named, "评价人": "家长", "帮扶满意度": content, "作业": float(2 + chance.below(3))})
    return from_records(CONDUCT, rows)


def _opinion(chance: Chance) -> dict[str, float]:
    return {name: float(3 + chance.below(3)) for name in (*_MARKS, "帮扶满意度")}


def _behaviour(chance: Chance, student: Student, place: int) -> dict[str, float]:
    helped = bool(student.difficulty)
    low = student.difficulty in ("行为规范", "双重") or (not helped and student.number.endswith("1"))
    level = (1.6 if low else 3.2) + 0.12 * place * helped
    return {name: float(min(5, max(1, int(level + 0.6 * chance.normal() + 0.5)))) for name in _MARKS}


_EVENTS = (
    ("宣传动员", "帮扶工作动员会", "明确了分工和时间表"),
    ("家长会", "重点关爱学生家长会", "签订家校共育约定"),
    ("班队会", "“我能行”主题班会", "每人写下一个小目标"),
    ("口算赛", "口算擂台", "参与学生全部完成，三人全对"),
    ("兴趣小组", "手工兴趣小组", "完成作品并在走廊展出"),
    ("心理团辅", "考前放松团体辅导", "学会两种放松方法"),
    ("交流会", "帮扶教师月交流会", "交流办法，确定下月重点"),
    ("知识竞赛", "安全知识竞赛", "人人上台答题"),
    ("社会实践", "到社区参加劳动", "社区送来感谢信"),
    ("感恩", "给父母写一封信", "信件全部寄出"),
    ("合唱", "班级合唱", "参与学生站在第一排"),
    ("教师培训", "帮扶方法校本培训", "观摩一节辅导课"),
)


def activity_frame(chance: Chance, students: list[Student], settings: Settings, today: date) -> pl.DataFrame:
    """About two a month, an exchange of the staff once a month."""
    listed = [student for student in tracked(students) if student.listed and student.listed.month == 9]
    days = school_days(settings.year_start + timedelta(days=14), min(today, settings.term_end))[::8]
    rows: list[dict[str, Any]] = []
    for place, day in enumerate(days):
        kind, name, result = _EVENTS[place % len(_EVENTS)]
        took_part = [] if kind in ("交流会", "教师培训", "宣传动员") else chance.some(listed, 12)
        rows.append(
            {
                "日期": day,
                "名称": name,
                "类型": kind,
                "组织人": "政教处",
                "参与学生": SEPARATOR.join(student.number for student in took_part) or None,
                "成果": result,
            }
        )
    return from_records(ACTIVITIES, rows)
