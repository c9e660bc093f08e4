"""教师 and 班级: loads, addresses, homeroom teachers, classes that nobody teaches."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.class_names import FoundGrade
from xlbangfu.rules.class_spelling import school_classes
from xlbangfu.rules.mail_addresses import slips
from xlbangfu.rules.people import split
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.pairing_checks import running_one_to_one
from xlbangfu.rules.validation.problem_rows import Rule, Slot, flagged
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, NO, PAIRINGS, PASSWORDS, ROW, SEPARATOR, TEACHERS

ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,}$"
SHORTEST_PASSWORD = 6
HOMEROOM = "班主任"
NOT_AN_ADDRESS = r"\.\.|^\.|\.@"


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Gaps and contradictions among teachers and classes; all are 警告."""
    classes = sheets.with_teacher(sheets.clean(CLASSES), "班主任")
    teachers = sheets.clean(TEACHERS)
    yield from _classes(sheets, classes, teachers)
    yield from _teachers(sheets, classes, teachers)
    yield from _passwords(sheets.clean(PASSWORDS))


def _passwords(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    typed, room = pl.col("口令"), pl.coalesce("班级", "教师", pl.lit("这一行"))
    first = pl.when(typed.is_not_null()).then(pl.col(ROW)).min().over(typed)
    short = typed.str.len_chars() < SHORTEST_PASSWORD
    rules = (
        Rule(check=checks.SHORT_PASSWORD, when=short, column="口令", slots={"class_": room}),
        Rule(check=checks.SAME_PASSWORD, when=pl.col(ROW) > pl.col("_first"), column="口令",
             slots={"class_": room, "first": pl.col("_first")}),
    )  # fmt: skip
    yield from flagged(PASSWORDS, frame.with_columns(first.alias("_first")), rules)


def _classes(sheets: Sheets, classes: pl.DataFrame, teachers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    away = teachers.filter(pl.col("在岗") == NO)["工号"].implode()
    taught = teachers.select(split(pl.col("任教班级")).explode())["任教班级"].drop_nulls().implode()
    empty = pl.col("班主任").is_null() & sheets.readable(CLASSES, "班主任")
    lacking = sheets.lacks(CLASSES, "班主任")
    rules = [
        Rule(check=checks.NO_HOMEROOM, when=empty & (not lacking), column="班主任", slots={"class_": pl.col("班级")}),
        Rule(check=checks.HOMEROOM_AWAY, when=pl.col("_teacher").is_in(away), column="班主任"),
        Rule(check=checks.NOT_HOMEROOM, when=pl.col("_teacher").is_in(_without_role(teachers)), column="班主任"),
        Rule(
            check=checks.HOMEROOM_OF_TWO,
            when=pl.col(ROW) > pl.col("_first"),
            column="班主任",
            slots={"first": pl.col("_first")},
        ),
        _named_for_another(sheets),
    ]
    if not sheets.dead(TEACHERS) and not sheets.lacks(TEACHERS, "任教班级"):
        rules.append(Rule(check=checks.NOBODY_TEACHES, when=~pl.col("班级").is_in(taught), column="班级"))
    first = pl.when(pl.col("_teacher").is_not_null()).then(pl.col(ROW)).min().over("_teacher")
    yield from flagged(CLASSES, classes.with_columns(first.alias("_first")), rules)


def _without_role(teachers: pl.DataFrame) -> pl.Series:
    """工号 of those on duty whose 角色 does not have 班主任; who has no 角色 is told of that."""
    holds = split(pl.col("角色")).list.contains(HOMEROOM)
    return teachers.filter(pl.col("角色").is_not_null(), ~holds, (pl.col("在岗") != NO).fill_null(True))[
        "工号"
    ].implode()


def _named_for_another(sheets: Sheets) -> Rule:
    """A class whose name begins with another 年级 of the school than the one that it is put in, however that is spelled."""
    name, own = pl.col("班级"), pl.col("年级")
    grades = sheets.clean(CLASSES)["年级"].drop_nulls().unique().sort().to_list()
    names = school_classes(sheets.clean(CLASSES), sheets.school.settings, sheets.school.today)
    levels = {one: known.level for one in grades if isinstance(known := names.find_grade(one), FoundGrade)}
    twins = {
        one: [other for other in grades if other == one or levels.get(other, other) == levels.get(one)]
        for one in grades
    }
    meant = pl.coalesce(
        pl.lit(None, dtype=pl.String),
        *(pl.when(name.str.starts_with(one) & ~own.is_in(twins[one])).then(pl.lit(one)) for one in grades),
    )
    wrong = meant.is_not_null() & ~name.str.starts_with(own)
    slots: dict[str, Slot] = {"class_": name, "meant": meant}
    return Rule(check=checks.NAME_OF_OTHER_GRADE, when=wrong, column="年级", slots=slots)


def _teachers(sheets: Sheets, classes: pl.DataFrame, teachers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    running = sheets[PAIRINGS].filter(running_one_to_one())
    loads = sheets.with_teacher(running, "教师").group_by(工号="_teacher").agg(_load=pl.len())
    rooms = classes.drop_nulls("_teacher").group_by(工号="_teacher").agg(_classes=pl.col("班级").str.join(SEPARATOR))
    address = pl.col("邮箱").str.to_lowercase()
    rows = (
        teachers.join(loads, on="工号", how="left", maintain_order="left")
        .join(rooms, on="工号", how="left", maintain_order="left")
        .with_columns(
            _limit=pl.col("帮扶上限").fill_null(sheets.school.settings.teacher_limit),
            _meant=slips(teachers["邮箱"]),
            _first=pl.when(address.is_not_null()).then(pl.col(ROW)).min().over(address),
        )
    )
    over = {"count": pl.col("_load"), "limit": pl.col("_limit")}
    doubtful = ~pl.col("邮箱").str.contains(ADDRESS) | pl.col("邮箱").str.contains(NOT_AN_ADDRESS)
    unaddressed = pl.col("_classes").is_not_null() & pl.col("邮箱").is_null() & sheets.readable(TEACHERS, "邮箱")
    rules = (
        Rule(check=checks.OVER_LIMIT, when=pl.col("_load") > pl.col("_limit"), column="帮扶上限", slots=over),
        Rule(
            check=checks.SAME_ADDRESS,
            when=pl.col(ROW) > pl.col("_first"),
            column="邮箱",
            slots={"first": pl.col("_first")},
        ),
        Rule(check=checks.DOUBTFUL_ADDRESS, when=doubtful, column="邮箱"),
        Rule(
            check=checks.ADDRESS_MISTYPED,
            when=pl.col("_meant").is_not_null() & ~doubtful,
            column="邮箱",
            slots={"meant": pl.col("_meant")},
        ),
        Rule(check=checks.NO_ADDRESS, when=unaddressed, column="邮箱", slots={"classes": pl.col("_classes")}),
    )
    yield from flagged(TEACHERS, rows, rules)
