"""Large sheets are read straight from their XML: quicker, and never differently."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.rows import row_of
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.closed.small_sheets import SmallSheets
from xlbangfu.book.reading import fast_reader
from xlbangfu.errors import NotAWorkbook
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CONDUCT, EXAMS, LOG, ROSTER, RUNS, SCORES, Table

pytestmark = pytest.mark.damaged  # what no program of a school writes is read the same


def both(path: Path, *tables: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick way was taken, and the usual one gives the same; so does counting."""
    with monkeypatch.context() as patched:
        patched.setattr(SmallSheets, "__getitem__", None)
        patched.setattr(fast_reader, "LEAST", 0)
        ClosedBook(path).read(*tables)
    monkeypatch.setattr(fast_reader, "LEAST", 0)
    quickly = ClosedBook(path).read(*tables)
    counted = {table: ClosedBook(path).records(table) for table in tables}
    monkeypatch.setattr(fast_reader, "LEAST", 1 << 40)
    usually = ClosedBook(path).read(*tables)
    for table, frame in usually.items():
        assert_frame_equal(quickly[table], frame)
    assert counted == {table: usually[table].height for table in tables}


def test_cells_of_every_kind_are_read_the_same(tmp_path, monkeypatch):
    moment = datetime(2025, 9, 1, 8, 30, 15)
    path = make(
        tmp_path / "书.xlsx",
        {
            "考试": [
                [*EXAMS.names, "我的备注"],
                [*row_of(EXAMS, "期中", "<&>\"' _x000B_", date(2025, 9, 1), "上", "期中", "初一"), "x"],
                [*row_of(EXAMS, 12.0, " 前后 ", "2025年9月1日", 3.5, True, "初二", "９"), None],
                [*row_of(EXAMS), None],
                [*row_of(EXAMS, "c", "多\n行", moment, False, date(2025, 9, 1)), 5],
                [*row_of(EXAMS, "d", 0.1, 20250901), None],
                [*row_of(EXAMS, "e", "王", 0.25), None],
            ],
            "成绩": [
                [*SCORES.names, "语文", "总分", "数学"],
                [*row_of(SCORES, "期中", "01", "王", "1班"), 90.5, 1, "缺考"],
                [*row_of(SCORES, "期中", "02"), "８８", 2, "良"],
                [*row_of(SCORES, "期中", 3.0), "", 2, True],
            ],
            "记录": [
                LOG.names,
                row_of(LOG, "1", date(2025, 9, 1), "01、02", 效果=4, 下次安排="好"),
                row_of(LOG, "2", "x", 效果=2.5),
            ],
            "评价": [CONDUCT.names, row_of(CONDUCT, "2025-9", "01"), row_of(CONDUCT, date(2025, 9, 1))],
            "运行记录": [RUNS.names, row_of(RUNS, moment, "甲", 3, None, None, 0.125)],
        },
    )
    both(path, EXAMS, SCORES, LOG, CONDUCT, RUNS, monkeypatch=monkeypatch)


def test_inline_strings_formulas_errors_and_merged_cells_are_read_the_same(tmp_path, monkeypatch):
    rows = [row_of(EXAMS, "a", "{=NA()}"), row_of(EXAMS, "b", "乙"), row_of(EXAMS, "c", "{=1+1}"), row_of(EXAMS, "d")]
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, *rows]})
    book = ClosedBook(path)
    book.append(
        EXAMS, pl.DataFrame({"考试编号": ["e", "f"], "名称": ["a&b<c>", " x\x0b "], "日期": [date(2025, 9, 1), None]})
    )
    book.save()
    part = sheet_path(path, "考试")
    there = re.sub(r'(<c r="B2"[^>]*?)(?: t="\w+")?>', r'\1 t="e">', parts(path)[part].decode())
    there = there.replace("<pageMargins", '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells><pageMargins')
    rebuild(path, {part: there.encode()})
    both(path, EXAMS, monkeypatch=monkeypatch)


def test_a_large_sheet_is_cut_into_pieces_without_a_seam(tmp_path, monkeypatch):
    marks = [["期中", f"{n:05}", f"名{n}", "1班", None, n % 100, None if n % 7 else "缺考"] for n in range(500)]
    path = make(tmp_path / "书.xlsx", {"成绩": [[*SCORES.names, "语文", "数学"], *marks]})
    monkeypatch.setattr(archive, "_CHUNK", 5_000)
    monkeypatch.setattr(archive, "_AT_ONCE", 0)
    both(path, SCORES, monkeypatch=monkeypatch)


def test_a_sheet_that_is_large_enough_is_read_quickly(tmp_path, monkeypatch):
    marks = [["期中", f"{n:05}", "王", "1班", None, float(n % 100)] for n in range(12_000)]
    path = make(tmp_path / "书.xlsx", {"成绩": [[*SCORES.names, "语文"], *marks]})
    monkeypatch.setattr(SmallSheets, "__getitem__", None)
    assert ClosedBook(path).read(SCORES)[SCORES].height == 12_000


