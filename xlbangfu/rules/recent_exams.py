"""What the last exams say of each student (DOMAIN rule 4): places, failed subjects, whether they meet the conditions.

* The exams are the last ones of some types (by default 期中, 期末, 月考) up to today that the student's year of students
  sat; by 日期, exams of one day by 考试编号. Fewer are used where there are fewer. Every student of that year of students
  has a row for each of them.
* An exam says something of a student only if the marks are whole: with 未录, with 免考 in everything, or without a row of
  成绩 in the own 年级 it says nothing, and the share is null. A single 免考 is left out.
* The share strictly worse is 百分位 of 排名. 缺考 counts as no marks: its share is that of the ranked students below what
  is left of the total, with the student in the denominator, so that missing an exam never looks better than sitting it.
* Failed: a counted subject below its 及格线, or missed.
* Meets the conditions: share < 「排查百分位」, or at least 「排查不及格科数」 failed; null where the exam says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from xlbangfu.rules.baseline import REGULAR
from xlbangfu.rules.chosen_subjects import NOT_CHOSEN, with_choices
from xlbangfu.rules.exam_papers import FULL, PASSING, counted_in, line_of, papers, subjects_of
from xlbangfu.rules.numbers import any_of, exact, shown, sum_of
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import ABSENT, CLASSES, EXAMS, EXEMPT, ROSTER, SCORES, SEPARATOR, state_of

NTH, SHARE, MEETS = "_nth", "_share", "_meets"
FAILED, COUNT, MISSED, WEAK = "_failed", "_count", "_missed", "_weak"
RATE, PASS_RATE = "_rate", "_pass_rate"
UNFIT = "_unfit"  # why an exam says nothing of the student, null where it does
NOT_ENTERED, ALL_EXEMPT = "成绩没有录全", "全部免考"
NOTHING_COUNTS, NO_ROW = "没有计入总分的成绩", "没有本年级这次考试的成绩"
_GROUP = ("考试编号", "年级")
_COHORT, _NUMBER = "_cohort", "_number"  # of an exam and 年级, on which windows are quicker than on two texts
_NAMES = (*_GROUP, _NUMBER, _COHORT, "学号", "类型", "日期", NTH, "满分", SHARE, RATE, UNFIT)
_MEAN, _DEVIATION = "_mean", "_deviation"  # of the marks of an exam and 年级 in a subject
_CLOSE = 9  # places in which shares are compared, so that 7 % is 7 %
_NOISE = 1e-9


def recent_results(
    school: School, ranking: pl.DataFrame, *, kinds: Sequence[str] = REGULAR, last: int | None = None
) -> pl.DataFrame:
    """One row a student and exam, earliest first, of the ``last`` exams (default 「排查考试数」) of ``kinds``.

    学号, 考试编号, 类型, 日期; NTH (1 the latest); SHARE from 0 to 1; FAILED, MISSED and WEAK (z at most 「薄弱学科线」) are
    subjects as text, "" for none, WEAK null where the student has no mark; COUNT of the failed; RATE and PASS_RATE (score
    rates, null where unranked); MEETS; UNFIT.
    """
    cohorts = _cohorts(school)
    window = _window(school, ranking, cohorts, kinds, last or school.settings.screening_exams)
    marked = _with_subjects(school, _with_papers(school, _with_share(_sat(ranking, window))))
    return (
        _with_absentees(marked, window, cohorts)
        .sort(NTH, descending=True, maintain_order=True)
        .select(
            "学号", "考试编号", "类型", "日期", NTH, SHARE, FAILED, COUNT, MISSED, WEAK, RATE, PASS_RATE,
            _meets(school).alias(MEETS), UNFIT,
        )
    )  # fmt: skip


def recent_verdicts(
    school: School, ranking: pl.DataFrame, students: pl.Series, *, kinds: Sequence[str], last: int
) -> pl.DataFrame:
    """Of ``recent_results`` the rows of these students, in the same order, with what says whether they meet the conditions and
    nothing else: 学号, 考试编号, 类型, 日期, NTH, MEETS and UNFIT."""
    cohorts = _cohorts(school)
    window = _window(school, ranking, cohorts, kinds, last)
    mine = pl.col("学号").is_in(students.implode())
    sat = _with_papers(school, _with_share(_sat(ranking, window))).filter(mine)
    failed = _failed(subjects_of(school))
    marked = sat.with_columns(_many(failed).alias(COUNT))
    return (
        _with_absentees(marked, window, cohorts.filter(mine))
        .sort(NTH, descending=True, maintain_order=True)
        .select("学号", "考试编号", "类型", "日期", NTH, _meets(school).alias(MEETS), UNFIT)
    )


def _cohorts(school: School) -> pl.DataFrame:
    """学号 and the 年级 of today's class."""
    rooms = school[CLASSES].select("班级", pl.col("年级").alias(_COHORT))
    return school[ROSTER].select("学号", "班级").join(rooms, on="班级").select("学号", _COHORT)


