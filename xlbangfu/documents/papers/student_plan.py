"""一生一策: a page for each student on the list, one file a class: why, to what end, what is done by whom, signatures.

Parents and the student sign it, so it has levels and no places, of 成因 and plans only what may be told (``privacy``), and
no other student's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.papers.blocks import Block, Column, Grid, Table, Text, chart, each, when
from xlbangfu.documents.papers.goal_chart import goal_charts
from xlbangfu.documents.papers.help_figures import counted
from xlbangfu.documents.papers.paper import HOME, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.paper_styles import FORM
from xlbangfu.documents.privacy import causes, goal
from xlbangfu.rules.progress import UNKNOWN
from xlbangfu.rules.responsible import HOMEROOM, looked_after
from xlbangfu.rules.school import STUDENT
from xlbangfu.rules.targets import level_aims
from xlbangfu.schema import EXAMS, PAIRINGS, PLANS, RUNNING, YES

_LABEL, _WIDE = 22.0, 148.0
_LINE = "＿＿＿＿＿＿＿＿"
_BLANK = "（待填）"
_AT_HOME = "每天问一句今天学会了什么；有事先和帮扶教师说一声。"

_STAGES = (
    Column(head="阶段", cell="{{ 行.阶段 }}", width=22),
    Column(head="起止", cell="{{ 行.起止 }}", width=34),
    Column(head="措施", cell="{{ 行.措施 }}", width=62),
    Column(head="谁负责", cell="{{ 行.谁 }}", width=20),
    Column(head="完成与效果", cell="{{ 行.效果 }}", width=32),
)


def _words() -> Sequence[Block]:
    return each(
        "生",
        "学生",
        (
            Text("表单标题", "{{ 学校 }}一生一策帮扶方案"),
            Text("表单说明", "{{ 学期 }}　　到{{ 日期 }}"),
            Grid(
                cells=(
                    _three("姓名", "班级", "性别"),
                    _three("困难类型", "困难学科", "列入日期"),
                    _three("帮扶教师", "班主任", "学习帮手"),
                    _one("现在怎样"),
                    _one("难在哪里"),
                    _one("目标"),
                ),
                height=8,
            ),
            *when("生.走势", (chart("生.走势"),)),
            *when(
                "生.阶段",
                (Table(rows="生.阶段", columns=_STAGES),),
                (Text("表单说明", "还没有分阶段的计划：点“制定计划”，或者在下面写。"),),
            ),
            Grid(cells=(_one("已经做的"), (("家里配合", _LABEL), (_AT_HOME, _WIDE))), height=8),
            Grid(
                cells=(
                    (("帮扶教师签名", 32), (_LINE, 53), ("班主任签名", 32), (_LINE, 53)),
                    (("学生签名", 32), (_LINE, 53), ("家长签名", 32), (_LINE, 53)),
                ),
                height=11,
            ),
        ),
    )


def _three(*names: str) -> tuple[tuple[str, float], ...]:
    widths = (33.0, 35.0, 36.0)
    return tuple(
        cell
        for name, width in zip(names, widths, strict=True)
        for cell in ((name, _LABEL), (f"{{{{ 生.{name} }}}}", width))
    )


def _one(name: str) -> tuple[tuple[str, float], ...]:
    return ((name, _LABEL), (f"{{{{ 生.{name} }}}}", _WIDE))


def _fills(source: Source) -> Sequence[Filled]:
    facts = _Facts(source)
    files = []
    for (room,), mine in source.listed.group_by("班级", maintain_order=True):
        if not source.classes or room in source.classes:
            students = [facts.student(row) for row in mine.iter_rows(named=True)]
            files.append(Filled(values={"学生": students}, label=str(room or "没有班级")))
    return files


class _Facts:
    """What is asked of all students at once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._latest = {row["学号"]: row for row in source.latest.iter_rows(named=True)}
        levels = source.ranking.select("考试编号", "学号", "等级").drop_nulls("等级")
        self._levels = {(exam, student): level for exam, student, level in levels.iter_rows()}
        self._exams = dict(source.school[EXAMS].select("考试编号", "名称").iter_rows())
        self._homerooms = {
            student: source.teacher(label)
            for student, label in looked_after(source.school).select("学号", HOMEROOM).iter_rows()
        }
        self._aims = level_aims(source.school, source.ranking)
        self._charts = goal_charts(source.school, source.ranking, self._aims)
        self._plans = _by_student(source.school[PLANS].sort("开始", nulls_last=True))
        self._pairs = _by_student(source.school[PAIRINGS].filter(pl.col("状态") == RUNNING))
        settings = source.school.settings
        self._made = counted(source.helped(settings.term_start, source.school.today))

    def student(self, row: Mapping[str, Any]) -> dict[str, Any]:
        number, plans, pairs = row["学号"], self._of_term(row["学号"]), self._pairs.get(row["学号"], [])
        subjects = "、".join(row["困难学科"].split("、")) if row["困难学科"] else "—"
        return {
            "姓名": row["姓名"],
            "班级": row["班级"],
            "性别": row["性别"] or "—",
            "困难类型": row["困难类型"] or "—",
            "困难学科": subjects,
            "列入日期": f"{row['列入日期']:%Y-%m-%d}" if row["列入日期"] else "—",
            "帮扶教师": self._source.tutors.get(number) or "还没有结对",
            "班主任": self._homerooms.get(number) or "—",
            "学习帮手": "同班同学一名" if any(pair["类型"] == "学习帮手" for pair in pairs) else "—",
            "现在怎样": self._now(number),
            "难在哪里": causes(row["成因"], self._source.school.settings.public_name) or _BLANK,
            "目标": self._told(self._goal(number, plans, pairs)) or _BLANK,
            "走势": self._charts.get(number),
            "阶段": [self._stage(plan) for plan in plans],
            "已经做的": self._made.get(number, "本学期还没有记录。"),
        }

    def _of_term(self, number: str) -> list[dict[str, Any]]:
        """The phases that run on any day of the term."""
        settings = self._source.school.settings
        return [
            plan
            for plan in self._plans.get(number, [])
            if plan["开始"]
            and plan["结束"]
            and plan["开始"] <= settings.term_end
            and plan["结束"] >= settings.term_start
        ]

    def _goal(self, number: str, plans: Sequence[Mapping[str, Any]], pairs: Sequence[Mapping[str, Any]]) -> str:
        """What staff wrote last: of the phases of the plan and the levels that these aim at, with what became of them, else of
        the pairing."""
        goals = dict.fromkeys(plan["目标"] for plan in plans if plan["目标"])
        exams = {plan["目标考试"] for plan in plans}
        aims = [aim.goal for aim in self._aims.get(number, ()) if aim.exam in exams]
        return "；".join(filter(None, (*goals, *aims))) or next(
            (pair["转化目标"] for pair in pairs if pair["转化目标"]), ""
        )

    def _now(self, number: str) -> str:
        row = self._latest.get(number)
        if not row or not row["考试编号"]:
            return "列入以后还没有考试。"
        level = self._levels.get((row["考试编号"], number))
        exam = self._exams.get(row["考试编号"]) or row["考试编号"]
        moved = "" if row["进展"] in (UNKNOWN, None) else f"，和自己上次比：{row['进展']}"
        return f"{exam}：总分等级{level or '未定'}{moved}。"

    def _stage(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        first, last = plan["开始"], plan["结束"]
        done = "已完成" if plan["完成"] == YES else ""
        return {
            "阶段": plan["阶段"],
            "起止": f"{first.month}月{first.day}日至{last.month}月{last.day}日",
            "措施": self._told(plan["措施"]),
            "谁": self._source.typed_teacher(plan["负责人"]),
            "效果": "，".join(part for part in (done, self._told(plan["阶段效果"])) if part),
        }

    def _told(self, text: str | None) -> str:
        return goal(text, self._source.school.settings.public_name)


def _by_student(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.filter(pl.col(STUDENT).is_not_null()).iter_rows(named=True):
        found.setdefault(row[STUDENT], []).append(row)
    return found


STUDENT_PLAN = Paper(
    name="一生一策",
    title="一生一策",
    help="每名在帮扶学生一页：难在哪里、目标、谁做什么，留着签名；一班一份文件",
    readers=HOME,
    words=_words,
    fills=_fills,
    nothing="名册里还没有在帮扶的学生（或者 --class 写的班没有），先点“排查”，看过打 √，再点“采纳排查”。",
    page=FORM,
)
