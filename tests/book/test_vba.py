"""The VBA of the buttons: it says what the catalogue says, compiles, and speaks Chinese on every machine."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba import ExcelFile
from pyopenvba.interpreter import Interpreter
from xlsxwriter import Workbook

from xlbangfu import catalog
from xlbangfu.book.macros import vba
from xlbangfu.declarations import Action
from xlbangfu.errors import BangfuError

ROOT = Path(__file__).parents[2]
NOT_STARTED = "没有做成，总表没有改动：找不到 Python 或 xlbangfu，请先运行“体检”（xlbangfu doctor）。"
HOSTS: tuple[vba.Host, ...] = ("excel", "libreoffice")
OURS = sorted({name for names in vba.MODULES.values() for name in names})
REMEMBER = """
Public heard As String
Public Sub Remember(ByVal what As String)
    heard = what
End Sub
Public Function Heard_() As String
    Heard_ = heard
End Function
"""


def interpreter(*modules: str) -> Interpreter:
    machine = Interpreter()
    machine.add_module(REMEMBER, name="Remembering")
    for number, source in enumerate(modules):
        machine.add_module(vba.ascii_source(source), name=f"Module{number}")
    return machine


def modules_in(project: bytes, folder: Path) -> dict[str, str]:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        workbook.add_worksheet()
        workbook.add_vba_project(BytesIO(project), is_stream=True)
    path = folder / "book.xlsm"
    path.write_bytes(content.getvalue())
    with ExcelFile(path) as book:
        return dict(book.vba_modules())


def test_every_action_has_one_sub_and_every_sub_an_action() -> None:
    subs = re.findall(r"^Public Sub (\w+)\(\)\s+Launch \"(\w+)\"\s+End Sub$", vba.macro_text("Buttons"), re.MULTILINE)
    assert subs == [(action.macro, action.name) for action in catalog.ACTIONS]


@pytest.mark.parametrize("action", catalog.ACTIONS, ids=lambda action: action.name)
def test_a_button_reaches_the_launcher_with_the_name_of_its_action(action: Action) -> None:
    launcher = "Public Sub Launch(ByVal action As String)\n    Remember action\nEnd Sub"
    machine = interpreter(vba.macro_text("Buttons"), launcher)
    machine.run(action.macro)
    assert machine.run("Heard_", []) == action.name


def test_the_excel_launcher_runs_python_through_xlwings() -> None:
    xlwings = "Public Function RunPython(command As String)\n    Remember command\nEnd Function"
    machine = interpreter(vba.macro_text("LaunchExcel"), xlwings)
    machine.run("Launch", ["refresh"])
    assert machine.run("Heard_", []) == "import xlbangfu.buttons; xlbangfu.buttons.run('refresh')"


def test_a_failed_start_is_said_in_one_chinese_sentence_and_never_in_the_debugger() -> None:
    broken = """
Public Function RunPython(command As String)
    Err.Raise 53
End Function
Public Function MsgBox(ByVal text, ByVal style, ByVal title)
    Remember title & text
End Function"""
    machine = interpreter(vba.macro_text("LaunchExcel"), broken)
    machine.run("Launch", ["refresh"])
    said = machine.run("Heard_", [])
    assert said == "帮扶总表" + NOT_STARTED


def test_a_libreoffice_that_was_not_started_by_us_is_told_the_command() -> None:
    office = """
Public Function Environ(ByVal name As String) As String
    Environ = ""
End Function
Public Function MsgBox(ByVal text, ByVal style, ByVal title)
    Remember text
End Function"""
    machine = interpreter(vba.macro_text("LaunchLibreOffice"), office)
    machine.run("Launch", ["refresh"])
    assert machine.run("Heard_", []) == "请先保存并关闭总表，再用命令 xlbangfu open 打开它，按钮才能用。"


OFFICE = """
Public Function Environ(ByVal name As String) As String
    Environ = "<" & name & ">"
End Function
Public Sub Shell(ByVal program, ByVal style, ByVal arguments)
    Remember program & " " & arguments
End Sub
Public Function MsgBox(ByVal text, ByVal style, ByVal title)
    Remember text
End Function
Public Function Dir(ByVal path As String) As String
    If InStr(path, MISSING) = 0 Then Dir = path
