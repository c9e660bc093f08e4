"""What each teacher does on which day (DOMAIN rule 7), from today, or from the first day of a term to come, to its end.

* 辅导: in every week, at each of 「辅导时间」. When that is no school day, on the nearest school day of the week (the earlier of two); a
  week without a school day has none.
  What is tutored is one subject at a time (``tutored_subjects``).
* 谈心: as often as 「谈心次数」 says, on the day by which it is due (``dues``).
* 考后谈心: within 「考后谈心天数」 days of an exam of the student's 年级 (单元 and 竞赛 left out), on the last school day of them, else on the next.
* 家访: as often as 「家访次数」 says; those of a 班主任 spread evenly over the term.
* 计划阶段: the end of each phase of 计划 that is not done, on the last school day up to it.
* 月度回顾 on the last school day of a month; 交流会 on the first day of its last week; not in a month of fewer than
  ``FEWEST`` school days.

Everything is on school days. A student has his 一对一 teacher, or else his 班主任; 家访 is the 班主任's.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import people
from xlbangfu.rules.dues import DUE, FEWEST, FIRST, SERIES, dues
from xlbangfu.rules.responsible import HOMEROOM, SUBJECTS, TUTOR, labels, looked_after
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.school_days import DAY, WEEK_OF, SchoolDays, term
from xlbangfu.rules.tutored_subjects import ROUND, subject_in, with_round
from xlbangfu.schema import EXAMS, PLANS, SCHEDULE, YES
from xlbangfu.settings.times import WEEKDAYS, Hours, Pace

KIND, START, END = "_kind", "_start", "_end"
SUBJECT = "_subject"  # of 辅导; null where no subject is named
TUTORING, TALK, EXAM_TALK, VISIT, PHASE, REVIEW, MEETING = (
    "辅导",
    "谈心",
    "考后谈心",
    "家访",
    "计划阶段",
    "月度回顾",
    "交流会",
)
UNRANKED = ("单元", "竞赛")  # 类型 of exams that ask for no talk
COLUMNS = {
    "日期": pl.Date(),
    START: pl.Time(),  # null: all day
    END: pl.Time(),
    "教师": pl.String(),
    "学号": pl.String(),
    "姓名": pl.String(),
    "班级": pl.String(),
    "阶段": pl.String(),
    "事项": pl.String(),
    SUBJECT: pl.String(),
    KIND: pl.String(),
    SERIES: pl.String(),
}
_WHO = ("学号", "姓名", "班级", "退出日期")


@asks_much
def schedule(school: School) -> pl.DataFrame:
    """日程, SCHEDULE's columns, by 日期, 教师, 时间, 班级 and 学号; one row for each student."""
    return as_sheet(tasks(school))


def as_sheet(found: pl.DataFrame) -> pl.DataFrame:
    """Tasks as 日程 shows them."""
    weekday = pl.lit("周") + pl.col("日期").dt.weekday().replace_strict(
        dict(enumerate(WEEKDAYS, 1)), return_dtype=pl.String
    )
    hours = pl.format("{}-{}", pl.col(START).dt.strftime("%H:%M"), pl.col(END).dt.strftime("%H:%M"))
    what = pl.concat_str("事项", SUBJECT, separator="：", ignore_nulls=True)
    shown = found.with_columns(星期=weekday, 时间=hours, 事项=what, 备注=pl.lit(None, dtype=pl.String))
    return shown.select(pl.col(name).cast(dtype) for name, dtype in SCHEDULE.frame_schema.items())


def tasks(school: School) -> pl.DataFrame:
    """The rows of 日程 with what a calendar needs of them (``COLUMNS``): KIND, and SERIES, which stays the same when a task
    of a teacher moves to another day."""
    days = SchoolDays.of(school).frame
    students = looked_after(school)
    if not days.height or not students.height:
        return pl.DataFrame(schema=COLUMNS)
    found = pl.concat(
        _columns(part)
        for part in (
            *(_tutoring(days, students, hours, school) for hours in school.settings.tutoring),
            *_talks(days, students, school),
            _exam_talks(days, students, school),
            *_visits(days, students, school),
            _phase_ends(days, students, school),
            *_monthly(days, students),
        )
    )
    first, last = term(school)
    leaves = (pl.col("退出日期") <= pl.col("日期")).fill_null(False)
    due = found.filter(pl.col("日期").is_between(max(school.today, first), last) & ~leaves)
    return _with_phase(due, school).sort(
        "日期", "教师", START, "班级", "学号", KIND, SERIES, nulls_last=True, maintain_order=True
    )


