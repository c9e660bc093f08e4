"""What staff hear after a click: one sentence and the next step, whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from xlbangfu import actions, buttons
from xlbangfu.actions import Outcome
from xlbangfu.book.safety.atomic_save import count_save
from xlbangfu.errors import BookLocked, FilesNotPlaced, ProgramGone, WriteFailed

pytest.importorskip("xlwings")

from xlbangfu.book.live import host_ui
from xlbangfu.book.live.live_book import LiveBook


class FakeHost:
    """A program that is busy for the first calls."""

    name, swift = "Excel", True

    def __init__(self, busy: int = 0) -> None:
        self.busy = busy
        self.calls = 0

    def is_busy(self, error: BaseException) -> bool:
        return str(error) == "busy"

    def is_gone(self, error: BaseException) -> bool:
        return str(error) == "gone"

    def is_refusal(self, error: BaseException) -> bool:
        return str(error) == "refused"

    def is_read_only(self, _: Any) -> bool:
        self.calls += 1
        if self.calls <= self.busy:
            raise RuntimeError("busy")
        return False


class FakeApp:
    status_bar: Any = False


class FakeBook:
    """As much of an xlwings book as a button asks for before the action."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self.fullname = str(path)
        self.app = FakeApp()


class FakeUI:
    host: Any = None

    def __init__(self, path: Path) -> None:
        self.book: Any = FakeBook(path)
        self.heard: list[tuple[str, bool]] = []
        self.stood_on = ""

    def say(self, text: str, *, failed: bool = False) -> None:
        self.heard.append((text, failed))

    def look_at(self, sheet: str) -> None:
        self.stood_on = sheet

    def agrees(self, _: str) -> bool:
        return False

    def asks(self, _: str) -> str:
        return ""

    def choose_files(self, _title: str, _patterns: Sequence[str]) -> list[Path]:
        return []


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeUI:
    made = FakeUI(tmp_path / "总表.xlsm")
    monkeypatch.setattr(host_ui, "host_ui_of", lambda *_: made)
    monkeypatch.setattr("xlbangfu.book.live.live_book.host_of", lambda _: FakeHost())
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return made


