"""What an action writes, its row of 运行记录 and the front page reach the file together or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make
from xlbangfu import sample
from xlbangfu.actions import Call, delete_person, perform, screen_students
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import atomic_save
from xlbangfu.book.safety.backup import Change, backups
from xlbangfu.errors import WriteFailed
from xlbangfu.schema import EXAMS, ROSTER, RUNS, SCREENING

NOW = datetime(2026, 6, 30, 10)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("school") / "总表.xlsm"
    template.build(path, frames=dict(sample.make(students=60, classes=2, exams=3, logs=20).frames), created=NOW)
    perform("screen", ClosedBook(path, action="screen"), Call(user="u", now=NOW))
    ticks = ClosedBook(path).read(SCREENING)[SCREENING].filter(pl.col("变化") == "新增")
    assert ticks.height
    ticked = ClosedBook(path)
    ticked.amend(SCREENING, ticks.select(*SCREENING.keys).with_columns(采纳=pl.lit("√")))
    ticked.save()
    return path.read_bytes()


@pytest.fixture
def book(school: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    path.write_bytes(school)
    return path


def first_student(path: Path) -> str:
    return str(ClosedBook(path).read(ROSTER)[ROSTER]["学号"][0])


ACTIONS = {"screen_accept": screen_students, "person_delete": delete_person}


def done(path: Path, action: str) -> None:
    number = first_student(path)
    call = Call(user="u", now=NOW, agrees=lambda _: True, asks=lambda _: number)
    assert perform(action, ClosedBook(path, action=action), call)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_checks_what_it_wrote_is_one_save(action: str, book: Path) -> None:
    runs = ClosedBook(book).read(RUNS)[RUNS].height

    done(book, action)

    (copy,) = backups(book)
    assert copy.action == action
    assert Change(RUNS.name, runs, runs + 1) in copy.changes
    assert Change(ROSTER.name, 60, 60 - (action == "person_delete")) in copy.changes


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_fails_between_its_writing_and_its_record_changes_nothing(
    action: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()

    def failing(*_: object, **__: object) -> None:
        raise WriteFailed("no")

    monkeypatch.setattr(ACTIONS[action], "outcome_of", failing)
    with pytest.raises(WriteFailed):
        done(book, action)

    assert book.read_bytes() == before


def begun(path: Path) -> ClosedBook:
    book = ClosedBook(path, action="import")
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    book.apply()
    return book


def test_what_was_applied_is_read_and_not_yet_in_the_file(tmp_path: Path) -> None:
    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()

    book = begun(path)

    assert book.read(EXAMS)[EXAMS]["考试编号"].to_list() == ["a"]
    assert path.read_bytes() == before
    assert backups(path) == []


@pytest.mark.parametrize("more", [[], ["b"]])
def test_a_save_makes_what_was_applied_and_what_came_after(more: list[str], tmp_path: Path) -> None:
    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()

    book = begun(path)
    for exam in more:
        book.append(EXAMS, pl.DataFrame({"考试编号": [exam]}))
    book.save()

    (copy,) = backups(path)
    assert copy.path.read_bytes() == before
    assert copy.changes == (Change("考试", 0, 1 + len(more)),)
    assert ClosedBook(path).read(EXAMS)[EXAMS]["考试编号"].to_list() == ["a", *more]


def test_a_draft_of_a_file_that_somebody_saved_meanwhile_is_not_written_over_it(tmp_path: Path) -> None:
    path = make(tmp_path / "书.xlsx")
    book = begun(path)
    path.write_bytes(path.read_bytes() + b" ")
    theirs = path.read_bytes()

    with pytest.raises(WriteFailed, match="别人保存过"):
        book.save()
    assert path.read_bytes() == theirs


def test_a_draft_that_cannot_be_put_in_place_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()
    book = begun(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_save, "put_in_place", full)

    with pytest.raises(WriteFailed, match="还是原来的样子"):
        book.save()
    assert path.read_bytes() == before
