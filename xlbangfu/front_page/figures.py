"""The six numbers of the front page: what each counts, the sheet that a click on it opens, and the line below it.

A number is a formula over the counts, the trends or a sheet, so that it follows what staff tick. The lines below are texts
that an action writes; so is how many class pages are out, which no sheet alone says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl
from msgspec import Struct

from xlbangfu.front_page import trend_charts
from xlbangfu.schema import (
    BEING_RECALLED,
    CONTACTS,
    HONOURS,
    OUTBOX,
    PROBLEMS,
    PROGRESS,
    PROPOSALS,
    SCREENING,
    SUSPECTED,
    SUSPECTS,
    YES,
    Table,
)

WAITING = "控制台_没交回数"  # a text that an action writes
AT_RISK = "控制台_控辍人数"  # likewise
TO_TICK: dict[Table, str] = {SCREENING: "排查待看", PROPOSALS: "结对待看", HONOURS: "评优待看"}  # counts of bare rows


class Figure(Struct, frozen=True, kw_only=True):
    """One large number under its ``label``; ``key`` is what its cells are called.

    ``formula`` and ``note`` speak of named cells; without a note an action writes the line. ``alarming`` says that someone
    must act where it is not 0.
    """

    label: str
    key: str
    sheet: Table
    formula: str
    note: str = ""
    usual: str = ""
    alarming: bool = False
    share: bool = False

    @property
    def name(self) -> str:
        """The defined name of the number's cell."""
        return f"控制台_{self.key}"

    @property
    def line(self) -> str:
        """The defined name of the line below."""
        return f"控制台_{self.key}说明"


def _latest_share() -> str:
    """The newest of the shares that progressed: the last place that is filled."""
    formula = '"—"'
    for name in trend_charts.SHARE_BETTER.cells:
        formula = f'IF({name}<>"",{name},{formula})'
    return f"={formula}"


DROPOUTS = Figure(
    label="疑似辍学",
    key="疑似辍学",
    sheet=SUSPECTS,
    formula=f'=IF({AT_RISK}="",0,VALUE({AT_RISK}))',
    usual="人，先看这里",
    alarming=True,
)
OVERDUE = Figure(label="过期帮扶", key="过期", sheet=CONTACTS, formula="=控制台_过期帮扶", usual="项", alarming=True)
BACK = Figure(
    label="没交回班级页",
    key="没交回",
    sheet=OUTBOX,
    formula=f'=IF({WAITING}="",0,VALUE({WAITING}))',
    usual="个班",
)
BETTER = Figure(label="有进步", key="有进步", sheet=PROGRESS, formula=_latest_share(), usual="最近一次考试", share=True)
FIGURES: tuple[Figure, ...] = (
    DROPOUTS,
    OVERDUE,
    Figure(
        label="等您打 √",
        key="待打勾",
        sheet=SCREENING,
        formula="=" + "+".join(f"控制台_{count}" for count in TO_TICK.values()),
        note="=" + '&"，"&'.join(f'"{count[:2]} "&控制台_{count}' for count in TO_TICK.values()),
    ),
    BACK,
    Figure(
        label="校验",
        key="有错",
        sheet=PROBLEMS,
        formula="=控制台_校验错误",
        note='="处错误，"&控制台_校验警告&" 处警告"',
        alarming=True,
    ),
    BETTER,
)
COMPUTED = (*(figure.name for figure in FIGURES), *(figure.line for figure in FIGURES if figure.note))
"""The cells that hold formulas over others, whose values nothing here knows."""


def lines(frames: Mapping[Table, pl.DataFrame]) -> dict[str, str]:
    """The lines below the numbers that come from the sheets among the frames, by the name of their cell."""
    found = {}
    if CONTACTS in frames:
        late = frames[CONTACTS].filter(pl.col("是否过期") == YES)
        found[OVERDUE.line] = f"项，{late['学号'].n_unique()} 人"
    if PROGRESS in frames:
        found[BETTER.line] = _progress(frames[PROGRESS])
    return found


def at_risk(suspects: pl.DataFrame) -> dict[str, str]:
    """How many students are 疑似辍学 or in 劝返, from ``rules.suspects``, and how many of them wait for a tick."""
    new, known = (suspects.filter(pl.col("变化") == change).height for change in (SUSPECTED, BEING_RECALLED))
    line = f"人，{new} 人还没列入劝返" if new else "人，都在劝返" if known else "人"
    return {AT_RISK: str(new + known), DROPOUTS.line: line}


def pages_out(waiting: pl.DataFrame, days: int, teachers: int = 0) -> dict[str, str]:
    """How many classes owe their page and until when, from ``returns.waiting``, and how many ``teachers`` theirs; ``days`` is
    「收回期限」."""
    went = waiting["时间"].max()
    until = f"，最晚 {_day(went.date() + timedelta(days=days))}" if isinstance(went, datetime) else ""
    others = f"；帮扶页 {teachers} 份" if teachers else ""
    return {WAITING: str(waiting.height), BACK.line: f"个班{until}{others}"}


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _progress(progress: pl.DataFrame) -> str:
    """How many of how many progressed in the latest exam, and the share of the one before."""
    exams = trend_charts.shares_by_exam(progress)
    if not exams:
        return BETTER.usual
    better, known = exams[0]
    if not known:
        return "最近一次还不能比"
    before = f"；上次 {exams[1][0] / exams[1][1]:.0%}" if len(exams) > 1 and exams[1][1] else ""
    return f"{known} 人里 {better} 人{before}"
