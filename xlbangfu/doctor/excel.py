"""Whether Excel is there, is really Excel, lets macros run, and starts the right Python."""

from __future__ import annotations

import os
import re
from pathlib import Path, PureWindowsPath

from xlbangfu.doctor.finding import Finding, fail, ok, warn
from xlbangfu.doctor.machine import Machine

USE_WINDOW = "先用“帮扶窗口”（桌面上的快捷方式，或 xlbangfu window）做同样的事"
_WPS = ("kingsoft", "wps", r"\et.exe")
_MAC_EXCEL = Path("/Applications/Microsoft Excel.app")
_SECURITY = r"HKCU\Software\{policies}Microsoft\Office\{version}\Excel\Security"
FOLDER_ON_PATH = "ADD_WORKBOOK_TO_PYTHONPATH"
STORE = "windowsapps"  # the folder of programs from Microsoft's Store
_WARNINGS = {3: "只许运行有数字签名的宏", 4: "禁用全部宏，而且不提示"}
USER_CHOICE = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsm\UserChoice"


def installed(machine: Machine) -> Finding | None:
    """Excel itself; on Windows also whether WPS has taken its place in the registry."""
    if machine.platform == "macos":
        if machine.exists(_MAC_EXCEL):
            return ok("Excel", "已安装")
        return warn("Excel", "没有找到 Microsoft Excel，总表里的按钮用不了", f"安装 Excel，或者{USE_WINDOW}。")
    if machine.platform != "windows":
        return None
    server = excel_server(machine)
    if server is None:
        return warn("Excel", "没有找到 Excel，总表里的按钮用不了", f"安装 Excel，或者{USE_WINDOW}。")
    if is_wps(server):
        return fail(
            "Excel",
            f"WPS 顶替了 Excel（{server}），点按钮会连到 WPS 上而失败",
            "打开“WPS 配置工具”→高级→兼容设置，取消“兼容第三方系统和软件”，再在“应用和功能”里修复 Office；"
            f"没有 Excel 的话，{USE_WINDOW}。",
        )
    version = office_version(machine)
    if float(version) < 14:
        return fail("Excel", f"Excel 的版本（{version}）太旧", f"换 Excel 2010 或更新的版本，或者{USE_WINDOW}。")
    return ok("Excel", f"版本 {version}{_bits_said(machine)}，在 {server}")


def opens_with(machine: Machine) -> Finding | None:
    """What a double click on the workbook starts."""
    chosen = str(machine.registry(USER_CHOICE, "ProgId") or machine.registry(r"HKCR\.xlsm") or "")
    if not chosen.lower().startswith(("et.", "ket.", "wps", "kwps")):
        return None
    remedy = "在总表上点右键→打开方式→选择其他应用→Excel，勾选“始终使用”；或者先打开 Excel 再从里面打开总表。"
    return warn("双击打开", "双击 .xlsm 会用 WPS 打开，那里的按钮不能用", remedy)


def configuration(machine: Machine, book: Path | None) -> Finding | None:
    """Whether xlwings, when a button is clicked, starts this Python."""
    if machine.platform == "linux":
        return None
    path = user_configuration(machine)
    found = values(machine.text(path) or "")
    name = "INTERPRETER_MAC" if machine.platform == "macos" else "INTERPRETER_WIN"
    set_to = found.get(name) or found.get("INTERPRETER")
    remedy = "运行 xlbangfu setup（或再双击一次安装程序），它会把设置写好。"
    if set_to is None:
        return fail("按钮设置", f"xlwings 的设置文件（{path}）里没有写用哪个 Python", remedy)
    real = Path(expanded(set_to, machine))
    if not machine.exists(real):
        return fail("按钮设置", f"设置里的 Python（{set_to}）不在了", remedy)
    if not _same(real, machine.interpreter.path, machine):
        return warn("按钮设置", f"按钮会用另一个 Python（{set_to}），那里不一定装了 xlbangfu", remedy)
    if machine.platform == "macos" and " " in set_to:
        return fail("按钮设置", f"Python 所在的文件夹（{set_to}）名字里有空格，Mac 版 Excel 启动不了它", remedy)
    beside = book.resolve().parent / "xlwings.conf" if book else None
    if beside and machine.exists(beside):
        return warn("按钮设置", f"总表旁边的“{beside.name}”能让旧版的宏启动别的程序", f"删除 {beside}。")
    if found.get(FOLDER_ON_PATH, "").lower() != "false":
        return warn("按钮设置", "没有关掉“从总表所在的文件夹找程序”，旧版的宏会运行那里的 .py 文件", remedy)
    if found.get("USE UDF SERVER", "").lower() == "true":
        return _kept_alive(machine)
    return ok("按钮设置", "按钮会用这个 Python")


