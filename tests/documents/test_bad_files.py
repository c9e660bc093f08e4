"""Files that are no workbook, or a broken or hostile one, each get one clear sentence, and nothing else happens."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.rows import row_of
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BangfuError, NotAWorkbook
from xlbangfu.ooxml.archive import Archive
from xlbangfu.schema import EXAMS, ROSTER

pytestmark = pytest.mark.damaged
BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'


def opened(path: Path) -> None:
    ClosedBook(path).read(EXAMS)


def refused(path: Path, words: str) -> None:
    """The file is refused in one sentence with these words, and is as it was."""
    before = path.read_bytes()
    with pytest.raises(NotAWorkbook, match=words) as told:
        opened(path)
    assert str(told.value).endswith("。")
    assert str(told.value).count("。") == 1
    book = ClosedBook(path)
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    with pytest.raises(BangfuError):
        book.save()
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"hello", "不是 Excel"),
        ("学号,姓名\n".encode(), "不是 Excel"),
        (b"%PDF-1.7 ...", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.xls "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        (b"PK\x05\x06" + b"\0" * 18, "不是 Excel"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(tmp_path, data, words):
    path = tmp_path / "书.xlsx"
    path.write_bytes(data)
    refused(path, words)


def test_another_kind_of_zip_is_refused(tmp_path):
    path = tmp_path / "书.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("照片.txt", "x")
    refused(path, "不是 Excel")


def test_a_word_document_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    root = parts(path)["_rels/.rels"].replace(b"xl/workbook.xml", b"word/document.xml")
    rebuild(path, {"_rels/.rels": root})
    refused(path, "不是 Excel")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99, 0.999])
def test_a_truncated_workbook_is_refused(tmp_path, share):
    path = make(tmp_path / "书.xlsx")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refused(path, "损坏")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BangfuError):
        opened(tmp_path)


def test_a_sheet_whose_bytes_are_damaged_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    data = bytearray(path.read_bytes())
    member = Archive(bytes(data)).members[sheet_path(path, "考试")]
    data[member.data + member.info.compress_size // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(NotAWorkbook, match="损坏"):
        opened(path)


def test_a_zip_bomb_is_refused_before_it_is_inflated(tmp_path):
    path = make(tmp_path / "书.xlsx")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
        target.open("xl/bomb.xml", "w") as member,
    ):
        for _ in range(70):
            member.write(b"0" * (1 << 20))
    begun = time.perf_counter()
    refused(path, "大得不正常")
    assert time.perf_counter() - begun < 2


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    part = sheet_path(path, "考试")
    rebuild(path, {part: b"<worksheet>" + b" " * (8 << 20)})
    data = bytearray(path.read_bytes())
    at = data.rindex(part.encode()) - 46
    struct.pack_into("<L", data, at + 24, 1000)
    path.write_bytes(bytes(data))
    with pytest.raises(NotAWorkbook):
        opened(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "name", ["考试", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"]
)
def test_an_entity_bomb_in_any_part_is_refused(tmp_path, name, encoding):
    path = make(tmp_path / "书.xlsx")
    part = name if "/" in name else sheet_path(path, name)
    body = parts(path)[part]
    rebuild(path, {part: (BOMB + body[body.index(b"?>") + 2 :]).decode().encode(encoding)})
    refused(path, "DOCTYPE")


def test_a_document_type_behind_a_long_comment_is_refused_too(tmp_path):
    path = make(tmp_path / "书.xlsx")
    part = sheet_path(path, "考试")
    rebuild(path, {part: b"<!--" + bytes(range(48, 58)) * 5000 + b"-->" + BOMB + SHEET})
    refused(path, "DOCTYPE")


def test_xml_that_is_cut_short_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    for part in ("xl/workbook.xml", sheet_path(path, "考试")):
        broken = rebuild(make(tmp_path / "书.xlsx"), {part: parts(path)[part][:-40]})
        with pytest.raises(BangfuError):
            opened(broken)
            book = ClosedBook(broken)
            book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
            book.save()


def test_two_members_of_one_name_are_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as target:
        target.writestr("xl/workbook.xml", b"<other/>")
    refused(path, "重名")


def test_an_encrypted_zip_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    refused(path, "密码")


def test_a_renamed_sheet_is_a_defect_and_other_sheets_are_read(tmp_path):
    path = make(tmp_path / "书.xlsx", {"名册": [ROSTER.names, row_of(ROSTER, "01")]})
    workbook = parts(path)["xl/workbook.xml"].replace('name="考试"'.encode(), 'name="考试一览"'.encode())
    rebuild(path, {"xl/workbook.xml": workbook})
    frames = ClosedBook(path).read(EXAMS, ROSTER)
    assert frames[EXAMS].height == 0
    assert frames[ROSTER].height == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_some_bytes_changed_is_read_or_refused_but_never_crashes(tmp_path, data):
    whole = bytearray(make(tmp_path / "书.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "坏.xlsx"
    path.write_bytes(bytes(whole))
    book = ClosedBook(path)
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    try:
        opened(path)
        book.save()
    except BangfuError as told:
        assert str(told)


@given(st.binary(max_size=400))
def test_any_bytes_after_pk_are_refused(rest):
    with pytest.raises(NotAWorkbook):
        Archive(b"PK\x03\x04" + rest)


def test_a_big_school_is_no_bomb():
    """Rows that repeat themselves deflate well: 300,000 rows must still be let in."""
    rows = b"".join(b'<row r="%d"><c r="A%d" s="5"/><c r="B%d" s="5"/></row>' % (n, n, n) for n in range(30_000))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened_zip:
        opened_zip.writestr("sheet.xml", rows * 48)
    assert Archive(target.getvalue()).members["sheet.xml"].info.file_size > 64 << 20
