"""包班, an administrator for each class, and 代管家长, a member of staff for each left-behind student (DOMAIN rule 6)."""

from __future__ import annotations

import numpy as np
import polars as pl

from xlbangfu.rules.pairing.assignment import NOBODY, Whole, assign
from xlbangfu.rules.pairing.given import Given
from xlbangfu.rules.pairing.pairing_staff import Staff, leader_role
from xlbangfu.rules.pairing.running import Running
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASS_PATRON, PROXY_PARENT

HOMEROOM, OWN_CLASS, YEAR, ANYONE = range(4)
NO_PATRON = "这个班还没有包班行政；"
_WHY = ("本班班主任", "本班教师", "本年级教师", "本年级以外的教师")
_NEARNESS = (0, 0, 1, 2)  # the price of each: whoever teaches the class is as near as its 班主任


def patrons_for(classes: pl.DataFrame, staff: Staff, running: Running) -> Given:
    """An administrator or the principal for each class, so that all have about as many."""
    leaders = staff.leaders()
    load = leaders.loads(running, CLASS_PATRON)
    limit = load + classes.height
    chosen = assign(np.zeros((classes.height, len(load)), dtype=np.int64), load, limit - load)
    placed = _with_staff(classes, leaders, load, chosen)
    rows = placed.select(
        "班级",
        pl.lit(CLASS_PATRON).alias("类型"),
        pl.col("显示").alias("教师"),
        pl.lit(0.0).alias("代价"),
        pl.format("{}{}手上 {} 个班，采纳后 {} 个班", pl.lit(NO_PATRON), leader_role(), "_load", "_after").alias(
            "理由"
        ),
    )
    return Given(rows, classes[np.flatnonzero(chosen == NOBODY)], load, limit, chosen)


def proxies_for(school: School, wards: pl.DataFrame, staff: Staff, running: Running) -> Given:
    """A teacher for each left-behind student: of the own class, else of the 年级, else anyone; loads even."""
    load = staff.loads(running, PROXY_PARENT)
    limit = np.full_like(load, school.settings.proxy_limit)
    own = staff.in_class(wards["班级"])
    near = (staff.leads(wards["班级"]), own, staff.in_year(wards["班级"]), np.ones_like(own))
    kind = np.stack(near).argmax(axis=0)
    cost = np.asarray(_NEARNESS, dtype=np.int64)[kind]
    chosen = assign(cost, load, np.maximum(limit - load, 0))
    placed = _with_staff(wards, staff, load, chosen)
    rows = np.flatnonzero(chosen != NOBODY)
    why = pl.Series("_why", _WHY).gather(pl.Series(kind[rows, chosen[rows]], dtype=pl.UInt32))
    price = pl.Series("代价", cost[rows, chosen[rows]], dtype=pl.Float64)
    return Given(
        placed.with_columns(why, price).select(
            "学号",
            "姓名",
            "班级",
            pl.lit(PROXY_PARENT).alias("类型"),
            pl.col("显示").alias("教师"),
            "代价",
            pl.format("留守，{}；手上 {} 名，采纳后 {} 名", "_why", "_load", "_after").alias("理由"),
        ),
        wards[np.flatnonzero(chosen == NOBODY)],
        load,
        limit,
        chosen,
    )


def _with_staff(wards: pl.DataFrame, staff: Staff, load: Whole, chosen: Whole) -> pl.DataFrame:
    """Those who got someone, beside the teacher's 显示 and 角色 and the load before and after."""
    rows = np.flatnonzero(chosen != NOBODY)
    columns = chosen[rows]
    after = load + np.bincount(columns, minlength=len(load))
    loads = pl.DataFrame({"_load": load[columns], "_after": after[columns]})
    return pl.concat([wards[rows], staff.people[columns].select("显示", "角色"), loads], how="horizontal")
