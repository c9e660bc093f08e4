"""Whether LibreOffice, and the bridge from Python into it, are there: the buttons need both on Linux."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.doctor.finding import Finding, ok, warn
from xlbangfu.doctor.machine import Machine

DEBIAN_UNO = Path("/usr/lib/python3/dist-packages/uno.py")
SYSTEM_PYTHON = "/usr/bin/python3"
_MINOR = "import sys; print('%d.%d' % sys.version_info[:2])"


def installed(machine: Machine) -> Finding | None:
    if machine.platform != "linux":
        return None
    if machine.program("soffice") is None:
        remedy = "运行 sudo apt-get install libreoffice-calc python3-uno fonts-noto-cjk；命令和帮扶窗口不需要它。"
        return warn("LibreOffice", "没有找到 soffice，总表里的按钮用不了", remedy)
    return ok("LibreOffice", (machine.told_by("soffice", "--version") or "已安装").splitlines()[0])


def bridge(machine: Machine) -> Finding | None:
    """``uno`` is compiled for one minor version of Python: that of the system, from which the office has it."""
    if machine.platform != "linux" or machine.program("soffice") is None:
        return None
    if machine.has_module("uno"):
        return ok("连接 LibreOffice", "可以从这个 Python 操作 LibreOffice")
    if not machine.exists(DEBIAN_UNO):
        return warn(
            "连接 LibreOffice",
            "没有装 LibreOffice 的 Python 接口，按钮用不了",
            "运行 sudo apt-get install python3-uno。",
        )
    theirs = machine.told_by(SYSTEM_PYTHON, "-I", "-c", _MINOR)  # it may be too old to know -P
    ours = ".".join(str(number) for number in machine.interpreter.version[:2])
    if theirs == ours:
        return ok("连接 LibreOffice", f"可以从这个 Python 操作 LibreOffice（{DEBIAN_UNO.parent}）")
    remedy = f"用系统的 Python（{SYSTEM_PYTHON}）另建环境，再安装一次 xlbangfu。"
    return warn("连接 LibreOffice", f"LibreOffice 的接口是给 Python {theirs} 的，这里是 {ours}，按钮用不了", remedy)
