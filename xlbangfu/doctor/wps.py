"""Whether the buttons of a workbook that is for WPS find their launcher."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.doctor.finding import Finding, fail, ok, warn
from xlbangfu.doctor.machine import Machine

LAUNCHER = (".xlbangfu", "wps", "launch.bat")
"""Under the user's own folder; setup writes it."""
LAUNCHING = "LaunchWps"  # the module by which a workbook for WPS is known
_NAMES = ("Ket.Application", "ET.Application")


def buttons(machine: Machine, book: Path) -> Finding | None:
    """Of a workbook whose buttons are for WPS."""
    if machine.macro(book, LAUNCHING) is None:
        return None
    if machine.platform != "windows":
        return warn("WPS 按钮", "总表里的按钮是给 Windows 上的 WPS 用的", "在这台电脑上用“帮扶窗口”做同样的事。")
    if not any(machine.registry(rf"HKCR\{name}\CLSID") for name in _NAMES):
        remedy = "安装 WPS（Windows 版），或者运行 xlbangfu host 总表 excel，或者用“帮扶窗口”。"
        return fail("WPS 按钮", "总表里的按钮是给 WPS 用的，这台电脑没有 WPS 表格", remedy)
    if not machine.exists(machine.home / Path(*LAUNCHER)):
        return fail("WPS 按钮", "按钮要启动的文件不在了", "运行 xlbangfu setup（或再双击一次安装程序）。")
    return ok("WPS 按钮", "按钮要启动的文件在；点按钮没反应时，看 WPS 的“工具→开发工具”是不是在 JS 环境")
