"""What a click leaves behind in the open workbook: copies that are what they say, nothing for Ctrl+Z, words on saving."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xlbangfu import actions, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import backup
from xlbangfu.cli import main
from xlbangfu.errors import WriteFailed
from xlbangfu.schema import ROSTER, RUNS

pytestmark = [pytest.mark.office, pytest.mark.slow]
NOW = datetime(2026, 6, 30, 10, 0)
CALL = Call(user="测试", now=NOW, agrees=lambda _: True, clock=lambda: 0.0)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("总表") / "总表.xlsm"
    school = sample.make(students=40, classes=2, exams=2, logs=10, seed=3, with_problems=False)
    template.build(path, frames=school.frames, host="libreoffice", created=NOW)
    return path


@pytest.fixture
def book(office: Any, master: Path, tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / master.name
    shutil.copy(master, path)
    made = office.books.open(path)
    yield made
    made.close()


def click(book: Any, action: str = "validate", *, host: Any = None) -> list[str]:
    """An action as a button does it; what is told of the workbook."""
    from xlbangfu.book.live import after_click
    from xlbangfu.book.live.live_book import LiveBook

    with LiveBook(book, action=action, host=host) as live:
        actions.perform(action, live, CALL)
        return after_click.finish(live)


def copies(book: Any) -> list[backup.Backup]:
    return backup.backups(Path(book.fullname))


def type_into(book: Any, sheet: str, cell: str, value: Any) -> None:
    """As staff do, so that the program's own undo knows it."""
    manager = book.api.getUndoManager()
    book.sheets[sheet].range(cell).value = value
    if not manager.isUndoPossible():
        manager.enterUndoContext("输入")
        book.sheets[sheet].range(cell).color = (255, 255, 0)
        manager.leaveUndoContext()
    assert manager.isUndoPossible()


def settings_row(book: Any, name: str) -> int:
    column = book.sheets["设置"].used_range.options(ndim=2).value
    return [row[0] for row in column].index(name) + 1


def test_a_copy_of_a_saved_workbook_is_the_state_before_the_click(book: Any) -> None:
    before = Path(book.fullname).read_bytes()
    click(book)
    (copy,) = copies(book)

    assert (copy.action, copy.saved) == ("validate", None)
    assert copy.path.read_bytes() == before


def test_what_was_only_saved_before_is_called_so_and_kept_once(book: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(book.fullname)
    for _ in range(3):
        click(book)
    (copy,) = copies(book)
    saved = datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)

    assert copy.saved == saved
    book.save()
    assert main(["restore", str(path)]) == 0
    assert f"“校验”之前上次保存的样子（{saved:%Y-%m-%d %H:%M:%S}）" in capsys.readouterr().out


def test_a_copy_of_a_changed_workbook_calculates_by_itself(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlbangfu.book.live.host import LibreOffice

    seen: list[str] = []

    class Swift(LibreOffice):
        swift = True

        def save_copy(self, book: Any, path: Path) -> None:
            seen.append(book.app.calculation)
            super().save_copy(book, path)

    book.sheets["名册"].range("B2").value = "没存过的"
    click(book, host=Swift())

    (copy,) = copies(book)
    assert seen == ["automatic"]
    assert copy.saved is None
    assert ClosedBook(copy.path).read(ROSTER)[ROSTER]["姓名"][0] == "没存过的"


def test_a_program_that_cannot_copy_what_is_open_keeps_what_was_saved_and_says_so(book: Any) -> None:
    from xlbangfu.book.live.host import LibreOffice

    class AsOnMac(LibreOffice):
        swift, copies_open_state = True, False

    book.sheets["名册"].range("B2").value = "没存过的"
    click(book, host=AsOnMac())

    (copy,) = copies(book)
    assert copy.saved is not None
    assert ClosedBook(copy.path).read(ROSTER)[ROSTER]["姓名"][0] != "没存过的"


@pytest.mark.parametrize("action", ["validate", "refresh"])
def test_ctrl_z_has_nothing_of_a_click_and_nothing_from_before_it(book: Any, action: str) -> None:
    type_into(book, "活动", "C40", "备课")
    lines = click(book, action)
    manager = book.api.getUndoManager()

    assert not manager.isUndoPossible()
    assert not manager.isLocked()
    assert book.sheets["活动"].range("C40").value == "备课"
    assert "Ctrl+Z 退不回按钮做的；要退回，点“撤销上次”。" in lines
    type_into(book, "活动", "C41", "又写")
    manager.undo()


def test_undo_is_unlocked_also_where_the_writing_fails(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlbangfu.book.live import named_ranges

    def refuse(*_: object) -> None:
        raise WriteFailed("不写。")

    monkeypatch.setattr(named_ranges, "write", refuse)
    with pytest.raises(WriteFailed):
        click(book)
    assert not book.api.getUndoManager().isLocked()


def test_staff_hear_and_read_that_it_is_not_saved(book: Any) -> None:
    lines = click(book)

    assert lines[0] == "还没有保存，按 Ctrl+S。"
    assert "点的“校验”，按 Ctrl+S 才存进文件" in book.sheets["控制台"].range("控制台_保存").value
    assert ClosedBook(Path(book.fullname)).read(RUNS)[RUNS].height == 0


def test_a_workbook_that_saves_itself_is_on_the_disk_after_the_click(book: Any) -> None:
    book.sheets["设置"].range(f"B{settings_row(book, '点完自动保存')}").value = "是"
    lines = click(book)
    path = Path(book.fullname)

    assert lines[0] == "已经存进文件。"
    assert not book.api.isModified()
    assert "已经存进文件" in book.sheets["控制台"].range("控制台_保存").value
    assert ClosedBook(path).read(RUNS)[RUNS]["操作"].to_list() == ["校验"]


def test_where_saving_fails_staff_hear_that_it_is_not_saved(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlbangfu.book.live.host import LibreOffice

    def refuse(*_: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(LibreOffice, "save", refuse)
    book.sheets["设置"].range(f"B{settings_row(book, '点完自动保存')}").value = "是"
    lines = click(book)

    assert lines[0].startswith("自动保存没有存成（")
    assert lines[0].endswith("还没有保存，按 Ctrl+S。")
    assert "按 Ctrl+S 才存进文件" in book.sheets["控制台"].range("控制台_保存").value


def test_on_the_disk_the_front_page_says_that_it_is_saved(master: Path, tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    shutil.copy(master, path)
    actions.perform("validate", ClosedBook(path, action="validate"), CALL)
    import openpyxl

    workbook = openpyxl.load_workbook(path)
    ((sheet, cell),) = workbook.defined_names["控制台_保存"].destinations
    assert workbook[sheet][cell.replace("$", "")].value == "2026-06-30 10:00 已经存进文件"


def test_a_profile_that_is_there_keeps_its_settings_and_asks_for_no_format(tmp_path: Path) -> None:
    from xlbangfu.book.libreoffice.office_process import _prepare

    settings = tmp_path / "user" / "registrymodifications.xcu"
    settings.parent.mkdir()
    own = '<item oor:path="/org.openoffice.UserProfile/Data"><prop oor:name="sn"><value>李</value></prop></item>'
    settings.write_text(f'<?xml version="1.0"?><oor:items xmlns:oor="o">{own}</oor:items>', encoding="utf-8")
    for _ in range(2):
        _prepare(tmp_path)

    text = settings.read_text(encoding="utf-8")
    assert own in text
    assert text.count('oor:name="WarnAlienFormat" oor:op="fuse"><value>false</value>') == 1
    assert text.endswith("</oor:items>")
