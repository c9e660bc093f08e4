"""Every button really clicked, in a real LibreOffice on a screen of its own. Pictures go to a temp folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.clickable import CLICKED, FILLED
from tests.clicking import OpenBook, Screen, screen_in, wait_for
from xlbangfu import catalog
from xlbangfu.schema import CLASS_FIGURES, PRIZES, PROBLEMS, RANKING, ROSTER, RUNS, SCORES, Table

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("XLBANGFU_REQUIRE_OFFICE") != "1" and not all(map(shutil.which, ("Xvfb", "xdotool", "import"))),
        reason="needs a virtual screen: apt-get install xvfb xdotool imagemagick",
    ),
]

BOX, PICKER = "帮扶总表", "导入：选文件（可以多选）"
CHANGES: dict[str, tuple[Table, ...]] = {
    "import": (ROSTER,),
    "refresh": (RANKING, PRIZES, CLASS_FIGURES),
    "run": (RANKING, CLASS_FIGURES),
    "undo": (RANKING, CLASS_FIGURES),
}


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
    subprocess.run([*new, "--students", "240", "--classes", "6", "--exams", "2"], check=True, capture_output=True)
    made = OpenBook(path, home, screen)
    try:
        yield made
    finally:
        made.quit()


def state(book: OpenBook) -> dict[Table, Any]:
    from xlbangfu.book.live import LiveBook

    return LiveBook(book.book).read(RANKING, PRIZES, CLASS_FIGURES, PROBLEMS, ROSTER, SCORES, RUNS)


def choose_a_roster(book: OpenBook) -> None:
    """What staff do after the click on 导入: name the file, see what it holds, agree."""
    path = book.path.with_name("roster.csv")
    path.write_text("学号,姓名,性别,班级\n88001,新来的,男,初一1班\n", encoding="utf-8")
    x, y, width, _ = wait_for(lambda: book.screen.window(PICKER))
    time.sleep(1)
    book.screen.shot("导入-选文件")
    book.screen.focus(PICKER)
    book.screen.click(x + width // 2, y + 269)
    book.screen.do("type", "--delay", "30", "roster.csv")
    book.screen.click(x + width - 58, y + 269)
    wait_for(lambda: book.screen.window(BOX))
    book.screen.shot("导入-先看清楚")
    book.screen.confirm(BOX, leftwards=45)


@pytest.mark.parametrize("action", CLICKED, ids=lambda action: action.name)
def test_a_click_does_what_its_button_says(opened: OpenBook, action: catalog.Action) -> None:
    if action.name == "run":
        opened.book.sheets["成绩"].range("F2:F9").value = 1.0  # staff correct marks before they run it all again
    before = state(opened)
    opened.click(action.label)
    if action.name == "import":
        choose_a_roster(opened)

    wait_for(lambda: opened.screen.window(BOX))
    opened.screen.shot(action.label)
    opened.screen.confirm(BOX)
    wait_for(lambda: opened.screen.window(BOX) is None)

    after = state(opened)
    done = after[RUNS]["操作"].to_list()
    assert done == [*before[RUNS]["操作"].to_list(), action.label], opened.log
    result = opened.book.sheets["控制台"].range("控制台_上次结果").value
    assert result in after[RUNS]["说明"][-1]
    assert opened.log == ""
    for table in CHANGES.get(action.name, ()):
        assert not after[table].equals(before[table]), table.name
    for table in FILLED.intersection(action.fills):
        assert opened.book.sheets[table.name].visible, table.name
    if action.out:
        assert list((opened.path.parent / action.out).iterdir())


def test_what_the_clicks_wrote_is_there_after_saving_and_opening_again(opened: OpenBook) -> None:
    from xlbangfu.book.closed import ClosedBook

    before = state(opened)
    opened.book.save()
    there = ClosedBook(opened.path).read(*before)
    for table in (RANKING, PRIZES, CLASS_FIGURES, PROBLEMS, ROSTER, SCORES, RUNS):
        assert_frame_equal(there[table], before[table])  # but for the sixteenth digit, which is not saved
    opened.screen.shot("最后")
