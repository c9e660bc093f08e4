"""The tables of each student's page: pairings, plans, results, behaviour marks, contacts, honours.

Of 心理咨询 only the day and that it took place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import polars as pl

from xlbangfu.documents.register.entry import Section
from xlbangfu.documents.register.texts import period, shown, signed, stretch
from xlbangfu.rules import people
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.targets import level_aims
from xlbangfu.schema import CONDUCT, EXAMS, LOG, PAIRINGS, PLANS, ROSTER, SEPARATOR, YES

COUNSELLING, UNTOLD = "心理咨询", "（内容保密）"
_MARKS = ("学习态度", "作业", "纪律", "品德", "参与", "帮扶满意度")
Names = Mapping[str, str]
Rows = dict[str, list[tuple[str, ...]]]
_ROW = dict[str, Any]
T = TypeVar("T")

_SHAPES: dict[str, tuple[tuple[str, int], ...]] = {
    "结对": (("类型", 3), ("教师", 2), ("学习帮手", 3), ("学科", 3), ("转化目标", 5), ("起止", 4), ("状态", 2)),
    "计划": (("阶段", 3), ("起止", 4), ("目标", 4), ("措施", 5), ("负责人", 2), ("完成与效果", 4)),
    "成绩": (
        ("考试", 7), ("日期", 3), ("总分/满分", 3), ("等级", 2), ("名次", 2), ("进退", 2), ("奖项或说明", 3),
    ),
    "评价": (("月份", 3), *((name, 3) for name in _MARKS), ("份", 1)),
    "帮扶记录": (("日期", 3), ("类型、教师", 3), ("内容", 12), ("下次安排", 4)),
    "荣誉": (("日期", 3), ("荣誉", 6), ("依据", 9), ("确认人", 4)),
}  # fmt: skip
_OF_THIS_YEAR = r"^\d{4}\s*[—–\-－~～至]+\s*\d{4}\s*学年度?"


def teacher_cells(school: School) -> list[pl.Series]:
    """The cells of these tables that name a teacher."""
    return [school[LOG]["教师"], school[PLANS]["负责人"]]


def by_student(
    school: School,
    numbers: pl.Series,
    ranking: pl.DataFrame,
    prizes: pl.DataFrame,
    awards: pl.DataFrame,
    name_of: Names,
) -> dict[str, tuple[Section, ...]]:
    """The sections of each of these students' pages, in the order that they stand on it."""
    wanted = numbers.implode()
    contacts, summaries = _contacts(school, wanted, name_of)
    found: dict[str, Rows] = {
        "结对": _pairings(school, wanted, name_of),
        "计划": _plans(school, wanted, name_of, _goals(school, ranking)),
        "成绩": _results(school, wanted, ranking, prizes),
        "评价": _marks(school, wanted),
        "帮扶记录": contacts,
        "荣誉": _honours(awards, wanted),
    }
    return {
        number: tuple(_section(title, rows.get(number, []), summaries.get(number, "")) for title, rows in found.items())
        for number in numbers
    }


def _section(title: str, rows: list[tuple[str, ...]], summary: str) -> Section:
    heads, spans = zip(*_SHAPES[title], strict=True)
    if title == "计划":
        return _plan_section(heads, spans, rows)
    note = summary if title == "帮扶记录" else ""
    return Section(title=title, heads=heads, spans=spans, rows=tuple(rows), note=note)


def _plan_section(heads: tuple[str, ...], spans: tuple[int, ...], rows: list[tuple[str, ...]]) -> Section:
    """A goal that all stages have is told once."""
    goal, measures = heads.index("目标"), heads.index("措施")
    goals = {row[goal] for row in rows}
    if len(goals) != 1:
        return Section(title="计划", heads=heads, spans=spans, rows=tuple(rows), latest_last=True)
    wider = tuple(span + spans[goal] * (at == measures) for at, span in enumerate(spans))
    return Section(
        title="计划",
        heads=_without(heads, goal),
        spans=_without(wider, goal),
        rows=tuple(_without(row, goal) for row in rows),
        note=f"目标：{goals.pop()}",
        latest_last=True,
    )


def _without(parts: tuple[T, ...], at: int) -> tuple[T, ...]:
    return parts[:at] + parts[at + 1 :]


def _collected(frame: pl.DataFrame, student: str, texts: Callable[[_ROW], tuple[str, ...]]) -> Rows:
    found: Rows = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[student], []).append(texts(row))
    return found


def _mine(frame: pl.DataFrame, wanted: Any) -> pl.DataFrame:
    return frame.filter(pl.col(STUDENT).is_in(wanted))


def _pairings(school: School, wanted: Any, name_of: Names) -> Rows:
    students: dict[str, str] = dict(school[ROSTER].select("学号", "姓名").drop_nulls().iter_rows())

    def texts(row: _ROW) -> tuple[str, ...]:
        helper = students.get(row["学习帮手"] or "", row["学习帮手"] or "")
        return (
            shown(row["类型"]), name_of.get(row["教师"] or "", ""), helper, shown(row["帮扶学科"]),
            shown(row["转化目标"]), period(row["开始日期"], row["结束日期"]), shown(row["状态"]),
        )  # fmt: skip

    return _collected(_mine(school[PAIRINGS], wanted).sort("开始日期"), STUDENT, texts)


