"""Every button really clicked, in a real LibreOffice on a screen of its own, in the order of a term.

What staff do by hand before and after a click (tick, choose a file, type a number, say yes) is done too, with the mouse
and the keyboard where it is a dialog. Pictures go to a temp folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.support.clicking import OpenBook, Screen, screen_in, wait_for
from tests.support.filled_page import fill_in
from xlbangfu import catalog, sample
from xlbangfu.declarations import Action
from xlbangfu.schema import (
    ABSENCES,
    APPRAISAL,
    AWARDS,
    CONTACTS,
    DROPOUT_MONTHS,
    HONOURS,
    LOG,
    OUTBOX,
    PAIRINGS,
    PLANS,
    PRIZES,
    PROGRESS,
    PROPOSALS,
    RANKING,
    RECALLS,
    ROSTER,
    RUNS,
    SCHEDULE,
    SCREENING,
    SUSPECTS,
    WEEKLY,
    Table,
)

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("XLBANGFU_REQUIRE_OFFICE") != "1" and not all(map(shutil.which, ("Xvfb", "xdotool", "import"))),
        reason="needs a virtual screen: apt-get install xvfb xdotool imagemagick",
    ),
]

BOX = "帮扶总表"
SEEN = (APPRAISAL, AWARDS, CONTACTS, HONOURS, LOG, OUTBOX, PAIRINGS, PLANS, PRIZES, PROGRESS, PROPOSALS, RANKING, ROSTER, SCHEDULE, SCREENING, WEEKLY, ABSENCES, RECALLS, SUSPECTS, DROPOUT_MONTHS)  # fmt: skip
By = Callable[[OpenBook], None]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One click: what staff do first, what they do in the dialogs that come, how often they say yes, what changes.

    ``does`` is what is noted of it, where the button passes it on to another action; a ``quiet`` one is not noted.
    """

    action: str
    does: str = ""
    quiet: bool = False
    before: By | None = None
    dialog: By | None = None
    yes: int = 0
    changes: tuple[Table, ...] = field(default=())

    @property
    def noted(self) -> Action:
        return catalog.BY_NAME[self.does or self.action]

    @property
    def shown(self) -> Action:
        return catalog.BY_NAME[self.action]


def ticked(table: Table, column: str, rows: int, **wanted: str) -> By:
    """A √ in the first rows of an output sheet that have what is wanted."""

    def tick(book: OpenBook) -> None:
        sheet = book.book.sheets[table.name]
        heads = sheet.range("A1").expand("right").value
        records = sheet.range("A2").resize(400, len(heads)).value
        places = [
            row
            for row, record in enumerate(records, start=2)
            if record[0] and all(record[heads.index(name)] == value for name, value in wanted.items())
        ]
        assert places, f"nothing to tick in {table.name}"
        for row in places[:rows]:
            sheet.range((row, heads.index(column) + 1)).value = "√"

    return tick