def test_a_large_plain_sheet_is_counted_without_being_read(tmp_path, monkeypatch):
    entries = [row_of(LOG, f"J{n}" if n % 3 else None, None, "01" if n % 5 else None) for n in range(400)]
    path = make(tmp_path / "书.xlsx", {"记录": [LOG.names, *entries]})
    monkeypatch.setattr(fast_reader, "LEAST", 0)
    monkeypatch.setattr(archive, "_CHUNK", 5_000)
    monkeypatch.setattr(archive, "_AT_ONCE", 0)
    with monkeypatch.context() as patched:
        patched.setattr(ClosedBook, "read", None)
        counted = ClosedBook(path).records(LOG)
    assert counted == ClosedBook(path).read(LOG)[LOG].height < 400


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: re.sub(r' r="[A-Z]+\d+"', "", xml),
        lambda xml: re.sub(r'<row r="\d+"', "<row", xml),
        lambda xml: re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
        lambda xml: re.sub(r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="inlineStr"><is><r><t>期</t></r><r><t>中</t></r></is></c>', xml),
        lambda xml: re.sub(r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="inlineStr"><is><t>&#26399;中</t></is></c>', xml),
        lambda xml: re.sub(r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="inlineStr"><is><t><![CDATA[期中]]></t></is></c>', xml),
        lambda xml: xml.replace("</row></sheetData>", '<c r="Z2"><v>1</v></c></row></sheetData>'),
        lambda xml: re.sub(r"<sheetData>.*</sheetData>", "<sheetData/>", xml),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_usual_way(tmp_path, monkeypatch, change):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "a", "期中")]})
    part = sheet_path(path, "考试")
    rebuild(path, {part: change(parts(path)[part].decode()).encode()})
    monkeypatch.setattr(fast_reader, "LEAST", 0)
    quickly, counted = ClosedBook(path).read(EXAMS), ClosedBook(path).records(EXAMS)
    monkeypatch.setattr(fast_reader, "LEAST", 1 << 40)
    for table, frame in ClosedBook(path).read(EXAMS).items():
        assert_frame_equal(quickly[table], frame)
    assert counted == quickly[EXAMS].height


def test_rich_and_phonetic_shared_strings_are_read_the_same(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "a", "甲"), row_of(EXAMS, "b", "乙")]})
    strings = parts(path)["xl/sharedStrings.xml"].decode()
    strings = strings.replace(
        "<si><t>甲</t></si>", '<si><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space="preserve"> 乙&amp;</t></r></si>'
    )
    strings = strings.replace("<si><t>乙</t></si>", '<si><t>乙</t><rPh sb="0" eb="1"><t>yi</t></rPh></si>')
    rebuild(path, {"xl/sharedStrings.xml": strings.encode()})
    both(path, EXAMS, monkeypatch=monkeypatch)
    assert ClosedBook(path).read(EXAMS)[EXAMS]["名称"].to_list() == ["甲 乙&", "乙"]


@pytest.mark.parametrize(
    "form",
    [
        "yyyy年m月d日",
        "[$-804]yyyy/m/d;@",
        "m/d",
        '"第"0"日"',
        "0.00_);[Red]\\(0.00\\)",
        "General",
        "h:mm",
        "#,##0",
    ],
)
def test_a_number_is_a_date_if_its_format_says_so(tmp_path, monkeypatch, form):
    path = make(tmp_path / "书.xlsx")
    workbook = xlsxwriter.Workbook(path)
    shape = workbook.add_format({"num_format": form})
    workbook.add_worksheet(ROSTER.name)
    sheet = workbook.add_worksheet("考试")
    sheet.write_row(0, 0, EXAMS.names)
    for row, number in enumerate((45901, 45901.5), start=1):
        sheet.write_number(row, 2, number, shape)
        sheet.write_number(row, 1, number, shape)
    workbook.close()
    both(path, EXAMS, monkeypatch=monkeypatch)


def test_lengths_of_time_are_left_to_the_usual_way(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx")
    workbook = xlsxwriter.Workbook(path)
    workbook.add_worksheet(ROSTER.name)
    sheet = workbook.add_worksheet("考试")
    sheet.write_row(0, 0, EXAMS.names)
    sheet.write_number(1, 1, 1.5, workbook.add_format({"num_format": "[h]:mm"}))
    workbook.close()
    monkeypatch.setattr(fast_reader, "LEAST", 0)
    assert ClosedBook(path).read(EXAMS)[EXAMS]["名称"].to_list() == ["1 day, 12:00:00"]


def test_a_large_sheet_with_damaged_bytes_is_refused(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx")
    package = Package(path.read_bytes())
    member = package.archive.members[package.sheets["考试"].path]
    data = bytearray(path.read_bytes())
    data[member.data + member.info.compress_size // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    monkeypatch.setattr(fast_reader, "LEAST", 0)
    with pytest.raises(NotAWorkbook):
        ClosedBook(path).read(EXAMS)


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Co", "Cn"]), max_size=6),
    st.floats(-1e12, 1e12),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(VALUES, min_size=7, max_size=7), min_size=1, max_size=5))
def test_whatever_stands_in_a_sheet_both_ways_read_the_same(tmp_path, monkeypatch, rows):
    path = tmp_path / "书.xlsx"
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    workbook.add_worksheet(ROSTER.name)
    sheet = workbook.add_worksheet("考试")
    sheet.write_row(0, 0, EXAMS.names)
    for index, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            write = {str: sheet.write_string, date: sheet.write_datetime}.get(type(cell), sheet.write)
            write(index, column, cell)
    workbook.close()
    both(path, EXAMS, monkeypatch=monkeypatch)
