"""Whose paper it is: the right part of the footers, in files, in open workbooks, after a click and after others' saves."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_excel.engine import as_xlwings
from tests.support.fake_excel.loading import open_workbook
from tests.support.fake_excel.programs import Application
from xlbangfu import actions, sample
from xlbangfu.actions.call import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.book.live.wps import Wps
from xlbangfu.book.paper_signature import Signature, plain, signed
from xlbangfu.house_look import CONFIDENTIAL, MOST_SIGNED, signed_footer
from xlbangfu.schema import CLASSES, CONSOLE, PROBLEMS, RUNS, SCORES, SETTINGS, TABLES

BUILT, CLICKED = datetime(2026, 6, 1, 9), datetime(2026, 6, 30, 9)
SCHOOL = "第一中学 A&B <东区>"
SHEETS = [table for table in TABLES if table is not CONSOLE]
CALL = Call(now=CLICKED, user="教务处")
WRITTEN = {
    PROBLEMS.name: f"{SCHOOL} 2026年6月30日",
    RUNS.name: f"{SCHOOL} 2026年6月30日",
    SCORES.name: f"{SCHOOL} 2025-2026下",
}


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("总表") / "总表.xlsm"
    frames = dict(sample.make(students=24, classes=2, exams=2, logs=10).frames)
    named = pl.when(pl.col("项目") == "学校名称").then(pl.lit(SCHOOL)).otherwise("值").alias("值")
    template.build(path, frames={**frames, SETTINGS: frames[SETTINGS].with_columns(named)}, created=BUILT)
    return path.read_bytes()


@pytest.fixture
def path(master: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    path.write_bytes(master)
    return path


def footers(path: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(path)
    return {table.name: plain(book[table.name].oddFooter.right.text or "") for table in SHEETS}


def test_a_new_workbook_says_the_school_on_every_sheet_and_the_term_where_staff_write(path: Path) -> None:
    signature = Signature(school=SCHOOL, day=BUILT.date(), term="2025-2026下")

    assert footers(path) == {table.name: signature.on(table) for table in SHEETS}


def test_what_a_click_fills_bears_its_day_on_paper(path: Path) -> None:
    actions.perform("validate", ClosedBook(path), CALL)

    said = footers(path)
    assert {name: said[name] for name in WRITTEN} == WRITTEN
    assert said["排名"] == f"{SCHOOL} 2026年6月1日"


@pytest.mark.parametrize("host", [None, Wps], ids=["Excel", "WPS"])
def test_a_click_in_the_open_workbook_signs_as_one_on_the_file_does(path: Path, host: Any) -> None:
    opened = open_workbook(Application(), path)

    actions.perform("refresh", LiveBook(as_xlwings(opened), host=host and host()), CALL)
    actions.perform("refresh", ClosedBook(path), CALL)

    assert {table.name: plain(opened.sheet(table.name).paper.right) for table in SHEETS} == footers(path)


def test_a_second_click_of_the_day_asks_and_changes_nothing_on_paper(path: Path) -> None:
    opened = open_workbook(Application(), path)
    actions.perform("validate", LiveBook(as_xlwings(opened)), CALL)
    before = opened.sheet(PROBLEMS.name).paper.right
    opened.app.calls.clear()

    actions.perform("validate", LiveBook(as_xlwings(opened)), CALL)

    assert opened.sheet(PROBLEMS.name).paper.right == before
    assert opened.app.calls["PageSetup.LeftFooter"] == 0


@pytest.mark.parametrize("lacking", ["PageSetup", "RightFooter", "LeftFooter"])
def test_a_program_without_footers_does_all_the_rest(path: Path, lacking: str) -> None:
    opened = open_workbook(Application(lacking=frozenset({lacking})), path)

    actions.perform("validate", LiveBook(as_xlwings(opened), host=Wps()), CALL)

    assert LiveBook(as_xlwings(opened), host=Wps()).read(RUNS)[RUNS].height


parts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20).map(
    lambda text: text.replace("&", "&&")
)


def tail(footer: str) -> bytes:
    return f"</sheetData><headerFooter><oddFooter>{escape(footer, quote=False)}</oddFooter></headerFooter></worksheet>".encode()


def right_of(after: bytes) -> str:
    found = re.search("<oddFooter>(.*)</oddFooter>", after.decode(), re.DOTALL)
    assert found is not None
    return plain(re.sub("(?:[^&]|&&|&[^&R])*&R", "", unescape(found[1]), count=1))


@given(
    parts.filter(lambda text: text.strip() and not re.search(r"\d{4}年\d+月\d+日$|\d{4}-\d{4}[上下]?$", text.strip()))
)
def test_a_footer_of_the_staffs_own_stays_as_it_is(own: str) -> None:
    for footer in (f"&L{own}&C第 &P 页", f"&L{CONFIDENTIAL}&R{own}", f"&L{own}"):
        assert signed(tail(footer), "育才中学 2026年6月30日") == tail(footer)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=80),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_what_the_program_signed_it_signs_anew_whatever_the_school_is_called(school: str, day: date) -> None:
    first, second = (Signature(school=school, day=day, term="2025-2026下").on(table) for table in (CLASSES, PROBLEMS))
    before = tail(signed_footer(first))

    after = signed(before, second)

    assert right_of(after) == second
    assert signed(after, second) == after
    assert len(unescape(after.decode())) < 255 + len(tail("")) or school.count("&") > MOST_SIGNED // 4


@pytest.mark.slow
@pytest.mark.office
def test_a_click_in_libreoffice_signs_and_its_own_save_keeps_what_was_signed(path: Path, tmp_path: Path) -> None:
    from tests.support.live_office import office_in

    with office_in(tmp_path) as app:
        for day in (CLICKED, datetime(2026, 7, 2, 9)):
            book = app.books.open(path)
            live = LiveBook(book, action="validate")
            live.sign(Signature(school=SCHOOL, day=day.date(), term="2025-2026下"))
            live.replace({PROBLEMS: PROBLEMS.empty()})
            live.save()
            live.store()
            book.close()
            assert footers(path)[PROBLEMS.name].endswith(f"{SCHOOL} {day.year}年{day.month}月{day.day}日")