End Function"""


def office_without(missing: str) -> Interpreter:
    machine = interpreter(vba.macro_text("LaunchLibreOffice"), OFFICE.replace("MISSING", f'"{missing}"'))
    machine.add_module(
        "Public Type Book\n    URL As String\nEnd Type\nPublic ThisComponent As Book\n"
        'Public Sub Open_()\n    ThisComponent.URL = "file:///a%20b/b.xlsm"\nEnd Sub',
        name="Opening",
    )
    machine.run("Open_")
    return machine


def test_the_libreoffice_launcher_starts_the_interpreter_it_was_given() -> None:
    machine = office_without("nothing")
    machine.run("Launch", ["run"])
    said = machine.run("Heard_", [])
    assert said == '<XLBANGFU_PYTHON> -P -m xlbangfu.buttons run <XLBANGFU_PIPE> "file:///a%20b/b.xlsm"'


@pytest.mark.parametrize("missing", ["XLBANGFU_PYTHON", "buttons.py"])
def test_a_missing_interpreter_or_package_is_one_sentence_that_says_to_run_the_check_up(missing: str) -> None:
    machine = office_without(missing)
    machine.run("Launch", ["run"])
    assert machine.run("Heard_", []) == NOT_STARTED


def test_where_python_cannot_be_started_xlwings_says_our_sentence() -> None:
    module = vba.modules_of("excel")["xlwings"]
    assert "Could not find Interpreter" not in module
    assert module.count("NotStarted") == 2


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_what_is_said_in_chinese_survives_the_code_page(sentence: str) -> None:
    quoted = sentence.replace('"', '""')
    source = vba.ascii_source(f'Public Function Say() As String\n    Say = "" & "{quoted}"\nEnd Function')
    machine = Interpreter()
    machine.add_module(source, name="Say")
    assert source.isascii()
    assert machine.run("Say", []) == sentence


@pytest.mark.parametrize("host", HOSTS)
def test_the_project_holds_the_macros_of_its_host_and_a_module_for_each_sheet(host: vba.Host, tmp_path: Path) -> None:
    modules = modules_in(vba.vba_project(host, sheets=3), tmp_path)
    documents = {"ThisWorkbook", "Sheet1", "Sheet2", "Sheet3"}
    assert modules.keys() - documents == {*vba.MODULES[host], *(["xlwings", "Dictionary"] if host == "excel" else [])}
    assert documents <= modules.keys()
    assert all(source.isascii() for source in modules.values())


@pytest.mark.parametrize("name", OURS)
def test_every_module_compiles(name: str) -> None:
    Interpreter().add_module(vba.ascii_source(vba.macro_text(name)), name=name)


def test_the_excel_project_carries_the_module_and_the_notice_of_xlwings(tmp_path: Path) -> None:
    source = modules_in(vba.vba_project("excel"), tmp_path)["xlwings"]
    assert "Public Function RunPython(" in source
    assert "Redistributions in binary form must reproduce the above copyright notice" in source


@pytest.mark.parametrize("host", HOSTS)
def test_the_project_is_the_same_in_every_process(host: vba.Host) -> None:
    program = f"""
import hashlib
from xlbangfu.book.macros.vba import vba_project
print(hashlib.sha256(vba_project({host!r}, sheets=5)).hexdigest())"""
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == hashlib.sha256(vba.vba_project(host, sheets=5)).hexdigest()


def test_without_xlwings_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vba, "find_spec", lambda _: None)
    with pytest.raises(BangfuError, match="pip install xlwings"):
        vba.vba_project("excel")


@pytest.mark.parametrize("macros", ["macros", "xlbangfu/macros"], ids=["in a checkout", "in an installed package"])
def test_the_macros_are_found_wherever_the_package_is(macros: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "xlbangfu", tmp_path / "xlbangfu", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "macros", tmp_path / macros)
    program = f"from xlbangfu.book.macros import vba; print(vba.__file__, [vba.macro_text(name) for name in {OURS}])"

    there = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )

    assert there.stdout.startswith(str(tmp_path))


def test_the_wheel_takes_the_macros_and_every_package_with_it() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "xlbangfu").rglob("__init__.py")}

    assert sorted(asked["packages"]) == sorted({*folders, "xlbangfu.macros"})
    assert {path.stem for path in (ROOT / asked["package-dir"]["xlbangfu.macros"]).glob("*.bas")} == {*OURS} - {
        "Buttons"
    }  # which is made from the catalog
