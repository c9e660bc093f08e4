"""Ranks of every student in every exam (DOMAIN rule 2).

* Ranks are competition ranks, the best is 1: ties share the better place, 1 2 2 4. 进退 is baseline − now: positive is
  progress.
* 总分 is the sum of the marks there are in the counted subjects; 满分 is the full mark of those the student was not
  exempt from. Places follow 得分率 = 总分 ÷ 满分, which orders as the total scaled to the full marks of the 年级 does.
* 缺考 or 未录 in a counted subject, or 免考 in all of them: no rank, and so no 得分率, 等级, 标准分, 百分位, 与班均差 or
  进退. Such a row comes after the ranked ones of its 年级.
* 标准分 is (total − mean) ÷ standard deviation over the ranked students of the 年级, the deviation of the whole group
  (STDEV.P); null where all totals are equal. 百分位 is the share of them strictly worse. 与班均差 is in scaled marks,
  against the ranked students of the class.
* 等级: at a line is inside it, and the rate is not rounded first.
* A 选考 subject that the student has not chosen is none of the student's: it is in neither total nor full mark, and its lack is
  no 未录. Where the tracks of a 年级 are ranked apart (``chosen_subjects``), 年级 here is 年级 × track, 班级 class × track.
* A subject rank counts every mark of the 年级 in a subject that it is taught.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.baseline import compared
from xlbangfu.rules.chosen_subjects import NOT_CHOSEN
from xlbangfu.rules.exam_papers import FULL, counted_in, line_of, subjects_of
from xlbangfu.rules.numbers import any_of, exact, half_up, shown, sum_of
from xlbangfu.rules.school import School
from xlbangfu.rules.sittings import COHORT, GROUP, SITTING, Sittings, sittings
from xlbangfu.schema import ABSENT, EXEMPT, RANKING, state_of

NOT_ENTERED, NO_BASELINE = "未录", "无基线"
LEVELS = ("A", "B", "C", "D", "E")
_CLASS = "_class"
_WHERE = ("考试编号", "年级", "班级", "学号")
_NOISE = 1e-12  # a deviation below this is what adding floats leaves of none


def rank_of(subject: str) -> str:
    """The column of 排名 with the rank in one subject.

    >>> rank_of("语文")
    '语文名次'
    """
    return f"{subject}名次"


@asks_much
def rank(school: School, sat: Sittings | None = None) -> pl.DataFrame:
    """排名: RANKING's columns, then one rank column a subject; by exam date, 年级, 年级名次, 学号. ``sat`` are its sittings, where
    they are there already."""
    found = sat or sittings(school)
    subjects = subjects_of(school)

    marked = _marked(found, found.papers, subjects)
    totals = _totals(found, marked, subjects)
    places = _places(found, totals, school.settings.level_lines)
    against = _against_baseline(found, places)
    by_subject = marked.select(_rank(pl.col(subject), GROUP).alias(rank_of(subject)) for subject in subjects)
    notes = _notes(marked.filter(totals["_missing"] | totals["_excused"]), subjects)
    figures = pl.concat([totals, places, against, by_subject], how="horizontal")
    return _as_sheet(found, figures, notes).select(*RANKING.names, *by_subject.columns)


@asks_much
def standings(school: School) -> pl.DataFrame:
    """Of 排名, in its order, what 进展 is told from: 考试编号, 年级, 班级, 学号, 年级名次, 百分位, 基线考试 and 基线名次."""
    found = sittings(school)
    subjects = subjects_of(school)

    marked = _marked(found, found.papers, subjects)
    places = _in_year(found, _totals(found, marked, subjects))
    against = _against_baseline(found, places)
    rows = found.rows.select(GROUP, *_WHERE).hstack(places).hstack(against)
    return rows.sort(_order(found)).select(
        *(pl.col(name).cast(pl.String) for name in ("考试编号", "班级", "学号", "基线考试")),
        _named_year().cast(pl.String),
        *("年级名次", "百分位", "基线名次"),
    )


def _marked(found: Sittings, sheet: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """The rows with marks in thousandths, null where the subject is not taught, and the full mark where it counts.

    ``_of_year`` is the full mark of the subjects that the student has.
    """
    full_marks = sheet.select(
        GROUP,
        *(counted_in(subject) for subject in subjects),
        *(pl.col(line_of(subject, FULL)).is_not_null().alias(_taught(subject)) for subject in subjects),
    )
    counted = {subject: pl.col(counted_in(subject)) for subject in subjects}
    own = (
        pl.when(~_not_chosen(subject)).then(full) if subject in found.optional else full
        for subject, full in counted.items()
    )
    rows = found.rows.select(GROUP, SITTING, *subjects, *(state_of(subject) for subject in subjects))
    return rows.hstack(found.spread(full_marks)).with_columns(
        sum_of(own).alias("_of_year"),
        *(pl.when(_taught(subject)).then(exact(pl.col(subject))).alias(subject) for subject in subjects),
    )


def _totals(found: Sittings, marked: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """Totals and full marks in thousandths, 得分率, and whether a row misses a counted subject or is excused from one."""
    counted = {subject: pl.col(counted_in(subject)) for subject in subjects}
    counts = {subject: counted[subject].is_not_null() for subject in subjects}
    marks = [pl.when(counts[subject]).then(subject) for subject in subjects]
    excused = {subject: counts[subject] & _exempt(subject) for subject in subjects}
    present = {subject: pl.col(subject).is_not_null() | _exempt(subject) for subject in subjects}
    present |= {subject: present[subject] | _not_chosen(subject) for subject in subjects if subject in found.optional}
    missing = [counts[subject] & ~present[subject] for subject in subjects]
    excused_from = sum_of(pl.when(excused[subject]).then(counted[subject]) for subject in subjects)
    rows = marked.select(
        pl.when(any_of(mark.is_not_null() for mark in marks)).then(sum_of(marks)).alias("_total"),
        (pl.col("_of_year") - excused_from).alias("_full"),
        any_of(excused.values()).alias("_excused"),
        any_of(missing).alias("_missing"),
        "_of_year",
    )
    ranked = ~pl.col("_missing") & (pl.col("_full") > 0)
    return rows.with_columns(pl.when(ranked).then(pl.col("_total") / pl.col("_full")).alias("得分率"))


def _places(found: Sittings, totals: pl.DataFrame, lines: Sequence[float]) -> pl.DataFrame:
    """Every figure that sets a student beside the 年级, the class or the lines."""
    rate = pl.col("得分率")
    in_class = pl.col(GROUP) * len(found.school_class.categories) + pl.col("班级").to_physical()
    rows = found.rows.select(GROUP, in_class.alias(_CLASS)).hstack(totals.select("得分率", "_of_year"))
    mean, deviation = pl.col("_mean"), pl.col("_deviation")
    around = rate.mean().over(GROUP).alias("_mean"), rate.std(ddof=0).over(GROUP).alias("_deviation")
    above_class = (rate - rate.mean().over(_CLASS)) * shown(pl.col("_of_year"))
    return (
        rows.with_columns(around)
        .select(
            *_in_year_of(rate),
            _rank(rate, _CLASS).alias("班级名次"),
            level_of(rate, lines).alias("等级"),
            half_up(pl.when(deviation > _NOISE).then((rate - mean) / deviation), 6).alias("标准分"),
            half_up(above_class, 6).alias("与班均差"),
        )
        .with_columns(_without_minus("标准分"), _without_minus("与班均差"))
    )


def _in_year(found: Sittings, totals: pl.DataFrame) -> pl.DataFrame:
    """年级名次 and 百分位."""
    return found.rows.select(GROUP).hstack(totals.select("得分率")).select(*_in_year_of(pl.col("得分率")))


def _in_year_of(rate: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    worse = (rate.rank("min").over(GROUP) - 1) / rate.count().over(GROUP)
    return _rank(rate, GROUP).alias("年级名次"), worse.alias("百分位")


def _against_baseline(found: Sittings, places: pl.DataFrame) -> pl.DataFrame:
    """基线考试 and, for a student who was ranked there among the same cohort, 基线名次 and 进退."""
    groups = found.spread(compared(found).select(GROUP, "基线考试", COHORT))
    rows = found.rows.select("学号", SITTING).hstack(groups).hstack(places.select("年级名次"))
    then = rows.select(SITTING, _cohort_then=COHORT, _rank_then="年级名次")
    same = pl.col(COHORT) == pl.col("_cohort_then")
    return (
        rows.select("基线考试", COHORT, "年级名次", _then=found.sitting(pl.col("基线考试"), pl.col("学号")))
        .join(then, left_on="_then", right_on=SITTING, how="left", maintain_order="left")
        .with_columns(pl.when(same).then("_rank_then").alias("基线名次"))
        .select("基线考试", "基线名次", (pl.col("基线名次") - pl.col("年级名次")).alias("进退"))
    )


def _as_sheet(found: Sittings, figures: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns, types and order of the sheet."""
    names = (*_WHERE, "姓名")
    rows = found.rows.select(*names, GROUP, SITTING).hstack(figures)
    return (
        rows.join(notes, on=SITTING, how="left", maintain_order="left")
        .with_columns(
            _order(found).alias("_order"),
            _named_year(),
            shown(pl.col("_total")).alias("总分"),
            pl.when(pl.col("_full") > 0).then(shown(pl.col("_full"))).alias("满分"),
            pl.when(_no_baseline())
            .then(pl.concat_str("说明", pl.lit(NO_BASELINE), separator="；", ignore_nulls=True))
            .otherwise("说明")
            .alias("说明"),
        )
        .sort("_order")
        .cast(dict.fromkeys((*names, "基线考试"), pl.String))
    )


