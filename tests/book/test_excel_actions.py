"""Every action in an open Excel and on a closed file: the same cells, the same answer, a bounded number of calls.

Excel is the fake one (``tests.support.fake_excel``) under xlwings's real Windows engine.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from tests.book.test_live_actions import CALL, NOW, TICKED, tick, without_place
from tests.support.fake_excel import Application, Workbook, as_xlwings, open_workbook
from tests.support.fake_excel.engine import engine
from tests.support.fake_excel.sheets import VISIBLE
from tests.support.filled_page import fill_in
from tests.support.truants import play_truant
from xlbangfu import actions, sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.book.live.wps import MEMBERS, Wps
from xlbangfu.book.port import Book
from xlbangfu.catalog import ACTIONS, BY_NAME
from xlbangfu.schema import CLASS_FIGURES, CONSOLE, FILES, OUTBOX, PRIZES, RANKING, ROSTER, RUNS, SCORES, TABLES

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
    "dropouts",
    "dropouts_accept",
    "follow",
    "pages",
    "teacher_pages",
    "run",
    "mail",
    "send",
    "collect",
    "remind",
    "return",
    "honours",
    "honours_accept",
    "appraise",
    "slips",
    "opinions",
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
    "sheets_new",
    "next",
)
DRAWN = ("quality", "briefing", "pdf")
"""They copy drawn sheets between workbooks, with their charts, and have them printed."""
MOST_TO_VALIDATE = 400
HOSTS: dict[Application, Any] = {}
USED: defaultdict[Application, set[str]] = defaultdict(set)
"""What each program was asked for by actions."""
A_READING, A_COLUMN, A_NAME, A_TURN, A_VIEW, A_FILTER, ALWAYS = 9, 8, 3, 2, 20, 30, 160
"""Calls to read a sheet, for a column that is written, for a named cell, for a sheet shown or hidden, for a sheet that comes
over, for one that is filtered, and for a click whatever it does; to ask each sheet whether it is in sight takes one, for its name two."""


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
        if action == "dropouts":
            play_truant(book)
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
    turned = sum(before.get(sheet.name) != sheet.state for sheet in opened.sheets)
    assert calls.total() <= bound(calls, columns, opened, turned), calls.most_common(8)
    assert {table.name for table in BY_NAME[action].fills if opened.sheet(table.name).state != VISIBLE} == set()
    if HOSTS[opened.app]:  # the cells of WPS are those of Excel, the program being the same fake one
        return

    also = actions.perform(action, ClosedBook(closed, action=action), call)
    if action == "person_delete":  # what it found on disk differs: the open one is not saved
        assert said is not None and also is not None and said.sentence == also.sentence
    elif action != "next_term":  # it goes by a copy of what is open, which the made-up Excel takes from the file
        assert without_place(said) == without_place(also)
    assert cells(live(opened)) == cells(ClosedBook(closed))


def bound(calls: Counter[str], columns: int, opened: Workbook, turned: int) -> int:
    """How many calls a click may take for what it read, wrote and showed."""
    read, named = calls["Worksheet.UsedRange"], calls["Name.RefersTo"]
    sight = min(calls["Worksheet.Visible"], len(opened.sheets) + A_TURN * turned)
    chosen = A_FILTER * (calls["Range.AutoFilter"] + calls["AutoFilter.ShowAllData"])
    return ALWAYS + A_READING * read + A_COLUMN * columns + A_NAME * named + sight + chosen


def cells(book: Book) -> dict[str, list[dict[str, Any]]]:
    """All but the front page, which has formulas, the moment at which a mail was handed over, and what a deletion found on
    disk."""
    frames = book.read(*(table for table in TABLES if table is not CONSOLE))
    frames[OUTBOX] = frames[OUTBOX].drop("时间")
    other = pl.col("操作").ne_missing(BY_NAME["person_delete"].label)
    frames[RUNS] = frames[RUNS].with_columns(pl.when(other).then("说明").alias("说明"))
    return {table.name: frame.to_dicts() for table, frame in frames.items()}


@pytest.fixture
def printing_excel(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Application]]:
    """Excel is on this computer, and starts once more each time something is printed; it leaves nothing open."""
    from xlbangfu.book.pdf.excel import Excel

    windows, started = engine(), list[Application]()
    new = xlwings.App

    def start(**_: object) -> xlwings.App:
        started.append(Application())
        return new(impl=windows.App(xl=windows.COMRetryObjectWrapper(started[-1])))

    monkeypatch.setattr("xlbangfu.book.pdf.pdf_maker", Excel)
    monkeypatch.setattr(xlwings, "App", start)
    yield started
    assert [program for program in started if program.books or not program.gone] == []


@pytest.mark.parametrize("action", [*DRAWN, "quality"])
def test_what_is_drawn_comes_over_with_its_charts_in_its_place(
    both: tuple[Workbook, Path], printing_excel: list[Application], action: str
) -> None:
    opened, closed = both
    sheets, books = [sheet.name for sheet in opened.sheets], len(opened.app.books)
    opened.app.calls.clear()
    opened.app.columns_written = 0
    before = {sheet.name: sheet.state for sheet in opened.sheets}

    said = actions.perform(action, live(opened, action), CALL)

    USED[opened.app] |= {*opened.app.calls}
    views = [view.name for view in BY_NAME[action].draws]
    turned = sum(before.get(sheet.name) != sheet.state for sheet in opened.sheets)
    for_views = len(views) * A_VIEW + 4 * len(opened.sheets)
    calls = opened.app.calls
    assert calls.total() <= bound(calls, opened.app.columns_written, opened, turned) + for_views, calls.most_common(12)
    assert len(opened.app.books) == books
    assert {sheet.name for sheet in opened.sheets} == {*sheets, *views}
    if action == "pdf":
        assert len(printing_excel) == 1
        assert [path.read_bytes()[:4] for path in said.files] == [b"%PDF"] * len(said.files) != []
    if HOSTS[opened.app]:  # its twin on disk was not acted upon; the charts of WPS are those of Excel
        return
    also = actions.perform(action, ClosedBook(closed, action=action), CALL)
    assert without_place(said) == without_place(also)
    on_disk = open_workbook(Application(), closed)
    for name in views:
        there, here = on_disk.sheet(name), opened.sheet(name)
        assert (here.state, here.charts) == (VISIBLE, there.charts)
        assert {at: cell.value for at, cell in here.cells.items()} == {
            at: cell.value for at, cell in there.cells.items()
        }
    assert opened.front.name == views[-1]
    order = [sheet.name for sheet in opened.sheets if sheet.name in views or sheet.name == CONSOLE.name]
    assert order == [sheet.name for sheet in on_disk.sheets if sheet.name in order]


def test_what_a_click_wrote_is_taken_back(both: tuple[Workbook, Path], tmp_path: Path) -> None:
    opened, _ = both
    before = live(opened).read(ROSTER)[ROSTER].to_dicts()
    roster = tmp_path / "名册.csv"
    roster.write_text("学号,姓名,性别,班级\n88009,后来的,女,初一1班\n", encoding="utf-8")
    actions.perform("import", live(opened, "import"), replace(CALL, files=(roster,)))
    assert live(opened).read(ROSTER)[ROSTER].height == len(before) + 1

    actions.perform("undo", live(opened, "undo"), CALL)

    assert live(opened).read(ROSTER)[ROSTER].to_dicts() == before


def test_a_ranking_with_other_rows_is_taken_back_to_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    template.build(path, frames=sample.make(students=90, classes=3, exams=2, logs=20).frames, created=NOW)
    opened = open_workbook(Application(), path)
    actions.perform("refresh", live(opened, "refresh"), CALL)
    before = ranked_cells(opened)
    marks = live(opened)
    some = marks.read(SCORES)[SCORES].filter(pl.col("姓名").is_not_null()).tail(9)
    marks.amend(
        SCORES, some.select(*SCORES.keys, pl.lit(3.0).alias("数学"), pl.lit(None, pl.String).alias("数学·状态"))
    )
    marks.delete(SCORES, some.tail(1).select(SCORES.keys))
    marks.save()
    actions.perform("refresh", live(opened, "refresh"), CALL)
    after = ranked_cells(opened)
    assert {name for name in before if before[name] != after[name]} >= {RANKING.name, CLASS_FIGURES.name}

    actions.perform("undo", live(opened, "undo"), CALL)

    assert ranked_cells(opened) == before


def ranked_cells(opened: Workbook) -> dict[str, dict[Any, Any]]:
    """What stands in the cells of the sheets that 刷新排名 fills, the ranks by subject too."""
    sheets = {table.name: opened.sheet(table.name).cells for table in (RANKING, CLASS_FIGURES, PRIZES)}
    return {
        name: {at: cell.value for at, cell in found.items() if cell.value not in (None, "")}
        for name, found in sheets.items()
    }


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
