"""What is written of a block: the part that differs from what stands there, and all that only seems to be the same."""

from __future__ import annotations

from typing import Any

import pytest

from xlbangfu.book.live.range_blocks import Block, Formula, SheetState, differing, with_own_ranks
from xlbangfu.book.reading.frames import to_frame
from xlbangfu.schema import RANKING, SCORES, Table

WAS: list[list[Any]] = [["甲", 1.0, None], ["乙", 2.0, "a"], ["丙", 3.0, None]]


def state(table: Table = RANKING, *rows: list[Any], errors: frozenset[int] = frozenset()) -> SheetState:
    grid = [list(table.names), *rows]
    return SheetState(table, grid, to_frame(table, grid), errors)


def part(wanted: list[list[Any]], was: list[list[Any]] = WAS, **more: Any) -> Any:
    return differing(state(**more), Block(5, 2, wanted), was)


def test_nothing_is_written_where_all_is_as_it_is_to_be() -> None:
    assert part([["甲", 1, None], ["乙", 2, "a"], ["丙", 3, None]]) is None


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ([["甲", 1, None], ["乙", 9, "a"], ["丙", 3, None]], Block(6, 3, [[9]])),
        ([["甲", 1, "x"], ["乙", 9, "a"], ["丙", 3, None]], Block(5, 3, [[1, "x"], [9, "a"]])),
        (
            [["丁", 1, None], ["乙", 2, "a"], ["丙", 3, "y"]],
            Block(5, 2, [["丁", 1, None], ["乙", 2, "a"], ["丙", 3, "y"]]),
        ),
    ],
)
def test_the_part_from_the_first_to_the_last_cell_that_differs_is_written(wanted: Any, where: Block) -> None:
    found = part(wanted)

    assert found is not None
    assert found[0] == where
    rows = slice(where.row - 5, where.bottom - 4)
    assert found[1] == [row[where.column - 2 : where.right - 1] for row in WAS[rows]]


def test_a_formula_error_shows_as_nothing_and_is_written_over() -> None:
    found = part(WAS, errors=frozenset({6}))

    assert found == (Block(6, 2, [["乙", 2.0, "a"]]), [["乙", 2.0, "a"]])


def test_a_truth_is_no_number() -> None:
    found = part([["甲", 1, None]], [["甲", True, None]])

    assert found is not None
    assert found[0].rows == [["甲", 1, None]]


def test_a_formula_is_no_text() -> None:
    assert part([[Formula("=A1")]], [["=A1"]]) is not None
    assert part([["=A1"]], [[Formula("=A1")]]) is not None
    assert part([[Formula("=A1")]], [[Formula("=A1")]]) is None


def test_ranks_by_subject_are_numbers_beside_the_records_also_where_a_blank_row_is_among_them() -> None:
    blank = [None] * len(RANKING.names)
    grid = [
        [*RANKING.names, "语文名次", "我的名次单"],
        ["期中", *blank[1:], 3.0, "记"],
        [*blank, None, None],
        ["期末", *blank[1:], "?", None],
    ]

    found = with_own_ranks(SheetState(RANKING, grid, to_frame(RANKING, grid)))

    assert found.select("考试编号", "_row", "语文名次").rows() == [("期中", 2, 3), ("期末", 4, None)]
    assert "我的名次单" not in found.columns


def test_a_column_of_the_staffs_sheets_is_no_rank_by_subject() -> None:
    grid = [[*SCORES.names, "语文名次"], ["期中", *[None] * (len(SCORES.names) - 1), 3.0]]
    assert (
        with_own_ranks(SheetState(SCORES, grid, to_frame(SCORES, grid))).columns == to_frame(SCORES, grid).frame.columns
    )
