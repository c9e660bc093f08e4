"""What the sample school arranges for its students: home files, pairings, plans."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from typing import Any

import polars as pl
from msgspec import Struct, field

from xlbangfu.rules.plans import PHASES, phases
from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_frames import from_records
from xlbangfu.sample.sample_names import full_name
from xlbangfu.sample.sample_people import SchoolClass, Staff, Student, Teacher
from xlbangfu.schema import (
    CARED,
    CLASS_PATRON,
    ENDED,
    FILES,
    GROUP,
    NO,
    ON_ROLL,
    ONE_TO_ONE,
    PEER,
    PLANS,
    PROXY_PARENT,
    RUNNING,
    SEPARATOR,
    TRACKED,
    YES,
)
from xlbangfu.settings import Settings

_TOWNS = ("城关镇", "河东镇", "柳林乡", "石桥镇", "青山乡", "南湖街道", "北塘街道")
_ABROAD = (
    "父母在外省务工",
    "父亲在外务工，母亲在家",
    "父母在省城务工",
    "母亲在外务工，父亲跑运输",
    "父母离异，随祖父母生活",
)
_HOBBIES = ("篮球", "画画", "唱歌", "跑步", "下棋", "手工", "看故事书", "养小动物", "羽毛球", "修理小电器")
_TALENTS = ("跑得快", "字写得好", "动手能力强", "会吹竖笛", "力气大，乐于帮忙", "记忆力好", "口头表达好")
_HEALTH = ("良好", "良好", "良好", "近视", "体质偏弱", "过敏性鼻炎")
_HOMES = (
    "家里有两个孩子，祖父母照看",
    "父母务农，文化程度不高",
    "单亲家庭，母亲打零工",
    "做小生意，常不在家",
    "住房紧张，没有单独的书桌",
)
_MEASURES = {
    "摸底调查": "查看近两次试卷，找任课教师和家长了解情况，填写档案",
    "制定方案": "列出最先要补的三个知识点，和学生商定每周任务",
    "实施帮扶": "每周五辅导一次，每周谈心一次，作业当面批改",
    "评估调整": "对照考试结果看效果，调整任务和帮扶方式",
}
_EFFECTS = ("能按时交作业了", "课堂上愿意举手", "基础题正确率提高", "情绪稳定，和同学相处好转", "进展不大，需要换方法")
_PEER_POOL = 5  # the best of the class in the subject, by ability


class Pairings(Struct):
    """Who answers for whom, as the logs need it, and the rows of 结对."""

    teacher_of: dict[str, Teacher] = field(default_factory=dict)  # by 学号
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, start: date, student: Student | None = None, **cells: Any) -> None:
        named = {"学号": student.number, "姓名": student.name, "班级": student.school_class.name} if student else {}
        state = {"状态": RUNNING, "锁定": NO}
        number = {"结对编号": f"JD{len(self.rows) + 1:04d}"}
        self.rows.append({**number, **named, "类型": kind, "开始日期": start, **state, **cells})


def tracked(students: list[Student]) -> list[Student]:
    return [student for student in students if student.kind == TRACKED]


def pair(chance: Chance, students: list[Student], classes: list[SchoolClass], staff: Staff, limit: int) -> Pairings:
    """One teacher for every tracked student while there is room, and the other kinds of pairing beside it."""
    pairings = Pairings()
    listed = tracked(students)
    for student in sorted(listed, key=lambda one: not one.key):
        _one_to_one(chance, pairings, student, staff, limit)
    _former_pairing(pairings, listed, staff)
    _peers(chance, pairings, students, listed)
    for school_class in classes:
        label = school_class.patron.label if school_class.patron else None
        pairings.add(CLASS_PATRON, date(entry_year(classes), 9, 5), 班级=school_class.name, 教师=label)
    for student in students:
        if student.left_behind and student.kind in (TRACKED, CARED) and student.school_class.homeroom:
            pairings.add(PROXY_PARENT, _start(student, classes), student, 教师=student.school_class.homeroom.label)
    _groups(pairings, listed, classes)
    return pairings


def entry_year(classes: list[SchoolClass]) -> int:
    """The calendar year in which the school year began."""
    return max(school_class.entry for school_class in classes)


def _start(student: Student, classes: list[SchoolClass]) -> date:
    return (student.listed or date(entry_year(classes), 9, 10)) + timedelta(days=5)


def _one_to_one(chance: Chance, pairings: Pairings, student: Student, staff: Staff, limit: int) -> None:
    own = [student.school_class.teachers[subject] for subject in student.weak]
    homeroom = [student.school_class.homeroom] if student.school_class.homeroom else []
    leaders = chance.some(staff.administrators, 1) if student.key and chance.happens(0.3) else []
    everyone = [*leaders, *own, *homeroom, *student.school_class.teachers.values(), *staff.teachers[1:]]
    teacher = next((one for one in everyone if one.on_duty and one.load < limit), None)
    if teacher is None or student.listed is None:
        return
    teacher.load += 1
    pairings.teacher_of[student.number] = teacher
    subjects = [subject for subject in student.weak if subject == teacher.subject] or list(student.weak)
    goal = "期末前各科及格" if student.difficulty != "行为规范" else "两个月内无违纪，按时交作业"
    pairings.add(
        ONE_TO_ONE,
        student.listed + timedelta(days=5),
        student,
        教师=teacher.label,
        帮扶学科=SEPARATOR.join(subjects) or None,
        转化目标=goal,
        锁定=YES if teacher in leaders else NO,
    )


def _former_pairing(pairings: Pairings, listed: list[Student], staff: Staff) -> None:
    for student in listed[:: max(1, len(listed) // 3)]:
        if student.listed and student.listed.month == 9:
            start, end = student.listed + timedelta(days=1), student.listed + timedelta(days=4)
            teacher = staff.counsellor.label
            pairings.add(ONE_TO_ONE, start, student, 教师=teacher, 结束日期=end, 状态=ENDED)


def _peers(chance: Chance, pairings: Pairings, students: list[Student], listed: list[Student]) -> None:
    school_classes: dict[str, list[Student]] = {}
    for student in students:
        if student.status == ON_ROLL and student.kind != TRACKED:
            school_classes.setdefault(student.school_class.name, []).append(student)
    for student in listed:
        classmates = sorted(
            school_classes.get(student.school_class.name, []), key=lambda one: (-one.ability, one.number)
        )
        if student.weak and student.listed and classmates and chance.happens(0.6):
            helper = chance.pick(classmates[:_PEER_POOL])
            school_classes[student.school_class.name].remove(helper)
            start = student.listed + timedelta(days=12)
            pairings.add(PEER, start, student, 学习帮手=helper.number, 帮扶学科=student.weak[0])


def _groups(pairings: Pairings, listed: list[Student], classes: list[SchoolClass]) -> None:
    for school_class in classes[:: max(1, len(classes) // 4)]:
        for student in listed:
            if student.school_class is school_class and student.weak and school_class.homeroom:
                pairings.add(
                    GROUP,
                    _start(student, classes),
                    student,
                    组名=f"{school_class.name}互助组",
                    教师=school_class.homeroom.label,
                )


def file_frame(chance: Chance, students: list[Student]) -> pl.DataFrame:
    """Home files of the tracked and the cared-for students."""
    kept = [student for student in students if student.kind in (TRACKED, CARED)]
    return from_records(FILES, [_home(chance, place, student) for place, student in enumerate(kept)])


def _home(chance: Chance, place: int, student: Student) -> dict[str, Any]:
    away = {
        "父母去向": chance.pick(_ABROAD),
        "第二监护人": full_name(chance, chance.pick("男女")),
        "监护人电话": f"100{place:04d}0002",
    }
    return {
        "学号": student.number,
        "姓名": student.name,
        "班级": student.school_class.name,
        "家庭成员": "父亲、母亲、祖父、祖母"
        if student.left_behind
        else chance.pick(("父亲、母亲", "父亲、母亲、弟弟", "母亲、外婆")),
        "住址": f"{chance.pick(_TOWNS)}{1 + chance.below(12)}组{1 + chance.below(60)}号",
        "联系电话": f"100{place:04d}0001",
        **(away if student.left_behind else {}),
        "兴趣爱好": SEPARATOR.join(chance.some(_HOBBIES, 2)),
        "特长": chance.pick(_TALENTS),
        "健康状况": chance.pick(_HEALTH),
        "家庭情况": "建档的困难家庭" if student.hardship else chance.pick(_HOMES),
        "监护人同意": YES,
        "同意日期": (student.listed or date(student.school_class.entry, 9, 10)) + timedelta(days=2),
    }


def plan_frame(
    chance: Chance, students: list[Student], pairings: Pairings, settings: Settings, today: date
) -> pl.DataFrame:
    """The phases of this term for every tracked student."""
    start = settings.term_start
    rows: list[dict[str, Any]] = []
    for student in tracked(students):
        teacher = pairings.teacher_of.get(student.number)
        begins = max(start, student.listed or start)
        effects = [chance.pick(_EFFECTS) for _ in PHASES]
        spans = phases(begins, settings.term_end, settings.phase_lengths)
        for (phase, begin, end), effect in zip(spans, cycle(effects), strict=False):
            rows.append(
                {
                    "计划编号": f"JH{len(rows) + 1:05d}",
                    "学号": student.number,
                    "姓名": student.name,
                    "班级": student.school_class.name,
                    "阶段": phase,
                    "目标": "、".join(student.weak) + "补上基础，" + "期末前及格"
                    if student.weak
                    else "养成按时到校、按时交作业的习惯",
                    "措施": _MEASURES[phase],
                    "负责人": teacher.label if teacher else None,
                    "开始": begin,
                    "结束": end,
                    "完成": YES if end < today else NO,
                    "阶段效果": effect if end < today else None,
                }
            )
    return from_records(PLANS, rows)
