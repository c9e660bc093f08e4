"""工作总结, for the term: what was done and what became of it, and what was not. For outside, without names of students."""

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
    note,
    para,
    part,
    section,
    signed,
    title,
    when,
)
from xlbangfu.documents.papers.dropout_figures import Dropouts, dropouts, listed_of_groups, told_outside
from xlbangfu.documents.papers.effect_words import effect_values, effect_words
from xlbangfu.documents.papers.help_figures import activities, by_kind, by_year, honours, opinions
from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper, tight
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.school_figures import pairings
from xlbangfu.documents.papers.year_columns import KINDS, YEARS
from xlbangfu.rules.head_questions import GOOD_RATE
from xlbangfu.rules.progress import STEPS
from xlbangfu.rules.school_report import Contacts, moved, whole_percent

_STEPS = (
    Column(head="进展", cell="{{ 行.进展 }}", width=78),
    Column(head="人数", cell="{{ 行.人 }}", width=78, align="right"),
)
_ACTIVITIES = (
    Column(head="类型", cell="{{ 行.类型 }}", width=60),
    Column(head="次数", cell="{{ 行.次 }}", width=48, align="right"),
    Column(head="参加（人次）", cell="{{ 行.人次 }}", width=48, align="right"),
)
_HONOURS = (
    Column(head="荣誉", cell="{{ 行.荣誉 }}", width=108),
    Column(head="人次", cell="{{ 行.人次 }}", width=48, align="right"),
)
_OPINIONS = (
    Column(head="谁的意见", cell="{{ 行.谁 }}", width=56),
    Column(head="学生数", cell="{{ 行.份 }}", width=40, align="right"),
    Column(head="帮扶满意度（5分）", cell="{{ 行.分 }}", width=60, align="right"),
)


