"""Older pages add what is missing and put nothing back, in whatever order and however often they come."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.class_page_school import EDITION
from tests.support.fake_book import FakeBook
from tests.support.returned_pages import (
    LESSON,
    MARKS,
    TALK,
    book,
    collect,
    entries,
    filled,
    marks_of,
    page,
    put,
    said,
    saved_at,
)
from xlbangfu.schema import COLLECTED, LOG

LATER = EDITION + timedelta(days=7)
SAVED = datetime(2026, 5, 21, 8)


def state(number: int, log: Sequence[Mapping[str, Any]], marks: Mapping[str, Mapping[str, Any]] | None = None) -> bytes:
    """A page as it was saved so many hours later."""
    return saved_at(filled(log, marks), SAVED + timedelta(hours=number))


def taken_out(one: FakeBook, words: str) -> None:
    """Staff delete the entry with these words from 记录."""
    grid = one.sheets[LOG.name]
    column = grid[0].index("内容")
    one.sheets[LOG.name] = [row for row in grid if row[column] != words]


class TestEarlierStates:
    V1, V2 = [TALK, LESSON], [TALK | {"内容": "改过的", "效果": 1}, LESSON]

    def test_the_earlier_one_does_not_put_its_text_back_and_it_is_told(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, state(2, self.V2, {"0102": MARKS | {"作业": 1}})))

        collect(one, put(tmp_path, state(1, self.V1, {"0102": MARKS})), days=1)

        assert sorted(row["内容"] for row in entries(one)) == ["改过的", "数学第三章"]
        assert [row["作业"] for row in marks_of(one, "0102")] == [1.0]
        assert said(one).count("页上是较早的内容，总表里已有后来的，没有改回") == 2

    def test_a_row_that_only_the_earlier_one_has_is_added(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, state(2, self.V2[:1])))

        collect(one, put(tmp_path, state(1, self.V1)), days=1)

        assert sorted(row["内容"] for row in entries(one)) == ["改过的", "数学第三章"]

    def test_a_later_state_may_go_back_to_the_first_words(self, tmp_path: Path) -> None:
        one = book()
        for hour, log in enumerate((self.V1, self.V2, self.V1)):
            collect(one, put(tmp_path, state(hour, log)), days=hour)

        assert sorted(row["内容"] for row in entries(one)) == ["数学第三章", "谈了近期的学习"]

    @pytest.mark.parametrize("said_time", [None, SAVED])
    def test_where_files_do_not_say_which_is_later_replaced_words_stay_replaced(
        self, said_time: datetime | None, tmp_path: Path
    ) -> None:
        one = book()
        for day, log in enumerate((self.V1, self.V2, [*self.V1, {}])):
            collect(one, put(tmp_path, saved_at(filled(log), said_time)), days=day)

        assert sorted(row["内容"] for row in entries(one)) == ["改过的", "数学第三章"]

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    def test_a_folder_of_states_gives_the_same_in_any_order_and_twice(
        self, order: tuple[int, ...], tmp_path: Path
    ) -> None:
        states = [state(1, self.V1), state(2, self.V2), state(3, [*self.V2, TALK | {"日期": datetime(2026, 5, 12)}])]
        files = [put(tmp_path, states[at], f"{at}.xlsx") for at in order]
        one = book()

        collect(one, *files)
        first = [dict(row) for row in entries(one)]
        collect(one, *files, days=1)

        assert entries(one) == first
        assert sorted(row["内容"] for row in first) == ["改过的", "数学第三章", "谈了近期的学习"]
        assert said(one) == ""

    def test_a_page_that_does_not_say_when_it_was_saved_is_taken(self, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, saved_at(filled(self.V1), None)))

        assert len(entries(one)) == 2


class TestWithdrawnRows:
    def test_an_older_edition_does_not_bring_a_withdrawn_row_back(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, filled([TALK, LESSON], of=newer)), days=8)
        taken_out(one, "数学第三章")

        collect(one, put(tmp_path, filled([TALK, LESSON])), days=9)

        assert [row["内容"] for row in entries(one)] == ["谈了近期的学习"]
        assert "以前收过，后来从总表删去了" in said(one)

    def test_nor_another_wording_of_it(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, filled([LESSON], of=newer)), days=8)
        taken_out(one, "数学第三章")

        collect(one, put(tmp_path, filled([LESSON | {"内容": "第一稿"}])), days=9)

        assert entries(one) == []

    def test_a_newer_edition_may_tell_of_the_same_contact_in_other_words(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, filled([LESSON])))
        taken_out(one, "数学第三章")

        collect(one, put(tmp_path, filled([LESSON | {"内容": "重新写的"}], of=newer)), days=8)

        assert [row["内容"] for row in entries(one)] == ["重新写的"]

    def test_words_that_were_corrected_do_not_come_back_by_another_edition(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, saved_at(filled([TALK], of=newer), SAVED)), days=8)
        collect(one, put(tmp_path, saved_at(filled([TALK | {"内容": "改过的"}], of=newer), LATER)), days=9)

        collect(one, put(tmp_path, filled([TALK])), days=10)

        assert [row["内容"] for row in entries(one)] == ["改过的"]


def test_the_ledger_tells_edition_and_state(tmp_path: Path) -> None:
    one = book()

    collect(one, put(tmp_path, state(1, [TALK])))

    frame = one.read(COLLECTED)[COLLECTED]
    assert set(frame["版次"]) == {100}
    assert set(frame["存盘时间"]) == {"2026-05-21T09:00:00"}


WORDS = ("一", "二", "三")


class PagesComeBack(RuleBasedStateMachine):
    """A 班主任 goes on writing on a page and saves it now and then; the states come back in any order, alone or together,
    and again. What stands in the master is at any time what the latest collected state of each row says."""

    @initialize()
    def start(self) -> None:
        self.folder = TemporaryDirectory()
        self.book = book()
        self.texts: dict[int, str] = {0: WORDS[0]}
        self.states: list[tuple[Path, dict[int, str]]] = []
        self.collected: set[int] = set()
        self.withdrawn: set[int] = set()
        self.known: dict[int, str] = {}
        self.days = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(row=st.integers(0, 3), word=st.sampled_from(WORDS))
    def write(self, row: int, word: str) -> None:
        self.texts[row] = word

    @rule()
    def save(self) -> None:
        number = len(self.states)
        log = [TALK | {"日期": datetime(2026, 5, 10 + row), "内容": text} for row, text in sorted(self.texts.items())]
        path = put(Path(self.folder.name), state(number, log), f"{number}.xlsx")
        self.states.append((path, dict(self.texts)))

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        if not self.states:
            return
        chosen = data.draw(st.lists(st.sampled_from(range(len(self.states))), min_size=1, max_size=3, unique=True))
        self.days += 1
        collect(self.book, *(self.states[at][0] for at in chosen), days=self.days)
        self.collected |= set(chosen)

    @rule(data=st.data())
    def take_out(self, data: st.DataObject) -> None:
        there = sorted(self.expected())
        if there:
            row = data.draw(st.sampled_from(there))
            taken_out_on(self.book, 10 + row)
            self.withdrawn.add(row)

    def expected(self) -> dict[int, str]:
        rows: dict[int, str] = {}
        for at in sorted(self.collected):
            rows |= self.states[at][1]
        return {row: text for row, text in rows.items() if row not in self.withdrawn}

    @invariant()
    def the_latest_state_of_each_row_stands(self) -> None:
        if hasattr(self, "book"):
            found = {row["日期"].day - 10: row["内容"] for row in entries(self.book)}
            assert found == self.expected()
            assert len(entries(self.book)) == len(found)


def taken_out_on(one: FakeBook, day: int) -> None:
    grid = one.sheets[LOG.name]
    number, when = grid[0].index("记录编号"), grid[0].index("日期")
    one.sheets[LOG.name] = [
        row for row in grid if not (str(row[number]).startswith("S") and getattr(row[when], "day", 0) == day)
    ]


TestPagesComeBack = PagesComeBack.TestCase
TestPagesComeBack.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
