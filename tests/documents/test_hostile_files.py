"""A file that is no table, or a broken or hostile one, ends in one sentence that fits: soon, and without much memory."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from tests.documents.sheet_writers import Sheet, changed, html, ods, separated, write, xls, xlsx, xml_2003
from xlbangfu.documents.collect.arriving import Refused, arrived
from xlbangfu.documents.importing.reading import excel_workbook, read_file, thin_sheet
from xlbangfu.errors import UnreadableFile

pytestmark = pytest.mark.damaged
PLAIN = Sheet(name="期中", rows=[["学号", "姓名", "语文"], ["1", "王明", 90.0], ["2", "李雨", 80.0]])
LONGEST = 8.0  # seconds of processor time


def refusal(folder: Path, data: bytes) -> str:
    """The sentence that ends a file."""
    path = write(folder / "成绩.xlsx", data)
    started = time.process_time()
    with pytest.raises(UnreadableFile) as problem:
        read_file(path)
    assert time.process_time() - started < LONGEST
    said = str(problem.value)
    assert (said.startswith("“成绩.xlsx”"), said.endswith("。"), said.count("。")) == (True, True, 1)
    return said


def package(*names: str, mimetype: str = "") -> bytes:
    """A zip with these members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        if mimetype:
            target.writestr("mimetype", mimetype)
        for name in names:
            target.writestr(name, "<x/>")
    return data.getvalue()


def compound(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0\0" * 40


TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空文件"),
        (b"\xef\xbb\xbf \r\n", "空文件"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"{\\rtf1 x}", "RTF"),
        (b"Rar!\x1a\x07", "压缩包，请先解压"),
        (package("成绩.csv"), "压缩包，请先解压"),
        (package(TYPES, "word/document.xml"), "Word"),
        (package(TYPES, "ppt/presentation.xml"), "PPT"),
        (package(TYPES, "xl/workbook.bin"), "xlsb"),
        (package("Index/Document.iwa"), "Numbers"),
        (package(mimetype="application/vnd.oasis.opendocument.text"), "不是电子表格"),
        (compound("EncryptedPackage"), "打开密码"),
        (compound("WordDocument"), "Word"),
        (compound("PowerPoint Document"), "PPT"),
        (compound("Workbook"), "损坏"),
        (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1", "SYLK"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "mht"),
        ("今天去春游。\n大家都很高兴。\n".encode(), "不是表格"),
        (bytes(range(256)) * 4, "编码认不出|不是表格"),
        (b"<?xml version='1.0'?><feed><entry/></feed>", "不是表格"),
        (b"<html><body>\n</body></html>", "没有内容"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_called_by_its_kind(tmp_path, data, words):
    said = refusal(tmp_path, data)
    assert any(word in said for word in words.split("|")), said


def test_a_word_document_with_a_workbook_inside_is_no_workbook(tmp_path):
    name, other = ("Workbook".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))
    data = xls([PLAIN])
    at = data.index(name)
    named = data[:at] + other.ljust(64, b"\0") + struct.pack("<H", len(other) + 2) + data[at + 66 :]
    assert "Word" in refusal(tmp_path, named + name + b"\0\0")


def test_a_password_that_excel_itself_puts_on_is_no_obstacle_and_any_other_is(tmp_path):
    for word in ("VelvetSweatshop", "123"):
        locked = io.BytesIO()
        OOXMLFile(io.BytesIO(xlsx([PLAIN]))).encrypt(word, locked)
        if word == "123":
            assert "打开密码" in refusal(tmp_path, locked.getvalue())
        else:
            (grid,) = read_file(write(tmp_path / "a.xls", locked.getvalue())).grids
            assert grid.rows[1] == ["1", "王明", 90.0]


def test_an_old_workbook_with_a_password_is_told(tmp_path):
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    data = io.BytesIO()
    book.save(data)
    start = struct.pack("<HHHH", 0x0809, 16, 0x0600, 0x0005)
    at = data.getvalue().index(start) + 20
    locked = data.getvalue()[:at] + struct.pack("<HH", 0x002F, 54) + b"\1\0" + data.getvalue()[at + 6 :]
    assert "打开密码" in refusal(tmp_path, locked)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>&b;</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_expanded(tmp_path, encoding):
    assert "恶意" in refusal(tmp_path, ENTITIES.encode(encoding))


def test_a_page_reads_no_other_file(tmp_path):
    secret = write(tmp_path / "secret.txt", b"secret")
    page = f'<table><tr><td>a<td>b</tr></table><iframe src="file://{secret}"></iframe><object data="{secret}"></object>'
    (grid,) = read_file(write(tmp_path / "a.xls", page.encode())).grids
    assert [list(row) for row in grid.rows] == [["a", "b"]]


def test_two_workbooks_in_one_file_are_refused(tmp_path):
    data = xlsx([PLAIN])
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        other = source.read("xl/workbook.xml")
    relation = changed(data, lambda name, xml: xml.replace(b"xl/workbook.xml", b"xl/other.xml") if name == "_rels/.rels" else xml)  # fmt: skip
    target = io.BytesIO(relation)
    with zipfile.ZipFile(target, "a") as copy:
        copy.writestr("xl/other.xml", other)
    assert "两份内容" in refusal(tmp_path, target.getvalue())


def test_cells_that_repeat_to_the_end_of_the_sheet_are_refused(tmp_path):
    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b"<table:table-cell office", b'<table:table-cell table:number-columns-repeated="16000" office').replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">'
        )  # fmt: skip

    assert "太大" in refusal(tmp_path, changed(ods([PLAIN]), change))


