"""疑似辍学 (DOMAIN rule 15): who is to be entered in 劝返, who is in it, and whose row of 名册 does not say what came of it.

A student stands where the last case in 劝返 stands (``recalls``; an open one goes before), and gets one row at most:

* no case, or the last ended in 复学, and a run of 旷课 since (``truancy``): 疑似, if on the roll today. Of several runs the latest.
* an open case: 劝返中, for reading only. Absences meanwhile belong to it.
* the last case ended in 辍学 or 转出 and 名册 says 在读: 名册改辍学, 名册改转出.
* the last case ended in 复学, and 名册 had the student leave before that (or does not say when): 名册改在读.

The program proposes; 劝返 and 名册 change by acceptance of ticked rows only (``suspect_acceptance``). For 义务教育.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import recalls, roll, truancy
from xlbangfu.rules.compulsory import compulsory_students
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School, asked_once
from xlbangfu.schema import (
    ABSENCES,
    BACK_AT_SCHOOL,
    BEING_RECALLED,
    DROPPED_OUT,
    NOT_BACK,
    ON_ROLL,
    RECALLS,
    SUSPECT_CHANGES,
    SUSPECTED,
    SUSPECTS,
    TO_DROPPED_OUT,
    TO_ON_ROLL,
    TO_TRANSFERRED,
    TRANSFERRED,
    TRUANCY,
    YES,
)

_CASE = {
    "情形": pl.col("情形"),
    "疑似日期": pl.col("疑似日期"),
    "劝返次数": pl.col(recalls.VISITS),
    "上次劝返": pl.col(recalls.LAST_VISIT),
    "上报日期": pl.col(recalls.REPORTED),
}
_LEAVING = {DROPPED_OUT: TO_DROPPED_OUT, TRANSFERRED: TO_TRANSFERRED}


@asks_much
@asked_once
def suspects(school: School) -> pl.DataFrame:
    """疑似辍学 of a school without errors: 疑似 first, then what 名册 lacks, then 劝返中 by the day of the last visit, the longest ago
    first; else by 疑似日期, the latest first."""
    if not school[ABSENCES].height and not school[RECALLS].height:
        return SUSPECTS.empty()
    students = compulsory_students(school).rename({"学号": STUDENT})
    known = recalls.last_cases(school[RECALLS])
    found = [_new(school, students, known), *_of_cases(school, students, known)]
    order = pl.col("变化").cast(pl.Enum(SUSPECT_CHANGES))
    waited = pl.when(pl.col("变化") == BEING_RECALLED).then(pl.coalesce("上次劝返", "疑似日期"))
    return pl.concat(found).sort(
        order, waited, "疑似日期", "学号", descending=[False, False, True, False], maintain_order=True
    )


def _new(school: School, students: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """疑似: those on the roll today with a run of 旷课 that no case has settled."""
    free = known.filter(pl.col(recalls.OUTCOME) == BACK_AT_SCHOOL).select(STUDENT, recalls.ENDED_ON)
    runs = truancy.truancy_runs(school, free)
    here = students.filter(roll.on_roll(pl.lit(school.today)))
    open_or_gone = known.join(free, on=STUDENT, how="anti")
    mine = runs.join(open_or_gone, on=STUDENT, how="anti").join(here, on=STUDENT)
    times = pl.len().over(STUDENT).alias("_times")
    latest = mine.with_columns(times).sort(STUDENT, truancy.FIRST).unique(STUDENT, keep="last", maintain_order=True)
    return _rows(
        latest.join(_last_words(school), on=STUDENT, how="left", maintain_order="left"),
        SUSPECTED,
        _truancy_reason(),
        情形=pl.when(truancy.NOT_RETURNED).then(pl.lit(NOT_BACK)).otherwise(pl.lit(TRUANCY)),
        疑似日期=pl.col(truancy.SUSPECTED_ON),
    )


def _last_words(school: School) -> pl.DataFrame:
    """What 缺勤 last says of each student's whereabouts, and whether the parents were asked."""
    rows = school[ABSENCES].filter(pl.col(STUDENT).is_not_null()).sort("日期", maintain_order=True)
    return rows.group_by(STUDENT).agg(
        pl.col("去向").drop_nulls().last().alias("_where"), (pl.col("已联系家长") == YES).any().alias("_asked")
    )


