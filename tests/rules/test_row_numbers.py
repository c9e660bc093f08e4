"""Numbers that the program gives to rows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.schema import INPUTS, Table

NUMBERED = [table for table in INPUTS if table.numbered]
TYPED = st.one_of(
    st.none(), st.from_regex(r"\A(JL|JD|JH|jl|S)[0-9]{1,16}\Z"), st.text(st.characters(codec="utf-8"), max_size=6)
)


def rows(table: Table, numbers: list[str | None]) -> pl.DataFrame:
    assert table.numbered
    return pl.DataFrame({table.numbered.name: numbers}, schema={table.numbered.name: pl.String})


@pytest.mark.parametrize("table", NUMBERED, ids=lambda table: table.name)
@given(numbers=st.lists(TYPED, max_size=12))
def test_every_row_gets_a_number_of_its_own_and_what_staff_typed_stays(table: Table, numbers: list[str | None]) -> None:
    before = rows(table, numbers)

    given_to = with_numbers(table, before, before.to_series()).to_series().to_list()

    new = [number for number, typed in zip(given_to, numbers, strict=True) if typed is None]
    assert [number for number, typed in zip(given_to, numbers, strict=True) if typed is not None] == [
        typed for typed in numbers if typed is not None
    ]
    assert None not in given_to
    assert len({*new}) == len(new)
    assert not {number.upper() for number in new} & {typed.upper() for typed in numbers if typed}


def test_a_number_is_not_given_again_though_its_row_is_gone() -> None:
    (table,) = (one for one in NUMBERED if one.name == "记录")

    after = with_numbers(table, rows(table, [None]), pl.Series(["JL000007", "JL000002"]))

    assert after.to_series().to_list() == ["JL000008"]
