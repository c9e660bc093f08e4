"""Buttons in a running WPS: Python finds it and the workbook, and says in a sentence what this WPS does not answer.

WPS is the fake Excel under WPS's name; a member that it lacks fails as pywin32 tells it. WPS itself has not run this.
"""

from __future__ import annotations

import json
import os
import sys
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.fake_excel import Application, Workbook, another, com_error, open_workbook
from tests.support.fake_excel.engine import SHOWN, engine
from xlbangfu import sample, wps_click
from xlbangfu.book import template
from xlbangfu.book.live import wps
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.errors import BadArgument, BookLocked
from xlbangfu.schema import PROBLEMS, ROSTER

NOW = datetime(2026, 6, 30, 10, 0)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("总表") / "总表.xlsm"
    school = sample.make(students=60, classes=2, exams=2, logs=20)
    template.build(path, frames=school.frames, host="wps", created=NOW)
    return open_workbook(Application("WPS 表格"), path)


@pytest.fixture
def opened(master: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """A WPS of the test's own with the master open, and a folder of the user's own."""
    engine()
    book = another(master)
    book.path = tmp_path / "帮扶 2026" / master.path.name
    book.path.parent.mkdir()
    book.path.write_bytes(master.path.read_bytes())
    book.full_name = str(book.path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "张 老师")
    wps_click.folder().mkdir(parents=True)
    runs(monkeypatch, {"Ket.Application": book.app})
    SHOWN.clear()
    return book


def runs(monkeypatch: pytest.MonkeyPatch, programs: dict[str, Application]) -> None:
    """What pywin32 finds running."""

    def active(name: str) -> Application:
        if name not in programs:
            raise com_error(-2147221021, "操作无法使用")
        return programs[name]

    client = ModuleType("win32com.client")
    client.__dict__["GetActiveObject"] = active
    monkeypatch.setitem(sys.modules, "win32com", ModuleType("win32com"))
    monkeypatch.setitem(sys.modules, "win32com.client", client)


def request(action: str, workbook: object, number: str = "17") -> str:
    (wps_click.folder() / f"{number}.json").write_text(json.dumps({"action": action, "workbook": str(workbook)}))
    return number


def test_a_click_runs_the_action_in_the_workbook_and_says_what_happened(opened: Workbook) -> None:
    opened.sheet(ROSTER.name).cells[3, ROSTER.names.index("姓名") + 1].value = None

    assert wps_click.run(request("validate", opened.path)) == 0

    assert "1 个错误" in SHOWN[0] and "下一步：" in SHOWN[0]
    assert opened.sheet(PROBLEMS.name).cells[2, 1].value == "错误"
    assert list(wps_click.folder().iterdir()) == []


@pytest.mark.parametrize("name", wps.PROGRAMS)
def test_old_and_new_versions_are_found(opened: Workbook, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    runs(monkeypatch, {name: opened.app})
    assert wps_click.run(request("validate", opened.path)) == 0


def test_slashes_and_capitals_of_the_path_do_not_matter(opened: Workbook) -> None:
    opened.full_name = str(opened.path)
    other = str(opened.path).replace("总表.xlsm", "总表.XLSM").replace("/", "\\")
    assert wps.WpsUI(other).book.name == "总表.xlsm"


def test_the_workbook_of_the_button_is_taken_not_the_one_in_front(opened: Workbook, tmp_path: Path) -> None:
    other = deepcopy(opened)
    other.app, other.full_name = opened.app, str(tmp_path / "别的" / "总表.xlsm")
    opened.app.books.insert(0, other)
    assert wps.WpsUI(str(opened.path)).book.fullname == str(opened.path)


def test_a_workbook_that_was_closed_meanwhile_is_told(opened: Workbook, tmp_path: Path) -> None:
    with pytest.raises(BookLocked, match=r"“不在的\.xlsm”已经关掉或另存了"):
        wps.WpsUI(str(tmp_path / "不在的.xlsm"))


def test_no_running_wps_is_told(
    opened: Workbook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, {})
    assert wps_click.run(request("validate", opened.path)) == 2
    assert "没有找到正在运行的 WPS 表格" in capsys.readouterr().err


@pytest.mark.parametrize("lacking", ["Hwnd", "Workbooks", "FullName"])
def test_a_wps_that_can_not_be_worked_with_is_told_before_anything_is_read(opened: Workbook, lacking: str) -> None:
    opened.app.lacking = frozenset({lacking})
    with pytest.raises(BookLocked, match=f"没有程序要用的“{lacking}”"):
        wps.WpsUI(str(opened.path))


@pytest.mark.parametrize("lacking", ["UsedRange", "MergeCells", "NumberFormat", "Names", "Calculation", "Visible"])
def test_a_member_that_does_not_answer_is_told_and_nothing_stays_half_written(opened: Workbook, lacking: str) -> None:
    before = {sheet.name: deepcopy(sheet.cells) for sheet in opened.sheets}
    opened.app.lacking = frozenset({lacking})

    assert wps_click.run(request("validate", opened.path)) == 2

    (said,) = SHOWN
    assert f"这一版 WPS 没有程序要用的“{lacking}”，已改的部分都退回了；请更新 WPS" in said
    values = {name: {place: cell.value for place, cell in cells.items()} for name, cells in before.items()}
    now = {sheet.name: {place: cell.value for place, cell in sheet.cells.items()} for sheet in opened.sheets}
    assert {name: {place: now[name].get(place) for place in values[name]} for name in values} == values


@pytest.mark.parametrize("lacking", ["AutoCorrect", "AutoFillFormulasInLists", "ClearHyperlinks", "FilterMode"])
def test_what_staff_lose_nothing_by_is_done_without(opened: Workbook, lacking: str) -> None:
    opened.sheet(ROSTER.name).cells[3, ROSTER.names.index("姓名") + 1].value = None
    opened.app.lacking = frozenset({lacking})

    assert wps_click.run(request("validate", opened.path)) == 0
    assert opened.sheet(PROBLEMS.name).cells[2, 1].value == "错误"


@pytest.mark.parametrize("number", ["", "18", "..", "17.json", "-17", "１８"])
def test_a_request_that_is_not_there_is_told(opened: Workbook, number: str) -> None:
    request("validate", opened.path)
    with pytest.raises(BadArgument, match="没有读到 WPS 里点了哪个按钮"):
        wps_click.take(number)


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", '{"action": "validate"}', "\\xff"])
def test_a_request_that_says_nothing_is_told(opened: Workbook, content: str) -> None:
    (wps_click.folder() / "17.json").write_text(content)
    with pytest.raises(BadArgument, match="没有读到"):
        wps_click.take("17")


def test_an_action_that_does_not_exist_is_told(opened: Workbook) -> None:
    assert wps_click.run(request("format_disk", opened.path)) == 2
    assert "没有“format_disk”这个操作" in SHOWN[0]


def test_requests_that_nobody_took_are_cleared_away(opened: Workbook) -> None:
    request("validate", opened.path, "1")
    os.utime(wps_click.folder() / "1.json", (0, 0))
    wps_click.take(request("validate", opened.path, "2"))
    assert list(wps_click.folder().iterdir()) == []


def test_the_windows_engine_is_handed_the_workbook_under_its_own_host(opened: Workbook) -> None:
    ui: Any = wps.WpsUI(str(opened.path))
    book = LiveBook(ui.book, host=ui.host)
    assert (book.host.name, book.path) == ("WPS", opened.path)
    assert book.read(ROSTER)[ROSTER].height == 60
