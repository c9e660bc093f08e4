"""成因: what lies behind a student's difficulty, by the list that 名册 offers and by staff's own words (DOMAIN rule 7).

A cell names each cause of the list whose word stands in it, so "基础薄弱、学习习惯" names 基础 and 习惯; 动机 is 动力 in older
files. Other words name none: they are kept and nothing is made of them.
"""

from __future__ import annotations

import polars as pl

from xlbangfu.schema import ROSTER

CAUSES = ROSTER["成因"].offers
PRIVATE_CAUSES = ("家庭", "情绪", "身体")  # what is about home and health, and so never leaves
OPEN, CLOSE = "〔内部：", "〕"  # what stands between them in a plan leaves in no page, paper or mail
_WORDS = {"动力": "动力|动机"}


def names_cause(cause: str) -> pl.Expr:
    """Whether 成因 of a row names a cause of the list; false where the cell is empty.

    >>> cells = pl.DataFrame({"成因": ["基础薄弱、学习动机", None]})
    >>> cells.select(names_cause("动力"))["成因"].to_list()
    [True, False]
    """
    return pl.col("成因").str.contains(_WORDS.get(cause, cause)).fill_null(False)
