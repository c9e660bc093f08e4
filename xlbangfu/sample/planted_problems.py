"""One of each problem that validation knows, planted in a school that had none.

What a frame can hold is put into the frames; what does not fit a column's type becomes ``Planted`` raw cells; what is
wrong with a whole sheet is a ``Fault``, put where no other check looks. Left out are V06, which takes a sheet away that
all others refer to, and with it the problems planted there, V75, V76, V120 and V122, which need a term that V25
takes away, and V80, which needs an older workbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import polars as pl

from xlbangfu.sample.made import BrokenFormula, Fault, Planted, Sample
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    BACK_AT_SCHOOL,
    CALENDAR,
    CLASS_PATRON,
    CLASSES,
    CONDUCT,
    DROPPED_OUT,
    ENDED,
    EXAMS,
    FILES,
    GROUP,
    LOG,
    NO,
    ON_ROLL,
    ONE_TO_ONE,
    ORGANISATION,
    PAIRINGS,
    PASSWORDS,
    PEER,
    PLANS,
    RECALLS,
    ROSTER,
    RUNNING,
    SCORES,
    SETTINGS,
    STILL_AWAY,
    SUBJECTS,
    SUPPORT,
    TEACHERS,
    TRACKED,
    TRANSFERRED,
    TRUANCY,
    TRUANT,
    WHOLE_DAY,
    YES,
    Defect,
    Table,
    state_of,
    subjects_in,
)

NOBODY = "0999999"
FAULTS = (
    Fault(check="V01", defect=Defect.MISSING_SHEET, table=SUPPORT, name="保障措施"),
    Fault(check="V02", defect=Defect.MISSING_COLUMN, table=ORGANISATION, column="职务", name="职位"),
    Fault(check="V03", defect=Defect.MISSING_COLUMN, table=ACTIVITIES, column="成果", name="成效"),
    Fault(check="V04", defect=Defect.DOUBLED_COLUMN, table=CLASSES, column="班主任"),
    Fault(check="V05", defect=Defect.MERGED, table=CALENDAR, column="日期"),
)
LOOK_UP = BrokenFormula(formula='VLOOKUP("无名氏",教师!$B$2:$C$1000,2,FALSE)', error="#N/A")


class _Bed:
    """The frames while problems are put into them. A row is counted from 0."""

    def __init__(self, sample: Sample) -> None:
        self.frames = dict(sample.frames)
        self.planted: list[Planted] = []
        roster = self.frames[ROSTER].with_row_index("_place")
        here = roster.filter(pl.col("在籍状态") == ON_ROLL)
        self.tracked = cycle(here.filter(pl.col("帮扶类别") == TRACKED).rows(named=True))
        helpers = self.frames[PAIRINGS]["学习帮手"].drop_nulls().implode()
        plain = here.filter(pl.col("帮扶类别").is_null(), ~pl.col("学号").is_in(helpers))
        self.ordinary: Iterator[dict[str, Any]] = cycle(plain[::5].rows(named=True))

    def put(self, table: Table, row: int, column: str, value: str | float | date | None) -> None:
        frame = self.frames[table]
        self.frames[table] = frame.with_columns(frame[column].scatter(row, value))

    def add(self, table: Table, **cells: object) -> int:
        """A row at the end; its place."""
        frame = self.frames[table]
        names = [name for name in cells if name in frame.columns]
        row = pl.DataFrame({name: [cells[name]] for name in names}, schema={n: frame.schema[n] for n in names})
        self.frames[table] = pl.concat([frame, row], how="diagonal")
        return frame.height

    def log(self, **cells: object) -> int:
        """A good log entry but for these cells."""
        student, place = next(self.tracked), self.frames[LOG].height
        good = {
            "记录编号": f"JL9{place:06d}",
            "日期": date(2025, 11, 3),
            **self.who(student),
            "教师": self.frames[TEACHERS]["工号"][0],
            "类型": "谈心",
            "内容": "谈最近的学习情况",
        }
        return self.add(LOG, **good | cells)

    def raw(self, check: str, table: Table, row: int, column: str, value: object) -> None:
        self.planted.append(Planted(table=table, row_index=row, column=column, value=value, check=check))

    def row_of(self, table: Table, column: str, value: object) -> int:
        return self.frames[table][column].to_list().index(value)

    @staticmethod
    def who(student: dict[str, Any]) -> dict[str, object]:
        return {name: student[name] for name in ("学号", "姓名", "班级")}


def plant(sample: Sample) -> Sample:
    """The same school with one of each problem; the frames of the given one stay as they are."""
    bed = _Bed(sample)
    for problems in (
        _unread,
        _cells,
        _office,
        _students,
        _dates,
        _roster,
        _pairings,
        _staff,
        _exams,
        _dropouts,
        _unseen,
    ):
        problems(bed)
    return Sample(frames=bed.frames, planted=bed.planted, faults=list(FAULTS))


def _unread(bed: _Bed) -> None:
    student = next(bed.ordinary)
    bed.raw("V07", LOG, bed.log(), "教师", LOOK_UP)
    bed.raw("V08", ROSTER, student["_place"], "学号", 3.7010120130512e17)
    bed.add(ROSTER, 学号="7", 姓名="短号", 班级=student["班级"], 在籍状态=ON_ROLL)
    bed.raw("V09", LOG, bed.log(), "日期", "上周五")
    subject = bed.add(SUBJECTS, 年级="初一", 科目="书法", 优秀线=85.0, 及格线=60.0, 低分线=40.0, 计入总分=NO)
    bed.raw("V10", SUBJECTS, subject, "满分", "一百")
    bed.raw("V11", SCORES, _score(bed), "语文", "九十")
    bed.raw("V12", LOG, bed.log(), "时长", "半小时")
    bed.raw("V13", SCORES, _score(bed), "数学", "88")
    bed.raw("V14", LOG, bed.log(), "日期", "2025年11月3日")


def _score(bed: _Bed) -> int:
    """The row of 成绩 of another ordinary student in the last exam that he sat."""
    rows = bed.frames[SCORES]["学号"].to_list()
    numbers = set(rows)
    student = next(one for one in bed.ordinary if one["学号"] in numbers)
    return len(rows) - 1 - rows[::-1].index(student["学号"])


def _cells(bed: _Bed) -> None:
    bed.log(类型=None)
    bed.log(内容=None)
    bed.log(类型="谈话")
    bed.log(效果=9)
    bed.log(记录编号=bed.frames[LOG]["记录编号"][-1])
    bed.put(ROSTER, next(bed.ordinary)["_place"], "性别", "男生")
    student = bed.who(next(bed.tracked))
    bed.add(CONDUCT, 月份="2025-11", **student, 评价人="任课教师", 纪律=6.0)
    bed.add(CONDUCT, 月份="2025-13", **student, 评价人="任课教师", 纪律=3.0)
    row = _score(bed)
    bed.put(SCORES, row, state_of("语文"), None)
    bed.put(SCORES, row, "语文", 121.0)


def _office(bed: _Bed) -> None:
    bed.put(SETTINGS, bed.row_of(SETTINGS, "项目", "每师上限"), "值", "很多")
    bed.put(SETTINGS, bed.row_of(SETTINGS, "项目", "学期开始"), "值", "2026-08-01")
    bed.put(SETTINGS, bed.row_of(SETTINGS, "项目", "重点百分位"), "值", "20%")
    bed.add(CALENDAR, 日期=date(2024, 10, 1), 类别="放假")
    bed.put(SUBJECTS, 0, "优秀线", 50.0)
    bed.put(SUBJECTS, bed.row_of(SUBJECTS, "科目", "化学"), "选考", YES)
    lines = {"满分": 100.0, "优秀线": 85.0, "及格线": 60.0, "低分线": 40.0, "计入总分": NO}
    bed.add(SUBJECTS, 年级="初五", 科目="语文", **lines)
    bed.add(SUBJECTS, 年级="初一", 科目="劳动", **lines)
    nothing = pl.lit(None, dtype=pl.Float64), pl.lit(None, dtype=pl.String)
    added = [column.alias(name) for column, name in zip(nothing, ("口语", state_of("口语")), strict=True)]
    bed.frames[SCORES] = bed.frames[SCORES].with_columns(added)


def _students(bed: _Bed) -> None:
    bed.log(学号=None, 姓名=None, 班级=None)
    bed.log(学号=NOBODY, 姓名=None, 班级=None)
    twin = next(bed.ordinary)
    elsewhere = next(other for other in bed.ordinary if other["班级"] != twin["班级"])
    bed.put(ROSTER, elsewhere["_place"], "姓名", twin["姓名"])
    bed.log(学号=None, 姓名=twin["姓名"], 班级=None)
    bed.log(姓名="查无此人")
    bed.add(ACTIVITIES, 日期=date(2025, 11, 4), 名称="周末劳动", 类型="社会实践", 参与学生=NOBODY)
    bed.log(教师="无名氏")
    bed.put(ROSTER, next(bed.ordinary)["_place"], "班级", "初一99班")
    nameless = {"角色": "任课教师", "在岗": YES, "邮箱": "t0900@example.edu.cn"}
    bed.add(TEACHERS, 工号="0900", **nameless)
    bed.put(PLANS, 0, "负责人", "0900")


def _dates(bed: _Bed) -> None:
    bed.log(日期=date(2024, 5, 6))
    bed.put(PLANS, 1, "结束", date(2025, 9, 1))
    first = bed.frames[EXAMS]["日期"].min()
    left = (first if isinstance(first, date) else date(2025, 11, 6)) - timedelta(days=3)
    student = bed.frames[ROSTER].row(bed.row_of(ROSTER, "学号", _sitter(bed)), named=True)
    place = bed.row_of(ROSTER, "学号", student["学号"])
    bed.put(ROSTER, place, "在籍状态", TRANSFERRED)
    bed.put(ROSTER, place, "异动日期", left)
    bed.log(**bed.who(student), 日期=left + timedelta(days=2))
    bed.add(
        PAIRINGS,
        结对编号="JD9001",
        **bed.who(student),
        类型=ONE_TO_ONE,
        教师=bed.frames[TEACHERS]["工号"][1],
        开始日期=date(2025, 9, 20),
        状态=RUNNING,
    )


def _sitter(bed: _Bed) -> str:
    return str(bed.frames[SCORES]["学号"][_score(bed)])


def _roster(bed: _Bed) -> None:
    bed.put(ROSTER, next(bed.ordinary)["_place"], "在籍状态", TRANSFERRED)
    bed.put(ROSTER, next(bed.ordinary)["_place"], "异动日期", date(2026, 6, 30))
    twin = next(bed.ordinary)
    long_gone = {"在籍状态": TRANSFERRED, "异动日期": date(2021, 7, 1)}
    bed.add(ROSTER, 学号="0999002", 姓名="早离校", 性别="女", 班级=twin["班级"], **long_gone)
    bed.add(ROSTER, 学号="0999001", 姓名=twin["姓名"], 性别="女", 班级=twin["班级"], 在籍状态=ON_ROLL)
    bed.put(ROSTER, next(bed.tracked)["_place"], "列入日期", None)
    bed.put(ROSTER, next(bed.tracked)["_place"], "困难类型", None)
    bed.put(ROSTER, next(bed.tracked)["_place"], "列入日期", date(2027, 3, 1))
    bed.put(ROSTER, next(bed.ordinary)["_place"], "困难类型", "学习")
    number = next(bed.tracked)["学号"]
    bed.frames[FILES] = bed.frames[FILES].filter(pl.col("学号") != number)
    alone = bed.row_of(PAIRINGS, "类型", ONE_TO_ONE)
    bed.put(PAIRINGS, alone, "状态", ENDED)
    bed.put(PAIRINGS, alone, "结束日期", date(2026, 6, 1))


def _pairings(bed: _Bed) -> None:
    common = {"开始日期": date(2025, 9, 20), "状态": RUNNING}
    alone = bed.frames[PAIRINGS].row(bed.row_of(PAIRINGS, "类型", ONE_TO_ONE), named=True)["学号"]
    student, other = (next(one for one in bed.tracked if one["学号"] != alone) for _ in range(2))
    elsewhere = next(one for one in bed.ordinary if one["班级"] != student["班级"])
    away = bed.frames[TEACHERS].filter(pl.col("在岗") == NO)["工号"][0]
    helped = {**bed.who(student), "类型": PEER, **common}
    bed.add(PAIRINGS, 结对编号="JD9002", **bed.who(student), 类型=ONE_TO_ONE, **common)
    bed.add(PAIRINGS, 结对编号="JD9003", **helped, 学习帮手=other["学号"])
    bed.add(PAIRINGS, 结对编号="JD9004", **helped, 学习帮手=elsewhere["学号"])
    bed.add(PAIRINGS, 结对编号="JD9005", **helped, 学习帮手=student["学号"])
    bed.add(PAIRINGS, 结对编号="JD9006", **bed.who(student), 类型=ONE_TO_ONE, 教师=away, **common)
    over = {"结束日期": date(2026, 1, 20), "教师": bed.frames[TEACHERS]["工号"][1], "类型": GROUP, "组名": "晨读组"}
    bed.add(PAIRINGS, 结对编号="JD9007", **common, **over)
    bed.add(PAIRINGS, 结对编号="JD9008", **helped, 学习帮手=elsewhere["学号"])
    off = next(bed.ordinary)
    bed.put(ROSTER, off["_place"], "退出日期", date(2026, 3, 2))
    teacher = bed.frames[TEACHERS]["工号"][1]
    bed.add(PAIRINGS, 结对编号="JD9010", **bed.who(off), 类型=ONE_TO_ONE, 教师=teacher, **common)
    patron = bed.frames[CLASSES].filter(pl.col("包班行政").is_not_null()).row(0, named=True)
    other = next(one for one in bed.frames[TEACHERS]["工号"] if one != patron["包班行政"].split()[0])
    bed.add(PAIRINGS, 结对编号="JD9009", 班级=patron["班级"], 类型=CLASS_PATRON, 教师=other, **common)


def _staff(bed: _Bed) -> None:
    paired = bed.frames[PAIRINGS].filter(pl.col("类型") == ONE_TO_ONE, pl.col("状态") == RUNNING)["教师"][0]
    bed.put(TEACHERS, bed.row_of(TEACHERS, "工号", paired.split()[0]), "帮扶上限", 0)
    bed.put(TEACHERS, 2, "邮箱", bed.frames[TEACHERS]["邮箱"][1])
    bed.put(TEACHERS, 0, "邮箱", "校长信箱@example")
    bed.put(TEACHERS, 3, "邮箱", "t0004@qq.con")
    homeroom = bed.frames[CLASSES]["班主任"][0].split()[0]
    bed.put(TEACHERS, bed.row_of(TEACHERS, "工号", homeroom), "邮箱", None)
    bed.put(SETTINGS, bed.row_of(SETTINGS, "项目", "发信方式"), "值", "SMTP")
    name = next(one for one in bed.frames[ROSTER]["姓名"] if len(one) > 1)
    bed.put(SETTINGS, bed.row_of(SETTINGS, "项目", "邮件主题"), "值", f"{{班级}}班级页，{name}等同学")
    bed.add(PASSWORDS, 班级=bed.frames[CLASSES]["班级"][1], 口令="123")
    away = bed.frames[TEACHERS].filter(pl.col("在岗") == NO)["工号"][0]
    bed.add(CLASSES, 班级="预备1班", 年级="预备")
    bed.add(CLASSES, 班级="预备2班", 年级="预备", 班主任=away)
    bed.put(TEACHERS, bed.row_of(TEACHERS, "工号", away), "任教科目", "书画")
    bed.add(CLASSES, 班级="七年级9班", 年级="七年级")


def _exams(bed: _Bed) -> None:
    bed.add(
        EXAMS,
        考试编号="2025上十月月考",
        名称="2025—2026学年度第一学期十月月考",
        日期=date(2025, 10, 16),
        学期="2025-2026上",
        类型="月考",
        基线考试="2025上十月月考",
    )


def _dropouts(bed: _Bed) -> None:
    student = bed.who(next(bed.ordinary))
    day = date(2026, 3, 24)
    bed.add(ABSENCES, 日期=day, **student, 节次=WHOLE_DAY, 类型="病假")
    bed.add(ABSENCES, 日期=day, **student, 节次="第1节", 类型=TRUANT)
    gone = (
        bed.frames[ROSTER]
        .filter(pl.col("在籍状态") == TRANSFERRED, pl.col("异动日期").is_not_null())
        .row(0, named=True)
    )
    bed.add(ABSENCES, 日期=gone["异动日期"] + timedelta(days=7), **bed.who(gone), 节次=WHOLE_DAY, 类型="事假")
    for cells in ({}, {"结果": BACK_AT_SCHOOL}, {"结果": STILL_AWAY, "复学日期": day}, {"结果": DROPPED_OUT}):
        case = bed.who(next(bed.ordinary))
        bed.add(RECALLS, **case, 疑似日期=day, 情形=TRUANCY, 劝返日期=day, **cells)


def _unseen(bed: _Bed) -> None:
    """What can be used and makes the results wrong."""
    exams = bed.frames[EXAMS]
    first, regular = exams.row(0, named=True), exams.filter(pl.col("类型").is_in(["期中", "期末"]))
    again = regular.row(0, named=True)
    bed.put(EXAMS, exams.height - 1, "学期", "2024-2025上")
    copy = {"考试编号": "2025上补录", "名称": "补录", "类型": "单元", "日期": first["日期"], "学期": first["学期"]}
    bed.add(EXAMS, **copy)
    scores = bed.frames[SCORES]
    twins = scores.filter(pl.col("考试编号") == first["考试编号"], pl.col("语文") > 0).tail(6)
    bed.frames[SCORES] = pl.concat([scores, twins.with_columns(pl.lit(copy["考试编号"]).alias("考试编号"))])
    bed.add(EXAMS, **again | {"考试编号": "2025上再考", "名称": "再考", "年级": "初一"})
    bed.put(SCORES, _score_of(bed, "初二"), "考试编号", "2025上再考")
    ahead = {"考试编号": "2026暑期", "名称": "暑期", "日期": date(2026, 7, 20), "学期": "2025-2026下", "类型": "单元"}
    bed.add(EXAMS, **ahead)
    room = bed.frames[CLASSES]["班级"][0]
    for student in (
        bed.frames[ROSTER].filter(pl.col("班级") == room, pl.col("在籍状态") == ON_ROLL).rows(named=True)[:6]
    ):
        bed.add(SCORES, 考试编号=ahead["考试编号"], **bed.who(student), 语文=0.0)
    bed.put(SCORES, _score_of(bed, "初一"), "化学", 50.0)
    row = _score_of(bed, "初二", 2)
    for subject in subjects_in(bed.frames[SCORES]):
        if bed.frames[SCORES][subject][row] is not None:
            bed.put(SCORES, row, subject, 0.0)
    bed.put(SCORES, _score_of(bed, "初三"), "考时班级", room)
    twice = bed.who(next(bed.tracked))
    bed.log(**twice)
    bed.log(**twice)
    bed.log(日期=date(2026, 7, 9))
    by_marks = next(one for one in bed.tracked if one["困难类型"] == "学习")
    bed.put(ROSTER, by_marks["_place"], "困难学科", None)
    _homerooms(bed)


def _score_of(bed: _Bed, grade: str, nth: int = 1) -> int:
    """The row of 成绩 of the last (or the ``nth`` but that) student of a 年级 in a 期中 or 期末."""
    classes, exams = bed.frames[CLASSES], bed.frames[EXAMS]
    rooms = classes.filter(pl.col("年级") == grade)["班级"].implode()
    regular = exams.filter(pl.col("类型").is_in(["期中", "期末"]))["考试编号"]
    rows = (
        bed.frames[SCORES]
        .with_row_index("_at")
        .filter(pl.col("班级").is_in(rooms), pl.col("考试编号").is_in(regular.implode()))
    )
    return int(rows["_at"][-nth])


def _homerooms(bed: _Bed) -> None:
    classes, teachers = bed.frames[CLASSES], bed.frames[TEACHERS]
    homeroom = classes["班主任"][1]
    bed.put(TEACHERS, bed.row_of(TEACHERS, "工号", homeroom.split()[0]), "角色", "任课教师")
    bed.put(CLASSES, 2, "班主任", homeroom)
    bed.add(PASSWORDS, 班级=classes["班级"][2], 口令="123")
    bed.add(PASSWORDS, 口令="不知给谁的口令")
    bed.add(CLASSES, 班级="初三88班", 年级="初二", 班主任=teachers["工号"][5])
