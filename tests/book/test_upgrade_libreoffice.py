"""Upgraded workbooks in LibreOffice: it reads what we read, and what it has saved can be upgraded as well."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import python_calamine

from tests.support.foreign_parts import OWN
from tests.support.older_workbooks import OLDER, REMARK
from xlbangfu.actions.call import Call
from xlbangfu.actions.upgrade_book import upgrade
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.upgrade.page_renewal import OLD
from xlbangfu.book.version import version_in
from xlbangfu.errors import WrongWorkbook
from xlbangfu.schema import COLLECTED, CONSOLE, DEFECTS, INPUTS, ROW, SETTINGS, TABLES, Defect
from xlbangfu.settings import HEADING

pytestmark = [pytest.mark.office, pytest.mark.slow]
CALL = Call(user="李老师", now=datetime(2026, 7, 1, 10, 30), agrees=lambda _: True, clock=lambda: 0.0)


def saved_by_libreoffice(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it."""
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
    command += ["xlsm:Calc MS Excel 2007 VBA XML", "--outdir", str(folder / "存"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "存" / path.name


def values(path: Path) -> dict[str, list[list[object]]]:
    """All cells of the program's sheets and of staff's own, without blank ones at the ends; numbers to nine digits, as
    LibreOffice saves fifteen."""
    workbook = python_calamine.CalamineWorkbook.from_path(path)
    wanted = [*(table.name for table in TABLES if table is not CONSOLE), OWN]
    return {name: squared(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in wanted}


def squared(grid: list[list[object]]) -> list[list[object]]:
    rows = []
    for row in grid:
        cells = [round(cell, 9) if isinstance(cell, float) else str(cell).strip() for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


@pytest.mark.parametrize("version", OLDER)
def test_libreoffice_reads_the_same_cells_in_an_upgraded_workbook(version: str, tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    shutil.copyfile(OLDER[version], path)
    upgrade(ClosedBook(path, action="upgrade"), CALL)

    saved = saved_by_libreoffice(path, tmp_path)
    assert values(saved) == values(path)
    found = version_in(saved)
    assert found is not None
    assert found.offer == "", "the version stays when LibreOffice saves"


@pytest.mark.parametrize("version", OLDER)
def test_an_older_workbook_that_libreoffice_has_saved_is_upgraded(version: str, tmp_path: Path) -> None:
    path = saved_by_libreoffice(OLDER[version], tmp_path)
    before = ClosedBook(path).read(*INPUTS)
    outcome = upgrade(ClosedBook(path, action="upgrade"), CALL)

    after = ClosedBook(path).read(*INPUTS)
    after[SETTINGS], before[SETTINGS] = (
        frames[SETTINGS].filter(~pl.col("项目").str.starts_with(HEADING)).drop(ROW) for frames in (after, before)
    )
    assert all(after[table].head(before[table].height).equals(before[table]) for table in INPUTS)
    workbook = openpyxl.load_workbook(path)
    assert REMARK in [cell.value for cell in workbook["名册"][1]]
    assert (OLD in workbook.sheetnames) == (version == "0.2.0"), "only there staff had put something on the page"
    said = next((line for line in outcome.details if line.startswith("新的下拉")), "")
    told = {name for name in re.findall(r"[^：、 ]+·[^：、 ]+", said) if name.startswith("名册")}
    assert told == {"名册·学号", "名册·成因"}, "what it writes down otherwise means the same"
    assert values(saved_by_libreoffice(path, tmp_path / "又")) == values(path)


def test_the_open_workbook_knows_its_version(tmp_path: Path) -> None:
    from tests.support.live_office import office_in
    from xlbangfu.book.live.live_book import LiveBook

    path = tmp_path / "总表.xlsm"
    shutil.copyfile(OLDER["0.1.0"], path)
    new = tmp_path / "新总表.xlsm"
    template.build(new, host="libreoffice", created=datetime(2026, 7, 1))
    with office_in(tmp_path) as app:
        older, fresh = (LiveBook(app.books.open(str(book))) for book in (path, new))
        defects = older.read(COLLECTED)[DEFECTS]

        assert (older.version.number, older.version.stamped) == ("0.1.0", False)
        assert fresh.version == version_in(new)
        assert defects["缺陷"].to_list() == [Defect.NOT_YET_SHEET]
        with pytest.raises(WrongWorkbook, match="升级总表"):
            older.append(COLLECTED, COLLECTED.empty().clear(1))
            older.save()