def _kept_alive(machine: Machine) -> Finding:
    """xlwings's server stays and answers the next click at once; from the Store's Excel it can't be reached."""
    back = "运行 xlbangfu setup --no-keep-alive 关掉它，再重新打开 Excel。"
    if STORE in (excel_server(machine) or "").lower():
        return fail("按钮设置", "Excel 让 Python 一直开着，而从微软商店装的 Excel 连不上它，点按钮会失败", back)
    said = "按钮会用这个 Python，Excel 让它一直开着；点按钮时说“Could not activate Python COM server”，就关掉它"
    return ok("按钮设置", said, back)


def run_python(machine: Machine) -> Finding | None:
    """The script that Excel on macOS needs to start anything."""
    if machine.platform != "macos":
        return None
    version = machine.package_version("xlwings")
    script = machine.home / f"Library/Application Scripts/com.microsoft.Excel/xlwings-{version}.applescript"
    if machine.exists(script):
        return ok("启动脚本", "已安装")
    return fail("启动脚本", "Excel 启动 Python 要用的脚本没有装，或者是旧版本的", "运行 xlbangfu setup。")


def macros(machine: Machine) -> Finding | None:
    """Excel's setting for macros, the school's policy before the user's own."""
    if machine.platform != "windows":
        return None
    version = office_version(machine)
    policy = machine.registry(_SECURITY.format(policies="Policies\\", version=version), "VBAWarnings")
    own = machine.registry(_SECURITY.format(policies="", version=version), "VBAWarnings")
    if policy in _WARNINGS:
        policy_sentence = f"这台电脑的管理策略{_WARNINGS[int(policy)]}"
        return fail("宏设置", policy_sentence, f"请电脑管理员把总表所在的文件夹设为受信任位置；在那之前{USE_WINDOW}。")
    if policy is None and own in _WARNINGS:
        remedy = "Excel→文件→选项→信任中心→信任中心设置→宏设置，选“禁用所有宏，并发出通知”，再打开总表点“启用内容”。"
        return fail("宏设置", f"Excel {_WARNINGS[int(own)]}", remedy)
    return ok("宏设置", "可以启用宏（打开总表时点“启用内容”）")


def excel_server(machine: Machine) -> str | None:
    """The program that the name Excel.Application starts."""
    identity = machine.registry(r"HKCR\Excel.Application\CLSID")
    for key in (rf"HKCR\CLSID\{identity}\LocalServer32", rf"HKCR\WOW6432Node\CLSID\{identity}\LocalServer32"):
        server = machine.registry(key) if identity else None
        if isinstance(server, str) and server:
            return re.sub(r'^"([^"]*)".*|\s+/.*$', r"\1", server)
    return None


def is_wps(program: str) -> bool:
    """
    >>> is_wps(r"C:\\Users\\li\\AppData\\Local\\Kingsoft\\WPS Office\\12.1\\office6\\et.exe")
    True
    >>> is_wps(r"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE")
    False
    """
    return any(word in program.lower() for word in _WPS)


def office_version(machine: Machine) -> str:
    """As the registry writes it: 16.0 is 2016 and everything since."""
    current = str(machine.registry(r"HKCR\Excel.Application\CurVer") or "")
    number = current.rpartition(".")[2]
    return f"{number}.0" if number.isdigit() else "16.0"


def user_configuration(machine: Machine) -> Path:
    """Where the xlwings module of a workbook looks for the user's configuration."""
    if machine.platform == "macos":
        return machine.home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    return machine.home / ".xlwings" / "xlwings.conf"


def values(text: str) -> dict[str, str]:
    """The values of an xlwings configuration, names in capitals.

    >>> values('"INTERPRETER_WIN","C:\\\\py\\\\python.exe"')
    {'INTERPRETER_WIN': 'C:\\\\py\\\\python.exe'}
    """
    return {name.upper(): value for name, value in re.findall(r'^\s*"([^"]*)"\s*,\s*"([^"]*)"', text, re.MULTILINE)}


def expanded(value: str, machine: Machine) -> str:
    """Environment variables in the Windows way, as the workbook's VBA expands them."""
    return re.sub(r"%([^%]+)%", lambda found: machine.environment(found[1]) or found[0], value)


def _same(first: Path, second: Path, machine: Machine) -> bool:
    if machine.platform == "windows":
        one, other = (PureWindowsPath(str(path)) for path in (first, second))
        return one.parent == other.parent and {one.stem.lower(), other.stem.lower()} <= {"python", "pythonw"}
    return os.path.normpath(first) == os.path.normpath(second)


def _bits_said(machine: Machine) -> str:
    platform = machine.registry(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform")
    if platform is None:
        key = rf"HKLM\SOFTWARE\Microsoft\Office\{office_version(machine)}\Outlook"
        platform = machine.registry(key, "Bitness")
    return {"x64": "（64 位）", "x86": "（32 位）"}.get(str(platform), "")
