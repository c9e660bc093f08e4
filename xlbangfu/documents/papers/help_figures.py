"""What papers tell of the help: by kind and 年级, who moved, what is overdue, what others can learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from xlbangfu.documents.papers.effect_words import signed
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.privacy import goal
from xlbangfu.rules import opinions as said
from xlbangfu.rules.contacts import COUNSELLING, paces
from xlbangfu.rules.people import split
from xlbangfu.rules.progress import FELL, LEAPT, ROSE
from xlbangfu.rules.school_report import whole_percent
from xlbangfu.schema import ACTIVITIES, YES

_CASES = 3
_OWED = 3  # kinds that a row names
_BEST = 5  # 效果
_LONGEST = 120  # signs of an entry that a paper quotes
_NUMBERS = "一二三四五六七八九十"

Row = dict[str, Any]


def by_kind(source: Source, first: date, last: date) -> list[Row]:
    """类型, 次 and 人 from one day to another, as the settings order the kinds, then 活动."""
    entries = source.helped(first, last)
    counts = entries.group_by("类型").agg(次=pl.col("_entry").n_unique(), 人=pl.col("学号").n_unique())
    found = {row["类型"]: row for row in counts.iter_rows(named=True)}
    return [found.get(kind, {"类型": kind, "次": 0, "人": 0}) for kind in (*paces(source.school.settings), "活动")]


def by_year(source: Source) -> list[Row]:
    """A row a 年级 that has students on the list."""
    return [
        {
            "年级": year.name,
            "在帮扶": year.tracked,
            "有进步": year.progress.better if year.progress.known else "—",
            "退步": year.progress.worse if year.progress.known else "—",
            "落实率": f"{whole_percent(year.contacts.rate)}%" if year.contacts.rate is not None else "—",
            "过期": year.contacts.overdue,
        }
        for year in source.report.years
        if year.tracked
    ]


def counted(entries: pl.DataFrame) -> dict[str, str]:
    """学号 to how often what was done, the most frequent first, as a sentence; of 心理咨询 not even that."""
    kinds = (
        entries.filter(pl.col("类型") != COUNSELLING)
        .group_by("学号", "类型")
        .agg(_times=pl.col("_entry").n_unique())
        .sort("_times", "类型", descending=[True, False])
        .with_columns(_said=pl.format("{}{}次", "类型", "_times"))
    )
    said = kinds.group_by("学号", maintain_order=True).agg(pl.col("_said").str.join("、"))
    return {student: f"{text}。" for student, text in said.iter_rows()}


def movers(source: Source) -> tuple[list[Row], list[Row]]:
    """Who rose by 进步 or more, the most first, and who fell, the most first; of those on the list, by the latest exam."""
    made = _made_in_term(source)
    rows = source.latest.filter(pl.col("变化").is_not_null(), source.on_list)
    up = rows.filter(pl.col("进展").is_in([ROSE, LEAPT]), pl.col("变化") > 0).sort(
        "变化", "学号", descending=[True, False]
    )
    down = rows.filter(pl.col("进展") == FELL).sort("变化", "学号")
    return [_mover(source, row, made) for row in up.iter_rows(named=True)], [
        _mover(source, row, made) for row in down.iter_rows(named=True)
    ]


def _mover(source: Source, row: Mapping[str, Any], made: Mapping[str, int]) -> Row:
    return {
        "学号": row["学号"],
        "姓名": row["姓名"],
        "班级": row["班级"],
        "变化": signed(row["变化"]),
        "教师": source.tutors.get(row["学号"], "") or "还没有结对",
        "做了": f"{made.get(row['学号'], 0)}次",
    }


def _made_in_term(source: Source) -> dict[str, int]:
    settings = source.school.settings
    entries = source.helped(settings.term_start, source.school.today)
    return dict(entries.group_by("学号").agg(pl.col("_entry").n_unique()).iter_rows())


def activities(source: Source) -> list[Row]:
    """类型, 次 and 人次 of the term's 活动 up to today, the most frequent first."""
    settings, today = source.school.settings, source.school.today
    held = source.school[ACTIVITIES].filter(pl.col("日期").is_between(settings.term_start, today))
    came = split(pl.col("参与学生")).list.len().fill_null(0)
    counts = held.group_by("类型").agg(次=pl.len(), 人次=came.sum()).sort("次", "类型", descending=[True, False])
    return [{**row, "人次": row["人次"] or "—"} for row in counts.iter_rows(named=True)]


