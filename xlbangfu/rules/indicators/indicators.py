"""Every indicator of a return, declared once: docs/indicators.md lists them, a test compares.

An indicator is a count (分子), most of them beside what it is a part of (分母). Marks and places are none of them: schools are
never ranked by marks. ``within`` is the indicator whose count is the 分母; where both are split by 特殊群体, every student
in the one is in the other.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.schema import ROSTER

WHOLE = "全校"
GIVEN, HIDDEN, NO_TABLE, NOT_FILLED = "", "不给", "无此表", "没有填"
FROM_COLUMNS = ("留守", "家庭困难")  # 名册's columns of 是 or 否
GROUPS = (*FROM_COLUMNS, *ROSTER["特殊群体"].choices)
FIGURES: dict[str, pl.DataType] = {  # a return's rows; 截至 is the day of the number, 说明 why there is none
    "编号": pl.String(),
    "指标": pl.String(),
    "群体": pl.String(),
    "分子": pl.Int64(),
    "分母": pl.Int64(),
    "截至": pl.Date(),
    "说明": pl.String(),
}


class Indicator(Struct, frozen=True, kw_only=True):
    """``counts`` says what 分子 is, ``of`` what 分母 is (empty: there is none).

    ``split`` says that it is told by 特殊群体 too, ``grows`` that it only ever grows in a term. ``good`` is 1 where more is
    better, −1 where less is, 0 where neither.
    """

    number: str
    name: str
    block: str
    counts: str
    of: str = ""
    within: str = ""
    split: bool = False
    grows: bool = False
    good: int = 0


_DROPOUTS, _SUPPORT, _WORK = "控辍保学", "帮扶情况", "帮扶工作"
INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        number="K1",
        name="本学期辍学",
        block=_DROPOUTS,
        counts="在籍状态是辍学、异动日期在本学期开始到统计日的学生",
        of="学期开始前一天在籍的学生",
        split=True,
        grows=True,
        good=-1,
    ),
    Indicator(
        number="K2",
        name="疑似辍学",
        block=_DROPOUTS,
        counts="“劝返”里疑似日期在本学期的学生，一人算一次",
        split=True,
        grows=True,
        good=-1,
    ),
    Indicator(
        number="K3",
        name="劝返后复学",
        block=_DROPOUTS,
        counts="疑似辍学的学生中，“劝返”里结果是复学的",
        of="疑似辍学的学生（K2）",
        within="K2",
        split=True,
        grows=True,
        good=1,
    ),
    Indicator(
        number="K4",
        name="劝返次数",
        block=_DROPOUTS,
        counts="“劝返”里劝返日期在本学期的行，一次上门或电话一行",
        grows=True,
    ),
    Indicator(number="B1", name="在籍学生", block=_SUPPORT, counts="统计日在籍的学生", split=True),
    Indicator(
        number="B2",
        name="帮扶学生",
        block=_SUPPORT,
        counts="统计日在籍、列入帮扶名单、还没有退出的学生",
        of="在籍学生（B1）",
        within="B1",
        split=True,
    ),
    Indicator(
        number="B3",
        name="重点帮扶学生",
        block=_SUPPORT,
        counts="帮扶学生中“重点”是“是”的",
        of="帮扶学生（B2）",
        within="B2",
        split=True,
    ),
    Indicator(
        number="B4",
        name="本学期转化",
        block=_SUPPORT,
        counts="本学期帮扶过的学生中，退出日期在本学期开始到统计日、仍在籍的",
        of="本学期有一天以上在帮扶的学生",
        grows=True,
        good=1,
    ),
    Indicator(
        number="B5",
        name="有进步",
        block=_SUPPORT,
        counts="“进展”里最近有成绩可比的那一行是进步、显著进步的帮扶学生",
        of="“进展”里有成绩可比的帮扶学生",
        good=1,
    ),
    Indicator(
        number="B6",
        name="退步",
        block=_SUPPORT,
        counts="“进展”里最近有成绩可比的那一行是退步的帮扶学生",
        of="“进展”里有成绩可比的帮扶学生",
        good=-1,
    ),
    Indicator(
        number="G1",
        name="有帮扶教师",
        block=_WORK,
        counts="帮扶学生中有执行着的一对一结对的",
        of="帮扶学生（B2）",
        within="B2",
        good=1,
    ),
    Indicator(
        number="G2",
        name="有档案",
        block=_WORK,
        counts="帮扶学生中“档案”有一行的",
        of="帮扶学生（B2）",
        within="B2",
        good=1,
    ),
    Indicator(
        number="G3",
        name="有本学期计划",
        block=_WORK,
        counts="帮扶学生中“计划”有一行与本学期重合的",
        of="帮扶学生（B2）",
        within="B2",
        good=1,
    ),
    Indicator(
        number="G4",
        name="家访过",
        block=_WORK,
        counts="帮扶学生中本学期“记录”有家访的",
        of="帮扶学生（B2）",
        within="B2",
        good=1,
    ),
    Indicator(
        number="G5",
        name="帮扶落实",
        block=_WORK,
        counts="“落实”各行已做的次数，每行最多算到应做",
        of="“落实”各行应做的次数",
        good=1,
    ),
    Indicator(
        number="G6",
        name="参加帮扶的教师",
        block=_WORK,
        counts="在岗教师中有执行着的一对一结对的",
        of="在岗教师",
        good=1,
    ),
    Indicator(
        number="G7", name="有包班行政的班", block=_WORK, counts="“班级”里包班行政填了的班", of="“班级”里的班", good=1
    ),
    Indicator(number="G8", name="本学期活动", block=_WORK, counts="“活动”里日期在本学期开始到统计日的行", grows=True),
)
BY_NUMBER = {indicator.number: indicator for indicator in INDICATORS}
SPLIT = tuple(indicator for indicator in INDICATORS if indicator.split)


def ancestors(indicator: Indicator) -> list[Indicator]:
    """What it is within, the nearest first."""
    found: list[Indicator] = []
    while indicator.within:
        indicator = BY_NUMBER[indicator.within]
        found.append(indicator)
    return found
