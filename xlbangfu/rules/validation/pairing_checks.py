"""结对: what each type needs, helpers and teachers that do not fit, one student with two teachers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import Rule, flagged
from xlbangfu.rules.validation.roster_checks import tracked_now
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import (
    CLASS_PATRON,
    CLASSES,
    GROUP,
    NO,
    ON_ROLL,
    ONE_TO_ONE,
    PAIRINGS,
    PEER,
    PROXY_PARENT,
    ROSTER,
    ROW,
    RUNNING,
    TEACHERS,
)

NEEDS = {
    ONE_TO_ONE: ("学号", "教师"),
    PEER: ("学号", "学习帮手"),
    GROUP: ("组名",),
    CLASS_PATRON: ("班级", "教师"),
    PROXY_PARENT: ("学号", "教师"),
}


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Pairings that lack something, or that should not be running."""
    frame = sheets[PAIRINGS]
    if not sheets.remarks:
        yield from flagged(PAIRINGS, frame, _needs(sheets))
    elif frame.height:
        rows = _with_people(sheets, frame)
        yield from flagged(PAIRINGS, rows, (*_needs(sheets), *_helpers(), *_running(sheets)))


def running_one_to_one() -> pl.Expr:
    return (pl.col("类型") == ONE_TO_ONE) & (pl.col("状态") == RUNNING)


def _with_people(sheets: Sheets, frame: pl.DataFrame) -> pl.DataFrame:
    roster = sheets.clean(ROSTER).filter(pl.col("学号").is_not_null()).unique("学号", keep="first")
    teachers = sheets.clean(TEACHERS)
    student = roster.select(
        pl.col("学号").alias(STUDENT), _class="班级", _status="在籍状态", _left="退出日期", _listed="列入日期"
    )
    helper = roster.select(
        学习帮手="学号", _there="班级", _helper_status="在籍状态", _helper_tracked=tracked_now(sheets)
    )
    helps = (pl.col("类型") == PEER) & (pl.col("状态") == RUNNING) & pl.col("学习帮手").is_not_null()
    patrons = sheets.with_teacher(sheets.clean(CLASSES), "包班行政").unique("班级", keep="first")
    first = pl.when(running_one_to_one() & pl.col(STUDENT).is_not_null()).then(pl.col(ROW)).min().over(STUDENT)
    return (
        sheets.with_teacher(frame, "教师")
        .with_columns(
            first.alias("_first"), pl.when(helps).then(pl.col(ROW)).min().over("学习帮手").alias("_helps_first")
        )
        .join(student, on=STUDENT, how="left", maintain_order="left")
        .join(helper, on="学习帮手", how="left", maintain_order="left")
        .join(teachers.select(_teacher="工号", _on_duty="在岗"), on="_teacher", how="left", maintain_order="left")
        .join(
            patrons.select("班级", _patron="_teacher", _known="包班行政"), on="班级", how="left", maintain_order="left"
        )
    )


def _needs(sheets: Sheets) -> Iterator[Rule]:
    for type_, columns in NEEDS.items():
        for column in columns:
            lacks = (
                pl.all_horizontal(pl.col("学号", "姓名").is_null()) if column == "学号" else pl.col(column).is_null()
            )
            yield Rule(
                check=checks.PAIRING_LACKS,
                when=(pl.col("类型") == type_) & lacks & sheets.readable(PAIRINGS, column),
                column=column,
                slots={"type": type_, "what": "学生" if column == "学号" else column},
            )


def _helpers() -> Iterator[Rule]:
    running = pl.col("状态") == RUNNING
    here, there = pl.col("_class"), pl.col("_there")
    yield Rule(check=checks.HELPER_TRACKED, when=running & pl.col("_helper_tracked"), column="学习帮手")
    yield Rule(
        check=checks.HELPER_ELSEWHERE,
        when=running & (here != there),
        column="学习帮手",
        slots={"here": here, "there": there},
    )
    himself = pl.col("学习帮手") == pl.col(STUDENT)
    yield Rule(check=checks.HELPER_UNFIT, when=running & himself, column="学习帮手", slots={"why": "就是学生本人"})
    away = pl.col("_helper_status") != ON_ROLL
    yield Rule(check=checks.HELPER_UNFIT, when=running & away, column="学习帮手", slots={"why": "不在读"})
    again = running & (pl.col("类型") == PEER) & (pl.col(ROW) > pl.col("_helps_first"))
    yield Rule(check=checks.HELPS_TWO, when=again, column="学习帮手", slots={"first": pl.col("_helps_first")})


def _running(sheets: Sheets) -> Iterator[Rule]:
    running = pl.col("状态") == RUNNING
    over = pl.col("结束日期") < sheets.school.today
    yield Rule(check=checks.ENDED_RUNNING, when=running & over, column="状态", slots={"value": pl.col("结束日期")})
    patron = running & (pl.col("类型") == CLASS_PATRON) & (pl.col("_teacher") != pl.col("_patron"))
    known = {"class_": pl.col("班级"), "known": pl.col("_known")}
    yield Rule(check=checks.PATRON_DISAGREES, when=patron, column="教师", slots=known)
    yield Rule(check=checks.TEACHER_AWAY, when=running & (pl.col("_on_duty") == NO), column="教师")
    status = {"status": pl.col("_status")}
    yield Rule(check=checks.STUDENT_AWAY, when=running & (pl.col("_status") != ON_ROLL), column="状态", slots=status)
    left = (pl.col("_left") <= sheets.school.today) & (pl.col("_left") >= pl.col("_listed")).fill_null(True)
    off = running_one_to_one() & left & (pl.col("_status") == ON_ROLL)
    yield Rule(check=checks.STUDENT_OFF_THE_LIST, when=off, column="状态", slots={"value": pl.col("_left")})
    again = running_one_to_one() & (pl.col(ROW) > pl.col("_first"))
    yield Rule(check=checks.TWO_PAIRINGS, when=again, column="教师", slots={"first": pl.col("_first")})
