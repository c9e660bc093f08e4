"""The setup makes a computer ready, may run twice, and leaves alone what is not its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.support.fake_machine import FakeMachine
from xlbangfu.doctor.excel import values
from xlbangfu.doctor.machine import Interpreter, Platform
from xlbangfu.setup_machine import Place, compiling, master, set_up, shortcuts, xlwings_conf
from xlbangfu.setup_machine.place import desktop
from xlbangfu.setup_machine.step import Step


class Disk(FakeMachine):
    """A fake computer whose files are real ones."""

    def exists(self, path: Path) -> bool:
        return path.exists()

    def text(self, path: Path) -> str | None:
        return path.read_text(encoding="utf-8") if path.exists() else None


@dataclass
class Runs:
    """What was started; ``makes`` says whether PowerShell really makes the link."""

    makes: bool = False
    commands: list[Sequence[str]] = field(default_factory=list)
    more: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(self, command: Sequence[str], more: Mapping[str, str]) -> bool:
        self.commands.append(command)
        self.more.append(more)
        if self.makes and "XLB_LINK" in more:
            Path(more["XLB_LINK"]).write_bytes(b"link")
        return True


def place(home: Path, platform: Platform, run: Runs | None = None) -> Place:
    python = home / ".xlbangfu/venv" / ("Scripts/python.exe" if platform == "windows" else "bin/python")
    machine = Disk(platform=platform, home=home, interpreter=Interpreter(python, (3, 12, 0), 64))
    return Place(
        platform=platform,
        home=home,
        desktop=home / "Desktop",
        interpreter=python,
        machine=machine,
        run=run or Runs(),
    )


@pytest.fixture(autouse=True)
def _no_compiling(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "compiled" not in request.node.name:
        monkeypatch.setattr(compiling.compileall, "compile_dir", lambda *_, **__: True)


@pytest.mark.parametrize("platform", ["windows", "macos", "linux"])
def test_setup_twice_leaves_the_same_files(tmp_path: Path, platform: Platform) -> None:
    here = place(tmp_path, platform)

    first = list(set_up(here))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    second = list(set_up(here))
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    assert all(step.done and step.said.endswith("。") for step in (*first, *second))
    assert before == after
    assert tmp_path / "Desktop/帮扶总表.xlsm" in after


def test_buttons_start_this_python_whatever_the_user_is_called(tmp_path: Path) -> None:
    here = place(tmp_path / "李老师", "windows")

    xlwings_conf.write(here)

    written = (here.home / ".xlwings/xlwings.conf").read_bytes()
    interpreter, folder = written.decode("ascii").splitlines()
    assert interpreter == '"INTERPRETER_WIN","%USERPROFILE%\\.xlbangfu\\venv\\Scripts\\python.exe"'
    assert folder == '"ADD_WORKBOOK_TO_PYTHONPATH","False"'
    assert written.count(b"\r\n") == 2


def test_other_settings_of_xlwings_stay(tmp_path: Path) -> None:
    here = place(tmp_path, "windows")
    conf = tmp_path / ".xlwings/xlwings.conf"
    conf.parent.mkdir()
    conf.write_text('"LICENSE_KEY","abc"\n"INTERPRETER_WIN","C:\\old.exe"\n', encoding="utf-8")

    xlwings_conf.write(here)

    found = values(conf.read_text(encoding="utf-8"))
    assert found["LICENSE_KEY"] == "abc"
    assert found["INTERPRETER_WIN"].endswith("python.exe")


@pytest.mark.parametrize(("asked", "written"), [([True, None], "True"), ([True, False], "False"), ([None], None)])
def test_keep_alive_stays_as_it_was_last_asked_for(
    tmp_path: Path, asked: list[bool | None], written: str | None
) -> None:
    for keep_alive in asked:
        step = xlwings_conf.write(place(tmp_path, "windows"), keep_alive=keep_alive)

    found = values((tmp_path / ".xlwings/xlwings.conf").read_text(encoding="utf-8"))
    assert found.get("USE UDF SERVER") == written
    assert ("一直开着" in step.said) == (written == "True")


def test_a_mac_gets_its_configuration_in_excels_own_folder_and_the_script(tmp_path: Path) -> None:
    run = Runs()

    list(set_up(place(tmp_path, "macos", run), on_desktop=False))

    conf = tmp_path / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    assert values(conf.read_text(encoding="utf-8"))["INTERPRETER_MAC"].endswith("/.xlbangfu/venv/bin/python")
    assert run.commands[0][1:] == ["-P", "-m", "xlwings.cli", "runpython", "install"]


def test_a_script_that_could_not_be_installed_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    here = place(tmp_path, "macos", lambda *_: False)

    steps = list(set_up(here))

    assert [step.name for step in steps if not step.done] == ["启动脚本"]
    assert (tmp_path / "Desktop/帮扶总表.xlsm").exists()


def test_windows_shortcuts_are_links_where_powershell_may_make_them(tmp_path: Path) -> None:
    run = Runs(makes=True)

    shortcuts.write(place(tmp_path, "windows", run))

    assert {path.name for path in (tmp_path / "Desktop").iterdir()} == {"帮扶窗口.lnk", "帮扶体检.lnk"}
    assert run.more[0]["XLB_TARGET"].endswith("pythonw.exe")
    assert run.more[0]["XLB_ARGUMENTS"] == "-P -m xlbangfu.window"


def test_windows_shortcuts_are_batch_files_elsewhere(tmp_path: Path) -> None:
    shortcuts.write(place(tmp_path, "windows"))

    folder = tmp_path / "Desktop"
    assert (folder / "帮扶窗口.bat").read_bytes() == (
        b'@echo off\r\nstart "" "%USERPROFILE%\\.xlbangfu\\venv\\Scripts\\pythonw.exe" -P -m xlbangfu.window\r\n'
    )
    assert (folder / "帮扶体检.bat").read_bytes() == (
        b'@echo off\r\n"%USERPROFILE%\\.xlbangfu\\venv\\Scripts\\python.exe" -P -m xlbangfu.doctor --wait\r\n'
    )


def test_a_batch_file_that_cmd_would_misread_is_not_written(tmp_path: Path) -> None:
    here = replace(place(tmp_path / "张 老师", "windows"), interpreter=tmp_path / "学校/python.exe")

    step = shortcuts.write(here)

    assert not step.done
    assert "名字里有中文" in step.said
    assert list(here.desktop.iterdir()) == []


def test_mac_shortcuts_can_be_double_clicked_and_survive_a_space(tmp_path: Path) -> None:
    here = place(tmp_path / "li ming", "macos")

    shortcuts.write(here)

    path = here.desktop / "帮扶窗口.command"
    assert path.stat().st_mode & 0o111
    assert f"exec '{here.interpreter}' -P -m xlbangfu.window" in path.read_text(encoding="utf-8")


def test_a_linux_desktop_also_gets_a_way_to_open_the_master_with_its_buttons(tmp_path: Path) -> None:
    shortcuts.write(place(tmp_path, "linux"))

    entry = (tmp_path / "Desktop/打开帮扶总表.desktop").read_text(encoding="utf-8")
    assert f"-P -m xlbangfu open {tmp_path}/Desktop/帮扶总表.xlsm" in entry


def test_a_desktop_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "Desktop").write_text("", encoding="utf-8")

    steps = list(set_up(place(tmp_path, "linux")))

    assert [step.name for step in steps if not step.done] == [shortcuts.NAME, master.NAME]


def test_a_master_that_is_there_is_never_touched(tmp_path: Path) -> None:
    here = place(tmp_path, "linux")
    here.desktop.mkdir()
    book = here.desktop / "帮扶总表.xlsm"
    book.write_bytes(b"mine")

    step = master.write(here)

    assert book.read_bytes() == b"mine"
    assert "没有动它" in step.said


def test_the_master_keeps_off_a_synchronised_desktop(tmp_path: Path) -> None:
    here = place(tmp_path, "linux")
    here = Place(**{**vars(here), "desktop": tmp_path / "OneDrive/Desktop"})

    step = master.write(here)

    assert (tmp_path / "帮扶/帮扶总表.xlsm").exists()
    assert "同步盘" in step.said


def test_the_desktop_is_where_the_system_says() -> None:
    home = Path("/home/li")
    folders = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    windows = FakeMachine(values={(folders, "Desktop"): r"%USERPROFILE%\桌面"}, variables={"USERPROFILE": "C:"})
    named = FakeMachine(
        platform="linux", home=home, files={"/home/li/.config/user-dirs.dirs": 'XDG_DESKTOP_DIR="$HOME/桌 面"\n'}
    )
    chinese = FakeMachine(platform="linux", home=home, files={"/home/li/桌面": ""})

    assert desktop(windows) == Path(r"C:\桌面")
    assert desktop(named) == home / "桌 面"
    assert desktop(chinese) == home / "桌面"
    assert desktop(FakeMachine(platform="macos", home=home)) == home / "Desktop"


@pytest.mark.slow
def test_every_module_is_compiled_when_setup_is_done() -> None:
    import importlib.util

    import xlbangfu.window.app as somewhere

    compiling.write()

    assert Path(importlib.util.cache_from_source(somewhere.__file__)).exists()


def test_a_part_that_does_not_load_is_told_and_the_other_steps_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Place) -> Step:
        raise NameError("PyDataFrame")

    monkeypatch.setattr("xlbangfu.setup_machine.shortcuts.write", broken)

    steps = list(set_up(place(tmp_path, "windows")))

    assert [step.said for step in steps if not step.done and "程序出错" in step.said]
    assert any(step.done for step in steps)
