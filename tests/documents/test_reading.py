"""The same sheets give the same grid in every format; what cannot be seen in one is not claimed."""

from __future__ import annotations

import doctest
import importlib
import io
import re
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.documents.sheet_writers import (
    Error,
    Sheet,
    Shown,
    Waiting,
    changed,
    html,
    ods,
    separated,
    text_of,
    write,
    xls,
    xlsx,
    xml_2003,
)
from xlbangfu.documents.importing.grid import Area, Grid
from xlbangfu.documents.importing.reading import excel_workbook, read_file, thin_sheet
from xlbangfu.documents.importing.reading.builder import GridBuilder
from xlbangfu.documents.importing.reading.cell_values import NOT_CALCULATED, error

MARKS = Sheet(
    name="期中",
    rows=[
        ["2026—2027学年第一学期期中考试成绩", None, None, None, None],
        [],
        ["学号", "姓名", "语文", None, "考试日期", "第一节"],
        [None, None, "得分", "名次"],
        [Shown(202, "0000000", "0000202"), "王 小明", 85.5, 1.0, date(2026, 11, 10), time(8, 30)],
        ["0000203", "买买提·艾力", 0.0, 12.0, datetime(2026, 11, 10, 14, 5), None],
        [Shown(7, '"2026"0000', "20260007"), "李\n雨", Error("#N/A"), Waiting("=1+1"), None, True],
        [None, "平均分", 42.75],
    ],
    merged=[(0, 0, 0, 4), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3)],
    hidden_rows=[5],
    hidden_columns=[3],
)
OTHER = Sheet(name="名单", rows=[["姓名"], ["张三"]], hidden=True)
WITHOUT_WAITING = replace(
    MARKS, rows=[[None if isinstance(cell, Waiting) else cell for cell in row] for row in MARKS.rows]
)
PLAIN = Sheet(
    name="期中",
    rows=[
        ["期中考试成绩", None, None, None],
        ["学号", "姓名", "语文", "数学"],
        [Shown(202, "0000000", "0000202"), "王 小明", 85.5, None],
        ["7.50E+10", "李,雨", Error("#DIV/0!"), 12.0],
        ["20260003", "欧阳\n修", "缺考", 0.0],
    ],
)
FORMATS = {"xlsx": xlsx, "xls": xls, "ods": ods, "xml": xml_2003}
TEXTS = {
    "csv": separated(",", "utf-8"),
    "utf-8 with mark": separated(",", "utf-8-sig"),
    "gb18030": separated(",", "gb18030"),
    "utf-16": separated("\t", "utf-16"),
    "utf-16 without mark": separated("\t", "utf-16-le"),
    "the other utf-16": separated(";", "utf-16-be"),
    "semicolon": separated(";", "gb18030"),
    "bar": separated("|", "utf-8"),
    "html": html,
    "html in gbk": lambda sheets: html(sheets, "gbk"),
}


def expected(sheet: Sheet, *, text: bool = False) -> dict[str, Any]:
    """What a grid must have, from what was written."""
    reasons = {}
    rows = []
    for row, line in enumerate(sheet.rows):
        cells = []
        for column, cell in enumerate(line):
            if isinstance(cell, Error):
                reasons[row, column] = f"错误值 {cell.name}"
            elif isinstance(cell, Waiting):
                reasons[row, column] = NOT_CALCULATED
            value = cell.text if isinstance(cell, Shown) else None if isinstance(cell, Error | Waiting) else cell
            cells.append((text_of(value) or None) if text else value)
        while cells and cells[-1] is None:
            cells.pop()
        rows.append(cells)
    return {"rows": rows, "unreadable": reasons}


def seen(grid: Grid) -> dict[str, Any]:
    return {"rows": [list(row) for row in grid.rows], "unreadable": dict(grid.unreadable)}


def convert(path: Path, kind: str) -> None:
    """Save a file as another kind in LibreOffice, into the folder "to" beside it."""
    home = (path.parent / "home").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={home}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        "to",
        path.name,
    ]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True, timeout=120)


def read(folder, data: bytes) -> Sequence[Grid]:
    """The grids of a file whose name says nothing."""
    return read_file(write(folder / "成绩.xls", data)).grids


@pytest.fixture(params=["usual", "large", "large and thin"])
def way(request, monkeypatch):
    """The ways of reading a workbook of today."""
    if "large" in request.param:
        monkeypatch.setattr(excel_workbook, "LARGE", 0)
        monkeypatch.setattr(excel_workbook, "_by_openpyxl", None)
    if "thin" in request.param:
        monkeypatch.setattr(thin_sheet, "LEAST", 0)