def _sat(ranking: pl.DataFrame, window: pl.DataFrame) -> pl.DataFrame:
    """The rows of 排名 of the exams in the window, with what is asked of them."""
    asked = ranking.select(*_GROUP, "学号", "年级名次", "总分", "满分", "得分率", "百分位", "说明")
    return asked.join(window, on=_GROUP, how="inner", nulls_equal=True, maintain_order="left")


def _meets(school: School) -> pl.Expr:
    """Whether a row meets the conditions, null where the exam says nothing of the student."""
    settings = school.settings
    low = pl.col(SHARE).round(_CLOSE) < round(settings.screening_share, _CLOSE)
    return pl.when(pl.col(UNFIT).is_null()).then(low | (pl.col(COUNT) >= settings.screening_failing))


def _with_absentees(marked: pl.DataFrame, window: pl.DataFrame, cohorts: pl.DataFrame) -> pl.DataFrame:
    """The rows of the students of each cohort; who has none in one of its exams gets an empty one."""
    asked = cohorts.select("学号", _COHORT).join(
        window.select("考试编号", _COHORT, "类型", "日期", NTH), on=_COHORT, maintain_order="left"
    )
    own = marked.join(asked, on=["学号", _COHORT, "考试编号"], how="semi", maintain_order="left")
    absent = asked.join(own, on=["学号", "考试编号"], how="anti").with_columns(
        pl.lit(NO_ROW).alias(UNFIT), pl.lit(0, dtype=pl.Int64).alias(COUNT)
    )
    return pl.concat([own, absent], how="diagonal_relaxed")


def _window(
    school: School, ranking: pl.DataFrame, cohorts: pl.DataFrame, kinds: Sequence[str], last: int
) -> pl.DataFrame:
    """考试编号, 年级, the cohort that most of those who sat it are of, 类型, 日期 and NTH of the last exams of each cohort."""
    exams = (
        school[EXAMS]
        .filter((pl.col("日期") <= school.today) & pl.col("类型").is_in(list(kinds)))
        .sort("日期", "考试编号")
        .select("考试编号", "类型", "日期")
        .with_row_index("_at")
    )
    return (
        ranking.select(*_GROUP, "学号")
        .join(exams, on="考试编号")
        .join(cohorts, on="学号")
        .group_by(*_GROUP, _COHORT)
        .agg(pl.len().alias("_students"), pl.col("_at", "类型", "日期").first())
        .sort("_students", *_GROUP, _COHORT, descending=[True, False, False, False])
        .unique(_GROUP, keep="first", maintain_order=True)
        .unique(["考试编号", _COHORT], keep="first", maintain_order=True)
        .with_columns(pl.col("_at").rank("dense", descending=True).over(_COHORT).cast(pl.Int64).alias(NTH))
        .filter(pl.col(NTH) <= last)
        .select(*_GROUP, _COHORT, "类型", "日期", NTH)
        .with_row_index(_NUMBER)
    )


def _with_share(sat: pl.DataFrame) -> pl.DataFrame:
    """The rows with SHARE: 百分位 of the ranked, and of those who missed something their place by what is left."""
    note = pl.col("说明").fill_null("")
    missed = pl.col("年级名次").is_null() & note.str.contains(f"{ABSENT}：", literal=True)
    unfit = (
        pl.when(note.str.contains("未录：", literal=True))
        .then(pl.lit(NOT_ENTERED))
        .when(pl.col("年级名次").is_not_null() | missed)
        .then(None)
        .when(note.str.contains(f"{EXEMPT}：", literal=True))
        .then(pl.lit(ALL_EXEMPT))
        .otherwise(pl.lit(NOTHING_COUNTS))
    )
    rows = (
        sat.with_columns(unfit.alias(UNFIT))
        .with_columns(
            pl.when(missed & pl.col(UNFIT).is_null()).then(pl.col("总分").fill_null(0) / pl.col("满分")).alias("_left")
        )
        .with_columns(pl.coalesce("得分率", "_left").alias("_of"))
    )
    ranked = pl.col("得分率").is_not_null()
    below = (
        rows.filter(pl.col("_of").is_not_null())
        .group_by(*_GROUP, "_of")
        .agg(ranked.sum().cast(pl.Int64).alias("_ranked"))
        .sort("_of")
        .with_columns((pl.col("_ranked").cum_sum() - pl.col("_ranked")).over(_GROUP).alias("_below"))
        .with_columns((pl.col("_below") / (pl.col("_ranked").sum().over(_GROUP) + 1)).alias("_place"))
    )
    placed = rows.join(
        below.select(*_GROUP, "_of", "_place"), on=[*_GROUP, "_of"], how="left", nulls_equal=True, maintain_order="left"
    )
    return placed.with_columns(
        pl.coalesce("百分位", pl.when(pl.col("_left").is_not_null()).then("_place")).alias(SHARE),
        pl.col("得分率").alias(RATE),
    )


