"""The front page 控制台: its named cells, the formulas of its counts, and what to do next.

Every cell that changes has a defined name in the workbook. A count is a formula that any spreadsheet program keeps up
to date; ``counts`` gives the same number for programs that only read, from frames as they were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

import polars as pl
from msgspec import Struct

from xlbangfu.front_page import figures
from xlbangfu.front_page.next_step import next_step as next_step
from xlbangfu.front_page.next_step import proposed as proposed
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.risks import RESOLVED, RISK, open_risks
from xlbangfu.rules.screening_words import STAYS
from xlbangfu.rules.special_groups import FLAGS, GROUP, members
from xlbangfu.schema import (
    AWARDS,
    CLASSES,
    CONTACTS,
    EXAMS,
    FILES,
    HONOURS,
    LOG,
    ON_ROLL,
    ONE_TO_ONE,
    ORGANISATION,
    OUTBOX,
    PAIRINGS,
    PRIZES,
    PROBLEMS,
    PROGRESS,
    PROPOSALS,
    ROSTER,
    RUNNING,
    SCORES,
    SCREENING,
    SEPARATOR,
    SUPPORT,
    TABLES,
    TEACHERS,
    TRACKED,
    YES,
    Table,
)
from xlbangfu.settings import Settings

TITLE = "控制台_标题"
WHEN = "控制台_日期"
NEXT = "控制台_下一步"
GO = "控制台_看哪张表"
AWAY = "控制台_收起的表"
LAST_EXAM = "控制台_最近考试"
OFFICE = "控制台_组织保障"
LAST_RUN = "控制台_上次操作"
RESULT = "控制台_上次结果"
SAVED = "控制台_保存"
TEXTS: dict[str, str] = {
    TITLE: "标题",
    WHEN: "学期和日期",
    NEXT: "下一步",
    GO: "看哪张表",
    AWAY: "收起的表",
    LAST_EXAM: "最近考试",
    OFFICE: "组织与保障",
    LAST_RUN: "上次操作",
    RESULT: "上次结果",
    SAVED: "保存",
}


class Count(Struct, frozen=True, kw_only=True):
    """One number of the front page: its caption, its formula, and the same number from a frame."""

    label: str
    formula: str
    table: Table
    value: Callable[[pl.DataFrame], int]

    @property
    def name(self) -> str:
        """The defined name of the cell."""
        return f"控制台_{self.label}"


def _filled(*columns: str) -> Callable[[pl.DataFrame], int]:
    def count(frame: pl.DataFrame) -> int:
        if len(columns) == 1:
            return frame[columns[0]].count()
        return frame.filter(pl.any_horizontal(pl.col(column).is_not_null() for column in columns)).height

    return count


def _equal(**wanted: str | None) -> Callable[[pl.DataFrame], int]:
    def count(frame: pl.DataFrame) -> int:
        return frame.filter(
            *(
                pl.col(column).is_null() if value is None else pl.col(column) == value
                for column, value in wanted.items()
            )
        ).height

    return count


KEY_ONLY = f'T_名册[重点],"{YES}"'


def _tracked(*more: str) -> str:
    return ",".join((f'T_名册[帮扶类别],"{TRACKED}"', f'T_名册[在籍状态],"{ON_ROLL}"', 'T_名册[退出日期],""', *more))


HEAD = "组长"
OPEN_RISK = ",".join(
    (
        f'T_保障[类别],"{RISK}",T_保障[事项],"<>",T_保障[责任人],""',
        *(f'T_保障[状态],"<>{word}"' for word in RESOLVED),
    )
)


def _bare(proposals: pl.DataFrame, filled: str) -> int:
    """How many rows nobody has ticked, or said no in, yet."""
    return proposals.filter(pl.col(filled).is_not_null(), pl.col("采纳").is_null()).height


def _of_last_day(awards: pl.DataFrame) -> int:
    """How many honours were given on the latest day that there were any."""
    given = awards.drop_nulls("日期")
    return given.filter(pl.col("日期") == pl.col("日期").max(), pl.col("荣誉").is_not_null()).height


COUNTS: tuple[Count, ...] = (
    Count(label="班级数", formula="=COUNTA(T_班级[班级])", table=CLASSES, value=_filled("班级")),
    Count(label="在岗教师", formula=f'=COUNTIFS(T_教师[在岗],"{YES}")', table=TEACHERS, value=_equal(在岗=YES)),
    Count(
        label="在读学生",
        formula=f'=COUNTIFS(T_名册[在籍状态],"{ON_ROLL}")',
        table=ROSTER,
        value=_equal(在籍状态=ON_ROLL),
    ),
    Count(
        label="帮扶学生",
        formula=f"=COUNTIFS({_tracked()})",
        table=ROSTER,
        value=_equal(帮扶类别=TRACKED, 在籍状态=ON_ROLL, 退出日期=None),
    ),
    Count(
        label="其中重点",
        formula=f"=COUNTIFS({_tracked(KEY_ONLY)})",
        table=ROSTER,
        value=_equal(帮扶类别=TRACKED, 在籍状态=ON_ROLL, 退出日期=None, 重点=YES),
    ),
    Count(
        label="档案份数",
        formula='=SUMPRODUCT(--((T_档案[学号]<>"")+(T_档案[姓名]<>"")>0))',
        table=FILES,
        value=_filled("学号", "姓名"),
    ),
    Count(
        label="一对一结对",
        formula=f'=COUNTIFS(T_结对[类型],"{ONE_TO_ONE}",T_结对[状态],"{RUNNING}")',
        table=PAIRINGS,
        value=_equal(类型=ONE_TO_ONE, 状态=RUNNING),
    ),
    Count(label="帮扶记录", formula="=COUNTA(T_记录[日期])", table=LOG, value=_filled("日期")),
    Count(label="考试次数", formula="=COUNTA(T_考试[考试编号])", table=EXAMS, value=_filled("考试编号")),
    Count(label="成绩行数", formula="=COUNTA(T_成绩[考试编号])", table=SCORES, value=_filled("考试编号")),
    Count(label="校验错误", formula='=COUNTIFS(T_校验[级别],"错误")', table=PROBLEMS, value=_equal(级别="错误")),
    Count(label="校验警告", formula='=COUNTIFS(T_校验[级别],"警告")', table=PROBLEMS, value=_equal(级别="警告")),
    Count(
        label="过期帮扶",
        formula=f'=COUNTIFS(T_落实[是否过期],"{YES}")',
        table=CONTACTS,
        value=_equal(是否过期=YES),
    ),
    Count(
        label="进步获奖",
        formula='=COUNTIFS(T_帮扶排名[奖项],"*等奖")',
        table=PRIZES,
        value=lambda frame: frame.filter(pl.col("奖项").str.ends_with("等奖")).height,
    ),
    Count(label="建议转化", formula=f'=COUNTIFS(T_进展[建议转化],"{YES}")', table=PROGRESS, value=_equal(建议转化=YES)),
    Count(
        label="建议列入",
        formula='=COUNTIFS(T_排查[变化],"新增",T_排查[建议类别],"学困")',
        table=SCREENING,
        value=_equal(变化="新增", 建议类别=TRACKED),
    ),
    Count(
        label="排查待看",
        formula=f'=COUNTIFS(T_排查[学号],"<>",T_排查[变化],"<>{STAYS}",T_排查[采纳],"")',
        table=SCREENING,
        value=lambda frame: _bare(frame.filter(pl.col("变化") != STAYS), "学号"),
    ),
    Count(
        label="结对待看",
        formula='=COUNTIFS(T_结对建议[类型],"<>",T_结对建议[采纳],"")',
        table=PROPOSALS,
        value=lambda frame: _bare(frame, "类型"),
    ),
    Count(
        label="评优待看",
        formula='=COUNTIFS(T_评优[荣誉],"<>",T_评优[采纳],"")',
        table=HONOURS,
        value=lambda frame: _bare(frame, "荣誉"),
    ),
    Count(label="荣誉人次", formula="=COUNTA(T_荣誉[荣誉])", table=AWARDS, value=_filled("荣誉")),
    Count(
        label="最近荣誉",
        formula='=IF(COUNT(T_荣誉[日期])=0,0,COUNTIFS(T_荣誉[日期],MAX(T_荣誉[日期]),T_荣誉[荣誉],"<>"))',
        table=AWARDS,
        value=_of_last_day,
    ),
    Count(label="风险缺人", formula=f"=COUNTIFS({OPEN_RISK})", table=SUPPORT, value=open_risks),
    Count(label="待寄邮件", formula='=COUNTIFS(T_发件箱[状态],"待发")', table=OUTBOX, value=_equal(状态="待发")),
)


def _of_group(column: str, wanted: str, formula: str) -> Count:
    """How many students on the roll belong to one of the special groups."""
    return Count(
        label=wanted,
        formula=f'=COUNTIFS(T_名册[{column}],"{formula}",T_名册[在籍状态],"{ON_ROLL}")',
        table=ROSTER,
        value=lambda roster: _of_groups(roster)[wanted],
    )


def _of_groups(roster: pl.DataFrame) -> Counter[str]:
    """How many students on the roll belong to each of the special groups."""
    return Counter(members(roster.filter(pl.col("在籍状态") == ON_ROLL, pl.col("学号").is_not_null()))[GROUP])


GROUP_COUNTS: tuple[Count, ...] = (
    *(_of_group(flag, flag, YES) for flag in FLAGS),
    *(_of_group(GROUP, name, f"*{name}*") for name in ROSTER[GROUP].choices),
)
EVERY_COUNT = (*COUNTS, *GROUP_COUNTS)


@asks_much
def counts(frames: Mapping[Table, pl.DataFrame]) -> dict[str, int]:
    """The numbers of the counts whose table is among the frames, by the name of their cell."""
    found = {count.name: count.value(frames[count.table]) for count in COUNTS if count.table in frames}
    if ROSTER in frames:
        groups = _of_groups(frames[ROSTER])
        found |= {count.name: groups[count.label] for count in GROUP_COUNTS}
    return found


def title(settings: Settings) -> str:
    """The heading of the front page."""
    return f"{settings.school}　学困生帮扶工作台"


def when(settings: Settings, today: date) -> str:
    """The term, its week and the day for which the page speaks; before the term and after it there is no week."""
    inside = settings.term_start <= today <= settings.term_end
    first = settings.term_start - timedelta(days=settings.term_start.weekday())
    week = f"　第 {(today - first).days // 7 + 1} 周" if inside else ""
    return f"{settings.term}{week}　{today:%Y-%m-%d}"


def texts(frames: Mapping[Table, pl.DataFrame], today: date) -> dict[str, str]:
    """The texts that come from the sheets, of those whose sheets are among the frames."""
    found = figures.lines(frames)
    if EXAMS in frames:
        found[LAST_EXAM] = last_exam(frames[EXAMS], today)
    if ORGANISATION in frames and SUPPORT in frames:
        found[OFFICE] = office(frames[ORGANISATION], frames[SUPPORT])
    return found


def away(hidden: Iterable[Table]) -> str:
    """The hidden sheets as links look them up: 、落实、进展、."""
    names = [table.name for table in TABLES if table in set(hidden)]
    return SEPARATOR + "".join(f"{name}{SEPARATOR}" for name in names)


def office(organisation: pl.DataFrame, support: pl.DataFrame) -> str:
    """Who leads, and the running risks that nobody answers for."""
    heads = organisation.filter(pl.col("职务") == HEAD)["姓名"].drop_nulls().to_list()
    led = f"组长 {SEPARATOR.join(heads)}" if heads else "还没有组长，请在“组织”填上"
    risks = open_risks(support)
    return f"{led}；{risks} 项风险没有责任人，请在“保障”填上" if risks else led


def last_exam(exams: pl.DataFrame, today: date) -> str:
    """The name and day of the latest exam up to today, or a word that there is none."""
    held = exams.filter(pl.col("日期") <= today, pl.col("名称").is_not_null()).sort("日期", maintain_order=True)
    if not held.height:
        return "还没有考试"
    name, day = held.select("名称", "日期").row(-1)
    return f"{name}（{day:%Y-%m-%d}）"
