"""The numbers that the program gives to rows: 记录编号, 结对编号, 计划编号 (DOMAIN, Keys).

A number is the letters of the schema's first one and a counter, ``JL000001``. The next goes on from the highest that is or
was in use, so that none is ever given twice; numbers that staff make up in another form are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, islice

import polars as pl

from xlbangfu.schema import Table

_LONGEST = 15  # digits that a counter may have


def new_numbers(first_of_all: str, used: pl.Series) -> Iterator[str]:
    """Numbers without end that look like the first of all, after the highest of ``used``.

    >>> next(new_numbers("JD0001", pl.Series(["JD0009", "jd12", "甲-1", None])))
    'JD0013'
    """
    letters = re.sub(r"\d+$", "", first_of_all)
    digits = len(first_of_all) - len(letters)
    highest = used.cast(pl.String).str.extract(rf"(?i)^{re.escape(letters)}(\d{{1,{_LONGEST}}})$").cast(pl.Int64).max()
    first = highest + 1 if isinstance(highest, int) else 1
    taken = set(used.cast(pl.String).str.to_uppercase())  # a counter longer than what is looked for
    return (name for number in count(first) if (name := f"{letters}{number:0{digits}}") not in taken)


def with_numbers(table: Table, frame: pl.DataFrame, used: pl.Series) -> pl.DataFrame:
    """The frame with a number in each row that has none, in its order; as it is where rows of the table have none."""
    column = table.numbered
    if column is None or not frame[column.name].null_count():
        return frame
    lacking = frame[column.name].is_null().arg_true()
    new = list(islice(new_numbers(column.number, used), lacking.len()))
    return frame.with_columns(frame[column.name].scatter(lacking, new))
