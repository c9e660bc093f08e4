"""A sheet of the program's without a record says so in one sentence, which is no record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.support.fake_excel import Application, as_xlwings, open_workbook
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.book.paper_signature import Signature
from xlbangfu.book.port import Book
from xlbangfu.schema import CONSOLE, NOTE_ROW, NOTHING, OUTPUTS, PROBLEMS, SCREENING, Table

SHEETS = [table for table in OUTPUTS if table is not CONSOLE]
SIGNATURE = Signature(school="育才中学", day=date(2026, 6, 30), term="2025-2026下")


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("总表") / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 30, 9))
    return path.read_bytes()


@pytest.fixture
def path(master: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    path.write_bytes(master)
    return path


def write(book: Book, frames: dict[Table, pl.DataFrame]) -> None:
    book.sign(SIGNATURE)
    book.replace(frames)
    book.save()


def on_file(path: Path) -> tuple[Callable[[], Book], Callable[[Table, int, int], object]]:
    def cell(table: Table, row: int, column: int) -> object:
        return openpyxl.load_workbook(path)[table.name].cell(row, column).value

    return lambda: ClosedBook(path), cell


def in_excel(path: Path) -> tuple[Callable[[], Book], Callable[[Table, int, int], object]]:
    opened = open_workbook(Application(), path)

    def cell(table: Table, row: int, column: int) -> object:
        there = opened.sheet(table.name).cells.get((row, column))
        return there and there.value

    return lambda: LiveBook(as_xlwings(opened)), cell


@pytest.fixture(params=[on_file, in_excel])
def both(request: pytest.FixtureRequest, path: Path) -> tuple[Callable[[], Book], Callable[[Table, int, int], object]]:
    return request.param(path)


def place(table: Table) -> int:
    return table.names.index(table.note_column.name) + 1


def test_each_sheet_of_the_programs_has_a_sentence_for_when_it_is_empty() -> None:
    assert [table.name for table in SHEETS if not table.nothing or table.note_column.hidden] == []


def test_an_empty_sheet_says_one_sentence_and_has_no_record(both) -> None:
    book, cell = both

    write(book(), {table: table.empty() for table in SHEETS})

    for table in SHEETS:
        assert cell(table, NOTE_ROW, place(table)) == f"{NOTHING}{table.nothing}（6月30日）"
        assert cell(table, NOTE_ROW - 1, place(table)) is None
    read = book().read(*SHEETS)
    assert {table.name: read[table].height for table in SHEETS} == {table.name: 0 for table in SHEETS}
    assert read[PROBLEMS].schema == book().read(PROBLEMS)[PROBLEMS].schema


@pytest.mark.parametrize("records", [1, 2, 3])
def test_the_sentence_goes_when_a_record_comes_and_comes_again(both, records: int) -> None:
    book, cell = both
    write(book(), {SCREENING: SCREENING.empty()})
    found = pl.DataFrame({"学号": [f"0{number}" for number in range(records)]})

    write(book(), {SCREENING: found})
    assert book().read(SCREENING)[SCREENING]["学号"].to_list() == found["学号"].to_list()
    there = [cell(SCREENING, row, place(SCREENING)) for row in range(2, records + 4)]
    assert [text for text in there if text] == found["学号"].to_list()

    write(book(), {SCREENING: SCREENING.empty()})
    assert str(cell(SCREENING, NOTE_ROW, place(SCREENING))).startswith(NOTHING)
    assert book().read(SCREENING)[SCREENING].height == 0


@pytest.mark.damaged  # openpyxl does not keep all of a master; what it leaves is read and written all the same
def test_what_staff_wrote_beside_an_empty_sheet_stays(path: Path) -> None:
    workbook = openpyxl.load_workbook(path, keep_vba=True)
    beside = len(SCREENING.names) + 2
    workbook[SCREENING.name].cell(NOTE_ROW, beside).value = "老师写的"
    workbook.save(path)

    write(ClosedBook(path), {SCREENING: SCREENING.empty()})

    sheet = openpyxl.load_workbook(path)[SCREENING.name]
    assert sheet.cell(NOTE_ROW, beside).value == "老师写的"
    assert ClosedBook(path).read(SCREENING)[SCREENING].height == 0
