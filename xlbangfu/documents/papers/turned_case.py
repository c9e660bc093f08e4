"""转化案例: students who left the list in this school year, each under another name, only where a guardian agreed. For outside.

No class, no day, no teacher and no home is told, and of the months only that they were these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from xlbangfu.documents.papers.blocks import Block, each, para, section, signed, title
from xlbangfu.documents.papers.help_figures import counted
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.privacy import LEFT_OUT, causes, goal
from xlbangfu.rules.contacts import COUNSELLING
from xlbangfu.rules.school import STUDENT
from xlbangfu.schema import CLASSES, EXAMS, FILES, ROSTER, TRACKED, YES

_NUMBERS = "一二三四五六七八九十"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_GOOD, _QUOTED = 4, 3  # 效果 of an entry that is told, and how many are
_WEEK = 7


def _words() -> Sequence[Block]:
    return (
        title("{{ 学校 }}{{ 学期 }}\n{{ 称谓 }}学生转化案例"),
        para("以下案例都用化名，监护人已经同意；不写班级、日期和家庭情况。"),
        *each(
            "例",
            "案例",
            (
                section("（{{ 例.序 }}）{{ 例.名 }}"),
                para("{{ 例.基本 }}"),
                para("主要难处：{{ 例.成因 }}"),
                para("做了什么：{{ 例.做法 }}"),
                *each("事", "例.事", (para("{{ 事 }}"),)),
                para("有什么变化：{{ 例.变化 }}"),
            ),
        ),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    settings = source.school.settings
    agreed = source.school[FILES].filter(pl.col("监护人同意") == YES)[STUDENT].drop_nulls()
    left = pl.col("退出日期").is_between(settings.year_start, source.school.today)
    rooms = source.school[CLASSES].select("班级", "年级").unique("班级", keep="first")
    turned = (
        source.school[ROSTER]
        .filter(pl.col("帮扶类别") == TRACKED, left, pl.col("学号").is_in(agreed.implode()))
        .join(rooms, on="班级", how="left")
        .sort("退出日期", "学号")
    )
    cases = [_case(source, row, at) for at, row in enumerate(turned.iter_rows(named=True))]
    return (Filled(values={"案例": cases}),) if cases else ()


def _case(source: Source, row: Mapping[str, Any], at: int) -> dict[str, Any]:
    first = row["列入日期"] or source.school.settings.year_start
    entries = source.helped(first, row["退出日期"]).filter(pl.col("学号") == row["学号"], pl.col("类型") != COUNSELLING)
    name = _other_name(at)
    subjects = f"，困难学科是{row['困难学科']}" if row["困难学科"] else ""
    return {
        "序": _NUMBERS[at] if at < len(_NUMBERS) else at + 1,
        "名": name,
        "基本": f"{name}，{row['年级'] or ''}学生，{row['困难类型'] or '学习'}困难{subjects}；"
        f"{_month(first)}列入帮扶，{_month(row['退出日期'])}经评估退出。",
        "成因": _why(source, row["成因"]) or "由执笔教师概括（档案里没有写，或者不宜写出）。",
        "做法": _how(entries, first, row["退出日期"]),
        "事": _events(source, entries),
        "变化": _change(source, row["学号"], first, row["退出日期"]),
    }


def _other_name(at: int) -> str:
    """A name that is nobody's.

    >>> _other_name(0), _other_name(11)
    ('小甲', '小乙2')
    """
    return f"小{_STEMS[at % len(_STEMS)]}{at // len(_STEMS) + 1 if at >= len(_STEMS) else ''}"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _told(source: Source, text: str | None) -> str:
    """Without the clauses that must not leave, and nothing where none is left."""
    return goal(text, source.school.settings.public_name).removesuffix(LEFT_OUT).strip("，,、；; ")


def _why(source: Source, text: str | None) -> str:
    return causes(text, source.school.settings.public_name).removesuffix(LEFT_OUT)


def _how(entries: pl.DataFrame, first: date, last: date) -> str:
    if not entries.height:
        return "这段时间没有留下记录，请执笔教师补上。"
    (made,) = counted(entries).values()
    weeks = max(1, (last - first).days // _WEEK)
    return f"{made.removesuffix('。')}，平均每周{entries.height / weeks:.1f}次。"


def _events(source: Source, entries: pl.DataFrame) -> list[str]:
    """What went well, the earliest first."""
    good = entries.filter(pl.col("效果") >= _GOOD, pl.col("内容").is_not_null()).sort("日期", "_entry")
    told = (_told(source, text) for text in good["内容"].unique(maintain_order=True).head(_QUOTED))
    return [text if text.endswith("。") else f"{text}。" for text in told if text]


def _change(source: Source, number: str, first: date, last: date) -> str:
    days = source.school[EXAMS].select("考试编号", "日期")
    sat = (
        source.ranking.filter(pl.col("学号") == number)
        .select("考试编号", "等级")
        .drop_nulls("等级")
        .join(days, on="考试编号")
        .sort("日期")
    )
    before, after = sat.filter(pl.col("日期") <= first), sat.filter(pl.col("日期") <= last)
    levels = (before if before.height else after.head(1))["等级"].tail(1).to_list() + after["等级"].tail(1).to_list()
    if len(levels) < 2:
        return "由执笔教师补写（没有两次可比的考试）。"
    return f"列入时总分等级是{levels[0]}，退出时{'还是' if levels[0] == levels[1] else '是'}{levels[1]}。"


TURNED_CASE = Paper(
    name="案例",
    title="帮扶转化案例",
    help="本学年退出帮扶、监护人同意的学生，用化名写成案例",
    readers=OUTSIDE,
    words=_words,
    fills=_fills,
    nothing="本学年还没有这样的学生：退出帮扶了，“档案”里“监护人同意”又是“是”。",
)
