"""The double-click installers: the one for macOS is run, the batch file for Windows where there is wine.

What the batch file starts is tested in test_install_windows.
"""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.batch_rules import faults_of
from tests.support.fake_machine import FakeMachine
from xlbangfu.doctor.machine import Interpreter
from xlbangfu.setup_machine import Place, shortcuts, wps_launcher

ROOT = Path(__file__).parents[2]
BATCH = ROOT / "workbooks" / "安装-Windows.bat"
SCRIPT = ROOT / "workbooks" / "install_windows.py"
COMMAND = ROOT / "workbooks" / "安装-macOS.command"
CHINESE = "zh_CN.UTF-8"  # wine takes code page 936 from the language
NEEDS_WINE = "needs wine: apt-get install wine64 wine"
PYTHON = "AppData/Local/Programs/Python/Python312"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a bash script")


def test_cmd_cannot_misread_any_batch_file_that_is_shipped() -> None:
    shipped = [path for path in ROOT.rglob("*.bat") if ".venv" not in path.parts]

    assert BATCH in shipped
    assert {path.name: faults_of(path.read_bytes()) for path in shipped} == {path.name: [] for path in shipped}


def test_cmd_cannot_misread_any_batch_file_that_setup_writes(tmp_path: Path) -> None:
    home = tmp_path / "张 老师 (1)"
    shortcuts.write(windows_place(home))
    wps_launcher.write(windows_place(home))

    written = {path.name: faults_of(path.read_bytes()) for path in home.rglob("*.bat")}
    assert written == {"帮扶窗口.bat": [], "帮扶体检.bat": [], "launch.bat": []}


def test_every_batch_file_that_the_code_writes_is_written_by_setup() -> None:
    """A new place that writes one must be held to the rule above; the offline package's comes from workbooks/."""
    writing = re.compile(r"""["'{][^"'\n]*\.(?:bat|cmd)["']""")
    writers = {path.name for path in (ROOT / "xlbangfu").rglob("*.py") if writing.search(path.read_text("utf-8"))}

    assert writers == {"shortcuts.py", "contents.py", "wps.py"}


def test_the_batch_file_names_only_files_that_lie_beside_it() -> None:
    beside = re.findall(r"%~dp0([^\"]+)", BATCH.read_text("ascii"))

    assert set(beside) == {"install_windows.py", "install_help.html"}
    assert all((BATCH.parent / name).exists() for name in beside)


def test_the_page_for_those_without_python_says_what_to_do() -> None:
    page = (BATCH.parent / "install_help.html").read_text("utf-8")

    assert '<meta charset="utf-8">' in page
    assert "https://www.python.org/downloads/windows/" in page
    assert "Add python.exe to PATH" in page
    assert f"再双击“{BATCH.name}”" in page


def test_both_installers_do_the_same_steps() -> None:
    steps = [re.findall(r"\[\d/5\] [^（，…]*", path.read_text(encoding="utf-8")) for path in (SCRIPT, COMMAND)]

    assert sorted(set(steps[0])) == steps[1]
    assert len(steps[1]) == 5


@pytest.mark.parametrize("where", ["xlbangfu/doctor", "xlbangfu/setup_machine", "xlbangfu/cli", "workbooks"])
def test_all_that_is_said_in_the_black_window_has_a_sign_in_code_page_936(where: str) -> None:
    """What has none stands there as a question mark."""
    texts = {
        node.value
        for path in (ROOT / where).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert sorted({sign for sign in "".join(texts) if "?" in sign.encode("gbk", "replace").decode("gbk")} - {"?"}) == []


def test_no_installer_asks_for_typing() -> None:
    for path in (BATCH, SCRIPT, COMMAND):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"set /p|\binput\(", text)
        assert re.findall(r"\bread\b.*", text) in ([], ["read -r -s -n 1"])


def windows_place(home: Path) -> Place:
    """A Windows on which PowerShell makes no links."""
    python = home / ".xlbangfu/venv/Scripts/python.exe"
    machine = FakeMachine(platform="windows", home=home, interpreter=Interpreter(python, (3, 12, 0), 64))
    return Place(
        platform="windows",
        home=home,
        desktop=home / "桌面",
        interpreter=python,
        machine=machine,
        run=lambda command, more: False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a user unpacks, in a folder whose name has a space, brackets and Chinese."""
    made = tmp_path / "帮扶 (1)"
    for name in ("xlbangfu", "macros", "workbooks"):
        shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, made)
    return made


def without_checkout() -> dict[str, str]:
    """What is installed is looked at, and not the checkout that the tests run in."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run_command(checkout: Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", str(checkout / "workbooks" / COMMAND.name)],
        env={**without_checkout(), "HOME": str(home), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=home,
    )


@POSIX
def test_the_command_file_can_be_double_clicked() -> None:
    assert COMMAND.stat().st_mode & 0o111
    assert b"\r" not in COMMAND.read_bytes()