def _words() -> Sequence[Block]:
    return (
        title("{{ 学校 }}{{ 学期 }}\n{{ 称谓 }}学生帮扶工作总结"),
        part("一、总体情况"),
        *when(
            "在帮扶 or 期初",
            (
                para(
                    "学期开始时我校在帮扶学生{{ 期初 }}人，到{{ 日期 }}在帮扶{{ 在帮扶 }}人，其中重点{{ 重点 }}人{{ 特殊群体句 }}；"
                    "本学期经评估退出帮扶{{ 已转化 }}人，辍学{{ 辍学 }}人。{{ 进步句 }}。"
                ),
                *when("年级", (caption("各年级情况（单位：人、项）"), Table(rows="年级", columns=YEARS))),
            ),
            (para("本学期我校没有列入帮扶的学生。"),),
        ),
        part("二、做了什么"),
        section("（一）结对"),
        para(
            "一对一结对{{ 结对学生 }}人，参加的教师{{ 结对教师 }}人；有学习帮手的{{ 有帮手 }}人，有代管家长的{{ 有代管 }}人；"
            "{{ 班级数 }}个班中有{{ 包班 }}个班由行政人员包班。"
        ),
        section("（二）日常帮扶"),
        *when(
            "总次数",
            (
                para("本学期共记下帮扶{{ 总次数 }}次，帮到{{ 总人数 }}人；应做{{ 应做 }}次，落实率{{ 落实率 }}。"),
                caption("各项做法"),
                Table(rows="做法表", columns=KINDS),
                note("次数是记录的条数；一次帮几名学生的，落实率里每人各算一次。应做只算到今天，还没到期的不算。"),
            ),
            (para("本学期还没有帮扶记录。"),),
        ),
        section("（三）活动"),
        *when(
            "活动",
            (para("本学期开展活动{{ 活动次数 }}次。"), caption("各类活动"), Table(rows="活动", columns=_ACTIVITIES)),
            (para("本学期还没有登记活动。"),),
        ),
        *when(
            "控辍",
            (
                section("（四）控辍保学"),
                para(
                    "本学期记下缺勤{{ 控辍.缺勤 }}条，有整天旷课的{{ 控辍.旷课 }}人；疑似辍学{{ 控辍.疑似 }}人，劝返{{ 控辍.劝返 }}次，"
                    "复学{{ 控辍.复学 }}人，转出{{ 控辍.转出 }}人，到{{ 日期 }}还在劝返{{ 控辍.劝返中 }}人。"
                ),
            ),
        ),
        part("三、效果怎样"),
        *when(
            "进展",
            (
                para("最近一次考试和基线考试相比，有成绩可比的{{ 可比 }}人，进展如下。"),
                caption("学生进展"),
                Table(rows="进展", columns=_STEPS),
            ),
            (para("还没有可比的两次考试，进展等下次考试后再看。"),),
        ),
        *when("有走势", (chart("走势图"),)),
        *when(
            "荣誉",
            (
                para("本学期在帮扶学生和全校学生一样评比，共得荣誉{{ 荣誉人次 }}人次。"),
                caption("本学期荣誉"),
                Table(rows="荣誉", columns=_HONOURS),
            ),
            (para("本学期的荣誉还没有确认。"),),
        ),
        section("（一）做法与效果"),
        *effect_words(),
        section("（二）家长和学生的意见"),
        *when(
            "意见",
            (caption("意见"), Table(rows="意见", columns=_OPINIONS)),
            (para("本学期收到意见的学生还不到5名，不列平均分。"),),
        ),
        part("四、问题和打算"),
        *when(
            "问题",
            each("项", "问题", (para("{{ 项 }}"),)),
            (para("应做的都做到了，没有过期；下学期照此坚持，把退出帮扶的学生继续关心好。"),),
        ),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    settings, report = source.school.settings, source.report
    first, today = settings.term_start, source.school.today
    kinds, done = by_kind(source, first, today), activities(source)
    steps, won = _steps(source), honours(source)
    away, of_groups = dropouts(source), listed_of_groups(source)
    trend = [(exam, float(whole_percent(rate) or 0)) for exam, rate in report.by_exam]
    values: dict[str, Any] = {
        "在帮扶": source.listed.height,
        "期初": report.tracked_before,
        "重点": source.keys,
        "特殊群体句": f"，特殊群体学生{of_groups}人" if told_outside(of_groups, source.listed.height) else "",
        "控辍": _away(away) if away.applies else {},
        "已转化": report.turned,
        "辍学": report.dropouts,
        "进步句": tight(moved(report)),
        "年级": by_year(source),
        **pairings(source),
        "总次数": source.helped(first, today)["_entry"].n_unique(),
        "总人数": source.helped(first, today)["学号"].n_unique(),
        "应做": report.contacts.owed,
        "落实率": _percent(report.contacts),
        "做法表": [_with_owed(source, row) for row in kinds],
        "活动": done,
        "活动次数": sum(row["次"] for row in done),
        "进展": steps,
        "可比": sum(row["人"] for row in steps),
        "有走势": len(trend) > 1,
        "走势图": NativeChart(title="有进步的占多少（%），按考试", bars=trend, earlier=True, unit='0"%"'),
        "荣誉": won,
        "荣誉人次": sum(row["人次"] for row in won),
        "意见": opinions(source),
        "问题": _problems(source, away),
        **effect_values(source),
    }
    return (Filled(values=values),)


def _steps(source: Source) -> list[dict[str, Any]]:
    """How many are at each step, the best first; none where nobody has two exams."""
    kinds = source.latest.filter(source.on_list)["进展"]
    counts = [{"进展": step, "人": int((kinds == step).sum())} for step in reversed(STEPS)]
    return counts if any(row["人"] for row in counts) else []


def _with_owed(source: Source, row: dict[str, Any]) -> dict[str, Any]:
    owed = Contacts.of(source.contacts.filter(pl.col("类型") == row["类型"]))
    return {**row, "应做": owed.owed or "—", "落实率": _percent(owed)}


def _percent(contacts: Contacts) -> str:
    share = whole_percent(contacts.rate)
    return "—" if share is None else f"{share}%"


def _away(figures: Dropouts) -> dict[str, int]:
    return {
        "缺勤": figures.absences,
        "旷课": figures.truants,
        "疑似": figures.suspected,
        "劝返": figures.visits,
        "复学": figures.back,
        "转出": figures.moved,
        "劝返中": figures.away,
    }


def _problems(source: Source, away: Dropouts) -> list[str]:
    """What the figures say is not well yet, and what is to be done about it; no student and no teacher is named."""
    report, found = source.report, []
    if report.contacts.overdue:
        found.append(
            f"还有{report.contacts.overdue}项帮扶过期，涉及{report.contacts.students}人。开学第一周逐人补上，每周五检查一次。"
        )
    least = [(kind, rate) for kind, rate in report.by_kind if rate < GOOD_RATE]
    if least:
        kind, rate = least[0]
        found.append(f"{kind}做得最少，落实率{whole_percent(rate)}%。下学期把它排进日程，由包班行政每月查一次。")
    alone = source.listed.height - pairings(source)["结对学生"]
    if alone:
        found.append(f"有{alone}名在帮扶学生还没有一对一的教师。开学两周内全部结对。")
    worse = [year for year in report.years if year.progress.worse > year.progress.better]
    if worse:
        names = "、".join(year.name for year in worse)
        found.append(f"{names}退步的比进步的多。由年级组会同任课教师找原因，调整方案。")
    if away.applies and away.away:
        found.append(f"还有{away.away}名学生在劝返。逐人落实责任人，劝返一次记一次，按规定上报。")
    if report.dropouts:
        found.append(f"本学期辍学{report.dropouts}人。继续劝返，每次上门、电话都记下来。")
    return [f"{number}．{text}" for number, text in enumerate(found, 1)]


WORK_SUMMARY = Paper(
    name="总结",
    title="帮扶工作总结",
    help="本学期的工作总结：做了什么、效果怎样、还有什么问题",
    readers=OUTSIDE,
    words=_words,
    fills=_fills,
)
