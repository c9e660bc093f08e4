"""一对一: one teacher for every tracked student, by the prices of 「结对代价」 (DOMAIN rule 6)."""

from __future__ import annotations

import numpy as np
import polars as pl

from xlbangfu.rules.pairing.assignment import NOBODY, Whole, assign
from xlbangfu.rules.pairing.given import Given
from xlbangfu.rules.pairing.pairing_staff import Staff, leader_role
from xlbangfu.rules.pairing.running import Running
from xlbangfu.rules.people import split
from xlbangfu.rules.school import School
from xlbangfu.schema import ONE_TO_ONE, SEPARATOR, YES

# What the six prices are for, in their order; {} is the subject or the role.
OWN_SUBJECT, HOMEROOM, YEAR_SUBJECT, YEAR, ANYONE, LEADER = range(6)
_NEVER = 1_000_000
_WHY = {
    OWN_SUBJECT: pl.format("本班{}教师，教的是困难学科", "帮扶学科"),
    HOMEROOM: pl.lit("本班班主任"),
    YEAR_SUBJECT: pl.format("本年级{}教师，教的是困难学科", "帮扶学科"),
    YEAR: pl.lit("本年级教师"),
    ANYONE: pl.lit("本年级以外的教师"),
    LEADER: pl.format("重点学生，由{}帮扶", leader_role()),
}


def teachers_for(school: School, wards: pl.DataFrame, staff: Staff, running: Running, before: pl.DataFrame) -> Given:
    """The optimum of rule 6 for the students of ``wards``, who have no teacher; ``before`` is the last proposal.

    Of equally good answers the one that keeps most of the last proposal; where places are short, the one with most key
    students.
    """
    load, limit = staff.loads(running, ONE_TO_ONE), staff.limits(school.settings.teacher_limit)
    room = np.maximum(limit - load, 0)
    prices = _prices(wards, staff, school.settings.pairing_prices)
    cost, kind = prices.min(axis=0), prices.argmin(axis=0)
    chosen = assign(cost, load, room, _tie(wards, staff, before, short=len(wards) > room.sum()))
    rows = np.flatnonzero(chosen != NOBODY)
    columns = chosen[rows]
    pairs = pl.DataFrame(
        {
            "代价": cost[rows, columns].astype(np.float64),
            "_kind": kind[rows, columns],
            "_better": cost[rows, columns] > cost[rows].min(axis=1, initial=_NEVER),
            "_load": load[columns],
            "_after": (load + np.bincount(columns, minlength=len(load)))[columns],
        }
    )
    pairs_shown = pl.concat(
        [wards[rows], staff.people[columns].select("显示", "角色", "任教科目"), pairs], how="horizontal"
    )
    return Given(_rows(pairs_shown), wards[np.flatnonzero(chosen == NOBODY)], load, limit, chosen)


def _prices(wards: pl.DataFrame, staff: Staff, prices: tuple[int, ...]) -> Whole:
    """Kinds × students × teachers: the price where a teacher is of that kind to a student."""
    weak, in_year = staff.teach(wards["困难学科"]), staff.in_year(wards["班级"])
    key = (wards["重点"] == YES).fill_null(False).to_numpy()
    applies = (
        staff.in_class(wards["班级"]) & weak,
        staff.leads(wards["班级"]),
        in_year & weak,
        in_year,
        np.ones_like(weak),
        key[:, None] & staff.is_leader()[None, :],
    )
    return np.stack([np.where(held, price, _NEVER) for held, price in zip(applies, prices, strict=True)])


def _tie(wards: pl.DataFrame, staff: Staff, before: pl.DataFrame, *, short: bool) -> Whole:
    if short:
        key = (wards["重点"] == YES).fill_null(False).to_numpy()
        return np.repeat(np.where(key, 0, 1)[:, None], staff.people.height, axis=1)
    proposed = wards.select("学号").join(before, on="学号", how="left", maintain_order="left")["_teacher"]
    return np.where(proposed.to_numpy()[:, None] == staff.people["工号"].to_numpy()[None, :], 0, 1)


def _rows(pairs_shown: pl.DataFrame) -> pl.DataFrame:
    """The pairs as rows of 结对建议, each saying why."""
    both = split(pl.col("困难学科")).list.set_intersection(split(pl.col("任教科目")))
    why = pl.lit(None, dtype=pl.String)
    for kind, words in _WHY.items():
        why = pl.when(pl.col("_kind") == kind).then(words).otherwise(why)
    better = pl.when("_better").then(pl.lit("，更合适的教师名额已满")).otherwise(pl.lit(""))
    return pairs_shown.with_columns(both.list.sort().list.join(SEPARATOR).alias("帮扶学科")).select(
        "学号",
        "姓名",
        "班级",
        pl.lit(ONE_TO_ONE).alias("类型"),
        pl.col("显示").alias("教师"),
        pl.when(pl.col("帮扶学科") != "").then("帮扶学科").alias("帮扶学科"),
        "代价",
        pl.format("{}{}；手上 {} 名，采纳后 {} 名", why, better, "_load", "_after").alias("理由"),
    )
