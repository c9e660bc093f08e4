"""考试: exams that nobody sat, that the law does not allow, with a 年级 or a baseline that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.check_parts import unknown_parts
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, SCORES, state_of

LIMITED = ("月考", "单元")  # 教育部 2021-08-30: compulsory schools hold one 期末 and at most one 期中 a term
COMPULSORY = "义务教育"


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """What is doubtful about exams; an exam that is still to come need not have scores."""
    frame = sheets.clean(EXAMS)
    if not frame.height:
        return
    rules = [_baseline(frame)]
    if sheets.school.settings.stage == COMPULSORY:
        rules.append(Rule(check=checks.NOT_ALLOWED, when=pl.col("类型").is_in(LIMITED), column="类型"))
    if SCORES in sheets.frames and (SCORES.name, None) not in sheets.lacking:
        held = (pl.col("日期") <= sheets.school.today).fill_null(True)
        unsat = held & ~pl.col("考试编号").is_in(_sat(sheets).implode())
        rules.append(Rule(check=checks.NOBODY_SAT, when=unsat, column="考试编号"))
    yield from flagged(EXAMS, frame, rules)
    yield from _grades(sheets, frame)


def _baseline(frame: pl.DataFrame) -> Rule:
    dates = frame.drop_nulls(["考试编号", "日期"])
    days = pl.col("基线考试").replace_strict(dates["考试编号"], dates["日期"], default=None, return_dtype=pl.Date)
    itself = pl.col("基线考试") == pl.col("考试编号")
    return Rule(check=checks.BASELINE_NOT_EARLIER, when=itself | (days >= pl.col("日期")), column="基线考试")


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
        bad = frame.join(wrong, on="年级", how="inner", maintain_order="left")
        yield found(checks.GRADE_UNKNOWN, EXAMS, bad, "年级", value=pl.col("_wrong"))