def honours(source: Source) -> list[Row]:
    """荣誉 and 人次 of the term, the most frequent first."""
    mine = source.awards.filter(pl.col("学期") == source.school.settings.term)
    counts = mine.group_by("荣誉").agg(人次=pl.len()).sort("人次", "荣誉", descending=[True, False])
    return counts.rows(named=True)


def opinions(source: Source) -> list[Row]:
    """What parents and students think of the help in the term: of how many students they said it, and the mean; none of fewer
    than ``said.FEWEST``."""
    means = said.opinions(source.school, source.school.settings.term_start, source.school.today)
    told = means.filter(pl.col("项目") == "帮扶满意度").drop_nulls("平均")
    return [{"谁": row["评价人"], "份": row["人数"], "分": f"{row['平均']:.1f}"} for row in told.iter_rows(named=True)]


def late_students(source: Source) -> list[Row]:
    """One row a student, the longest overdue first, and of each the kinds that wait longest; 心理咨询 is nobody else's matter."""
    late = source.contacts.filter(pl.col("是否过期") == YES, pl.col("类型") != COUNSELLING)
    late = late.sort("距今天数", descending=True, nulls_last=False, maintain_order=True)  # none yet is longest
    rows = []
    for _, mine in late.group_by("学号", maintain_order=True):
        first = mine.row(0, named=True)
        who = dict.fromkeys(source.teacher(label) for label in mine["责任教师"].drop_nulls())
        owed = [_owed(kind, days) for kind, days in mine.select("类型", "距今天数").iter_rows()]
        more = f"等{len(owed)}项" if len(owed) > _OWED else ""
        rows.append(
            {
                "姓名": first["姓名"],
                "班级": first["班级"],
                "教师": "、".join(who) or "还没有人",
                "补": "、".join(owed[:_OWED]) + more,
            }
        )
    return rows


def _owed(kind: str, days: int | None) -> str:
    return f"{kind}{days}天" if days is not None else f"{kind}没做过"


def cases(source: Source, up: Sequence[Row]) -> list[Row]:
    """What can be learnt: entries of the month with 效果 5, one a student, then students who rose the most."""
    found = [
        _case(f"{name}：{kind}", f"{day.month}月{day.day}日，{teacher}。{text}")
        for name, kind, day, teacher, text in _best_entries(source)
    ]
    told = {row["题"].partition("：")[0] for row in found}
    for row in up[:_CASES]:
        if row["姓名"] not in told and len(found) < _CASES:
            found.append(
                _case(
                    f"{row['姓名']}：上升{row['变化'].lstrip('+')}个百分点",
                    f"{row['班级']}，{row['教师']}帮扶，本学期{row['做了']}，请介绍做法。",
                )
            )
    return [{**row, "序": _NUMBERS[number]} for number, row in enumerate(found[:_CASES])]


def _case(head: str, text: str) -> Row:
    return {"题": head, "文": text}


def _best_entries(source: Source) -> list[tuple[str, str, date, str, str]]:
    entries = source.helped(source.month, source.month_end).filter(
        pl.col("效果") == _BEST, pl.col("类型") != COUNSELLING, pl.col("内容").is_not_null()
    )
    names = dict(source.listed.select("学号", "姓名").iter_rows())
    best = entries.filter(pl.col("学号").is_in(list(names))).sort("日期", "学号", descending=[True, False])
    told = best.unique("学号", keep="first", maintain_order=True).head(_CASES)
    return [
        (
            names[row["学号"]],
            row["类型"],
            row["日期"],
            source.typed_teacher(row["教师"]),
            _sentence(goal(row["内容"], source.school.settings.public_name)),
        )
        for row in told.iter_rows(named=True)
    ]


def _sentence(text: str) -> str:
    """As much as a paper quotes, with its full stop."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"
    return cut if cut.endswith(("。", "！", "？", "…", "）")) else f"{cut}。"
