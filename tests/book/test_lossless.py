"""What the program did not write stays as it was, to the compressed byte: everything that staff can put in a workbook."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import python_calamine
import xlsxwriter

from tests.conftest import SHEETJS
from tests.support.workbooks_made import build, parts, rebuild, sheet_path
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.ooxml.archive import Archive
from xlbangfu.schema import CONSOLE, EXAMS, PROBLEMS, RANKING, ROSTER, RUNS, SCORES

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
OWN = "我的统计"


def picture() -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A master with all that staff may add, on their own sheet and on the program's sheets."""
    path = tmp_path / "书.xlsx"
    dot = tmp_path / "点.png"
    dot.write_bytes(picture())
    workbook = xlsxwriter.Workbook(path)
    build(workbook, {"名册": [ROSTER.names, *([f"{n:04}", f"名{n}", *[None] * 14] for n in range(1, 6))]})
    own = workbook.add_worksheet(OWN)
    own.write_column("A1", ["科目", "语文", "数学"])
    own.write_column("B1", ["人数", 3, 5])
    own.write_formula("C2", "=SUM(B2:B3)", workbook.add_format({"num_format": '0.00"人"', "bg_color": "#FFEE00"}), 8)
    for name in (OWN, "名册", "排名", "校验", "成绩"):
        _decorate(workbook, workbook.get_worksheet_by_name(name), dot)
    workbook.close()
    _inject(path)
    return path


