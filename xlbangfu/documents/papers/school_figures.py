"""What papers tell of the school: who is helped and by whom, who leads, what it rests on, what is to come."""

from __future__ import annotations

from typing import Any

import polars as pl

from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.rules.contacts import paces
from xlbangfu.rules.school import STUDENT
from xlbangfu.schema import ACTIVITIES, CALENDAR, CLASSES, ONE_TO_ONE, ORGANISATION, PAIRINGS, RUNNING, SUPPORT
from xlbangfu.settings.times import WEEKDAYS, Pace

Row = dict[str, Any]
MONEY, RISK = "经费", "风险"


def difficulties(source: Source) -> str:
    """How many of which 困难类型, in one clause; nobody is counted twice.

    Who has none typed is told as such.
    """
    kinds = source.listed["困难类型"].fill_null("没有写明")
    counts = kinds.value_counts(sort=False).sort("count", "困难类型", descending=[True, False])
    return "、".join(f"{kind}{count}人" for kind, count in counts.iter_rows())


def pairings(source: Source) -> dict[str, int]:
    """How many students of the list have whom, and how many teachers help: running pairings of today."""
    frame, listed = source.school[PAIRINGS], source.listed["学号"].implode()
    ended = (pl.col("结束日期") < source.school.today).fill_null(False)
    running = frame.filter((pl.col("状态") == RUNNING) & ~ended)
    mine = running.filter(pl.col(STUDENT).is_in(listed))

    def students(kind: str) -> int:
        return mine.filter(pl.col("类型") == kind)[STUDENT].n_unique()

    one = mine.filter(pl.col("类型") == ONE_TO_ONE)
    return {
        "结对学生": one[STUDENT].n_unique(),
        "结对教师": one["教师"].drop_nulls().n_unique(),
        "有帮手": students("学习帮手"),
        "有代管": students("代管家长"),
        "包班": running.filter(pl.col("类型") == "包班")["班级"].drop_nulls().n_unique(),
        "班级数": source.school[CLASSES]["班级"].drop_nulls().n_unique(),
    }


def leaders(source: Source) -> list[Row]:
    rows = source.school[ORGANISATION].select("职务", "姓名", "职责").iter_rows()
    return [{"职务": office, "姓名": name, "职责": source.public(duty)} for office, name, duty in rows]


def means(source: Source) -> list[Row]:
    """保障, as it stands there."""
    return [
        {
            "类别": row["类别"],
            "事项": source.public(row["事项"]),
            "金额": f"{row['金额']:,.0f}" if row["金额"] is not None else "",
            "责任人": row["责任人"],
            "预案": source.public(row["预案"] or row["状态"]),
        }
        for row in source.school[SUPPORT].iter_rows(named=True)
    ]


def money(source: Source) -> str:
    """The sum of 经费, empty where none is told."""
    sums = source.school[SUPPORT].filter(pl.col("类别") == MONEY)["金额"].drop_nulls()
    return f"{float(sums.sum()):,.0f}" if sums.len() else ""


def how_often(source: Source) -> list[Row]:
    """做法, and how often for a student and for a key student."""
    return [
        {"做法": kind, "一般": _pace(pace.usual), "重点": _pace(pace.key)}
        for kind, pace in paces(source.school.settings).items()
        if pace.usual.times or pace.key.times
    ]


def _pace(pace: Pace) -> str:
    return f"{pace.unit}{pace.times}次" if pace.times else "不要求"


def hours(source: Source) -> str:
    """「辅导时间」 as a sentence has it."""
    return "、".join(f"周{WEEKDAYS[one.weekday - 1]}{one.text}" for one in source.school.settings.tutoring)


def phases(source: Source) -> list[Row]:
    """The four phases one after another from the first day of the term, none after its last."""
    from xlbangfu.rules.plans import PHASES

    settings = source.school.settings
    first, rows = settings.term_start, []
    for name, length in zip(PHASES, settings.phase_lengths, strict=True):
        after = pl.select(pl.lit(first).dt.offset_by(length.offset)).item()
        last = min(pl.select(pl.lit(after).dt.offset_by("-1d")).item(), settings.term_end)
        if first <= last:
            rows.append({"阶段": name, "起止": f"{first.month}月{first.day}日至{last.month}月{last.day}日"})
        first = after
    return rows


def events(source: Source) -> list[Row]:
    """校历 and 活动 of the term, by day."""
    settings = source.school.settings
    days = pl.col("日期").is_between(settings.term_start, settings.term_end)
    calendar = source.school[CALENDAR].filter(days).select("日期", "类别", "说明")
    held = source.school[ACTIVITIES].filter(days).select("日期", 类别="类型", 说明="名称")
    rows = pl.concat([calendar, held.cast(calendar.schema)]).sort("日期", maintain_order=True)
    return [
        {"日期": f"{day.month}月{day.day}日", "类别": kind, "内容": source.public(text) or kind}
        for day, kind, text in rows.iter_rows()
    ]