def _columns(part: pl.DataFrame) -> pl.DataFrame:
    wanted = {**COLUMNS, "退出日期": pl.Date()}
    return part.select(
        (pl.col(name) if name in part.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in wanted.items()
    )


def _tutoring(days: pl.DataFrame, students: pl.DataFrame, hours: Hours, school: School) -> pl.DataFrame:
    meant = pl.col(WEEK_OF) + pl.duration(days=hours.weekday - 1)
    nearest = (
        days.sort(WEEK_OF, (pl.col(DAY) - meant).abs(), DAY)
        .unique(WEEK_OF, keep="first", maintain_order=True)
        .with_columns(_moved=pl.col(DAY) != meant)
    )
    name = f"周{WEEKDAYS[hours.weekday - 1]}"
    what = pl.when("_moved").then(pl.lit(f"每周辅导（{name}不上课，改到今天）")).otherwise(pl.lit("每周辅导"))
    tutored = students.select(*_WHO, SUBJECTS, 教师=TUTOR).join(
        nearest.select(
            日期=DAY,
            事项=what,
            _start=pl.lit(hours.start),
            _end=pl.lit(hours.end),
            _kind=pl.lit(TUTORING),
            _series=pl.format("{} {} {}", WEEK_OF, pl.lit(name), pl.lit(hours.text)),
        ),
        how="cross",
    )
    return with_round(tutored, school).with_columns(subject_in(pl.col(ROUND)).alias(SUBJECT))


def _talks(days: pl.DataFrame, students: pl.DataFrame, school: School) -> list[pl.DataFrame]:
    asked = school.settings.talk_pace
    return [
        mine.select(*_WHO, 教师=TUTOR).join(
            dues(days, pace).select(日期=DUE, 事项=pl.lit("谈心，最晚这一天"), _kind=pl.lit(TALK), _series=SERIES),
            how="cross",
        )
        for mine, pace in _by_pace(students, asked.usual, asked.key)
    ]


def _by_pace(students: pl.DataFrame, usual: Pace, key: Pace) -> tuple[tuple[pl.DataFrame, Pace], ...]:
    return (students.filter(~pl.col("_key")), usual), (students.filter("_key"), key)


def _exam_talks(days: pl.DataFrame, students: pl.DataFrame, school: School) -> pl.DataFrame:
    """日期 is the last school day within 「考后谈心天数」, else the first one after them."""
    ranking = ~pl.col("类型").is_in(UNRANKED).fill_null(False)
    exams = (
        school[EXAMS]
        .filter(ranking)
        .select("考试编号", _held="日期", _name=pl.coalesce("名称", "考试编号"), _grade=people.split(pl.col("年级")))
        .drop_nulls("_held")
    )
    by = (exams["_held"] + timedelta(days=school.settings.talk_days)).alias("_by")
    exams = exams.with_columns(by).sort("_by")
    school_days = days.select(DAY).sort(DAY)
    dated = exams.join_asof(school_days.rename({DAY: "_before"}), left_on="_by", right_on="_before").join_asof(
        school_days.rename({DAY: "_later"}), left_on="_by", right_on="_later", strategy="forward"
    )
    talks = dated.select(
        "_grade",
        日期=pl.when(pl.col("_before") > pl.col("_held")).then("_before").otherwise("_later"),
        事项=pl.format("考后谈心（{}），最晚这一天", pl.col("_name")),
        _kind=pl.lit(EXAM_TALK),
        _series="考试编号",
    ).drop_nulls("日期")
    both = students.select(*_WHO, "年级", 教师=TUTOR).join(talks, how="cross")
    return both.filter(pl.col("_grade").is_null() | pl.col("_grade").list.contains(pl.col("年级")))


def _visits(days: pl.DataFrame, students: pl.DataFrame, school: School) -> list[pl.DataFrame]:
    """The k-th of n visits of a 班主任 is k/n through the days of its slot."""
    asked = school.settings.visit_pace
    return [
        _spread(days, mine, pace).with_columns(
            事项=pl.lit("家访"), _kind=pl.lit(VISIT), _series=pl.format("{} {}", "学号", SERIES)
        )
        for mine, pace in _by_pace(_turns(students), asked.usual, asked.key)
    ]


def _turns(students: pl.DataFrame) -> pl.DataFrame:
    """The students with their place among those of their 班主任 (``_turn``, from 0) and how many those are (``_many``)."""
    return students.with_columns(_turn=pl.int_range(pl.len()).over(HOMEROOM), _many=pl.len().over(HOMEROOM))


def _spread(days: pl.DataFrame, mine: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    numbered = days.select(DAY).with_row_index("_place").cast({"_place": pl.Int64})
    slots = dues(days, pace)
    for name, place in ((FIRST, "_from"), (DUE, "_to")):
        slots = slots.join(numbered.rename({DAY: name, "_place": place}), on=name)
    length = pl.col("_to") - pl.col("_from") + 1
    at = pl.col("_from") + (2 * pl.col("_turn") + 1) * length // (2 * pl.col("_many"))
    both = mine.select(*_WHO, "_turn", "_many", 教师=HOMEROOM).join(slots, how="cross")
    return both.with_columns(_place=at).join(numbered.rename({DAY: "日期"}), on="_place")


def _phase_ends(days: pl.DataFrame, students: pl.DataFrame, school: School) -> pl.DataFrame:
    first, last = term(school)
    running = pl.col("开始").le(last) & pl.col("结束").ge(first) & (pl.col("完成") != YES).fill_null(True)
    plans = school[PLANS].filter(running).select(STUDENT, "计划编号", "阶段", "结束", _typed="负责人").sort("结束")
    dated = plans.join_asof(days.select(日期=DAY).sort("日期"), left_on="结束", right_on="日期", coalesce=False)
    return (
        dated.join(labels(school, plans["_typed"]), on="_typed", how="left")
        .join(students.select(*_WHO, TUTOR), left_on=STUDENT, right_on="学号")
        .rename({STUDENT: "学号"})
        .with_columns(
            教师=pl.coalesce("_label", TUTOR),
            事项=pl.format("“{}”阶段到期：写阶段效果", "阶段"),
            _kind=pl.lit(PHASE),
            _series="计划编号",
        )
        .drop("阶段")
    )


def _monthly(days: pl.DataFrame, students: pl.DataFrame) -> list[pl.DataFrame]:
    teachers = students.select(教师=TUTOR).drop_nulls().unique()
    months = (
        days.group_by(_month=pl.col(DAY).dt.truncate("1mo"))
        .agg(
            _last=pl.col(DAY).max(),
            _meets=pl.col(DAY).filter(pl.col(WEEK_OF) == pl.col(WEEK_OF).max()).min(),
            _n=pl.len(),
        )
        .filter(pl.col("_n") >= FEWEST)
    )
    events = (
        ("_last", REVIEW, "月度回顾：补全本月记录，写好效果和下次安排"),
        ("_meets", MEETING, "帮扶交流会"),
    )
    return [
        teachers.join(
            months.select(日期=day, 事项=pl.lit(what), _kind=pl.lit(kind), _series=pl.col("_month").cast(pl.String)),
            how="cross",
        )
        for day, kind, what in events
    ]


def _with_phase(found: pl.DataFrame, school: School) -> pl.DataFrame:
    """阶段: the phase of the student's plan that runs on the day."""
    plans = school[PLANS].drop_nulls([STUDENT, "开始"]).select("开始", 学号=STUDENT, _phase="阶段", _until="结束")
    beside = found.sort("日期", maintain_order=True).join_asof(
        plans.sort("开始"), left_on="日期", right_on="开始", by="学号", check_sortedness=False
    )
    phase = pl.when((pl.col("_until") >= pl.col("日期")).fill_null(True)).then("_phase")
    return beside.with_columns(阶段=phase).select(list(COLUMNS))