def _decorate(workbook: Any, sheet: Any, dot: Path) -> None:
    sheet.insert_button("X2", {"macro": "刷新", "caption": "刷新"})
    sheet.insert_textbox("X6", "请先填名册", {"fill": {"color": "#DDEEFF"}})
    sheet.insert_image("X12", dot)
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": f"={OWN}!$B$2:$B$3", "categories": f"={OWN}!$A$2:$A$3"})
    sheet.insert_chart("X15", chart)
    sheet.add_sparkline("W2", {"range": f"{OWN}!B2:B3"})
    sheet.write_comment("B2", "家长来过电话", {"author": "某老师"})
    sheet.conditional_format("B2:B99", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("V2:V99", {"validate": "list", "source": ["甲", "乙"]})
    sheet.set_row(0, 24)
    sheet.set_column("V:V", 30)
    sheet.repeat_rows(0)
    sheet.set_footer("&P / &N")
    sheet.protect("", {"format_cells": True})


def _inject(path: Path) -> None:
    """What XlsxWriter can't make: a pivot table with its cache, a slicer, a threaded comment, an x14 validation."""
    there = {name: data.decode() for name, data in parts(path).items() if name.endswith((".xml", ".rels"))}
    own, roster = sheet_path(path, OWN), sheet_path(path, "名册")
    new: dict[str, str] = {
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" recordCount="2"><cacheSource type="worksheet"><worksheetSource ref="A1:B3" sheet="{OWN}"/></cacheSource><cacheFields count="2"><cacheField name="科目" numFmtId="0"><sharedItems count="2"><s v="语文"/><s v="数学"/></sharedItems></cacheField><cacheField name="人数" numFmtId="0"><sharedItems containsNumber="1" containsInteger="1" minValue="3" maxValue="5"/></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{MAIN}" count="2"><r><x v="0"/><n v="3"/></r><r><x v="1"/><n v="5"/></r></pivotCacheRecords>',
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _relations(("rId1", f"{OFFICE}/pivotCacheRecords", "pivotCacheRecords1.xml")),
        "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition xmlns="{MAIN}" name="透视" cacheId="1" dataCaption="值"><location ref="E1:F4" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/><item x="1"/><item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></rowItems><dataFields count="1"><dataField name="求和" fld="1"/></dataFields></pivotTableDefinition>',
        "xl/pivotTables/_rels/pivotTable1.xml.rels": _relations(("rId1", f"{OFFICE}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")),
        "xl/slicerCaches/slicerCache1.xml": f'<slicerCacheDefinition xmlns="{MICROSOFT}/spreadsheetml/2009/9/main" name="切片器_科目" sourceName="科目"><pivotTables><pivotTable tabId="99" name="透视"/></pivotTables><data><tabular pivotCacheId="1"><items count="2"><i x="0" s="1"/><i x="1" s="1"/></items></tabular></data></slicerCacheDefinition>',
        "xl/slicers/slicer1.xml": f'<slicers xmlns="{MICROSOFT}/spreadsheetml/2009/9/main"><slicer name="科目" cache="切片器_科目" caption="科目" rowHeight="241300"/></slicers>',
        "xl/persons/person.xml": f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="某老师" id="{{11111111-1111-1111-1111-111111111111}}" userId="t" providerId="None"/></personList>',
        "xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="B2" dT="2025-09-01T08:00:00.00" personId="{{11111111-1111-1111-1111-111111111111}}" id="{{22222222-2222-2222-2222-222222222222}}"><text>谁去家访？</text></threadedComment></ThreadedComments>',
    }  # fmt: skip
    types = {
        "pivotCacheDefinition1": "openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml",
        "pivotCacheRecords1": "openxmlformats-officedocument.spreadsheetml.pivotCacheRecords+xml",
        "pivotTable1": "openxmlformats-officedocument.spreadsheetml.pivotTable+xml",
        "slicerCache1": "ms-excel.slicerCache+xml",
        "slicer1": "ms-excel.slicer+xml",
        "person": "ms-excel.person+xml",
        "threadedComment1": "ms-excel.threadedcomments+xml",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.{types[Path(name).stem]}"/>'
        for name in new if name.endswith(".xml")
    )  # fmt: skip
    new["[Content_Types].xml"] = there["[Content_Types].xml"].replace("</Types>", f"{overrides}</Types>")
    new["xl/_rels/workbook.xml.rels"] = _with_relations(
        there["xl/_rels/workbook.xml.rels"],
        ("rId901", f"{OFFICE}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
        ("rId902", f"{MICROSOFT}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml"),
        ("rId903", f"{MICROSOFT}/2017/10/relationships/person", "persons/person.xml"),
    )
    new["xl/workbook.xml"] = there["xl/workbook.xml"].replace(
        "</workbook>",
        f'<pivotCaches><pivotCache cacheId="1" r:id="rId901"/></pivotCaches><extLst><ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main"><x14:slicerCaches><x14:slicerCache r:id="rId902"/></x14:slicerCaches></ext></extLst></workbook>',
    )
    for part, relations in (
        (own, [("rId901", f"{OFFICE}/pivotTable", "../pivotTables/pivotTable1.xml"), ("rId902", f"{MICROSOFT}/2007/relationships/slicer", "../slicers/slicer1.xml")]),
        (roster, [("rId903", f"{MICROSOFT}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")]),
    ):  # fmt: skip
        path_of = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        new[path_of] = _with_relations(there[path_of], *relations)
    validation = f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main"><x14:dataValidations xmlns:xm="{MICROSOFT}/excel/2006/main" count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>{OWN}!$A$2:$A$3</xm:f></x14:formula1><xm:sqref>U2:U99</xm:sqref></x14:dataValidation></x14:dataValidations></ext>'
    new[roster] = there[roster].replace("<extLst>", f"<extLst>{validation}")
    assert validation in new[roster]
    rebuild(path, {name: text.encode() for name, text in new.items()})


def _relations(*relations: tuple[str, str, str]) -> str:
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    return _with_relations(empty, *relations)


def _with_relations(xml: str, *relations: tuple[str, str, str]) -> str:
    new = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in relations)
    return xml.replace("</Relationships>", f"{new}</Relationships>")


def write_all(path: Path) -> None:
    """What a run and an import write."""
    book = ClosedBook(path, action="一键完成")
    book.append(ROSTER, pl.DataFrame({"学号": ["0006"], "姓名": ["=新生"]}))
    book.amend(ROSTER, pl.DataFrame({"学号": ["0002"], "重点": ["是"]}))
    book.append(EXAMS, pl.DataFrame({"考试编号": ["期中"]}))
    book.append(SCORES, pl.DataFrame({"考试编号": ["期中"], "学号": ["0001"], "语文": [90.5], "语文·状态": [None]}))
    book.append(RUNS, pl.DataFrame({"操作": ["一键完成"]}))
    book.replace({
        PROBLEMS: pl.DataFrame({"级别": ["错误"] * 3, "编号": ["V01"] * 3, "单元格": ["名册!A2"] * 3, "定位": list("abc")}),
        RANKING: pl.DataFrame({"考试编号": ["期中"] * 9, "学号": list("123456789"), "年级名次": range(1, 10), "语文名次": range(9)}),
        CONSOLE: pl.DataFrame({"项目": ["控制台_人数", "控制台_下一步"], "值": ["6", "看校验"]}),
    })  # fmt: skip
    book.save()


WRITTEN = ("名册", "考试", "成绩", "运行记录", "校验", "排名", "控制台")


def may_change(path: Path) -> set[str]:
    """The sheets written and their tables."""
    there, allowed = parts(path), set()
    for name in WRITTEN:
        part = sheet_path(path, name)
        relations = there.get(part.replace("worksheets/", "worksheets/_rels/") + ".rels", b"").decode()
        allowed |= {part, *(f"xl/tables/{table}" for table in re.findall(r"tables/(table\d+\.xml)", relations))}
    return allowed


def test_only_the_sheets_written_and_their_tables_differ_and_the_rest_keeps_its_compressed_bytes(rich):
    allowed, before = may_change(rich), Archive(rich.read_bytes())
    write_all(rich)

    after = Archive(rich.read_bytes())
    assert list(after.members) == list(before.members)
    changed = {name for name in before.members if before.raw(name) != after.raw(name)}
    assert changed == allowed
    assert {name: member.info.date_time for name, member in after.members.items()} == {
        name: member.info.date_time for name, member in before.members.items()
    }


def test_in_a_sheet_written_nothing_but_rows_dimension_and_links_differs(rich):
    before = parts(rich)
    write_all(rich)
    after = parts(rich)

    for name in WRITTEN:
        part = sheet_path(rich, name)
        assert frame_of(after[part].decode()) == frame_of(before[part].decode()), name


def frame_of(xml: str) -> str:
    """A sheet without its rows, links and dimension."""
    xml = re.sub(r"<sheetData>.*</sheetData>|<sheetData/>", "<sheetData/>", xml, flags=re.DOTALL)
    return re.sub(r"<hyperlinks>.*?</hyperlinks>|<dimension[^>]*>", "", xml, flags=re.DOTALL)


def test_a_second_write_is_as_lossless_as_the_first(rich):
    write_all(rich)
    before, allowed = Archive(rich.read_bytes()), may_change(rich)
    book = ClosedBook(rich)
    book.replace({RANKING: pl.DataFrame({"考试编号": ["期末"], "语文名次": [1]})})
    book.save()

    after = Archive(rich.read_bytes())
    changed = {name for name in before.members if before.raw(name) != after.raw(name)}
    assert changed < allowed
    assert len(changed) == 2


def test_cells_of_the_staff_on_sheets_written_stay(rich):
    write_all(rich)
    workbook = openpyxl.load_workbook(rich)
    assert workbook["名册"]["B2"].comment.text == "家长来过电话"
    assert workbook["排名"]["B2"].comment.text == "家长来过电话"
    assert workbook[OWN]["C2"].value == "=SUM(B2:B3)"
    assert workbook["名册"].row_dimensions[1].height == 24


def values_by_calamine(path: Path) -> dict[str, list[list[Any]]]:
    workbook = python_calamine.CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in WRITTEN}


