"""Cells against the schema: filled, from their list, in their range, a month; and keys that stand twice."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks, date_checks
from xlbangfu.rules.validation.check_parts import unknown_parts
from xlbangfu.rules.validation.checks import Check
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found
from xlbangfu.rules.validation.sheet_checks import Sheets, indispensable
from xlbangfu.schema import CLASSES, CONDUCT, LOG, NO, PASSWORDS, ROW, SEPARATOR, SETTINGS, YES, Column, Table, Type

STUDENT_COLUMNS = ("学号", "姓名", "班级")
_EITHER = {PASSWORDS: ("班级", "教师")}  # one of them is filled, or both


def problems(sheets: Sheets, table: Table) -> Iterator[pl.DataFrame]:
    """What is wrong with the cells of one sheet by themselves."""
    frame = sheets[table]
    if not frame.height or table == SETTINGS:
        return
    yield from flagged(
        table,
        frame,
        (
            *_rules(sheets, table),
            *_either(sheets, table),
            *(date_checks.rules(sheets, table) if sheets.remarks else ()),
        ),
    )
    for column in table:
        if not column.many:
            continue
        options = sheets.school.settings.priorities if (table, column.name) == (LOG, "优先类") else column.choices
        check = checks.NOT_A_CHOICE if indispensable(table, column.name) else checks.NOT_A_CHOICE_USABLE
        if options and sheets.asks(check):
            yield from _parts(check, table, frame, column, options)
    yield from doubled(table, frame)


def _rules(sheets: Sheets, table: Table) -> Iterator[Rule]:
    """The rules that may find something: what asks for empty cells not of a full column, nor any other of an empty one."""
    frame = sheets[table]
    for column in table:
        if sheets.lacks(table, column.name):
            continue
        cell = pl.col(column.name)
        blank = frame[column.name].null_count()
        if blank and column.must_be_filled and (table, column.name) != (CLASSES, "班主任"):
            check = checks.EMPTY if indispensable(table, column.name) else checks.EMPTY_USABLE
            if sheets.asks(check):
                yield Rule(check=check, when=cell.is_null() & sheets.readable(table, column.name), column=column.name)
        if blank == frame.height:
            continue
        options = (YES, NO) if column.type is Type.YESNO else column.choices
        if options and not column.many:
            check = checks.NOT_A_CHOICE if indispensable(table, column.name) else checks.NOT_A_CHOICE_USABLE
            slots = {"options": SEPARATOR.join(options)}
            if sheets.asks(check):
                yield Rule(check=check, when=~cell.is_in(options), column=column.name, slots=slots)
        if (column.low is not None or column.high is not None) and sheets.asks(_range_check(table, column)):
            yield _range(table, column)
        if column.type is Type.MONTH:
            yield Rule(check=checks.BAD_MONTH, when=~cell.str.contains(date_checks.MONTH), column=column.name)


def _either(sheets: Sheets, table: Table) -> Iterator[Rule]:
    """Columns of which none is filled, told of the first."""
    names = [name for name in _EITHER.get(table, ()) if not sheets.lacks(table, name)]
    if names:
        empty = [pl.col(name).is_null() & sheets.readable(table, name) for name in names]
        yield Rule(check=checks.EMPTY_OF_TWO, when=pl.all_horizontal(empty), column=names[0])


def _range_check(table: Table, column: Column) -> Check:
    """A mark of 评价 or a full mark out of range spoils what is made of it; elsewhere it is only doubtful."""
    spoils = table == CONDUCT or indispensable(table, column.name)
    return checks.OUT_OF_RANGE if spoils else checks.OUT_OF_RANGE_USABLE


def _range(table: Table, column: Column) -> Rule:
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    return Rule(
        check=_range_check(table, column),
        when=~pl.col(column.name).is_between(low, high),
        column=column.name,
        slots={"low": f"{low:g}", "high": "更大" if column.high is None else f"{high:g}"},
    )


def _parts(
    check: Check, table: Table, frame: pl.DataFrame, column: Column, options: tuple[str, ...]
) -> Iterator[pl.DataFrame]:
    wrong = unknown_parts(frame[column.name], pl.Series(options, dtype=pl.String))
    if not wrong.height:
        return
    bad = frame.join(wrong, on=column.name, how="inner", maintain_order="left")
    yield found(check, table, bad, column.name, value=pl.col("_wrong"), options=SEPARATOR.join(options))


def doubled(table: Table, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows whose key stands above them already. A student is the same however the row names him."""
    if table.names_student and set(STUDENT_COLUMNS) <= set(table.keys):
        names = [*(name for name in table.keys if name not in STUDENT_COLUMNS), STUDENT]
    else:
        names = list(table.keys)
    needed = [name for name in names if name == STUDENT or table[name].required or table[name].key]
    if len(names) == 1 and frame[names[0]].n_unique() == frame.height:
        return
    key = pl.struct(names).hash() if len(names) > 1 else pl.col(names[0])
    filled = pl.all_horizontal if needed else pl.any_horizontal
    again = frame.select(filled(pl.col(needed or names).is_not_null()) & key.is_duplicated()).to_series()
    if not again.any():
        return
    repeated = frame.filter(again).with_columns(_first=pl.col(ROW).min().over(names))
    bad = repeated.filter(pl.col(ROW) > pl.col("_first"))
    if bad.height:
        typed = [name for name in names if name != STUDENT] + (["学号"] if STUDENT in names else [])
        named = [pl.col(STUDENT if name == "学号" and STUDENT in names else name) for name in typed]
        value = pl.concat_str([part.cast(pl.String).fill_null("") for part in named], separator=" ")
        where = typed[-1] if STUDENT in names else (needed or names)[-1]
        yield found(
            checks.DOUBLED_KEY,
            table,
            bad,
            where,
            value=value.str.strip_chars(),
            first=pl.col("_first"),
            column=SEPARATOR.join(typed),
        )
