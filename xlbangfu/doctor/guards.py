"""What on Windows may keep Excel from starting Python: Defender's rules, and guards that ask or block in silence."""

from __future__ import annotations

from xlbangfu.doctor.excel import USE_WINDOW
from xlbangfu.doctor.finding import Finding, fail, warn
from xlbangfu.doctor.machine import Machine

NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
"""Defender's rule that no program of Office may start another."""
RULES = tuple(
    rf"HKLM\SOFTWARE\{policies}Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
    for policies in ("Policies\\", "")
)
_BLOCKS, _WARNS = 1, 6
GUARDS = {
    "360 安全卫士": (r"HKLM\SOFTWARE\360Safe", r"HKLM\SOFTWARE\WOW6432Node\360Safe"),
    "火绒": (r"HKLM\SOFTWARE\Huorong\Sysdiag", r"HKLM\SOFTWARE\WOW6432Node\Huorong\Sysdiag"),
}


def rules(machine: Machine) -> Finding | None:
    """Defender's rule, the school's before the computer's own."""
    if machine.platform != "windows":
        return None
    found = next((value for key in RULES if (value := machine.registry(key, NO_CHILDREN)) is not None), None)
    if str(found) == str(_BLOCKS):
        remedy = f"请电脑管理员对 Excel 关掉这条规则；在那之前{USE_WINDOW}。"
        return fail(
            "安全规则", "这台电脑不许 Excel 启动别的程序（Defender 的攻击面减少规则），按钮点了没有反应", remedy
        )
    if str(found) == str(_WARNS):
        remedy = f"点按钮后看右下角的通知，选“允许”；没有通知的话{USE_WINDOW}。"
        return warn("安全规则", "Excel 启动别的程序时 Defender 会先拦下来问", remedy)
    return None


def programs(machine: Machine) -> Finding | None:
    """Guards that are installed and known to stop a program that Excel or WPS starts."""
    if machine.platform != "windows":
        return None
    there = [name for name, keys in GUARDS.items() if any(map(machine.has_key, keys))]
    if not there:
        return None
    names = "、".join(there)
    remedy = f"点按钮没有反应时，看它的拦截记录，把“{machine.interpreter.path.parent}”加入信任；还不行就{USE_WINDOW}。"
    return warn("安全软件", f"装着{names}，它可能拦住 Excel 启动程序", remedy)