def _order(found: Sittings) -> pl.Expr:
    """The place of a row in 排名."""
    height = found.rows.height
    place = pl.col(GROUP) * (height + 2) + pl.col("年级名次").fill_null(height + 1)
    return place * len(found.student.categories) + pl.col("学号").to_physical()


def _named_year() -> pl.Expr:
    return pl.when(pl.col("年级") != "").then("年级").alias("年级")


def _notes(odd: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """SITTING and 说明 of those who missed or were excused from a counted subject: which ones, as 缺考：数学、英语；免考：体育."""
    cells = odd.with_row_index("_row").select("_row", SITTING, *(_lacking(subject) for subject in subjects))
    each = cells.unpivot(subjects, index=["_row", SITTING], variable_name="_subject", value_name="_kind")
    listed = (
        each.drop_nulls("_kind")
        .group_by("_row", SITTING, pl.col("_kind").cast(pl.Enum([ABSENT, NOT_ENTERED, EXEMPT])), maintain_order=True)
        .agg(pl.col("_subject").str.join("、"))
        .sort("_kind", maintain_order=True)
    )
    said = pl.format("{}：{}", pl.col("_kind").cast(pl.String), "_subject").str.join("；").alias("说明")
    return listed.group_by("_row", SITTING, maintain_order=True).agg(said).select(SITTING, "说明")


def _lacking(subject: str) -> pl.Expr:
    """Why a counted subject has no mark, null where it has one or is none of the student's."""
    state, blank = pl.col(state_of(subject)), pl.col(subject).is_null()
    kind = pl.when(state.is_in([ABSENT, EXEMPT])).then(state).when(blank & state.is_null()).then(pl.lit(NOT_ENTERED))
    return pl.when(pl.col(counted_in(subject)).is_not_null()).then(kind).alias(subject)


def _no_baseline() -> pl.Expr:
    """Ranked, and the 年级 has a baseline, but the student has no rank there."""
    return pl.col("年级名次").is_not_null() & pl.col("基线考试").is_not_null() & pl.col("基线名次").is_null()


def level_of(rate: pl.Expr, lines: Sequence[float]) -> pl.Expr:
    """A to E of a share of the full marks, null of none; at a line is inside it."""
    level: pl.Expr = pl.when(rate.is_not_null()).then(pl.lit(LEVELS[-1]))
    for line, name in zip(reversed(lines), reversed(LEVELS[:-1]), strict=True):
        level = pl.when(rate >= round(line, 9)).then(pl.lit(name)).otherwise(level)
    return level


def _rank(value: pl.Expr, group: str) -> pl.Expr:
    return value.rank("min", descending=True).over(group).cast(pl.Int64)


def _taught(subject: str) -> str:
    return f"{subject}·开设"


def _exempt(subject: str) -> pl.Expr:
    return (pl.col(state_of(subject)) == EXEMPT).fill_null(False)


def _not_chosen(subject: str) -> pl.Expr:
    return (pl.col(state_of(subject)) == NOT_CHOSEN).fill_null(False)


def _without_minus(name: str) -> pl.Expr:
    """A difference of nothing never shows as −0.0."""
    return pl.when(pl.col(name) == 0).then(0.0).otherwise(name).alias(name)
