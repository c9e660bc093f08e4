"""Log entries of the sample school: what was done with whom, in words that fit the kind and the subject."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from msgspec import Struct

from xlbangfu.sample.care import Pairings, tracked
from xlbangfu.sample.chance import Chance
from xlbangfu.sample.diary import school_days
from xlbangfu.sample.sample_frames import from_columns
from xlbangfu.sample.sample_people import Staff, Student, Teacher
from xlbangfu.schema import LOG, SEPARATOR
from xlbangfu.settings import Settings

_TOPICS = {
    "语文": ("古诗默写", "文言实词", "病句修改", "概括段意", "作文开头"),
    "数学": ("有理数运算", "一元一次方程", "分式化简", "一次函数图象", "三角形全等", "二次根式"),
    "英语": ("一般过去时", "单词拼写", "完形填空", "阅读找依据", "情态动词"),
    "物理": ("压强计算", "电路图", "浮力", "光的反射"),
    "化学": ("化学式书写", "方程式配平", "溶液浓度", "酸碱指示剂"),
    "道德与法治": ("宪法常识", "材料题答法", "公民权利"),
    "历史": ("时间线整理", "材料题找关键词", "近代史大事"),
    "地理": ("经纬网定位", "气候图判读", "中国地形"),
    "生物": ("细胞结构", "食物链", "人体消化系统"),
    "": ("本周作业", "错题本", "课堂笔记"),
}
_TUTORING = (
    "讲{}，做了8道基础题，对6道，错题当场改",
    "从例题开始补{}，跟着做能懂，独立做还慢",
    "用10分钟小测查{}，比上周多对2题",
    "一起整理{}的错题，自己讲了一遍思路",
)
_MARKING = ("面批{}作业，错处当面订正", "面批{}练习，书写比以前工整", "检查{}订正，还有两题没弄懂，又讲一遍")
_OTHERS = {
    "谈心": (
        "聊了最近的状态，说上课容易走神，约定坐前排",
        "考后谈心，一起看试卷，找到能拿回来的10分",
        "说想爸爸妈妈，约定周末视频通话",
        "和同学闹矛盾，听他说完，商量怎么道歉",
        "肯定他这周按时交作业，他说还想再试试",
        "谈手机使用，答应上学日交给家里保管",
    ),
    "家访": (
        "到家里看了学习环境，建议腾出一张固定书桌",
        "和家长商量晚上作业时间，关掉电视",
        "了解家里情况，家长愿意每天签字",
        "祖父母管不住手机，商定周末定时使用",
    ),
    "家长沟通": (
        "电话告知近两周表现，请家长每天看作业",
        "和家长说了考试情况，先夸进步再谈不足",
        "请家长多陪伴，周末一起读书半小时",
        "微信联系在外务工的父母，约定每周通话",
    ),
    "心理咨询": ("情绪疏导一次", "沙盘活动一次", "考前焦虑辅导一次"),
    "活动": ("参加班级篮球赛，主动担任后勤", "参加读书分享会，上台讲了一个故事", "参加校园劳动，评为劳动小能手"),
}
_STRENGTHS = ("态度认真", "愿意提问", "守时", "有礼貌", "肯动手", "乐于助人", None)
_GAPS = ("计算粗心", "基础薄弱", "不爱开口", "容易走神", "作业拖拉", "书写潦草", None)
_NEXT = ("下周五继续辅导", "下周检查错题本", "三天后再谈一次", "请家长周末反馈", "下次小测看效果", None)
_MIX = (
    *("辅导",) * 30,
    *("谈心",) * 30,
    *("作业面批",) * 18,
    *("家长沟通",) * 13,
    *("家访",) * 4,
    *("活动",) * 3,
    *("心理咨询",) * 2,
)
_MINUTES = {"辅导": 40, "谈心": 20, "家访": 60, "家长沟通": 15, "心理咨询": 45, "作业面批": 15, "活动": 60}
_PLACES = {"家访": "家庭", "活动": "社会"}
_GROUP_SHARE = 0.03
_CELLS = (
    "记录编号",
    "日期",
    "学号",
    "姓名",
    "班级",
    "教师",
    "类型",
    "沟通对象",
    "场所",
    "优先类",
    "时长",
    "内容",
    "优点",
    "不足",
    "效果",
    "下次安排",
)


class _Desk(Struct, frozen=True):
    """What an entry is written from."""

    chance: Chance
    pairings: Pairings
    staff: Staff
    settings: Settings
    together: dict[str, list[Student]]  # by 工号: the students of one teacher


def log_frame(
    chance: Chance, count: int, students: list[Student], pairings: Pairings, staff: Staff, today: date
) -> pl.DataFrame:
    """``count`` dated contacts with the tracked students, key students twice as often, in order of date."""
    settings = Settings()
    listed = [student for student in tracked(students) if student.number in pairings.teacher_of]
    last = min(today - timedelta(days=1), settings.term_end)
    days = school_days(settings.year_start + timedelta(days=20), last)
    if not listed or not days:
        return LOG.empty()
    desk = _Desk(chance, pairings, staff, settings, _together(listed, pairings))
    weighted = [student for student in listed for _ in range(1 + student.key)]
    early = [student for student in weighted if student.listed and student.listed <= days[0]] or weighted
    turn = max((student.listed for student in listed if student.listed), default=days[0])
    columns: dict[str, list[Any]] = {name: [] for name in _CELLS}
    add = [column.append for column in columns.values()]
    for place in range(count):
        day = days[place * len(days) // count]
        student = chance.pick(weighted if day >= turn else early)
        for append, cell in zip(add, (f"JL{place + 1:06d}", day, *_entry(desk, student, day < turn)), strict=True):
            append(cell)
    return from_columns(LOG, columns)


def _together(listed: list[Student], pairings: Pairings) -> dict[str, list[Student]]:
    groups: dict[str, list[Student]] = {}
    for student in listed:
        groups.setdefault(pairings.teacher_of[student.number].number, []).append(student)
    return groups


def _entry(desk: _Desk, student: Student, alone: bool) -> tuple[Any, ...]:
    """The cells from 学号 on, as ``_CELLS`` names them."""
    chance = desk.chance
    kind = chance.pick(_MIX)
    teacher = desk.pairings.teacher_of[student.number]
    return (
        *_who(desk, student, teacher, alone or kind not in ("辅导", "活动")),
        _by_whom(desk, student, teacher, kind).label,
        kind,
        _spoken_to(chance, student, kind),
        _PLACES.get(kind, "学校"),
        chance.pick(desk.settings.priorities),
        float(_MINUTES[kind] + 5 * chance.below(4)),
        _content(chance, student, teacher, kind),
        chance.pick(_STRENGTHS),
        chance.pick(_GAPS),
        2 + chance.below(4),
        chance.pick(_NEXT),
    )


def _who(desk: _Desk, student: Student, teacher: Teacher, alone: bool) -> tuple[str, str | None, str | None]:
    """学号, 姓名 and 班级; a session with all students of a teacher names them by 学号 only."""
    group = desk.together[teacher.number]
    if alone or len(group) == 1 or not desk.chance.happens(_GROUP_SHARE):
        return student.number, student.name, student.school_class.name
    return SEPARATOR.join(one.number for one in group), None, None


def _by_whom(desk: _Desk, student: Student, teacher: Teacher, kind: str) -> Teacher:
    if kind == "心理咨询":
        return desk.staff.counsellor
    return (student.school_class.homeroom or teacher) if kind == "家访" else teacher


def _spoken_to(chance: Chance, student: Student, kind: str) -> str:
    if kind not in ("家访", "家长沟通"):
        return "学生"
    return "第二监护人" if student.left_behind and chance.happens(0.5) else "父母"


def _content(chance: Chance, student: Student, teacher: Teacher, kind: str) -> str:
    if kind in _OTHERS:
        return chance.pick(_OTHERS[kind])
    subject = teacher.subject if teacher.subject in student.weak else "".join(student.weak[:1])
    return chance.pick(_TUTORING if kind == "辅导" else _MARKING).format(chance.pick(_TOPICS[subject]))
