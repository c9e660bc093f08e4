"""A cause is told once (DOMAIN rule 1): the same remark on many rows of one sheet is one row of 校验.

What only comes of another problem (a mark of an exam without a date) is told there, with how many rows of which sheets.
Two problems are one remark if 级别, 编号, sheet, column and sentence agree; where the sentence quotes each cell and one thing
is likely wrong with all (a column typed in another form, the school year), the column is the cause, and of what
was written after a student left, the student. Up to ``FEW`` rows are told one by one, for each of
their cells is then marked; of more, the first is, and the sentence has the count and the first cells. What a rule takes away
(``School.without``) is decided before, row by row.

A cell that cannot be read, or a mark out of range, is a slip of its own unless so many of its column are (``have_one_cause``).
"""

from __future__ import annotations

import polars as pl

from xlbangfu.schema import BY_NAME

FEW = 3
SHOWN = 5  # cells that the sentence names
ONCE_A_COLUMN = ("V08", "V13", "V14", "V41", "V77")  # keys, numbers and dates in another form; outside the school year
ONCE_A_STUDENT = ("V43", "V44", "V127")  # after 异动日期
HALF, SOME = (FEW + 1, 0.5), (10, 0.05)  # at least so many bad cells, and their share of the filled ones
_REMARK, _COUNT, _CELLS, _PEOPLE = "_remark", "_count", "_cells", "_people"
_CAUSE = ("级别", "编号", "工作表", "列", _REMARK)


def have_one_cause(bad: pl.Expr, filled: pl.Expr) -> pl.Expr:
    """Whether so many bad cells of so many filled ones have one cause, a column in another form or a wrong 满分: at least
    half of more than ``FEW``, or ten and a twentieth.

    >>> pairs = pl.DataFrame({"bad": [3, 4, 4, 10, 10], "filled": [3, 8, 9, 200, 201]})
    >>> pairs.select(have_one_cause(pl.col("bad"), pl.col("filled"))).to_series().to_list()
    [False, True, False, True, False]
    """
    return pl.any_horizontal((bad >= least) & (bad >= filled * share) for least, share in (HALF, SOME))


def causes(problems: pl.DataFrame) -> pl.DataFrame:
    """The problems, the first for each cause; those that 校验 gave back have no rows and are causes already."""
    if "行" not in problems.columns or problems.is_empty():
        return problems
    remarks = _with_consequences(problems).with_columns(_remark())
    return remarks.filter(~_many() | pl.struct(_CAUSE).is_first_distinct()).select(problems.columns)


def one_row_a_cause(located: pl.DataFrame) -> pl.DataFrame:
    """The problems with 字母 (the letter of the column), one row a cause; what is told of several students names none."""
    located = _with_consequences(located)
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


def _with_consequences(problems: pl.DataFrame) -> pl.DataFrame:
    """The problems without those that only come of another one, of which the first says how many there are and where."""
    if not problems["因表"].count():
        return problems
    place = ["工作表", "行"]
    own = problems.filter(pl.col("因表").is_null(), _severe())
    comes_of = problems.filter(pl.col("因表").is_not_null())
    told = comes_of.join(own, left_on=["因表", "因行"], right_on=place, how="semi", nulls_equal=True)
    counts = told.group_by("因表", "因行", "工作表", maintain_order=True).agg(pl.col("行").count().alias(_COUNT))
    rows = pl.when(pl.col(_COUNT) > 0).then(pl.format("{} 处", _COUNT)).otherwise(pl.lit("整张"))
    sheets = pl.format("“{}”{}", "工作表", rows).str.join("、").alias("_with")
    listed = counts.group_by("因表", "因行", maintain_order=True).agg(sheets)
    kept = problems.join(told, on=[*place, "编号", "列"], how="anti", nulls_equal=True)
    marked = kept.with_columns(_first=_severe() & pl.col("因表").is_null())
    marked = marked.with_columns(_first=pl.col("_first") & (pl.col("_first").cum_sum().over(place) == 1))
    joined = marked.join(
        listed, left_on=place, right_on=["因表", "因行"], how="left", nulls_equal=True, maintain_order="left"
    )
    said = pl.format("{}（{}跟着不能用）", "问题", "_with")
    told_with = pl.col("_first") & pl.col("_with").is_not_null()
    return joined.with_columns(pl.when(told_with).then(said).otherwise("问题").alias("问题")).select(problems.columns)


def _severe() -> pl.Expr:
    return (pl.col("级别") == "错误").fill_null(False)


def _remark() -> pl.Expr:
    by_column = pl.col("编号").is_in(ONCE_A_COLUMN).fill_null(False)
    by_student = pl.col("编号").is_in(ONCE_A_STUDENT).fill_null(False)
    return pl.when(by_student).then("学号").when(~by_column).then("问题").otherwise(None).fill_null("").alias(_REMARK)


def _many() -> pl.Expr:
    """Whether a row is one of more than ``FEW`` of its remark in a sheet of the workbook."""
    here = pl.col("行").is_not_null() & pl.col("工作表").is_in(list(BY_NAME))
    return here & (pl.len().over("级别", "编号", "工作表", "列", _remark()) > FEW)
