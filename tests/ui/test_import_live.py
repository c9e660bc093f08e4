"""An import into the workbook that is open in LibreOffice: the same questions and the same cells as in a closed one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from tests.documents.importing.school import STUDENTS
from xlbangfu import actions
from xlbangfu.actions import Call, Outcome
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.port import Book
from xlbangfu.schema import EXAMS, MEMORY, REVIEW, ROSTER, SCORES, Table

pytestmark = [pytest.mark.office, pytest.mark.slow]

CALL = Call(user="王老师", now=datetime(2026, 11, 28, 10, 0), agrees=lambda _: True, clock=lambda: 0.0)
TABLES: tuple[Table, ...] = (ROSTER, EXAMS, SCORES, REVIEW, MEMORY)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture
def both(office: Any, tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    """One master twice: open in LibreOffice, and on disk."""
    here, there = tmp_path / "开着" / "总表.xlsm", tmp_path / "合上" / "总表.xlsm"
    for path in (here, there):
        path.parent.mkdir()
        template.build(path, host="libreoffice", created=CALL.now)
    book = office.books.open(str(here))
    yield book, there
    book.close()


def live(book: Any) -> Book:
    from xlbangfu.book.live.live_book import LiveBook

    return LiveBook(book, action="import")


def run(book: Book, *files: Path) -> Outcome:
    outcome = actions.perform("import", book, replace(CALL, files=files))
    assert outcome is not None
    return outcome


def cells(book: Book) -> dict[str, list[dict[str, object]]]:
    read = book.read(*TABLES)
    return {table.name: read[table].drop("_row", "_key").to_dicts() for table in TABLES}


def test_the_same_file_asks_the_same_and_writes_the_same_cells(both: tuple[Any, Path], tmp_path: Path) -> None:
    book, path = both
    roster, marks = tmp_path / "名册.csv", tmp_path / "期中.csv"
    roster.write_text("\n".join(["学号,姓名,班级", *(",".join(row) for row in STUDENTS)]), encoding="utf-8")
    lines = [
        f"{number},{name},{60 + n},{'病假' if n == 1 else 80 + n}" for n, (number, name, _) in enumerate(STUDENTS[:6])
    ]
    marks.write_text("\n".join(["学号,姓名,语文(120),数学(120)", *lines]), encoding="utf-8")

    for files in ((roster,), (marks,)):
        here, there = run(live(book), *files), run(ClosedBook(path, action="import"), *files)
        assert (here.sentence, here.details, here.exit_code) == (there.sentence, there.details, there.exit_code)
    assert cells(live(book)) == cells(ClosedBook(path))

    sheet = book.sheets["导入核对"]
    column = next(i for i in range(1, 30) if sheet.range((1, i)).value == "您的回答")
    sheet.range((2, column)).value = "缺考"
    closed = ClosedBook(path)
    first = closed.read(REVIEW)[REVIEW].head(1)
    closed.amend(REVIEW, first.select(*REVIEW.keys, pl.lit("缺考").alias("您的回答")))
    closed.save()
    run(live(book), marks)
    run(ClosedBook(path, action="import"), marks)
    assert cells(live(book)) == cells(ClosedBook(path))
    assert cells(ClosedBook(path))["导入记忆"][0]["回答"] == "缺考"


def test_each_answer_offers_the_choices_of_its_own_row(both: tuple[Any, Path], tmp_path: Path) -> None:
    book, _ = both
    file = tmp_path / "期中.csv"
    file.write_text("学号,姓名,语文\n1,甲,60\n", encoding="utf-8")
    run(live(book), file)

    sheet = book.sheets["导入核对"]
    names = sheet.range("A1:X1").value
    answer = names.index("您的回答")
    validation = sheet.api.getCellByPosition(answer, 1).Validation

    assert validation.Type.value == "LIST"
    assert "INDEX" in validation.getFormula1()
    assert validation.ShowErrorMessage is False
