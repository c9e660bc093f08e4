"""What a school counts for the bureau, exactly: nothing is hidden here (DOMAIN rule 14).

Days of the term are from 学期开始 to today. A student counts once in an indicator, and is in every 特殊群体 that 名册 names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import polars as pl
from msgspec import Struct

from xlbangfu.rules import people, roll
from xlbangfu.rules.contacts import VISIT
from xlbangfu.rules.indicators.indicators import FROM_COLUMNS, GROUPS, NO_TABLE, NOT_FILLED, SPLIT
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.progress import BETTER, FELL, UNKNOWN, latest
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    ACTIVITIES,
    BY_NAME,
    CLASSES,
    DEFECTS,
    FILES,
    LOG,
    ONE_TO_ONE,
    PAIRINGS,
    PLANS,
    ROSTER,
    RUNNING,
    TEACHERS,
    TRACKED,
    YES,
    Defect,
    Table,
)

VISITS = "劝返"  # the table of visits and calls to those who stay away
RETURNED = "复学"
_ABSENT_SHEETS = (Defect.NOT_YET_SHEET, Defect.MISSING_SHEET)


class SchoolFigures(Struct, frozen=True, kw_only=True):
    """``whole``: indicator → count and what it is a part of (None: no such thing). ``split``: indicator and 特殊群体 → count.
    ``unknown``: indicator or 特殊群体 → why there is no number."""

    whole: Mapping[str, tuple[int, int | None]]
    split: Mapping[tuple[str, str], int]
    unknown: Mapping[str, str]


def school_figures(school: School, contacts: pl.DataFrame, progress: pl.DataFrame) -> SchoolFigures:
    """``contacts`` is 已做 and 应做 of the rows of 落实, ``progress`` 学号 and 进展 of those of 进展, both of today; ``school`` is
    without its errors."""
    students = _students(school)
    numbers = [indicator.number for indicator in SPLIT if indicator.number in students.columns]
    totals = students.select(pl.col(numbers).sum()).row(0, named=True)
    groups = _split(students, numbers)
    whole = {
        "K1": (totals["K1"], _began(school)),
        **_visit_counts(school, totals),
        "B1": (totals["B1"], None),
        "B2": (totals["B2"], totals["B1"]),
        "B3": (totals["B3"], totals["B2"]),
        **_turned(school),
        **_moved(progress, students),
        **_looked_after(school, students),
        "G5": _contacts(contacts),
        **_staff(school),
        "G8": (_in_term(school, school[ACTIVITIES], "日期").height, None),
    }
    return SchoolFigures(whole=whole, split=groups, unknown=_unknown(school, whole))


def _students(school: School) -> pl.DataFrame:
    """A row a student of 名册: a condition for each indicator that is split, one for each 特殊群体."""
    today, began = pl.lit(school.today), pl.lit(school.settings.term_start)
    roster = school[ROSTER].filter(pl.col("学号").is_not_null())
    listed = roll.tracked(today) & roll.on_roll(today)
    away = _visits(school)
    visited = {} if away is None else {"K2": _among(away), "K3": _among(away.filter(pl.col("结果") == RETURNED))}
    named = people.split(pl.col("特殊群体")).fill_null([])
    return roster.select(
        "学号",
        K1=roll.dropped_out(began, today),
        B1=roll.on_roll(today),
        B2=listed,
        B3=listed & (pl.col("重点") == YES).fill_null(False),
        **visited,
        **{group: (pl.col(group) == YES).fill_null(False) for group in FROM_COLUMNS},
        **{group: named.list.contains(group) for group in GROUPS if group not in FROM_COLUMNS},
    )


def _split(students: pl.DataFrame, numbers: Sequence[str]) -> dict[tuple[str, str], int]:
    """Indicator and 特殊群体 → how many are in both, in one pass over the students."""
    places = [(number, group) for number in numbers for group in GROUPS]
    found = students.select((pl.col(GROUPS) & pl.col(number)).sum().name.prefix(number) for number in numbers).row(0)
    return dict(zip(places, map(int, found), strict=True))


def _among(rows: pl.DataFrame) -> pl.Expr:
    return pl.col("学号").is_in(rows[STUDENT].drop_nulls().implode())


def _visits(school: School) -> pl.DataFrame | None:
    """The rows of 劝返 whose 疑似日期 is in the term; None where the workbook has no such sheet."""
    table = _sheet(school, VISITS)
    return None if table is None else _in_term(school, school[table], "疑似日期")


def _sheet(school: School, name: str) -> Table | None:
    table = BY_NAME.get(name)
    return table if table in school.frames and not _is_gone(school, name) else None


def _is_gone(school: School, name: str, column: str | None = None) -> bool:
    """Whether the workbook lacks a sheet, or a column of it."""
    defects = school.frames.get(DEFECTS)
    if defects is None or defects.is_empty():
        return False
    gone = defects.filter(pl.col("工作表") == name)
    if column is None:
        return not gone.filter(pl.col("缺陷").is_in(_ABSENT_SHEETS)).is_empty()
    return not gone.filter(
        pl.col("列") == column, pl.col("缺陷").is_in((Defect.MISSING_COLUMN, Defect.NOT_YET_COLUMN))
    ).is_empty()


def _visit_counts(school: School, totals: Mapping[str, int]) -> dict[str, tuple[int, int | None]]:
    table = _sheet(school, VISITS)
    if table is None:
        return {}
    calls = _in_term(school, school[table], "劝返日期").height
    return {"K2": (totals["K2"], None), "K3": (totals["K3"], totals["K2"]), "K4": (calls, None)}


def _in_term(school: School, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.filter(pl.col(column).is_between(school.settings.term_start, school.today).fill_null(False))


def _began(school: School) -> int:
    """How many were on the roll when the term began."""
    eve = pl.lit(school.settings.term_start - timedelta(days=1))
    return int(school[ROSTER].select(roll.on_roll(eve).sum()).item())


def _turned(school: School) -> dict[str, tuple[int, int | None]]:
    began, today = school.settings.term_start, school.today
    helped = school[ROSTER].filter(
        pl.col("帮扶类别") == TRACKED,
        (pl.col("列入日期") <= today).fill_null(True),
        (pl.col("退出日期") > began).fill_null(True),
        roll.on_roll(pl.lit(began)),
    )
    left = helped.filter(pl.col("退出日期").is_between(began, today), roll.on_roll(pl.lit(today)))
    return {"B4": (left.height, helped.height)}


def _moved(progress: pl.DataFrame, students: pl.DataFrame) -> dict[str, tuple[int, int | None]]:
    listed = progress.filter(pl.col("学号").is_in(students.filter("B2")["学号"].implode()))
    known = latest(listed).filter(pl.col("进展").is_not_null() & (pl.col("进展") != UNKNOWN))["进展"]
    return {"B5": (int(known.is_in(BETTER).sum()), known.len()), "B6": (int((known == FELL).sum()), known.len())}


def _looked_after(school: School, students: pl.DataFrame) -> dict[str, tuple[int, int | None]]:
    listed = set(students.filter("B2")["学号"])
    ends = school.settings.term_start, school.settings.term_end
    paired = school[PAIRINGS].filter(
        pl.col("类型") == ONE_TO_ONE, pl.col("状态") == RUNNING, pl.col("教师").is_not_null()
    )
    planned = school[PLANS].filter(pl.col("开始") <= ends[1], pl.col("结束") >= ends[0])
    entries = _in_term(school, school[LOG], "日期").filter(pl.col("类型") == VISIT)
    visited = entries.select(people.split(pl.col("学号")).explode()).to_series()
    found = {
        "G1": paired[STUDENT],
        "G2": school[FILES][STUDENT],
        "G3": planned[STUDENT],
        "G4": pl.concat([visited, entries[STUDENT]]),
    }
    return {number: (len(listed & set(who.drop_nulls())), len(listed)) for number, who in found.items()}


def _contacts(contacts: pl.DataFrame) -> tuple[int, int]:
    made = contacts.select(pl.min_horizontal("已做", "应做").sum()).item()
    return int(made or 0), int(contacts["应做"].sum())


def _staff(school: School) -> dict[str, tuple[int, int | None]]:
    on_post = set(school[TEACHERS].filter(pl.col("在岗") == YES)["工号"].drop_nulls())
    paired = school[PAIRINGS].filter(pl.col("类型") == ONE_TO_ONE, pl.col("状态") == RUNNING)["教师"]
    helping = set(people.teacher_ids(paired, school[TEACHERS]).drop_nulls())
    rooms = school[CLASSES].unique("班级", keep="first")
    return {
        "G6": (len(on_post & helping), len(on_post)),
        "G7": (rooms["包班行政"].drop_nulls().len(), rooms.height),
    }


def _unknown(school: School, whole: Mapping[str, object]) -> dict[str, str]:
    """A column that nobody filled in says nothing, which is not 0; nor does a sheet that is not there."""
    gone = dict.fromkeys((number for number in ("K2", "K3", "K4") if number not in whole), NO_TABLE)
    roster = school[ROSTER]
    for column, groups in [(name, (name,)) for name in FROM_COLUMNS] + [("特殊群体", GROUPS[len(FROM_COLUMNS) :])]:
        if _is_gone(school, ROSTER.name, column) or roster[column].drop_nulls().is_empty():
            gone |= dict.fromkeys(groups, NOT_FILLED)
    return gone
