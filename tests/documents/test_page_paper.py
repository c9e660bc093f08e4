"""Class pages on paper, measured in the PDF: one cover, nothing under 8 points, nothing that says nothing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.documents.test_class_page_follow_up import made_of, owed, pages
from tests.support.class_page_school import EDITION
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.documents.class_page import ClassPage, write_page
from xlbangfu.documents.class_page import cover as cover_sheet
from xlbangfu.documents.class_page.page import Appointment, Overdue
from xlbangfu.schema import CONTACTS

LEAST = 8.0
FOOTER = 0.9  # of the height of a page; below it stands the footer
_ZOOM = 3  # of pdftohtml, whose sizes are whole numbers


def crowded() -> ClassPage:
    """A class in which everything is too much."""
    one = pages()[0]
    many = [replace(one.students[at % 4], number=f"9{at:03}", name=f"欧阳若兮{at}") for at in range(30)]
    kinds = "辅导没做过、谈心28天、作业面批102天、家长沟通没做过、家访没做过、心理咨询"
    owing = (("陈班", kinds), ("钱老师", kinds), ("冯主任", kinds), ("心理教师", "心理咨询"))
    late = tuple(Overdue(student=each.name, key=True, count=19, lines=owing) for each in many)
    day = EDITION.date()
    coming = tuple(
        Appointment(
            day=day.replace(day=20 + at // 4), time="13:00-15:00", what="考后谈心（第二学期期末考试），最晚这一天",
            who=tuple(f"欧阳若兮{n}（司马老师）" for n in range(9)),
        )
        for at in range(28)
    )  # fmt: skip
    named = tuple(replace(task, who=tuple(each.name for each in many)) for task in one.tasks)
    shown = tuple(replace(each, trend=one.students[0].trend, subjects_told=("缺考",) * 9) for each in many)
    subjects = ("语文", "数学", "英语", "物理", "化学", "道德与法治", "历史", "地理", "生物")
    return replace(
        one, students=shown, overdue=late, appointments=coming, tasks=named, subjects=subjects, honours=one.honours * 9
    )


def printed(made: Sequence[ClassPage], folder: Path) -> list[list[tuple[int, float, float, str]]]:
    """Of each page of each file: page number, size in points, distance from the top as a share, text."""
    program = libreoffice()
    assert program is not None
    files = [folder / f"{number}.xlsx" for number, _ in enumerate(made)]
    for page, path in zip(made, files, strict=True):
        write_page(page, path)
    LibreOffice(program).make(files, folder, lambda _: None)
    return [_texts(path.with_suffix(".pdf")) for path in files]


def _texts(path: Path) -> list[tuple[int, float, float, str]]:
    command = ["pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(_ZOOM), str(path)]
    xml = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    sizes = {name: int(size) / _ZOOM for name, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', xml)}
    found = []
    for number, page in enumerate(xml.split("<page ")[1:], 1):
        height = int(re.findall(r'height="(\d+)"', page)[0])
        for top, font, text in re.findall(r'<text top="(\d+)"[^>]*font="(\d+)"[^>]*>(.*?)</text>', page):
            found.append((number, sizes[font], int(top) / height, re.sub("<[^>]*>", "", text)))
    return found


@pytest.mark.office
def test_on_paper_the_cover_is_one_page_all_can_be_read_and_an_empty_class_takes_half_a_page(tmp_path: Path) -> None:
    full, usual, empty = printed([crowded(), pages({"班级页名次显示": "名次"})[0], pages()[2]], tmp_path)

    for words in (full, usual, empty):
        assert min(size for _, size, _, text in words if text.strip()) >= LEAST
    for words in (full, usual):
        assert any("把这个文件发回原处" in text for page, _, _, text in words if page == 1)
        assert any("重点关爱学生" in text for page, _, _, text in words if page == 2)
    told = "".join(text for _, _, _, text in full)
    assert "见第 2 页" in told.replace("第2页", "第 2 页")
    assert {page for page, *_ in empty} == {1}
    assert max(top for _, _, top, _ in empty if top < FOOTER) < 0.5


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_cover_holds_its_page_and_leaves_nothing_overdue_untold(data: st.DataObject) -> None:
    one = crowded()
    late, coming = (data.draw(st.integers(0, most)) for most in (30, 28))
    made = replace(one, overdue=(one.overdue or ())[:late], appointments=one.appointments[:coming])
    rows = cover_sheet.rows(cover_sheet.laid_out(made))

    assert sum(row.height if row else 15 for row in rows) <= 800
    texts = [str(value) for row in rows if row for _, value in row.cells if value]
    named = sum(text.startswith("欧阳若兮") and text.endswith("★") for text in texts)
    left = [re.search(r"还有 (\d+) 人 (\d+) 项", text) for text in texts]
    untold = next((int(found[1]) for found in left if found), 0)
    assert named + untold == late and named <= 8
    assert any("发回原处" in text for text in texts)


@given(st.lists(st.sampled_from(["辅导", "谈心", "家访", "心理咨询"]), max_size=4, unique=True))
def test_every_contact_owed_to_a_student_stands_in_the_row_of_the_student(kinds: list[str]) -> None:
    late: pl.DataFrame = made_of(CONTACTS, [owed("0101", kind, "T02 钱老师", 9) for kind in kinds])
    made = pages(contacts=late)[0]
    rows: list[Any] = [
        row
        for row in cover_sheet.rows(cover_sheet.laid_out(made))
        if row and row.cells and row.cells[0][1] == "=王明 ★"
    ]
    assert len(rows) == bool(kinds)
    assert all(kind in str(rows[0].cells[2][1]) for kind in kinds)
