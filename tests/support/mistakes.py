"""More than a hundred mistakes as staff make them, each to be planted alone in a sound school, and who tells of them.

A change is (sheet, place, cells): the place is a row as ``row_of`` finds it, by the cells that it has; NEW is a copy of the
sheet's first row at the end, and cells of None are emptied. A mistake that a check finds names the check and the cell; what
follows from it is in ``also``. One that none finds says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from xlbangfu.schema import (
    ACTIVITIES,
    CALENDAR,
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    LOG,
    ORGANISATION,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    ROSTER,
    SCORES,
    SETTINGS,
    SUBJECTS,
    SUPPORT,
    TEACHERS,
    Defect,
    Table,
)

Frames = dict[Table, pl.DataFrame]
Place = dict[str, Any]
Change = tuple[Table, Place, dict[str, Any]]
NEW: Place = {"": "new"}
ORDINARY, TRACKED = "0250101", "0250122"  # of 初一1班
PUPIL: dict[str, Any] = {"学号": ORDINARY, "姓名": "徐家磊", "班级": "初一1班"}
LISTED: dict[str, Any] = {"学号": TRACKED, "姓名": "朱国勇", "班级": "初一1班"}
OTHER: dict[str, Any] = {"学号": "0250129", "姓名": "朱春菲", "班级": "初一1班"}  # cared for
FIRST, SECOND, THIRD, LAST = "2025上期中", "2025上期末", "2025下期中", "2025下期末"
MARK = {"考试编号": LAST, "学号": ORDINARY}
PAIRING = {"结对编号": "JD0005"}  # 一对一 of TRACKED
ENTRY, PHASE = {"记录编号": "JL000004"}, {"计划编号": "JH00001"}
NOBODY = "0999999"


@dataclass(frozen=True)
class Mistake:
    """``told`` is (check, column); the row is that of the first change, or ``at``, in its sheet or in ``on``."""

    changes: tuple[Change, ...]
    told: tuple[str, str | None] | None = None
    on: Table | None = None
    at: Place | None = None
    also: tuple[str, ...] = ()
    why_not: str = ""
    defect: tuple[Table, Place, str | None, str, str] | None = None
    remake: Callable[[Frames], Frames] | None = field(default=None, compare=False)


def row_of(frames: Frames, table: Table, place: Place) -> int:
    """The place from 0 of the first row that has these cells; NEW is the last."""
    frame = frames[table]
    if place is NEW:
        return frame.height - 1
    found = frame.with_row_index("_at").filter(pl.col(name) == value for name, value in place.items())
    return int(found["_at"][0])


def planted(frames: Frames, mistake: Mistake) -> Frames:
    """The frames with the mistake in them; those given stay as they are."""
    made = dict(frames)
    for table, place, cells in mistake.changes:
        frame = made[table]
        if place is NEW:
            first = frame.head(1) if frame.height else frame.clear(1)
            frame = made[table] = pl.concat([frame, first])
        row = row_of(made, table, place)
        made[table] = frame.with_columns(
            pl.when(pl.int_range(pl.len()) == row)
            .then(pl.lit(value, dtype=frame.schema[name]))
            .otherwise(name)
            .alias(name)
            for name, value in cells.items()
        )
    return mistake.remake(made) if mistake.remake else made


def once(table: Table, place: Place, told: str, also: tuple[str, ...] = (), **cells: Any) -> Mistake:
    """Cells of one row changed; the check names the first of them."""
    return Mistake(((table, place, cells),), (told, next(iter(cells))), also=also)


def setting(item: str, value: str, told: str, also: tuple[str, ...] = ()) -> Mistake:
    return Mistake(((SETTINGS, {"项目": item}, {"值": value}),), (told, "值"), also=also)


def unread(table: Table, place: Place, column: str, text: str, kind: str, told: str, emptied: bool = True) -> Mistake:
    changes = ((table, place, {column: None}),) if emptied else ()
    return Mistake(changes, (told, column), on=table, at=place, defect=(table, place, column, text, kind))


def unseen(why_not: str, *changes: Change, remake: Callable[[Frames], Frames] | None = None) -> Mistake:
    return Mistake(changes, why_not=why_not, remake=remake)


def exam_twice(frames: Frames) -> Frames:
    """The last exam under a second number, with its marks."""
    exam = frames[EXAMS].filter(pl.col("考试编号") == LAST).with_columns(pl.lit("期末考试").alias("考试编号"))
    marks = frames[SCORES].filter(pl.col("考试编号") == LAST).with_columns(pl.lit("期末考试").alias("考试编号"))
    return frames | {EXAMS: pl.concat([frames[EXAMS], exam]), SCORES: pl.concat([frames[SCORES], marks])}


def class_of_noughts(frames: Frames) -> Frames:
    here = (pl.col("班级") == "初一1班") & (pl.col("考试编号") == LAST)
    nought = pl.when(here & pl.col("语文").is_not_null()).then(0.0).otherwise("语文").alias("语文")
    return frames | {SCORES: frames[SCORES].with_columns(nought)}


def without_a_row(frames: Frames) -> Frames:
    gone = (pl.col("学号") == ORDINARY) & (pl.col("考试编号") == LAST)
    return frames | {SCORES: frames[SCORES].filter(~gone)}


def swapped_columns(frames: Frames) -> Frames:
    return frames | {SCORES: frames[SCORES].with_columns(pl.col("语文").alias("数学"), pl.col("数学").alias("语文"))}


def off_the_list(frames: Frames) -> Frames:
    frame = frames[ROSTER]
    emptied = ("帮扶类别", "困难类型", "重点", "列入日期")
    mine = pl.col("学号") == TRACKED
    return frames | {ROSTER: frame.with_columns(pl.when(~mine).then(name).alias(name) for name in emptied)}


MISTAKES: dict[str, Mistake] = {
    # 设置, 校历, 组织, 保障
    "a number of places that is a word": setting("每师上限", "很多", "V24"),
    "a share that is a word": setting("排查百分位", "百分之八", "V24"),
    "a setting that does not exist": Mistake(((SETTINGS, NEW, {"项目": "每师下限"}),), ("V24", "值")),
    "a setting typed twice": Mistake(((SETTINGS, NEW, {"项目": "每师上限", "值": "4"}),), ("V24", "值")),
    "a term that ends before it begins": setting("学期结束", "2026-01-01", "V25"),
    "a school year that ends before it begins": setting("学年结束", "2025-07-15", "V25"),
    "a wider line for 重点 than for the list": setting("重点百分位", "20%", "V69"),
    "mail by SMTP from nowhere": setting("发信方式", "SMTP", "V89"),
    "a student named in every mail": setting("邮件主题", "{班级}，徐家磊同学", "V91"),
    "a holiday of another year": once(CALENDAR, NEW, "V77", 日期=date(2024, 10, 1)),
    "a day of 校历 twice": Mistake(((CALENDAR, NEW, {}),), ("V22", "日期")),
    "a day of 校历 that is nothing": once(CALENDAR, {"日期": date(2026, 1, 1)}, "V15", 类别=None),
    "a member without a name": once(ORGANISATION, {"职务": "组长"}, "V15", 姓名=None),
    "money below nothing": once(SUPPORT, {"事项": "家访交通补助"}, "V20", 金额=-5.0),
    # 科目
    "a pass line above the line of excellence": Mistake(
        ((SUBJECTS, {"年级": "初一", "科目": "语文"}, {"及格线": 110.0}),), ("V26", "优秀线")),
    "a full mark of nothing": once(SUBJECTS, {"年级": "初一", "科目": "语文"}, "V19", ("V26",), 满分=0.0),
    "a subject of a 年级 that is none": once(SUBJECTS, {"年级": "初一", "科目": "语文"}, "V27", ("V101",), 年级="初—"),
    "a subject twice": Mistake(((SUBJECTS, NEW, {}),), ("V22", "科目")),
    "a subject written wrongly": once(SUBJECTS, {"年级": "初一", "科目": "语文"}, "V29", ("V101",), 科目="语闻"),
    "a subject that counts 是的": once(SUBJECTS, {"年级": "初一", "科目": "语文"}, "V17", 计入总分="是的"),
    # 教师, 班级, 口令
    "a 工号 twice": once(TEACHERS, NEW, "V22", 工号="0005"),
    "a role that is none": once(TEACHERS, {"工号": "0003"}, "V18", 角色="心理老师"),
    "a class taught that there is not": once(TEACHERS, {"工号": "0004"}, "V37", 任教班级="初三2班、初三9班"),
    "a subject taught that there is not": once(TEACHERS, {"工号": "0004"}, "V37", 任教科目="历使"),
    "one address for two": once(TEACHERS, {"工号": "0002"}, "V60", 邮箱="t0001@example.edu.cn"),
    "an address that is none": once(TEACHERS, {"工号": "0002"}, "V61", 邮箱="0002@学校"),
    "an address a slip away": once(TEACHERS, {"工号": "0002"}, "V88", 邮箱="t0002@qq.con"),
    "a homeroom teacher without address": once(TEACHERS, {"工号": "0005"}, "V62", 邮箱=None),
    "a limit below the load": once(TEACHERS, {"工号": "0005"}, "V59", 帮扶上限=0),
    "a teacher off duty who goes on helping": Mistake(
        ((TEACHERS, {"工号": "0002"}, {"在岗": "否"}),), ("V56", "教师"), on=PAIRINGS, at={"类型": "包班", "班级": "初一1班"}),
    "a class without homeroom teacher": once(CLASSES, {"班级": "初一1班"}, "V63", 班主任=None),
    "a homeroom teacher nobody knows": once(CLASSES, {"班级": "初一1班"}, "V37", 班主任="0099 无名"),
    "a homeroom teacher off duty": Mistake(
        ((TEACHERS, {"工号": "0006"}, {"在岗": "否"}),), ("V64", "班主任"), on=CLASSES, at={"班级": "初一2班"}, also=("V56",)),
    "a homeroom teacher of two classes": once(CLASSES, {"班级": "初一2班"}, "V109", 班主任="0005 龙启涵"),
    "a homeroom teacher without the role": Mistake(
        ((TEACHERS, {"工号": "0006"}, {"角色": "任课教师"}),), ("V108", "班主任"), on=CLASSES, at={"班级": "初一2班"}),
    "a class put into another 年级": once(CLASSES, {"班级": "初一1班"}, "V111", 年级="初二"),
    "a 年级 written otherwise": once(CLASSES, {"班级": "初一2班"}, "V92", ("V28",), 年级="七年级"),
    "a class renamed in 班级 alone": Mistake(
        ((CLASSES, {"班级": "初一1班"}, {"班级": "初一11班"}),), ("V38", "班级"), on=ROSTER, at={"学号": ORDINARY},
        also=("V36", "V37", "V65")),
    "a class that nobody teaches": once(CLASSES, NEW, "V65", ("V109",), 班级="初一8班"),
    "a short password": once(PASSWORDS, NEW, "V90", 口令="123", 班级="初一1班"),
    "one password for two classes": Mistake(
        ((PASSWORDS, NEW, {"班级": "初一1班", "口令": "abc-123"}), (PASSWORDS, NEW, {"班级": "初一2班", "口令": "abc-123"})),
        ("V110", "口令"), at=NEW),
    "a password for nobody": Mistake(((PASSWORDS, NEW, {"口令": "abc-123"}),), ("V113", "班级")),
    "a password of a teacher that there is not": once(PASSWORDS, NEW, "V36", 教师="0099 无名", 口令="abc-123"),
    "a password of a class that there is not": once(PASSWORDS, NEW, "V36", 班级="实验9班", 口令="abc-123"),
    # 名册, 档案
    "a 学号 twice": once(ROSTER, NEW, "V22", 学号="0250105", 姓名="徐二"),
    "a student in a class that there is not": once(ROSTER, {"学号": ORDINARY}, "V38", ("V34",), 班级="初一l班"),
    "a student without status": once(ROSTER, {"学号": ORDINARY}, "V16", 在籍状态=None),
    "a status that is none": once(ROSTER, {"学号": ORDINARY}, "V18", 在籍状态="在校"),
    "who left without a day": Mistake(
        ((ROSTER, {"学号": ORDINARY}, {"在籍状态": "转出"}),), ("V45", "异动日期")),
    "who is here with a day of leaving": once(ROSTER, {"学号": ORDINARY}, "V46", 异动日期=date(2026, 3, 1)),
    "who leaves tomorrow": Mistake(
        ((ROSTER, {"学号": ORDINARY}, {"在籍状态": "转出", "异动日期": date(2026, 7, 1)}),), ("V99", "异动日期")),
    "two of one name in one class": once(ROSTER, {"学号": "0250102"}, "V47", ("V112",), 姓名="徐家磊"),
    "tracked without 列入日期": once(ROSTER, {"学号": TRACKED}, "V48", 列入日期=None),
    "tracked without 困难类型": once(ROSTER, {"学号": TRACKED}, "V49", 困难类型=None),
    "tracked from a day to come": once(ROSTER, {"学号": TRACKED}, "V71", 列入日期=date(2026, 9, 1)),
    "off the list on a day to come": once(ROSTER, {"学号": TRACKED}, "V99", 退出日期=date(2026, 9, 1)),
    "off the list before on it": once(ROSTER, {"学号": TRACKED}, "V42", ("V84",), 退出日期=date(2025, 8, 1)),
    "off the list with a running pairing": Mistake(
        ((ROSTER, {"学号": TRACKED}, {"退出日期": date(2026, 3, 2)}),), ("V84", "状态"), on=PAIRINGS, at=PAIRING),
    "a difficulty without a category": Mistake(
        ((ROSTER, {"学号": ORDINARY}, {"困难类型": "学习"}),), ("V70", "帮扶类别")),
    "a category that is none": once(ROSTER, {"学号": TRACKED}, "V18", ("V70",), 帮扶类别="学因"),
    "a weak subject that there is not": once(ROSTER, {"学号": TRACKED}, "V37", 困难学科="语文、生悟"),
    "学习 without 困难学科": once(ROSTER, {"学号": TRACKED}, "V107", 困难学科=None),
    "a sex that is none": once(ROSTER, {"学号": ORDINARY}, "V18", 性别="男生"),
    "who left long ago": once(ROSTER, NEW, "V85", 异动日期=date(2021, 7, 1), 在籍状态="转出", 学号="0180101", 姓名="早走"),
    "tracked without a file": Mistake(
        ((FILES, {"学号": TRACKED}, PUPIL),), ("V50", "帮扶类别"), on=ROSTER, at={"学号": TRACKED}),
    "a second file of one student": Mistake(((FILES, NEW, {}),), ("V22", "学号")),
    # 结对, 计划
    "a pairing with a teacher nobody knows": once(PAIRINGS, PAIRING, "V36", 教师="0099"),
    "a pairing without teacher": once(PAIRINGS, PAIRING, "V52", 教师=None),
    "one student with two teachers": once(PAIRINGS, NEW, "V58", 教师="0004", 结对编号="JD9001"),
    "a tracked helper": once(PAIRINGS, NEW, "V53", 学习帮手=TRACKED, 结对编号="JD9002", 类型="学习帮手", **OTHER),
    "a helper of another class": once(
        PAIRINGS, NEW, "V54", 学习帮手="0250211", 结对编号="JD9002", 类型="学习帮手", **LISTED),
    "one who helps himself": once(
        PAIRINGS, NEW, "V55", ("V53",), 学习帮手=TRACKED, 结对编号="JD9002", 类型="学习帮手", **LISTED),
    "a helper nobody knows": once(PAIRINGS, NEW, "V36", 学习帮手=NOBODY, 结对编号="JD9002", 类型="学习帮手", **LISTED),
    "a pairing that ended and runs": Mistake(((PAIRINGS, PAIRING, {"结束日期": date(2026, 1, 20)}),), ("V72", "状态")),
    "a pairing that ends before it begins": once(PAIRINGS, PAIRING, "V42", ("V72",), 结束日期=date(2025, 8, 1)),
    "a pairing ended, and no other": Mistake(
        ((PAIRINGS, PAIRING, {"状态": "结束", "结束日期": date(2026, 3, 2)}),), ("V51", "帮扶类别"), on=ROSTER,
        at={"学号": TRACKED}),
    "a patron who is another in 班级": Mistake(
        ((CLASSES, {"班级": "初一1班"}, {"包班行政": "0004 王建岚"}),), ("V74", "教师"), on=PAIRINGS,
        at={"类型": "包班", "班级": "初一1班"}),
    "a pairing of a kind that is none": once(PAIRINGS, PAIRING, "V17", ("V51",), 类型="一帮一"),
    "a pairing of who left": Mistake(
        ((ROSTER, {"学号": TRACKED}, {"在籍状态": "转出", "异动日期": date(2026, 6, 29)}),), ("V57", "状态"), on=PAIRINGS,
        at=PAIRING),
    "a phase that ends before it begins": once(PLANS, PHASE, "V42", 结束=date(2026, 2, 1)),
    "a phase of another year": once(PLANS, PHASE, "V41", 开始=date(2024, 2, 23)),
    "a phase that nobody leads": once(PLANS, PHASE, "V37", 负责人="0099"),
    "a phase planned twice": once(PLANS, NEW, "V98", 阶段="摸底调查", 计划编号="JH99999"),
    "a phase that is none": once(PLANS, PHASE, "V17", 阶段="摸底"),
    # 记录
    "an entry of another year": once(LOG, ENTRY, "V41", 日期=date(2024, 9, 30)),
    "an entry of next week": once(LOG, ENTRY, "V99", 日期=date(2026, 7, 6)),
    "an entry of a kind that is none": once(LOG, ENTRY, "V17", 类型="谈话"),
    "an entry without content": once(LOG, ENTRY, "V16", 内容=None),
    "an entry by a teacher nobody knows": once(LOG, ENTRY, "V36", 教师="龙老师"),
    "an entry about a student nobody knows": once(LOG, ENTRY, "V32", 学号=NOBODY, 姓名=None, 班级=None),
    "an entry whose name is another's": once(LOG, ENTRY, "V112", 姓名="徐家磊"),
    "an entry about nobody": once(LOG, ENTRY, "V31", 学号=None, 姓名=None, 班级=None),
    "an entry about one of two namesakes": Mistake(
        ((ROSTER, {"学号": "0240101"}, {"姓名": "朱国勇"}), (LOG, ENTRY, {"学号": None, "姓名": "朱国勇", "班级": None})),
        ("V33", "姓名"), on=LOG, at=ENTRY, also=("V112",)),
    "an entry made twice": once(LOG, NEW, "V98", 日期=date(2025, 9, 22), 记录编号="JL999999"),
    "an entry with a number that another has": Mistake(((LOG, ENTRY, {"记录编号": "JL000001"}),), ("V22", "记录编号"),
        at={"日期": date(2025, 9, 30)}),
    "an effect of 9": once(LOG, ENTRY, "V20", 效果=9),
    "minutes below nothing": once(LOG, ENTRY, "V20", 时长=-5.0),
    "one of a group whom nobody knows": once(LOG, ENTRY, "V35", 学号=f"{TRACKED}、{NOBODY}", 姓名=None, 班级=None),
    "spoken to a neighbour": once(LOG, ENTRY, "V18", 沟通对象="邻居"),
    "an entry after the student left": Mistake(
        ((ROSTER, {"学号": "0250103"}, {"在籍状态": "转出", "异动日期": date(2026, 6, 25)}),
         (LOG, ENTRY, {"日期": date(2026, 6, 29), "学号": "0250103", "姓名": "张宇颖", "班级": "初一1班"})),
        ("V44", "日期"), on=LOG, at=ENTRY),
    # 考试
    "an exam without a day": once(EXAMS, {"考试编号": LAST}, "V15", ("V39",), 日期=None),
    "an exam in another term": once(EXAMS, {"考试编号": SECOND}, "V95", 学期="2024-2025上"),
    "an exam in the other half of the year": once(EXAMS, {"考试编号": SECOND}, "V95", ("V97",), 学期="2025-2026下"),
    "a monthly exam in a compulsory school": once(EXAMS, {"考试编号": THIRD}, "V67", 类型="月考"),
    "an exam of a kind that is none": once(EXAMS, {"考试编号": THIRD}, "V18", 类型="半期"),
    "a baseline that came later": once(EXAMS, {"考试编号": FIRST}, "V68", 基线考试=LAST),
    "a baseline that there is not": once(EXAMS, {"考试编号": LAST}, "V37", 基线考试="去年期末"),
    "an exam that nobody sat": once(EXAMS, NEW, "V66", ("V97",), 考试编号="补考"),
    "two 期中 in a term": once(EXAMS, {"考试编号": SECOND}, "V97", 类型="期中"),
    "one exam under two numbers": Mistake((), ("V96", "考试编号"), on=EXAMS, at={"考试编号": "期末考试"}, also=("V97",),
        remake=exam_twice),
    "an exam of next year": once(EXAMS, {"考试编号": LAST}, "V100", ("V95",), 日期=date(2052, 6, 24)),
    "an exam that names one 年级 of three": once(EXAMS, {"考试编号": LAST}, "V105", 年级="初一"),
    "an exam of a 年级 that there is not": once(EXAMS, {"考试编号": LAST}, "V27", 年级="初一、初四"),
    "an exam number twice": once(EXAMS, {"考试编号": SECOND}, "V22", ("V36",), 考试编号=FIRST),
    # 成绩
    "a mark above the full mark": once(SCORES, MARK, "V23", 语文=121.0),
    "a mark below nothing": once(SCORES, MARK, "V23", 语文=-1.0),
    "marks of an exam that there is not": once(SCORES, MARK, "V36", ("V106",), 考试编号="期末"),
    "marks of a student nobody knows": once(SCORES, MARK, "V32", ("V106",), 学号=NOBODY),
    "marks whose name is another's": once(SCORES, MARK, "V112", 姓名="吴泽玲"),
    "marks of one student twice": once(SCORES, MARK | {"学号": "0250102"}, "V22", ("V106",), **PUPIL),
    "marks of who had left": Mistake(
        ((ROSTER, {"学号": ORDINARY}, {"在籍状态": "转出", "异动日期": date(2026, 6, 1)}),), ("V43", "考试编号"), on=SCORES,
        at=MARK),
    "no row in the last exam": Mistake((), ("V106", "考试编号"), on=EXAMS, at={"考试编号": LAST}, remake=without_a_row),
    "noughts in everything": Mistake(
        ((SCORES, MARK, dict.fromkeys(("语文", "数学", "英语", "道德与法治", "历史", "地理", "生物"), 0.0)),), ("V102", "语文")),
    "a class of noughts": Mistake((), ("V103", "语文"), on=SCORES, at=MARK, remake=class_of_noughts),
    "a mark in a subject that the 年级 does not have": once(SCORES, MARK, "V101", 化学=50.0),
    "a class of the day in another 年级": once(SCORES, MARK, "V104", 考时班级="初三1班"),
    "a class of the day that there is not": once(SCORES, MARK, "V38", 考时班级="初一9班"),
    # 评价, 活动
    "a behaviour mark of 6": once(CONDUCT, {"月份": "2025-09", "学号": TRACKED}, "V19", 纪律=6.0),
    "a thirteenth month": once(CONDUCT, {"月份": "2025-09", "学号": TRACKED}, "V21", 月份="2025-13"),
    "a month to come": once(CONDUCT, {"月份": "2025-09", "学号": TRACKED}, "V99", 月份="2026-07"),
    "a month of last year": once(CONDUCT, {"月份": "2025-09", "学号": TRACKED}, "V41", 月份="2024-09"),
    "marked by a neighbour": once(CONDUCT, {"月份": "2025-09", "学号": TRACKED}, "V17", 评价人="邻居"),
    "one month marked twice": Mistake(((CONDUCT, NEW, {"纪律": 5.0}),), ("V22", "学号")),
    "an activity with a student nobody knows": once(ACTIVITIES, {"名称": "口算擂台"}, "V35", 参与学生=f"{TRACKED}、{NOBODY}"),
    "an activity without a day": once(ACTIVITIES, {"名称": "口算擂台"}, "V15", 日期=None),
    "an activity to come that has a result": once(ACTIVITIES, {"名称": "口算擂台"}, "V99", 日期=date(2026, 7, 2)),
    "an activity of a kind that is none": once(ACTIVITIES, {"名称": "口算擂台"}, "V17", 类型="擂台"),
    # What the read could not make of a cell
    "a 学号 that is a number": unread(LOG, ENTRY, "学号", "250122", Defect.NUMBER_AS_ID, "V08", emptied=False),
    "a mark that is a word": unread(SCORES, MARK, "语文", "优", Defect.NOT_A_MARK, "V11"),
    "a day that is a word": unread(LOG, ENTRY, "日期", "上周五", Defect.NOT_A_DATE, "V09"),
    "a mark typed as text": unread(SCORES, MARK, "语文", "112", Defect.NUMBER_AS_TEXT, "V13", emptied=False),
    "a day typed as text": unread(LOG, ENTRY, "日期", "2025年9月30日", Defect.DATE_AS_TEXT, "V14", emptied=False),
    "a formula that fails": unread(LOG, ENTRY, "教师", "#N/A", Defect.FORMULA_ERROR, "V07"),
    "merged cells": unread(ROSTER, {"学号": ORDINARY}, "姓名", "B2:B3", Defect.MERGED, "V05", emptied=False),
    # What no check can find
    "112 typed as 12": unseen("a mark that might be", (SCORES, MARK, {"语文": 12.0})),
    "a mark forgotten": unseen("未录 is allowed, 排名 lists it and 排查 says so", (SCORES, MARK, {"语文": None})),
    "two columns of marks exchanged": unseen("both are marks that might be", remake=swapped_columns),
    "the marks of two students exchanged": unseen(
        "both are marks that might be", (SCORES, MARK, {"语文": 83.5}), (SCORES, MARK | {"学号": "0250102"}, {"语文": 112.0})),
    "a full mark of 150 for 120": unseen(
        "lines and marks fit it", (SUBJECTS, {"年级": "初一", "科目": "语文"}, {"满分": 150.0})),
    "a pass line of 62 for 72": unseen("the lines are in order", (SUBJECTS, {"年级": "初一", "科目": "语文"}, {"及格线": 62.0})),
    "a subject that should not count": unseen(
        "the school decides what counts", (SUBJECTS, {"年级": "初一", "科目": "地理"}, {"计入总分": "否"})),
    "left-behind forgotten": unseen("only the home knows", (ROSTER, {"学号": "0250102"}, {"留守": None})),
    "列入日期 a month too early": unseen("a day that might be", (ROSTER, {"学号": TRACKED}, {"列入日期": date(2025, 10, 9)})),
    "a tracked student emptied out of the list": unseen("the list is the school's word", remake=off_the_list),
    "an entry about the wrong student": unseen("a student who might be", (LOG, ENTRY, PUPIL)),
    "an entry of the wrong day": unseen("a day that might be", (LOG, ENTRY, {"日期": date(2025, 10, 30)})),
    "an entry twice in other words": unseen("two talks of one day might be", (LOG, NEW, {"记录编号": "JL999999", "内容": "谈"})),
    "a telephone number with a digit too few": unseen(
        "abroad and short numbers differ", (FILES, {"学号": TRACKED}, {"联系电话": "1000000000"})),
    "a behaviour mark of 1 for 5": unseen("a mark that might be", (CONDUCT, {"学号": TRACKED, "月份": "2025-09"}, {"品德": 1.0})),
    "a holiday forgotten": unseen(
        "the State Council's days serve", remake=lambda frames: frames | {CALENDAR: frames[CALENDAR].slice(1)}),
    "a day of February put into either term": unseen(
        "both terms have days in February", (EXAMS, {"考试编号": SECOND}, {"日期": date(2026, 2, 6)})),
}  # fmt: skip
