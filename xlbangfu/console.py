"""The front page 控制台: its named cells, the formulas of its counts, and what to do next.

Every cell that changes has a defined name in the workbook. A count is a formula that any spreadsheet program keeps up
to date; ``counts`` gives the same number for programs that only read, from frames as they were read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from xlbangfu.schema import (
    AWARDS,
    CLASSES,
    EXAMS,
    FILES,
    LOG,
    ON_ROLL,
    ONE_TO_ONE,
    OUTBOX,
    PAIRINGS,
    PRIZES,
    PROBLEMS,
    ROSTER,
    RUNNING,
    SCORES,
    TEACHERS,
    TRACKED,
    YES,
    Table,
)
from xlbangfu.settings import Settings

TITLE = "控制台_标题"
NEXT = "控制台_下一步"
LAST_EXAM = "控制台_最近考试"
LAST_RUN = "控制台_上次操作"
RESULT = "控制台_上次结果"
TEXTS: dict[str, str] = {
    TITLE: "标题",
    NEXT: "下一步",
    LAST_EXAM: "最近考试",
    LAST_RUN: "上次操作",
    RESULT: "上次结果",
}


@dataclass(frozen=True, kw_only=True)
class Count:
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
        label="进步获奖",
        formula='=COUNTIFS(T_帮扶排名[奖项],"*等奖")',
        table=PRIZES,
        value=lambda frame: frame.filter(pl.col("奖项").str.ends_with("等奖")).height,
    ),
    Count(label="荣誉人次", formula="=COUNTA(T_荣誉[荣誉])", table=AWARDS, value=_filled("荣誉")),
    Count(label="待寄邮件", formula='=COUNTIFS(T_发件箱[状态],"待发")', table=OUTBOX, value=_equal(状态="待发")),
)


def counts(frames: Mapping[Table, pl.DataFrame]) -> dict[str, int]:
    """The numbers of the counts whose table is among the frames, by the name of their cell."""
    return {count.name: count.value(frames[count.table]) for count in COUNTS if count.table in frames}


def title(settings: Settings) -> str:
    """The heading of the front page."""
    return f"{settings.school}　学困生帮扶工作台　{settings.term}"


def last_exam(exams: pl.DataFrame, today: date) -> str:
    """The name and day of the latest exam up to today, or a word that there is none."""
    held = exams.filter(pl.col("日期") <= today, pl.col("名称").is_not_null()).sort("日期", maintain_order=True)
    if not held.height:
        return "还没有考试"
    name, day = held.select("名称", "日期").row(-1)
    return f"{name}（{day:%Y-%m-%d}）"


def next_step(frames: Mapping[Table, pl.DataFrame], *, pages_made: bool = False) -> str:
    """One sentence that says what to do now, from what the workbook holds."""

    def rows(table: Table) -> int:
        return frames[table].height if table in frames else 0

    errors = counts(frames).get("控制台_校验错误", 0)
    if not rows(CLASSES) or not rows(TEACHERS):
        return "先在“班级”“教师”两张表填好班级和老师，或者点“导入”读进学校已有的文件。"
    if not rows(ROSTER):
        return "在“名册”填好全校学生，或者点“导入”读进名册文件。"
    if errors:
        return f"“校验”里有 {errors} 个错误：点“单元格”一列跳过去，按“怎么改”改好，再点“校验”。"
    if not rows(SCORES):
        return "在“考试”登记考试，再点“导入”读进成绩文件。"
    if not pages_made:
        return "数据没有错误：考试之后点“一键完成”，刷新排名并做好班级页。"
    return "班级页已做好：交给各班主任看和填，填好的页收回后再继续。"