def test_spans_without_an_end_are_refused(tmp_path):
    cell = '<td rowspan="65000" colspan="1000">x'
    assert "太大" in refusal(tmp_path, f"<table><tr>{cell * 20}</table>".encode())


@pytest.mark.parametrize(("filling", "words"), [(b" " * (70 << 20), "大得不正常"), (b"<row/>" * 5_000_000, "太大")])
def test_a_workbook_that_swells_is_refused(tmp_path, filling, words):
    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b"<sheetData>", b"<sheetData>" + filling) if name.endswith("sheet1.xml") else xml

    assert words in refusal(tmp_path, changed(xlsx([PLAIN]), change))


def test_more_columns_or_sheets_than_a_workbook_has_are_refused_at_once(tmp_path):
    wide = ",".join(str(number) for number in range(20_000))
    many = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="rId1"/>' for number in range(9, 1_200))
    sheets = changed(xlsx([PLAIN]), lambda name, xml: xml.replace(b"</sheets>", many.encode() + b"</sheets>"))

    assert "太大" in refusal(tmp_path, f"{wide}\n{wide}\n".encode())
    assert "太大" in refusal(tmp_path, sheets)


def test_a_merged_area_over_the_whole_sheet_costs_nothing(tmp_path):
    merge = b'</sheetData><mergeCells><mergeCell ref="A4:XFD1048576"/></mergeCells>'
    data = changed(xlsx([PLAIN]), lambda name, xml: xml.replace(b"</sheetData>", merge))
    started = time.process_time()
    (grid,) = read_file(write(tmp_path / "a.xlsx", data)).grids
    assert (len(grid.rows), time.process_time() - started < LONGEST) == (3, True)


FAR = {
    "a column that no sheet has": lambda xml: xml.replace(b'r="A2"', b'r="ZZZZZZ2"'),
    "the last row first": lambda xml: xml.replace(
        b"<sheetData>", b'<sheetData><row r="60000"><c r="A60000"><v>1</v></c><c r="XFD60000"><v>1</v></c></row>'
    ),
    "a cell that is not in its row": lambda xml: xml.replace(b'r="B2"', b'r="XFD60000"'),
    "a row without a number": lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999999999999999"'),
}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("far", FAR)
def test_a_cell_that_stands_too_far_out_ends_no_program(tmp_path, monkeypatch, far, large):
    """calamine makes room for all that lies between, and ends the process where there is not so much."""
    if large:
        monkeypatch.setattr(excel_workbook, "LARGE", 0)
        monkeypatch.setattr(thin_sheet, "LEAST", 0)
    data = changed(xlsx([PLAIN]), lambda name, xml: FAR[far](xml) if name.endswith("sheet1.xml") else xml)
    try:
        assert read_file(write(tmp_path / "a.xlsx", data)).grids
    except UnreadableFile as problem:
        assert str(problem).count("。") == 1


FORMATS = {
    "xls": xls([PLAIN]),
    "xlsx": xlsx([PLAIN]),
    "ods": ods([PLAIN]),
    "xml": xml_2003([PLAIN]),
    "html": html([PLAIN]),
    "csv": separated(",", "gb18030")([PLAIN]),
}


def damaged(data: bytes, seed: int) -> bytes:
    """The file cut off, with a hole in it, or with some bytes changed."""
    chance = random.Random(seed)
    at, length = chance.randrange(len(data)), chance.randrange(1, 200)
    if seed % 5 == 0:
        return data[:at]
    if seed % 5 == 1:
        return data[:at] + data[at + length :]
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 5, 50))):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


DAMAGE = [
    *((kind, False, False) for kind in FORMATS),
    *((kind, False, True) for kind in ("xlsx", "ods")),  # the zips: damaged inside
    *(("xlsx", True, inside) for inside in (False, True)),  # the one that is read in another way when it is large
]


@pytest.mark.parametrize(("kind", "large", "inside"), DAMAGE)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(tmp_path, monkeypatch, kind, large, inside):
    if large:
        monkeypatch.setattr(excel_workbook, "LARGE", 0)
    for seed in range(40):
        data = FORMATS[kind]
        spoil_some = partial(lambda seed, _, part: damaged(part, seed) if seed % 3 else part, seed)
        spoiled = changed(data, spoil_some) if inside else damaged(data, seed)
        try:
            read_file(write(tmp_path / "a.xls", spoiled))
        except UnreadableFile as problem:
            assert str(problem).count("。") == 1


def test_what_is_no_file_is_told(tmp_path):
    for path in (tmp_path / "没有.xlsx", tmp_path, Path("/dev/zero")):
        with pytest.raises(UnreadableFile, match=r"。$"):
            read_file(path)


def test_what_has_no_end_is_no_page():
    assert [type(one) for one in arrived([Path("/dev/zero")])] == [Refused]
