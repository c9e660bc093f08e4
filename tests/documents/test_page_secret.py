"""The secret by which a workbook knows its pages: made once, kept in a hidden sheet, gone along with by every copy."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.documents.class_page.fill_in import LOG_SHEET
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.documents.page_code import CODE_NAME
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import COLLECTED, EDITIONS, LOG

OLD = Path(__file__).parents[1] / "data" / "总表-0.2.0.xlsm"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample school whose pages were made twice."""
    folder = tmp_path_factory.mktemp("school")
    book = str(folder / "帮扶总表.xlsm")
    size = ["--students", "60", "--classes", "2", "--exams", "2", "--logs", "40"]
    assert main(["new", book, "--sample", *size]) == 0
    for name in ("页一", "页二"):
        assert main(["pages", book, "--out", str(folder / name)]) == 0
    return folder


@pytest.fixture
def school(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "学校"))


def secret(book: Path) -> list[str]:
    return ClosedBook(book).read(EDITIONS)[EDITIONS]["密钥"].drop_nulls().to_list()


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("初*.xlsx"))


def code(page: Path) -> str:
    rows = openpyxl.load_workbook(page)[INFO_SHEET].iter_rows(max_col=2, values_only=True)
    return str(dict(rows).get(CODE_NAME) or "")


def fill(page: Path) -> None:
    """One log entry on it."""
    workbook = openpyxl.load_workbook(page)
    student, teacher = (workbook[INFO_SHEET].cell(2, column).value for column in (4, 5))
    made_at = dict(workbook[INFO_SHEET].iter_rows(max_col=2, values_only=True))["学期"]
    day = "2026-03-02" if str(made_at).endswith("下") else "2025-10-13"
    for column, value in enumerate([day, student, teacher, "谈心", "学生", "学校", None, 30, "谈近期的学习"], 1):
        workbook[LOG_SHEET].cell(4, column, value)
    workbook.save(page)


def test_it_is_made_once_and_editions_are_counted(school: Path) -> None:
    frame = ClosedBook(school / "帮扶总表.xlsm").read(EDITIONS)[EDITIONS]

    assert frame["版次"].to_list() == [1, 2]
    assert [bool(value) for value in frame["密钥"]] == [True, False]
    assert code(pages(school / "页一")[0])[:8] == code(pages(school / "页二")[0])[:8] != ""


def test_its_sheet_stays_hidden_when_it_is_written(school: Path) -> None:
    package = Package((school / "帮扶总表.xlsm").read_bytes())

    assert package.sheets[EDITIONS.name].hidden


def test_nothing_beside_the_workbook_and_its_copies_holds_it(school: Path) -> None:
    (kept,) = secret(school / "帮扶总表.xlsm")
    assert main(["mail", str(school / "帮扶总表.xlsm")]) in (0, 1)

    for path in school.rglob("*"):
        if path.is_file() and path.suffix != ".xlsm":
            assert kept.encode() not in path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as package:
                    assert not [name for name in package.namelist() if kept.encode() in package.read(name)]


def test_a_copy_under_another_name_knows_the_pages(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (page,) = [path for path in pages(school / "页二") if path.name.startswith("初一1班")]
    copy = school / "改了名.xlsm"
    (school / "帮扶总表.xlsm").rename(copy)
    fill(page)

    assert main(["collect", str(copy), str(page)]) in (0, 1)

    assert "记录 1 条" in capsys.readouterr().out


def test_another_workbook_asks_about_them(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = school / "另一份.xlsm"
    size = ["--students", "60", "--classes", "2", "--exams", "2", "--logs", "40"]
    assert main(["new", str(other), "--sample", *size]) == 0

    assert main(["collect", str(other), str(pages(school / "页一")[0])]) == 2

    assert "不是这个总表做的" in capsys.readouterr().err


class TestOldWorkbooks:
    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        return Path(shutil.copy(OLD, tmp_path / "旧总表.xlsm"))

    def test_one_that_was_not_upgraded_makes_pages_without_a_code_and_asks_about_them(
        self, book: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["pages", str(book), "--out", str(book.parent / "页")]) in (0, 1)
        (page, *_) = pages(book.parent / "页")
        assert code(page) == ""

        assert main(["collect", str(book), str(page)]) == 2
        assert "没有防伪码，是 0.3.0 以前的程序做的" in capsys.readouterr().err
        assert main(["collect", str(book), str(page), "--yes"]) in (0, 1)
        assert ClosedBook(book).read(COLLECTED)[COLLECTED]["做法"].to_list()[-1:] == ["交回"]

    def test_an_upgraded_one_makes_pages_with_a_code_and_takes_them(
        self, book: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["upgrade", str(book)]) in (0, 1)
        assert Package(book.read_bytes()).sheets[EDITIONS.name].hidden
        assert main(["pages", str(book), "--out", str(book.parent / "页")]) in (0, 1)
        page = next(path for path in pages(book.parent / "页") if openpyxl.load_workbook(path)[INFO_SHEET]["D2"].value)
        assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{32}", code(page))
        before = ClosedBook(book).read(LOG)[LOG].height
        fill(page)

        assert main(["collect", str(book), str(page)]) in (0, 1)

        assert ClosedBook(book).read(LOG)[LOG].height in (before, before + 1)
        assert "没有防伪码" not in "".join(capsys.readouterr())
