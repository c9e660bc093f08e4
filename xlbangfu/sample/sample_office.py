"""The sheets of the sample school that the office fills in: settings, subjects, organisation, support, calendar."""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.sample.sample_exams import Exam
from xlbangfu.sample.sample_frames import from_rows
from xlbangfu.sample.sample_people import FULL_MARKS, TAUGHT, SchoolClass, Staff
from xlbangfu.schema import CALENDAR, ORGANISATION, SETTINGS, SUBJECTS, SUPPORT, YES
from xlbangfu.settings import sheet_rows

_HOLIDAYS = (
    (date(2025, 10, 1), "国庆节放假开始"),
    (date(2025, 10, 8), "国庆节、中秋节放假最后一天"),
    (date(2026, 1, 1), "元旦"),
    (date(2026, 1, 24), "寒假开始"),
    (date(2026, 4, 6), "清明节补休"),
    (date(2026, 5, 1), "劳动节"),
    (date(2026, 6, 19), "端午节"),
)
_OWN = {
    "学校代码": "9900000001",
    "操作人": "教务处林老师",
    "排查百分位": "5%",
    "家长信电话": "0000-1234567",
    "家长信接待时间": "周一至周五 16:30—17:30",
}
_SUPPORT = (
    ("经费", "学习用品与奖励", 6000.0, "总务处", None, "已到位"),
    ("经费", "家访交通补助", 3000.0, "总务处", None, "已到位"),
    ("资源", "周五辅导教室两间", None, "教务处", None, "已落实"),
    ("资源", "心理咨询室每周开放三天", None, "政教处", None, "已落实"),
    ("风险", "教师临时请假，辅导中断", None, "教务处", "由同班任课教师代一次，一周内补上", "有预案"),
    ("风险", "学生情绪危机", None, "政教处", "心理教师当天介入，通知监护人", "有预案"),
)


def settings_frame(today: date) -> pl.DataFrame:
    """The defaults, the day of the sample, so that it does not look neglected later, and what only a school can say."""
    own = {**_OWN, "计算日期": f"{today}"}
    rows = [(name, own.get(name, value), help) for name, value, help in sheet_rows(today)]
    return from_rows(SETTINGS, "项目 值 说明", rows)


def subject_frame(classes: list[SchoolClass]) -> pl.DataFrame:
    """Lines at 85, 60 and 40 % of the full mark."""
    present = {school_class.grade for school_class in classes}
    rows = [
        (grade, subject, float(full), full * 85 / 100, full * 60 / 100, full * 40 / 100, YES)
        for grade, subjects in TAUGHT.items()
        if grade in present
        for subject, full in FULL_MARKS.items()
        if subject in subjects
    ]
    return from_rows(SUBJECTS, "年级 科目 满分 优秀线 及格线 低分线 计入总分", rows)


def organisation_frame(staff: Staff) -> pl.DataFrame:
    head, *others = staff.teachers
    rows = [("组长", head.name, "全面负责帮扶工作"), ("副组长", others[0].name, "组织排查、结对和督查")]
    rows += [("成员", one.name, "包班，参加月交流会") for one in staff.administrators[1:6]]
    rows += [("成员", staff.counsellor.name, "心理咨询和团体辅导")]
    return from_rows(ORGANISATION, "职务 姓名 职责", rows)


def support_frame() -> pl.DataFrame:
    return from_rows(SUPPORT, "类别 事项 金额 责任人 预案 状态", _SUPPORT)


def calendar_frame(exams: list[Exam], today: date) -> pl.DataFrame:
    """Holidays and the days of the exams; one row a day."""
    days = {day: ("放假", note) for day, note in _HOLIDAYS}
    days |= {exam.day: ("考试", exam.name) for exam in exams if exam.day <= today}
    rows = [(day, kind, note) for day, (kind, note) in sorted(days.items())]
    return from_rows(CALENDAR, "日期 类别 说明", rows)
