"""Wherever staff meet an older workbook, one sentence says so and what to do; after the upgrade nobody says it any more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.fake_machine import FakeMachine
from tests.support.older_workbooks import OLDER
from xlbangfu import __version__, buttons
from xlbangfu.actions import show_book
from xlbangfu.actions.call import Outcome
from xlbangfu.book.version import Version
from xlbangfu.cli import main
from xlbangfu.doctor import ThisMachine, workbook_checks
from xlbangfu.window import workbook_jobs

OFFER = "升级总表"


def quiet(text: str, done: float) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLDER["0.1.0"], tmp_path / "总表.xlsm"))


def test_a_command_offers_it_until_it_is_done(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", str(book)])
    assert f"这个总表是 0.1.0 版做的，现在的程序是 {__version__}" in capsys.readouterr().out.splitlines()[-1]

    assert main(["upgrade", str(book)]) == 0
    assert "总表已从 0.1.0 版升级到" in capsys.readouterr().out
    main(["validate", str(book)])
    assert OFFER not in capsys.readouterr().out


def test_the_command_tells_machines_what_was_added(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", str(book), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert told["action"] == "upgrade"
    assert any("收回记录" in line for line in told["details"])
    assert told["exit_code"] == 0


def test_opening_it_offers_it(book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("_with_system", "_with_libreoffice"):
        monkeypatch.setattr(show_book, way, lambda book: [f"已打开“{book.name}”。"])

    assert main(["open", str(book)]) == 0
    assert OFFER in capsys.readouterr().out


def test_the_window_offers_it_and_does_it(book: Path) -> None:
    assert OFFER in workbook_jobs.offer_of(book)
    assert "收回记录" in "\n".join(workbook_jobs.upgrade(book, quiet).details)
    assert workbook_jobs.offer_of(book) == ""


def test_the_doctor_finds_it_with_a_remedy(book: Path) -> None:
    machine = FakeMachine(other_version=ThisMachine().offer(book))
    found = workbook_checks.version(machine, book)

    assert found is not None
    assert (found.check, found.level) == ("总表版本", "warn")
    assert found.remedy.startswith("关闭总表，在帮扶窗口点“升级总表”")
    same = workbook_checks.version(FakeMachine(other_version=""), book)
    assert same is not None
    assert same.level == "ok"


def test_a_click_in_the_open_workbook_offers_it(book: Path) -> None:
    done = Outcome(action="validate", sentence="好。", next_step="看。")

    assert OFFER in buttons._message(done, book)
    assert OFFER not in buttons._message(done, book.with_name("没有.xlsm"))


def test_no_other_file_is_taken_for_an_older_workbook(tmp_path: Path) -> None:
    other = tmp_path / "成绩.xlsx"
    other.write_bytes(b"PK")

    assert workbook_jobs.offer_of(other) == ""
    assert workbook_jobs.offer_of(tmp_path / "没有.xlsm") == ""


def test_a_workbook_of_a_later_program_is_told_to_wait_for_it() -> None:
    assert "先更新程序" in Version("99.0", stamped=True).offer
