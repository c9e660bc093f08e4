"""What happened is written once, and after it happened: entries that stand twice, dates after today."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.date_checks import MONTH
from xlbangfu.rules.validation.problem_rows import Rule, Slot, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import ABSENCES, ACTIVITIES, CONDUCT, LOG, ON_ROLL, PLANS, RECALLS, ROSTER, ROW, Table

# What makes two rows one event: columns that must be filled, then columns that must agree, filled or not.
SAID = ("学号", "沟通对象", "场所", "时长", "优点", "不足", "效果", "下次安排")
EVENTS: tuple[tuple[Table, tuple[str, ...], tuple[str, ...]], ...] = (
    (LOG, ("日期", STUDENT, "_teacher", "类型", "内容"), SAID),
    (PLANS, ("阶段", STUDENT, "开始"), ()),
)


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Rows that tell of one event a second time, and dates that have not come."""
    for table, filled, alike in EVENTS:
        yield from _again(sheets, table, filled, alike)
    yield from _ahead(sheets)


def _again(sheets: Sheets, table: Table, filled: tuple[str, ...], alike: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    frame = sheets.with_teacher(sheets[table], "教师") if table == LOG else sheets[table]
    whole = frame.filter(pl.all_horizontal(pl.col(filled).is_not_null()))
    first = pl.col(ROW).min().over([*filled, *alike])
    bad = whole.with_columns(first.alias("_first")).filter(pl.col(ROW) > pl.col("_first"))
    if bad.height:
        yield found(checks.ENTERED_TWICE, table, bad, filled[0], first=pl.col("_first"))


def _ahead(sheets: Sheets) -> Iterator[pl.DataFrame]:
    today = sheets.school.today
    slots: dict[str, Slot] = {"today": str(today)}
    left = pl.col("在籍状态") != ON_ROLL
    asked = (
        (LOG, {"日期": pl.col("日期") > today}),
        (CONDUCT, {"月份": pl.col("月份").str.contains(MONTH) & (pl.col("月份") > pl.lit(f"{today:%Y-%m}"))}),
        (ACTIVITIES, {"日期": (pl.col("日期") > today) & pl.col("成果").is_not_null()}),
        (ABSENCES, {"日期": pl.col("日期") > today}),
        (RECALLS, {name: pl.col(name) > today for name in ("疑似日期", "劝返日期", "复学日期", "上报日期")}),
        (ROSTER, {"异动日期": (pl.col("异动日期") > today) & left, "退出日期": pl.col("退出日期") > today}),
    )
    for table, ahead in asked:
        rules = [
            Rule(check=checks.AFTER_TODAY, when=when, column=column, slots=slots) for column, when in ahead.items()
        ]
        yield from flagged(table, sheets[table], rules)
