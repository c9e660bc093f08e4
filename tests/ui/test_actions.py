"""Actions on a real file: what staff find in the workbook afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from xlbangfu import actions, sample
from xlbangfu.actions import Call, make_pages, rank_exams, validate_book
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import CLASSES
from xlbangfu.errors import BadArgument, BookLocked
from xlbangfu.front_page import counts
from xlbangfu.schema import CLASS_FIGURES, INPUTS, PRIZES, PROBLEMS, RANKING, ROSTER, RUNS, SETTINGS

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("school") / "帮扶总表.xlsm"
    template.build(path, frames=sample.make(students=180, classes=6, logs=60).frames, created=datetime(2026, 6, 30))
    return path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / made.name
    copy.write_bytes(made.read_bytes())
    return copy


def on(path: Path) -> ClosedBook:
    return ClosedBook(path)


def front_page(path: Path) -> dict[str, object]:
    """The named cells of 控制台 as a spreadsheet program shows them."""
    from openpyxl import load_workbook

    workbook = load_workbook(path, data_only=True, keep_vba=True)
    shown = {}
    for name, defined in workbook.defined_names.items():
        if name.startswith("控制台_"):
            (sheet, cell), *_ = defined.destinations
            shown[name] = workbook[sheet][cell].value
    return shown


ACTIONS: dict[str, Callable[[ClosedBook, Path], actions.Outcome]] = {
    "validate": lambda book, _: validate_book.validate(book, CALL),
    "refresh": lambda book, _: rank_exams.refresh(book, CALL),
    "pages": lambda book, out: make_pages.pages(book, replace(CALL, out=out)),
    "run": lambda book, out: make_pages.run(book, replace(CALL, out=out)),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_leaves_one_row_in_the_ledger_and_refreshes_the_front_page(
    name: str, book: Path, tmp_path: Path
) -> None:
    outcome = ACTIONS[name](on(book), tmp_path / "页")

    ledger = on(book).read(RUNS)[RUNS]
    assert ledger.select("时间", "操作人", "行数", "问题数").rows() == [
        (datetime(2026, 6, 30, 10, 20), "王老师", outcome.rows, outcome.problems)
    ]
    shown = front_page(book)
    assert shown[counts.RESULT] == outcome.sentence
    assert shown[counts.NEXT] == outcome.next_step
    assert "王老师" in str(shown[counts.LAST_RUN])


@pytest.mark.parametrize("name", ACTIONS)
def test_no_action_touches_an_input_sheet(name: str, book: Path, tmp_path: Path) -> None:
    before = on(book).read(*INPUTS)

    ACTIONS[name](on(book), tmp_path / "页")

    after = on(book).read(*INPUTS)
    for table in INPUTS:
        assert after[table].equals(before[table]), table.name


def test_the_counts_of_the_front_page_are_those_of_the_sheets(book: Path, tmp_path: Path) -> None:
    make_pages.run(on(book), replace(CALL, out=tmp_path / "页"))

    frames = on(book).read(*INPUTS, PROBLEMS, PRIZES)
    shown = front_page(book)
    for name, number in counts.counts(frames).items():
        assert shown[name] == number, name


def test_run_is_refresh_and_pages_together(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbangfu.documents.page_code.new_secret", lambda: "K0")  # each workbook draws its own
    alone = book.with_name("另一本.xlsm")
    alone.write_bytes(book.read_bytes())

    make_pages.run(on(book), replace(CALL, out=tmp_path / "甲"))
    rank_exams.refresh(on(alone), CALL)
    make_pages.pages(on(alone), replace(CALL, out=tmp_path / "乙"))

    for table in (RANKING, CLASS_FIGURES, PRIZES, PROBLEMS):
        assert on(book).read(table)[table].equals(on(alone).read(table)[table])
    files = {path.name: path.read_bytes() for path in (tmp_path / "甲").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "乙").iterdir()}
    assert len(files) == 6 + 2, "the pages, 目录 and 群通知"


def test_one_class_can_be_asked_for_and_an_unknown_one_is_named(book: Path, tmp_path: Path) -> None:
    outcome = make_pages.pages(on(book), replace(CALL, out=tmp_path / "页", options={CLASSES: ("初二1班",)}))

    assert [path.name.split("_")[0] for path in outcome.files if "重点" in path.name] == ["初二1班"]
    with pytest.raises(BadArgument, match="初九9班"):
        make_pages.pages(on(book), replace(CALL, out=tmp_path / "无", options={CLASSES: ("初九9班",)}))
    assert not (tmp_path / "无").exists()


def test_choosing_ranks_on_pages_is_written_down_with_who_chose_it(book: Path, tmp_path: Path) -> None:
    opened = on(book)
    opened.amend(SETTINGS, pl.DataFrame({"项目": ["班级页名次显示"], "值": ["名次"]}))
    opened.save()

    make_pages.pages(on(book), replace(CALL, out=tmp_path / "页"))

    assert "名次" in on(book).read(RUNS)[RUNS]["说明"][0]
    assert "操作人 王老师" in on(book).read(RUNS)[RUNS]["说明"][0]


def test_the_ledger_names_pages_by_class_and_hash_and_no_student(book: Path, tmp_path: Path) -> None:
    make_pages.run(on(book), replace(CALL, out=tmp_path / "页"))

    noted = on(book).read(RUNS)[RUNS].row(0, named=True)
    students, said = on(book).read(ROSTER)[ROSTER], noted["说明"] + noted["校验码"]
    assert "初二1班:" in noted["校验码"]
    assert not [name for name in (*students["学号"], *students["姓名"]) if name in said]


def test_a_book_that_is_open_elsewhere_is_left_alone_and_no_page_is_made(book: Path, tmp_path: Path) -> None:
    (book.parent / f".~lock.{book.name}#").write_text(",李老师,别的电脑,30.06.2026 09:00,;", encoding="utf-8")
    before = book.read_bytes()

    with pytest.raises(BookLocked, match="李老师"):
        make_pages.run(on(book), replace(CALL, out=tmp_path / "页"))

    assert book.read_bytes() == before
    assert not list((tmp_path / "页").glob("*.xlsx"))


def test_how_long_it_took_is_measured_from_the_call(book: Path) -> None:
    seconds = iter((5.0, 6.5, 6.5, 6.5, 6.5))

    outcome = validate_book.validate(on(book), replace(CALL, clock=lambda: next(seconds)))

    assert outcome.seconds == 1.5
