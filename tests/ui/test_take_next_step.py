"""做下一步 does what 下一步 says: the button's action, or the sheet that staff are to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.fake_book import FakeBook
from tests.ui.test_screening_accept import CALL, fifty, read, tick
from xlbangfu import actions
from xlbangfu.actions import perform
from xlbangfu.actions.call import Outcome
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import ACTIONS, BY_NAME
from xlbangfu.cli import main
from xlbangfu.front_page.next_step import STEPS
from xlbangfu.schema import BY_NAME as SHEETS
from xlbangfu.schema import CLASSES, PROBLEMS, ROSTER, RUNS, SCREENING, TEACHERS


def next_of(book: FakeBook) -> Outcome:
    outcome = perform("next", book, CALL)
    assert outcome is not None
    return outcome


def test_the_action_that_is_due_is_done_as_if_its_button_were_clicked() -> None:
    book = fifty()

    outcome = next_of(book)

    assert outcome.action == book.action == "screen"
    assert read(book, RUNS)["操作"].to_list() == ["排查"]
    assert read(book, SCREENING).height


def test_where_staff_tick_first_the_sheet_is_shown_until_they_did() -> None:
    book = fifty()
    next_of(book)
    book.hide(SCREENING)
    book.save()
    roll = [list(row) for row in book.sheets["名册"]]

    shown = next_of(book)
    assert (shown.sheet, shown.rows) == (shown.landing, 0) == ("排查", 0)
    assert SCREENING not in book.hidden()
    assert book.sheets["名册"] == roll and read(book, RUNS).height == 1

    tick(book, "01")
    assert next_of(book).action == "screen_accept"
    assert book.sheets["名册"] != roll


def test_what_was_mended_is_checked_again_and_what_is_left_is_shown() -> None:
    book = fifty()
    book.sheets["名册"][1][0] = "02"  # a 学号 twice

    shown = next_of(book)

    assert (shown.action, shown.landing) == ("validate", PROBLEMS.name)
    assert read(book, PROBLEMS).height


def test_in_an_empty_workbook_staff_choose_a_file_or_are_shown_what_to_fill_in() -> None:
    book, asked = FakeBook(), []
    book.hide(CLASSES, TEACHERS, ROSTER)
    book.save()

    outcome = perform("next", book, replace(CALL, chooses=lambda title, _: asked.append(title) or ()))

    assert asked == ["导入：选文件（可以多选）"]
    assert outcome is not None and (outcome.sheet, outcome.presses) == ("班级", "import")
    assert {CLASSES, TEACHERS, ROSTER} & book.hidden() == {ROSTER}
    assert "点“导入”选文件" in outcome.sentence


def test_a_chosen_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Path] = []
    monkeypatch.setattr(
        actions, "function_of", lambda _: lambda _, call: given.extend(call.files) or Outcome(action="import", sentence="", next_step="")
    )  # fmt: skip
    take = actions.import_module("xlbangfu.actions.take_next_step")

    outcome = take.take_next_step(FakeBook(), replace(CALL, chooses=lambda *_: [tmp_path / "名册.xlsx"]))

    assert outcome.action == "import"
    assert given == [tmp_path / "名册.xlsx"]


def test_every_step_names_an_action_or_a_sheet() -> None:
    assert all(step.action in BY_NAME or (not step.action and step.sheets) for step in STEPS)
    assert all(step.sheets and step.action for step in STEPS if step.ticks)
    assert all(SHEETS[table.name] is table for step in STEPS for table in step.sheets)
    assert all(f"“{BY_NAME[step.action].label}”" in step.sentence for step in STEPS if step.action)
    assert all(step.ticks in step.sheets[0].names for step in STEPS if step.ticks)


def test_the_command_does_the_step_of_a_closed_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "总表.xlsm"
    assert main(["new", str(path), "--sample", "--students", "60", "--classes", "2", "--logs", "20"]) == 0

    assert main(["next", str(path)]) == 0

    assert "排查建议" in capsys.readouterr().out
    assert ClosedBook(path).read(RUNS)[RUNS]["操作"].to_list() == ["排查"]


def test_each_action_ends_on_a_sheet_that_exists() -> None:
    assert all(action.landing is None or SHEETS[action.landing.name] is action.landing for action in ACTIONS)
