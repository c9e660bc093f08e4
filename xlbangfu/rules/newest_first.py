"""The order in which sheets show results: the newest exam first, as that is what staff look for."""

from __future__ import annotations

from itertools import accumulate

import polars as pl


def newest_first(results: pl.DataFrame) -> pl.DataFrame:
    """Results that go exam by exam, the oldest first, with the exams turned round; within an exam all stays as it is.

    >>> newest_first(pl.DataFrame({"考试编号": ["期中", "期中", "期末"], "名次": [1, 2, 1]})).rows()
    [('期末', 1), ('期中', 1), ('期中', 2)]
    """
    if not results.height:
        return results
    lengths = results["考试编号"].rle().struct.field("len").to_list()
    exams = [results.slice(end - length, length) for end, length in zip(accumulate(lengths), lengths, strict=True)]
    return pl.concat(reversed(exams), rechunk=False)  # of the same memory: a sorted copy takes ten megabytes