@POSIX
@pytest.mark.slow
def test_the_command_file_installs_and_may_be_run_again(checkout: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"

    first = run_command(checkout, home)
    second = run_command(checkout, home)

    assert first.returncode == 0, first.stdout + first.stderr
    assert second.returncode == 0, second.stdout + second.stderr
    assert "已经有了，没有动它" in second.stdout
    assert {"帮扶总表.xlsm"} <= {path.name for path in (home / "Desktop").iterdir()}
    doctor = [home / ".xlbangfu/venv/bin/python", "-m", "xlbangfu.doctor", home / "Desktop/帮扶总表.xlsm"]
    assert (
        subprocess.run(doctor, cwd=home, capture_output=True, env={**without_checkout(), "HOME": str(home)}).returncode
        == 0
    )


@POSIX
def test_without_the_rest_of_the_checkout_it_says_to_unpack(tmp_path: Path) -> None:
    (tmp_path / "workbooks").mkdir()
    shutil.copy(COMMAND, tmp_path / "workbooks")

    done = run_command(tmp_path, tmp_path / "home")

    assert done.returncode == 1
    assert "请先把下载的压缩包解开" in done.stdout


@POSIX
def test_without_python_it_opens_the_page_to_get_it_from(checkout: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "mkdir", "uname"):
        (programs / name).symlink_to(str(shutil.which(name)))
    opened = programs / "open"
    opened.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', encoding="utf-8")
    opened.chmod(0o755)
    if any(Path(name).exists() for name in ("/usr/local/bin/python3.11", "/usr/local/bin/python3.12", "/opt/homebrew")):
        pytest.skip("a Python is where the installer always looks")

    bash = str(shutil.which("bash"))
    done = subprocess.run(
        [bash, str(checkout / "workbooks" / COMMAND.name)],
        env={"HOME": str(tmp_path / "home"), "PATH": str(programs)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip

    assert done.returncode == 1
    assert "没有找到 Python" in done.stdout
    assert "python.org" in (tmp_path / "opened").read_text(encoding="utf-8")


class Wine:
    """A Windows of wine's in code page 936, with a python.exe that only writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.drive = folder / "drive_c"
        self._environment = {**os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all", "HOME": str(folder.parent)}
        self._environment |= {"LANG": CHINESE, "LC_ALL": CHINESE} if has_chinese() else {}
        self._environment.pop("DISPLAY", None)
        self.run("wineboot", "-i")
        self.fake = self.drive / "fake"
        self.home = next(path for path in (self.drive / "users").iterdir() if path.name != "Public")

    def run(self, *command: str, cwd: Path | None = None) -> int:
        done = subprocess.run(
            command, env=self._environment, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )
        return done.returncode

    def forget(self) -> None:
        """As it was before anything was installed."""
        for folder in (self.fake, self.home / PYTHON):
            shutil.rmtree(folder, ignore_errors=True)
        self.fake.mkdir()

    def install_python(self, *, new_enough: bool = True, installs: bool = True) -> None:
        """pip's own launcher started with a shebang line is the shortest way to an .exe that runs a batch file."""
        import pip

        launcher = Path(pip.__file__).parent / "_vendor/distlib/t64.exe"
        tail = io.BytesIO()
        zipfile.ZipFile(tail, "w").close()
        shebang = b"#!C:\\windows\\system32\\cmd.exe /c C:\\fake\\python.bat\n"
        folder = self.home / PYTHON
        folder.mkdir(parents=True)
        (folder / "python.exe").write_bytes(launcher.read_bytes() + shebang + tail.getvalue())
        answers = f'if "%~3"=="-c" exit {77 if new_enough else 1}\r\nexit {int(not installs)}\r\n'
        asked = "@echo off\r\necho %3>>C:\\fake\\asked.txt\r\n" + answers
        (self.fake / "python.bat").write_text(asked, newline="")

    @property
    def asked(self) -> list[str]:
        path = self.fake / "asked.txt"
        return path.read_text(encoding="gb18030", errors="replace").split("\n")[:-1] if path.exists() else []


def has_chinese() -> bool:
    """Whether this Linux knows the locale by which wine takes code page 936."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, errors="replace").stdout
    return "zh_CN.utf8" in listed


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Wine:
    if shutil.which("wine") is None:
        pytest.skip(NEEDS_WINE)
    return Wine(tmp_path_factory.mktemp("wine"))


@pytest.fixture
def wine(windows: Wine) -> Wine:
    windows.forget()
    return windows


@pytest.mark.slow
@pytest.mark.parametrize("installs", [True, False])
def test_the_batch_file_hands_over_to_python_and_passes_on_how_it_ended(
    wine: Wine, checkout: Path, installs: bool
) -> None:
    wine.install_python(installs=installs)

    code = wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks")

    assert code == int(not installs)
    assert [line.strip().strip('"').rpartition("\\")[2] for line in wine.asked] == ["-c", "install_windows.py"]


@pytest.mark.slow
def test_a_python_that_is_too_old_is_asked_and_left(wine: Wine, checkout: Path) -> None:
    wine.install_python(new_enough=False)

    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
    assert set(map(str.strip, wine.asked)) == {"-c"}


@pytest.mark.slow
def test_the_batch_file_without_python_or_without_the_rest_fails(wine: Wine, checkout: Path) -> None:
    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
    (checkout / "workbooks/install_windows.py").unlink()
    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
