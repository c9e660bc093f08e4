"""Whether this Python, its packages and this processor can run xlbangfu."""

from __future__ import annotations

import re

from xlbangfu.doctor.finding import Finding, fail, ok, warn
from xlbangfu.doctor.machine import Machine
from xlbangfu.late_pattern import late_pattern

LEAST = (3, 11)
_REQUIREMENT = late_pattern(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(;.*)?")
_BOUND = late_pattern(r"(>=|<=|==|!=|~=|<|>)\s*([\w.]+)")
_SYSTEM = late_pattern(r"""(sys_platform|platform_system)\s*(==|!=)\s*['"](\w+)['"]""")
_SYSTEMS = {
    "windows": ("win32", "Windows"),
    "macos": ("darwin", "Darwin"),
    "linux": ("linux", "Linux"),
}
INSTALL_AGAIN = (
    "再双击一次安装程序（安装-Windows.bat 或 安装-macOS.command），或运行 pip install 加上 xlbangfu 的文件夹"
)


def interpreter(machine: Machine) -> Finding:
    python = machine.interpreter
    what = f"Python {python.version_said}（{python.bits} 位），在 {python.path}"
    if python.version < LEAST:
        return fail("Python", f"{what}，版本太旧", "安装 Python 3.11 或更新的版本（python.org），再安装一次 xlbangfu。")
    if python.bits < 64:
        return fail("Python", f"{what}，计算用的 polars 没有 32 位版", "安装 64 位的 Python，再安装一次 xlbangfu。")
    return ok("Python", what)


def packages(machine: Machine) -> Finding:
    """Installed versions against what xlbangfu requires."""
    wanted = [needed for text in machine.requirements() if (needed := requirement(text, machine))]
    if not wanted:
        return fail("程序包", "xlbangfu 没有正确安装，查不到它需要哪些包", f"{INSTALL_AGAIN}。")
    wrong, versions = [], []
    for name, bounds in wanted:
        version = machine.package_version(name)
        if version is None:
            wrong.append(f"缺 {name}")
        elif not satisfies(version, bounds):
            wrong.append(f"{name} {version} 不合要求（{bounds}）")
        else:
            versions.append(f"{name} {version}")
    if wrong:
        return fail("程序包", "、".join(wrong), f"{INSTALL_AGAIN}。")
    return ok("程序包", "、".join(versions))


def processor(machine: Machine) -> Finding | None:
    """polars' usual build dies on a processor without AVX2."""
    if machine.has_avx2() is not False:
        return None
    if machine.package_version("polars-runtime-compat"):
        return ok("处理器", "没有 AVX2，已经装了适合它的 polars")
    return fail(
        "处理器",
        "没有 AVX2 指令，普通的 polars 会突然退出",
        f'运行："{machine.interpreter.path}" -P -m pip install "polars[rtcompat]"',
    )


def window(machine: Machine) -> Finding:
    if machine.has_module("tkinter") and machine.has_module("_tkinter"):
        return ok("帮扶窗口", "可以打开")
    remedies = {
        "windows": "重新运行 Python 的安装程序，选 Modify，勾选 tcl/tk。",
        "macos": "用 python.org 的 Python（自带），或运行 brew install python-tk。",
        "linux": "运行 sudo apt-get install python3-tk。",
    }
    return warn("帮扶窗口", "这个 Python 没有 tkinter，窗口打不开（按钮和命令不受影响）", remedies[machine.platform])


def keyring(machine: Machine) -> Finding:
    """Where the mail password would be kept; only SMTP needs it."""
    if machine.package_version("keyring") is None:
        return ok("钥匙串", "没有装 keyring，只有用 SMTP 直接发信时才需要", "要用时运行 pip install keyring。")
    backend = machine.told_by(
        str(machine.interpreter.path), "-P", "-c", "import keyring; print(type(keyring.get_keyring()).__module__)"
    )
    if not backend or any(word in backend for word in (".fail", ".null")):
        remedy = "「发信方式」是 文件（默认）的不用管；要直接寄的，Linux 上装 gnome-keyring 或 KWallet 并登录桌面。"
        return warn("钥匙串", "这台电脑没有能存授权码的钥匙串，不能用 SMTP 直接寄邮件", remedy)
    return ok("钥匙串", f"可以存授权码（{backend}）")


def requirement(text: str, machine: Machine) -> tuple[str, str] | None:
    """The package and its bounds; None for what an extra or another system needs.

    >>> import types
    >>> requirement("polars<3,>=1.30", types.SimpleNamespace(platform="linux"))
    ('polars', '<3,>=1.30')
    >>> requirement('pytest>=8; extra == "test"', types.SimpleNamespace(platform="linux"))
    """
    found = _REQUIREMENT.fullmatch(text)
    if not found:
        return None
    name, bounds, marker = found[1], found[2].strip(), found[3] or ""
    if "extra" in marker:
        return None
    here = _SYSTEMS[machine.platform]
    for _, sign, system in _SYSTEM.findall(marker):
        if (system in here) != (sign == "=="):
            return None
    return name, bounds


def satisfies(version: str, bounds: str) -> bool:
    """Whether a version lies within bounds.

    >>> satisfies("1.41.2", "<3,>=1.30"), satisfies("1.9", ">=1.30"), satisfies("0.37.7", "==0.37.8")
    (True, False, False)
    """
    return all(_holds(version, sign, bound) for sign, bound in _BOUND.findall(bounds))


def _holds(version: str, sign: str, bound: str) -> bool:
    have, limit = _numbers(version), _numbers(bound)
    length = max(len(have), len(limit))
    mine, theirs = (numbers + (0,) * (length - len(numbers)) for numbers in (have, limit))
    match sign:
        case ">=":
            return mine >= theirs
        case "<=":
            return mine <= theirs
        case ">":
            return mine > theirs
        case "<":
            return mine < theirs
        case "!=":
            return mine != theirs
        case "~=":
            return mine >= theirs and have[: len(limit) - 1] == limit[:-1]
        case _:
            return mine == theirs


def _numbers(version: str) -> tuple[int, ...]:
    """The release part: 2.0rc1 counts as 2.0.

    >>> _numbers("2.0rc1"), _numbers("0.37.8")
    ((2, 0), (0, 37, 8))
    """
    release = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in release[0].split(".")) if release else (0,)
