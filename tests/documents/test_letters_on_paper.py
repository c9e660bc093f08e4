"""家长信, 档案册 and 目录 as they come out of LibreOffice: sizes, pages, the cut, and that nothing is cut off."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from math import ceil
from pathlib import Path

import openpyxl
import pytest

from tests.support.paper import Word, words_of
from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.schema import ROSTER

NOW = datetime(2026, 6, 30, 9)
LEAST = 8.0  # points on paper
SCHOOLS = {"sample": (400, 8), "three classes": (150, 3), "nothing yet": (0, 0)}


class Papers:
    """A school's master and the papers made of it."""

    def __init__(self, folder: Path, students: int, classes: int) -> None:
        self.book = folder / "总表.xlsm"
        school = sample.make(students=students, classes=classes, exams=4, logs=students * 2) if students else None
        template.build(self.book, frames=dict(school.frames) if school else None, created=NOW)
        for name in ("slips", "register", "pages"):
            actions.perform(name, ClosedBook(self.book, action=name), Call(user="林老师", now=NOW))
        self.folder = folder

    @property
    def tracked(self) -> int:
        roster = ClosedBook(self.book).read(ROSTER)[ROSTER]
        return roster.filter(roster["帮扶类别"] == "学困", roster["在籍状态"] == "在读").height

    def words(self, *files: Path) -> dict[str, list[Word]]:
        """The words of each file's PDF by its stem."""
        program = libreoffice()
        assert program is not None
        LibreOffice(program).make(files, self.folder, lambda _: None)
        return {file.stem: words_of(self.folder / f"{file.stem}.pdf") for file in files}


@pytest.fixture(scope="module", params=list(SCHOOLS))
def papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"), *SCHOOLS[request.param])


@pytest.mark.office
@pytest.mark.slow
def test_letters_are_cut_at_60_mm_in_letters_that_can_be_read(papers: Papers) -> None:
    files = sorted(papers.folder.glob("家长信/*.xlsx"))[:3]
    for stem, words in papers.words(*files).items() if files else ():
        sheet = openpyxl.load_workbook(papers.folder / "家长信" / f"{stem}.xlsx").active
        letters = sum(cell.value == "致家长的一封信" for row in sheet.iter_rows() for cell in row)
        assert max(word.page for word in words) == ceil(letters / 2)
        assert min(word.height for word in words) >= LEAST
        replies = [word for word in words if word.text.startswith("回执")]
        assert len(replies) == letters
        assert max(word.top for word in replies) - min(word.top for word in replies) < 0.5
        cut = 595.3 - 60 / 25.4 * 72
        for word in replies:
            assert cut - 1 <= word.top <= cut + 24
        for _, page in groupby(words, key=lambda word: word.page):
            assert not [word.text for word in page if word.top < cut - 1 < word.bottom - 1]
        assert max(word.bottom for word in words) < 595.3 - 20


@pytest.mark.office
@pytest.mark.slow
def test_the_register_has_a_page_a_student(papers: Papers) -> None:
    (file,) = papers.folder.glob("档案册/*.xlsx")
    book = openpyxl.load_workbook(file)
    students = [row[2] for row in _texts(book["目录"])[2:]]
    words = papers.words(file)[file.stem]
    pages = [[word.text for word in words if word.page == page] for page in range(1, words[-1].page + 1)]

    assert len(students) == papers.tracked
    before = len(pages) - len(students)
    assert before == 1 + ceil((len(students) + 1) / 40)
    assert all(student in page for student, page in zip(students, pages[before:], strict=True))
    assert min(word.height for word in words) >= LEAST
    assert not [word for word in words if word.right > 595.3 - 20 or word.bottom > 841.9 - 20]


@pytest.mark.office
@pytest.mark.slow
def test_the_index_is_read_without_a_code_and_its_codes_come_last(papers: Papers) -> None:
    file = papers.folder / "班级页" / "目录.xlsx"
    if not file.exists():
        assert papers.tracked == 0
        return
    words = papers.words(file)["目录"]

    assert min(word.height for word in words if word.page == 1) >= LEAST
    assert not [word.text for word in words if word.page == 1 and len(word.text) == 64]


def _texts(sheet: object) -> list[list[str]]:
    rows = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]  # a worksheet of openpyxl, which has no types
    return [[str(cell) for cell in row if cell not in (None, "")] for row in rows]
