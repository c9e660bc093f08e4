"""How a student stands in each subject of an exam: a level, and which way the place in the 年级 went since the baseline.

* LEVEL is mark ÷ 满分 of the subject at 「等级线」, as 等级 of 排名 is of the total (DOMAIN rule 2); 缺考 or 免考 where there is no mark; null
  where the student has none of the two, or has not chosen the subject.
* WAY is 1, 0 or −1: the share strictly worse in the subject, of the 年级 or track, less that in the baseline, at the second and third of
  「进展线」 (rule 9: ≥ 3 points, > −3, else); null without a mark in both, so marks of two papers are never compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.rules.chosen_subjects import NOT_CHOSEN, track, with_choices
from xlbangfu.rules.exam_papers import FULL, line_of, papers
from xlbangfu.rules.numbers import fine
from xlbangfu.rules.ranking import level_of, rank_of
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import SCORES, state_of

LEVEL, WAY = "等级", "变化"
_GROUP = ["考试编号", "年级"]
_RANKED = [*_GROUP, "_track"]  # the students who are ranked with each other
_ONE = ["考试编号", "学号"]
_SCHEMA = pl.Schema(
    {"考试编号": pl.String(), "学号": pl.String(), "科目": pl.String(), LEVEL: pl.String(), WAY: pl.Int8()}
)


def subject_levels(school: School, ranking: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """A row for each of ``wanted`` (考试编号, 学号) and each subject that its exam had in its 年级, in the order of 成绩: 考试编号,
    学号, 科目, LEVEL, WAY."""
    subjects = [subject for subject in school.subjects if rank_of(subject) in ranking.columns]
    ranking = ranking.select(*_GROUP, "学号", "基线考试", "基线名次", *(rank_of(subject) for subject in subjects))
    compared = pl.when(pl.col("基线名次").is_not_null()).then("基线考试").alias("基线考试")
    mine = ranking.filter(pl.col("考试编号").is_in(wanted["考试编号"].drop_nulls().unique().implode()))
    rows = wanted.join(mine.select(*_GROUP, "学号", compared), on=_ONE, maintain_order="left")
    if not subjects or rows.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    sat = _with_shares(school, _with_marks(school, mine, rows), ranking, subjects)
    return _judged(pl.concat([_of(subject, sat) for subject in subjects]), school).cast(_SCHEMA)


def _with_marks(school: School, ranking: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their marks and the papers that their exam had in their 年级."""
    scores = school[SCORES].filter(pl.col("考试编号").is_in(rows["考试编号"].unique().implode()))
    held = scores.drop("学号", "年级", strict=False).rename({STUDENT: "学号"})
    held = held.join(ranking.select(*_GROUP, "学号"), on=_ONE)
    lines = papers(school, held, by=_GROUP)
    own = held.drop("年级").join(rows.select(_ONE), on=_ONE, how="semi").unique(_ONE, keep="first")
    marked = rows.join(own, on=_ONE, how="left", maintain_order="left")
    return with_choices(school, marked).join(lines, on=_GROUP, how="left", nulls_equal=True, maintain_order="left")


def _with_shares(school: School, rows: pl.DataFrame, ranking: pl.DataFrame, subjects: Sequence[str]) -> pl.DataFrame:
    """The rows with the share of the 年级 worse in each subject, now and in the baseline."""
    exams = pl.concat([rows["考试编号"], rows["基线考试"]]).drop_nulls().unique()
    asked = ranking.filter(pl.col("考试编号").is_in(exams.implode()))
    asked = asked.with_columns(track(school, asked))
    shares = asked.select(*_ONE, *(_share(subject).alias(_now(subject)) for subject in subjects))
    then = shares.rename({"考试编号": "基线考试"} | {_now(subject): _then(subject) for subject in subjects})
    return rows.join(shares, on=_ONE, how="left", maintain_order="left").join(
        then, on=["基线考试", "学号"], how="left", maintain_order="left"
    )


def _share(subject: str) -> pl.Expr:
    """Of those with a mark the share strictly worse, from the places."""
    place = pl.col(rank_of(subject))
    return (place.rank("min", descending=True).over(_RANKED) - 1) / place.count().over(_RANKED)


def _of(subject: str, sat: pl.DataFrame) -> pl.DataFrame:
    """One subject of each row: mark, state and full mark, and the share worse now and in the baseline."""
    return sat.select(
        *_ONE,
        pl.lit(subject).alias("科目"),
        pl.col(subject).alias("_mark"),
        pl.col(state_of(subject)).alias("_state"),
        pl.col(line_of(subject, FULL)).alias("_full"),
        pl.col(_now(subject)).alias("_now"),
        pl.col(_then(subject)).alias("_then"),
    )


def _judged(sat: pl.DataFrame, school: School) -> pl.DataFrame:
    """The subjects that were held, with LEVEL and WAY."""
    _, rose, steady = (fine(pl.lit(line)) for line in school.settings.progress_lines)
    held = sat.filter(pl.col("_full").is_not_null()).with_columns(
        (pl.col("_mark") / (pl.col("_full") / 1000)).alias("_rate"),
        fine((pl.col("_now") - pl.col("_then")) * 100).alias("_change"),
    )
    state = pl.when(pl.col("_state") != NOT_CHOSEN).then("_state")
    way = (pl.col("_change") >= rose).cast(pl.Int8) - (pl.col("_change") <= steady).cast(pl.Int8)
    return held.select(
        *_ONE,
        "科目",
        pl.coalesce(level_of(pl.col("_rate"), school.settings.level_lines), state).alias(LEVEL),
        pl.when(pl.col("_mark").is_not_null()).then(way).alias(WAY),
    )


def _now(subject: str) -> str:
    return f"_{subject}_worse_now"


def _then(subject: str) -> str:
    return f"_{subject}_worse_then"