def values_by_openpyxl(path: Path) -> dict[str, list[list[Any]]]:
    workbook = openpyxl.load_workbook(path, data_only=True)
    return {name: [["" if cell is None else cell for cell in row] for row in workbook[name].values] for name in WRITTEN}


def squared(grid: list[list[Any]]) -> list[list[Any]]:
    """Without blank cells at the right and rows at the bottom; numbers as they print."""
    rows = []
    for row in grid:
        cells = [f"{cell:g}" if isinstance(cell, int | float) else str(cell).strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def same(first: dict[str, list[list[Any]]], second: dict[str, list[list[Any]]]) -> bool:
    return {name: squared(grid) for name, grid in first.items()} == {
        name: squared(grid) for name, grid in second.items()
    }


def test_openpyxl_and_calamine_read_the_same_values(rich):
    write_all(rich)
    assert same(values_by_calamine(rich), values_by_openpyxl(rich))


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_opens_it_and_reads_the_same_values(rich, tmp_path):
    write_all(rich)
    profile = (tmp_path / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(rich),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    ours, theirs = values_by_calamine(rich), values_by_calamine(tmp_path / "out" / rich.name)
    del ours["控制台"], theirs["控制台"]  # it computes the formulas anew
    assert same(ours, theirs)


@pytest.mark.node
def test_sheetjs_reads_the_same_values(rich):
    script = """
    const xlsx = require("xlsx");
    const book = xlsx.readFile(process.argv[1]);
    const sheets = {};
    for (const name of JSON.parse(process.argv[2]))
      sheets[name] = xlsx.utils.sheet_to_json(book.Sheets[name], {header: 1, defval: "", blankrows: true, raw: true});
    console.log(JSON.stringify(sheets));
    """
    write_all(rich)
    told = subprocess.run(
        ["node", "-e", script, str(rich), json.dumps(WRITTEN)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=os.environ | {"NODE_PATH": str(SHEETJS.resolve())},
    ).stdout
    theirs = json.loads(told)
    ours = values_by_calamine(rich)
    for sheets in (ours, theirs):
        del sheets["控制台"]  # it begins below row 1, which SheetJS leaves out
    assert same(ours, theirs)
