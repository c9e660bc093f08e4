"""What leaves is read whole: no text of a page, letter, register or export is cut in its cell, as an independent reader sees it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.documents.test_class_page_follow_up import pages
from tests.documents.test_page_paper import crowded
from tests.support.cut_text import cut_texts
from xlbangfu import actions, sample
from xlbangfu.actions.call import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.documents.class_page import write_page
from xlbangfu.schema import FILES

NOW = datetime(2026, 6, 30, 9)
PAPERS = {"pages": "班级页", "slips": "家长信", "register": "档案册", "person_export": "个人信息"}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("学校")
    path = folder / "总表.xlsm"
    template.build(path, frames=sample.make(students=60, classes=3, exams=3, logs=120).frames, created=NOW)
    number = ClosedBook(path).read(FILES)[FILES]["学号"].drop_nulls()[0]
    for action in PAPERS:
        actions.perform(action, ClosedBook(path, action=action), Call(now=NOW, user="教务处", asks=lambda _: number))
    return folder


@pytest.mark.parametrize("folder", PAPERS.values())
def test_no_text_of_what_leaves_is_cut_in_its_cell(papers: Path, folder: str) -> None:
    made = sorted((papers / folder).glob("*.xlsx"))

    assert made
    assert {path.name: cut_texts(path) for path in made} == {path.name: [] for path in made}


def test_no_text_of_a_crowded_page_is_cut(tmp_path: Path) -> None:
    for number, page in enumerate((crowded(), pages({"班级页名次显示": "名次"})[0])):
        path = tmp_path / f"{number}.xlsx"
        write_page(page, path)
        assert cut_texts(path) == []


@pytest.mark.damaged  # narrowed by openpyxl
@pytest.mark.parametrize("folder", PAPERS.values())
def test_the_reader_sees_a_text_that_is_cut(papers: Path, folder: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(next((papers / folder).glob("*.xlsx")))
    for sheet in book:
        for row in sheet.row_dimensions.values():
            row.height = row.height and row.height * 0.6
        for column in sheet.column_dimensions.values():
            column.width *= 0.6
    book.save(tmp_path / "窄.xlsx")

    assert cut_texts(tmp_path / "窄.xlsx")