def test_plain_sheets_are_made_thin_and_others_are_not(monkeypatch):
    monkeypatch.setattr(thin_sheet, "LEAST", 0)
    plain = Sheet(name="a", rows=[["学号", "语文"], ["1", 90.0], ["2", 80.0]], merged=[(0, 0, 0, 1)], hidden_rows=[1])
    xml = sheet_xml(xlsx([plain]))
    thin = thin_sheet.without_plain_cells(xml, {})
    assert thin and thin.count(b"<row") == 1 and b"<c " not in thin and b"mergeCell" in thin
    assert thin_sheet.without_plain_cells(sheet_xml(xlsx([MARKS])), {}) is None
    assert thin_sheet.without_plain_cells(xml.replace(b'<row r="2"', b"<row"), {}) is None


def sheet_xml(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_grid(tmp_path, kind, way):
    marks, other = read(tmp_path, FORMATS[kind]([MARKS, OTHER]))
    assert seen(marks) == expected(MARKS)
    assert marks.merged == tuple(Area(*area) for area in sorted(MARKS.merged))
    assert (marks.hidden, marks.hidden_rows, marks.hidden_columns) == (False, {5}, {3})
    assert (other.sheet, other.hidden) == ("名单", True)
    assert [type(cell) for row in marks.rows for cell in row if isinstance(cell, int)] == [bool]


@pytest.mark.parametrize("kind", TEXTS)
def test_text_and_web_pages_give_the_same_texts(tmp_path, kind):
    (grid,) = read(tmp_path, TEXTS[kind]([PLAIN]))
    assert seen(grid) == expected(PLAIN, text=True)


def test_a_web_page_keeps_its_merged_cells_and_hidden_rows(tmp_path):
    spans = Sheet(name="", rows=[*MARKS.rows[:1], *MARKS.rows[2:4], ["1", "王", "90", "2"]], merged=[(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3)], hidden_rows=[3])  # fmt: skip
    (grid,) = read(tmp_path, html([spans]))
    assert grid.merged == tuple(Area(*area) for area in spans.merged)
    assert grid.hidden_rows == {3}
    assert grid.rows[2] == [None, None, "得分", "名次"]


def test_a_page_without_a_frame_is_read_with_its_title_above(tmp_path):
    page = "\ufeff\n<div><b>期中成绩</b></div>\n<table border=1><tr><th>姓名<th>语文</tr><tr><td>王&nbsp;明</td><td>90</table><p>制表人：张三"
    (grid,) = read(tmp_path, page.encode())
    assert [list(row) for row in grid.rows] == [["期中成绩"], ["姓名", "语文"], ["王\xa0明", "90"], ["制表人：张三"]]


def test_values_under_a_merged_cell_are_not_seen(tmp_path, way):
    data = xlsx([Sheet(name="a", rows=[["语文", "x"], ["1", "2"]])])
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    (grid,) = read(tmp_path, changed(data, lambda name, xml: xml.replace(b"</sheetData>", merge)))
    assert [list(row) for row in grid.rows] == [["语文"], ["1", "2"]]


def test_a_formula_whose_0_waits_for_a_calculation_is_no_0(tmp_path, way):
    def change(name: str, xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="A2"><v>0</v>', b'<c r="A2"><f>1-1</f><v>0</v>')
        return xml.replace(b"<calcPr", b'<calcPr fullCalcOnLoad="1"')

    (grid,) = read(tmp_path, changed(xlsx([Sheet(name="a", rows=[["语文"], [0.0], [0.0]])]), change))
    assert (grid.unreadable, grid.rows[2]) == ({(1, 0): NOT_CALCULATED}, [0.0])


def test_chinese_built_in_dates_are_dates(tmp_path, way):
    def change(name: str, xml: bytes) -> bytes:
        return re.sub(b"<numFmts.*</numFmts>", b"", xml).replace(b'numFmtId="164"', b'numFmtId="31"')

    (grid,) = read(tmp_path, changed(xlsx([Sheet(name="a", rows=[[Shown(46_336, "0000", "")]])]), change))
    assert grid.rows[0] == [date(2026, 11, 10)]


def test_a_book_that_counts_from_1904_has_the_same_days(tmp_path, way):
    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b"<workbookPr", b'<workbookPr date1904="1"')

    (grid,) = read(tmp_path, changed(xlsx([Sheet(name="a", rows=[[date(2030, 11, 11)]])]), change))
    assert grid.rows[0] == [date(2034, 11, 12)]


def test_a_wrong_dimension_hides_nothing(tmp_path, way):
    data = xlsx([PLAIN])
    (grid,) = read(
        tmp_path, changed(data, lambda name, xml: xml.replace(b'<dimension ref="A1:D5"', b'<dimension ref="A1"'))
    )
    assert seen(grid) == expected(PLAIN)


def test_a_stray_cell_at_the_far_end_costs_nothing(tmp_path):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="F9:XFD1048575"/></mergeCells>'
    data = changed(xlsx([PLAIN]), lambda name, xml: xml.replace(b"</sheetData>", far))
    (grid,) = read(tmp_path, data)
    assert seen(grid)["rows"][:5] == expected(PLAIN)["rows"]
    assert grid.value(1_048_575, 16_383) == 1.0


def test_styles_that_openpyxl_cannot_read_are_no_obstacle(tmp_path):
    data = changed(xlsx([PLAIN]), lambda name, xml: xml.replace(b'patternType="gray125"', b'patternType="odd"'))
    (grid,) = read(tmp_path, data)
    assert seen(grid) == expected(PLAIN)


@pytest.mark.parametrize("cell", ['="0012"', '="0012"\t'])
def test_a_text_in_a_formula_of_a_csv_is_its_text(tmp_path, cell):
    (grid,) = read(tmp_path, f'学号,姓名\n{cell.strip()},王\n="0013",李\n'.encode())
    assert [row[0] for row in grid.rows] == ["学号", "0012", "0013"]


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan"), 1e308])
def test_a_number_that_no_cell_can_hold_is_an_error_and_no_fault(number):
    one, rows = GridBuilder("成绩.xlsx"), GridBuilder("成绩.xlsx")
    one.put(0, 1, number)
    rows.put_rows([["x", number]])

    assert one.unreadable == rows.unreadable == {(0, 1): error("#NUM!")}


def test_a_comma_without_quotes_makes_its_row_unreadable_and_no_other(tmp_path):
    (grid,) = read(tmp_path, "学号,姓名,语文,数学\n1,王,7,5,90\n2,李,8,91\n3,周,a,9,x\n".encode())
    assert set(grid.unreadable) == {(1, 2), (1, 3), (1, 4), *((3, column) for column in range(5))}
    assert [list(row) for row in grid.rows] == [["学号", "姓名", "语文", "数学"], ["1", "王"], ["2", "李", "8", "91"]]


def test_semicolons_separate_where_commas_are_decimal_points(tmp_path):
    (grid,) = read(tmp_path, "学号;语文;数学\n1;7,5;90\n2;8,5;9,5\n".encode())
    assert grid.rows[1] == ["1", "7,5", "90"]


ALIGNED = """
第一学期期中考试 成绩表
学号    姓 名    语文  数学
001     王明     85.5    90
002     欧阳修           88
003     李　雨     77
制表人：张三   日期：6月
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_aligned_texts_keep_their_blank_cells(tmp_path, encoding):
    (grid,) = read(tmp_path, ALIGNED.encode(encoding))
    rows = [list(row) for row in grid.rows]
    assert rows[1:] == [
        ["第一学期期中考试 成绩表"],
        ["学号", "姓 名", "语文", "数学"],
        ["001", "王明", "85.5", "90"],
        ["002", "欧阳修", None, "88"],
        ["003", "李　雨", "77"],
        ["制表人：张三   日期：6月"],
    ]


def test_words_with_single_spaces_are_a_table_only_if_no_line_lacks_one(tmp_path):
    (grid,) = read(tmp_path, "学号 姓名 语文\n001 王明 85\n00002 欧阳修远 9\n".encode())
    assert grid.rows[2] == ["00002", "欧阳修远", "9"]


@pytest.mark.parametrize(
    "module", ["cell_values", "shown_formats", "text_table"]
)  # fmt: skip
def test_examples_in_the_docstrings_hold(module):
    found = importlib.import_module(f"xlbangfu.documents.importing.reading.{module}")
    assert doctest.testmod(found).failed == 0


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods", "fods", "xlsx"])
def test_what_libreoffice_saves_is_the_same_grid(tmp_path, kind):
    """Its filters write many things in other ways; formulas without a value it calculates."""
    source = write(tmp_path / "from.xlsx", xlsx([WITHOUT_WAITING, OTHER]))
    convert(source, kind)
    marks, other = read_file(tmp_path / "to" / f"from.{kind}").grids
    assert seen(marks) == expected(WITHOUT_WAITING)
    assert marks.merged == tuple(Area(*area) for area in sorted(MARKS.merged))
    assert (marks.hidden, marks.hidden_rows, marks.hidden_columns, other.hidden) == (False, {5}, {3}, True)


def test_a_line_of_two_words_between_the_records_is_no_heading(tmp_path):
    (grid,) = read(tmp_path, "学号,姓名,班级,语文\n01,王明,一班,85\n初二1班,班主任：李红\n02,李红,一班,90\n".encode())
    assert grid.rows[3] == ["02", "李红", "一班", "90"]
    assert not grid.unreadable


def test_a_second_table_of_two_columns_has_its_own_heading(tmp_path):
    (grid,) = read(tmp_path, "学号,姓名,班级,语文\n01,王明,一班,85\n学号,数学\n02,7,5\n".encode())
    assert {row for row, _ in grid.unreadable} == {3}
