"""Whatever door an action comes in by, it says whether the workbook was written before it ended badly."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli.main import main
from xlbangfu.doctor import ThisMachine
from xlbangfu.doctor.workbook_checks import waiting_files
from xlbangfu.documents.placement import Placement, WaitingFile
from xlbangfu.errors import WriteFailed
from xlbangfu.schema import RUNS
from xlbangfu.window import workbook_jobs
from xlbangfu.window.job import Failed, Finished, Job, Message


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 1))
    return path


def sentence(book: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch, *, first: bool) -> str:
    """What ``validate`` ends with where that comes before its save or after it."""
    save = ClosedBook.save

    def failing(self: ClosedBook) -> None:
        if not first:
            save(self)
        raise problem

    monkeypatch.setattr(ClosedBook, "save", failing)
    assert main(["validate", str(book)]) == 2
    monkeypatch.setattr(ClosedBook, "save", save)
    return "已经写好" if ClosedBook(book).read(RUNS)[RUNS].height else "没有"


@pytest.mark.parametrize(
    "problem", [KeyboardInterrupt(), WriteFailed("写不了“班级页”。"), RuntimeError(), OSError(28, "")]
)
@pytest.mark.parametrize("first", [True, False])
def test_the_sentence_agrees_with_the_disk(
    problem: BaseException,
    *,
    first: bool,
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    state = sentence(book, problem, monkeypatch, first=first)
    told = capsys.readouterr().err

    assert ("总表已经写好，后面的没有做完" in told) == (state == "已经写好") == (not first)
    assert not (state == "已经写好" and "没有改动" in told)


def not_placed(self: Placement, file: WaitingFile) -> list[Path]:
    raise PermissionError(13, "in use")


FILES_LATER = "总表已写好；日程没有放好："


@pytest.fixture
def term(tmp_path: Path) -> Path:
    """A school with a few days of work ahead."""
    path = tmp_path / "总表.xlsm"
    frames = dict(sample.make(students=60, classes=2, exams=2, logs=20).frames)
    template.build(path, frames=frames, created=datetime(2026, 6, 1))
    return path


def calendars(book: Path) -> list[Path]:
    return list((book.parent / "日程").glob("*.ics"))


def test_a_command_tells_files_that_wait_apart_and_the_next_one_places_them(
    term: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Placement, "_put", not_placed)
        assert main(["calendar", str(term)]) == 2
    assert capsys.readouterr().err.startswith(FILES_LATER)
    assert ClosedBook(term).read(RUNS)[RUNS]["操作"].to_list() == ["日程"]
    assert not calendars(term)

    assert main(["validate", str(term)]) in (0, 1)
    assert "上次的日程没有放完，这次先放好了" in capsys.readouterr().err
    assert calendars(term)


def test_the_window_tells_files_that_wait_apart_and_the_next_action_places_them(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def does(action: str) -> Message:
        job = Job(lambda talk: workbook_jobs.run(action, term, None, talk), term)
        job.start()
        job.join()
        return job.messages()[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Placement, "_put", not_placed)
        failed = does("calendar")
    assert isinstance(failed, Failed)
    assert failed.sentence.startswith(FILES_LATER)

    finished = does("validate")
    assert isinstance(finished, Finished)
    assert finished.answer.details[0].startswith("上次的日程没有放完，这次先放好了")
    assert calendars(term)


def test_the_doctor_places_what_waits_and_waits_itself_while_the_workbook_is_open(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Placement, "_put", not_placed)
        main(["calendar", str(term)])
    lock = term.with_name(f"~${term.name}")
    lock.write_bytes(b"")
    assert (found := waiting_files(ThisMachine(), term)) and (found.level, bool(found.remedy)) == ("warn", True)
    assert not calendars(term)

    lock.unlink()
    assert (found := waiting_files(ThisMachine(), term)) and found.level == "ok"
    assert calendars(term)
    assert waiting_files(ThisMachine(), term) is None


def test_the_window_says_what_was_written_before_the_trouble(book: Path) -> None:
    def works(_: object) -> None:
        one = ClosedBook(book)
        one.append(RUNS, pl.DataFrame({"操作": ["校验"]}))
        one.save()
        raise WriteFailed("写不了“班级页”。")

    job = Job(works, book)
    job.start()
    job.join()
    assert job.messages() == [Failed("总表已经写好，后面的没有做完：写不了“班级页”。")]