def _with_papers(school: School, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their marks, beside the papers of the exam in their 年级."""
    subjects = subjects_of(school)
    marks = school[SCORES].select(
        "考试编号", pl.col(STUDENT).alias("学号"), *(name for one in subjects for name in (one, state_of(one)))
    )
    sat = rows.select(_NAMES).join(marks, on=["考试编号", "学号"], how="left", maintain_order="left")
    sat = with_choices(school, sat)
    return sat.join(papers(school, sat, by=_GROUP), on=_GROUP, how="left", nulls_equal=True, maintain_order="left")


def _with_subjects(school: School, sat: pl.DataFrame) -> pl.DataFrame:
    """The rows with FAILED and how many, MISSED, WEAK and PASS_RATE, all from the marks."""
    subjects = subjects_of(school)
    usual = sat.group_by(_NUMBER).agg(figure for one in subjects for figure in _usual(one))
    sat = sat.join(usual, on=_NUMBER, how="left", maintain_order="left")
    counted = {one: pl.col(counted_in(one)).is_not_null() for one in subjects}
    failed, missed = _failed(subjects), _missed(subjects)
    left = {one: _is(one, EXEMPT) | _is(one, NOT_CHOSEN) for one in subjects}
    passing = sum_of(pl.when(counted[one] & ~left[one]).then(line_of(one, PASSING)) for one in subjects)
    weak = {one: (_z(one) <= school.settings.weak_subject + _NOISE).fill_null(False) for one in subjects}
    return sat.with_columns(
        _listed(failed).alias(FAILED),
        _many(failed).alias(COUNT),
        _listed(missed).alias(MISSED),
        pl.when(any_of(pl.col(one).is_not_null() for one in subjects)).then(_listed(weak)).alias(WEAK),
        pl.when(pl.col(RATE).is_not_null()).then(shown(passing) / pl.col("满分")).alias(PASS_RATE),
    ).select(*_NAMES, FAILED, COUNT, MISSED, WEAK, PASS_RATE)


def _missed(subjects: Sequence[str]) -> dict[str, pl.Expr]:
    """Whether each counted subject was missed."""
    return {one: pl.col(counted_in(one)).is_not_null() & _is(one, ABSENT) for one in subjects}


def _failed(subjects: Sequence[str]) -> dict[str, pl.Expr]:
    """Whether each counted subject was missed, or its mark is below the line."""
    return {one: pl.col(counted_in(one)).is_not_null() & (_is(one, ABSENT) | _below_the_line(one)) for one in subjects}


def _many(applies: Mapping[str, pl.Expr]) -> pl.Expr:
    """To how many subjects it applies."""
    return sum_of(here.cast(pl.Int64) for here in applies.values())


def _below_the_line(subject: str) -> pl.Expr:
    return (exact(pl.col(subject)) < pl.col(line_of(subject, PASSING))).fill_null(False)


def _taught(subject: str) -> pl.Expr:
    """The mark in a subject that the 年级 is taught."""
    return pl.when(pl.col(line_of(subject, FULL)).is_not_null()).then(pl.col(subject))


def _usual(subject: str) -> tuple[pl.Expr, pl.Expr]:
    """The mean of the marks of an exam and 年级, and their deviation."""
    mark = _taught(subject)
    return mark.mean().alias(line_of(subject, _MEAN)), mark.std(ddof=0).alias(line_of(subject, _DEVIATION))


def _z(subject: str) -> pl.Expr:
    """The z of a mark in a subject that the 年级 is taught; null where all marks are equal."""
    mean, deviation = pl.col(line_of(subject, _MEAN)), pl.col(line_of(subject, _DEVIATION))
    return pl.when(deviation > _NOISE).then((_taught(subject) - mean) / deviation)


def _is(subject: str, state: str) -> pl.Expr:
    return (pl.col(state_of(subject)) == state).fill_null(False)


def _listed(applies: Mapping[str, pl.Expr]) -> pl.Expr:
    """The subjects to which it applies, as 数学、英语; "" for none."""
    names = [pl.when(here).then(pl.lit(subject)) for subject, here in applies.items()]
    return pl.concat_str(pl.lit(None, dtype=pl.String), *names, separator=SEPARATOR, ignore_nulls=True)