def doing(monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
    monkeypatch.setattr(actions, "perform", lambda *_, **__: what())


def test_a_result_is_a_sentence_and_the_next_step(sitting: FakeUI, monkeypatch: pytest.MonkeyPatch) -> None:
    doing(monkeypatch, lambda: Outcome(action="refresh", sentence="排好了。", next_step="看“排名”。"))
    assert buttons.run("refresh") == 0
    assert sitting.heard == [("排好了。\n下一步：看“排名”。", False)]


@pytest.mark.parametrize(
    ("outcome", "sheet"),
    [
        (Outcome(action="refresh", sentence="", next_step="", rows=3), "排名"),
        (Outcome(action="refresh", sentence="", next_step=""), ""),  # nothing came of it
        (Outcome(action="plan", sentence="", next_step="", rows=3), "计划"),
        (Outcome(action="import", sentence="", next_step="", rows=3), "名册"),
        (Outcome(action="import", sentence="", next_step="", asked=True), "导入核对"),
        (Outcome(action="pages", sentence="", next_step="", rows=3), ""),  # files, no sheet
        (Outcome(action="next", sentence="", next_step="", sheet="班级"), "班级"),
    ],
)
def test_staff_stand_on_the_sheet_that_was_filled(
    outcome: Outcome, sheet: str, sitting: FakeUI, monkeypatch: pytest.MonkeyPatch
) -> None:
    doing(monkeypatch, lambda: outcome)
    monkeypatch.setattr(sitting, "choose_files", lambda *_: [Path("名册.csv")])

    assert buttons.run(outcome.action) == 0
    assert sitting.stood_on == sheet


def test_what_has_no_next_step_says_none(sitting: FakeUI, monkeypatch: pytest.MonkeyPatch) -> None:
    doing(monkeypatch, lambda: Outcome(action="sheets", sentence="打开了。", next_step=""))

    assert buttons.run("sheets") == 0
    assert sitting.heard == [("打开了。", False)]


@dataclass
class Open:
    """A workbook of the office, as the desk sees it."""

    fullname: str

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def api(self) -> Open:
        return self

    def getURL(self) -> str:
        return Path(self.fullname).as_uri()


class Books(list[Open]):
    @property
    def active(self) -> Open:
        return self[-1]


def found(location: str, *opened: str) -> str:
    made = object.__new__(host_ui.OfficeUI)
    made.app = SimpleNamespace(books=Books(map(Open, opened)))
    return made._called(location).fullname


def test_the_workbook_of_the_button_is_taken_and_not_the_one_in_front() -> None:
    mine, other = "/甲 校（一）/总表.xlsm", "/乙/总表.xlsm"
    assert found(mine, mine, other) == mine
    assert found(Path(mine).as_uri(), mine, other) == mine
    assert found("帮扶.xlsm", "/甲/帮扶.xlsm", other) == "/甲/帮扶.xlsm"  # all that LibreOffice may tell
    assert found("总表.xlsm", mine, other) == other
    with pytest.raises(BookLocked, match="已经关掉或另存"):
        found(mine, other)


def test_a_refusal_is_said_as_it_is(sitting: FakeUI, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise BookLocked("正在编辑单元格，请按回车。")

    doing(monkeypatch, refuse)
    assert buttons.run("refresh") == 2
    assert sitting.heard == [("正在编辑单元格，请按回车。", True)]


def test_a_fault_of_ours_goes_to_the_log_and_to_staff_as_a_sentence(
    sitting: FakeUI, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    doing(monkeypatch, lambda: 1 // 0)
    assert buttons.run("refresh") == 2
    ((said, failed),) = sitting.heard
    assert failed
    assert "错误.log" in said
    assert "ZeroDivisionError" in (tmp_path / ".xlbangfu" / "错误.log").read_text(encoding="utf-8")
    assert sitting.book.app.status_bar is False


def test_a_macro_of_another_version_is_told_so(sitting: FakeUI) -> None:
    assert buttons.run("dance") == 2
    assert "体检" in sitting.heard[0][0]


def test_an_import_without_files_says_nothing_and_writes_nothing(sitting: FakeUI) -> None:
    assert buttons.run("import") == 0
    assert sitting.heard == []


def test_a_busy_program_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbangfu.book.live.live_book._PAUSE", 0)
    host: Any = FakeHost(busy=3)
    book: Any = FakeBook(tmp_path / "总表.xlsm")
    LiveBook(book, host=host).check_free()
    assert host.calls == 4


def test_a_program_that_stays_busy_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlbangfu.book.live.live_book.PATIENCE", 0)
    host: Any = FakeHost(busy=10**9)
    book: Any = FakeBook(tmp_path / "总表.xlsm")
    with pytest.raises(BookLocked, match="按回车结束编辑"):
        LiveBook(book, host=host).check_free()


def test_long_import_lines_fit_into_a_message_box() -> None:
    done = Outcome(action="import", sentence="好。", next_step="看。", details=tuple("一" * 40))
    said = buttons._message(done, Path("无.xlsm"))
    assert len(said.splitlines()) == 18
    assert "另有 25 行" in said


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (
            FilesNotPlaced("班级页", "“初一1班.xlsx”写不了", "请关掉它。"),
            "总表已写好；班级页没有放好：“初一1班.xlsx”写不了；请关掉它。",
        ),
        (WriteFailed("备份写不了。"), "总表已经写好，后面的没有做完：备份写不了。"),
        (ProgramGone("Excel 在中途关掉了。"), "Excel 在中途关掉了。"),
    ],
)
def test_what_went_wrong_after_the_sheets_were_written_is_told_apart(
    problem: Exception, sentence: str, sitting: FakeUI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written() -> None:
        count_save(Path(sitting.book.fullname))
        raise problem

    doing(monkeypatch, written)
    assert buttons.run("run") == 2
    assert sitting.heard == [(sentence, True)]