def choosing(path_of: Callable[[OpenBook], Path], title: str) -> By:
    """Name a file in the dialog that asks for it."""

    def choose(book: OpenBook) -> None:
        x, y, width, _ = wait_for(lambda: book.screen.window(title))
        time.sleep(1)
        book.screen.shot(title)
        book.screen.focus(title)
        book.screen.click(x + width // 2, y + 269)
        book.screen.do("type", "--delay", "30", path_of(book).name)
        book.screen.click(x + width - 58, y + 269)

    return choose


def typing(line: Callable[[OpenBook], str]) -> By:
    """Type a line into the dialog that asks for it."""

    def type_it(book: OpenBook) -> None:
        wait_for(lambda: book.screen.window(BOX))
        time.sleep(1)
        book.screen.focus(BOX)
        book.screen.do("type", "--delay", "30", line(book))
        book.screen.shot("填一行")
        book.screen.do("key", "Return")
        time.sleep(1)

    return type_it


def new_roster(book: OpenBook) -> Path:
    path = book.path.with_name("roster.csv")
    path.write_text("学号,姓名,性别,班级\n88001,新来的,男,初一1班\n", encoding="utf-8")
    return path


def filled_page(book: OpenBook) -> Path:
    """Under a name that a keyboard can type."""
    return fill_in(book.path.parent / "班级页", sample.TODAY)


def marks_corrected(book: OpenBook) -> None:
    book.book.sheets["成绩"].range("F2:F9").value = 1.0


def truant_for_three_days(book: OpenBook) -> None:
    """Three school days running, typed below what 缺勤 holds."""
    sheet, roster = book.book.sheets["缺勤"], book.book.sheets["名册"]
    end = sheet.range("A1").expand("down").rows.count
    number = roster.range("A30").value
    for place, day in enumerate((8, 9, 10), start=end + 1):
        sheet.range(f"A{place}:F{place}").value = [datetime(2026, 6, day), number, None, None, "全天", "旷课"]


def a_student(_: OpenBook) -> str:
    return "88001"


def next_term_told(book: OpenBook) -> None:
    """No days (the usual ones), no new division of classes."""
    for _ in range(2):
        wait_for(lambda: book.screen.window(BOX))
        time.sleep(1)
        book.screen.focus(BOX)
        book.screen.shot("新学期-问")
        book.screen.do("key", "Escape")
        time.sleep(1)


TERM = (
    Step(action="import", dialog=choosing(new_roster, "导入：选文件（可以多选）"), yes=1, changes=(ROSTER,)),
    Step(action="validate"),
    Step(action="refresh", changes=(RANKING, PRIZES)),
    Step(action="next", does="screen", changes=(SCREENING,)),
    Step(action="screen"),
    Step(action="screen_tick", changes=(SCREENING,)),
    Step(action="sheets_new", quiet=True),
    Step(
        action="screen_accept",
        before=ticked(SCREENING, "采纳", 3, 变化="新增", 建议类别="学困"),
        yes=1,
        changes=(ROSTER,),
    ),
    Step(action="pair", changes=(PROPOSALS,)),
    Step(action="pair_accept", before=ticked(PROPOSALS, "采纳", 2, 类型="一对一"), yes=1, changes=(PAIRINGS,)),
    Step(action="undo", changes=(PAIRINGS,)),
    Step(action="plan", yes=1, changes=(PLANS,)),
    Step(action="calendar", changes=(SCHEDULE, WEEKLY)),
    Step(action="dropouts", before=truant_for_three_days, changes=(SUSPECTS, DROPOUT_MONTHS)),
    Step(action="dropouts_accept", before=ticked(SUSPECTS, "采纳", 1, 变化="疑似"), yes=1, changes=(RECALLS,)),
    Step(action="follow", changes=(CONTACTS, PROGRESS)),
    Step(action="quality"),
    Step(action="briefing"),
    Step(action="pages"),
    Step(action="teacher_pages"),
    Step(action="run", before=marks_corrected, changes=(RANKING,)),
    Step(action="mail", changes=(OUTBOX,)),
    Step(action="send", before=ticked(OUTBOX, "发送", 2, 状态="待发"), yes=2, changes=(OUTBOX,)),
    Step(action="collect", dialog=choosing(filled_page, "收回班级页：选文件（可以多选）"), changes=(LOG,)),
    Step(action="remind"),
    Step(action="return"),
    Step(action="honours", changes=(HONOURS,)),
    Step(action="honours_accept", before=ticked(HONOURS, "采纳", 2), yes=1, changes=(AWARDS,)),
    Step(action="appraise", changes=(APPRAISAL,)),
    Step(action="slips"),
    Step(action="opinions"),
    Step(action="register"),
    Step(action="paper", dialog=typing(lambda _: "1")),
    Step(action="next_term", quiet=True, dialog=next_term_told, yes=1),
    Step(action="sheets", quiet=True),
    Step(action="sheets_school", quiet=True),
    Step(action="sheets_care", quiet=True),
    Step(action="sheets_results", quiet=True),
    Step(action="sheets_ledgers", quiet=True),
    Step(action="person_export", dialog=typing(a_student)),
    Step(action="person_delete", dialog=typing(a_student), yes=2, changes=(ROSTER,)),
)


def test_every_button_is_clicked() -> None:
    assert {*(step.action for step in TERM), "pdf"} == {action.name for action in catalog.ACTIONS}  # test_clicks_pdf


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen_in(tmp_path_factory.mktemp("截图")) as made:
        yield made


@pytest.fixture(scope="module")
def opened(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBook]:
    """The sample master in a folder with a space in its name, opened by ``xlbangfu open``."""
    folder = tmp_path_factory.mktemp("帮 扶")
    path, home = folder / "总 表.xlsm", folder / "home"
    home.mkdir()
    new = [sys.executable, "-m", "xlbangfu", "new", str(path), "--sample", "--host", "libreoffice"]
    subprocess.run([*new, "--students", "180", "--classes", "6", "--logs", "200"], check=True, capture_output=True)
    made = OpenBook(path, home, screen)
    try:
        yield made
    finally:
        made.quit()


def state(book: OpenBook) -> dict[Table, Any]:
    from xlbangfu.book.live.live_book import LiveBook

    return LiveBook(book.book).read(*SEEN, RUNS)


@pytest.mark.parametrize("step", TERM, ids=lambda step: step.action)
def test_a_click_does_what_its_button_says(opened: OpenBook, step: Step) -> None:
    click_and_look(opened, step)


def click_and_look(opened: OpenBook, step: Step) -> None:
    """A click, what it asks, and what it wrote."""
    before, opened.seen = opened.seen, None
    if step.before:
        step.before(opened)
    if step.before or before is None:
        before = state(opened)
    label = step.shown.label
    opened.click(label)
    if step.dialog:
        step.dialog(opened)
    for question in range(step.yes):
        wait_for(lambda: opened.screen.window(BOX))
        opened.screen.shot(f"{label}-问{question + 1}")
        opened.screen.confirm(BOX, leftwards=45)
    wait_for(lambda: opened.screen.window(BOX))
    opened.screen.shot(label)
    opened.screen.confirm(BOX)
    wait_for(lambda: opened.screen.window(BOX) is None)

    after = state(opened)
    assert opened.log == ""
    noted = [] if step.quiet else [step.noted.label]
    assert after[RUNS]["操作"].to_list() == [*before[RUNS]["操作"].to_list(), *noted]
    result = opened.book.sheets["控制台"].range("控制台_上次结果").value
    assert result in after[RUNS]["说明"][-1]
    if step.noted.landing and step.changes:
        assert opened.book.sheets.active.name == step.noted.landing.name
    for table in step.changes:
        assert not after[table].equals(before[table]), table.name
    for view in step.shown.draws:
        assert opened.book.sheets[view.name].range("A1").value == view.signature
    for table in step.shown.fills:
        assert opened.book.sheets[table.name].visible, table.name
    if step.shown.out and step.action not in ("send", "remind"):
        assert list((opened.path.parent / step.shown.out).iterdir())
    opened.seen = after


def test_what_the_clicks_wrote_is_there_after_saving_and_opening_again(opened: OpenBook) -> None:
    from xlbangfu.book.closed.closed_book import ClosedBook

    before = state(opened)
    opened.book.save()
    there = ClosedBook(opened.path).read(*before)
    for table in (*SEEN, RUNS):
        assert_frame_equal(there[table], before[table])  # but for the sixteenth digit, which is not saved
    opened.screen.shot("最后")
