"""A cause is told once (DOMAIN rule 1): the same remark on many rows of one sheet is one row of 校验.

Two problems are one remark if 级别, 编号, sheet, column and sentence agree; of keys, numbers and dates that were typed in
another form the sentence quotes each cell, and the column is the cause. Up to ``FEW`` rows are told one by one, for each of
their cells is then marked; of more, the first is, and the sentence has the count and the first cells. What a rule takes away
(``School.without``) is decided before, row by row.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.schema import BY_NAME

FEW = 3
SHOWN = 5  # cells that the sentence names
ONCE_A_COLUMN = ("V08", "V13", "V14")  # numbers as keys, numbers and dates as text
_REMARK, _COUNT, _CELLS, _PEOPLE = "_remark", "_count", "_cells", "_people"
_CAUSE = ("级别", "编号", "工作表", "列", _REMARK)


def causes(problems: pl.DataFrame) -> pl.DataFrame:
    """The problems, the first for each cause; those that 校验 gave back have no rows and are causes already."""
    if "行" not in problems.columns:
        return problems
    remarks = problems.with_columns(_remark())
    return remarks.filter(~_many() | pl.struct(_CAUSE).is_first_distinct()).select(problems.columns)


def one_row_a_cause(located: pl.DataFrame) -> pl.DataFrame:
    """The problems with 字母 (the letter of the column), one row a cause; what is told of several students names none."""
    remarks = located.with_columns(_remark(), _many().alias("_folds")) if located.height else located
    if not located.height or not remarks["_folds"].any():
        return located
    cell = pl.concat_str(pl.col("字母").fill_null("A"), pl.col("行").cast(pl.String))
    folded = (
        remarks.filter("_folds")
        .group_by(_CAUSE, maintain_order=True)
        .agg(
            pl.len().alias(_COUNT),
            cell.head(SHOWN).str.join("、").alias(_CELLS),
            pl.struct("学号", "姓名").n_unique().alias(_PEOPLE),
        )
    )
    first = remarks.filter(~pl.col("_folds") | pl.struct(_CAUSE).is_first_distinct())
    rows = first.join(folded, on=_CAUSE, how="left", nulls_equal=True, maintain_order="left")
    more = pl.when(pl.col(_COUNT) > SHOWN).then(pl.lit(" 等")).otherwise(pl.lit(""))
    many = pl.format("{}（同样的共 {} 处：{}{}）", "问题", _COUNT, _CELLS, more)
    return rows.with_columns(
        pl.when("_folds").then(many).otherwise("问题").alias("问题"),
        *(pl.when(~(pl.col("_folds") & (pl.col(_PEOPLE) > 1))).then(name).alias(name) for name in ("学号", "姓名")),
    ).select(located.columns)


def _remark() -> pl.Expr:
    by_column = pl.col("编号").is_in(ONCE_A_COLUMN).fill_null(False)
    return pl.when(~by_column).then("问题").fill_null("").alias(_REMARK)


def _many() -> pl.Expr:
    """Whether a row is one of more than ``FEW`` of its remark in a sheet of the workbook."""
    here = pl.col("行").is_not_null() & pl.col("工作表").is_in(list(BY_NAME))
    return here & (pl.len().over("级别", "编号", "工作表", "列", _remark()) > FEW)
