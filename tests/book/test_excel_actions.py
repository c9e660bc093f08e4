"""Every action in an open Excel and on a closed file: the same cells, the same answer, a bounded number of calls.

Excel is the fake one (``tests.support.fake_excel``) under xlwings's real Windows engine.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.book.test_live_actions import CALL, NOW, TICKED, tick, without_place
from tests.support.fake_excel import Application, Workbook, as_xlwings, open_workbook
from tests.support.fake_excel.sheets import VISIBLE
from tests.support.filled_page import fill_in
from xlbangfu import actions, sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.book.live.wps import MEMBERS, Wps
from xlbangfu.book.port import Book
from xlbangfu.catalog import ACTIONS, BY_NAME
from xlbangfu.schema import CONSOLE, FILES, OUTBOX, ROSTER, RUNS, TABLES

pytestmark = pytest.mark.slow

TERM = (
    "import",
    "validate",
    "refresh",
    "screen",
    "screen_tick",
    "screen_accept",
    "pair",
    "pair_accept",
    "plan",
    "calendar",
    "follow",
    "pages",
    "run",
    "mail",
    "send",
    "collect",
    "remind",
    "honours",
    "honours_accept",
    "appraise",
    "slips",
    "register",
    "paper",
    "next_term",
    "person_export",
    "person_delete",
    "sheets",
    "sheets_school",
    "sheets_care",
    "sheets_results",
    "sheets_ledgers",
    "next",
)
DRAWN = ("quality", "briefing", "pdf")
"""They copy drawn sheets between workbooks and print: the fake Excel has no charts and no printer."""
MOST_TO_VALIDATE = 400
HOSTS: dict[Application, Any] = {}
USED: defaultdict[Application, set[str]] = defaultdict(set)
"""What each program was asked for by actions."""
A_READING, A_COLUMN, A_NAME, A_TURN, ALWAYS = 9, 8, 3, 2, 150
"""Calls to read a sheet, for a column that is written, for a named cell, for a sheet shown or hidden, and for a click
whatever it does; to ask each sheet whether it is in sight takes one."""


def test_each_action_of_the_catalogue_is_tried() -> None:
    assert {*TERM, "undo", *DRAWN} == {action.name for action in ACTIONS}


@pytest.fixture(scope="module", params=[None, Wps], ids=["Excel", "WPS"])
def host(request: pytest.FixtureRequest) -> Any:
    """The program; WPS is the same fake one, spoken to as WPS."""
    return request.param


@pytest.fixture(scope="module")
def both(host: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbook, Path]]:
    """One master twice: open in the program, and on disk in another folder."""
    here, there = (tmp_path_factory.mktemp(name) / "总表.xlsm" for name in ("开着", "合上"))
    school = sample.make(students=90, classes=3, exams=3, logs=100)
    template.build(here, frames=school.frames, host="wps" if host else "excel", created=NOW)
    shutil.copy(here, there)
    opened = open_workbook(Application(), here)
    HOSTS[opened.app] = host
    yield opened, there
    if host:
        unlisted = sorted(USED[opened.app] - {*MEMBERS})
        assert unlisted == [], f"WPS is asked for members that are not listed: {unlisted}"


def live(opened: Workbook, action: str = "") -> LiveBook:
    host = HOSTS.get(opened.app)
    return LiveBook(as_xlwings(opened), action=action, host=host and host())


def given(action: str, folder: Path, book: LiveBook) -> Any:
    """What staff choose or type for an action."""
    if action == "import":
        roster = folder / "名册.csv"
        roster.write_text("学号,姓名,性别,班级\n88001,新来的,男,初一1班\n", encoding="utf-8")
        return replace(CALL, files=(roster,))
    if action == "collect":
        return replace(CALL, files=(fill_in(folder / "班级页", CALL.today),))
    if action.startswith("person"):
        number = book.read(FILES)[FILES]["学号"].drop_nulls()[0]
        return replace(CALL, asks=lambda _: number)
    if action == "paper":
        return replace(CALL, asks=lambda _: "1")
    if action == "remind":
        return replace(CALL, now=NOW + timedelta(days=30))
    return CALL


@pytest.fixture(autouse=True)
def no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both books know their pages by the same secret and who was deleted by the same mark, so that they can be compared."""
    monkeypatch.setattr("xlbangfu.documents.page_code.new_secret", lambda: "K0")
    monkeypatch.setattr("xlbangfu.documents.person.new_mark", lambda: "删-0")


