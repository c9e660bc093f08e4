"""期中 班级十星: who could have which star in each class (DOMAIN rule 10).

* 「十星」 names the stars, 「十星依据」 what each looks at: behaviour marks of the term (their mean, at least 「十星起评分」),
  进展 (percentile points against the baseline in the term's latest exam that ranks, more than 0), or activities of the
  term whose 名称 or 类型 has one of some words, the student's 特长 in 档案 counting as one more.
* Anyone on the roll can be a candidate, tracked or not. Equal measures go by the mean of the five behaviour marks, then
  by percentile points, then by 学号.
* In each class every star has a first candidate of its own, as long as one of its candidates is left; stars choose in the
  order of 「十星」. A star whose candidates are all first for others has one of them again. After that come the next best, 「十星候选」 in all. At most 「十星人数」 stars a class have candidates.
* By class as 班级 lists them, then by star, then 顺序.
"""

from __future__ import annotations

import re

import polars as pl

from xlbangfu.rules import people, roll
from xlbangfu.rules.behaviour import MARKS, MEAN, means
from xlbangfu.rules.numbers import half_up
from xlbangfu.rules.progress import shown_change
from xlbangfu.rules.school import School
from xlbangfu.rules.wording import quoted
from xlbangfu.schema import ACTIVITIES, CLASSES, FILES, ROSTER
from xlbangfu.settings.parsers import ACTIVITY_MEASURE, STAR_PROGRESS

HONOUR, WORTH, REASON = "荣誉", "_worth", "_reason"


def stars(school: School, changes: pl.DataFrame) -> pl.DataFrame:
    """荣誉, 学号, 姓名, 年级, 班级, 顺序, 依据; ``changes`` has 学号, 考试编号 and 变化 of the exam that 进展 goes by."""
    students = _students(school, changes)
    measured = dict(school.settings.star_measures)
    asked = [star for star in school.settings.stars[: school.settings.star_limit] if star in measured]
    candidates = [_candidates(school, students, star, measured[star]) for star in asked]
    if not candidates:
        return students.clear().select("学号", "姓名", "年级", "班级")
    return _placed(pl.concat(candidates), asked, school.settings.star_candidates)


def without_measure(school: School) -> list[str]:
    """The stars that 「十星依据」 does not name: staff recommend for them."""
    return [star for star in school.settings.stars if star not in dict(school.settings.star_measures)]


def present(school: School) -> pl.DataFrame:
    """学号, 姓名, 年级, 班级 of everyone on the roll today; as 班级 lists the classes, then by 学号."""
    classes = school[CLASSES].unique("班级", keep="first", maintain_order=True).with_row_index("_at")
    return (
        school[ROSTER]
        .filter(roll.on_roll(pl.lit(school.today)))
        .join(classes.select("班级", "年级", "_at"), on="班级", how="left")
        .sort("_at", "班级", "学号", nulls_last=True)
        .select("学号", "姓名", "年级", "班级")
    )


def _students(school: School, changes: pl.DataFrame) -> pl.DataFrame:
    """Everyone on the roll with 年级, 班级, the mean of each behaviour mark, 考试编号 and 变化, and 特长."""
    marks = means(school, MARKS, since=school.settings.term_start)
    gifts = school[FILES].select(学号=people.STUDENT, 特长="特长").drop_nulls().unique("学号", keep="first")
    return (
        present(school)
        .with_row_index("_at")
        .join(marks, on="学号", how="left")
        .join(changes.select("学号", "考试编号", "变化", _shown=shown_change()), on="学号", how="left")
        .join(gifts, on="学号", how="left")
    )


def _candidates(school: School, students: pl.DataFrame, star: str, measure: str) -> pl.DataFrame:
    """The students who come into question for a star, with WORTH (more is better) and REASON."""
    if measure.startswith(ACTIVITY_MEASURE):
        found = _active(school, students, measure.removeprefix(ACTIVITY_MEASURE))
    elif measure == STAR_PROGRESS:
        change = pl.col("变化")
        evidence = pl.format("{} 在年级里的位置升 {} 个百分点", "考试编号", quoted(pl.col("_shown")))
        found = students.filter(change > 0).with_columns(change.alias(WORTH), evidence.alias(REASON))
    else:
        names = measure.split("+")
        mean = half_up(pl.mean_horizontal(names), 6)
        found = students.with_columns(mean.alias(WORTH)).filter(pl.col(WORTH) >= school.settings.star_score)
        found = found.with_columns(
            pl.format("本学期{}平均 {} 分", pl.lit("和".join(names)), quoted(pl.col(WORTH))).alias(REASON)
        )
    return found.select(pl.lit(star).alias(HONOUR), "_at", "学号", "姓名", "年级", "班级", MEAN, "变化", WORTH, REASON)


def _active(school: School, students: pl.DataFrame, words: str) -> pl.DataFrame:
    has_word = "|".join(re.escape(word) for word in words.split("/") if word)
    settings = school.settings
    took_part = (
        school[ACTIVITIES]
        .filter(pl.col("日期").is_between(settings.term_start, min(settings.term_end, school.today)))
        .filter(pl.concat_str("名称", "类型", separator=" ", ignore_nulls=True).str.contains(has_word))
        .select("名称", people.split(pl.col("参与学生")).alias("学号"))
        .explode("学号")
        .unique(maintain_order=True)
        .group_by("学号", maintain_order=True)
        .agg(pl.len().alias("_times"), pl.col("名称").str.join("、"))
    )
    gifted = pl.col("特长").str.contains(has_word).fill_null(False)
    times = pl.col("_times").fill_null(0).cast(pl.Float64)
    joined = pl.when(pl.col("_times") > 0).then(pl.format("本学期参加 {} 次：{}", "_times", "名称"))
    gift = pl.when(gifted).then(pl.format("特长：{}", "特长"))
    return (
        students.join(took_part, on="学号", how="left")
        .with_columns(
            (times + gifted).alias(WORTH), pl.concat_str(joined, gift, separator="；", ignore_nulls=True).alias(REASON)
        )
        .filter(pl.col(WORTH) > 0)
    )


def _placed(candidates: pl.DataFrame, stars: list[str], most: int) -> pl.DataFrame:
    """The candidates of each star and class with 顺序 from 1, as many as ``most``."""
    best_first = candidates.sort(
        WORTH, MEAN, "变化", "学号", descending=[True, True, True, False], nulls_last=True
    ).with_row_index("_best")
    firsts = best_first.clear()
    for star in stars:
        left = best_first.filter(pl.col(HONOUR) == star).join(firsts, on="学号", how="anti")
        firsts = pl.concat([firsts, left.unique("班级", keep="first", maintain_order=True)])
    others = best_first.join(firsts, on=[HONOUR, "学号"], how="anti")
    order = pl.col(HONOUR).cast(pl.Enum(stars))
    return (
        pl.concat([firsts.with_columns(_first=True), others.with_columns(_first=False)])
        .sort("_first", "_best", descending=[True, False])
        .with_columns(pl.int_range(1, pl.len() + 1).over(HONOUR, "班级").alias("顺序"))
        .filter(pl.col("顺序") <= most)
        .sort(pl.col("_at").min().over("班级"), order, "顺序")
        .select(HONOUR, "学号", "姓名", "年级", "班级", "顺序", pl.col(REASON).alias("依据"))
    )
