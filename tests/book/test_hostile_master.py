"""A master that breaks the reader ends in a sentence, and 体检 goes on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.workbooks_made import make, parts, rebuild
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.closed.small_sheets import SmallSheets
from xlbangfu.book.macros.vba import macro_in
from xlbangfu.book.reading.headings import headings_of
from xlbangfu.book.version import version_in
from xlbangfu.doctor import workbook_checks
from xlbangfu.doctor.this_machine import ThisMachine
from xlbangfu.errors import NotAWorkbook
from xlbangfu.ooxml.one_reading import reach
from xlbangfu.ooxml.package import Part
from xlbangfu.ooxml.table_part import extent
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import EXAMS

pytestmark = pytest.mark.damaged
BOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "书.xlsx")


def sheet_of_exams(path: Path) -> str:
    return ClosedBook(path).package.sheets[EXAMS.name].path


def changed(book: Path, part: str, pattern: bytes, new: bytes) -> Path:
    xml, count = re.subn(pattern, new, parts(book)[part], count=1)
    assert count == 1
    return rebuild(book, {part: xml})


@pytest.mark.parametrize("part", [BOOK, STYLES, RELATIONS])
@pytest.mark.parametrize("encoding", [b"x-none", b"gbk"])
def test_an_encoding_that_nobody_knows_is_a_broken_part(part: str, encoding: bytes, book: Path) -> None:
    changed(book, part, rb'encoding="[^"]*"', b'encoding="' + encoding + b'"')

    with pytest.raises(NotAWorkbook, match="已损坏"):
        ClosedBook(book).read(EXAMS)


@pytest.mark.parametrize("junk", [b"<a/>", b"&#65;", b"<a>"])
def test_what_stands_after_the_end_of_a_large_part_is_no_xml(junk: bytes, book: Path) -> None:
    changed(book, sheet_of_exams(book), rb"</worksheet>", b"</worksheet>" + junk * (9_000_000 // len(junk)))

    with pytest.raises(NotAWorkbook, match="已损坏"):
        ClosedBook(book).read(EXAMS)


@pytest.mark.parametrize("number", ["0x10", "1e999", "-1", "一", "9" * 400, "9" * 5_000, "1.5"])
def test_a_heading_whose_text_stands_nowhere_is_told(number: str, book: Path) -> None:
    shared = f'<c r="A1" t="s"><v>{number}</v></c>'.encode()
    changed(book, sheet_of_exams(book), rb'<c r="A1"(?:[^>]*/>|.*?</c>)', shared)
    package = ClosedBook(book).package
    part = SheetPart(package.archive.read(package.sheets[EXAMS.name].path), name=EXAMS.name)

    with pytest.raises(NotAWorkbook, match="表头内部已损坏"):
        headings_of(package, part)


@pytest.mark.parametrize("xml", [b"<a/>", b"<table id='1'/>", b"<worksheet><sheetData/></worksheet>"])
def test_a_list_whose_part_is_another_is_told(xml: bytes) -> None:
    with pytest.raises(NotAWorkbook, match="范围已损坏"):
        extent(xml)


def test_a_value_in_the_last_cell_is_told_with_its_sheet(book: Path) -> None:
    changed(book, sheet_of_exams(book), rb"</sheetData>", FAR)

    with pytest.raises(NotAWorkbook, match=f"“{EXAMS.name}”.*删去"):
        ClosedBook(book).read(EXAMS)


def test_a_blank_cell_out_there_is_no_matter(book: Path) -> None:
    changed(book, sheet_of_exams(book), rb"</sheetData>", FAR.replace(b"><v>1</v></c>", b' s="1"/>'))

    assert EXAMS in ClosedBook(book).read(EXAMS)


def test_another_workbook_than_the_one_that_is_read_is_refused(book: Path) -> None:
    there = parts(book)
    rebuild(book, {"xl/other.xml": there[BOOK], "xl/_rels/other.xml.rels": there[RELATIONS]})
    changed(book, "_rels/.rels", rb"xl/workbook\.xml", b"xl/other.xml")

    with pytest.raises(NotAWorkbook, match="两份内容"):
        ClosedBook(book).read(EXAMS)


def test_a_sheet_that_readers_find_in_two_places_is_refused(book: Path) -> None:
    sheet = sheet_of_exams(book)
    rebuild(book, {f"xl/{sheet}": parts(book)[sheet]})
    changed(book, RELATIONS, b'"' + sheet.removeprefix("xl/").encode(), b'"' + sheet.encode())

    with pytest.raises(NotAWorkbook, match="两份内容"):
        ClosedBook(book).read(EXAMS)


def test_a_sheet_without_a_number_is_a_broken_part(book: Path) -> None:
    changed(book, BOOK, rb'sheetId="1"', b'sheetId="?"')

    with pytest.raises(NotAWorkbook, match="已损坏"):
        ClosedBook(book).read(EXAMS)


def test_a_panic_of_the_reader_is_a_sentence(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(_: SmallSheets, __: Part) -> None:
        raise type("PanicException", (BaseException,), {})

    monkeypatch.setattr(SmallSheets, "__getitem__", panic)

    with pytest.raises(NotAWorkbook, match="读不出来"):
        ClosedBook(book).read(EXAMS)


def encrypted(book: Path) -> Path:
    """Every member says that it is encrypted."""
    data = bytearray(book.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(re.escape(mark), bytes(data)):
            data[found.start() + place] |= 1
    book.write_bytes(bytes(data))
    return book


def test_encrypted_members_are_told_by_the_check_of_the_computer(book: Path) -> None:
    assert workbook_checks.readable(ThisMachine(), book) is None

    found = workbook_checks.readable(ThisMachine(), encrypted(book))

    assert found is not None
    assert "加了密码" in found.said


def test_encrypted_members_do_not_end_the_check_of_the_computer(book: Path) -> None:
    path = encrypted(book)

    assert version_in(path) is None
    assert macro_in(path, "xlwings") is None


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        (b'<a><row r="2"><c r="A2"><v>1</v></c><c r="C2"/></row></a>', 2),
        (b'<a><row r="2"><c><v>1</v></c><c><v>1</v></c></row><row><c><v>1</v></c></row></a>', 6),
        (b'<a><row><c x=">" r="b3"><v>1</v></c></row></a>', 6),
    ],
)
def test_reach_counts_the_block_of_values(sheet: bytes, cells: int) -> None:
    assert reach(sheet, 0) == cells
    assert reach(sheet, 1_000) >= cells
