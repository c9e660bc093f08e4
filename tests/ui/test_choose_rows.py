"""只看新增: on the sheets where staff tick only what waits for them is in sight, and all again; hidden ticks count and are told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.fake_book import FakeBook
from tests.support.rows import row_of
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from tests.ui.test_screening_accept import fifty, tick
from xlbangfu.actions import Call, perform
from xlbangfu.actions.call import Outcome
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.errors import WrongWorkbook
from xlbangfu.rules.screening_words import LEAVES, PENDING
from xlbangfu.schema import (
    BEING_RECALLED,
    HONOURS,
    NEW,
    OUTPUTS,
    PROPOSALS,
    RECORDED,
    ROW,
    RUNS,
    SCREENING,
    SUSPECTED,
    SUSPECTS,
    TO_TRANSFERRED,
    RowChoice,
    Table,
)

CALL = Call(user="王老师", now=datetime(2026, 5, 20, 9))
SHEETS = {
    "排查": [SCREENING.names, *(row_of(SCREENING, f"0{n}", 变化=c) for n, c in enumerate((NEW, PENDING, NEW, LEAVES)))],
    "疑似辍学": [
        SUSPECTS.names,
        *(row_of(SUSPECTS, f"1{n}", 变化=c) for n, c in enumerate((BEING_RECALLED, SUSPECTED, TO_TRANSFERRED))),
    ],
    "评优": [HONOURS.names, row_of(HONOURS, "学业进步生", "01", 状态=RECORDED)],
}


def click(book: FakeBook | ClosedBook, call: Call = CALL) -> Outcome:
    outcome = perform("sheets_new", book, call)
    assert outcome is not None
    return outcome


def in_sight(book: FakeBook | ClosedBook, table: Table) -> list[int]:
    rows = set(book.read(table)[table][ROW])
    return sorted(rows - book.out_of_sight(table, rows))


def test_only_the_rows_that_wait_are_in_sight_and_a_sheet_without_any_stays_as_it_is() -> None:
    book = FakeBook(SHEETS)

    outcome = click(book)

    assert (in_sight(book, SCREENING), in_sight(book, SUSPECTS), in_sight(book, HONOURS)) == ([2, 4], [3, 4], [2])
    assert outcome.landing == "排查" and outcome.rows == 4 and not outcome.exit_code
    assert "排查 2 行（另 2 行先藏着）、疑似辍学 2 行（另 1 行先藏着）；" in outcome.sentence


def test_the_second_click_shows_all_and_nothing_is_noted() -> None:
    book = FakeBook(SHEETS)
    click(book)

    outcome = click(book)

    assert (in_sight(book, SCREENING), in_sight(book, SUSPECTS)) == ([2, 3, 4, 5], [2, 3, 4])
    assert outcome.sentence.startswith("排查、疑似辍学的行都显示了") and outcome.landing == "排查"
    assert book.read(RUNS)[RUNS].is_empty()


def test_a_filter_that_staff_have_set_is_taken_off_first() -> None:
    book = FakeBook(SHEETS)
    book.show_only(HONOURS, RowChoice("荣誉", ("奖学金",)))
    book.save()

    click(book)

    assert not book.filtered(*OUTPUTS)


def test_where_nothing_waits_nothing_is_hidden_and_the_sentence_says_so() -> None:
    book = FakeBook({"评优": SHEETS["评优"]})

    outcome = click(book)

    assert outcome.sentence == "“排查”“评优”“疑似辍学”里都没有等您定的“新增”，没有藏起什么。"
    assert not book.filtered(*OUTPUTS) and not book.saves


def test_a_sheet_that_was_put_away_comes_with_its_new_rows() -> None:
    book = FakeBook(SHEETS)
    book.hide(SCREENING)
    book.save()

    click(book)

    assert SCREENING not in book.hidden()


@pytest.mark.parametrize("shown", [True, False], ids=["all in sight", "only 新增"])
def test_ticks_in_hidden_rows_count_and_staff_hear_of_them_before_they_agree(shown: bool) -> None:
    book, asked = fifty(), list[str]()
    call = replace(CALL, agrees=lambda question: asked.append(question) is None)
    perform("screen", book, call)
    proposals = book.read(SCREENING)[SCREENING]
    new, leaving = proposals.filter(变化=NEW)["学号"], proposals.filter(变化=LEAVES)["学号"]
    tick(book, new[0], leaving[0])
    if not shown:
        click(book)

    outcome = perform("screen_accept", book, call)

    told = "打了 √ 的 2 行里有 1 行被筛选或隐藏着看不见，也一样算。"
    assert outcome and outcome.rows == 2
    assert [told in asked[0], told in outcome.sentence] == [not shown, not shown]


def test_a_tick_for_all_new_ones_is_put_where_only_they_are_in_sight() -> None:
    book = fifty()
    perform("screen", book, CALL)
    click(book)

    perform("screen_tick", book, CALL)

    after = book.read(SCREENING)[SCREENING]
    assert set(after.filter(pl.col("采纳").is_not_null())["变化"]) == {NEW}


def test_the_file_itself_holds_the_filter_as_excel_writes_it(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx", SHEETS)
    before = ClosedBook(path).read(SCREENING)[SCREENING]

    assert main(["sheets", str(path), "--new"]) == 0

    there = parts(path)
    (table,) = [xml.decode() for name, xml in there.items() if b'name="T_\xe6\x8e\x92\xe6\x9f\xa5"' in xml]
    place = SCREENING.names.index("变化")
    assert f'<filterColumn colId="{place}"><filters><filter val="新增"/></filters></filterColumn></autoFilter>' in table
    assert there[sheet_path(path, "排查")].count(b'hidden="1"') == 2
    assert ClosedBook(path).read(SCREENING)[SCREENING].equals(before)

    assert main(["sheets", str(path), "--new"]) == 0
    there = parts(path)
    assert not any(b"filterColumn" in xml for xml in there.values())
    assert b"hidden" not in there[sheet_path(path, "排查")]


@pytest.mark.damaged
def test_a_sheet_that_is_no_list_any_more_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx", SHEETS)
    rels = next(
        name for name in parts(path) if name == sheet_path(path, "排查").replace("sheets/", "sheets/_rels/") + ".rels"
    )
    rebuild(path, {rels: None})
    before = path.read_bytes()

    with pytest.raises(WrongWorkbook, match="排查”不再是表格"):
        click(ClosedBook(path))
    assert path.read_bytes() == before


def test_what_is_chosen_on_every_sheet_is_one_condition_in_excel_on_macos() -> None:
    chosen = [(table[table.new.column], table.new.values) for table in OUTPUTS if table.new]

    assert chosen
    for column, values in chosen:
        assert set(values) < set(column.choices)
        assert len(values) == 1 or len(column.choices) - len(values) == 1


def test_a_sheet_that_staff_tick_has_a_choice_where_kinds_stand_among_each_other() -> None:
    ticked = {table for table in OUTPUTS if "采纳" in table}

    assert {table for table in ticked if table.new} == {SCREENING, SUSPECTS, HONOURS}
    assert PROPOSALS in ticked  # each of its rows waits; what was accepted is not on it
