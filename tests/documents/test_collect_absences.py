"""Absences that pages tell of (DOMAIN rule 15): any student of the class, a day once, whoever reports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.class_page_school import EDITION
from tests.support.returned_pages import TALK, book, collect, complaints, filled, page, put, rows, said
from xlbangfu.documents.class_page.fill_in import ABSENCE_COLUMNS, ABSENCE_SHEET, ROLL_LIST
from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.schema import ABSENCES

DAY = datetime(2026, 5, 19)
AWAY = {"日期": DAY, "学生": "0101 =王明", "节次": "全天", "类型": "旷课", "已联系家长": "是", "去向": "外地"}
LATER = EDITION + timedelta(days=7)
Cells = Mapping[str, Any]


def absent(*told: Cells, of: ClassPage | None = None) -> bytes:
    """A page on which absences are filled in, from row 4 on."""
    return filled(change=_with(told), of=of)


def _with(told: Sequence[Cells]) -> Callable[[openpyxl.Workbook], None]:
    def change(workbook: openpyxl.Workbook) -> None:
        for row, entry in enumerate(told, 4):
            for name, value in entry.items():
                workbook[ABSENCE_SHEET].cell(row, 1 + list(ABSENCE_COLUMNS).index(name), value)

    return change


def test_an_absence_on_a_page_is_a_row_of_缺勤(tmp_path: Path) -> None:
    one = book()

    outcome = collect(one, put(tmp_path, absent(AWAY)))

    (row,) = rows(one, ABSENCES)
    assert {name: row[name] for name in ABSENCES.names} == {
        "日期": date(2026, 5, 19),
        "学号": "0101",
        "姓名": "=王明",
        "班级": "初二1班",
        "节次": "全天",
        "类型": "旷课",
        "已联系家长": "是",
        "去向": "外地",
        "说明": None,
    }
    assert "缺勤 1 条" in outcome.details[0]
    assert complaints(one) == []


def test_the_same_day_from_two_pages_is_one_row(tmp_path: Path) -> None:
    one, newer = book(made=(EDITION, LATER)), page(edition=LATER)

    collect(one, put(tmp_path, absent(AWAY), "甲.xlsx"), put(tmp_path, absent(AWAY, of=newer), "乙.xlsx"))

    assert len(rows(one, ABSENCES)) == 1
    assert complaints(one) == []


def test_two_pages_that_differ_make_one_row_and_a_word_to_staff(tmp_path: Path) -> None:
    one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
    other = absent(AWAY | {"类型": "病假", "去向": None}, of=newer)

    collect(one, put(tmp_path, absent(AWAY), "甲.xlsx"), put(tmp_path, other, "乙.xlsx"))

    assert [row["类型"] for row in rows(one, ABSENCES)] == ["旷课"]
    assert "总表里已有同一名学生同一天同一节次的缺勤，内容不同，没有覆盖（2026-05-19 0101 全天）" in said(one)


def test_a_page_that_is_mended_corrects_the_absence_that_it_brought(tmp_path: Path) -> None:
    one = book()
    collect(one, put(tmp_path, absent(AWAY)))

    collect(one, put(tmp_path, absent(AWAY | {"类型": "病假"})), days=1)

    assert [row["类型"] for row in rows(one, ABSENCES)] == ["病假"]


def test_the_same_page_again_adds_nothing(tmp_path: Path) -> None:
    one, file = book(), put(tmp_path, absent(AWAY))
    collect(one, file)

    assert collect(one, file, days=1).rows == 0


def test_a_row_that_cannot_be_taken_is_named_by_its_cell(tmp_path: Path) -> None:
    one = book()
    wrong = [
        AWAY | {"节次": None},
        AWAY | {"类型": "逃学"},
        AWAY | {"学生": "0101、0102"},
        AWAY | {"日期": datetime(2027, 1, 4)},
        AWAY | {"已联系家长": "没有"},
    ]

    collect(one, put(tmp_path, absent(*wrong)))

    assert rows(one, ABSENCES) == []
    assert {(cell, column) for _, cell, column in complaints(one)} >= {
        ("C4", "节次"),
        ("D5", "类型"),
        ("B6", "学生"),
        ("A7", "日期"),
        ("E8", "已联系家长"),
    }


def test_the_list_offers_the_whole_class_and_nobody_else(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(BytesIO(as_bytes(page())))
    column = next(cell.column for cell in workbook[INFO_SHEET][1] if cell.value == ROLL_LIST)
    offered = [cell.value for cell in list(workbook[INFO_SHEET].columns)[column - 1][1:] if cell.value]

    assert offered == list(page().roll)
    assert len(offered) >= len(page().students)


def test_a_page_of_a_version_without_the_form_is_taken_without_a_word(tmp_path: Path) -> None:
    def older(workbook: openpyxl.Workbook) -> None:
        del workbook[ABSENCE_SHEET]
        for cell in workbook[INFO_SHEET][1]:
            cell.value = None if cell.value == ROLL_LIST else cell.value

    one = book()

    collect(one, put(tmp_path, filled([TALK], change=older)))

    assert complaints(one) == []


def test_a_form_that_was_taken_off_is_told(tmp_path: Path) -> None:
    one = book()

    collect(one, put(tmp_path, filled([TALK], change=lambda workbook: workbook.remove(workbook[ABSENCE_SHEET]))))

    assert "没有找到“填报缺勤”" in said(one)
