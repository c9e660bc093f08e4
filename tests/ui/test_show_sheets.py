"""工作表: what is put away comes back, what is empty goes, and what was never worked out stays hidden."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.support.fake_book import FakeBook
from tests.support.rows import row_of
from xlbangfu import sheet_groups
from xlbangfu.actions import Call, perform
from xlbangfu.actions.call import Outcome
from xlbangfu.front_page import counts
from xlbangfu.schema import CLASSES, CONSOLE, EXAMS, RANKING, ROSTER, RUNS, SETTINGS, TABLES, Kind

CALL = Call(user="王老师", now=datetime(2026, 5, 20, 9))
LABELS = ("school", "care", "results", "ledgers")


@pytest.fixture
def book() -> FakeBook:
    """A school with a class; all but 控制台, 设置 and 班级 is put away."""
    made = FakeBook(
        {"班级": [CLASSES.names, row_of(CLASSES, "1班", "初一")], "排名": [RANKING.names, row_of(RANKING, "期中")]}
    )
    made.hide(*(table for table in TABLES if table not in (CONSOLE, SETTINGS, CLASSES)))
    made.save()
    return made


def click(book: FakeBook, name: str) -> Outcome:
    outcome = perform(name, book, CALL)
    assert outcome is not None
    return outcome


def test_all_come_but_results_that_were_never_worked_out(book: FakeBook) -> None:
    outcome = click(book, "sheets")

    shown = {table for table in TABLES if table not in book.hidden()}
    assert {table for table in TABLES if table.kind is Kind.INPUT} <= shown
    assert {table for table in shown if table.kind is not Kind.INPUT} == {CONSOLE, RANKING}
    assert "名册" in outcome.sentence and not outcome.next_step


def test_where_all_are_there_the_empty_ones_go(book: FakeBook) -> None:
    click(book, "sheets")
    click(book, "sheets")

    assert {table for table in TABLES if table not in book.hidden()} == {CONSOLE, SETTINGS, CLASSES, RANKING}


@pytest.mark.parametrize("group", LABELS)
def test_a_group_comes_and_goes_alone_and_nothing_on_it_changes(book: FakeBook, group: str) -> None:
    label = next(name for name, key in zip(sheet_groups.GROUPS, LABELS, strict=True) if key == group)
    before, there = book.hidden(), {name: [list(row) for row in grid] for name, grid in book.sheets.items()}

    click(book, f"sheets_{group}")
    assert (before ^ book.hidden()) <= {*sheet_groups.group_of(label)}
    click(book, f"sheets_{group}")
    assert {*sheet_groups.group_of(label)} <= book.hidden() or not before ^ book.hidden()
    assert {CONSOLE, SETTINGS}.isdisjoint(book.hidden())
    assert book.sheets == there


def test_the_front_page_knows_what_is_put_away(book: FakeBook) -> None:
    click(book, "sheets_school")

    assert "、名册、" not in book.front_page[counts.AWAY]
    assert "、考试、" in book.front_page[counts.AWAY]


def test_nothing_is_noted(book: FakeBook) -> None:
    click(book, "sheets")

    assert book.read(RUNS)[RUNS].is_empty()


def test_a_group_without_anything_says_so(book: FakeBook) -> None:
    assert "没有可以打开或收起的" in click(book, "sheets_ledgers").sentence


def test_every_sheet_is_of_one_group() -> None:
    grouped = [table for tables in sheet_groups.GROUPS.values() for table in tables]

    seen = [table.name for table in TABLES if table is not CONSOLE and not table.hidden]
    assert sorted(table.name for table in grouped) == sorted(seen)
    assert {ROSTER, CLASSES} <= {*sheet_groups.group_of("学校名单")}
    assert EXAMS in sheet_groups.group_of("帮扶与成绩")
