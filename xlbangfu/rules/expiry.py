"""Personal data that is past 「保存年限」 (DOMAIN, Privacy).

* Who left (在籍状态 is not 在读): everything, counted from 异动日期.
* Who is still on the roll but left the support list: the papers of that support, counted from 退出日期.
* In both cases from the last dated entry (记录, 计划, 评价, 成绩) if that is later. Who has no such day is not listed.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules import people
from xlbangfu.rules.personal import years_before
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CONDUCT, EXAMS, FILES, LOG, ON_ROLL, PAIRINGS, PLANS, ROSTER, ROW, SCORES, Table

SUPPORT_PAPERS: tuple[Table, ...] = (FILES, PAIRINGS, PLANS, LOG, CONDUCT)
LEFT, OFF_THE_LIST = "离校", "退出帮扶"
_WHEN = "_when"


def limit(school: School) -> date:
    """What ended before this day is past its time."""
    return years_before(school.today, school.settings.keep_years)


def expired(school: School, roster: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``roster`` (名册's frame) whose time is over, with 事由 (离校 or 退出帮扶) and 最后日期; longest ago first."""
    left = pl.col("在籍状态") != ON_ROLL
    over = roster.with_columns(
        事由=pl.when(left).then(pl.lit(LEFT)).otherwise(pl.lit(OFF_THE_LIST)),
        最后日期=pl.when(left).then("异动日期").otherwise("退出日期"),
    ).filter(pl.col("最后日期") < limit(school), pl.col("学号").is_not_null())
    if not over.height:
        return over
    return (
        over.join(_last_entries(school, over["学号"]), on="学号", how="left", maintain_order="left")
        .with_columns(最后日期=pl.max_horizontal("最后日期", _WHEN))
        .drop(_WHEN)
        .filter(pl.col("最后日期") < limit(school))
        .sort("最后日期", "学号")
    )


def rows_of(school: School, number: str, reason: str) -> dict[str, list[int]]:
    """By sheet, the Excel rows that are past their time with this student."""
    tables = SUPPORT_PAPERS if reason == OFF_THE_LIST else (ROSTER, *SUPPORT_PAPERS, SCORES)
    found: dict[str, list[int]] = {}
    for table in tables:
        student = "学号" if table == ROSTER else STUDENT
        rows = school[table].filter(pl.col(student) == number)[ROW].to_list()
        if rows:
            found[table.name] = rows
    return found


def _last_entries(school: School, numbers: pl.Series) -> pl.DataFrame:
    """By 学号, the day of the last dated entry."""
    log = school[LOG].select(people.split(pl.col("学号")).alias("_each"), STUDENT, _when="日期")
    several = log.filter(pl.col("_each").list.len() > 1).explode("_each").select(学号="_each", _when=_WHEN)
    marks = (
        school[SCORES].join(school[EXAMS].select("考试编号", "日期"), on="考试编号").select(学号=STUDENT, _when="日期")
    )
    days = pl.concat(
        [
            several,
            log.select(学号=STUDENT, _when=_WHEN),
            marks,
            school[PLANS].select(学号=STUDENT, _when="结束"),
            school[CONDUCT].select(
                学号=STUDENT, _when=pl.concat_str("月份", pl.lit("-28")).str.to_date("%Y-%m-%d", strict=False)
            ),
        ]
    )
    return days.filter(pl.col("学号").is_in(numbers.implode())).group_by("学号").agg(pl.col(_WHEN).max())
