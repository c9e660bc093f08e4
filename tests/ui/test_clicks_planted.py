"""A real click on a workbook in a folder where code lies that should never run, and on one that would start other programs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clicking import OpenBook, Screen, screen_in, wait_for
from tests.support.planted_modules import BESIDE, imported, plant
from tests.ui.test_clicks import BOX, pytestmark  # noqa: F401 - the marks hold here too


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen_in(tmp_path_factory.mktemp("截图")) as made:
        yield made


@pytest.fixture
def opened(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenBook]:
    """Opened by ``xlbangfu open`` in the folder of the workbook, so that it is LibreOffice's folder, too."""
    folder, home = plant(tmp_path / "帮 扶", BESIDE), tmp_path / "home"
    home.mkdir()
    path = folder / "总表.xlsm"
    new = [sys.executable, "-P", "-m", "xlbangfu", "new", str(path), "--sample", "--host", "libreoffice"]
    subprocess.run([*new, "--students", "60", "--classes", "2", "--exams", "1"], check=True, capture_output=True)
    monkeypatch.chdir(folder)
    made = OpenBook(path, home, screen)
    try:
        yield made
    finally:
        made.quit()


def closed_box(opened: OpenBook, picture: str) -> None:
    wait_for(lambda: opened.screen.window(BOX), 30)
    time.sleep(0.5)
    opened.screen.shot(picture)
    opened.screen.focus(BOX)
    opened.screen.do("key", "Return")
    wait_for(lambda: opened.screen.window(BOX) is None, 20)


def test_what_lies_beside_the_workbook_is_not_imported(opened: OpenBook) -> None:
    opened.click("校验")
    closed_box(opened, "旁边有代码")

    assert imported(opened.path.parent) == []
    assert opened.runs() == ["校验"]


def test_a_workbook_with_a_sheet_that_names_another_interpreter_is_refused(opened: OpenBook) -> None:
    before = opened.runs()
    opened.book.sheets.add("xlwings.conf")
    opened.book.sheets["控制台"].activate()
    opened.click("校验")
    closed_box(opened, "有xlwings.conf")

    assert opened.runs() == before
    assert not opened.path.with_name("备份").exists()
