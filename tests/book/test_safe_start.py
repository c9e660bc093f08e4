"""No code from the workbook or its folder: what lies beside it is never imported, whichever way a click starts Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.excel_start import as_run_here, clicked, kept_alive, module
from tests.support.planted_modules import BESIDE, imported, plant
from xlbangfu.book import template
from xlbangfu.windows_programs import POWERSHELL, system_program

NOW = datetime(2026, 9, 1)
SHOW = "import json, sys; import polars, csv, secrets; print(json.dumps(sys.path))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of staff's with a workbook, and with modules that should not be there."""
    made = plant(tmp_path / "帮 扶", BESIDE)
    template.build(made / "总表.xlsm", host="libreoffice", created=NOW)
    return made


def ran(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command started in a folder, as Python is there that knows no PYTHONSAFEPATH."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    return subprocess.run(
        command, cwd=folder, env=environment | more, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_what_is_planted_would_be_imported(folder: Path) -> None:
    ran([sys.executable, "-c", "import polars"], folder)

    assert imported(folder) == ["polars"]


def test_a_command_that_is_typed_in_the_folder_of_the_workbook(folder: Path) -> None:
    done = ran([sys.executable, "-m", "xlbangfu", "validate", "总表.xlsm", "--json"], folder)

    assert imported(folder) == []
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["action"] == "validate"


@pytest.mark.parametrize("options", [("-P", "-m"), ("-m",)], ids=["macros of today", "macros of earlier versions"])
def test_the_buttons_of_libreoffice(folder: Path, options: tuple[str, ...]) -> None:
    """There is no LibreOffice on the pipe, which is said; all that a click imports before is looked for."""
    done = ran([sys.executable, *options, "xlbangfu.buttons", "validate", "nobody", "总表.xlsm"], folder)

    assert imported(folder) == []
    assert done.returncode == 2


@pytest.mark.parametrize("name", ["xlbangfu.doctor", "xlbangfu.setup_machine", "xlbangfu.window"])
def test_what_shortcuts_and_installers_start(folder: Path, name: str, tmp_path: Path) -> None:
    words = {"xlbangfu.setup_machine": ["--no-desktop"], "xlbangfu.window": ["--help"]}.get(name, [])
    if name == "xlbangfu.setup_machine":
        stop_compiling = "import compileall; compileall.compile_dir = print\n"
        start = f"{stop_compiling}import runpy; runpy.run_module({name!r}, run_name='__main__', alter_sys=True)"
        ran([sys.executable, "-P", "-c", start, *words], folder, HOME=str(tmp_path))
    else:
        ran([sys.executable, "-P", "-m", name, *words], folder, HOME=str(tmp_path), DISPLAY="")

    assert imported(folder) == []


def test_importing_the_program_leaves_the_path_of_a_script_or_notebook_alone(folder: Path) -> None:
    done = ran(
        [sys.executable, "-c", "import sys; before = [*sys.path]; import xlbangfu; assert sys.path == before"], folder
    )

    assert done.returncode == 0, done.stderr


def test_a_click_in_excel(folder: Path) -> None:
    done = ran(as_run_here(clicked(SHOW)), folder)

    assert imported(folder) == []
    assert str(folder) not in json.loads(done.stdout)


def test_a_python_that_excel_keeps_for_the_next_click(folder: Path) -> None:
    done = ran(as_run_here(kept_alive().replace("import xlwings; xlwings.serve('$(CLSID)')", SHOW)), folder)

    assert imported(folder) == []
    assert str(folder) not in json.loads(done.stdout)


def test_programs_of_windows_are_started_by_their_full_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", r"D:\Win")

    assert system_program(POWERSHELL) == r"D:\Win\System32\WindowsPowerShell\v1.0\powershell.exe"


def test_windows_is_never_asked_to_find_a_program_of_excels_click() -> None:
    """Windows looks for a program in the current folder first, which may be the workbook's."""
    assert clicked("pass", python="") == "not started"
    assert clicked("pass").startswith(r"C:\Of ComSpec /C ")
    assert 'GetConfig("INTERPRETER", "python' not in module()


def test_the_macros_read_the_settings_of_the_user_and_of_nothing_else() -> None:
    asked = [line.strip() for line in module().splitlines() if line.strip().startswith("If source =")]

    assert asked == [
        'If source = "sheet" Then',
        'If source = "directory" Then',
        'If source = "" Or source = "user" Then',
    ]
    assert "prepare_sys_path(" not in module()
    assert 'ParameterString = "false"\n' in module()
    assert "uses_embedded_code = True\n" not in module()
