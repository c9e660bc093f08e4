"""Who did it: 运行记录 and 荣誉 name a person, asked for once, and not the computer's login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.spoil import rename_sheet
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.schema import RUNS, SETTINGS

NOW = datetime(2026, 6, 30, 9)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=NOW)
    return path


def validate(path: Path, asks: Callable[[str], str] | None = None) -> str:
    """校验 by whoever sits here; the answer is who did it, as 运行记录 has it."""
    call = replace(Call.here(asks=asks) if asks else Call.here(), now=NOW)
    actions.perform("validate", ClosedBook(path, action="validate"), call)
    return str(ClosedBook(path).read(RUNS)[RUNS]["操作人"][-1])


def operator(path: Path) -> str | None:
    sheet = ClosedBook(path).read(SETTINGS)[SETTINGS]
    return dict(sheet.select("项目", "值").iter_rows())["操作人"]


def never(question: str) -> str:
    raise AssertionError(question)


def test_the_name_is_asked_once_and_stands_in_the_settings(empty: Path) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return " 教务处 林老师 "

    assert validate(empty, answer) == "教务处 林老师"
    assert operator(empty) == "教务处 林老师"
    assert validate(empty, never) == "教务处 林老师"
    assert len(asked) == 1


def test_who_does_not_answer_goes_by_the_login_and_is_left_in_peace(empty: Path) -> None:
    login = Call.here().user

    assert validate(empty, lambda _: "") == login
    assert validate(empty, never) == login
    assert operator(empty) == login


def test_where_nobody_can_be_asked_the_login_serves_and_nothing_is_written(empty: Path) -> None:
    assert validate(empty) == Call.here().user
    assert operator(empty) is None


def test_a_call_that_says_who_it_is_is_believed(empty: Path) -> None:
    actions.perform("validate", ClosedBook(empty, action="validate"), Call(user="王老师", now=NOW, asks=never))

    assert ClosedBook(empty).read(RUNS)[RUNS]["操作人"].to_list() == ["王老师"]


def test_an_older_workbook_gets_the_row_of_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    frames = dict(sample.make(students=60, classes=2, exams=2, logs=20).frames)
    frames[SETTINGS] = frames[SETTINGS].filter(frames[SETTINGS]["项目"] != "操作人")
    template.build(path, frames=frames, created=NOW)

    assert validate(path, lambda _: "林老师") == "林老师"
    assert operator(path) == "林老师"


@pytest.mark.parametrize("command", [["validate"], ["slips"], ["honours"]])
def test_every_command_writes_the_name_that_the_settings_have(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "总表.xlsm"
    frames = dict(sample.make(students=60, classes=2, exams=2, logs=20).frames)
    template.build(path, frames=frames, created=NOW)

    assert main([command[0], str(path), *command[1:]]) in (0, 1)

    assert ClosedBook(path).read(RUNS)[RUNS]["操作人"].to_list() == ["教务处林老师"]


def test_where_设置_was_renamed_nobody_is_asked_and_the_check_still_runs(empty: Path) -> None:
    rename_sheet(empty, "设置", "设置（旧）")

    asked: list[str] = []
    validate(empty, lambda question: asked.append(question) or "林老师")

    assert asked == []
