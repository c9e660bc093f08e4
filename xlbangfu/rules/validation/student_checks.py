"""Which student a row means, and whether 名册 can vouch for him.

A row of which the student is unknown, one of several, or has another name in 名册 is void. That a student has left the
class that stands there is told once for each student. A row of a student whose own row in
名册 is void follows it and says why. Of a group session only the 学号 that cannot be found are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT, first_part, plain, roster_cells
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.check_parts import unknown_parts
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found, whole
from xlbangfu.rules.validation.sheet_checks import WHY, Sheets
from xlbangfu.schema import INPUTS, KEY, LOG, PAIRINGS, ROSTER, ROW, Table

_SHEET = "_sheet_name"


def problems(sheets: Sheets, table: Table) -> Iterator[pl.DataFrame]:
    """Rows of one sheet that name no usable student."""
    frame = sheets[table]
    if not frame.height:
        return
    if sheets.dead(ROSTER):
        yield whole(checks.SHEET_FOLLOWS, table, None, where=ROSTER.name)
        return
    if table == LOG:
        frame, sessions = sheets.log_entries
        yield from _group_sessions(sheets, table, sessions)
    yield from _following(sheets, table, frame)
    if not frame[STUDENT].null_count():
        return
    unknown = frame.filter(pl.col(STUDENT).is_null() & sheets.readable(table, "学号"))
    if table == PAIRINGS:  # which kinds need a student is told by pairings
        unknown = unknown.filter(pl.any_horizontal(pl.col("学号", "姓名").is_not_null()))
    if unknown.height:
        yield from _unknown(sheets, table, unknown)


def class_changes(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """One 提示 for each student whose former class stands in rows of any sheet, in the first of them."""
    tables = [table for table in INPUTS if table.names_student and sheets[table].height]
    rows = [_rows_of(sheets, table, left) for table in tables if (left := sheets.school.left_class(table)).any()]
    if not rows:
        return
    every = pl.concat(rows)
    students = every.group_by(STUDENT, maintain_order=True).agg(
        pl.col(_SHEET, ROW, KEY, "班级").first(),
        _sheets=pl.format("“{}”", _SHEET).unique(maintain_order=True).str.join(),
        _count=pl.len(),
    )
    now = roster_cells(students[STUDENT], sheets[ROSTER])
    told = students.with_columns(now["姓名"], now["班级"].alias("_known"), pl.col(STUDENT).alias("学号"))
    for table in INPUTS:
        mine = told.filter(pl.col(_SHEET) == table.name)
        slots = {
            "name": pl.col("姓名"),
            "known": pl.col("_known"),
            "sheets": pl.col("_sheets"),
            "count": pl.col("_count"),
        }
        if mine.height:
            yield found(checks.LEFT_CLASS, table, mine, "班级", **slots)


def _rows_of(sheets: Sheets, table: Table, which: pl.Series) -> pl.DataFrame:
    return sheets[table].filter(which).select(STUDENT, ROW, KEY, "班级", pl.lit(table.name).alias(_SHEET))


def _group_sessions(sheets: Sheets, table: Table, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    if not frame.height:
        return
    wrong = unknown_parts(frame["学号"], sheets.clean(ROSTER)["学号"].drop_nulls())
    bad = frame.join(wrong, on="学号", how="inner", maintain_order="left").with_columns(
        pl.lit(None, dtype=pl.String).alias(STUDENT)
    )
    none_left = Rule(
        check=checks.UNKNOWN_STUDENT,
        when=pl.col("_right") == 0,
        column="学号",
        slots={"what": "学号", "value": pl.col("_wrong"), "hint": ""},
    )
    some_left = Rule(
        check=checks.UNKNOWN_PARTS, when=pl.col("_right") > 0, column="学号", slots={"value": pl.col("_wrong")}
    )
    yield from flagged(table, bad, (none_left, some_left))


def _following(sheets: Sheets, table: Table, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows whose student's row in 名册 is void.

    Of a doubled 学号 the first row stands; who is named by the other's name alone follows the other.
    """
    void = sheets.void(ROSTER).filter(pl.col("学号").is_not_null()) if ROSTER in sheets.voided else None
    if void is None or not void.height:
        return
    firsts = sheets[ROSTER].filter(pl.col("学号").is_in(void["学号"].implode())).group_by("学号").agg(pl.col(ROW).min())
    cause = void.select(
        pl.col("学号").alias(STUDENT),
        pl.col(ROW).alias("_row_there"),
        WHY,
        _other=~pl.col(ROW).is_in(firsts[ROW].implode()),
        _name_there=plain(pl.col("姓名")),
    )
    meant = frame.filter(pl.col(STUDENT).is_in(void["学号"].implode()))
    meant = meant.join(cause, on=STUDENT, how="inner", maintain_order="left").filter(
        ~pl.col("_other") | (pl.col("学号").is_null() & (plain(pl.col("姓名")) == pl.col("_name_there")))
    )
    yield _follows(table, meant.unique(ROW, keep="first", maintain_order=True), "学号")


