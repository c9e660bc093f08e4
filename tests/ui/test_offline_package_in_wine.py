"""The offline package in Wine, code page 936, a user "张 老师": unpack, double-click, demo, run. By hand, six to ten minutes.

``XLBANGFU_PACKAGE`` names the package that ``python -m xlbangfu.setup_machine.bundle`` made. Wine 8 lacks three things that
every Windows 10 has: bcryptprimitives.dll (polars and calamine draw their random numbers there; a stub is built),
CopyFile2 and WMI (Python does without). numpy does not load there, so pairing is not in these steps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.wine, pytest.mark.slow]
PACKAGE, COMPILER = os.environ.get("XLBANGFU_PACKAGE", ""), "x86_64-w64-mingw32-gcc"
NEEDS = "needs wine and mingw-w64, and XLBANGFU_PACKAGE, the offline package"
USER = "张 老师"
RANDOM = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
"""


@dataclass
class Windows:
    """A Windows of Wine's; ``unpacked`` is the folder that the user unpacked on drive Z."""

    prefix: Path
    unpacked: Path

    @property
    def home(self) -> Path:
        return self.prefix / "drive_c/users" / USER

    def run(self, *words: str, cwd: Path, as_user: bool = True) -> tuple[int, str]:
        own = {"WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all", "HOME": str(self.prefix.parent)}
        chinese = {"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}
        user = f"set USERPROFILE=C:\\users\\{USER}&& " if as_user else ""
        done = subprocess.run(
            ["wine", "cmd", "/c", user + " ".join(words)],
            env={**os.environ, **own, **chinese}, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=900,
        )  # fmt: skip
        return done.returncode, done.stdout.decode("gb18030", errors="replace")

    def program(self, *words: str) -> tuple[int, str]:
        return self.run(r".xlbangfu\venv\Scripts\python.exe", "-P", "-m", "xlbangfu", *words, cwd=self.home)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    if not PACKAGE or shutil.which("wine") is None or shutil.which(COMPILER) is None:
        pytest.skip(NEEDS)
    folder = tmp_path_factory.mktemp("wine")
    made = Windows(prefix=folder / "prefix", unpacked=folder / "下载 (1)/帮扶总表")
    made.run("ver", cwd=folder, as_user=False)
    made.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f", cwd=folder, as_user=False)
    (folder / "random.c").write_text(RANDOM, encoding="ascii")
    library = made.prefix / "drive_c/windows/system32/bcryptprimitives.dll"
    subprocess.run([COMPILER, "-shared", "-o", library, folder / "random.c", "-ladvapi32"], check=True)
    (made.home / "Desktop").mkdir(parents=True)
    with zipfile.ZipFile(PACKAGE) as package:
        package.extractall(made.unpacked.parent)
    copying = made.unpacked / "python/Lib/shutil.py"
    copying.write_text(copying.read_text("utf-8").replace('hasattr(_winapi, "CopyFile2")', "False"), encoding="utf-8")
    (made.unpacked / "python/DLLs/_wmi.pyd").unlink()
    yield made
    own = {**os.environ, "WINEPREFIX": str(made.prefix)}
    subprocess.run(["wineserver", "-k"], env=own, check=False)


def test_from_the_double_click_to_the_class_pages(windows: Windows) -> None:
    code, said = windows.run("安装-Windows.bat", cwd=windows.unpacked)
    assert code == 0, said
    assert "[5/5]" in said
    assert "装好了" in said
    assert (windows.home / "Desktop/帮扶总表.xlsm").exists()

    shutil.rmtree(windows.unpacked)  # as people do
    code, said = windows.program("demo")
    assert code == 0, said
    assert len(list((windows.home / "帮扶演示/班级页").glob("*.xlsx"))) > 20

    code, said = windows.program("run", r"帮扶演示\帮扶总表.xlsm")
    assert code == 0, said
    assert "全部检查过，没有问题" in said
