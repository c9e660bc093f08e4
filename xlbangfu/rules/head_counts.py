"""Tracked, key, special-group and dropout counts of a class (DOMAIN rule 3), beside each exam.

* Tracked and key: on the support list and on the roll on the exam's day, in the class they sat the exam in, or today's
  class if they have no row in it. 重点 is what 名册 says today.
* Special groups: who is on the roll that day and belongs to any of them today, each student once.
* Dropouts: of the exam's term, by the class that 名册 names. Its rate is over those on the roll when the term began.
  设置 gives the dates of one term; the school year before it counts as the term before. An exam of another school year
  has no dropout figures (null), for 名册 no longer says who was in a class then.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from xlbangfu.rules import roll
from xlbangfu.rules.school import School
from xlbangfu.rules.special_groups import members
from xlbangfu.schema import CLASSES, EXAMS, ROSTER, TRACKED, YES
from xlbangfu.settings import Settings

KEY_COLUMNS = ("考试编号", "年级", "班级")
_STUDENTS = pl.len().cast(pl.Int64)


def tracked_counts(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """考试编号, 年级, 班级, 帮扶人数, 重点人数; only where there are any."""
    roster = school[ROSTER].filter(pl.col("帮扶类别") == TRACKED)
    key = (pl.col("重点") == YES).sum().cast(pl.Int64)
    return _on_exam_days(school, ranking, roster, roll.tracked(pl.col("日期")), 帮扶人数=_STUDENTS, 重点人数=key)


def special_counts(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """考试编号, 年级, 班级, 特殊群体人数; only where there are any."""
    numbers = members(school[ROSTER])["学号"].unique()
    roster = school[ROSTER].filter(pl.col("学号").is_in(numbers.implode()))
    return _on_exam_days(school, ranking, roster, pl.lit(True), 特殊群体人数=_STUDENTS)


def _on_exam_days(
    school: School, ranking: pl.DataFrame, roster: pl.DataFrame, which: pl.Expr, **counts: pl.Expr
) -> pl.DataFrame:
    """The counts of those students of the roster who are on the roll on each exam's day, and for whom ``which`` holds then."""
    roster = _with_year(school, roster)
    on_the_day = pl.col("日期")
    students = (
        roster.join(school[EXAMS].select("考试编号", "日期"), how="cross")
        .filter(which & roll.on_roll(on_the_day))
        .select("考试编号", "学号", "重点", _year="年级", _class="班级")
    )
    sat = ranking.select("考试编号", "学号", "年级", "班级").filter(pl.col("学号").is_in(roster["学号"].implode()))
    return (
        students.join(sat, on=["考试编号", "学号"], how="left")
        .with_columns(pl.coalesce("年级", "_year").alias("年级"), pl.coalesce("班级", "_class").alias("班级"))
        .group_by(KEY_COLUMNS)
        .agg(**counts)
    )


def dropout_counts(school: School) -> pl.DataFrame:
    """考试编号, 年级, 班级, 辍学人数 and how many were on the roll when the term began (_began)."""
    roster = _with_year(school, school[ROSTER])
    exams = school[EXAMS].select("考试编号", "学期", "日期").iter_rows()
    terms = [(exam, _term(school.settings, term, day)) for exam, term, day in exams]
    found = []
    for span in {span for _, span in terms if span}:
        began, ended = span
        counts = roster.group_by("年级", "班级").agg(
            辍学人数=roll.dropped_out(pl.lit(began), pl.lit(ended)).sum().cast(pl.Int64),
            _began=roll.on_roll(pl.lit(began - timedelta(days=1))).sum().cast(pl.Int64),
        )
        of_term = pl.DataFrame({"考试编号": [exam for exam, other in terms if other == span]})
        found.append(of_term.join(counts, how="cross"))
    empty = pl.DataFrame(schema={**dict.fromkeys(KEY_COLUMNS, pl.String), "辍学人数": pl.Int64, "_began": pl.Int64})
    return pl.concat([empty, *(frame.select(empty.columns) for frame in found)])


def with_years(counts: pl.DataFrame) -> pl.DataFrame:
    """The counts of classes, and their sums for each 年级, where 班级 is null."""
    numbers = pl.exclude(KEY_COLUMNS)
    whole = counts.group_by("考试编号", "年级").agg(numbers.sum())
    return pl.concat(
        [counts, whole.select(pl.lit(None, dtype=pl.String).alias("班级"), pl.all()).select(counts.columns)]
    )


def _term(settings: Settings, term: str | None, day: date) -> tuple[date, date] | None:
    """First and last day of the term that an exam belongs to, if it is of this school year."""
    if term == settings.term:
        return settings.term_start, settings.term_end
    if settings.year_start <= day < settings.term_start:
        return settings.year_start, settings.term_start - timedelta(days=1)
    return None


def _with_year(school: School, roster: pl.DataFrame) -> pl.DataFrame:
    return roster.join(school[CLASSES].select("班级", "年级"), on="班级", how="left")
