"""What is known of each student whom a letter is written for: of themselves only, and nothing that ranks.

A month's behaviour marks are the means over all who gave them. 心理咨询 and 心理团辅 are told nowhere.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.documents.slips.letter_words import unbranded
from xlbangfu.rules import people, roll
from xlbangfu.rules.exam_papers import subjects_of
from xlbangfu.rules.progress import NOT_IN_TRENDS, with_changes
from xlbangfu.rules.ranking import rank_of
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import ACTIVITIES, CONDUCT, EXAMS, LOG, ROSTER
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import NOT_FOR_PARENTS, TRACKED_ONLY

_LEAST = 3  # characters: what is left of “年级第3名” is no honour's name
_HABITS = ("学习态度", "作业", "纪律", "品德", "参与")
_GOOD = 4.0  # of 5
_MOST = 2  # habits, activities
_LONGEST = 20  # characters of the name of an honour or activity
_CONTACTS = {"辅导": "辅导", "谈心": "谈心", "作业面批": "面批作业", "家访": "家校联系", "家长沟通": "家校联系"}
_FOR_PARENTS = ["知识竞赛", "口算赛", "合唱", "兴趣小组", "社会实践", "感恩", "敬老"]  # kinds of 活动
_NOTHING: list[str] = []


def facts(school: School, ranking: pl.DataFrame, awards: pl.DataFrame, class_names: list[str]) -> pl.DataFrame:
    """A row a student: 学号, 姓名, 班级, 困难类型, 困难学科 (list); 日期, 类型, 等级, _points and _subject of the latest exam;
    _honours, _good, _better, _activities (lists of texts), _contacts (list of what and times)."""
    students = students_of(school, class_names)
    names = people.plain(pl.col("姓名"))
    known = students.join(_results(school, ranking), on="学号", how="left")
    for more in (
        _habits(school),
        _honours(awards, school.settings),
        _activities(school, school[ROSTER].select(names).to_series().drop_nulls().to_list()),
        _contacts(school),
    ):
        known = known.join(more, on="学号", how="left")
    lists = ["困难学科", "_good", "_better", "_honours", "_activities", "_contacts"]
    return known.with_columns(pl.col(name).fill_null(_NOTHING) for name in lists)


def students_of(school: School, class_names: list[str]) -> pl.DataFrame:
    """Whom letters are written for: on the roll today, in these classes, and tracked unless all are wanted."""
    day = pl.lit(school.today)
    wanted = roll.on_roll(day) & pl.col("班级").is_in(class_names) & pl.col("学号").is_not_null()
    if school.settings.slip_students == TRACKED_ONLY:
        wanted &= roll.tracked(day)
    students = school[ROSTER].filter(wanted).unique("学号", keep="first")
    return students.select("学号", "姓名", "班级", "困难类型", people.split(pl.col("困难学科")))


def _results(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """By 学号: 日期, 类型, 等级 of the latest exam, the change in percentile points (null without a baseline), and the
    subject that rose most, if one did by the first of 「进展线」."""
    held = pl.col("日期").is_between(school.settings.year_start, school.today)
    exams = school[EXAMS].filter(held, ~pl.col("类型").is_in(NOT_IN_TRENDS)).select("考试编号", "日期", "类型")
    latest = (
        with_changes(ranking)
        .join(exams, on="考试编号")
        .sort("日期", descending=True, maintain_order=True)
        .unique("学号", keep="first", maintain_order=True)
        .select("学号", "考试编号", "基线考试", "日期", "类型", "等级", _points="变化")
    )
    return latest.join(_risen_subjects(school, ranking, latest), on="学号", how="left")


def _risen_subjects(school: School, ranking: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """学号 and _subject: the one in which the student passed most of the 年级 since the baseline; ties: as 科目 has them."""
    subjects = [subject for subject in subjects_of(school) if rank_of(subject) in ranking.columns]
    if not subjects:
        return pl.DataFrame(schema={"学号": pl.String(), "_subject": pl.String()})
    of_all = (
        1 - pl.col(rank_of(subject)) / pl.col(rank_of(subject)).count().over("考试编号", "年级") for subject in subjects
    )
    shares = ranking.select(
        "学号", "考试编号", *(share.alias(name) for name, share in zip(subjects, of_all, strict=True))
    )
    long = shares.unpivot(
        subjects, index=["学号", "考试编号"], variable_name="_subject", value_name="_share"
    ).drop_nulls()
    now = latest.select("学号", "考试编号", "基线考试").join(long, on=["学号", "考试编号"])
    then = long.rename({"考试编号": "基线考试", "_share": "_then"})
    rise = (pl.col("_share") - pl.col("_then")) * 100
    return (
        now.join(then, on=["学号", "基线考试", "_subject"], maintain_order="left")
        .filter(rise.round(6) >= school.settings.progress_lines[0])
        .sort(rise, descending=True, maintain_order=True)
        .unique("学号", keep="first", maintain_order=True)
        .select("学号", "_subject")
    )


def _habits(school: School) -> pl.DataFrame:
    """By 学号: _good, the habits that the latest month of this school year marks best, and _better, those that rose by
    「行为升降线」 on the month before; at most two each, best first."""
    months = pl.col("月份").is_between(pl.lit(f"{school.settings.year_start:%Y-%m}"), pl.lit(f"{school.today:%Y-%m}"))
    means = (
        school[CONDUCT]
        .filter(months, pl.col(STUDENT).is_not_null())
        .unpivot(_HABITS, index=[STUDENT, "月份"], variable_name="_habit", value_name="_mark")
        .drop_nulls("_mark")
        .group_by(STUDENT, "月份", "_habit", maintain_order=True)
        .agg(pl.col("_mark").mean())
        .sort("月份", maintain_order=True)
        .with_columns(_rise=pl.col("_mark") - pl.col("_mark").shift().over(STUDENT, "_habit"))
        .filter(pl.col("月份") == pl.col("月份").max().over(STUDENT))
    )
    return (
        means.group_by(STUDENT)
        .agg(
            _good=_best("_mark", pl.col("_mark") >= _GOOD),
            _better=_best("_rise", pl.col("_rise").round(6) >= school.settings.conduct_step),
        )
        .rename({STUDENT: "学号"})
    )


def _best(by: str, enough: pl.Expr) -> pl.Expr:
    return (
        pl.col("_habit")
        .filter(enough)
        .sort_by(pl.col(by).filter(enough), descending=True, maintain_order=True)
        .head(_MOST)
    )


def _honours(awards: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """By 学号 those of this term in 荣誉, each once, without the name of any list."""
    given = awards.filter(pl.col("学期") == settings.term, pl.col("学号").is_not_null(), pl.col("荣誉").is_not_null())
    told = pl.col("荣誉").map_elements(lambda name: unbranded(name, settings.public_name), return_dtype=pl.String())
    return (
        given.select("学号", _honours=told)
        .filter(pl.col("_honours").str.len_chars() >= _LEAST)
        .group_by("学号", maintain_order=True)
        .agg(_short(pl.col("_honours").unique(maintain_order=True)))
    )


def _short(name: pl.Expr) -> pl.Expr:
    """A name that leaves room for the rest of the letter."""
    return pl.when(name.str.len_chars() > _LONGEST).then(name.str.head(_LONGEST - 1) + "…").otherwise(name)


def _activities(school: School, names: list[str]) -> pl.DataFrame:
    """By 学号 the latest activities of this term, of kinds that parents are glad of; none whose name tells of a list or
    a child."""
    since = pl.col("日期").is_between(school.settings.term_start, school.today)
    fit = ~pl.col("名称").str.contains(NOT_FOR_PARENTS.pattern) & ~pl.col("名称").str.contains("心理")
    fit &= ~pl.col("名称").str.contains(school.settings.public_name, literal=True)
    mine = school[ACTIVITIES].filter(since, pl.col("类型").is_in(_FOR_PARENTS), fit)
    mine = mine.filter(~people.plain(pl.col("名称")).str.contains_any(names or ["\0"]))
    return (
        mine.sort("日期", descending=True, maintain_order=True)
        .select(_short(pl.col("名称")), 学号=people.split(pl.col("参与学生")))
        .explode("学号")
        .drop_nulls()
        .group_by("学号", maintain_order=True)
        .agg(_activities=pl.col("名称").unique(maintain_order=True).head(_MOST))
    )


def _contacts(school: School) -> pl.DataFrame:
    """By 学号 how often this term each kind of contact was made, group sessions too, the most frequent first."""
    since = pl.col("日期").is_between(school.settings.term_start, school.today)
    return (
        _each_student(school[LOG].filter(since, pl.col("类型").is_in(list(_CONTACTS))))
        .with_columns(what=pl.col("类型").replace_strict(_CONTACTS, return_dtype=pl.String()))
        .group_by("学号", "what")
        .agg(times=pl.len())
        .sort("times", "what", descending=[True, False])
        .group_by("学号", maintain_order=True)
        .agg(_contacts=pl.struct("what", "times"))
    )


def _each_student(log: pl.DataFrame) -> pl.DataFrame:
    """A row for each student of a session."""
    several = people.split(pl.col("学号"))
    alone = pl.concat_list(pl.col(STUDENT))
    whose = pl.when(several.list.len() > 1).then(several).otherwise(alone)
    return log.select("类型", 学号=whose).explode("学号").drop_nulls("学号")
