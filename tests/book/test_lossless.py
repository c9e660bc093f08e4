"""What the program did not write stays as it was, to the compressed byte: everything that staff can put in a workbook."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import python_calamine
import xlsxwriter

from tests.conftest import SHEETJS
from tests.support.foreign_parts import OWN, decorate, inject, picture
from tests.support.rows import row_of
from tests.support.workbooks_made import build, parts, sheet_path
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.ooxml.archive import Archive
from xlbangfu.schema import CONSOLE, EXAMS, PROBLEMS, RANKING, ROSTER, RUNS, SCORES


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A master with all that staff may add, on their own sheet and on the program's sheets."""
    path = tmp_path / "书.xlsx"
    dot = tmp_path / "点.png"
    dot.write_bytes(picture())
    workbook = xlsxwriter.Workbook(path)
    build(workbook, {"名册": [ROSTER.names, *(row_of(ROSTER, f"{n:04}", f"名{n}") for n in range(1, 6))]})
    own = workbook.add_worksheet(OWN)
    own.write_column("A1", ["科目", "语文", "数学"])
    own.write_column("B1", ["人数", 3, 5])
    own.write_formula("C2", "=SUM(B2:B3)", workbook.add_format({"num_format": '0.00"人"', "bg_color": "#FFEE00"}), 8)
    for name in (OWN, "名册", "排名", "校验", "成绩"):
        decorate(workbook, workbook.get_worksheet_by_name(name), dot)
    workbook.close()
    inject(path, "名册")
    return path


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