def _goals(school: School, ranking: pl.DataFrame) -> dict[tuple[str, str], str]:
    """By student and exam the level aimed at, with what became of it."""
    return {(student, aim.exam): aim.goal for student, aims in level_aims(school, ranking).items() for aim in aims}


def _plans(school: School, wanted: Any, name_of: Names, goals: Mapping[tuple[str, str], str]) -> Rows:
    def texts(row: _ROW) -> tuple[str, ...]:
        done = "已完成" if row["完成"] == YES else ""
        aim = goals.get((row[STUDENT], row["目标考试"] or ""), "") if row["目标等级"] else ""
        return (
            shown(row["阶段"]), stretch(row["开始"], row["结束"]), "；".join(filter(None, (row["目标"], aim))), shown(row["措施"]),
            name_of.get(row["负责人"] or "", ""), "，".join(filter(None, (done, row["阶段效果"]))),
        )  # fmt: skip

    return _collected(_mine(school[PLANS], wanted).sort("开始"), STUDENT, texts)


def _results(school: School, wanted: Any, ranking: pl.DataFrame, prizes: pl.DataFrame) -> Rows:
    exams = school[EXAMS].filter(pl.col("日期") <= school.today).select("考试编号", "名称", "日期")
    won = prizes.select("考试编号", "学号", _prize=pl.when(pl.col("奖项").str.ends_with("等奖")).then("奖项"))
    rows = (
        ranking.filter(pl.col("学号").is_in(wanted))
        .join(exams, on="考试编号")
        .join(won, on=["考试编号", "学号"], how="left")
        .sort("日期", descending=True, maintain_order=True)
        .with_columns(pl.col("名称").str.replace(_OF_THIS_YEAR, ""))
    )

    def texts(row: _ROW) -> tuple[str, ...]:
        total = f"{shown(row['总分'])}/{shown(row['满分'])}" if row["总分"] is not None else ""
        return (
            shown(row["名称"] or row["考试编号"]), shown(row["日期"]), total, shown(row["等级"]),
            shown(row["年级名次"]), signed(row["进退"]), shown(row["_prize"] or row["说明"]),
        )  # fmt: skip

    return _collected(rows, "学号", texts)


def _marks(school: School, wanted: Any) -> Rows:
    months = (
        _mine(school[CONDUCT], wanted)
        .group_by(STUDENT, "月份")
        .agg(pl.col(*_MARKS).mean(), _count=pl.len())
        .sort("月份", descending=True)
    )

    def texts(row: _ROW) -> tuple[str, ...]:
        means = ("" if row[name] is None else f"{row[name]:.1f}" for name in _MARKS)
        return (shown(row["月份"]), *means, str(row["_count"]))

    return _collected(months, STUDENT, texts)


def _contacts(school: School, wanted: Any, name_of: Names) -> tuple[Rows, dict[str, str]]:
    """The latest contacts of each student, and how many there were of each type in all."""
    log = school[LOG].filter(pl.col("日期") <= school.today).with_columns(_each=people.split(pl.col("学号")))
    several = pl.col("_each").list.len() > 1
    alone = log.filter(~several.fill_null(False))
    each = (
        log.filter(several)
        .drop(STUDENT)
        .explode("_each")
        .rename({"_each": STUDENT})
        .select(alone.drop("_each").columns)
    )
    mine = _mine(pl.concat([alone.drop("_each"), each]), wanted).sort("日期", descending=True, maintain_order=True)
    most = school.settings.register_entries

    def texts(row: _ROW) -> tuple[str, ...]:
        if row["类型"] == COUNSELLING:
            return shown(row["日期"]), COUNSELLING, UNTOLD, ""
        more = (f"{name}：{row[name]}" for name in ("优点", "不足") if row[name])
        content = "；".join(filter(None, (row["内容"], *more)))
        who = "\n".join(filter(None, (row["类型"], name_of.get(row["教师"] or "", ""))))
        return shown(row["日期"]), who, content, shown(row["下次安排"])

    latest = _collected(mine.group_by(STUDENT, maintain_order=True).head(most), STUDENT, texts)
    counts = mine.group_by(STUDENT, "类型").len().sort("len", "类型", descending=[True, False])
    kinds = _collected(counts, STUDENT, lambda row: (f"{row['类型']}{row['len']}", str(row["len"])))
    summaries = {student: _summary(rows, most) for student, rows in kinds.items()}
    return latest, summaries


def _summary(kinds: list[tuple[str, ...]], most: int) -> str:
    total = sum(int(count) for _, count in kinds)
    listed = SEPARATOR.join(summaries for summaries, _ in kinds)
    return f"共{total}次：{listed}" + (f"；下面是最近{most}次" if total > most else "")


def _honours(awards: pl.DataFrame, wanted: Any) -> Rows:
    mine = awards.filter(pl.col("学号").is_in(wanted)).sort("日期", descending=True)
    return _collected(mine, "学号", lambda row: tuple(shown(row[name]) for name in ("日期", "荣誉", "依据", "确认人")))
