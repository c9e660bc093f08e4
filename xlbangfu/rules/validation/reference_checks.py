"""Cells that refer to other sheets: classes, subjects, teachers, exams, helpers.

A required reference that leads nowhere voids its row, and so does one that leads to a void row; an optional one is left
out. A void row of 班级 takes no student and no score along: its students stay on the roll with a 警告, for one typing error
in 班级 must not take a whole class out of the ranks. Nor does a void row of 教师 take a class along.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.former_classes import earlier_exams
from xlbangfu.rules.people import plain, teacher_ids
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.check_parts import unknown_parts
from xlbangfu.rules.validation.problem_rows import Rule, Slot, flagged, found, whole
from xlbangfu.rules.validation.sheet_checks import REFERRED, TEACHER_CELLS, WHY, Sheets, indispensable
from xlbangfu.schema import (
    ACTIVITIES,
    CLASS_PATRON,
    CLASSES,
    EXAMS,
    ONE_TO_ONE,
    PAIRINGS,
    PASSWORDS,
    PEER,
    PLANS,
    PROXY_PARENT,
    ROSTER,
    ROW,
    SCORES,
    TEACHERS,
    Table,
)

MANY_CELLS = (
    (TEACHERS, "任教科目"),
    (TEACHERS, "任教班级"),
    (ROSTER, "困难学科"),
    (ROSTER, "选科"),
    (PAIRINGS, "帮扶学科"),
    (ACTIVITIES, "参与学生"),
)
TARGETS = {table.name: table for table in REFERRED}
NEEDS_TEACHER = [ONE_TO_ONE, CLASS_PATRON, PROXY_PARENT]
NOWHERE = "找不到"


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """References that lead nowhere, or to a void row."""
    yield from _classes(sheets)
    for table, column in MANY_CELLS if sheets.remarks else ():
        yield from _many(sheets, table, column)
    yield from _teachers(sheets)
    yield from _single(sheets, SCORES, "考试编号", EXAMS)
    if sheets.remarks:
        yield from _single(sheets, EXAMS, "基线考试", EXAMS)
        yield from _single(sheets, PLANS, "目标考试", EXAMS)
    yield from _single(sheets, PASSWORDS, "班级", CLASSES)
    yield from _single(sheets, PAIRINGS, "学习帮手", ROSTER)


def _classes(sheets: Sheets) -> Iterator[pl.DataFrame]:
    if sheets.dead(CLASSES):
        return
    known = sheets.clean(CLASSES)["班级"].drop_nulls()
    former = pl.col("考试编号").is_in(list(earlier_exams(sheets.school)))
    cells = ((ROSTER, "班级", pl.lit(False)), (SCORES, "考时班级", former))
    for table, column, usual in cells if sheets.asks(checks.CLASS_UNKNOWN) else ():
        unknown = ~pl.col(column).is_in(known.implode()) & ~usual
        rule = Rule(check=checks.CLASS_UNKNOWN, when=unknown, column=column)
        yield from flagged(table, sheets[table], (rule,))
    patron = Rule(
        check=checks.NOT_FOUND,
        when=(pl.col("类型") == CLASS_PATRON) & ~pl.col("班级").is_in(known.implode()),
        column="班级",
        slots={"where": CLASSES.name, "why": NOWHERE},
    )
    yield from flagged(PAIRINGS, sheets[PAIRINGS], (patron,))


def _many(sheets: Sheets, table: Table, column: str) -> Iterator[pl.DataFrame]:
    target = TARGETS[table[column].refers]
    frame = sheets[table]
    if sheets.dead(target) or not frame.height:
        return
    wrong = unknown_parts(frame[column], sheets.clean(target)[REFERRED[target][0]].drop_nulls().unique())
    if wrong.height:
        bad = frame.join(wrong, on=column, how="inner", maintain_order="left")
        check = checks.UNKNOWN_PARTS if target == ROSTER else checks.NOT_FOUND_OPTIONAL
        yield found(check, table, bad, column, value=pl.col("_wrong"), where=target.name, why=NOWHERE)


def _single(sheets: Sheets, table: Table, column: str, target: Table) -> Iterator[pl.DataFrame]:
    frame = sheets[table]
    if not frame.height:
        return
    needed = pl.col("类型") == PEER if table == PAIRINGS else pl.lit(indispensable(table, column))
    if sheets.dead(target):
        if indispensable(table, column):
            yield whole(checks.SHEET_FOLLOWS, table, column, where=target.name)
        return
    bad = frame.filter(~pl.col(column).is_in(sheets.clean(target)[REFERRED[target][0]].drop_nulls().implode()))
    if bad.height:
        void = sheets.void(target).select(
            pl.col(REFERRED[target][0]).alias(column), pl.col(ROW).alias("_row_there"), WHY
        )
        void = void.drop_nulls(column).unique(column, keep="first", maintain_order=True)
        yield from _lost(table, bad.join(void, on=column, how="left", maintain_order="left"), column, target, needed)


def _lost(
    table: Table, bad: pl.DataFrame, column: str, target: Table, needed: pl.Expr, why: Slot = NOWHERE
) -> Iterator[pl.DataFrame]:
    """Rows whose reference is lost: led to a void row (``_row_there``), or to none."""
    void = pl.col("_row_there").is_not_null()
    follows: dict[str, Slot] = {"where": target.name, "row": pl.col("_row_there"), "why": pl.col(WHY)}
    nowhere: dict[str, Slot] = {"where": target.name, "why": why}
    yield from flagged(
        table,
        bad,
        (
            Rule(check=checks.FOLLOWS, when=void & needed, column=column, slots=follows),
            Rule(check=checks.FOLLOWS_OPTIONAL, when=void & ~needed.fill_null(False), column=column, slots=follows),
            Rule(check=checks.NOT_FOUND, when=~void & needed, column=column, slots=nowhere),
            Rule(check=checks.NOT_FOUND_OPTIONAL, when=~void & ~needed.fill_null(False), column=column, slots=nowhere),
        ),
    )


def _teachers(sheets: Sheets) -> Iterator[pl.DataFrame]:
    unknown = sheets.teacher_cells.filter(pl.col("_teacher").is_null())["_cell"]
    if not unknown.len() or sheets.dead(TEACHERS):
        return
    lost = _why_lost(sheets, unknown)
    for table, column in TEACHER_CELLS:
        bad = sheets[table].join(lost, left_on=column, right_on="_cell", how="inner", maintain_order="left")
        needed = pl.col("类型").is_in(NEEDS_TEACHER) if table == PAIRINGS else pl.lit(indispensable(table, column))
        yield from _lost(table, bad, column, TEACHERS, needed, why=pl.col("_ambiguous"))


def _why_lost(sheets: Sheets, cells: pl.Series) -> pl.DataFrame:
    """Each cell that names no one usable teacher, with the void row that it means, or how many have that name."""
    void = sheets.void(TEACHERS)
    names = sheets.clean(TEACHERS).group_by(plain(pl.col("姓名")).alias("_name")).agg(_count=pl.len())
    why = pl.when(pl.col("_count") > 1).then(pl.concat_str(pl.lit("有 "), "_count", pl.lit(" 位同名，请写工号")))
    return (
        pl.DataFrame({"_cell": cells, "_void": teacher_ids(cells, void)})
        .with_columns(_name=plain(pl.col("_cell")))
        .join(names, on="_name", how="left")
        .join(void.select(_void="工号", _row_there=ROW, _why=WHY).unique("_void", keep="first"), on="_void", how="left")
        .select("_cell", "_row_there", WHY, _ambiguous=why.otherwise(pl.lit(NOWHERE)))
    )
