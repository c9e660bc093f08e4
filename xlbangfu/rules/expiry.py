"""Personal data that is past 「保存年限」 (DOMAIN, Privacy).

* Who left (在籍状态 is not 在读): everything, counted from 异动日期.
* Who is still on the roll but left the support list: the papers of that support, counted from 退出日期.
* In both cases from the last dated entry (记录, 计划, 评价, 成绩, 缺勤, 劝返) if that is later. Who has no such day is not listed.
* Whose 学号 is in other sheets and no longer in 名册: counted from that entry; listed too where there is none.
* Who is on the roll: the rows of 缺勤, each counted from its own day, and the cases of 劝返 that have ended, each whole and
  counted from its last day; neither belongs to the support, so leaving the list does not start their time.
* While a case of 劝返 is open nothing of a student in 名册 is listed: the duty to bring the child back ends with the case.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.rules import people, recalls
from xlbangfu.rules.personal import years_before
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import (
    ABSENCES,
    CONDUCT,
    EXAMS,
    FILES,
    LOG,
    ON_ROLL,
    PAIRINGS,
    PLANS,
    RECALLS,
    ROSTER,
    ROW,
    SCORES,
    Table,
)

SUPPORT_PAPERS: tuple[Table, ...] = (FILES, PAIRINGS, PLANS, LOG, CONDUCT)
ATTENDANCE: tuple[Table, ...] = (ABSENCES, RECALLS)
LEFT, OFF_THE_LIST, UNKNOWN, LONG_AGO = "离校", "退出帮扶", "已不在名册", "多年前的缺勤和劝返"
_WHEN = "_when"
_COLUMNS = ("学号", "姓名", "班级", "事由", "最后日期")
_WHO = pl.coalesce(STUDENT, "学号")


def limit(school: School) -> date:
    """What ended before this day is past its time."""
    return years_before(school.today, school.settings.keep_years)


def expired(school: School, roster: pl.DataFrame) -> pl.DataFrame:
    """学号, 姓名, 班级, 事由 and 最后日期 of whose time is over, longest ago first; ``roster`` is 名册's frame."""
    over = expired_rows(school, roster)
    found = [over.select(_COLUMNS), _of_nobody(school, roster), _long_ago(school, roster, over)]
    return pl.concat(found).sort("最后日期", "学号")