def _follows(table: Table, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return found(checks.FOLLOWS, table, rows, column, where=ROSTER.name, row=pl.col("_row_there"), why=pl.col(WHY))


def _unknown(sheets: Sheets, table: Table, unknown: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Why each of these rows names nobody; every row gets exactly one answer."""
    asked = unknown.with_columns(
        _id=first_part(pl.col("学号")), _name=plain(pl.col("姓名")), _class=plain(pl.col("班级"))
    )
    asked = _beside_roster(sheets, asked)
    id_given, name_given = pl.col("_id").is_not_null(), pl.col("_name").is_not_null()
    id_known = pl.col("_known").fill_null(False)
    name_differs = (pl.col("_name") != plain(pl.col("_roster_name"))).fill_null(False)
    void = pl.col("_row_there").is_not_null()
    by_name = ~id_given & name_given & ~void
    count = pl.coalesce("_in_class", pl.when(pl.col("_class").is_null()).then(pl.col("_in_school"))).fill_null(0)
    hint = (
        pl.when(pl.col("_class").is_not_null() & pl.col("_where").is_not_null())
        .then(pl.concat_str(pl.lit("（"), pl.col("班级"), pl.lit("没有，"), pl.col("_where"), pl.lit("有）")))
        .otherwise(pl.lit(""))
    )
    yield from flagged(
        table,
        asked,
        (
            Rule(check=checks.NO_STUDENT, when=~id_given & ~name_given, column="学号"),
            Rule(
                check=checks.FOLLOWS,
                when=void,
                column="学号",
                slots={"where": ROSTER.name, "row": pl.col("_row_there"), "why": pl.col(WHY)},
            ),
            Rule(
                check=checks.UNKNOWN_STUDENT,
                when=id_given & ~id_known & ~void,
                column="学号",
                slots={"what": "学号", "hint": ""},
            ),
            Rule(
                check=checks.DISAGREES,
                when=id_known & name_differs & ~void,
                column="姓名",
                slots={"id": pl.col("_id"), "known": pl.col("_roster_name")},
            ),
            Rule(check=checks.AMBIGUOUS_STUDENT, when=by_name & (count > 1), column="姓名", slots={"count": count}),
            Rule(
                check=checks.UNKNOWN_STUDENT,
                when=by_name & (count <= 1),
                column="姓名",
                slots={"what": "姓名", "hint": hint},
            ),
        ),
    )


def _beside_roster(sheets: Sheets, asked: pl.DataFrame) -> pl.DataFrame:
    """The rows with what 名册 knows of the 学号 and of the name, and with the void row that is meant.

    A void row is meant by its 学号; where that is not in 名册, by its name, if the class does not speak against it.
    """
    void = sheets.void(ROSTER).select(ROW, WHY)
    roster = sheets[ROSTER].select(
        ROW,
        _id="学号",
        _roster_name="姓名",
        _roster_class="班级",
        _name=plain(pl.col("姓名")),
        _class=plain(pl.col("班级")),
    )
    roster = roster.join(void, on=ROW, how="left", maintain_order="left").with_columns(_void=pl.col(WHY).is_not_null())
    ids = roster.drop_nulls("_id").unique("_id", keep="first", maintain_order=True)
    ids = ids.select(
        "_id", "_roster_name", "_roster_class", _known=pl.lit(True), _id_void="_void", _id_row=ROW, _id_why=WHY
    )
    named = roster.filter(pl.col("_name").is_not_null(), pl.col("_id").is_not_null())
    in_school = named.group_by("_name").agg(
        _in_school=pl.len(), _where=pl.col("_roster_class").drop_nulls().sort().first()
    )
    in_class = named.group_by("_name", "_class").agg(_in_class=pl.len())
    by_name = roster.filter(pl.col("_void"), pl.col("_name").is_not_null()).unique("_name", keep="none")
    by_name = by_name.select("_name", _name_row=ROW, _name_why=WHY, _void_class="_class")
    same_class = (pl.col("_class") == pl.col("_void_class")).fill_null(True) & pl.col("_known").is_null()
    return (
        asked.join(ids, on="_id", how="left", maintain_order="left")
        .join(in_school, on="_name", how="left", maintain_order="left")
        .join(in_class, on=["_name", "_class"], how="left", maintain_order="left")
        .join(by_name, on="_name", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("_id_void")).then("_id_row").when(same_class).then("_name_row").alias("_row_there"),
            pl.when(pl.col("_id_void")).then("_id_why").when(same_class).then("_name_why").alias(WHY),
        )
    )
