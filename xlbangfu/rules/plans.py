"""Plans of four phases for students who have none in this term (DOMAIN rule 7).

摸底调查, 制定方案, 实施帮扶 and 评估调整 follow each other from the first day of the term, or from 列入日期 if that is later; the last
two take turns to the end of the term. 「阶段时长」 says how long each is; a month ends on the day before the same day
of the next. What would be left of the term for less than a week is added to the phase before.

A plan is of this term if it runs on any day of it. One that ends a week or more before the term goes on with the
phase that follows its last one, on the day after or today if that is later; not if a date or an 阶段 of it is missing.

目标 and 措施 are the texts of 设置 for the student's 困难类型; 双重 has both, and who has no 困难类型 those for study. {学科} is
every subject that the student is helped in while the plan is made (摸底调查, 制定方案), then one at a time, a round of 实施帮扶
and 评估调整 each (``tutored_subjects``). To 措施 of 实施帮扶 the text of every cause is added that 成因 names, in the order of the list;
those about home and health stand last, between OPEN and CLOSE.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, cycle, islice
from string import Formatter

import polars as pl

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.difficulty_causes import CLOSE, OPEN, PRIVATE_CAUSES, names_cause
from xlbangfu.rules.responsible import SUBJECTS, TUTOR, looked_after
from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.school_days import term
from xlbangfu.rules.tutored_subjects import CARRYING, ROUND, subject_in
from xlbangfu.schema import NO, PLANS
from xlbangfu.settings import Settings
from xlbangfu.settings.times import Length

PHASES = ("摸底调查", "制定方案", CARRYING, "评估调整")
CONDUCT, BOTH = "行为规范", "双重"
_MADE = ("学号", "姓名", "班级", "阶段", "目标", "措施", "负责人", "开始", "结束", "完成")  # the rest is the staff's
_SHORTEST = timedelta(days=7)
_MAKING = 2  # phases in which the plan is made
_FROM, _NEXT = "_from", "_next"
_NO_SUBJECT, _NO_TEACHER = "困难学科", "帮扶教师"


@asks_much
def plan_rows(school: School, existing: pl.DataFrame | None = None) -> pl.DataFrame:
    """New rows of 计划 (PLANS's columns), by 班级, 学号 and 开始, for the students looked after who have no plan in the term, or
    one that ends before it; none once it is over.

    ``existing`` is 计划 with STUDENT as it stands on the sheet, bad rows too; by default the school's. None of its
    numbers is used again.
    """
    there = school[PLANS] if existing is None else existing
    first, last = term(school)
    students = _to_plan(school, there, first, last)
    spans = _spans(students.select(_FROM, _NEXT), last, school.settings.phase_lengths)
    if not spans.height or school.today > last:
        return PLANS.empty()
    phased = students.join(spans, on=[_FROM, _NEXT]).sort("班级", "学号", "开始")
    rows = _written(phased, school.settings)
    made = rows.with_columns(
        目标=_of_phase("目标"),
        措施=_of_phase("措施"),
        负责人=TUTOR,
        完成=pl.lit(NO),
    ).select(
        (pl.col(name) if name in _MADE else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PLANS.frame_schema.items()
    )
    return with_numbers(PLANS, made, there["计划编号"])


def phases(start: date, last: date, lengths: tuple[Length, ...], *, after: int = 0) -> Iterator[tuple[str, date, date]]:
    """阶段, 开始 and 结束 of a plan that begins on ``start`` in a term that ends on ``last``; none if it had ended.

    ``after`` is how many of the phases were there before.

    >>> week = tuple(Length(1, "周") for _ in range(4))
    >>> [(name, end.day) for name, _, end in phases(date(2026, 3, 2), date(2026, 3, 18), week)]
    [('摸底调查', 8), ('制定方案', 18)]
    """
    turns = zip(PHASES, lengths, strict=True)
    plan = list(turns)
    for name, length in islice(chain(plan[:2], cycle(plan[2:])), after, None):
        if start > last:
            return
        end = later(start, length) - timedelta(days=1)
        if last - end < _SHORTEST:
            end = last
        yield name, start, end
        start = end + timedelta(days=1)


def later(day: date, length: Length) -> date:
    """The day a length later; the 31st of a shorter month is its last day.

    >>> later(date(2026, 1, 31), Length(1, "月"))
    datetime.date(2026, 2, 28)
    """
    moved: date = pl.select(pl.lit(day).dt.offset_by(length.offset)).item()
    return moved


def _to_plan(school: School, there: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """The students who need rows, with the day on which these begin (_FROM) and how many phases were before (_NEXT)."""
    others = ((pl.col("结束") < first) | (pl.col("开始") > last)).fill_null(False)
    known = pl.col("开始").is_not_null() & pl.col("结束").is_not_null() & pl.col("阶段").is_in(PHASES)
    number = {name: place for place, name in enumerate(PHASES, 1)}
    had = (
        there.filter(~others, pl.col(STUDENT).is_not_null())
        .sort("结束", "开始", nulls_last=True)
        .group_by(pl.col(STUDENT).alias("学号"))
        .agg(
            known.fill_null(False).all().alias("_known"),
            pl.col("结束").last().alias("_ended"),
            pl.col("阶段").replace_strict(number, default=0, return_dtype=pl.Int64).last().alias("_had"),
        )
    )
    ends_early = pl.col("_known") & (pl.col("_ended") + _SHORTEST <= last)
    begins = pl.max_horizontal(pl.lit(first), "列入日期")
    goes_on = pl.max_horizontal(pl.col("_ended") + timedelta(days=1), pl.lit(school.today))
    return (
        looked_after(school)
        .join(had, on="学号", how="left", maintain_order="left")
        .filter(pl.col("_had").is_null() | ends_early)
        .with_columns(
            pl.when(pl.col("_had").is_null()).then(begins).otherwise(goes_on).alias(_FROM),
            pl.col("_had").fill_null(0).alias(_NEXT),
        )
    )


def _spans(starts: pl.DataFrame, last: date, lengths: tuple[Length, ...]) -> pl.DataFrame:
    """_FROM, _NEXT, ROUND (null before the first), 阶段, 开始 and 结束 for every different pair of ``starts``."""
    pairs = starts.unique().sort(_FROM, _NEXT).iter_rows()
    rows = [
        (start, had, _round_of(place), *phase)
        for start, had in pairs
        for place, phase in enumerate(phases(start, last, lengths, after=had), had)
    ]
    schema = {
        **{_FROM: pl.Date(), _NEXT: pl.Int64(), ROUND: pl.Int64()},
        **{"阶段": pl.String(), "开始": pl.Date(), "结束": pl.Date()},
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _round_of(place: int) -> int | None:
    """The round of the phase that is ``place`` phases after the first; null while the plan is made."""
    return (place - _MAKING) // 2 if place >= _MAKING else None


def _written(phased: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The rows, one a student and phase, with 目标 and 措施 as each phase would have them: ``目标·阶段`` and ``措施·阶段``."""
    goals = dict.fromkeys(PHASES, (settings.study_goal, settings.conduct_goal))
    measures = dict(
        zip(
            PHASES,
            (
                (settings.study_survey, settings.conduct_survey),
                (settings.study_scheme, settings.conduct_scheme),
                (settings.study_carrying, settings.conduct_carrying),
                (settings.study_review, settings.conduct_review),
            ),
            strict=True,
        )
    )
    texts = {
        f"{what}·{phase}": _by_difficulty(*pair)
        for what, pairs in (("目标", goals), ("措施", measures))
        for phase, pair in pairs.items()
    }
    carrying = f"措施·{CARRYING}"
    texts[carrying] = pl.concat_str(texts[carrying], *_by_cause(settings))
    return phased.with_columns(**texts)


def _by_cause(settings: Settings) -> Iterator[pl.Expr]:
    """What is added for the causes of each row: those that may be told, then those for the office; empty for none."""
    measures = settings.cause_measures
    for cause in (one for one in measures if one not in PRIVATE_CAUSES):
        yield _where_named(cause, pl.concat_str(pl.lit("；"), _filled(measures[cause])))
    private = [_where_named(cause, _filled(_unbracketed(measures[cause]))) for cause in PRIVATE_CAUSES]
    listed = pl.concat_list(private).list.eval(pl.element().filter(pl.element() != "")).list.join("；")
    yield pl.when(listed != "").then(pl.concat_str(pl.lit(f"；{OPEN}"), listed, pl.lit(CLOSE))).otherwise(pl.lit(""))


def _where_named(cause: str, text: pl.Expr) -> pl.Expr:
    return pl.when(names_cause(cause)).then(text).otherwise(pl.lit(""))


def _unbracketed(template: str) -> str:
    """A text of 设置 that can neither open nor close what is for the office."""
    return template.replace(OPEN, "").replace("〔", "（").replace(CLOSE, "）")


def _by_difficulty(study: str, conduct: str) -> pl.Expr:
    kind = pl.col("困难类型")
    both = pl.concat_str(_filled(study), pl.lit("；"), _filled(conduct))
    return pl.when(kind == CONDUCT).then(_filled(conduct)).when(kind == BOTH).then(both).otherwise(_filled(study))


def _filled(template: str) -> pl.Expr:
    """The template with its fields filled from each row."""
    teacher = pl.col(TUTOR).str.splitn(" ", 2).struct.field("field_1")
    fields = {
        "姓名": pl.col("姓名"),
        "班级": pl.col("班级"),
        "学科": pl.coalesce(
            subject_in(pl.col(ROUND)), pl.when(pl.col(SUBJECTS).list.len() > 0).then(pl.col(SUBJECTS).list.join("、"))
        ).fill_null(_NO_SUBJECT),
        "教师": teacher.fill_null(_NO_TEACHER),
    }
    parts: list[pl.Expr] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(pl.lit(text))
        if name is not None:
            parts.append(fields[name].fill_null(""))
    return pl.concat_str(parts)


def _of_phase(what: str) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col("阶段") == phase).then(f"{what}·{phase}") for phase in PHASES)
