"""Contacts owed and made (DOMAIN rule 8).

One row for each student looked after and each type of contact that 设置 asks for. Everything is counted in the term, from
its first day, or from 列入日期 if that is later, up to today.

* 应做: how many were due by today (``dues`` says when they are). A contact of this week is not owed before its last
  school day.
* 已做: entries of the type; a session with several students counts for each of them.
* 落实率: 已做 ÷ 应做, at most 1; empty while nothing was due.
* 上次, 距今天数: the last contact of the type, of an earlier term too; calendar days.
* 是否过期: the contact that was due last has not been made, nor any since.
* 三沟通: whether the student, the parents and the second guardian were each spoken to; the second guardian where there is
  one: the student is left-behind or 档案 names one. Who is tutored, talked to or counselled was spoken to, whatever
  沟通对象 says.
* 四优先: which of 「优先项」 any entry has.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.rules import people
from xlbangfu.rules.dues import DUE, FIRST, dues, owed
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.responsible import COUNSELLOR, HOMEROOM, TUTOR, looked_after
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import SchoolDays, term
from xlbangfu.rules.validation.check_parts import by_number, each_student
from xlbangfu.schema import CONTACTS, FILES, LOG, NO, YES
from xlbangfu.settings import Settings
from xlbangfu.settings.times import Paces

TUTORING, TALK, MARKING, FAMILY, VISIT, COUNSELLING = "辅导", "谈心", "作业面批", "家长沟通", "家访", "心理咨询"
TO_STUDENT, TO_PARENTS, TO_GUARDIAN = CHANNELS = ("学生", "父母", "第二监护人")
WITH_STUDENT = (TUTORING, TALK, MARKING, COUNSELLING)
_WHO = {VISIT: HOMEROOM, COUNSELLING: COUNSELLOR}
_JOINED, _MADE, _LAST, _ORDER, _SESSION = "_joined", "_made", "_last", "_order", "_session"


def paces(settings: Settings) -> dict[str, Paces]:
    """How often each type of contact is asked for."""
    return {
        TUTORING: settings.tutoring_pace,
        TALK: settings.talk_pace,
        MARKING: settings.marking_pace,
        FAMILY: settings.family_pace,
        VISIT: settings.visit_pace,
        COUNSELLING: settings.counselling_pace,
    }


def contacts(school: School) -> pl.DataFrame:
    """落实, CONTACTS's columns: the overdue first, those without any contact before the longest ago; then by 班级, 学号."""
    students = _joined(school)
    entries = _entries(school, students)
    return (
        _counted(school, students, entries)
        .join(_reached(school, students, entries), on="学号", how="left", maintain_order="left")
        .with_columns(
            上次=_LAST,
            距今天数=(pl.lit(school.today) - pl.col(_LAST)).dt.total_days(),
            是否过期=_yes((pl.col("应做") > 0) & (pl.col(_LAST) < pl.col(FIRST)).fill_null(True)),
            备注=pl.lit(None, dtype=pl.String),
        )
        .with_columns(落实率=pl.when(pl.col("应做") > 0).then((pl.col("已做") / pl.col("应做")).clip(upper_bound=1)))
        .sort(
            pl.col("是否过期") != YES,
            pl.when(pl.col("是否过期") == YES).then(-pl.col("距今天数").fill_null(pl.lit(1 << 30))),
            "班级",
            "学号",
            _ORDER,
        )
        .select(pl.col(name).cast(dtype) for name, dtype in CONTACTS.frame_schema.items())
    )


def made_and_owed(school: School) -> pl.DataFrame:
    """已做 and 应做 of each row of 落实, in no order."""
    students = _joined(school)
    return _counted(school, students, _entries(school, students)).select("已做", "应做")


