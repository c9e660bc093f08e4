"""Validation: each check finds its own problem and nothing else, and a sound school has none."""

from __future__ import annotations

import string
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from xlbangfu.rules import problems
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.rules.validation import CHECKS, validate
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    BY_NAME,
    CALENDAR,
    CLASSES,
    CONDUCT,
    DEFECTS,
    EXAMS,
    FILES,
    INPUTS,
    KEY,
    LOG,
    ORGANISATION,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    RECALLS,
    ROSTER,
    ROW,
    SCORES,
    SETTINGS,
    SUBJECTS,
    SUPPORT,
    TABLES,
    TEACHERS,
    Defect,
    Table,
    Type,
    state_of,
)

TODAY = date(2026, 6, 30)
Rows = list[dict[str, Any]]
Sheets = dict[Table, Rows]
Problem = tuple[str, str, int | None, str | None]  # number, sheet, row, column

SOUND: Sheets = {
    SETTINGS: [{"项目": "学校名称", "值": "示范学校"}],
    ORGANISATION: [{"职务": "组长", "姓名": "甲一"}],
    SUPPORT: [{"类别": "经费", "事项": "奖品", "金额": 500.0}],
    CALENDAR: [{"日期": date(2026, 5, 1), "类别": "放假"}],
    SUBJECTS: [
        {"科目": "语文", "满分": 120.0, "优秀线": 102.0, "及格线": 72.0, "低分线": 48.0, "计入总分": "是"},
        {"年级": "初一", "科目": "数学", "满分": 100.0, "优秀线": 85.0, "及格线": 60.0, "低分线": 40.0, "计入总分": "是"},
        {"年级": "初二", "科目": "数学", "满分": 120.0, "优秀线": 102.0, "及格线": 72.0, "低分线": 48.0, "计入总分": "是"},
    ],
    TEACHERS: [
        {"工号": "T1", "姓名": "甲一", "角色": "班主任、任课教师", "任教科目": "语文", "任教班级": "初一1班、初二1班",
         "邮箱": "jia@example.edu.cn", "在岗": "是"},
        {"工号": "T2", "姓名": "乙二", "角色": "班主任", "任教科目": "数学", "任教班级": "初二1班",
         "邮箱": "yi@example.edu.cn", "在岗": "是"},
        {"工号": "T3", "姓名": "丙三", "角色": "行政", "在岗": "否"},
    ],
    CLASSES: [
        {"班级": "初一1班", "年级": "初一", "班主任": "T1 甲一", "包班行政": "T2"},
        {"班级": "初二1班", "年级": "初二", "班主任": "乙二"},
    ],
    PASSWORDS: [{"班级": "初一1班", "口令": "abc-123"}],
    ROSTER: [
        {"学号": "001", "姓名": "王一", "班级": "初二1班", "在籍状态": "在读", "帮扶类别": "学困", "困难类型": "学习",
         "困难学科": "语文、数学", "列入日期": date(2025, 9, 10)},
        {"学号": "002", "姓名": "李二", "班级": "初二1班", "在籍状态": "在读"},
        {"学号": "003", "姓名": "张三", "班级": "初一1班", "在籍状态": "在读"},
        {"学号": "004", "姓名": "李二", "班级": "初一1班", "在籍状态": "在读"},
        {"学号": "005", "姓名": "赵五", "班级": "初二1班", "在籍状态": "转出", "异动日期": date(2026, 3, 1)},
    ],
    FILES: [{"学号": "001"}],
    PAIRINGS: [
        {"结对编号": "P1", "学号": "001", "类型": "一对一", "教师": "T1", "开始日期": date(2025, 9, 15), "状态": "执行"},
        {"结对编号": "P2", "姓名": "王一", "班级": "初二1班", "类型": "学习帮手", "学习帮手": "002",
         "开始日期": date(2025, 9, 15), "状态": "执行"},
        {"结对编号": "P3", "班级": "初一1班", "类型": "包班", "教师": "乙二", "开始日期": date(2025, 9, 15), "状态": "执行"},
    ],
    PLANS: [
        {"计划编号": "N1", "学号": "001", "阶段": "摸底调查", "目标": "及格", "措施": "面批", "负责人": "T1",
         "开始": date(2025, 9, 15), "结束": date(2025, 9, 22)},
    ],
    LOG: [
        {"记录编号": "L1", "日期": date(2026, 3, 2), "学号": "001", "教师": "甲一", "类型": "谈心", "沟通对象": "学生、父母",
         "优先类": "学习", "内容": "谈话"},
        {"记录编号": "L2", "日期": date(2026, 3, 9), "学号": "001、002", "教师": "T2乙二", "类型": "辅导", "内容": "讲题"},
    ],
    EXAMS: [
        {"考试编号": "期中", "名称": "期中考试", "日期": date(2025, 11, 10), "学期": "2025-2026上", "类型": "期中"},
        {"考试编号": "期末", "名称": "期末考试", "日期": date(2026, 6, 20), "学期": "2025-2026下", "类型": "期末",
         "年级": "初一、初二", "基线考试": "期中"},
    ],
    SCORES: [
        {"考试编号": "期中", "学号": "001", "语文": 60.0, "数学": 110.0},
        {"考试编号": "期中", "姓名": "张三", "语文": 90.0, "数学": 100.0, "考时班级": "初一1班"},
        {"考试编号": "期中", "学号": "005", "语文": 80.5},
        {"考试编号": "期末", "姓名": "李二", "班级": "初二1班", "语文": 100.0, "数学·状态": "缺考"},
    ],
    CONDUCT: [{"月份": "2026-03", "学号": "001", "评价人": "班主任", "纪律": 3.0}],
    ABSENCES: [{"日期": date(2026, 3, 3), "学号": "002", "节次": "全天", "类型": "病假"}],
    RECALLS: [
        {"学号": "003", "疑似日期": date(2026, 3, 12), "情形": "连续旷课", "劝返日期": date(2026, 3, 13), "结果": "复学",
         "复学日期": date(2026, 3, 16)},
    ],
    ACTIVITIES: [{"日期": date(2026, 3, 3), "名称": "班会", "类型": "班队会", "参与学生": "001、003"}],
}  # fmt: skip


