"""A file that breaks the reader costs one sentence; the pages beside it are collected."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from tests.support.returned_pages import TALK, book, collect, entries, filled, put, said
from xlbangfu.documents.collect import old_page_child
from xlbangfu.documents.collect.old_page_reader import OldPageReader
from xlbangfu.errors import UnreadableFile

pytestmark = pytest.mark.damaged
SHEET = "xl/worksheets/sheet5.xml"
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def old_workbook(*, far: bool = False) -> bytes:
    """An .xls of two numbers; far apart, they take more memory than there is."""
    workbook, data = xlwt.Workbook(), io.BytesIO()
    sheet = workbook.add_sheet("填报记录")
    sheet.write(0, 0, 1.5)
    sheet.write(7, 3, 1 / 3)
    workbook.save(data)
    number = bytes.fromhex("03020e00")
    return data.getvalue().replace(number + b"\7\0\3\0", number + b"\xff" * 4) if far else data.getvalue()


def changed(part: str, old: bytes, new: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """A filled page with something in a part put in the place of something else."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(filled([TALK]))) as page, zipfile.ZipFile(target, "w") as made:
        for name in page.namelist():
            data = page.read(name)
            assert name != part or old in data
            made.writestr(name, data.replace(old, new, 1) if name == part else data)
        for name, data in (more or {}).items():
            made.writestr(name, data)
    return target.getvalue()


def part_of_page(part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(filled([TALK]))) as page:
        return page.read(part)


def with_row(row: bytes) -> bytes:
    return changed(SHEET, b"</sheetData>", row + b"</sheetData>")


HOSTILE = {
    "读时中止": lambda: (old_workbook(far=True), "xls"),
    "截断": lambda: (old_workbook()[:3000], "xls"),
    "最远的格子": lambda: (with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "xlsx"),
    "藏在属性后": lambda: (with_row(b'<row r="9"><c s="&gt;" x=">" r="XFD1048576"><v>1</v></c></row>'), "xlsx"),
    "小写": lambda: (with_row(b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'), "xlsx"),
    "两份工作簿": lambda: (
        changed(
            "_rels/.rels",
            b"xl/workbook.xml",
            b"xl/other.xml",
            more={"xl/other.xml": part_of_page(BOOK), "xl/_rels/other.xml.rels": part_of_page(RELATIONS)},
        ),
        "xlsx",
    ),
    "同名的部分": lambda: (changed(BOOK, b"x", b"x", more={SHEET.upper(): part_of_page(SHEET)}), "xlsx"),
    "不认识的编码": lambda: (
        changed(BOOK, b"<workbook", b'<?xml version="1.0" encoding="x-none"?><workbook'),
        "xlsx",
    ),
    "没有编号": lambda: (changed(BOOK, b'sheetId="5"', b'sheetId="?"'), "xlsx"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_one_bad_page_costs_a_sentence_and_the_others_are_collected(kind: str, tmp_path: Path) -> None:
    one, (data, ending) = book(), HOSTILE[kind]()
    bad = put(tmp_path, data, f"坏.{ending}")
    good = put(tmp_path, filled([TALK]), "好.xlsx")

    collect(one, bad, good)

    assert len(entries(one)) == 1
    assert [line.startswith("坏.") for line in said(one).splitlines()].count(True) == 1


def test_a_blank_cell_in_the_last_corner_is_no_matter(tmp_path: Path) -> None:
    one = book()
    empty = with_row(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')

    collect(one, put(tmp_path, empty))

    assert len(entries(one)) == 1


def test_a_small_file_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbangfu.ooxml.package._MOST_ELEMENTS", 1_000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("_rels/.rels", b"<Relationships>" + b"<a/>" * 1_000 + b"</Relationships>")

    with pytest.raises(UnreadableFile, match="大得不正常"):
        collect(book(), put(tmp_path, target.getvalue()))


class TestOldPageReader:
    def test_reads_on_after_a_file_that_ended_it(self) -> None:
        reader = OldPageReader()

        assert reader.read(old_workbook(far=True)) in (None, old_page_child.BROKEN)
        sheets = reader.read(old_workbook())
        reader.close()

        assert isinstance(sheets, dict)
        assert (sheets["填报记录"][0][0], sheets["填报记录"][7][3]) == (1.5, 1 / 3)

    def test_stops_a_file_that_takes_too_long(self) -> None:
        reader = OldPageReader(patience=0.0)
        started = time.monotonic()

        assert reader.read(old_workbook()) is None
        assert time.monotonic() - started < 5

    def test_starts_no_process_where_there_is_no_old_page(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("xlbangfu.documents.collect.old_page_reader._start", lambda: pytest.fail("started"))
        one = book()

        collect(one, put(tmp_path, filled([TALK])))

        assert len(entries(one)) == 1


PAGE_PART = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"


def mail(*parts: bytes) -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return b'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n' + body + b"--b--\n"


def attached(name: bytes) -> bytes:
    import base64

    disposition = b"Content-Disposition: attachment; " + name + b"\n\n"
    return PAGE_PART + disposition + base64.encodebytes(filled([TALK]))


class TestMails:
    def test_a_part_whose_name_cannot_be_read_stops_nothing(self, tmp_path: Path) -> None:
        one = book()
        broken = mail(attached(b"filename*=iso-2022-jp''%1b%24"))

        collect(one, put(tmp_path, broken, "回复.eml"))

        assert len(entries(one)) == 1

    @pytest.mark.parametrize(
        "bad",
        [
            mail(b"Content-Type: application/x; name*=iso-2022-jp''%1b%24\n\nx"),
            b"Content-Type: application/x; name*=iso-2022-jp''%1b%24\n\nx",
            b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1500)),
            b"Content-Type: message/rfc822\n\n" * 3000,
        ],
        ids=["name of a part", "name of the mail", "nested mails", "forwards"],
    )
    def test_a_mail_that_breaks_the_reader_does_not_stop_the_collect(self, bad: bytes, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, bad, "坏.eml"), put(tmp_path, filled([TALK]), "好.xlsx"))

        assert len(entries(one)) == 1
        assert "坏.eml" in said(one)


def test_a_page_of_usual_programs_takes_the_usual_way(tmp_path: Path) -> None:
    """Openpyxl writes absolute targets, Excel relative ones."""
    one = book()
    relative = changed(RELATIONS, b'"/xl/worksheets/', b'"worksheets/')
    assert openpyxl.load_workbook(io.BytesIO(relative)).sheetnames

    collect(one, put(tmp_path, relative))

    assert len(entries(one)) == 1
