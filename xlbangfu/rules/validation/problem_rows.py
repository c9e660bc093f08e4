"""From bad rows to problem rows: sentences are made for bad rows only.

A ``Rule`` says which rows of a frame are bad; ``flagged`` asks all rules of a frame in one pass and makes problems only
for those that found something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter

import polars as pl
from msgspec import Struct, field

from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.problems import FRAME
from xlbangfu.rules.validation.checks import CONSEQUENCES, Check
from xlbangfu.schema import BY_NAME, KEY, ROW, TABLES, Table

Slot = pl.Expr | str
LONGEST = 60  # characters of a value quoted in a message


class Rule(Struct, frozen=True, kw_only=True):
    """Rows where ``when`` is true have the problem ``check`` in ``column``; null counts as false."""

    check: Check
    when: pl.Expr
    column: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


def flagged(table: Table, frame: pl.DataFrame, rules: Iterable[Rule]) -> Iterator[pl.DataFrame]:
    """The problems that the rules find in the frame, one frame for each rule that finds any."""
    asked = list(rules)
    if not frame.height or not asked:
        return
    any_bad = frame.select(rule.when.any().alias(str(number)) for number, rule in enumerate(asked)).row(0)
    for rule, bad in zip(asked, any_bad, strict=True):
        if bad:
            yield found(rule.check, table, frame.filter(rule.when), rule.column, **rule.slots)


def found(check: Check, table: Table, bad: pl.DataFrame, column: Slot | None, /, **slots: Slot) -> pl.DataFrame:
    """One problem for each bad row. ``{value}`` is the cell of ``column`` unless it is given.

    A bad frame without ROW (a whole sheet or column) gives problems without a row.
    """
    names = bad.columns
    if isinstance(column, str):
        slots = {"column": column, **({"value": pl.col(column)} if column in names else {}), **slots}
    slots = {"table": table.name, **slots}
    resolved = pl.col(STUDENT) if STUDENT in names else pl.lit(None, dtype=pl.String)
    typed = pl.col("学号") if "学号" in names else pl.lit(None, dtype=pl.String)
    return bad.select(
        (pl.col(ROW) if ROW in names else pl.lit(None, dtype=pl.Int64)).alias("行"),
        pl.lit(check.level).alias("级别"),
        pl.lit(check.number).alias("编号"),
        pl.lit(table.name).alias("工作表"),
        (column if isinstance(column, pl.Expr) else pl.lit(column, dtype=pl.String)).alias("列"),
        pl.coalesce(resolved, typed).alias("学号"),
        (pl.col("姓名") if "姓名" in names else pl.lit(None, dtype=pl.String)).alias("姓名"),
        _sentence(check.message, slots).alias("问题"),
        _sentence(check.remedy, slots).alias("怎么改"),
        (pl.col(KEY) if KEY in names else pl.lit(table.name)).alias("键"),
        resolved.alias(STUDENT),
        *_cause(check, slots),
    )


def _cause(check: Check, slots: Mapping[str, Slot]) -> tuple[pl.Expr, pl.Expr]:
    """Where what this is a consequence of stands, null unless it is one."""
    sheet = pl.lit(slots["where"] if check in CONSEQUENCES else None, dtype=pl.String)
    row = slots.get("row") if check in CONSEQUENCES else None
    return sheet.alias("因表"), (row if isinstance(row, pl.Expr) else pl.lit(None)).cast(pl.Int64).alias("因行")


def whole(check: Check, table: Table, column: str | None, /, **slots: Slot) -> pl.DataFrame:
    """One problem of a whole sheet or column."""
    return found(check, table, pl.DataFrame({"_": [0]}), column, **slots)


def shown(value: pl.Expr) -> pl.Expr:
    """A value as a message quotes it: 121.0 as 121, nothing as 空, long text cut."""
    return value.cast(pl.String).str.strip_suffix(".0").str.slice(0, LONGEST).fill_null("空")


def _sentence(template: str, slots: Mapping[str, Slot]) -> pl.Expr:
    parts: list[pl.Expr] = []
    for text, name, _, _ in Formatter().parse(template):
        if text:
            parts.append(pl.lit(text))
        if name is not None:
            slot = slots[name]
            parts.append(pl.lit(slot) if isinstance(slot, str) else shown(slot))
    return pl.concat_str(parts)


def arranged(found_frames: Iterable[pl.DataFrame], roster: pl.DataFrame) -> pl.DataFrame:
    """All problems in the order of the sheets and their rows, whole sheets first, with the names that 名册 knows."""
    frames = [frame for frame in found_frames if frame.height]
    if not frames:
        return pl.DataFrame(schema=FRAME)
    names = roster.select(pl.col("学号").alias(STUDENT), _known="姓名").drop_nulls().unique(STUDENT, keep="first")
    order = {table.name: number for number, table in enumerate(TABLES)}
    return (
        pl.concat(frames)
        .join(names, on=STUDENT, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("_known", "姓名").alias("姓名"),
            _sheet=pl.col("工作表").replace_strict(order, default=len(BY_NAME), return_dtype=pl.Int64),
        )
        .sort("_sheet", "行", nulls_last=False, maintain_order=True)
        .select(*FRAME)
    )