def frame(table: Table, rows: Rows) -> pl.DataFrame:
    """Rows as Book.read gives them."""
    schema = dict(table.frame_schema)
    if table == SCORES:
        for name in dict.fromkeys(
            ["语文", "数学", *(n for row in rows for n in row if n not in schema and "·" not in n)]
        ):
            schema |= {name: pl.Float64(), state_of(name): pl.String()}
    typed = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(name).cast(pl.String).fill_null("") for name in table.keys), separator="|"
    )
    return typed.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW), key.alias(KEY))


def school(sheets: Sheets) -> School:
    return School.of({table: frame(table, rows) for table, rows in sheets.items()}, today=TODAY)


def defects(*rows: tuple[str, int | None, str | None, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DEFECTS.frame_schema, orient="row")


def problems_of(sheets: Sheets, *unread: tuple[str, int | None, str | None, str | None, str]) -> list[Problem]:
    found = validate(school(sheets), defects(*unread))
    return list(found.select("编号", "工作表", "行", "列").iter_rows())


def changed(*changes: tuple[Table, int, dict[str, Any]]) -> Sheets:
    """The sound school with cells changed; a row number behind the last adds a row."""
    sheets = deepcopy(SOUND)
    for table, row, cells in changes:
        if row - 2 == len(sheets[table]):
            sheets[table].append({})
        sheets[table][row - 2] |= cells
    return sheets


Change = tuple[Table, int, dict[str, Any]]
SUBJECT = {"满分": 100.0, "优秀线": 85.0, "及格线": 60.0, "低分线": 40.0, "计入总分": "是"}
PAIRING = {"开始日期": date(2025, 9, 15), "状态": "执行"}
SCORE = (SCORES, 6)
EXAM = {"考试编号": "X", "名称": "X", "日期": date(2026, 4, 1), "学期": "2025-2026下", "类型": "期中"}
ENTRY = {"记录编号": "L3", "日期": date(2026, 3, 3), "教师": "T1", "类型": "谈心", "内容": "谈话"}
ENROLLED = {"班级": "初一1班", "在籍状态": "在读"}
NEWCOMERS: list[Change] = [
    (ROSTER, 7 + at, {"学号": f"00{6 + at}", "姓名": name, **ENROLLED})
    for at, name in enumerate(("孙六", "周七", "吴八"))
]
SAT_MIDTERM: list[Change] = [
    (SCORES, 6 + at, {"考试编号": "期中", "学号": number, "语文": 80.0 + at, "数学": 90.0 - at})
    for at, number in enumerate(("004", "006", "007", "008"))
]
SAT_FINAL: list[Change] = [
    (SCORES, 10, {"考试编号": "期末", "学号": "003", "语文": 90.0, "数学": 100.0}),
    *((SCORES, 11 + at, cells | {"考试编号": "期末"}) for at, (_, _, cells) in enumerate(SAT_MIDTERM)),
]

BAD: dict[str, tuple[list[Change], list[Problem]]] = {
    "a year whose holidays nobody knows": (
        [(SETTINGS, 3, {"项目": "学期结束", "值": "2027-01-10"})], [("V75", "设置", 3, "值")]),
    "a term of two years": ([(SETTINGS, 3, {"项目": "学期结束", "值": "2028-01-10"})], [("V76", "设置", 3, "值")]),
    "a day of another year in 校历": (
        [(CALENDAR, 3, {"日期": date(2024, 10, 1), "类别": "放假"})], [("V77", "校历", 3, "日期")]),
    "a time for tutoring that is none": (
        [(SETTINGS, 3, {"项目": "辅导时间", "值": "有空就来"})], [("V24", "设置", 3, "值")]),
    "a required cell is empty": ([(ORGANISATION, 2, {"姓名": None})], [("V15", "组织", 2, "姓名")]),
    "a log entry without 内容 is incomplete, not lost": ([(LOG, 2, {"内容": None})], [("V16", "记录", 2, "内容")]),
    "a student without 在籍状态 stays": ([(ROSTER, 3, {"在籍状态": None})], [("V16", "名册", 3, "在籍状态")]),
    "a choice that a row needs": ([(CALENDAR, 2, {"类别": "休息"})], [("V17", "校历", 2, "类别")]),
    "an optional choice": ([(ROSTER, 4, {"性别": "未知"})], [("V18", "名册", 4, "性别")]),
    "one of several choices": ([(LOG, 2, {"沟通对象": "学生、邻居"})], [("V18", "记录", 2, "沟通对象")]),
    "a priority that 设置 does not name": ([(LOG, 2, {"优先类": "学习、睡觉"})], [("V18", "记录", 2, "优先类")]),
    "是 or 否": ([(ROSTER, 4, {"寄宿": "也许"})], [("V18", "名册", 4, "寄宿")]),
    "a behaviour mark of 6": ([(CONDUCT, 2, {"纪律": 6.0})], [("V19", "评价", 2, "纪律")]),
    "a limit of 99": ([(TEACHERS, 2, {"帮扶上限": 99})], [("V20", "教师", 2, "帮扶上限")]),
    "a thirteenth month": ([(CONDUCT, 2, {"月份": "2026-13"})], [("V21", "评价", 2, "月份")]),
    "a key stands twice": ([(ORGANISATION, 3, {"职务": "组长", "姓名": "甲一"})], [("V22", "组织", 3, "姓名")]),
    "the same student twice in one exam, named in two ways": (
        [(*SCORE, {"考试编号": "期中", "姓名": "王一"})], [("V22", "成绩", 6, "学号")]),
    "a second file of one student": ([(FILES, 3, {"姓名": "王一"})], [("V22", "档案", 3, "学号")]),
    "a mark below 0": ([(SCORES, 2, {"语文": -1.0})], [("V23", "成绩", 2, "语文")]),
    "a mark above the full mark of its own 年级": ([(SCORES, 3, {"数学": 101.0})], [("V23", "成绩", 3, "数学")]),
    "a setting that cannot be used": ([(SETTINGS, 3, {"项目": "每师上限", "值": "很多"})], [("V24", "设置", 3, "值")]),
    "a setting that does not exist": ([(SETTINGS, 3, {"项目": "每师下限", "值": "1"})], [("V24", "设置", 3, "值")]),
    "a school term that ends before it starts": (
        [(SETTINGS, 3, {"项目": "学期结束", "值": "2026-01-01"})], [("V25", "设置", 3, "值")]),
    "及格线 above 优秀线": ([(SUBJECTS, 2, {"及格线": 110.0})], [("V26", "科目", 2, "优秀线")]),
    "a subject of a 年级 without classes": (
        [(SUBJECTS, 5, {"年级": "初三", "科目": "语文", **SUBJECT})], [("V27", "科目", 5, "年级")]),
    "an exam of a 年级 without classes": ([(EXAMS, 3, {"年级": "初一、初四"})], [("V27", "考试", 3, "年级")]),
    "a 年级 without subjects": ([(SUBJECTS, 2, {"年级": "初二"}), (CLASSES, 4, {"班级": "初三1班", "年级": "初三",
        "班主任": "T1"}), (TEACHERS, 2, {"任教班级": "初一1班、初三1班"})],
        [("V28", "班级", 4, "年级"), ("V109", "班级", 4, "班主任"), ("V101", "成绩", 3, "语文")]),
    "a subject without a column": ([(SUBJECTS, 5, {"科目": "化学", **SUBJECT})], [("V29", "科目", 5, "科目")]),
    "a column that is no subject": ([(SCORES, 2, {"平时分": 5.0})], [("V30", "成绩", None, "平时分")]),
    "a row without any student": ([(*SCORE, {"考试编号": "期末", "班级": "初二1班"})], [("V31", "成绩", 6, "学号")]),
    "an unknown 学号": ([(*SCORE, {"考试编号": "期末", "学号": "999"})], [("V32", "成绩", 6, "学号")]),
    "an unknown name": ([(*SCORE, {"考试编号": "期末", "姓名": "孙六"})], [("V32", "成绩", 6, "姓名")]),
    "a name beside a class that the student has left": (
        [(*SCORE, {"考试编号": "期末", "姓名": "王一", "班级": "初一1班"})], [("V34", "成绩", 6, "班级")]),
    "a name of two beside a class that neither is in": (
        [(*SCORE, {"考试编号": "期末", "姓名": "李二", "班级": "初三1班"})], [("V32", "成绩", 6, "姓名")]),
    "a name that two students have": ([(*SCORE, {"考试编号": "期末", "姓名": "李二"})], [("V33", "成绩", 6, "姓名")]),
    "a name that disagrees with 名册": (
        [(*SCORE, {"考试编号": "期末", "学号": "001", "姓名": "王二"})], [("V112", "成绩", 6, "姓名")]),
    "a class that disagrees with 名册": (
        [(*SCORE, {"考试编号": "期末", "学号": "001", "班级": "初一1班"})], [("V34", "成绩", 6, "班级")]),
    "one unknown 学号 of a group session": ([(LOG, 3, {"学号": "001、999"})], [("V35", "记录", 3, "学号")]),
    "a group session of nobody known": ([(LOG, 3, {"学号": "998、999"})], [("V32", "记录", 3, "学号")]),
    "an unknown student at an activity": ([(ACTIVITIES, 2, {"参与学生": "001,777"})], [("V35", "活动", 2, "参与学生")]),
    "scores of an unknown exam": ([(SCORES, 2, {"考试编号": "月考9"})], [("V36", "成绩", 2, "考试编号")]),
    "a log entry of an unknown teacher": ([(LOG, 2, {"教师": "丁四"})], [("V36", "记录", 2, "教师")]),
    "a password of an unknown class": ([(PASSWORDS, 2, {"班级": "初九1班"})], [("V36", "口令", 2, "班级")]),
    "a patron of an unknown class": ([(PAIRINGS, 4, {"班级": "初九1班"})], [("V36", "结对", 4, "班级")]),
    "an unknown helper": ([(PAIRINGS, 3, {"学习帮手": "999"})], [("V36", "结对", 3, "学习帮手")]),
    "an unknown baseline": ([(EXAMS, 3, {"基线考试": "去年"})], [("V37", "考试", 3, "基线考试")]),
    "an unknown weak subject": ([(ROSTER, 2, {"困难学科": "语文、体育"})], [("V37", "名册", 2, "困难学科")]),
    "an unknown class taught": ([(TEACHERS, 3, {"任教班级": "初二1班 , 初九1班"})], [("V37", "教师", 3, "任教班级")]),
    "an unknown plan owner": ([(PLANS, 2, {"负责人": "T9"})], [("V37", "计划", 2, "负责人")]),
    "a teacher's name and number that disagree": ([(LOG, 2, {"教师": "T1 乙二"})], [("V36", "记录", 2, "教师")]),
    "a student of an unknown class stays": ([(ROSTER, 4, {"班级": "初九1班"})], [("V38", "名册", 4, "班级")]),
    "an unknown class of the day": ([(SCORES, 3, {"考时班级": "初九1班"})], [("V38", "成绩", 3, "考时班级")]),
    "an entry out of the school year": ([(LOG, 2, {"日期": date(2020, 1, 1)})], [("V41", "记录", 2, "日期")]),
    "a month out of the school year": ([(CONDUCT, 2, {"月份": "2024-09"})], [("V41", "评价", 2, "月份")]),
    "a phase that ends before it starts": ([(PLANS, 2, {"结束": date(2025, 9, 1)})], [("V42", "计划", 2, "结束")]),
    "退出日期 before 列入日期": ([(ROSTER, 2, {"列入日期": date(2026, 5, 10), "退出日期": date(2026, 4, 1)})],
        [("V42", "名册", 2, "退出日期")]),
    "a score after 异动日期": ([(*SCORE, {"考试编号": "期末", "学号": "005"})], [("V43", "成绩", 6, "考试编号")]),
    "a group session with a student who had left": ([(LOG, 3, {"学号": "001、005"})], [("V44", "记录", 3, "日期")]),
    "who left has a date": ([(ROSTER, 4, {"在籍状态": "休学"})], [("V45", "名册", 4, "异动日期")]),
    "who is on the roll has none": ([(ROSTER, 4, {"异动日期": date(2026, 1, 1)})], [("V46", "名册", 4, "异动日期")]),
    "two of one name in one class": ([(ROSTER, 7, {"学号": "006", "姓名": "张 三", "班级": "初一1班", "在籍状态": "在读"}),
        (SCORES, 3, {"学号": "003"})], [("V47", "名册", 4, "姓名"), ("V47", "名册", 7, "姓名")]),
    "who left longer ago than data are kept": ([(ROSTER, 7, {
        "学号": "006", "姓名": "早走", "班级": "初一1班", "在籍状态": "转出", "异动日期": date(2023, 6, 1)})], [("V85", "名册", 7, "异动日期")]),
    "tracked without 列入日期": ([(ROSTER, 2, {"列入日期": None})], [("V48", "名册", 2, "列入日期")]),
    "tracked without 困难类型": ([(ROSTER, 2, {"困难类型": None})], [("V49", "名册", 2, "困难类型")]),
    "tracked without a file": ([(FILES, 2, {"学号": "002"})], [("V50", "名册", 2, "帮扶类别")]),
    "tracked without a running pairing": ([(PAIRINGS, 2, {"状态": "结束"})], [("V51", "名册", 2, "帮扶类别")]),
    "a patron without a teacher": ([(PAIRINGS, 4, {"教师": None})], [("V52", "结对", 4, "教师")]),
    "a group without a name": ([(PAIRINGS, 5, {"结对编号": "P4", "学号": "002", "类型": "帮扶小组", **PAIRING})],
        [("V52", "结对", 5, "组名")]),
    "a proxy parent for nobody": ([(PAIRINGS, 5, {"结对编号": "P4", "类型": "代管家长", "教师": "T1", **PAIRING})],
        [("V52", "结对", 5, "学号")]),
    "a tracked helper": ([(PAIRINGS, 5, {"结对编号": "P4", "学号": "002", "类型": "学习帮手", "学习帮手": "001", **PAIRING})],
        [("V53", "结对", 5, "学习帮手")]),
    "a helper of another class": ([(PAIRINGS, 3, {"学习帮手": "003"})], [("V54", "结对", 3, "学习帮手")]),
    "a helper who left": ([(PAIRINGS, 3, {"学习帮手": "005"})], [("V55", "结对", 3, "学习帮手")]),
    "a teacher not on duty": ([(PAIRINGS, 4, {"教师": "丙三"}), (CLASSES, 2, {"包班行政": "T3"})],
        [("V56", "结对", 4, "教师")]),
    "a pairing that should have ended": ([(PAIRINGS, 4, {"结束日期": date(2026, 6, 29)})], [("V72", "结对", 4, "状态")]),
    "a helper of two": ([(PAIRINGS, 5, {"结对编号": "P4", "学号": "001", "类型": "学习帮手", "学习帮手": "002", **PAIRING})],
        [("V73", "结对", 5, "学习帮手")]),
    "a patron of a class who is another in 班级": ([(PAIRINGS, 4, {"教师": "T1"})], [("V74", "结对", 4, "教师")]),
    "a pairing of a student who left": ([(PAIRINGS, 5, {"结对编号": "P4", "学号": "005", "类型": "一对一", "教师": "T2",
        **PAIRING})], [("V57", "结对", 5, "状态")]),
    "a pairing of a student who is off the list": ([(ROSTER, 2, {"退出日期": date(2026, 6, 1)})],
        [("V84", "结对", 2, "状态")]),
    "one student with two teachers": ([(PAIRINGS, 5, {"结对编号": "P4", "学号": "001", "类型": "一对一", "教师": "T2",
        **PAIRING})], [("V58", "结对", 5, "教师")]),
    "a teacher over the limit": ([(TEACHERS, 2, {"帮扶上限": 0})], [("V59", "教师", 2, "帮扶上限")]),
    "two teachers of one address": ([(TEACHERS, 3, {"邮箱": "JIA@example.edu.cn"})], [("V60", "教师", 3, "邮箱")]),
    "an address that is none": ([(TEACHERS, 2, {"邮箱": "甲一@学校"})], [("V61", "教师", 2, "邮箱")]),
    "a homeroom teacher without address": ([(TEACHERS, 3, {"邮箱": None})], [("V62", "教师", 3, "邮箱")]),
    "a class without homeroom teacher stays": ([(CLASSES, 3, {"班主任": None})], [("V63", "班级", 3, "班主任")]),
    "a homeroom teacher not on duty": ([(TEACHERS, 4, {"邮箱": "b@c.cn"}), (CLASSES, 3, {"班主任": "T3"})],
        [("V64", "班级", 3, "班主任")]),
    "a class nobody teaches": ([(TEACHERS, 2, {"任教班级": None})], [("V65", "班级", 2, "班级")]),
    "an exam nobody sat": ([(EXAMS, 4, EXAM)], [("V66", "考试", 4, "考试编号")]),
    "a monthly exam in a compulsory school": ([(EXAMS, 2, {"类型": "月考"})], [("V67", "考试", 2, "类型")]),
    "an exam that is its own baseline": ([(EXAMS, 2, {"基线考试": "期中"})], [("V68", "考试", 2, "基线考试")]),
    "a baseline that came later": ([(EXAMS, 2, {"基线考试": "期末"})], [("V68", "考试", 2, "基线考试")]),
    "a wider line for 重点 than for the list": ([(SETTINGS, 3, {"项目": "重点百分位", "值": "9%"})], [("V69", "设置", 3, "值")]),
    "列入日期 without 帮扶类别": ([(ROSTER, 4, {"列入日期": date(2026, 3, 1), "困难类型": "学习"})],
        [("V70", "名册", 4, "帮扶类别")]),
    "列入日期 in the future": ([(ROSTER, 2, {"列入日期": date(2027, 3, 1)})], [("V71", "名册", 2, "列入日期")]),
    "an address a slip away from a provider's": ([(TEACHERS, 2, {"邮箱": "jia@16.com"})], [("V88", "教师", 2, "邮箱")]),
    "mail by SMTP from nowhere": ([(SETTINGS, 3, {"项目": "发信方式", "值": "SMTP"})], [("V89", "设置", 3, "值")]),
    "a student named in every mail": ([(SETTINGS, 3, {"项目": "邮件正文", "值": "{教师}老师：请看看王一的情况"})],
        [("V91", "设置", 3, "值")]),
    "one 年级 in two spellings": ([(CLASSES, 4, {"班级": "初一2班", "年级": "七年级", "班主任": "T4"}),
        (TEACHERS, 5, {"工号": "T4", "姓名": "丁四", "角色": "班主任", "任教班级": "初一2班", "邮箱": "d@example.edu.cn",
         "在岗": "是"})], [("V92", "班级", 4, "年级")]),
    "a mark in a subject that was not chosen": ([(SUBJECTS, 3, {"选考": "是"})], [("V93", "成绩", None, "数学")]),
    "numbers that lost their zeros": ([(ROSTER, 7, {"学号": "6", "姓名": "陈六", "班级": "初一1班", "在籍状态": "在读"}),
        (ROSTER, 8, {"学号": "007", "姓名": "周七", "班级": "初一1班", "在籍状态": "在读"})], [("V94", "名册", None, "学号")]),
    "a term that the exam's day is not in": ([(EXAMS, 2, {"学期": "2024-2025上"})], [("V95", "考试", 2, "学期")]),
    "a half of the year that the exam's day is not in": ([(EXAMS, 2, {"学期": "下"})], [("V95", "考试", 2, "学期")]),
    "one exam under two numbers": ([*NEWCOMERS, *SAT_MIDTERM, *SAT_FINAL], [("V96", "考试", 3, "考试编号")]),
    "two 期中 in one term": ([(EXAMS, 3, {"类型": "期中", "日期": date(2025, 12, 20), "学期": "2025-2026上"})],
        [("V97", "考试", 3, "类型")]),
    "an entry made twice": ([(LOG, 4, SOUND[LOG][0] | {"记录编号": "L3", "教师": "T1"})], [("V98", "记录", 4, "日期")]),
    "a phase planned twice": ([(PLANS, 3, SOUND[PLANS][0] | {"计划编号": "N2"})], [("V98", "计划", 3, "阶段")]),
    "an activity to come that has a result": (
        [(ACTIVITIES, 2, {"日期": date(2026, 7, 2), "成果": "好"})], [("V99", "活动", 2, "日期")]),
    "who is to leave": ([(ROSTER, 4, {"在籍状态": "转出", "异动日期": date(2026, 7, 9)})], [("V99", "名册", 4, "异动日期")]),
    "an entry of next week": ([(LOG, 2, {"日期": date(2026, 7, 6)})], [("V99", "记录", 2, "日期")]),
    "behaviour marks of next month": ([(CONDUCT, 2, {"月份": "2026-07"})], [("V99", "评价", 2, "月份")]),
    "退出日期 in the future": ([(ROSTER, 2, {"退出日期": date(2026, 7, 1)})], [("V99", "名册", 2, "退出日期")]),
    "marks of an exam to come": ([(EXAMS, 3, {"日期": date(2026, 7, 6)})], [("V100", "考试", 3, "日期")]),
    "a mark in a subject that the 年级 does not have": (
        [(SUBJECTS, 5, {"年级": "初二", "科目": "物理", **SUBJECT}), (SCORES, 3, {"物理": 50.0})],
        [("V101", "成绩", 3, "物理")]),
    "noughts in everything": ([(SCORES, 3, {"语文": 0.0, "数学": 0.0})], [("V102", "成绩", 3, "语文")]),
    "a class of noughts": ([*NEWCOMERS, *((table, row - 4, {k: v for k, v in cells.items() if k != "数学"} | {"语文": 0.0})
        for table, row, cells in SAT_FINAL)], [("V103", "成绩", 6, "语文")]),
    "a class of the day in another 年级": (
        [(*SCORE, {"考试编号": "期中", "学号": "004", "语文": 70.0, "考时班级": "初二1班"})], [("V104", "成绩", 6, "考时班级")]),
    "marks of a 年级 that the exam does not name": ([(EXAMS, 3, {"年级": "初一"})], [("V105", "考试", 3, "年级")]),
    "a student without a row in the exam of his 年级": (
        [*NEWCOMERS, *SAT_MIDTERM[:3]], [("V106", "考试", 2, "考试编号")]),
    "学习 without 困难学科": ([(ROSTER, 2, {"困难学科": None})], [("V107", "名册", 2, "困难学科")]),
    "a homeroom teacher whose role says nothing of it": (
        [(TEACHERS, 3, {"角色": "任课教师"})], [("V108", "班级", 3, "班主任")]),
    "a homeroom teacher of two classes": ([(CLASSES, 3, {"班主任": "T1"})], [("V109", "班级", 3, "班主任")]),
    "one password for two classes": (
        [(PASSWORDS, 3, {"班级": "初二1班", "口令": "abc-123"})], [("V110", "口令", 3, "口令")]),
    "a class named for another 年级": (
        [(TEACHERS, 5, {"工号": "T4", "姓名": "丁四", "角色": "班主任", "任教班级": "初二9班", "邮箱": "d@example.edu.cn",
          "在岗": "是"}), (CLASSES, 4, {"班级": "初二9班", "年级": "初一", "班主任": "T4"})], [("V111", "班级", 4, "年级")]),
    "an absence on a Sunday": ([(ABSENCES, 2, {"日期": date(2026, 3, 8)})], [("V120", "缺勤", 2, "日期")]),
    "a whole day and a lesson of it": (
        [(ABSENCES, 3, {"日期": date(2026, 3, 3), "姓名": "李二", "班级": "初二1班", "节次": "第1节", "类型": "旷课"})],
        [("V121", "缺勤", 3, "节次")]),
    "three days of truancy that nobody has entered": (
        [(ABSENCES, 1 + at, {"日期": date(2026, 3, 8 + at), "学号": "002", "节次": "全天", "类型": "旷课"})
         for at in (1, 2, 3)],
        [("V122", "缺勤", 4, "日期")]),
    "a case that nobody has gone to": (
        [(RECALLS, 2, {"劝返日期": None, "结果": None, "复学日期": None})], [("V123", "劝返", 2, "劝返日期")]),
    "复学 without its day": ([(RECALLS, 2, {"复学日期": None})], [("V124", "劝返", 2, "复学日期")]),
    "a day of 复学 without the result": (
        [(RECALLS, 2, {"结果": "转出"})], [("V125", "劝返", 2, "复学日期"), ("V126", "劝返", 2, "结果")]),
    "辍学 in 劝返 and 在读 in 名册": (
        [(RECALLS, 2, {"结果": "辍学", "复学日期": None})], [("V126", "劝返", 2, "结果")]),
    "an absence after leaving": ([(ABSENCES, 2, {"学号": "005"})], [("V127", "缺勤", 2, "日期")]),
    "a visit before the suspicion": (
        [(RECALLS, 2, {"劝返日期": date(2026, 3, 11)})], [("V42", "劝返", 2, "劝返日期")]),
    "an absence of next week": ([(ABSENCES, 2, {"日期": date(2026, 7, 6)})], [("V99", "缺勤", 2, "日期")]),
    "the same absence twice, named in two ways": (
        [(ABSENCES, 3, {"日期": date(2026, 3, 3), "姓名": "李二", "班级": "初二1班", "节次": "全天", "类型": "事假"})],
        [("V22", "缺勤", 3, "学号")]),
    "a password for nobody": ([(PASSWORDS, 3, {"口令": "abc-1234"})], [("V113", "口令", 3, "班级")]),
    "a password of an unknown teacher": (
        [(PASSWORDS, 3, {"教师": "T99", "口令": "abc-1234"})], [("V36", "口令", 3, "教师")]),
    "a password of three letters": ([(PASSWORDS, 2, {"口令": "abc"})], [("V90", "口令", 2, "口令")]),
}  # fmt: skip


def test_a_sound_school_has_no_problems() -> None:
    assert problems_of(SOUND) == []


def test_an_absence_of_the_term_before_is_on_no_day_that_is_known_to_be_free() -> None:
    assert problems_of(changed((ABSENCES, 2, {"日期": date(2025, 11, 4)}))) == []


@pytest.mark.parametrize(("changes", "expected"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_found_and_nothing_else(changes: list[Change], expected: list[Problem]) -> None:
    assert problems_of(changed(*changes)) == expected


UNREAD: dict[str, tuple[tuple[str, int | None, str | None, str | None, str], dict[str, Any], list[Problem]]] = {
    "a missing sheet": (("组织", None, None, None, Defect.MISSING_SHEET), {}, [("V01", "组织", None, None)]),
    "a missing column that rows need": (
        ("校历", None, "类别", None, Defect.MISSING_COLUMN), {}, [("V02", "校历", None, "类别")]),
    "a missing column": (("名册", None, "性别", None, Defect.MISSING_COLUMN), {}, [("V03", "名册", None, "性别")]),
    "a doubled column": (("成绩", None, "语文", None, Defect.DOUBLED_COLUMN), {}, [("V04", "成绩", None, "语文")]),
    "merged cells": (("名册", 3, "姓名", "B3:B4", Defect.MERGED), {}, [("V05", "名册", 3, "姓名")]),
    "a formula error in a cell that a row needs": (
        ("校历", 2, "类别", "#N/A", Defect.FORMULA_ERROR), {"类别": None}, [("V07", "校历", 2, "类别")]),
    "a formula error in a mark": (
        ("成绩", 2, "语文", "#N/A", Defect.FORMULA_ERROR), {"语文": None}, [("V07", "成绩", 2, "语文")]),
    "学号 as a number": (("成绩", 5, "学号", "2", Defect.NUMBER_AS_ID), {}, [("V08", "成绩", 5, "学号")]),
    "a key date that is none": (
        ("活动", 2, "日期", "下周", Defect.NOT_A_DATE), {"日期": None}, [("V09", "活动", 2, "日期")]),
    "a full mark that is none": (
        ("科目", 4, "满分", "满", Defect.NOT_A_NUMBER), {"满分": None}, [("V10", "科目", 4, "满分")]),
    "a mark that is none": (
        ("成绩", 2, "语文", "优", Defect.NOT_A_MARK), {"语文": None}, [("V11", "成绩", 2, "语文")]),
    "a note in a column that is no subject": (("成绩", 2, "备注", "病了", Defect.NOT_A_MARK), {}, []),
    "an optional date that is none": (
        ("名册", 2, "退出日期", "期末", Defect.NOT_A_DATE), {}, [("V12", "名册", 2, "退出日期")]),
    "列入日期 that is none is told once": (
        ("名册", 2, "列入日期", "期末", Defect.NOT_A_DATE), {"列入日期": None}, [("V12", "名册", 2, "列入日期")]),
    "a phone number typed as a number": (
        ("档案", 2, "联系电话", "13800000000", Defect.NUMBER_AS_ID), {}, [("V12", "档案", 2, "联系电话")]),
    "a number as text": (("成绩", 2, "语文", "６０", Defect.NUMBER_AS_TEXT), {}, [("V13", "成绩", 2, "语文")]),
    "a date as text": (("记录", 2, "日期", "2026年3月2日", Defect.DATE_AS_TEXT), {}, [("V14", "记录", 2, "日期")]),
}  # fmt: skip


@pytest.mark.parametrize(("defect", "cells", "expected"), UNREAD.values(), ids=UNREAD.keys())
def test_what_was_not_read_is_told_once(
    defect: tuple[str, int | None, str | None, str | None, str], cells: dict[str, Any], expected: list[Problem]
) -> None:
    sheet, row, *_ = defect
    sheets = changed((BY_NAME[sheet], row, cells)) if row else SOUND

    assert problems_of(sheets, defect) == expected


@pytest.mark.parametrize("defect", [(None, Defect.MISSING_SHEET), ("姓名", Defect.MISSING_COLUMN)])
def test_scores_that_have_no_roster_to_refer_to_are_told_of_once_a_sheet(defect: tuple[str | None, str]) -> None:
    column, kind = defect
    found = problems_of(SOUND | {ROSTER: []}, ("名册", None, column, None, kind))

    assert ("V02" if column else "V01", "名册", None, column) in found
    assert [problem for problem in found if problem[1] == "成绩"] == [("V06", "成绩", None, None)]


def test_what_the_version_of_the_workbook_had_not_yet_is_one_warning_and_stops_nothing() -> None:
    sheets, columns = (
        ("活动", None, None, None, Defect.NOT_YET_SHEET),
        ("名册", None, "寄宿", None, Defect.NOT_YET_COLUMN),
    )

    found = validate(school(SOUND), defects(sheets, columns))

    assert found.select("级别", "编号").rows() == [("警告", "V80")]
    assert found["问题"].item() == "这个总表是旧版的，还没有“活动”、“名册”的寄宿，先当全部空着"


FOLLOWERS: dict[str, tuple[list[Change], list[Problem]]] = {
    "the rows of a student whose row is void": (
        [(ROSTER, 2, {"姓名": None})],
        [("V15", "名册", 2, "姓名"), ("V39", "档案", 2, "学号"), ("V39", "结对", 2, "学号"), ("V32", "结对", 3, "姓名"),
         ("V39", "计划", 2, "学号"), ("V39", "记录", 2, "学号"), ("V35", "记录", 3, "学号"), ("V39", "成绩", 2, "学号"),
         ("V39", "评价", 2, "学号"), ("V35", "活动", 2, "参与学生")]),
    "the scores of a void exam, and its baseline is left out": (
        [(EXAMS, 2, {"日期": None})],
        [("V15", "考试", 2, "日期"), ("V40", "考试", 3, "基线考试"), ("V39", "成绩", 2, "考试编号"),
         ("V39", "成绩", 3, "考试编号"), ("V39", "成绩", 4, "考试编号")]),
    "a void teacher's pairings and entries, and his class goes without": (
        [(TEACHERS, 3, {"姓名": None})],
        [("V15", "教师", 3, "姓名"), ("V37", "班级", 3, "班主任"), ("V36", "结对", 4, "教师"), ("V36", "记录", 3, "教师")]),
    "the second of a doubled 学号 takes along only who is named by his name": (
        [(ROSTER, 7, {"学号": "003", "姓名": "钱七", "班级": "初一1班", "在籍状态": "在读"}),
         (*SCORE, {"考试编号": "期末", "姓名": "钱七"})],
        [("V22", "名册", 7, "学号"), ("V39", "成绩", 6, "学号")]),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), FOLLOWERS.values(), ids=FOLLOWERS.keys())
def test_rows_that_refer_to_a_void_row_follow(changes: list[Change], expected: list[Problem]) -> None:
    assert set(problems_of(changed(*changes))) >= set(expected)


def test_a_void_class_takes_no_student_and_no_score_along() -> None:
    before = school(changed((CLASSES, 2, {"年级": None})))
    found = validate(before, defects())
    after = before.without(found)

    assert after[CLASSES]["班级"].to_list() == ["初二1班"]
    assert after[ROSTER].height == before[ROSTER].height
    assert after[SCORES].height == before[SCORES].height
    assert ("V38", "名册", 4) in list(found.select("编号", "工作表", "行").iter_rows())


def test_a_row_that_follows_says_which_row_and_why() -> None:
    found = validate(school(changed((EXAMS, 2, {"日期": None}))), defects())
    sentence = found.filter(pl.col("编号") == "V39")["问题"][0]

    assert sentence == "所指的“考试”第 2 行不能用（“日期”没有填，这一行先不用），这一行先不用"


def test_a_student_whose_number_lost_its_zeros_takes_his_named_scores_along() -> None:
    sheets = changed((ROSTER, 4, {"学号": None}))
    found = problems_of(sheets, ("名册", 4, "学号", "3", Defect.NUMBER_AS_ID))

    assert ("V08", "名册", 4, "学号") in found
    assert ("V39", "成绩", 3, "学号") in found


def test_no_row_without_a_student_is_left_after_validation() -> None:
    changes = [change for changes, _ in BAD.values() for change in changes if change[0] == SCORES and change[1] == 6]
    sheets = deepcopy(SOUND)
    sheets[SCORES] += [cells for _, _, cells in changes]
    before = school(sheets)
    after = before.without(validate(before, defects()))

    assert before[SCORES][STUDENT].null_count() > 3
    assert after[SCORES][STUDENT].null_count() == 0


def test_a_bad_mark_is_void_and_its_neighbours_stay() -> None:
    before = school(changed((SCORES, 2, {"语文": 121.0})))
    after = before.without(validate(before, defects()))[SCORES]

    assert after["语文"].to_list()[0] is None
    assert after["数学"].to_list()[0] == 110.0


def test_a_message_names_the_value_and_the_remedy_what_to_type() -> None:
    found = validate(school(changed((SCORES, 3, {"数学": 101.0}))), defects()).drop("因表", "因行").row(0, named=True)

    assert found == {
        "级别": "错误",
        "编号": "V23",
        "工作表": "成绩",
        "行": 3,
        "列": "数学",
        "学号": "003",
        "姓名": "张三",
        "问题": "数学成绩 «101» 不在 0 到满分 100 之间，这一格先当未录",
        "怎么改": "改成 0 到 100 之间的分数；满分不对请改“科目”表",
        "键": "成绩|期中||张三|",
    }


def test_a_disagreement_says_what_the_roster_says() -> None:
    found = validate(school(changed((*SCORE, {"考试编号": "期末", "学号": "001", "姓名": "王二"}))), defects())

    assert found["问题"].to_list() == ["学号 001 在名册里的姓名是 王一，这里写的是 «王二»"]


def test_a_name_of_another_class_says_where_it_is() -> None:
    sheets = changed((*SCORE, {"考试编号": "期末", "姓名": "李二", "班级": "初三1班"}))

    assert validate(school(sheets), defects())["问题"].to_list() == ["名册里没有姓名 «李二»（初三1班没有，初一1班有）"]


def test_problems_come_in_the_order_of_the_sheets_and_their_rows() -> None:
    changes = [change for changes, _ in BAD.values() for change in changes[:1] if change[1] < 4]
    found = validate(school(changed(*changes)), defects(("名册", None, "性别", None, Defect.MISSING_COLUMN)))
    places = [
        ([table.name for table in TABLES].index(sheet), row or 0)
        for sheet, row in found.select("工作表", "行").iter_rows()
    ]

    assert len(places) > 20
    assert places == sorted(places)


def test_every_check_is_tried_here() -> None:
    tried = {number for _, expected in [*BAD.values(), *FOLLOWERS.values()] for number, *_ in expected}
    tried |= {number for _, _, expected in UNREAD.values() for number, *_ in expected} | {"V06", "V80"}

    assert tried == set(CHECKS)


def test_every_check_has_its_own_title_and_says_what_to_do() -> None:
    assert list(CHECKS) == sorted(CHECKS, key=lambda number: int(number[1:]))
    assert all(check.number == f"V{int(check.number[1:]):02}" for check in CHECKS.values())
    assert len({check.title for check in CHECKS.values()}) == len(CHECKS)
    assert all(check.level in problems.LEVELS for check in CHECKS.values())
    assert all(check.message and check.remedy for check in CHECKS.values())


def test_nothing_is_changed() -> None:
    before = school(changed(*(change for changes, _ in BAD.values() for change in changes if change[1] < 4)))
    kept = {table: found.clone() for table, found in before.frames.items()}

    validate(before, defects())

    for table, found in before.frames.items():
        assert_frame_equal(found, kept[table])


def test_an_empty_school_and_one_without_sheets_are_no_trouble() -> None:
    assert problems_of({}) == []
    assert problems_of({table: [] for table in INPUTS}) == []
    missing = [(table.name, None, None, None, Defect.MISSING_SHEET) for table in INPUTS]
    assert {number for number, *_ in problems_of({}, *missing)} == {"V01"}


def test_frames_that_were_never_on_a_sheet_are_numbered_as_they_would_be() -> None:
    bare = {table: frame(table, rows).drop(ROW, KEY) for table, rows in changed((CONDUCT, 2, {"纪律": 6.0})).items()}
    found = validate(School.of(bare, today=TODAY), defects())

    assert found.select("行", "键").rows() == [(2, "评价|2026-03|001|||班主任|")]


@pytest.mark.slow
def test_ten_thousand_bad_rows_are_all_told() -> None:
    sheets = deepcopy(SOUND)
    sheets[SCORES] = [{"考试编号": "期中", "学号": f"X{n}", "语文": 500.0} for n in range(10_000)]
    full = school(sheets)

    found = validate(full, defects())

    assert found.height > 20_000
    assert found["行"].n_unique() >= 10_000


TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["001", "002", "T1", "王一", "李二", "初一1班", "初一", "语文", "期中", "是", "学困", "在读", "一对一", "执行", "001、002",
         "、", "{}", "{x}", "=1+1", "2026-02", "、001", " "]
    ),
    st.text(string.ascii_letters + "、，{}()[]%\\$^|«»学号\n", max_size=6),
)  # fmt: skip
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.NUMBER: st.one_of(st.none(), st.floats()),
    Type.MARK: st.one_of(st.none(), st.floats()),
    Type.RATE: st.one_of(st.none(), st.floats()),
    Type.INTEGER: st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    Type.DATE: st.one_of(st.none(), st.dates(), st.builds(lambda n: TODAY - timedelta(n), st.integers(-400, 400))),
}


