"""考试: exams that nobody sat, with a 年级, a term or a baseline that cannot be, or held twice.

The term of a day (DOMAIN rule 13): August to January 上, March to July 下; in February and August either may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.former_classes import earlier_exams
from xlbangfu.rules.people import STUDENT, split
from xlbangfu.rules.validation import checks, exam_law
from xlbangfu.rules.validation.check_parts import unknown_parts
from xlbangfu.rules.validation.problem_rows import Rule, Slot, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, ROW, SCORES, state_of

ONCE_A_TERM = ("期中", "期末")
_AUTUMN, _EITHER = 8, (2, 8)  # the month in which 上 begins; months in which both terms may be


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """What is doubtful about exams; an exam that is still to come need not have scores."""
    frame = sheets.clean(EXAMS)
    if not frame.height:
        return
    rules = [_baseline(frame), _term(), _again(frame)]
    if SCORES in sheets.frames and (SCORES.name, None) not in sheets.lacking:
        held = (pl.col("日期") <= sheets.school.today).fill_null(True)
        sat = pl.col("考试编号").is_in(_sat(sheets).implode())
        rules.append(Rule(check=checks.NOBODY_SAT, when=held & ~sat, column="考试编号"))
        ahead = sat & (pl.col("日期") > sheets.school.today)
        today = {"today": str(sheets.school.today)}
        rules.append(Rule(check=checks.SAT_AHEAD, when=ahead, column="日期", slots=today))
    yield from flagged(EXAMS, frame, rules)
    yield from exam_law.problems(sheets)
    yield from _grades(sheets, frame)


def _baseline(frame: pl.DataFrame) -> Rule:
    dates = frame.drop_nulls(["考试编号", "日期"])
    days = pl.col("基线考试").replace_strict(dates["考试编号"], dates["日期"], default=None, return_dtype=pl.Date)
    itself = pl.col("基线考试") == pl.col("考试编号")
    return Rule(check=checks.BASELINE_NOT_EARLIER, when=itself | (days >= pl.col("日期")), column="基线考试")


def _term() -> Rule:
    """学期 that is written as 2025-2026上, or ends in 上 or 下, and is not that of 日期."""
    day, typed = pl.col("日期"), pl.col("学期").str.replace_all(r"\s", "")
    month, year = day.dt.month(), day.dt.year()
    half = typed.str.extract(r"([上下])$")
    first = typed.str.extract(r"^(\d{4})[-—–~至](?:\d{4})").cast(pl.Int32)
    begun = pl.when(month >= _AUTUMN).then(year).otherwise(year - 1)
    meant = pl.when((month >= _AUTUMN) | (month == 1)).then(pl.lit("上")).otherwise(pl.lit("下"))
    either = month.is_in(_EITHER)
    begins = pl.when((month == _AUTUMN) & (half == "下")).then(begun - 1).otherwise(begun)
    wrong = ((half != meant) & ~either) | (first.is_not_null() & (first != begins)).fill_null(False)
    said = pl.format("{}-{}{}", begun, begun + 1, meant)
    return Rule(check=checks.TERM_AGAINST_DATE, when=wrong, column="学期", slots={"date": day, "meant": said})


def _again(frame: pl.DataFrame) -> Rule:
    """A 期中 or 期末 of a term that has one already for one of its 年级."""
    again: dict[int, int] = {}
    seen: list[tuple[str, str, frozenset[str], int]] = []
    for row, term, kind, grades in frame.select(ROW, "学期", "类型", split(pl.col("年级"))).iter_rows():
        if kind not in ONCE_A_TERM or term is None:
            continue
        mine = frozenset(grades or ())
        first = next((at for t, k, g, at in seen if (t, k) == (term, kind) and (not g or not mine or g & mine)), None)
        if first is not None:
            again[row] = first
        seen.append((term, kind, mine, row))
    first_row = pl.col(ROW).replace_strict(list(again), list(again.values()), default=None, return_dtype=pl.Int64)
    slots: dict[str, Slot] = {"first": first_row, "term": pl.col("学期")}
    return Rule(check=checks.TWICE_A_TERM, when=pl.col(ROW).is_in(list(again)), column="类型", slots=slots)


def _sat(sheets: Sheets) -> pl.Series:
    """The exams with at least one mark or 缺考 or 免考."""
    scores = sheets[SCORES]
    entered = [pl.col(column).is_not_null() for name in sheets.marked(scores) for column in (name, state_of(name))]
    if not entered:
        return scores["考试编号"].drop_nulls().unique()
    return scores.filter(pl.any_horizontal(entered) & pl.col(STUDENT).is_not_null())["考试编号"].drop_nulls().unique()


def _grades(sheets: Sheets, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    known = sheets[CLASSES]["年级"].drop_nulls().unique()
    if not known.len():
        return
    wrong = unknown_parts(frame["年级"], known)
    if wrong.height:
        this_year = frame.filter(~pl.col("考试编号").is_in(list(earlier_exams(sheets.school))).fill_null(False))
        bad = this_year.join(wrong, on="年级", how="inner", maintain_order="left")
        yield found(checks.GRADE_UNKNOWN, EXAMS, bad, "年级", value=pl.col("_wrong"))
