"""月度简报, for the 交流会: who moved, what is overdue, what others can learn from. An inside paper, with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.papers.blocks import (
    Block,
    Column,
    Table,
    caption,
    chart,
    each,
    mark,
    note,
    para,
    part,
    section,
    signed,
    title,
    when,
)
from xlbangfu.documents.papers.effect_words import effect_values, effect_words
from xlbangfu.documents.papers.help_figures import by_kind, by_year, cases, late_students, movers
from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.paper import OFFICE, Filled, Paper, tight
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.year_columns import YEARS
from xlbangfu.house_look import CONFIDENTIAL
from xlbangfu.rules.school_report import moved
from xlbangfu.schema import CALENDAR

_SHOWN = 12  # students of a table

_MOVERS = (
    Column(head="学生", cell="{{ 行.姓名 }}", width=28),
    Column(head="班级", cell="{{ 行.班级 }}", width=30),
    Column(head="变化（百分点）", cell="{{ 行.变化 }}", width=36, align="right"),
    Column(head="谁来帮", cell="{{ 行.教师 }}", width=34),
    Column(head="这段做了", cell="{{ 行.做了 }}", width=28, align="right"),
)
_LATE = (
    Column(head="学生", cell="{{ 行.姓名 }}", width=24),
    Column(head="班级", cell="{{ 行.班级 }}", width=26),
    Column(head="谁来做", cell="{{ 行.教师 }}", width=32),
    Column(head="补什么（几天没有做）", cell="{{ 行.补 }}", width=74),
)


def _words() -> Sequence[Block]:
    return (
        mark(CONFIDENTIAL),
        title("{{ 学校 }}{{ 称谓 }}学生帮扶简报\n（{{ 月份 }}）"),
        part("一、本月情况"),
        para(
            "到{{ 日期 }}，全校在帮扶学生{{ 在帮扶 }}人，其中重点{{ 重点 }}人；{{ 结论 }}。"
            "{{ 月份 }}共记下帮扶{{ 本月次数 }}次，帮到{{ 本月人数 }}人。"
        ),
        *when("年级", (caption("各年级情况（单位：人、项）"), Table(rows="年级", columns=YEARS))),
        *when("有图", (chart("帮扶图"),), (para("{{ 月份 }}还没有帮扶记录，请各位教师把做过的补记到“记录”里。"),)),
        part("二、谁有变化"),
        *when(
            "进步",
            (
                para("最近一次考试和基线考试相比，全校排位上升最多的{{ 进步|length }}人如下。"),
                caption("进步明显的学生"),
                Table(rows="进步", columns=_MOVERS),
            ),
            (para("还没有可比的考试，或者还没有进步达到「进展线」的学生。"),),
        ),
        *when(
            "退步",
            (
                para(
                    "退步的有{{ 退步人数 }}人（位置下降，或者行为评价降了一档），请教师一周内谈一次心，看看难在哪里。"
                ),
                caption("要多留心的学生"),
                Table(rows="退步", columns=_MOVERS),
            ),
        ),
        part("三、什么过期了"),
        *when(
            "过期",
            (
                para("过期{{ 过期项 }}项，涉及{{ 过期人 }}人，最久的排在前面，请在一周内补上。"),
                caption("过期的帮扶"),
                Table(rows="过期", columns=_LATE),
                *when(
                    "过期人 > 过期|length",
                    (note("还有{{ 过期人 - 过期|length }}人，见总表“落实”；心理咨询由心理教师另外安排，这里不列。"),),
                ),
            ),
            (para("没有过期的帮扶，该做的都做到了。"),),
        ),
        part("四、可以学的做法"),
        *when(
            "做法例",
            each("例", "做法例", (section("（{{ 例.序 }}）{{ 例.题 }}"), para("{{ 例.文 }}"))),
            (para("本月还没有效果记为5分的记录，也没有进步显著的学生可以举例。"),),
        ),
        part("五、做法与效果"),
        *effect_words(),
        part("六、下月安排"),
        *when(
            "安排",
            each("项", "安排", (para("{{ 项 }}"),)),
            (para("“校历”里还没有下个月的安排。下月照常：每周辅导、谈心、作业面批，月末交流一次。"),),
        ),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    if not source.listed.height:
        return ()
    kinds, month = by_kind(source, source.month, source.month_end), f"{source.month.year}年{source.month.month}月"
    late, (up, down) = late_students(source), movers(source)
    bars = [(str(row["类型"]), float(row["次"])) for row in kinds if row["次"]]
    values: dict[str, Any] = {
        "月份": month,
        "在帮扶": source.listed.height,
        "重点": source.keys,
        "结论": tight(moved(source.report)),
        "本月次数": sum(int(row["次"]) for row in kinds),
        "本月人数": source.helped_in_month,
        "年级": by_year(source),
        "有图": bool(bars),
        "帮扶图": NativeChart(title=f"{month}做了多少次（次）", bars=bars),
        "进步": up[:_SHOWN],
        "退步": down[:_SHOWN],
        "退步人数": len(down),
        "过期": late[:_SHOWN],
        "过期项": source.report.contacts.overdue,
        "过期人": source.report.contacts.students,
        "做法例": cases(source, up),
        "安排": _coming(source),
        **effect_values(source),
    }
    return (Filled(values=values, label=f"{source.month:%Y-%m}"),)


def _coming(source: Source) -> list[str]:
    """校历 after the month, of the next one."""
    first, last = source.next_month
    days = source.school[CALENDAR].filter(pl.col("日期").is_between(first, last)).sort("日期")
    return [
        f"{day.month}月{day.day}日：{kind}{f'，{text}' if text else ''}。"
        for day, kind, text in days.select("日期", "类别", "说明").iter_rows()
    ]


BRIEFING = Paper(
    name="简报",
    title="帮扶简报",
    help="给交流会的月度简报：谁有变化，什么过期了，哪些做法可以学；有学生姓名，内部用",
    readers=OFFICE,
    words=_words,
    fills=_fills,
    nothing="名册里还没有在帮扶的学生，先点“排查”，看过打 √，再点“采纳排查”。",
)
