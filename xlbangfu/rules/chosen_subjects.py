"""选考: a subject that only those have whose 选科 names it, and the groups that are ranked in 高中 (DOMAIN rule 2).

Where 科目 marks a subject as 选考, the students of the 年级 without it in 选科 neither lack it nor are excused from it: their mark
column has the state ``NOT_CHOSEN`` and no mark, whatever was typed. The track of a student is 物理 or 历史, the first choice
of 3+1+2, if it is 选考 and chosen; 「选考排名」 says whether the tracks of a 年级 are ranked apart.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.people import split
from xlbangfu.rules.school import School, asked_once
from xlbangfu.schema import ROSTER, SUBJECTS, YES, state_of
from xlbangfu.settings.parsers import BY_FIRST_CHOICE

NOT_CHOSEN = "未选"
FIRST_CHOICES = ("物理", "历史")
TRACKS = ("", *FIRST_CHOICES)


@asked_once
def optional_subjects(school: School) -> dict[str, set[str | None]]:
    """The 选考 subjects with the grades in which they are (None: in all that have no row of their own)."""
    rows = school[SUBJECTS].filter(pl.col("科目").is_not_null())
    found: dict[str, set[str | None]] = {}
    for grade, subject in rows.filter(pl.col("选考") == YES).select("年级", "科目").iter_rows():
        found.setdefault(subject, set()).add(grade)
    return found


def with_choices(school: School, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows (学号, 年级, mark columns) with NOT_CHOSEN where the student has not chosen the subject."""
    optional = {subject: grades for subject, grades in optional_subjects(school).items() if subject in rows.columns}
    if not optional:
        return rows
    chosen = rows.select(pl.col("学号").cast(pl.String)).join(
        _choices(school), on="学号", how="left", maintain_order="left"
    )
    here = rows.with_columns(chosen["_chosen"])
    changes = []
    for subject, grades in optional.items():
        lacks = _in_grades(school, subject, grades) & ~pl.col("_chosen").list.contains(subject).fill_null(False)
        changes.append(pl.when(~lacks).then(subject).alias(subject))
        changes.append(pl.when(lacks).then(pl.lit(NOT_CHOSEN)).otherwise(state_of(subject)).alias(state_of(subject)))
    return here.with_columns(changes).drop("_chosen")


def track(school: School, rows: pl.DataFrame) -> pl.Series:
    """The place in TRACKS of the track of each row (学号, 年级); 0 where the 年级 is ranked as one."""
    optional = {subject: grades for subject, grades in optional_subjects(school).items() if subject in FIRST_CHOICES}
    if not optional or school.settings.choice_ranks != BY_FIRST_CHOICE:
        return pl.Series("_track", [0] * rows.height, dtype=pl.Int64)
    asked = rows.select(pl.col("学号").cast(pl.String), "年级")
    chosen = asked.join(_choices(school), on="学号", how="left", maintain_order="left")
    place = pl.lit(0, dtype=pl.Int64)
    for subject, grades in optional.items():
        has = _in_grades(school, subject, grades) & pl.col("_chosen").list.contains(subject).fill_null(False)
        place = pl.when(has).then(pl.lit(TRACKS.index(subject), dtype=pl.Int64)).otherwise(place)
    return chosen.select(place.alias("_track"))["_track"]


def _choices(school: School) -> pl.DataFrame:
    """学号 and the subjects that 名册 says were chosen."""
    roster = school[ROSTER].filter(pl.col("学号").is_not_null()).unique("学号", keep="first", maintain_order=True)
    return roster.select("学号", split(pl.col("选科")).alias("_chosen"))


def _in_grades(school: School, subject: str, grades: set[str | None]) -> pl.Expr:
    """Whether the 年级 of a row has the subject as 选考: by its own row of 科目, else by the row for all."""
    own = school[SUBJECTS].filter(pl.col("科目") == subject)["年级"].drop_nulls()
    year = pl.col("年级").cast(pl.String).fill_null("")
    named = year.is_in([grade for grade in grades if grade])
    return named | ~year.is_in(own.implode()) if None in grades else named
