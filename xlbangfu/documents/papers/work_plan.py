"""工作计划, for the term: whom the school helps, who leads, what is done when, what it rests on. For outside, without names of
students."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlbangfu.documents.papers.blocks import Block, Column, Table, caption, para, part, section, signed, title, when
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.school_figures import (
    difficulties,
    events,
    hours,
    how_often,
    leaders,
    means,
    money,
    pairings,
    phases,
)
from xlbangfu.documents.papers.year_columns import EVENTS, LEADERS, MEANS

_OFTEN = (
    Column(head="做法", cell="{{ 行.做法 }}", width=44),
    Column(head="一般学生", cell="{{ 行.一般 }}", width=56, align="center"),
    Column(head="重点学生", cell="{{ 行.重点 }}", width=56, align="center"),
)
_PHASES = (
    Column(head="阶段", cell="{{ 行.阶段 }}", width=50),
    Column(head="起止", cell="{{ 行.起止 }}", width=106, align="center"),
)
_YEARS = (
    Column(head="年级", cell="{{ 行.年级 }}", width=78),
    Column(head="在帮扶（人）", cell="{{ 行.在帮扶 }}", width=78, align="right"),
)


def _words() -> Sequence[Block]:
    return (
        title("{{ 学校 }}{{ 学期 }}\n{{ 称谓 }}学生帮扶工作计划"),
        para(
            "为了不让一名学生掉队，做到早发现、有人帮、有计划、有记录、有回应，根据义务教育阶段学校的有关要求和我校实际，制定本计划。"
        ),
        part("一、基本情况"),
        *when(
            "在帮扶",
            (
                para(
                    "到{{ 日期 }}，我校在帮扶学生{{ 在帮扶 }}人，其中重点{{ 重点 }}人；按困难类型分，{{ 困难类型 }}。"
                    "已有{{ 结对学生 }}人和教师一对一结对，参加的教师{{ 结对教师 }}人；有学习帮手的{{ 有帮手 }}人，"
                    "有代管家长的{{ 有代管 }}人；{{ 班级数 }}个班中有{{ 包班 }}个班由行政人员包班。"
                ),
                caption("各年级帮扶学生"),
                Table(rows="年级", columns=_YEARS),
            ),
            (para("我校本学期还没有列入帮扶的学生，先按下面第四部分排查，再逐一结对。"),),
        ),
        part("二、工作目标"),
        para("（一）应帮的都有人帮。每名在帮扶学生有一名一对一的教师、一份档案、一份分阶段的计划。"),
        para("（二）该做的都做到。辅导、谈心、家访等按本计划第五部分的次数落实，过期的一周内补上。"),
        para("（三）学得进、留得住。每次考试后看每名学生自己的升降，不和别人比；控辍保学，不让一人失学。"),
        part("三、组织领导"),
        *when(
            "组织",
            (para("学校成立帮扶工作领导小组，分工如下。"), caption("领导小组"), Table(rows="组织", columns=LEADERS)),
            (para("学校成立帮扶工作领导小组，由校长任组长，成员和分工另行公布。"),),
        ),
        part("四、步骤安排"),
        para("帮扶分四个阶段，后两个阶段在学期内反复进行。"),
        *when("阶段", (caption("四个阶段"), Table(rows="阶段", columns=_PHASES))),
        para(
            "摸底调查：按成绩和行为表现排查，一生一档。制定方案：教师和学生一起定目标、措施。"
            "实施帮扶：按计划辅导、谈心、家访，随做随记。评估调整：看效果，好的坚持，不见效的换办法；达到条件的退出帮扶，继续关心。"
        ),
        part("五、主要措施"),
        section("（一）定时定次"),
        para("集中辅导时间为{{ 辅导时间 }}。各项做法的次数如下，每次考试后{{ 谈心天数 }}天内和每名学生谈一次心。"),
        *when("次数", (caption("各项做法的次数"), Table(rows="次数", columns=_OFTEN))),
        section("（二）四个优先，三方沟通"),
        para("对在帮扶学生在{{ 优先 }}上优先；和学生本人、在外的父母、家里的监护人三方都要说上话。"),
        section("（三）评价激励"),
        para(
            "每次考试后按自己比自己的进步评一、二、三等奖，比例为{{ 奖项比例 }}；期中评班级十星，期末评学业进步生和品德优秀生。"
        ),
        section("（四）家校同心"),
        para(
            "每学期至少家访一次，期末给每名学生的家长写一封信：先说好消息，再说家里能做什么。学生的成绩、名次和家庭情况不公开。"
        ),
        part("六、日程"),
        *when(
            "日程",
            (caption("本学期安排"), Table(rows="日程", columns=EVENTS)),
            (para("本学期的考试、活动安排定下后写入校历，另行通知。"),),
        ),
        part("七、保障"),
        *when(
            "保障",
            (
                *when(
                    "经费",
                    (para("本学期安排帮扶经费{{ 经费 }}元，专款专用；各项保障和风险预案如下。"),),
                    (para("各项保障和风险预案如下。"),),
                ),
                caption("保障与预案"),
                Table(rows="保障", columns=MEANS),
            ),
            (para("经费、场地和风险预案由总务处会同政教处落实，另行公布。"),),
        ),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    settings = source.school.settings
    shares = ":".join(f"{share * 100:g}" if share <= 1 else f"{share:g}" for share in settings.prize_shares)
    values: dict[str, Any] = {
        "在帮扶": source.listed.height,
        "重点": source.keys,
        "困难类型": difficulties(source),
        **pairings(source),
        "年级": [
            {"年级": name, "在帮扶": count}
            for name, count in source.listed.drop_nulls("年级").group_by("年级", maintain_order=True).len().iter_rows()
        ],
        "组织": leaders(source),
        "阶段": phases(source),
        "辅导时间": hours(source),
        "谈心天数": settings.talk_days,
        "次数": how_often(source),
        "优先": "、".join(settings.priorities),
        "奖项比例": shares,
        "日程": events(source),
        "保障": means(source),
        "经费": money(source),
    }
    return (Filled(values=values),)


WORK_PLAN = Paper(
    name="计划",
    title="帮扶工作计划",
    help="本学期的工作计划：帮谁、谁负责、什么时候做什么、靠什么保障",
    readers=OUTSIDE,
    words=_words,
    fills=_fills,
    by_marks=False,
)
