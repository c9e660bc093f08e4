"""Risks of 保障 that nobody answers for."""

from __future__ import annotations

import polars as pl

RISK, RESOLVED = "风险", ("已解除", "已结束", "解除", "结束")


def open_risks(support: pl.DataFrame) -> int:
    """How many running risks have nobody who answers for them."""
    resolved = pl.col("状态").is_in(RESOLVED).fill_null(False)
    return support.filter(
        pl.col("类别") == RISK, pl.col("事项").is_not_null(), pl.col("责任人").is_null(), ~resolved
    ).height
