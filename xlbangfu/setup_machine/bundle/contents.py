"""What lies where in the package, and the list that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from xlbangfu import __version__
from xlbangfu.setup_machine.bundle.pip_downloads import BundleFailure
from xlbangfu.setup_machine.bundle.target import Target
from xlbangfu.setup_machine.bundle.wheels import Wheel

PYTHON, WHEELS, WORKBOOKS = "python", "wheels", "workbooks"
TOP = "帮扶总表"  # the one folder of the package
LIST = "清单.txt"
START, START_SOURCE = "安装-Windows.bat", "offline.bat"
SHIPPED = ("帮扶总表.xlsm", "帮扶总表-示例.xlsm", "班级页-示例.xlsx")
GUIDES = ("使用说明.pdf", "使用说明.docx")
INSTALLER = "install_windows.py"
LICENCES = "Python 的许可证在 python/LICENSE.txt（PSF），Tcl/Tk 的也在里面；各部件的许可证在各自的 .whl 里；程序自己的是 LICENSE。"
Member = Path | bytes


def check_checkout(root: Path) -> None:
    """Raises BundleFailure where the package can't be made from this folder."""
    names = ["pyproject.toml", "constraints.txt", "LICENSE"]
    names += [f"{WORKBOOKS}/{name}" for name in (*SHIPPED, *GUIDES, START_SOURCE, INSTALLER)]
    missing = [name for name in names if not (root / name).exists()]
    if missing:
        raise BundleFailure(f"离线包要在源代码文件夹里做，{root} 里缺 {'、'.join(missing)}。")


def members(root: Path, desk: Path, target: Target, wheels: Sequence[Wheel]) -> dict[str, Member]:
    """What the package holds by its name in it, the list of it last."""
    found: dict[str, Member] = {START: root / WORKBOOKS / START_SOURCE, "LICENSE": root / "LICENSE"}
    found |= {name: root / WORKBOOKS / name for name in GUIDES}
    found |= {f"{WORKBOOKS}/{name}": root / WORKBOOKS / name for name in (*SHIPPED, INSTALLER)}
    found |= {f"{WHEELS}/{wheel.path.name}": wheel.path for wheel in wheels}
    python = sorted(path for path in (desk / PYTHON).rglob("*") if path.is_file())
    found |= {path.relative_to(desk).as_posix(): path for path in python}
    found[LIST] = "\r\n".join(listing(found, target)).encode("utf-8-sig")
    return {f"{TOP}/{name}": member for name, member in found.items()}


def listing(found: Mapping[str, Member], target: Target) -> list[str]:
    """The list to read: each file with its size and SHA-256, the Python as one line."""
    lines = [f"帮扶总表 {__version__} 离线安装包：{target.name}", LICENCES, ""]
    for name, member in found.items():
        if not name.startswith(f"{PYTHON}/"):
            lines.append(f"{size(member):>12,} {hashlib.sha256(data(member)).hexdigest()} {name}")
    python = [size(member) for name, member in found.items() if name.startswith(f"{PYTHON}/")]
    lines.append(f"{sum(python):>12,} {target.source}，{len(python)} 个文件 {PYTHON}/")
    return [*lines, ""]


def summary(out: Path, found: Mapping[str, Member], wheels: Sequence[Wheel]) -> list[str]:
    """How large the package is and what makes it so, in MB."""
    by_folder = {
        folder: sum(size(found[name]) for name in names)
        for folder, names in groupby(sorted(found), key=lambda name: name.split("/")[1])
        if folder in (PYTHON, WHEELS, WORKBOOKS)
    }
    largest = sorted(wheels, key=lambda wheel: -size(wheel.path))[:3]
    folders = "，".join(f"{folder} {mb(by_folder[folder])}" for folder in (PYTHON, WHEELS, WORKBOOKS))
    parts = "、".join(f"{wheel.name} {wheel.version}（{mb(size(wheel.path))}）" for wheel in largest)
    return [
        f"做好了：{out}，{mb(out.stat().st_size)}。",
        f"解压以后 {mb(sum(map(size, found.values())))}：{folders}；共 {len(wheels)} 个部件，最大的是 {parts}。",
        f"里面有什么，写在“{LIST}”里。",
    ]


def data(member: Member) -> bytes:
    return member.read_bytes() if isinstance(member, Path) else member


def size(member: Member) -> int:
    return member.stat().st_size if isinstance(member, Path) else len(member)


def mb(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
