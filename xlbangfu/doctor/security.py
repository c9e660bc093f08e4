"""What keeps Excel from starting a program, and so the buttons from working: 360, 火绒, and a rule of Windows Defender.

The window is started by staff and not by Excel, so none of them minds it.
"""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from xlbangfu.doctor.excel import USE_WINDOW
from xlbangfu.doctor.finding import Finding, fail, ok, warn
from xlbangfu.doctor.machine import Machine

NAME = "安全软件"
CHILD_PROCESSES = (
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a"  # "Block all Office applications from creating child processes"
)
_DEFENDER = r"Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
RULES = (rf"HKLM\SOFTWARE\Policies\Microsoft\{_DEFENDER}", rf"HKLM\SOFTWARE\Microsoft\{_DEFENDER}")
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager", "ASRRules"
_BLOCK, _WARN = "1", "6"
_PRODUCTS = {
    "360安全卫士": r"360\360Safe\360Safe.exe",
    "360杀毒": r"360\360sd\360sd.exe",
    "火绒": r"Huorong\Sysdiag\bin\HipsMain.exe",
}
_LOOKS = "点按钮时右下角弹出拦截提示，里面有 Excel（EXCEL.EXE）和 pythonw.exe、python.exe 或 cmd.exe，或者什么也不弹、按钮没反应"
_ALLOW = "弹出时选“允许”并勾“不再提醒”；没弹的，在它的“信任区”或“拦截记录”里把 Excel 启动 Python 这一条放行"


def child_processes(machine: Machine) -> Finding | None:
    """Whether Defender's rule keeps Office from starting programs."""
    if machine.platform != "windows":
        return None
    state = _state(machine)
    if state not in (_BLOCK, _WARN):
        return None
    said = "Windows 安全中心有一条规则“阻止所有 Office 应用程序创建子进程”"
    looks = "：点按钮没有反应，右下角说“你的 IT 管理员已阻止此操作”"
    remedy = f"{USE_WINDOW}；要用按钮，请学校的电脑管理员把 Excel 从这条规则里排除。"
    if state == _BLOCK:
        return fail(NAME, f"{said}，Excel 启动不了程序{looks}", remedy)
    return warn(NAME, f"{said}（先警告），点按钮时会先拦下来问", f"弹出时点“取消阻止”再点一次按钮；或者{USE_WINDOW}。")


def products(machine: Machine) -> Finding | None:
    """Products that ask about, or silently stop, a program that Excel starts."""
    if machine.platform != "windows":
        return None
    found = [name for name, path in _PRODUCTS.items() if any(machine.exists(one) for one in _places(machine, path))]
    if not found:
        return None
    return ok(NAME, f"装着{'、'.join(found)}；它拦按钮时的样子：{_LOOKS}", f"真拦了：{_ALLOW}；或者{USE_WINDOW}。")


def _state(machine: Machine) -> str:
    """What the rule is set to, by the school's policy first; empty where it is not."""
    for key in RULES:
        for name in (CHILD_PROCESSES, CHILD_PROCESSES.upper()):
            value = machine.registry(key, name)
            if value is not None:
                return str(value)
    together = str(machine.registry(*MANAGED) or "").lower()
    return next((state for rule, _, state in _pairs(together) if rule.strip("{}") == CHILD_PROCESSES), "")


def _pairs(together: str) -> list[tuple[str, str, str]]:
    """``rule=state|rule=state`` as a managed computer has it."""
    return [pair.strip().partition("=") for pair in together.split("|")]


def _places(machine: Machine, path: str) -> list[Path]:
    folders = (machine.environment(name) for name in ("ProgramFiles(x86)", "ProgramFiles", "ProgramW6432"))
    return [Path(str(PureWindowsPath(folder) / path)) for folder in folders if folder]
