"""What becomes of the proposals that staff tick: those that still hold are rows for 结对, the others say why not.

A ticked row is taken as it stands on the sheet, also where staff put in another teacher or helper. Rows are judged in
their order: of two for one student, or where only one place is left, the first is taken.
"""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from xlbangfu.rules import people, roll
from xlbangfu.rules.pairing.running import HELPER, TEACHER, WHOM, Running
from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.rules.ticks import is_tick
from xlbangfu.schema import (
    CLASS_PATRON,
    CLASSES,
    ENDED,
    ONE_TO_ONE,
    PAIRINGS,
    PEER,
    PROPOSALS,
    PROXY_PARENT,
    ROSTER,
    RUNNING,
    TEACHERS,
    YES,
)

REFUSED = "没有采纳："


class Accepted(Struct, frozen=True):
    """``pairings`` are rows for 结对; ``ended`` (结对编号, 状态, 结束日期) are those whose place they take; ``classes`` (班级,
    包班行政) are cells of 班级 to fill that are empty or name someone no longer 在岗; ``sheet`` is what is left of 结对建议;
    ``refused`` are sentences, by 学号 or 班级."""

    pairings: pl.DataFrame
    ended: pl.DataFrame
    classes: pl.DataFrame
    sheet: pl.DataFrame
    refused: tuple[str, ...]


def accept(school: School, sheet: pl.DataFrame, numbers: pl.Series) -> Accepted:
    """The ticked rows of 结对建议 that still hold, as pairings that begin today; ``numbers`` are all 结对编号 in use."""
    rows, ending = judged(school, sheet).filter(is_tick(pl.col("采纳"))), Running.of(school).ending
    good = rows.filter(pl.col("_why").is_null())
    bad = rows.filter(pl.col("_why").is_not_null())
    left = sheet.with_row_index("_at").join(good.select("_at"), on="_at", how="anti", maintain_order="left")
    refusals = bad.select("_at", pl.concat_str(pl.lit(REFUSED), "_why").alias("_said"))
    left = left.join(refusals, on="_at", how="left", maintain_order="left").with_columns(
        pl.coalesce("_said", "理由").alias("理由")
    )
    who = pl.coalesce(STUDENT, "学号", "班级", pl.lit("？"))
    refused = bad.select(pl.format("{} {}：{}", who, "类型", "_why"))
    return Accepted(
        _pairings(good, numbers, school),
        _ended(good, ending, school),
        _open_cells(school, good, ending),
        left.select(PROPOSALS.names),
        tuple(refused.to_series()),
    )


def judged(school: School, sheet: pl.DataFrame) -> pl.DataFrame:
    """The rows of 结对建议 with ``_at`` (their place), STUDENT, TEACHER, HELPER, ``_class`` and ``_why``: why a row does
    not hold, null if it does. What other rows take away counts for ticked rows only."""
    running = Running.of(school)
    rows = _with_people(school, running, sheet)
    rows = rows.with_columns(_by_itself(school, running).alias("_why"))
    for competes, per, capacity, why in _contests():
        live = is_tick(pl.col("采纳")) & pl.col("_why").is_null() & competes
        before = pl.when(live).then(1).otherwise(0).cum_sum().over(per)
        rows = rows.with_columns(pl.when(live & (before > capacity)).then(why).otherwise("_why").alias("_why"))
    return rows


def _with_people(school: School, running: Running, sheet: pl.DataFrame) -> pl.DataFrame:
    today = pl.lit(school.today)
    roster = (
        school[ROSTER]
        .unique("学号", keep="first")
        .with_columns(_here=roll.on_roll(today), _tracked=roll.tracked(today))
    )
    rows = people.with_student(sheet.with_row_index("_at"), school[ROSTER])
    named = pl.col("学习帮手").str.strip_chars().str.extract(r"^(\S+)").alias(HELPER)
    student = roster.select(
        pl.col("学号").alias(STUDENT), "_here", "_tracked", _class="班级", _left_behind=pl.col("留守") == YES
    )
    helper = roster.select(
        pl.col("学号").alias(HELPER), _helper_here="_here", _helper_tracked="_tracked", _helper_class="班级"
    )
    return (
        rows.with_columns(people.teacher_ids(rows["教师"], school[TEACHERS]).alias(TEACHER), named)
        .join(student, on=STUDENT, how="left", maintain_order="left")
        .join(helper, on=HELPER, how="left", maintain_order="left")
        .join(_places(school, running), on=["类型", TEACHER], how="left", maintain_order="left")
        .with_columns(pl.when(pl.col("类型") != CLASS_PATRON).then(STUDENT).otherwise("班级").alias(WHOM))
    )


def _places(school: School, running: Running) -> pl.DataFrame:
    """类型, TEACHER and ``_room``, how many more each teacher on duty may take; none limits the classes."""
    staff = school[TEACHERS].filter(pl.col("在岗") == YES).unique("工号", keep="first")
    limits = {
        ONE_TO_ONE: pl.col("帮扶上限").fill_null(school.settings.teacher_limit),
        PROXY_PARENT: pl.lit(school.settings.proxy_limit, dtype=pl.Int64),
        CLASS_PATRON: pl.lit(2**31, dtype=pl.Int64),
    }
    return pl.concat(
        staff.join(running.loads(kind), on="工号", how="left").select(
            pl.lit(kind).alias("类型"),
            pl.col("工号").alias(TEACHER),
            (limit - pl.col("手上").fill_null(0)).alias("_room"),
        )
        for kind, limit in limits.items()
    )


