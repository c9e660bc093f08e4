"""Who sat which exam, in which 年级 and 班级 that day: 成绩 beside 考试, 名册 and 班级.

* 班级 of the day is 考时班级, else today's class.
* 年级 of the day is that class's in 班级, in an exam of an earlier school year as it was then (``former_classes``); else the one that 考试 names, if it names exactly one; else the student's own
  of today; else "".
* A 选考 subject that a student has not chosen has the state NOT_CHOSEN; the tracks of a 年级 (``chosen_subjects``) are
  groups of their own.
* The cohort of a student is the 年级 of today's class. It stays the same from exam to exam while 年级 of the day moves up,
  so it tells whether two exams were sat by the same year of students.
* A row of 成绩 without a student of 名册 or an exam of 考试 is left out.

Names are Enums here, in an order that means something, so that sorting, grouping and joining work on small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.rules import people
from xlbangfu.rules.chosen_subjects import TRACKS, optional_subjects, track, with_choices
from xlbangfu.rules.exam_papers import papers, subjects_of
from xlbangfu.rules.former_classes import former_grades
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, EXAMS, ROSTER, SCORES, state_of

GROUP, SITTING, COHORT = "_group", "_sitting", "_cohort"


class Sittings(Struct, frozen=True, kw_only=True):
    """The rows of 成绩 that can be ranked, in the order of the sheet.

    ``rows`` has 考试编号, 年级, 班级, 学号 (Enums), 姓名, COHORT, the mark columns, and two numbers: GROUP for each exam ×
    年级 × track, SITTING for each exam × student. ``exams`` is 考试 by 日期, then 考试编号.
    ``papers`` are those of each GROUP, with its 年级; ``optional`` are the 选考 subjects, the only ones that may be NOT_CHOSEN.
    """

    rows: pl.DataFrame
    papers: pl.DataFrame
    exams: pl.DataFrame
    optional: frozenset[str]
    exam: pl.Enum  # 考试编号, as ``exams``
    year: pl.Enum  # 年级, as 班级 lists them
    school_class: pl.Enum  # 班级, as 班级 lists them
    student: pl.Enum  # 学号, sorted

    def group(self, exam: pl.Expr, year: pl.Expr, track: pl.Expr) -> pl.Expr:
        """The GROUP of an exam, a 年级 and a track (a place in TRACKS)."""
        in_exam = exam.to_physical().cast(pl.Int64) * len(self.year.categories) + year.to_physical()
        return in_exam * len(TRACKS) + track

    def sitting(self, exam: pl.Expr, student: pl.Expr) -> pl.Expr:
        """The SITTING of an exam and a student."""
        return exam.to_physical().cast(pl.Int64) * len(self.student.categories) + student.to_physical()

    def spread(self, groups: pl.DataFrame) -> pl.DataFrame:
        """What ``groups`` (GROUP and more) says of its GROUP, beside each of the rows; a gather, so cheap."""
        every = pl.DataFrame({GROUP: pl.int_range(self._groups, eager=True)})
        laid_out = every.join(groups, on=GROUP, how="left", maintain_order="left").drop(GROUP)
        return laid_out.select(pl.all().gather(self.rows[GROUP]))

    @property
    def _groups(self) -> int:
        return len(self.exam.categories) * len(self.year.categories) * len(TRACKS)


def sittings(school: School) -> Sittings:
    """Every row of 成绩 with its student, exam, 年级 and 班级 of the day."""
    scores, classes, roster = school[SCORES], school[CLASSES], school[ROSTER].sort("学号")
    named, former = people.split(pl.col("年级")), former_grades(school)
    exams = school[EXAMS].with_columns(_only=pl.when(named.list.len() == 1).then(named.list.first()))
    exams = exams.sort("日期", "考试编号")
    found = Sittings(
        rows=scores,
        papers=scores.clear(),
        exams=exams,
        optional=frozenset(optional_subjects(school)),
        exam=pl.Enum(exams["考试编号"]),
        year=_enum(classes["年级"], exams["_only"].sort(), _texts(sorted({*former.values()})), _texts([""])),
        school_class=_enum(classes["班级"], roster["班级"].sort(), scores["考时班级"].unique().sort()),
        student=pl.Enum(roster["学号"]),
    )
    rows = scores.select(
        pl.col("考试编号").cast(found.exam, strict=False),
        pl.col(STUDENT).cast(found.student, strict=False).alias("学号"),
        pl.col("考时班级").cast(found.school_class),
        *(name for subject in subjects_of(school) for name in (subject, state_of(subject))),
    ).drop_nulls(["考试编号", "学号"])
    placed = _placed(found, rows, roster, classes, former)
    grouped = _grouped(found, school, with_choices(school, placed))
    return replace(found, rows=grouped, papers=papers(school, grouped, by=[GROUP, "年级"]))


def _placed(
    found: Sittings,
    rows: pl.DataFrame,
    roster: pl.DataFrame,
    classes: pl.DataFrame,
    former: Mapping[tuple[str, str], str],
) -> pl.DataFrame:
    """The rows with 姓名, 班级, 年级 and COHORT: what an Enum stands for is gathered by its number."""
    today = roster["班级"].cast(found.school_class)
    only = found.exams["_only"].cast(found.year)
    year_of = dict(classes.select("班级", "年级").iter_rows())
    years = pl.Series([year_of.get(name) for name in found.school_class.categories], dtype=found.year)

    who, exam = rows["学号"].to_physical(), rows["考试编号"].to_physical()
    own = today.gather(who)
    rows = rows.with_columns(
        roster["姓名"].gather(who),
        only.gather(exam).alias("_only"),
        years.gather(own.to_physical()).fill_null("").alias(COHORT),
        pl.coalesce("考时班级", own).alias("班级"),
    )
    year = _then(found, rows, former, years.gather(rows["班级"].to_physical()))
    return rows.with_columns(pl.coalesce(year, "_only", COHORT).alias("年级")).drop("考时班级", "_only")


def _then(found: Sittings, rows: pl.DataFrame, former: Mapping[tuple[str, str], str], years: pl.Series) -> pl.Series:
    """年级 of the class of the day, in exams of earlier school years as it was then."""
    if not former:
        return years
    columns = zip(*((exam, room, grade) for (exam, room), grade in former.items()), strict=True)
    dtypes = {"考试编号": found.exam, "班级": found.school_class, "_former": found.year}
    known = pl.DataFrame(dict(zip(dtypes, columns, strict=True)), schema=dtypes, strict=False)
    asked = rows.select("考试编号", "班级", years.alias("_year"))
    joined = asked.join(known.drop_nulls(), on=["考试编号", "班级"], how="left", maintain_order="left")
    return joined.select(pl.coalesce("_former", "_year"))["_former"]


def _texts(names: list[str]) -> pl.Series:
    return pl.Series(names, dtype=pl.String)


def _grouped(found: Sittings, school: School, rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(track(school, rows))
        .with_columns(
            found.group(pl.col("考试编号"), pl.col("年级"), pl.col("_track")).alias(GROUP),
            found.sitting(pl.col("考试编号"), pl.col("学号")).alias(SITTING),
        )
        .drop("_track")
    )


def _enum(*names: pl.Series) -> pl.Enum:
    """All the names, once each, in the order given."""
    return pl.Enum(pl.concat(names).drop_nulls().unique(maintain_order=True))