@st.composite
def nasty(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[School, pl.DataFrame]:
    frames = {}
    for table in INPUTS:
        rows = [
            {column.name: draw(VALUES.get(column.type, TEXTS)) for column in table}
            | ({"语文": draw(VALUES[Type.MARK]), "{}": draw(VALUES[Type.MARK])} if table == SCORES else {})
            for _ in range(draw(st.integers(0, 3)))
        ]
        frames[table] = frame(table, rows)
    kinds = [kind for name, kind in vars(Defect).items() if name.isupper()]
    bad = [
        (
            table.name,
            draw(st.sampled_from([None, 2, 3, 99])),
            draw(st.sampled_from([*table.names, "别的", None])),
            "值",
            kind,
        )
        for table, kind in draw(st.lists(st.tuples(st.sampled_from(INPUTS), st.sampled_from(kinds)), max_size=6))
    ]
    return School.of(frames, today=TODAY), defects(*bad)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(nasty())
def test_whatever_stands_in_the_cells_problems_come_and_no_exception(case: tuple[School, pl.DataFrame]) -> None:
    before, unread = case
    found = validate(before, unread)

    assert dict(found.schema) == problems.FRAME
    assert set(found.select("编号", "级别").iter_rows()) <= {(check.number, check.level) for check in CHECKS.values()}
    assert found.select(pl.col("问题", "怎么改", "工作表", "键").is_not_null().all()).row(0) in [(True,) * 4]
    assert not found.filter(
        (pl.col("级别") == problems.ERROR) & (pl.col("工作表") == "设置") & (pl.col("编号") == "V15")
    ).height


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(nasty())
def test_every_row_that_names_no_student_is_void_unless_it_is_a_group(case: tuple[School, pl.DataFrame]) -> None:
    before, unread = case
    if (unread["缺陷"].is_in([Defect.MISSING_SHEET, Defect.MISSING_COLUMN])).any():
        return
    after = before.without(validate(before, unread))

    for table in (FILES, PLANS, SCORES, CONDUCT):
        assert after[table][STUDENT].null_count() == 0
        assert after[table][STUDENT].is_in(after[ROSTER]["学号"].implode()).all()