def _truancy_reason() -> pl.Expr:
    first, last, count = pl.col(truancy.FIRST), pl.col(truancy.LAST), pl.col(truancy.COUNT)
    began = pl.when(truancy.NOT_RETURNED).then(pl.lit("开学第一天没有返校，")).otherwise(pl.lit(""))
    one_day = pl.format("{} 整天旷课", _day(first))
    span = (
        pl.when(count > 1)
        .then(pl.format("{} 到 {} 连续 {} 个上学日整天旷课", _day(first), _day(last), count))
        .otherwise(one_day)
    )
    again = pl.when(pl.col("_times") > 1).then(pl.format("，这学期第 {} 次", pl.col("_times"))).otherwise(pl.lit(""))
    asked = (
        pl.when(pl.col("_asked").fill_null(False)).then(pl.lit("；已联系家长")).otherwise(pl.lit("；还没有联系家长"))
    )
    where = pl.when(pl.col("_where").is_not_null()).then(pl.format("；去向：{}", "_where")).otherwise(pl.lit(""))
    return pl.concat_str(began, span, again, asked, where)


def _of_cases(school: School, students: pl.DataFrame, known: pl.DataFrame) -> list[pl.DataFrame]:
    """劝返中, and what 名册 lacks of cases that ended."""
    mine = known.join(students, on=STUDENT, how="inner", maintain_order="left")
    status, outcome = pl.col("在籍状态"), pl.col(recalls.OUTCOME)
    ended = _day(pl.col(recalls.ENDED_ON))
    left_before = (pl.col("异动日期") <= pl.col(recalls.ENDED_ON)).fill_null(True)
    found = [
        (
            TO_ON_ROLL,
            (outcome == BACK_AT_SCHOOL) & status.is_in(list(_LEAVING)) & left_before,
            pl.format("“劝返”里 {} 已经复学，名册还是{}", ended, status),
        ),
        (BEING_RECALLED, outcome.is_null(), _waiting(school)),
    ]
    for word, change in _LEAVING.items():
        reason = pl.format("“劝返”里 {} 的结果是{}，名册还是在读", ended, pl.lit(word))
        found.append((change, (outcome == word) & (status == ON_ROLL), reason))
    rows = ((change, mine.filter(which), reason) for change, which, reason in found)
    return [_rows(those, change, reason, **_CASE) for change, those, reason in rows if those.height]


def _waiting(school: School) -> pl.Expr:
    """How long a case has waited for the next visit, and whether it was reported."""
    visits, last = pl.col(recalls.VISITS), pl.col(recalls.LAST_VISIT)
    days = (pl.lit(school.today) - last).dt.total_days()
    late = pl.lit(school.today - timedelta(days=school.settings.recall_days))
    visited = pl.format("劝返 {} 次，最近 {}，{} 天前", visits, _day(last), days)
    said = (
        pl.when(visits > 0).then(visited).otherwise(pl.format("{} 起疑似辍学，还没有劝返过", _day(pl.col("疑似日期"))))
    )
    due = pl.when(pl.coalesce(last, "疑似日期") < late).then(pl.lit("，该再去一次")).otherwise(pl.lit(""))
    told = pl.when(pl.col(recalls.REPORTED).is_null()).then(pl.lit("；还没有上报")).otherwise(pl.lit(""))
    return pl.concat_str(said, due, told)


def _rows(found: pl.DataFrame, change: str, reason: pl.Expr, **cells: pl.Expr) -> pl.DataFrame:
    usual = {"学号": pl.col(STUDENT), **{name: pl.col(name) for name in ("姓名", "班级", "年级")}}
    said = usual | cells | {"变化": pl.lit(change), "理由": reason}
    rows = found.select(cell.cast(SUSPECTS[name].type.dtype).alias(name) for name, cell in said.items())
    return pl.concat([SUSPECTS.empty(), rows], how="diagonal")


def _day(day: pl.Expr) -> pl.Expr:
    return day.dt.to_string("%-m月%-d日")
