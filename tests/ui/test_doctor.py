"""Each thing that can stop the buttons is found, with a remedy, on a computer made of dictionaries."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PureWindowsPath

import openpyxl
import pytest

from tests.support.fake_machine import WINDOWS_PYTHON, FakeMachine
from xlbangfu import doctor
from xlbangfu.doctor import excel, libreoffice, python, security, workbook_checks, wps
from xlbangfu.doctor.finding import Finding
from xlbangfu.doctor.machine import Interpreter, Platform

BOOK = Path("学校/帮扶总表.xlsm")
CONF = str(Path("home/.xlwings/xlwings.conf"))
CONF_OF_MAC = '"INTERPRETER_MAC","{}"\n"ADD_WORKBOOK_TO_PYTHONPATH","False"\n'
GUID = "{00024500-0000-0000-C000-000000000046}"
SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
PLACES = SECURITY + r"\Trusted Locations"


def with_excel(server: str = r'"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE" /automation') -> FakeMachine:
    return FakeMachine(
        values={
            (r"HKCR\Excel.Application\CLSID", ""): GUID,
            (r"HKCR\Excel.Application\CurVer", ""): "Excel.Application.16",
            (rf"HKCR\CLSID\{GUID}\LocalServer32", ""): server,
        }
    )


def windows_in_order() -> FakeMachine:
    machine = with_excel()
    machine.files = {
        CONF: '"INTERPRETER_WIN","%USERPROFILE%\\.xlbangfu\\venv\\Scripts\\python.exe"\n"ADD_WORKBOOK_TO_PYTHONPATH","False"\n',
        str(WINDOWS_PYTHON): "",
        str(BOOK): "",
        str(BOOK.parent): "",
    }
    machine.variables = {"USERPROFILE": r"C:\Users\li"}
    machine.macros = {
        "xlwings": 'Attribute VB_Name = "xlwings"\r\n\'Version: 0.37.8\r\nimport xlbangfu.book.light_xlwings\r\n'
    }
    return machine


class TestWhatKeepsExcelFromStartingPrograms:
    @pytest.mark.parametrize(
        "values",
        [
            {(security.RULES[0], security.CHILD_PROCESSES): "1"},
            {(security.RULES[1], security.CHILD_PROCESSES.upper()): 1},
            {security.MANAGED: f"26190899-1602-49e8-8b27-eb1d0a1ce869=2|{{{security.CHILD_PROCESSES.upper()}}}=1"},
        ],
    )
    def test_a_rule_of_defender_that_blocks_is_found_and_the_window_named(
        self, values: dict[tuple[str, str], str | int]
    ) -> None:
        machine = windows_in_order()
        machine.values |= values

        (found,) = [one for one in doctor.examine(machine) if one.check == security.NAME]

        assert found.level == "fail"
        assert "创建子进程" in found.said
        assert "帮扶窗口" in found.remedy

    @pytest.mark.parametrize(("state", "levels"), [("6", ["warn"]), ("2", []), ("0", [])])
    def test_a_rule_that_warns_is_a_warning_and_one_that_only_watches_is_none(
        self, state: str, levels: list[str]
    ) -> None:
        machine = windows_in_order()
        machine.values |= {security.MANAGED: f"{security.CHILD_PROCESSES}={state}"}

        assert [one.level for one in doctor.examine(machine) if one.check == security.NAME] == levels

    @pytest.mark.parametrize(
        ("program", "name"),
        [
            (r"360\360Safe\360Safe.exe", "360安全卫士"),
            (r"360\360sd\360sd.exe", "360杀毒"),
            (r"Huorong\Sysdiag\bin\HipsMain.exe", "火绒"),
        ],
    )
    def test_products_that_may_stop_the_buttons_are_named_with_what_it_looks_like(
        self, program: str, name: str
    ) -> None:
        machine = windows_in_order()
        machine.variables |= {"ProgramFiles(x86)": r"C:\Program Files (x86)"}
        machine.files[str(PureWindowsPath(r"C:\Program Files (x86)") / program)] = ""

        (found,) = [one for one in doctor.examine(machine) if one.check == security.NAME]

        assert (found.level, name in found.said, "EXCEL.EXE" in found.said) == ("ok", True, True)
        assert "帮扶窗口" in found.remedy

    def test_other_systems_have_none_of_it(self) -> None:
        machine = FakeMachine(platform="linux", values={(security.RULES[0], security.CHILD_PROCESSES): "1"})

        assert not [one for one in doctor.examine(machine) if one.check == security.NAME]


def test_lost_buttons_are_counted_with_the_way_to_get_them_back() -> None:
    lost = workbook_checks.buttons_there(FakeMachine(lost=24), BOOK)
    there = workbook_checks.buttons_there(FakeMachine(lost=0), BOOK)

    assert lost is not None
    assert (lost.level, "24 个" in lost.said) == ("warn", True)
    assert "打开总表" in lost.remedy
    assert there is not None
    assert there.level == "ok"
    assert workbook_checks.buttons_there(FakeMachine(lost=None), BOOK) is None


def test_a_windows_computer_in_order_has_nothing_to_mend() -> None:
    found = doctor.examine(windows_in_order(), BOOK)

    assert {finding.level for finding in found} == {"ok"}
    assert doctor.exit_code(found) == 0
    assert doctor.lines(found)[-1] == "全部正常。"
    assert {"Excel", "宏设置", "按钮设置", "文件来源", "存放位置", "写权限", "占用"} <= {f.check for f in found}


TROUBLES: dict[str, tuple[Callable[[FakeMachine], object], str, str]] = {
    "an old Python": (
        lambda m: setattr(m, "interpreter", Interpreter(WINDOWS_PYTHON, (3, 9, 0), 64)), "fail", "版本太旧",
    ),
    "a 32-bit Python": (
        lambda m: setattr(m, "interpreter", Interpreter(WINDOWS_PYTHON, (3, 12, 0), 32)), "fail", "32 位",
    ),
    "a package that is missing": (lambda m: m.packages.pop("polars"), "fail", "缺 polars"),
    "a package that is too old": (lambda m: m.packages.update(polars="1.9.0"), "fail", "polars 1.9.0 不合要求"),
    "xlbangfu itself not installed": (lambda m: setattr(m, "required", ()), "fail", "没有正确安装"),
    "a processor without AVX2": (lambda m: setattr(m, "avx2", False), "fail", "AVX2"),
    "no tkinter": (lambda m: setattr(m, "modules", frozenset()), "warn", "tkinter"),
    "no keyring behind keyring": (
        lambda m: (m.packages.update(keyring="25"), m.answers.update({str(WINDOWS_PYTHON): "keyring.backends.fail"})),
        "warn", "钥匙串",
    ),
    "WPS in Excel's place": (
        lambda m: m.values.update({(rf"HKCR\CLSID\{GUID}\LocalServer32", ""): r"C:\Kingsoft\WPS Office\et.exe"}),
        "fail", "WPS 顶替了 Excel",
    ),
    "no Excel": (lambda m: m.values.pop((r"HKCR\Excel.Application\CLSID", "")), "warn", "没有找到 Excel"),
    "Excel 2007": (
        lambda m: m.values.update({(r"HKCR\Excel.Application\CurVer", ""): "Excel.Application.12"}), "fail", "太旧",
    ),
    "a double click that opens WPS": (
        lambda m: m.values.update({(excel.USER_CHOICE, "ProgId"): "ET.Xlsm.6"}), "warn", "用 WPS 打开",
    ),
    "macros off": (lambda m: m.values.update({(SECURITY, "VBAWarnings"): 4}), "fail", "禁用全部宏"),
    "only signed macros": (lambda m: m.values.update({(SECURITY, "VBAWarnings"): 3}), "fail", "数字签名"),
    "macros off by policy": (lambda m: m.values.update({(POLICY, "VBAWarnings"): 4}), "fail", "管理策略"),
    "no xlwings configuration": (lambda m: m.files.pop(CONF), "fail", "没有写用哪个 Python"),
    "a configured Python that is gone": (lambda m: m.files.pop(str(WINDOWS_PYTHON)), "fail", "不在了"),
    "another Python configured": (
        lambda m: m.files.update({CONF: '"INTERPRETER_WIN","D:\\py\\python.exe"', r"D:\py\python.exe": ""}),
        "warn", "另一个 Python",
    ),
    "a configuration beside the book": (
        lambda m: m.files.update({str(BOOK.resolve().parent / "xlwings.conf"): ""}), "warn", "旧版的宏启动别的程序",
    ),
    "the folder of the workbook on the path of Python": (
        lambda m: m.files.update({CONF: '"INTERPRETER_WIN","%USERPROFILE%\\.xlbangfu\\venv\\Scripts\\python.exe"'}),
        "warn", "文件夹找程序",
    ),
    "macros that run code in the folder of the workbook": (
        lambda m: m.macros.update({"xlwings": "'Version: 0.37.8\r\n"}), "warn", "旧版的",
    ),
    "a sheet that names another interpreter": (
        lambda m: setattr(m, "sheet_names", ("名册", "Xlwings.conf")), "fail", "“Xlwings.conf”，它能让按钮启动别的程序",
    ),
    "a sheet that is code": (lambda m: setattr(m, "sheet_names", ("名册", "a.py")), "fail", "“a.py”"),
    "a book from the internet": (
        lambda m: m.files.update({f"{BOOK}:Zone.Identifier": "[ZoneTransfer]\r\nZoneId=3\r\n"}), "fail", "来自网络",
    ),
    "macros of another xlwings": (
        lambda m: m.macros.update({"xlwings": "'Version: 0.30.1\r\n"}), "fail", "0.30.1",
    ),
    "a book that is not there": (lambda m: m.files.pop(str(BOOK)), "fail", "找不到"),
    "a book someone has open": (lambda m: setattr(m, "held", "“帮扶总表.xlsm”正被 李 打开。"), "warn", "正被 李 打开"),
    "a folder that can't be written": (lambda m: setattr(m, "read_only", {str(BOOK.parent)}), "fail", "不能写入"),
    "a disk nearly full": (lambda m: setattr(m, "free", 100 * 2**20), "warn", "只剩 100 MB"),
    "a server that the Excel of the Store can't reach": (
        lambda m: (
            m.values.update({(rf"HKCR\CLSID\{GUID}\LocalServer32", ""): r"C:\Program Files\WindowsApps\EXCEL.EXE"}),
            m.files.update({CONF: m.files[CONF] + '"USE UDF SERVER","True"\n'}),
        ),
        "fail", "微软商店",
    ),
    "a folder for temporary files": (
        lambda m: m.variables.update({"TEMP": str(BOOK.parent)}), "fail", "压缩包或临时文件夹",
    ),
    "a full disk": (lambda m: setattr(m, "free", 2**20), "fail", "只剩 1 MB"),
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_found_alone_and_with_its_remedy(trouble: str) -> None:
    spoil, level, words = TROUBLES[trouble]
    machine = windows_in_order()
    spoil(machine)

    (finding,) = [finding for finding in doctor.examine(machine, BOOK) if finding.level != "ok"]

    assert finding.level == level
    assert words in finding.said
    assert finding.remedy.endswith(("。", '"'))


def test_a_user_setting_does_not_count_where_the_school_has_a_policy() -> None:
    machine = windows_in_order()
    machine.values |= {(SECURITY, "VBAWarnings"): 4, (POLICY, "VBAWarnings"): 2}

    assert level(excel.macros(machine)) == "ok"


@pytest.mark.parametrize(
    ("place", "below", "expected"),
    [("C:\\帮扶\\", 0, "ok"), (r"%USERPROFILE%", 1, "ok"), (r"%USERPROFILE%", 0, "fail"), ("D:\\", 1, "fail")],
)
def test_a_trusted_location_lets_a_book_from_the_internet_run(place: str, below: int, expected: str) -> None:
    book = Path("C:\\帮扶\\总表.xlsm")
    machine = with_excel()
    machine.variables = {"USERPROFILE": "C:\\"}
    machine.files = {f"{book}:Zone.Identifier": "ZoneId=3"}
    machine.keys = {PLACES: ["Location0"]}
    machine.values |= {(PLACES + r"\Location0", "Path"): place, (PLACES + r"\Location0", "AllowSubFolders"): below}

    assert level(workbook_checks.mark_of_the_web(machine, book)) == expected


@pytest.mark.parametrize(
    "path",
    [
        "https://school.sharepoint.com/总表.xlsm",
        r"C:\Users\li\OneDrive\总表.xlsm",
        r"C:\Users\li\OneDrive - 某校\帮扶\总表.xlsm",
        r"E:\Cloud\帮扶\总表.xlsm",
        r"D:\坚果云\总表.xlsm",
    ],
)
def test_a_synchronised_folder_is_named(path: str) -> None:
    machine = FakeMachine(variables={"OneDriveCommercial": r"E:\Cloud"})

    assert workbook_checks.is_in_cloud(machine, Path(path))


@pytest.mark.parametrize(
    "folder",
    [
        r"C:\Users\li\AppData\Local\Temp\Temp1_帮扶.zip",
        r"C:\Users\li\AppData\Local\Temp\Rar$DIa1234.5678",
        r"C:\Users\li\AppData\Local\Temp\7zO4A1B",
        r"D:\下载\帮扶.zip",
        r"C:\Users\li\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\X1Y2",
    ],
)
def test_a_workbook_opened_inside_an_archive_or_from_a_mail_is_told(folder: str) -> None:
    assert level(workbook_checks.unpacked(FakeMachine(), Path(rf"{folder}\总表.xlsm"))) == "fail"


@pytest.mark.parametrize("folder", [r"D:\帮扶", r"D:\帮扶.zip 解压出来的", r"C:\Users\li\Template"])
def test_a_plain_folder_is_no_archive(folder: str) -> None:
    assert workbook_checks.unpacked(FakeMachine(), Path(rf"{folder}\总表.xlsm")) is None


def test_a_name_that_xlwings_cuts_off_is_told() -> None:
    book = Path(r"D:\帮扶\总表=新.xlsm")
    assert level(workbook_checks.name_fits(FakeMachine(), book)) == "fail"
    assert workbook_checks.name_fits(FakeMachine(), Path(r"D:\a=b\总表.xlsm")) is None


def test_a_server_that_stays_is_told_with_the_way_back() -> None:
    machine = windows_in_order()
    machine.files[CONF] += '"USE UDF SERVER","True"\n'
    (finding,) = [finding for finding in doctor.examine(machine, BOOK) if finding.check == "按钮设置"]
    assert finding.level == "ok"
    assert "Could not activate Python COM server" in finding.said and "--no-keep-alive" in finding.remedy


@pytest.mark.parametrize(
    ("there", "registered", "platform", "expected"),
    [(True, True, "windows", "ok"), (False, True, "windows", "fail"), (True, False, "windows", "fail"),
     (True, True, "linux", "warn")],
)  # fmt: skip
def test_the_launcher_of_a_workbook_for_wps_is_looked_for(
    there: bool, registered: bool, platform: Platform, expected: str
) -> None:
    machine = FakeMachine(platform=platform, macros={wps.LAUNCHING: ""}, home=Path(r"C:\Users\li"))
    if registered:
        machine.values[r"HKCR\Ket.Application\CLSID", ""] = GUID
    if there:
        machine.files[str(machine.home / Path(*wps.LAUNCHER))] = ""
    assert level(wps.buttons(machine, BOOK)) == expected


def test_other_workbooks_need_no_launcher_for_wps() -> None:
    assert wps.buttons(FakeMachine(), BOOK) is None


@pytest.mark.parametrize("path", [r"D:\帮扶\总表.xlsm", r"C:\Users\li\Desktop\OneDrive说明.xlsm"])
def test_a_plain_folder_is_no_cloud(path: str) -> None:
    assert not workbook_checks.is_in_cloud(FakeMachine(), Path(path))


def test_pythonw_of_the_same_folder_is_the_same_python() -> None:
    machine = windows_in_order()
    machine.interpreter = replace(
        machine.interpreter, path=Path(str(WINDOWS_PYTHON).replace("python.exe", "pythonw.exe"))
    )

    assert level(excel.configuration(machine, None)) == "ok"


def mac() -> FakeMachine:
    home = Path("/Users/li")
    own = home / ".xlbangfu/venv/bin/python"
    return FakeMachine(
        platform="macos",
        home=home,
        interpreter=Interpreter(own, (3, 12, 0), 64),
        files={
            str(home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"): CONF_OF_MAC.format(own),
            str(home / "Library/Application Scripts/com.microsoft.Excel/xlwings-0.37.8.applescript"): "",
            str(own): "",
            "/Applications/Microsoft Excel.app": "",
        },
    )


def test_a_mac_in_order_has_nothing_to_mend() -> None:
    assert {finding.level for finding in doctor.examine(mac())} == {"ok"}


def test_a_mac_without_the_script_of_this_xlwings_is_told_to_run_setup() -> None:
    machine = mac()
    machine.packages["xlwings"] = "0.38.0"

    found = excel.run_python(machine)

    assert level(found) == "fail"
    assert found is not None
    assert "xlbangfu setup" in found.remedy


def test_a_mac_python_in_a_folder_with_a_space_can_not_be_started_by_excel() -> None:
    machine = mac()
    own = Path("/Users/li/my env/python")
    machine.interpreter = replace(machine.interpreter, path=own)
    conf = next(name for name in machine.files if name.endswith(".conf"))
    machine.files |= {conf: CONF_OF_MAC.format(own), str(own): ""}

    found = excel.configuration(machine, None)

    assert level(found) == "fail"
    assert found is not None
    assert "空格" in found.said


def test_a_quarantined_book_on_a_mac_is_named() -> None:
    machine = mac()
    machine.answers["xattr"] = "0083;Safari"

    assert level(workbook_checks.mark_of_the_web(machine, BOOK)) == "warn"


def linux(**more: object) -> FakeMachine:
    made = FakeMachine(
        platform="linux", programs=frozenset({"soffice"}), answers={"soffice": "LibreOffice 7.4.7", "python3": "3.12"}
    )
    made.files[str(libreoffice.DEBIAN_UNO)] = ""
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("machine", "expected", "words"),
    [
        (linux(), "ok", "可以从这个 Python"),
        (linux(modules=frozenset({"uno"}), files={}), "ok", "可以从这个 Python"),
        (linux(files={}), "warn", "没有装"),
        (linux(answers={"python3": "3.11"}), "warn", "3.11"),
    ],
)
def test_the_bridge_into_libreoffice_must_be_for_this_python(machine: FakeMachine, expected: str, words: str) -> None:
    found = libreoffice.bridge(machine)

    assert level(found) == expected
    assert found is not None
    assert words in found.said


def test_a_linux_without_libreoffice_is_told_what_to_install() -> None:
    found = libreoffice.installed(linux(programs=frozenset()))

    assert level(found) == "warn"
    assert found is not None
    assert "apt-get install libreoffice-calc" in found.remedy


@pytest.mark.parametrize(
    ("version", "bounds", "fits"),
    [
        ("3.2.0", ">=3.2,<4", True),
        ("4.0", ">=3.2,<4", False),
        ("0.37.8", "==0.37.8", True),
        ("2.0rc1", "!=2.0", False),
        ("1.4.9", "~=1.4.2", True),
        ("1.5", "~=1.4.2", False),
        ("3", "<=3.0", True),
        ("3.0.1", ">3", True),
    ],
)
def test_versions_are_compared_as_numbers(version: str, bounds: str, fits: bool) -> None:
    assert python.satisfies(version, bounds) is fits


def test_what_another_system_or_an_extra_needs_is_not_missed() -> None:
    machine = FakeMachine(
        required=(
            "polars>=1",
            'pywin32; sys_platform == "win32"',
            'appscript; sys_platform == "darwin"',
            'x; extra == "y"',
        )
    )

    found = python.packages(machine)

    assert found.said == "缺 pywin32"


def test_the_real_computer_answers_every_question(tmp_path: Path) -> None:
    book = tmp_path / "帮扶总表.xlsm"
    book.write_bytes(b"")

    found = doctor.examine(doctor.ThisMachine(), book)

    assert next(finding for finding in found if finding.check == "程序包").level == "ok"
    assert next(finding for finding in found if finding.check == "写权限").level == "ok"
    assert json.loads(json.dumps(doctor.facts(found)))["exit_code"] == doctor.exit_code(found)


def test_the_doctor_runs_where_no_library_can_be_imported(tmp_path: Path) -> None:
    book = tmp_path / "帮扶总表.xlsm"
    made = openpyxl.Workbook()
    made.create_sheet("xlwings.conf")
    made.save(book)
    code = (
        "import runpy, sys; sys.modules.update(dict.fromkeys(['polars', 'xlwings', 'msgspec', 'isal'])); "
        "runpy.run_module('xlbangfu.doctor', run_name='__main__')"
    )

    done = subprocess.run([sys.executable, "-c", code, book], capture_output=True, text=True, encoding="utf-8")

    assert "Python 3." in done.stdout
    assert "xlwings.conf" in done.stdout
    assert not done.stderr


def level(found: Finding | None) -> str:
    assert found is not None
    return found.level


def test_the_real_workbook_carries_the_xlwings_that_is_installed(tmp_path: Path) -> None:
    from xlbangfu.book import template

    pytest.importorskip("xlwings")
    book = tmp_path / "帮扶总表.xlsm"
    template.build(book, host="excel", created=datetime(2026, 6, 30, 9))

    found = workbook_checks.macros_fit(doctor.ThisMachine(), book)

    assert found is not None
    assert found.level == "ok"
