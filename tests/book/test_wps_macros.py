"""Buttons for WPS: the part with the macros, what it survives, and what a click does, up to the command that is started."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.batch_rules import faults_of
from tests.support.fake_machine import FakeMachine
from tests.support.wps_javascript import NODE, clicked
from xlbangfu import __version__, actions, catalog, sample
from xlbangfu.actions import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.macros import wps_part
from xlbangfu.book.macros.hosting import change_host, host_in
from xlbangfu.book.macros.vba import Host
from xlbangfu.errors import WrongWorkbook
from xlbangfu.setup_machine import wps_launcher
from xlbangfu.setup_machine.place import Place

NOW = datetime(2026, 6, 30, 10, 0)
CALL = Call(user="测试", now=NOW, agrees=lambda _: True, clock=lambda: 0.0)
HOMES = ("C:/Users/li", r"C:\Users\张 老师", "C:/Users/O'Neil & 张%1/")
needs_node = pytest.mark.skipif(NODE is None and not os.environ.get("XLBANGFU_REQUIRE_OFFICE"), reason="needs Node.js")


def built(folder: Path, host: Host = "excel") -> Path:
    path = folder / "总表.xlsm"
    school = sample.make(students=40, classes=2, exams=2, logs=10)
    template.build(path, frames=school.frames, host=host, created=NOW)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def module_in(path: Path) -> str:
    root = ElementTree.fromstring(parts(path)[wps_part.PART])
    (module,) = (one for one in root.iter("codemodule") if one.get("name") == wps_part.MODULE)
    return module.findtext("codetext") or ""


@pytest.mark.parametrize("way", ["new", "host"])
def test_the_workbook_refers_to_the_part_which_is_xml_with_one_function_a_button(tmp_path: Path, way: str) -> None:
    path = built(tmp_path, "wps" if way == "new" else "excel")
    if way == "host":
        assert change_host(path, "wps")

    found = parts(path)
    assert host_in(path) == "wps"
    (link,) = re.findall(rb'<Relationship [^>]*jdeExtension"[^>]*>', found["xl/_rels/workbook.xml.rels"])
    assert b'Type="http://www.wps.cn/officeDocument/2018/jdeExtension"' in link and b'Target="JDEData.bin"' in link
    assert (
        b'<Override PartName="/xl/JDEData.bin" ContentType="application/octet-stream"/>' in found["[Content_Types].xml"]
    )
    assert module_in(path) == wps_part.javascript()
    functions = re.findall(r'^function (Bangfu_\w+)\(\) \{\n    BangfuLaunch\("(\w+)"\);\n\}$', module_in(path), re.M)
    assert functions == [(action.macro, action.name) for action in catalog.ACTIONS]


def test_no_path_of_a_machine_stands_in_the_workbook(tmp_path: Path) -> None:
    text = unescape(parts(built(tmp_path, "wps"))[wps_part.PART].decode())
    assert not re.search(r"[A-Za-z]:\\|/home/|/Users/|venv|python", text)


def test_another_program_gets_the_workbook_back_as_it_was(tmp_path: Path) -> None:
    path = built(tmp_path)
    before = parts(path)
    change_host(path, "wps")
    assert change_host(path, "excel")
    after = parts(path)
    assert host_in(path) == "excel"
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {"xl/vbaProject.bin"}


def test_macros_that_staff_wrote_in_wps_stay(tmp_path: Path) -> None:
    path = built(tmp_path)
    change_host(path, "wps")
    mine = '<codemodule name="Module7" id="7"><codetext>function mine() { return 1 &lt; 2; }</codetext></codemodule>'
    with_part(path, parts(path)[wps_part.PART].decode().replace("</document>", mine + "</document>").encode())

    assert change_host(path, "libreoffice")
    assert mine.encode() in parts(path)[wps_part.PART] and b'name="Bangfu"' not in parts(path)[wps_part.PART]
    assert host_in(path) == "libreoffice"
    assert change_host(path, "wps")
    assert mine.encode() in parts(path)[wps_part.PART]
    assert module_in(path) == wps_part.javascript()


def test_a_part_that_is_written_in_another_way_is_left_alone(tmp_path: Path) -> None:
    path = built(tmp_path)
    change_host(path, "wps")
    with_part(path, b'\x00\xff name="Bangfu" \x80')
    before = path.read_bytes()
    with pytest.raises(WrongWorkbook, match="WPS 宏写法不认识"):
        change_host(path, "excel")
    assert path.read_bytes() == before


def test_a_workbook_whose_vba_a_wps_has_dropped_gets_it_anew_for_excel(tmp_path: Path) -> None:
    path = built(tmp_path, "wps")
    found = parts(path)
    del found["xl/vbaProject.bin"]
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        found[name] = re.sub(rb"<(?:Relationship|Override) [^>]*vbaProject[^>]*/>", b"", found[name])
    write(path, found)
    assert host_in(path) == "wps"

    assert change_host(path, "excel")
    assert host_in(path) == "excel"


def test_the_part_outlives_a_save_of_the_closed_file_undoing_and_an_upgrade(tmp_path: Path) -> None:
    path = built(tmp_path, "wps")
    before = parts(path)[wps_part.PART]
    for action in ("refresh", "undo"):
        actions.perform(action, ClosedBook(path, action=action), CALL)
        assert parts(path)[wps_part.PART] == before


def test_an_upgrade_brings_the_buttons_of_this_version(tmp_path: Path) -> None:
    from xlbangfu.actions.upgrade_book import upgrade

    path = built(tmp_path, "wps")
    last = catalog.ACTIONS[-1].macro
    found = parts(path)
    older = {
        wps_part.PART: found[wps_part.PART].replace(last.encode(), b"Bangfu_Old"),
        "xl/workbook.xml": found["xl/workbook.xml"].replace(__version__.encode(), b"0.2.0"),
    }
    write(path, found | older)

    upgrade(ClosedBook(path, action="upgrade"), CALL)

    assert module_in(path) == wps_part.javascript()


@needs_node
@pytest.mark.parametrize("action", catalog.ACTIONS, ids=lambda action: action.name)
def test_a_click_leaves_a_request_and_starts_the_launcher(tmp_path: Path, action: catalog.Action) -> None:
    root, workbook = prepared(tmp_path, HOMES[1]), "D:\\帮扶 2026\\总表“甲”.xlsm"
    seen = clicked(wps_part.javascript(), action.macro, root=root, home=HOMES[1], workbook=workbook)

    ((command, window),) = seen["shell"]
    launcher, number = re.fullmatch(r'"([^"]+)" (\d+)', command).groups()  # type: ignore[union-attr]  # fails where it does not match
    assert (launcher, window, seen["said"]) == (HOMES[1] + r"\.xlbangfu\wps\launch.bat", 0, [])
    (request,) = root.rglob("*.json")
    assert request.stem == number and request.read_bytes().isascii()
    assert json.loads(request.read_bytes()) == {"action": action.name, "workbook": workbook}


@needs_node
@pytest.mark.parametrize("home", HOMES)
def test_the_launcher_is_found_wherever_the_users_folder_is(tmp_path: Path, home: str) -> None:
    root = prepared(tmp_path, home)
    seen = clicked(wps_part.javascript(), "Bangfu_Validate", root=root, home=home, workbook="D:\\总表.xlsm")
    plain = home.replace("/", "\\").rstrip("\\")
    assert seen["shell"][0][0].startswith(f'"{plain}\\.xlbangfu\\wps\\launch.bat" ')


@needs_node
def test_a_computer_that_is_not_set_up_is_told(tmp_path: Path) -> None:
    seen = clicked(wps_part.javascript(), "Bangfu_Validate", root=tmp_path, home=HOMES[1], workbook="D:\\总表.xlsm")
    assert seen["shell"] == []
    assert "xlbangfu setup" in seen["said"][0]


@needs_node
@pytest.mark.parametrize("lacking", ["Application", "Shell", "ThisWorkbook", "jsHide"])
def test_a_wps_that_lacks_what_the_macros_need_is_told_in_a_sentence(tmp_path: Path, lacking: str) -> None:
    seen = clicked(
        wps_part.javascript(), "Bangfu_Validate", root=prepared(tmp_path, HOMES[0]), home=HOMES[0],
        workbook="D:\\总表.xlsm", lacking=(lacking,),
    )  # fmt: skip
    assert seen["shell"] == []
    assert "没有做成，工作簿没有改动：这一版 WPS 启动不了程序" in seen["said"][0]


@needs_node
def test_from_the_click_to_the_sentence(tmp_path: Path) -> None:
    """What the launcher starts, started here: without a WPS it says so, and the request is gone."""
    home = r"C:\Users\张 老师"
    root = prepared(tmp_path, home)
    seen = clicked(wps_part.javascript(), "Bangfu_Validate", root=root, home=home, workbook="D:\\总表.xlsm")
    number = seen["shell"][0][0].rpartition(" ")[2]
    words = re.search(r'pythonw\.exe" (.*) "%1"', wps_launcher.batch(place(tmp_path)).decode())
    assert words is not None

    done = subprocess.run(
        [sys.executable, *words[1].split(), number],
        env={**os.environ, "HOME": str(root / "Users" / "张 老师")},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "少了程序用的部件" in done.stderr and "Traceback" not in done.stderr
    assert not list(root.rglob("*.json"))


@pytest.mark.parametrize(
    ("home", "interpreter"),
    [
        ("C:/Users/li", "C:/Users/li/.xlbangfu/venv/Scripts/python.exe"),
        ("C:/Users/张 老师", "C:/Users/张 老师/.xlbangfu/venv/Scripts/python.exe"),
        ("C:/Users/a%b&c", "C:/Users/a%b&c/100% py/python.exe"),
        ("C:/Users/li", "D:/Program Files/Python/python.exe"),
    ],
)
def test_the_launcher_is_a_batch_file_that_cmd_can_not_misread(tmp_path: Path, home: str, interpreter: str) -> None:
    content = wps_launcher.batch(place(tmp_path, home=Path(home), interpreter=Path(interpreter)))
    assert faults_of(content) == []
    assert content.isascii() and content.endswith(b'" -P -m xlbangfu.wps_click "%1"\r\n')


def test_setup_keeps_the_launcher_true(tmp_path: Path) -> None:
    for name in ("old", "new"):
        here = place(tmp_path, interpreter=tmp_path / name / "python.exe")
        assert wps_launcher.write(here).done
    launcher = tmp_path / ".xlbangfu" / "wps" / "launch.bat"
    assert b"\\new\\pythonw.exe" in launcher.read_bytes() and b"\\old\\" not in launcher.read_bytes()


def test_a_program_in_a_folder_that_a_batch_file_can_not_name_is_told(tmp_path: Path) -> None:
    step = wps_launcher.write(place(tmp_path, interpreter=Path("D:/程序/python.exe")))
    assert not step.done and "中文" in step.said


def prepared(folder: Path, home: str) -> Path:
    """A drive C: with a launcher in the user's folder."""
    inside = home.replace("\\", "/").removeprefix("C:").strip("/")
    launcher = folder / inside / ".xlbangfu" / "wps" / "launch.bat"
    launcher.parent.mkdir(parents=True)
    launcher.touch()
    return folder


def place(folder: Path, *, home: Path | None = None, interpreter: Path | None = None) -> Place:
    where = home or folder
    return Place(
        platform="windows",
        home=where,
        desktop=where / "Desktop",
        interpreter=interpreter or where / ".xlbangfu" / "venv" / "Scripts" / "python.exe",
        machine=FakeMachine(),
        run=lambda command, more: False,
    )


def with_part(path: Path, content: bytes) -> None:
    write(path, parts(path) | {wps_part.PART: content})


def write(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