@pytest.mark.parametrize("action", TERM)
def test_the_same_action_gives_the_same_cells_in_excel_and_on_the_closed_file(
    both: tuple[Workbook, Path], action: str
) -> None:
    opened, closed = both
    for book in (live(opened), *([] if HOSTS[opened.app] else [ClosedBook(closed)])):
        if action in TICKED:
            tick(book, TICKED[action])
        if action == "send":
            ready = book.read(OUTBOX)[OUTBOX].filter(pl.col("状态") == "待发")
            book.amend(OUTBOX, ready.head(2).select(*OUTBOX.keys, pl.lit("√").alias("发送")))
            book.save()
    call = given(action, opened.path.parent, live(opened))
    opened.app.calls.clear()
    opened.app.columns_written = 0
    before = {sheet.name: sheet.state for sheet in opened.sheets}

    said = actions.perform(action, live(opened, action), call)

    USED[opened.app] |= {*opened.app.calls}
    calls, columns = opened.app.calls.copy(), opened.app.columns_written
    read, named = calls["Worksheet.UsedRange"], calls["Name.RefersTo"]
    turned = sum(before.get(sheet.name) != sheet.state for sheet in opened.sheets)
    sight = min(calls["Worksheet.Visible"], len(opened.sheets) + A_TURN * turned)
    most = ALWAYS + A_READING * read + A_COLUMN * columns + A_NAME * named + sight
    assert calls.total() <= most, calls.most_common(8)
    assert {table.name for table in BY_NAME[action].fills if opened.sheet(table.name).state != VISIBLE} == set()
    if HOSTS[opened.app]:  # the cells of WPS are those of Excel, the program being the same fake one
        return

    also = actions.perform(action, ClosedBook(closed, action=action), call)
    if action == "person_delete":  # what it found on disk differs: the open one is not saved
        assert said is not None and also is not None and said.sentence == also.sentence
    else:
        assert without_place(said) == without_place(also)
    assert cells(live(opened)) == cells(ClosedBook(closed))


def cells(book: Book) -> dict[str, list[dict[str, Any]]]:
    """All but the front page, which has formulas, the moment at which a mail was handed over, and what a deletion found on
    disk."""
    frames = book.read(*(table for table in TABLES if table is not CONSOLE))
    frames[OUTBOX] = frames[OUTBOX].drop("时间")
    other = pl.col("操作").ne_missing(BY_NAME["person_delete"].label)
    frames[RUNS] = frames[RUNS].with_columns(pl.when(other).then("说明").alias("说明"))
    return {table.name: frame.to_dicts() for table, frame in frames.items()}


def test_what_a_click_wrote_is_taken_back(both: tuple[Workbook, Path], tmp_path: Path) -> None:
    opened, _ = both
    before = live(opened).read(ROSTER)[ROSTER].to_dicts()
    roster = tmp_path / "名册.csv"
    roster.write_text("学号,姓名,性别,班级\n88009,后来的,女,初一1班\n", encoding="utf-8")
    actions.perform("import", live(opened, "import"), replace(CALL, files=(roster,)))
    assert live(opened).read(ROSTER)[ROSTER].height == len(before) + 1

    actions.perform("undo", live(opened, "undo"), CALL)

    assert live(opened).read(ROSTER)[ROSTER].to_dicts() == before


@pytest.mark.parametrize("with_problems", [False, True])
def test_a_validation_takes_at_most_four_hundred_calls(tmp_path: Path, with_problems: bool) -> None:
    path = tmp_path / "总表.xlsm"
    school = sample.make(students=300, classes=8, exams=3, logs=200, with_problems=with_problems)
    template.build(path, frames=school.frames, planted=school.planted, created=NOW)
    opened = open_workbook(Application(), path)
    actions.perform("validate", live(opened, "validate"), CALL)
    opened.app.calls.clear()

    actions.perform("validate", live(opened, "validate"), CALL)

    assert opened.app.calls.total() <= MOST_TO_VALIDATE, opened.app.calls.most_common(12)
