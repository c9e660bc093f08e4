"""Who should be on the list, still is, or may leave it (DOMAIN rule 4). Proposals only: 名册 changes by acceptance.

* Looked at are the students 在读 today. A student is on the list while 帮扶类别 is filled and 退出日期 is not reached.
* 学习: the conditions of ``recent_exams`` are met in each of the last exams, as many as asked. 行为规范: the mean of 纪律 and
  品德 is at most 「行为规范线」 in each of the student's last 「排查评价月数」 months; fewer months say nothing. Both: 双重.
* 待定: nothing speaks against it, but fewer exams say something of the student than asked (``recent_exams``: 未录, all 免考,
  no row; or the year sat fewer). The reason says so. An exam without the conditions settles it: nothing is proposed. Of whom
  no exam says anything, though the year sat one, is 待定 unless on another list.
* 可退出: whom rule 9 proposes for 转化 (``turnaround``), and nobody else; where the conditions are still met, the reason says
  so. Who no longer meets the conditions but is not there yet stays, and the reason says what is missing.
* 重点: the share strictly worse is < 「重点百分位」 in each of those exams, or two or more of 留守, 家庭困难, 双重.
* 关爱: 留守 or 家庭困难 without difficulty. 边缘: the latest score rate is within 「边缘区间」 of the pass line. Both only where
  帮扶类别 is empty; 学困 goes before 关爱, 关爱 before 边缘. A 边缘 student who is below the zone stays.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import screening_words as words
from xlbangfu.rules.conduct import last_months
from xlbangfu.rules.recent_exams import COUNT, MEETS, NTH, PASS_RATE, RATE, SHARE, WEAK, recent_results
from xlbangfu.rules.school import School
from xlbangfu.rules.screening_words import BOTH, CONDUCT, LEAVES, PENDING, STAYS, STUDY
from xlbangfu.rules.turnaround import LACKS, REASON, turned_around
from xlbangfu.schema import BORDERLINE, CARED, CLASSES, NEW, NO, ON_ROLL, ROSTER, SCREENING, TRACKED, YES
from xlbangfu.settings import Settings

_CLOSE = 9  # places in which rates and shares are compared


@asks_much
def screen(school: School, ranking: pl.DataFrame) -> pl.DataFrame:
    """排查, SCREENING's columns: 新增, then 待定, 可退出, 保留; 学困, 关爱, 边缘; by 班级 as its sheet has them, then 学号.

    ``ranking`` is 排名 of the same school, which is without its errors.
    """
    settings = school.settings
    known = (
        _students(school)
        .join(_exams(recent_results(school, ranking), settings), on="学号", how="left")
        .join(_months(school), on="学号", how="left")
        .join(turned_around(school, ranking).lazy().select("学号", REASON, LACKS), on="学号", how="left")
    )
    kinds = pl.Enum([TRACKED, CARED, BORDERLINE])
    return (
        _proposed(_with_verdicts(known, settings), settings)
        .filter(pl.col("变化").is_not_null())
        .with_columns(words.reason(settings).alias("理由"), words.evidence().alias("依据"))
        .sort(
            pl.col("变化").cast(pl.Enum([NEW, PENDING, LEAVES, STAYS])),
            pl.col("建议类别").cast(kinds),
            "_place",
            "学号",
        )
        .with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ("采纳", "备注"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCREENING.frame_schema.items())
        .collect()
    )


def _students(school: School) -> pl.LazyFrame:
    """Who is looked at, with what 名册 says: ``_was`` is the 帮扶类别 of those on the list, ``_typed`` that of anyone."""
    rooms = school[CLASSES].unique("班级", keep="first", maintain_order=True).with_row_index("_place")
    gone = (pl.col("退出日期") <= school.today).fill_null(False)
    return (
        school[ROSTER]
        .lazy()
        .filter((pl.col("在籍状态") == ON_ROLL) & pl.col("学号").is_not_null())
        .join(rooms.lazy().select("班级", "年级", "_place"), on="班级", how="left")
        .select(
            "学号", "姓名", "年级", "班级", "_place", "退出日期",
            pl.when(~gone).then("帮扶类别").alias("_was"),
            pl.col("帮扶类别").alias("_typed"),
            pl.col("困难类型").alias("_type_was"),
            (pl.col("留守") == YES).fill_null(False).alias("_left_behind"),
            (pl.col("家庭困难") == YES).fill_null(False).alias("_hardship"),
        )
    )  # fmt: skip


def _exams(results: pl.DataFrame, settings: Settings) -> pl.LazyFrame:
    """By student: how many exams the year sat (``_held``), how many say anything (``_exams``), how many meet the conditions
    (``_met``); whether all do by place, by failed subjects, or at the line of 重点; the latest rates and weak subjects; the words for each exam."""
    usable = pl.col(MEETS).is_not_null()

    def below(share: float) -> pl.Expr:
        return (pl.col(SHARE).round(_CLOSE) < round(share, _CLOSE)).fill_null(False).filter(usable).all()

    ranked = pl.col(RATE).is_not_null()
    return (
        results.lazy()
        .with_columns(words.of_exam(settings).alias("_line"))
        .group_by("学号", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("_held"),
            usable.sum().cast(pl.Int64).alias("_exams"),
            pl.col(MEETS).sum().cast(pl.Int64).alias("_met"),
            below(settings.screening_share).alias("_all_low"),
            below(settings.key_share).alias("_all_lowest"),
            (pl.col(COUNT) >= settings.screening_failing).filter(usable).all().alias("_all_failed"),
            pl.col(RATE, PASS_RATE).filter(ranked).sort_by(pl.col(NTH).filter(ranked)).first(),
            pl.col(WEAK).drop_nulls().last(),
            pl.col("_line").str.join("\n"),
        )
    )


def _months(school: School) -> pl.LazyFrame:
    """By student: how many months have marks (``_months``), in how many they are bad, which they are, and the words."""
    found = last_months(school, school.settings.conduct_months).lazy()
    bad = pl.col("_mean").round(_CLOSE) <= school.settings.conduct_line
    return found.group_by("学号", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("_months"),
        bad.sum().cast(pl.Int64).alias("_bad"),
        pl.col("月份").str.join("、").alias("_which"),
        words.of_month().str.join("\n").alias("_marked"),
    )


def _with_verdicts(known: pl.LazyFrame, settings: Settings) -> pl.LazyFrame:
    """Whether exams (``_study``) and marks (``_conduct``) meet the conditions in each case; ``_open`` is where too few exams
    say anything to tell, and none speaks against it."""
    counts = pl.col("_held", "_exams", "_met", "_months", "_bad").fill_null(0)
    held, exams, met, months, bad = (pl.col(name) for name in ("_held", "_exams", "_met", "_months", "_bad"))
    enough = exams >= settings.screening_exams
    return known.with_columns(counts).with_columns(
        (enough & (met == exams)).alias("_study"),
        (~enough & (met == exams) & (held > 0)).alias("_open"),
        ((months >= settings.conduct_months) & (bad == months)).alias("_conduct"),
    )


def _proposed(known: pl.LazyFrame, settings: Settings) -> pl.LazyFrame:
    """The rows with 变化, 建议类别, 困难类型, 重点 and 困难学科; 变化 is null where there is nothing to say."""
    study, conduct = pl.col("_study"), pl.col("_conduct")
    kind = (
        pl.when(study & conduct).then(pl.lit(BOTH)).when(study).then(pl.lit(STUDY)).when(conduct).then(pl.lit(CONDUCT))
    )
    tracked = pl.col("建议类别") == TRACKED
    stays = tracked & (pl.col("变化") != LEAVES)
    return (
        known.with_columns(kind.alias("_kind"), *_listed_for(), *_zone(settings))
        .with_columns(_category().alias("建议类别"))
        .with_columns(_change().alias("变化"))
        .with_columns(pl.when(tracked).then(pl.coalesce("_kind", "_type_was", _type_open())).alias("困难类型"))
        .with_columns(_risks().alias("_risks"))
        .with_columns((study | (pl.col("_open") & (pl.col("_exams") > 0))).alias("_low"))
        .with_columns(((pl.col("_risks") >= 2) | (pl.col("_low") & pl.col("_all_lowest"))).alias("_key"))
        .with_columns(
            pl.when(stays).then(pl.when("_key").then(pl.lit(YES)).otherwise(pl.lit(NO))).alias("重点"),
            pl.when(stays & (pl.col(WEAK) != "")).then(WEAK).alias("困难学科"),
        )
    )


def _type_open() -> pl.Expr:
    """困难类型 of a proposal that is 待定."""
    return pl.when(pl.col("变化") == PENDING).then(pl.lit(STUDY))


def _listed_for() -> tuple[pl.Expr, pl.Expr]:
    """Whether a tracked student is on the list for the marks, and for the behaviour."""
    was = pl.col("_type_was").fill_null(STUDY)
    return (was != CONDUCT).alias("_for_study"), was.is_in([CONDUCT, BOTH]).alias("_for_conduct")


def _zone(settings: Settings) -> tuple[pl.Expr, pl.Expr]:
    """Whether the latest score rate is near the pass line, and whether it is above that zone; null without a rate."""
    gap, width = (pl.col(RATE) - pl.col(PASS_RATE)).round(_CLOSE), round(settings.borderline / 100, _CLOSE)
    return (gap.abs() <= width).alias("_near"), (gap > width).alias("_above")


def _category() -> pl.Expr:
    """建议类别: what the student is, or should be; null for neither."""
    was, blank = pl.col("_was"), pl.col("_typed").is_null()
    at_risk = pl.col("_left_behind") | pl.col("_hardship")
    unknown = pl.col("_open") & (pl.col("_exams") == 0)
    return (
        pl.when(
            pl.col("_kind").is_not_null()
            | (was == TRACKED).fill_null(False)
            | (pl.col("_open") & (pl.col("_exams") > 0))
        )
        .then(pl.lit(TRACKED))
        .when(at_risk & (blank | (was == CARED)))
        .then(pl.lit(CARED))
        .when((was == BORDERLINE).fill_null(False) | (blank & pl.col("_near").fill_null(False)))
        .then(pl.lit(BORDERLINE))
        .when(unknown & blank)
        .then(pl.lit(TRACKED))
    )


def _change() -> pl.Expr:
    category, was, kind = pl.col("建议类别"), pl.col("_was"), pl.col("_kind")
    may_leave = pl.col(REASON).is_not_null()
    leaves = pl.when(category == TRACKED).then(may_leave).otherwise((category == BORDERLINE) & pl.col("_above"))
    return (
        pl.when(category.is_null())
        .then(None)
        .when((was != category).fill_null(True))
        .then(pl.when((category == TRACKED) & kind.is_null()).then(pl.lit(PENDING)).otherwise(pl.lit(NEW)))
        .when(leaves.fill_null(False))
        .then(pl.lit(LEAVES))
        .otherwise(pl.lit(STAYS))
    )


def _risks() -> pl.Expr:
    """How many of 留守, 家庭困难, 双重."""
    both = (pl.col("困难类型") == BOTH).fill_null(False)
    return sum((one.cast(pl.Int64) for one in (pl.col("_left_behind"), pl.col("_hardship"), both)), pl.lit(0))
