"""Keys that are shorter than nearly all others: a number has lost the zeros at its head (DOMAIN, Keys)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import whole
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import ROSTER, SEPARATOR, TEACHERS

_NEARLY_ALL = 0.8
_SHOWN = 3


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """学号 and 工号 that may lack zeros, once a column, with what each would become."""
    for table in (ROSTER, TEACHERS):
        column = table.keys[0]
        short = shorter(sheets.clean(table)[column])
        if short:
            named = (f"{key} → {padded}" for key, padded in list(short.items())[:_SHOWN])
            yield whole(checks.KEY_SHORTER, table, column, count=str(len(short)), shown=SEPARATOR.join(named))


def shorter(keys: pl.Series) -> dict[str, str]:
    """The keys of digits that are shorter than nearly all, with what they would be with zeros; none that begins with 0.

    >>> shorter(pl.Series(["101", *(f"2026010{n}" for n in range(1, 9))]))
    {'101': '00000101'}
    """
    if keys.str.len_chars().drop_nulls().n_unique() < 2:
        return {}
    texts = keys.drop_nulls().to_list()
    lengths = Counter(len(text) for text in texts if text.isdigit())
    if not lengths:
        return {}
    usual, count = lengths.most_common(1)[0]
    if count < _NEARLY_ALL * len(texts):
        return {}
    return {text: text.zfill(usual) for text in texts if text.isdigit() and len(text) < usual and text[0] != "0"}