def expired_rows(school: School, roster: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``roster`` whose time is over, with 事由 (离校 or 退出帮扶) and 最后日期."""
    left = pl.col("在籍状态") != ON_ROLL
    over = roster.with_columns(
        事由=pl.when(left).then(pl.lit(LEFT)).otherwise(pl.lit(OFF_THE_LIST)),
        最后日期=pl.when(left).then("异动日期").otherwise("退出日期"),
    ).filter(pl.col("最后日期") < limit(school), pl.col("学号").is_not_null(), ~_still_away(school))
    return (
        over.join(_last_entries(school, over["学号"]), on="学号", how="left", maintain_order="left")
        .with_columns(最后日期=pl.max_horizontal("最后日期", _WHEN))
        .drop(_WHEN)
        .filter(pl.col("最后日期") < limit(school))
    )


def _of_nobody(school: School, roster: pl.DataFrame) -> pl.DataFrame:
    """The 学号 of other sheets that 名册 does not have, with the 姓名 and 班级 that stand beside one of them."""
    named = pl.concat(
        school[table].select(people.split(pl.col("学号")).alias("学号"), "姓名", "班级")
        for table in (*SUPPORT_PAPERS, SCORES, *ATTENDANCE)
    )
    alone = pl.col("学号").list.len() == 1
    gone = (
        named.with_columns(pl.when(alone).then(pl.col("姓名", "班级")))
        .explode("学号")
        .filter(pl.col("学号").is_not_null(), ~pl.col("学号").is_in(roster["学号"].drop_nulls().implode()))
        .group_by("学号")
        .agg(pl.col("姓名", "班级").drop_nulls().first())
    )
    return (
        gone.join(_last_entries(school, gone["学号"]), on="学号", how="left")
        .filter((pl.col(_WHEN) < limit(school)).fill_null(True))
        .select("学号", "姓名", "班级", pl.lit(UNKNOWN).alias("事由"), pl.col(_WHEN).alias("最后日期"))
    )


def _long_ago(school: School, roster: pl.DataFrame, over: pl.DataFrame) -> pl.DataFrame:
    """Who is listed for nothing else and has rows of 缺勤 and 劝返 past their time; 最后日期 is the latest of these."""
    days = pl.concat([_old_attendance(school, table).select(STUDENT, _when=pl.col(_WHEN)) for table in ATTENDANCE])
    latest = days.group_by(STUDENT).agg(pl.col(_WHEN).max())
    whole = over.filter(pl.col("事由") == LEFT)["学号"]
    return (
        roster.unique("学号", keep="first", maintain_order=True)
        .filter(~pl.col("学号").is_in(whole.implode()))
        .join(latest, left_on="学号", right_on=STUDENT)
        .select("学号", "姓名", "班级", pl.lit(LONG_AGO).alias("事由"), pl.col(_WHEN).alias("最后日期"))
    )


def _old_attendance(school: School, table: Table) -> pl.DataFrame:
    """The rows of 缺勤 or 劝返 that are past their time by themselves, with their day; those of a case only together."""
    rows = school[table]
    if table == ABSENCES:
        dated = rows.with_columns(pl.col("日期").alias(_WHEN))
    else:
        ended = recalls.cases(rows).filter(pl.col(recalls.OUTCOME).is_not_null()).select(recalls.CASE)
        last = pl.max_horizontal(recalls.DAY, "上报日期").max().over(recalls.CASE).alias(_WHEN)
        dated = recalls.dated(rows).with_columns(last).join(ended, on=recalls.CASE, maintain_order="left")
    return dated.filter(pl.col(_WHEN) < limit(school), ~_still_away(school, STUDENT))


def _still_away(school: School, column: str = "学号") -> pl.Expr:
    """Whether 劝返 has an open case of the student."""
    waiting = recalls.open_rows(school[RECALLS])[STUDENT].drop_nulls().unique()
    return pl.col(column).is_in(waiting.implode())


def rows_of(school: School, number: str, reason: str) -> dict[str, list[int]]:
    """By sheet, the Excel rows that are past their time with this student."""
    found: dict[str, list[int]] = {}
    for table, rows in _looked_through(school, reason):
        numbers = rows.filter(_names(number, reason, table))[ROW].to_list()
        if numbers:
            found[table.name] = sorted(numbers)
    return found


def _looked_through(school: School, reason: str) -> list[tuple[Table, pl.DataFrame]]:
    """The sheets, and what of them may be past its time for that reason."""
    if reason == LONG_AGO:
        return [(table, _old_attendance(school, table)) for table in ATTENDANCE]
    tables = SUPPORT_PAPERS if reason == OFF_THE_LIST else (ROSTER, *SUPPORT_PAPERS, SCORES, *ATTENDANCE)
    return [(table, school[table]) for table in tables]


def _names(number: str, reason: str, table: Table) -> pl.Expr:
    if reason == UNKNOWN:
        return people.split(pl.col("学号")).list.contains(number).fill_null(False)
    return pl.col("学号" if table == ROSTER else STUDENT) == number


def _last_entries(school: School, numbers: pl.Series) -> pl.DataFrame:
    """By 学号, the day of the last dated entry."""
    if numbers.is_empty():
        return pl.DataFrame(schema={"学号": pl.String, _WHEN: pl.Date})
    log = school[LOG].select(people.split(pl.col("学号")).alias("_each"), STUDENT, _when="日期")
    several = log.filter(pl.col("_each").list.len() > 1).explode("_each").select(学号="_each", _when=_WHEN)
    marks = school[SCORES].join(school[EXAMS].select("考试编号", "日期"), on="考试编号").select(学号=_WHO, _when="日期")
    days = pl.concat(
        [
            several,
            log.select(学号=pl.coalesce(STUDENT, pl.col("_each").list.first()), _when=_WHEN),
            marks,
            school[PLANS].select(学号=_WHO, _when="结束"),
            school[ABSENCES].select(学号=_WHO, _when="日期"),
            school[RECALLS].select(学号=_WHO, _when=pl.max_horizontal("疑似日期", "劝返日期", "复学日期", "上报日期")),
            school[CONDUCT].select(
                学号=_WHO, _when=pl.concat_str("月份", pl.lit("-28")).str.to_date("%Y-%m-%d", strict=False)
            ),
        ]
    )
    return days.filter(pl.col("学号").is_in(numbers.implode())).group_by("学号").agg(pl.col(_WHEN).max())
