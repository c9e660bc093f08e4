"""一分三率 of every class and 年级 in every exam (DOMAIN rule 3).

* 应考 is everyone with a row in 成绩 for that exam, in a 选考 subject those who have chosen it; it is 实考 + 缺考 + 免考 + 未录. Only 实考 counts in the figures.
* A subject has rows where it was held (``papers``), also one that does not count for the total.
* 总分 counts in 实考 who has a mark in every counted subject; else 缺考 goes before 未录, and 未录 before 免考. Its lines are
  the sums of the counted subjects' lines.
* 优秀率 and 及格率 are at the line or above, 低分率 is below it. Figures are not rounded.
* 年级排名 of classes by 平均分: a competition rank, equal means tie. The row of the whole 年级 has no 班级 and no rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from xlbangfu.rules.chosen_subjects import NOT_CHOSEN
from xlbangfu.rules.exam_papers import (
    EXCELLENT,
    FULL,
    LINES,
    LOW,
    PASSING,
    TOTAL,
    counted_in,
    line_of,
    subjects_of,
)
from xlbangfu.rules.head_counts import dropout_counts, special_counts, tracked_counts, with_years
from xlbangfu.rules.numbers import THOUSAND, any_of, exact, shown, sum_of
from xlbangfu.rules.school import School
from xlbangfu.rules.sittings import GROUP, Sittings, sittings
from xlbangfu.schema import ABSENT, CLASS_FIGURES, EXEMPT, state_of

_COUNTS = ("实考", "缺考", "免考", "未录", "优秀", "及格", "低分", "_sum")
_PEOPLE = ("帮扶人数", "重点人数", "特殊群体人数")


def class_figures(school: School, ranking: pl.DataFrame, sat: Sittings | None = None) -> pl.DataFrame:
    """班级汇总, CLASS_FIGURES's columns; the newest exam first, then 年级, 班级 (the whole 年级 first), 科目 (总分 last). ``sat`` are
    the sittings of the school, where they are there already."""
    return _as_sheet(_with_rates(_by_class_and_year(school, sat or sittings(school))), _heads(school, ranking))


def _by_class_and_year(school: School, found: Sittings) -> pl.DataFrame:
    """The counts of every class and, without 班级, of every 年级. The rows behind them take many megabytes and go with the end of this."""
    subjects = subjects_of(school)

    rows = _with_total(found, found.papers, subjects)
    classes = _counted(rows, [*subjects, TOTAL])
    years = classes.group_by("考试编号", "年级", "科目").agg(
        pl.lit(None, dtype=found.school_class).alias("班级"),
        pl.col("应考", *_COUNTS).sum(),
        pl.max("_most"),
        pl.min("_least"),
    )
    return pl.concat([classes.drop_nulls("班级"), years.select(classes.columns)])


def _with_total(found: Sittings, sheet: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """The rows with marks and lines in thousandths, 总分 like one more subject: its mark, its state, its lines."""
    counted = {subject: pl.col(counted_in(subject)).is_not_null() for subject in subjects}
    lines = sheet.with_columns(_lines_of_total(counted)).select(
        GROUP,
        *(counted_in(subject) for subject in subjects),
        *(line_of(subject, line) for subject in [*subjects, TOTAL] for line in LINES),
    )
    rows = found.rows.hstack(found.spread(lines)).with_columns(exact(pl.col(subject)) for subject in subjects)

    state = {subject: pl.col(state_of(subject)) for subject in subjects}
    absent = any_of(counted[subject] & (state[subject] == ABSENT) for subject in subjects)
    exempt = any_of(counted[subject] & (state[subject] == EXEMPT) for subject in subjects)
    entered = ~any_of(counted[subject] & pl.col(subject).is_null() & state[subject].is_null() for subject in subjects)
    total_state = pl.when(absent).then(pl.lit(ABSENT)).when(entered & exempt).then(pl.lit(EXEMPT))
    total = _total(counted, {subject: pl.col(subject) for subject in subjects})
    if found.optional:  # whoever has not chosen a subject has other lines than the 年级
        own = {subject: counted[subject] & (state[subject] != NOT_CHOSEN).fill_null(True) for subject in subjects}
        rows = rows.with_columns(_lines_of_total(own))
    return rows.with_columns(
        total_state.alias(state_of(TOTAL)), pl.when(entered).then(total).alias(TOTAL)
    ).with_columns(pl.when(pl.col(state_of(TOTAL)).is_null()).then(TOTAL).alias(TOTAL))


def _lines_of_total(counted: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    """The lines of 总分: the sums of those of the counted subjects."""
    return [
        _total(counted, {subject: pl.col(line_of(subject, line)) for subject in counted}).alias(line_of(TOTAL, line))
        for line in LINES
    ]


def _counted(rows: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """考试编号, 年级, 班级, 科目 (an Enum), 应考, the counts, the sum, the highest and the lowest mark in thousandths."""
    keys = ("考试编号", "年级", "班级")
    wide = rows.group_by(keys).agg(
        pl.len().cast(pl.Int64).alias("应考"),
        *(figure.alias(line_of(subject, name)) for subject in subjects for name, figure in _figures(subject).items()),
    )
    told = (*_COUNTS, "_most", "_least", NOT_CHOSEN, "_held")
    parts = (
        pl.DataFrame(
            [*(wide[name] for name in (*keys, "应考")), *(wide[line_of(subject, name)].alias(name) for name in told)]
        )
        for subject in subjects
    )
    names = pl.Series("科目", [subject for subject in subjects for _ in range(wide.height)], pl.Enum(subjects))
    return (
        pl.concat(parts)
        .with_columns(names, pl.col("应考") - pl.col(NOT_CHOSEN))
        .filter("_held")
        .select(*keys, "科目", "应考", *_COUNTS, "_most", "_least")
    )


def _figures(subject: str) -> dict[str, pl.Expr]:
    mark, state = pl.col(subject), pl.col(state_of(subject))
    counts = {
        "实考": mark.count(),
        "缺考": (state == ABSENT).sum(),
        "免考": (state == EXEMPT).sum(),
        NOT_CHOSEN: (state == NOT_CHOSEN).sum(),
        "未录": (mark.is_null() & state.is_null()).sum(),
        "优秀": (mark >= pl.col(line_of(subject, EXCELLENT))).sum(),
        "及格": (mark >= pl.col(line_of(subject, PASSING))).sum(),
        "低分": (mark < pl.col(line_of(subject, LOW))).sum(),
        "_sum": mark.sum(),
    }
    numbers = {name: count.cast(pl.Int64) for name, count in counts.items()}
    held = pl.col(line_of(subject, FULL)).is_not_null().any()
    return {**numbers, "_most": mark.max(), "_least": mark.min(), "_held": held}


def _with_rates(figures: pl.DataFrame) -> pl.DataFrame:
    mean = pl.when(pl.col("实考") > 0).then(pl.col("_sum") / pl.col("实考"))
    place = mean.rank("min", descending=True).over("考试编号", "年级", "科目", pl.col("班级").is_null())
    return figures.with_columns(
        (mean / THOUSAND).round(9).alias("平均分"),
        shown(pl.col("_most")).alias("最高分"),
        shown(pl.col("_least")).alias("最低分"),
        *(
            pl.when(pl.col("实考") > 0).then(pl.col(name) / pl.col("实考")).alias(f"{name}率")
            for name in ("优秀", "及格", "低分")
        ),
        pl.when(pl.col("班级").is_not_null()).then(place).cast(pl.Int64).alias("年级排名"),
    )


def _heads(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """Tracked, key, special-group and dropout counts of every class and 年级, for the rows of 总分."""
    tracked, dropouts = with_years(tracked_counts(school, ranking)), with_years(dropout_counts(school))
    keys = ["考试编号", "年级", "班级"]
    special = with_years(special_counts(school, ranking))
    heads = dropouts
    for counts in (tracked, special):
        heads = heads.join(counts, on=keys, how="full", coalesce=True, nulls_equal=True)
    share = pl.when(pl.col("_began") > 0).then(pl.col("辍学人数") / pl.col("_began"))
    return heads.select(*keys, pl.lit(TOTAL).alias("科目"), *_PEOPLE, "辍学人数", share.alias("辍学率"))


def _as_sheet(figures: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    keys = ["考试编号", "年级", "班级", "科目"]
    is_total = pl.col("科目") == TOTAL
    return (
        figures.sort(keys, descending=[True, False, False, False], nulls_last=False)
        .with_columns(pl.col(keys).cast(pl.String))
        .with_columns(pl.col("年级").replace("", None))
        .join(heads, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.when(is_total).then(pl.col(_PEOPLE).fill_null(0)))
        .select(CLASS_FIGURES.names)
    )


def _total(counted: Mapping[str, pl.Expr], numbers: Mapping[str, pl.Expr]) -> pl.Expr:
    """The sum over the counted subjects; null where there are none."""
    parts = [pl.when(counted[subject]).then(number) for subject, number in numbers.items()]
    return pl.when(any_of(counted.values())).then(sum_of(parts))