def _by_itself(school: School, running: Running) -> pl.Expr:
    """Why a row does not hold whatever the others are; the first reason that applies."""
    kind, patron, peer = pl.col("类型"), pl.col("类型") == CLASS_PATRON, pl.col("类型") == PEER
    paired = pl.any_horizontal(
        (kind == one) & pl.col(STUDENT).is_in(running.students(one).implode())
        for one in (ONE_TO_ONE, PEER, PROXY_PARENT)
    )
    reasons = (
        (~kind.is_in(PROPOSALS["类型"].choices).fill_null(False), "类型写法不对"),
        (patron & ~pl.col("班级").is_in(school[CLASSES]["班级"].drop_nulls().implode()).fill_null(False), "没有这个班"),
        (patron & pl.col("班级").is_in(running.classes().implode()), "这个班已有包班行政"),
        (~patron & pl.col(STUDENT).is_null(), "名册里没有这名学生，或有错误"),
        (~patron & ~pl.col("_here").fill_null(False), "学生已不在读"),
        (kind.is_in([ONE_TO_ONE, PEER]) & ~pl.col("_tracked").fill_null(False), "学生已不在帮扶名单里"),
        ((kind == PROXY_PARENT) & ~pl.col("_left_behind").fill_null(False), "学生已不是留守"),
        (~patron & paired, "学生已有执行中的同类结对"),
        (~peer & pl.col("教师").is_null(), "没有教师，请先填上"),
        (~peer & pl.col(TEACHER).is_null(), "教师在“教师”表里找不到"),
        (~peer & pl.col("_room").is_null(), "教师不在岗"),
        (~peer & (pl.col("_room") <= 0), "教师的名额已满"),
        (peer & pl.col("学习帮手").is_null(), "没有帮手，请先填上"),
        (peer & ~pl.col("_helper_here").fill_null(False), "帮手在名册里找不到或已不在读"),
        (peer & (pl.col("_helper_class") != pl.col("_class")).fill_null(True), "帮手不在同一个班"),
        (peer & pl.col("_helper_tracked").fill_null(False), "帮手自己也在帮扶名单里"),
        (peer & pl.col(HELPER).is_in(running.helpers().implode()), "帮手已在帮别的同学"),
    )
    return pl.coalesce(pl.when(applies).then(pl.lit(words)) for applies, words in reasons)


def _contests() -> tuple[tuple[pl.Expr, list[str], pl.Expr, pl.Expr], ...]:
    """Which rows compete, for what, how many may have it, and what the others hear."""
    one = pl.lit(1)
    peer = pl.col("类型") == PEER
    return (
        (pl.lit(True), ["类型", WHOM], one, pl.lit("前面已有一行")),
        (peer, [HELPER], one, pl.lit("帮手已给了前面的同学")),
        (~peer, ["类型", TEACHER], pl.col("_room"), pl.lit("教师的名额给前面的就满了")),
    )


def _pairings(good: pl.DataFrame, numbers: pl.Series, school: School) -> pl.DataFrame:
    labels = (
        people.teacher_label(school[TEACHERS])
        .unique("工号", keep="first")
        .select(pl.col("工号").alias(TEACHER), "显示")
    )
    named = good.join(labels, on=TEACHER, how="left", maintain_order="left")
    student = pl.col("类型") != CLASS_PATRON
    rows = named.with_columns(
        pl.when(student).then(STUDENT).alias("学号"),
        pl.when(student).then("_class").otherwise("班级").alias("班级"),
        pl.when(pl.col("类型") != PEER).then("显示").alias("教师"),
        pl.when(pl.col("类型") == PEER).then(HELPER).alias("学习帮手"),
        pl.lit(school.today).alias("开始日期"),
        pl.lit(RUNNING).alias("状态"),
    )
    names = [name for name in PAIRINGS.names if name in rows.columns]
    made = pl.concat([PAIRINGS.empty(), rows.select(names)], how="diagonal")
    return with_numbers(PAIRINGS, made, numbers)


def _ended(good: pl.DataFrame, ending: pl.DataFrame, school: School) -> pl.DataFrame:
    """The pairings of teachers no longer 在岗 whose successors were accepted, as they end today."""
    numbers = ending.drop_nulls("结对编号").join(good, on=["类型", WHOM], how="semi").select("结对编号").unique()
    return numbers.sort("结对编号").with_columns(状态=pl.lit(ENDED), 结束日期=pl.lit(school.today))


def _open_cells(school: School, good: pl.DataFrame, ending: pl.DataFrame) -> pl.DataFrame:
    """班级 and 包班行政 of the classes whose cell is still empty, or names someone who is no longer 在岗."""
    left = ending.filter(pl.col("类型") == CLASS_PATRON, pl.col("结对编号").is_null())[WHOM]
    empty = pl.concat([school[CLASSES].filter(pl.col("包班行政").is_null())["班级"], left.alias("班级")]).implode()
    labels = people.teacher_label(school[TEACHERS]).select(pl.col("工号").alias(TEACHER), 包班行政="显示")
    patrons = good.filter(pl.col("类型") == CLASS_PATRON, pl.col("班级").is_in(empty))
    return patrons.join(labels, on=TEACHER, how="left", maintain_order="left").select("班级", "包班行政")
