"""A broken part is told, wherever it is, with the copy to take back; nothing is written on top of it."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from tests.support.spoil import rebuild
from tests.support.workbooks_made import make, parts
from xlbangfu.book.closed.closed_book import ClosedBook, take_back
from xlbangfu.book.safety.backup import backups, other_states
from xlbangfu.cli.main import main
from xlbangfu.errors import NotAWorkbook
from xlbangfu.schema import EXAMS

pytestmark = pytest.mark.damaged
PARTS = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/theme/theme1.xml",
    "xl/worksheets/sheet7.xml",
    "xl/worksheets/_rels/sheet7.xml.rels",
    "xl/tables/table7.xml",
    "xl/charts/chart1.xml",
    "xl/drawings/drawing1.xml",
    "xl/drawings/_rels/drawing1.xml.rels",
    "xl/drawings/vmlDrawing1.vml",
    "docProps/core.xml",
    "docProps/app.xml",
]


def saved(path: Path, exam: str) -> None:
    book = ClosedBook(path, action="import")
    book.append(EXAMS, pl.DataFrame({"考试编号": [exam]}))
    book.save()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = make(tmp_path / "书.xlsx")
    saved(path, "a")
    saved(path, "b")
    return path


def broken(xml: bytes) -> bytes:
    """Without its last tag: calamine and Excel disagree on what that means."""
    return xml[: xml.rindex(b"</")]


@pytest.mark.parametrize("part", PARTS)
def test_a_broken_part_is_named_with_the_copy_that_is_whole(part: str, book: Path) -> None:
    rebuild(book, {part: broken(parts(book).get(part, b"<xml></xml>"))})
    before = book.read_bytes()

    with pytest.raises(NotAWorkbook, match=r"已损坏.*--take 1") as said:
        ClosedBook(book).read(EXAMS)
    with pytest.raises(NotAWorkbook):
        saved(book, "c")

    assert "书.xlsx" in str(said.value)
    assert book.read_bytes() == before
    take_back(book, other_states(book)[0])
    assert ClosedBook(book).read(EXAMS)[EXAMS]["考试编号"].to_list() == ["a"]


@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_part_with_an_unknown_prefix_or_none_at_all_is_broken_too(how: str, book: Path) -> None:
    styles = parts(book)["xl/styles.xml"]
    if how == "cut":
        rebuild(book, {"xl/styles.xml": styles.replace(b"<fonts", b"<x:fonts").replace(b"</fonts", b"</x:fonts")})
    else:
        links = parts(book)["xl/_rels/workbook.xml.rels"].replace(b"styles.xml", b"style.xml")
        rebuild(book, {"xl/_rels/workbook.xml.rels": links})

    with pytest.raises(NotAWorkbook, match=r"xl/styles?\.xml"):
        ClosedBook(book).read(EXAMS)


def test_the_copy_that_is_named_is_the_newest_whole_one(book: Path) -> None:
    rebuild(book, {"xl/styles.xml": b"<styleSheet>"})
    newest = backups(book)[0]
    rebuild(newest.path, {"xl/styles.xml": b"<styleSheet>"})

    with pytest.raises(NotAWorkbook, match="--take 2"):
        ClosedBook(book).read(EXAMS)
    with pytest.raises(NotAWorkbook, match=re.escape("xl/styles.xml")):
        take_back(book, newest)


def test_a_check_of_a_broken_master_ends_with_the_sentence(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rebuild(book, {"xl/styles.xml": b"<styleSheet"})

    assert main(["validate", str(book)]) == 2
    assert "--take 1" in "".join(capsys.readouterr())


def test_a_whole_master_is_read_as_ever(book: Path) -> None:
    assert ClosedBook(book).read(EXAMS)[EXAMS]["考试编号"].to_list() == ["a", "b"]
