"""名册: statuses that contradict themselves, same names, and gaps in the work for tracked students."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.expiry import LEFT, expired_rows
from xlbangfu.rules.people import STUDENT, plain
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import FILES, ON_ROLL, ONE_TO_ONE, PAIRINGS, ROSTER, RUNNING, SEPARATOR, TRACKED, YES

BY_MARKS = ("学习", "双重")  # 困难类型 that go with 困难学科


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Contradictions and gaps on the roll; rows that are void are not asked for what they lack."""
    frame = sheets.clean(ROSTER)
    yield from flagged(ROSTER, frame, (*_status(sheets), *_listing(sheets), *_tracked(sheets)))
    yield from _same_name(frame)
    yield from _past_its_time(sheets, frame)


def _status(sheets: Sheets) -> Iterator[Rule]:
    left, dated = pl.col("在籍状态") != ON_ROLL, pl.col("异动日期").is_not_null()
    known = ROSTER["在籍状态"].choices
    yield Rule(
        check=checks.LEFT_WITHOUT_DATE,
        when=left & pl.col("在籍状态").is_in(known) & ~dated & sheets.readable(ROSTER, "异动日期"),
        column="异动日期",
        slots={"status": pl.col("在籍状态")},
    )
    yield Rule(check=checks.DATE_WITHOUT_LEAVING, when=~left & dated, column="异动日期")


def _listing(sheets: Sheets) -> Iterator[Rule]:
    """Tracking columns that come to nothing: without 帮扶类别, or not yet."""
    filled = [pl.when(_filled(name)).then(pl.lit(name)) for name in ("困难类型", "重点", "列入日期")]
    what = pl.concat_str(filled, separator=SEPARATOR, ignore_nulls=True)
    bare = pl.col("帮扶类别").is_null() & pl.col("退出日期").is_null()
    yield Rule(check=checks.HALF_LISTED, when=bare & (what != ""), column="帮扶类别", slots={"what": what})
    later = (pl.col("列入日期") > sheets.school.today).fill_null(False)
    yield Rule(check=checks.LISTED_LATER, when=pl.col("帮扶类别").is_not_null() & later, column="列入日期")


def _filled(name: str) -> pl.Expr:
    return pl.col(name) == YES if name == "重点" else pl.col(name).is_not_null()


def tracked_now(sheets: Sheets) -> pl.Expr:
    """On the roll, on the support list, and not taken off it by today."""
    off = (pl.col("退出日期") <= sheets.school.today).fill_null(False)
    return (pl.col("帮扶类别") == TRACKED) & (pl.col("在籍状态") == ON_ROLL) & ~off


def _tracked(sheets: Sheets) -> Iterator[Rule]:
    tracked = tracked_now(sheets)
    listed = pl.col("列入日期").is_null() & sheets.readable(ROSTER, "列入日期")
    yield Rule(check=checks.TRACKED_WITHOUT_DATE, when=tracked & listed, column="列入日期")
    yield Rule(check=checks.TRACKED_WITHOUT_TYPE, when=tracked & pl.col("困难类型").is_null(), column="困难类型")
    yield Rule(
        check=checks.NO_WEAK_SUBJECT,
        when=tracked & pl.col("困难类型").is_in(BY_MARKS) & pl.col("困难学科").is_null(),
        column="困难学科",
        slots={"type": pl.col("困难类型")},
    )
    pairings = sheets[PAIRINGS].filter((pl.col("类型") == ONE_TO_ONE) & (pl.col("状态") == RUNNING))
    for check, have in ((checks.WITHOUT_FILE, sheets[FILES]), (checks.WITHOUT_PAIRING, pairings)):
        yield Rule(
            check=check, when=tracked & ~pl.col("学号").is_in(have[STUDENT].drop_nulls().implode()), column="帮扶类别"
        )


def _same_name(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    here = frame.filter(pl.col("在籍状态") == ON_ROLL)
    names = here.select(plain(pl.col("姓名")), plain(pl.col("班级"))).with_columns(
        pl.len().over("姓名", "班级").alias("_count")
    )
    bad = here.with_columns(names["_count"]).filter(
        pl.col("_count") > 1, pl.col("姓名").is_not_null(), pl.col("班级").is_not_null()
    )
    if bad.height:
        yield found(checks.SAME_NAME, ROSTER, bad, "姓名", class_=pl.col("班级"), count=pl.col("_count"))


def _past_its_time(sheets: Sheets, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    bad = expired_rows(sheets.school, frame)
    if bad.height:
        years = str(sheets.school.settings.keep_years)
        column = pl.when(pl.col("事由") == LEFT).then(pl.lit("异动日期")).otherwise(pl.lit("退出日期"))
        reason, last = pl.col("事由"), pl.col("最后日期")
        yield found(checks.PAST_ITS_TIME, ROSTER, bad, column, reason=reason, last=last, years=years)
