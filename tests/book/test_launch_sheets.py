"""A workbook with a sheet by which xlwings would start something else is not worked on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xlbangfu.book import template
from xlbangfu.book.launch_sheets import check_no_launch_sheet, launch_sheets
from xlbangfu.doctor import ThisMachine, workbook_checks
from xlbangfu.errors import WrongWorkbook
from xlbangfu.schema import ROSTER, TABLES


@pytest.mark.parametrize("name", ["xlwings.conf", "XLWINGS.CONF", "code.py", "x.PY"])
def test_settings_and_code_in_a_sheet_are_refused_in_a_sentence_that_names_it(name: str) -> None:
    with pytest.raises(WrongWorkbook, match=f"“{name}”.*什么也没有做；请.*再点一次。"):
        check_no_launch_sheet("总表.xlsm", ["名册", name])


def test_the_sheets_of_a_master_and_those_of_staff_are_none() -> None:
    assert launch_sheets([*(table.name for table in TABLES), "xlwings", "conf", "备注.pyc", "Sheet1"]) == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


def built(folder: Path) -> Path:
    path = folder / "总表.xlsm"
    template.build(path, host="libreoffice", created=datetime(2026, 9, 1))
    return path


@pytest.mark.office
@pytest.mark.slow
def test_a_hidden_one_is_found_by_the_buttons_and_by_the_doctor(office: Any, tmp_path: Path) -> None:
    from xlbangfu.book.live.live_book import LiveBook

    path = built(tmp_path)
    book = office.books.open(str(path))
    try:
        LiveBook(book).read(ROSTER)
        book.sheets.add("xlwings.conf").visible = False
        with pytest.raises(WrongWorkbook, match=r"xlwings\.conf"):
            LiveBook(book).read(ROSTER)
        book.save()
    finally:
        book.close()
    found = workbook_checks.launches_nothing_else(ThisMachine(), path)

    assert found is not None
    assert found.level == "fail"
    assert "“xlwings.conf”" in found.said


def test_the_doctor_says_nothing_of_a_master_in_order_nor_of_a_file_that_is_none(tmp_path: Path) -> None:
    path = built(tmp_path)
    broken = tmp_path / "坏.xlsm"
    shutil.copyfile(__file__, broken)

    for book in (path, broken, tmp_path / "没有.xlsm"):
        assert workbook_checks.launches_nothing_else(ThisMachine(), book) is None
