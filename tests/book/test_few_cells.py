"""Rows are written the same whether Python makes them, as it does where there are few, or polars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.book.test_cell_xml import ODD, TEXTS
from xlbangfu.errors import WriteFailed
from xlbangfu.ooxml import few_cells
from xlbangfu.ooxml.frame_xml import Place, cells, rows_xml

Made = TypeVar("Made")
PLACES = [
    Place("姓名", 0, "3", "备注"),
    Place("语文", 1, "", "语文状态"),
    Place("日期", 2),
    Place("时间", 28, "1"),
    Place("人数", 5, "2"),
    Place("没有的", 3, "4"),
]
WORDS = st.none() | st.sampled_from(["", "缺考", *ODD]) | TEXTS
COLUMNS = {
    "姓名": (pl.String(), WORDS),
    "备注": (pl.String(), WORDS),
    "语文": (pl.Float64(), st.none() | st.floats()),
    "语文状态": (pl.String(), st.none() | st.sampled_from(["", "缺考", "免考"])),
    "日期": (pl.Date(), st.none() | st.dates(date(1900, 1, 1))),
    "时间": (pl.Datetime("us"), st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))),
    "人数": (pl.Int64(), st.none() | st.integers(-(10**15), 10**15)),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    height = draw(st.integers(1, 4))
    rows = st.lists(st.tuples(*(values for _, values in COLUMNS.values())), min_size=height, max_size=height)
    schema = {name: dtype for name, (dtype, _) in COLUMNS.items()}
    names = draw(st.sets(st.sampled_from([*COLUMNS]), min_size=1))
    return pl.DataFrame(draw(rows), schema=schema, orient="row").select(sorted(names))


def by_polars(work: Callable[[], Made]) -> Made:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(few_cells, "FEW", -1)
        return work()


@settings(deadline=None)
@given(frames(), st.sampled_from(["", "x:"]), st.booleans())
def test_few_rows_are_what_they_would_be_among_many(frame: pl.DataFrame, prefix: str, date1904: bool) -> None:
    further = [(7, pl.Series([None, *["<c/>"] * (frame.height - 1)], dtype=pl.String))]
    high = pl.format(' ht="{}"', pl.col(frame.columns[0]).cast(pl.String).str.len_bytes().fill_null(0))

    def rows() -> bytes:
        return b"".join(rows_xml(frame, PLACES, 9, prefix, date1904=date1904, further=further, height=high))

    def cells_alone() -> dict[str, list[str]]:
        numbers = pl.Series(range(2, 2 + frame.height))
        return cells(frame, PLACES, numbers, prefix, date1904=date1904).to_dict(as_series=False)

    assert rows() == by_polars(rows)
    assert cells_alone() == by_polars(cells_alone)


@pytest.mark.parametrize("few", [0, 400])
def test_a_text_that_no_cell_takes_is_refused(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_cells, "FEW", few)
    frame = pl.DataFrame({"姓名": ["王", "长" * 32_768]})

    with pytest.raises(WriteFailed, match=r"姓名.*32767"):
        list(rows_xml(frame, [Place("姓名", 0)], 2))
    assert b"".join(rows_xml(frame.with_columns(pl.col("姓名").str.head(32_767)), [Place("姓名", 0)], 2))
