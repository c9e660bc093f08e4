"""What staff put into a workbook that the program knows nothing of: pictures, shapes, charts, a pivot table and more."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from tests.support.workbooks_made import parts, rebuild, sheet_path

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


def decorate(workbook: Any, sheet: Any, dot: Path) -> None:
    """On a sheet of XlsxWriter: a button, a text box, a picture, a chart, a sparkline, a comment and more."""
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


def inject(path: Path, sheet: str) -> None:
    """Into a file what XlsxWriter can't make: a pivot table with its cache and a slicer on the own sheet, a threaded comment
    and an x14 validation on another."""
    there = {name: data.decode() for name, data in parts(path).items() if name.endswith((".xml", ".rels"))}
    own, other = sheet_path(path, OWN), sheet_path(path, sheet)
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
        (other, [("rId903", f"{MICROSOFT}/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")]),
    ):  # fmt: skip
        path_of = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        new[path_of] = _with_relations(there[path_of], *relations)
    validation = f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main"><x14:dataValidations xmlns:xm="{MICROSOFT}/excel/2006/main" count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>{OWN}!$A$2:$A$3</xm:f></x14:formula1><xm:sqref>U2:U99</xm:sqref></x14:dataValidation></x14:dataValidations></ext>'
    before, after = there[other].rsplit("<extLst>", 1)  # the sheet's own, not one of a conditional format
    new[other] = f"{before}<extLst>{validation}{after}"
    rebuild(path, {name: text.encode() for name, text in new.items()})


def _relations(*relations: tuple[str, str, str]) -> str:
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    return _with_relations(empty, *relations)


def _with_relations(xml: str, *relations: tuple[str, str, str]) -> str:
    new = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in relations)
    return xml.replace("</Relationships>", f"{new}</Relationships>")
