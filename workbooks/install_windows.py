"""What 安装-Windows.bat starts: it installs the program for this user, and says each step in Chinese.

The .bat is ASCII, because cmd in code page 936 misreads anything else; this file talks. It runs before anything is
installed, so it knows the standard library only.
"""

from __future__ import annotations

import io
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INDEX_FILE = "下载地址.txt"
CODINGS = ("utf-8-sig", "gb18030")  # Notepad's, of today and of Windows 7
CARRIED = "python"  # the folder of the offline package's own Python
IN_VENV = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"  # the tests run on Linux
FITS = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
PATIENT = ("--retries", "10", "--timeout", "60")


class StepFailure(Exception):
    """One sentence: why it stopped and what to do."""


@dataclass(frozen=True, kw_only=True)
class Installer:
    """``root`` is the unpacked folder, ``own`` the one that the program keeps for this user."""

    root: Path
    own: Path

    @property
    def venv(self) -> Path:
        return self.own / "venv"

    @property
    def python(self) -> Path:
        return self.venv / IN_VENV

    @property
    def wheels(self) -> list[Path]:
        """Those of the offline package; none in a checkout."""
        return sorted((self.root / "wheels").glob("*.whl"))

    @property
    def log(self) -> Path:
        return self.own / "install.log"

    def run_steps(self) -> None:
        self.check_files()
        say("[2/5] 找 Python 3.11 或更新的版本（64 位）……", f"      用 {sys.executable}")
        self.make_venv()
        self.install()
        self.set_up()

    def check_files(self) -> None:
        say("[1/5] 检查安装文件……")
        if not (self.root / "pyproject.toml").exists() and not self.wheels:
            raise StepFailure(
                "安装文件不全。请先把下载的压缩包“全部解压缩”，再从解压出来的文件夹里双击“安装-Windows.bat”。"
            )
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            os.chdir(self.own)
        except OSError as problem:
            raise StepFailure(f"建不了文件夹 {self.own}，请检查磁盘空间和权限。") from problem

    def make_venv(self) -> None:
        say("[3/5] 在您自己的文件夹里准备运行环境……")
        if self.python.exists() and run([self.python, "-I", "-c", FITS], quiet=True):
            return
        if not run([self.keep_python(), "-I", "-m", "venv", "--clear", self.venv]) or not self.python.exists():
            raise StepFailure(
                f"运行环境建不起来。请关闭 Excel 和帮扶窗口，再双击一次；还不行就删掉文件夹 {self.venv} 再试。"
            )

    def keep_python(self) -> Path:
        """The Python to go on with: the package's own is copied first, for the unpacked folder will be thrown away."""
        started, carried = Path(sys.executable), self.root / CARRIED
        if not started.is_relative_to(carried):
            return started
        kept = self.own / f"{CARRIED}-{platform.python_version()}"
        beside = kept.with_name(f"{kept.name}.part")
        try:
            if not kept.exists():
                shutil.rmtree(beside, ignore_errors=True)
                shutil.copytree(carried, beside, copy_function=shutil.copyfile)  # without the mark of the web
                beside.rename(kept)
        except OSError as problem:
            raise StepFailure(f"放不下运行环境，请检查磁盘空间（要 500 MB），再双击一次：{kept}") from problem
        return kept / started.relative_to(carried)

    def install(self) -> None:
        if wheels := self.wheels:
            say("[4/5] 安装程序（用 wheels 文件夹，不用网络），要几分钟，请稍等……")
            old_cpu = any("polars_runtime_compat" in wheel.name for wheel in wheels)
            wanted = "xlbangfu[old-cpu]" if old_cpu else "xlbangfu"
            if not self._pip("--no-index", "--find-links", str(self.root / "wheels"), wanted):
                raise StepFailure(f"程序装不上。请关闭 Excel 和帮扶窗口，再双击一次；详细原因在 {self.log}")
            return
        self._install_online()

    def _install_online(self) -> None:
        say("[4/5] 安装程序（从网上下载），要几分钟，请稍等……")
        index = index_options(Path(__file__).with_name(INDEX_FILE))
        if index:
            say(f"      下载地址来自“{INDEX_FILE}”：{index[1]}")
        if self._pip(*index, str(self.root)):
            return
        say("      没有装上，慢慢再试一次……")
        if not self._pip(*PATIENT, *index, str(self.root)):
            raise StepFailure(f"程序装不上。请关闭 Excel 和帮扶窗口，检查网络，再双击一次；详细原因在 {self.log}")

    def _pip(self, *options: str) -> bool:
        quiet = ("--quiet", "--progress-bar", "off", "--log", str(self.log), "--upgrade")
        return run([self.python, "-P", "-m", "pip", "install", *quiet, *options])

    def set_up(self) -> None:
        say("[5/5] 设置按钮、桌面快捷方式，放一个新的总表……")
        if not run([self.python, "-P", "-m", "xlbangfu.setup_machine"]):
            raise StepFailure("程序装好了，但上面打 × 的那一步没有做成；照它说的做，再双击一次“安装-Windows.bat”。")


def index_options(path: Path) -> tuple[str, ...]:
    """pip's options for the package index that a school names in a text file; none without the file."""
    if not path.exists():
        return ()
    address = next((line.strip() for line in decoded(path.read_bytes()).splitlines() if line.strip()), "")
    if not address.startswith("https://") or len(address.split()) > 1:
        raise StepFailure(
            f"“{path.name}”的第一行要是一个以 https:// 开头的地址，现在是“{address}”。请改好，或删掉这个文件。"
        )
    return ("--index-url", address)


def decoded(data: bytes) -> str:
    for coding in CODINGS:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def run(command: Sequence[str | Path], *, quiet: bool = False) -> bool:
    """Whether a program started and ended well."""
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, env=environment(), stdout=output, stderr=output).returncode == 0
    except OSError:
        return False


def environment() -> dict[str, str]:
    """No module comes from the current folder or from another Python."""
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return {**own, "PYTHONSAFEPATH": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def wait_for_key() -> None:
    if sys.platform != "win32" or not sys.stdin.isatty():
        return
    import msvcrt

    say("", "  按任意键关闭这个窗口。")
    msvcrt.getwch()


def main() -> int:
    """0 when all five steps are done."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    say("", "  帮扶总表：安装程序。全程不用打字，大约需要几分钟。")
    say("  想停下来，关掉这个窗口就行，再双击一次会接着装。", "")
    try:
        Installer(root=Path(__file__).resolve().parents[1], own=Path.home() / ".xlbangfu").run_steps()
    except StepFailure as failure:
        say(f"  没有做成：{failure}")
        return 1
    except KeyboardInterrupt:
        say("  停下来了。再双击一次会接着装。")
        return 1
    except Exception as problem:  # staff never see a traceback
        say(f"  没有做成：出了没有料到的错（{type(problem).__name__}：{problem}）。请把这个窗口截图发给维护人员。")
        return 1
    say("", "  装好了。桌面上有“帮扶总表”“帮扶窗口”“帮扶体检”。")
    say("  下一步：打开“帮扶总表”，点“启用内容”，从“控制台”开始。")
    return 0


if __name__ == "__main__":
    code = main()
    wait_for_key()
    sys.exit(code)
