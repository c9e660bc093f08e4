"""Wrong data is a value: one row per problem, collected, never raised.

A problem frame has the columns of ``FRAME``. ``行`` is the Excel row, null for a problem of a whole sheet or column;
``键`` is the row's KEY (``sheet|row key``), so that 校验 can light the cell wherever staff sort the row to.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.rules.causes import one_row_a_cause
from xlbangfu.schema import BY_NAME, LAYOUT, PROBLEMS

ERROR, WARNING, HINT = "错误", "警告", "提示"  # 提示: nothing is wrong with the row, its reader may be misled
LEVELS = (ERROR, WARNING, HINT)
IMPORTED = "导入"  # the 编号 of what an import could not use; it stands in 导入核对
COLLECTED = (
    "收回"  # the 编号 of what class pages held that could not be used; such rows stay until the page comes again
)
CARRIED = (COLLECTED,)
BROKEN = ("V01", "V02")  # no such sheet, no such column
SUSPECTED = "V122"  # a student is 疑似辍学 and not in 劝返

FRAME: dict[str, pl.DataType] = {
    "级别": pl.String(),
    "编号": pl.String(),
    "工作表": pl.String(),
    "行": pl.Int64(),
    "列": pl.String(),
    "学号": pl.String(),
    "姓名": pl.String(),
    "问题": pl.String(),
    "怎么改": pl.String(),
    "键": pl.String(),
    "因表": pl.String(),  # the sheet, and the Excel row in it, of which this one is only a consequence
    "因行": pl.Int64(),
}


def none() -> pl.DataFrame:
    """No problems."""
    return pl.DataFrame(schema=FRAME)


def collect(*frames: pl.DataFrame) -> pl.DataFrame:
    """All problems of several checks as one frame, in the order given; columns they lack are null."""
    kept = [frame for frame in frames if frame.height]
    if not kept:
        return none()
    return pl.concat(
        [
            frame.select(
                *(
                    (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
                    for name, dtype in FRAME.items()
                )
            )
            for frame in kept
        ]
    )


def errors(problems: pl.DataFrame) -> pl.DataFrame:
    """Only the problems that void a cell or a row."""
    return problems.filter(pl.col("级别") == ERROR)


def as_sheet(problems: pl.DataFrame, layout: pl.DataFrame) -> pl.DataFrame:
    """Problems as 校验 shows them, one row a cause: errors first, 提示 last, then by sheet and row; 单元格 is a link ``工作表!B7``,
    or ``B7`` or 第 7 行 of a file from outside, to which no link in the workbook leads. A sheet that is missing has no
    link.

    ``layout`` is the frame LAYOUT of the read that the problems come from; it names every sheet that is there.
    """
    assert layout.columns[:3] == LAYOUT.names
    if problems.is_empty():
        return pl.DataFrame(schema=dict(PROBLEMS.frame_schema))
    letters = layout.select("工作表", "列", "字母").unique(subset=["工作表", "列"], keep="first")
    row = pl.col("行").fill_null(1).cast(pl.String)
    outside = ~pl.col("工作表").is_in(list(BY_NAME))
    link = pl.concat_str(pl.col("工作表"), pl.lit("!"), pl.col("字母").fill_null("A"), row)
    located = problems.join(letters, on=["工作表", "列"], how="left", maintain_order="left")
    return (
        one_row_a_cause(located)
        .with_columns(
            单元格=pl.when(outside & pl.col("字母").is_not_null())
            .then(pl.concat_str(pl.col("字母"), row))
            .when(outside & pl.col("行").is_not_null())
            .then(pl.format("第 {} 行", row))
            .when(pl.col("工作表").is_in(letters["工作表"].implode()))
            .then(link),
            定位=pl.concat_str(pl.col("键").fill_null(pl.col("工作表")), pl.lit("|"), pl.col("列").fill_null("")),
            备注=pl.lit(None, dtype=pl.String),
        )
        .sort(pl.col("级别").replace_strict(LEVELS, range(len(LEVELS)), default=1), maintain_order=True)
        .select(PROBLEMS.names)
    )
