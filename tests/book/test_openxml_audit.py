"""A port of Microsoft's own validator looks at small files of each kind: the schema, where the package linter knows what
Excel repairs. It is trusted for the faults that are planted here; it does not see a style or a reference that leads nowhere.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.support.views_made import marked_school, quality_content
from tests.support.workbooks_made import make
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.schema import CALENDAR, PROBLEMS, ROSTER

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
PAGE = WORKBOOKS / "班级页-示例.xlsx"
VALIDATOR = OpenXmlValidator()


def faults(path: Path) -> list[str]:
    """What Microsoft's schema and rules forbid; that texts stand in their cells is a matter of taste, and no error."""
    return [str(error) for error in VALIDATOR.validate(str(path)).errors if error.severity is ValidationSeverity.ERROR]


def test_a_class_page_is_as_the_schema_says() -> None:
    assert faults(PAGE) == []


def test_an_empty_master_with_its_buttons_and_marks_is_as_the_schema_says() -> None:
    assert faults(WORKBOOKS / "帮扶总表.xlsm") == []


def test_a_view_with_its_charts_is_as_the_schema_says(tmp_path: Path) -> None:
    path = tmp_path / "质量分析.xlsx"
    path.write_bytes(quality_content(marked_school()))

    assert faults(path) == []


def test_a_master_that_was_written_is_as_the_schema_says(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx")
    book = ClosedBook(path)
    book.append(ROSTER, pl.DataFrame({"学号": ["0012"], "姓名": ["王 & <李>"], "班级": ["1班"]}))
    book.append(CALENDAR, pl.DataFrame({"日期": [date(2026, 10, 1)], "类别": ["放假"]}))
    book.replace({PROBLEMS: pl.DataFrame({"工作表": ["名册"], "单元格": ["名册!A2"], "问题": ["="], "编号": ["V03"]})})
    book.save()

    assert faults(path) == []


PLANTED = {
    "elements in another order": (
        "xl/worksheets/sheet1.xml",
        rb"(<sheetData.*</sheetData>)(<.*?)(</worksheet>)",
        rb"\2\1\3",
    ),
    "an element that does not exist": ("xl/worksheets/sheet1.xml", rb"<sheetData>", rb"<nonsense/><sheetData>"),
    "a word that is none of a list": ("xl/worksheets/sheet1.xml", rb'orientation="\w+"', rb'orientation="sideways"'),
    "a drop-down of no kind": (
        "xl/worksheets/sheet5.xml",
        rb'<dataValidation type="\w+"',
        rb'<dataValidation type="lost"',
    ),
    "a sheet in no state": ("xl/workbook.xml", rb"<sheet ", rb'<sheet state="gone" '),
    "a part that is not there": ("xl/_rels/workbook.xml.rels", rb"sheet2\.xml", rb"sheet99.xml"),
}


@pytest.mark.damaged
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_seen(fault: str, tmp_path: Path) -> None:
    part, old, new = PLANTED[fault]
    path = tmp_path / "页.xlsx"
    with zipfile.ZipFile(PAGE) as sound, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as broken:
        for name in sound.namelist():
            xml = sound.read(name)
            broken.writestr(name, re.sub(old, new, xml, count=1, flags=re.DOTALL) if name == part else xml)

    assert faults(path)