def _counted(school: School, students: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    both = _asked(school, students).join(_made(entries), on=["学号", "类型"], how="left", maintain_order="left")
    return both.with_columns(已做=pl.col(_MADE).fill_null(0))


def _joined(school: School) -> pl.DataFrame:
    """The students, with the day from which they are counted."""
    start = pl.lit(school.settings.term_start)
    return looked_after(school).with_columns(pl.max_horizontal(start, "列入日期").alias(_JOINED))


def _asked(school: School, students: pl.DataFrame) -> pl.DataFrame:
    """One row for each student and type asked of him: 学号, 姓名, 班级, 类型, 责任教师, 应做, and FIRST, the first day of the
    slot that was due last."""
    asked = paces(school.settings)
    days = SchoolDays.of(school).frame
    slots = {pace: dues(days, pace) for pace in {one for both in asked.values() for one in (both.usual, both.key)}}
    past = {pace: those.filter(pl.col(DUE) <= school.today)[FIRST] for pace, those in slots.items()}
    usual, key = students.filter(~pl.col("_key")), students.filter("_key")
    parts = []
    for order, (kind, pace) in enumerate(asked.items()):
        for mine, chosen in ((usual, pace.usual), (key, pace.key)):
            if chosen.times and mine.height:
                named = mine.select(
                    *("学号", "姓名", "班级"),
                    pl.col(_WHO.get(kind, TUTOR)).alias("责任教师"),
                    pl.lit(kind).alias("类型"),
                    pl.lit(order).alias(_ORDER),
                    owed(slots[chosen], mine[_JOINED], school.today).alias("应做"),
                    pl.lit(past[chosen].last(), dtype=pl.Date).alias(FIRST),
                )
                parts.append(named)
    return pl.concat(parts) if parts else _owing_nobody(students)


def _owing_nobody(students: pl.DataFrame) -> pl.DataFrame:
    text = pl.lit(None, dtype=pl.String)
    nothing = {"责任教师": text, "类型": text, _ORDER: pl.lit(0), "应做": pl.lit(0, dtype=pl.Int64)}
    return students.clear().select("学号", "姓名", "班级", pl.lit(None, pl.Date).alias(FIRST), **nothing)


def _entries(school: School, students: pl.DataFrame) -> pl.DataFrame:
    """The entries up to today, one row for each student: 学号, 类型, 日期, 沟通对象, 优先类, and whether it ``_counts``: in the
    term and not before he joined."""
    columns = (STUDENT, "类型", "日期", "沟通对象", "优先类")
    log = school[LOG].select("学号", *columns).filter(pl.col("日期") <= school.today)
    plain = (pl.col("学号") == pl.col(STUDENT)).fill_null(False)  # nearly all, and told without looking for commas
    single, sessions = by_number(log.filter(~plain))
    mine = pl.col(STUDENT).is_in(students["学号"].implode())
    frames = [log.filter(plain & mine).select(columns), single.filter(mine).select(columns)]
    if sessions.height:
        each = each_student(sessions.with_row_index(_SESSION)).filter(mine)
        frames.append(each.unique([STUDENT, _SESSION]).select(columns))
    _, last = term(school)
    return (
        pl.concat(frames)
        .join(students.select("学号", _JOINED), left_on=STUDENT, right_on="学号")
        .rename({STUDENT: "学号"})
        .with_columns(_counts=pl.col("日期").is_between(_JOINED, pl.lit(last)))
    )


def _made(entries: pl.DataFrame) -> pl.DataFrame:
    made = pl.col("_counts").sum().cast(pl.Int64).alias(_MADE)
    return entries.group_by("学号", "类型").agg(made, pl.col("日期").max().alias(_LAST))


def _reached(school: School, students: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """学号, 三沟通 and 四优先 of every student."""
    counted = entries.filter("_counts")
    heard = counted.filter(pl.col("类型").is_in(WITH_STUDENT)).select("学号", _part=pl.lit(TO_STUDENT)).unique()
    guarded = school[FILES].filter(pl.col("第二监护人").is_not_null())[STUDENT].drop_nulls().implode()
    has_guardian = (pl.col("留守") == YES).fill_null(False) | pl.col("学号").is_in(guarded)
    channels = {name: has_guardian if name == TO_GUARDIAN else pl.lit(True) for name in CHANNELS}
    priorities = {name: pl.lit(True) for name in school.settings.priorities}
    return (
        students.select("学号", "留守")
        .join(_by_student(pl.concat([_parts(counted, "沟通对象"), heard]), "三"), on="学号", how="left")
        .join(_by_student(_parts(counted, "优先类"), "四"), on="学号", how="left")
        .select("学号", 三沟通=_ticked("三", channels), 四优先=_ticked("四", priorities))
    )


def _parts(entries: pl.DataFrame, column: str) -> pl.DataFrame:
    """学号 and each different part (``_part``) that its cells name."""
    cells = entries.select("学号", column).drop_nulls().unique()
    return cells.select("学号", _part=people.split(pl.col(column))).explode("_part")


def _by_student(parts: pl.DataFrame, name: str) -> pl.DataFrame:
    """The parts of each student as one list."""
    return parts.group_by("学号").agg(pl.col("_part").alias(name))


def _ticked(name: str, wanted: Mapping[str, pl.Expr]) -> pl.Expr:
    """Each wanted part with √ or ×, as "学生√ 父母×"; those that do not apply are left out."""
    there = pl.col(name).fill_null([])
    parts = [
        pl.when(applies).then(pl.format("{}{}", pl.lit(part), _tick(there.list.contains(part))))
        for part, applies in wanted.items()
    ]
    return pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit(None, dtype=pl.String)


def _tick(when: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.lit("√")).otherwise(pl.lit("×"))


def _yes(when: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.lit(YES)).otherwise(pl.lit(NO))
