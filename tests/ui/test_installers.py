"""The double-click installers: the one for macOS is run, the one for Windows is taken apart, and run where there is wine."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BATCH = ROOT / "workbooks" / "安装-Windows.bat"
COMMAND = ROOT / "workbooks" / "安装-macOS.command"
NEEDS_WINE = "needs wine: apt-get install wine64 wine"
PYTHON = "AppData/Local/Programs/Python/Python312"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a bash script")


@pytest.fixture(scope="module")
def batch() -> list[str]:
    return BATCH.read_bytes().decode("utf-8").split("\r\n")


def code_of(batch: list[str]) -> list[str]:
    return [line for line in batch if line and not line.lower().startswith(("rem ", "echo"))]


def test_cmd_can_read_the_batch_file() -> None:
    data = BATCH.read_bytes()

    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    ascii_head = data[: data.index("帮".encode())]
    assert b"chcp 65001" in ascii_head


def test_every_label_that_is_gone_to_is_there_once_and_no_other(batch: list[str]) -> None:
    labels = [line[1:] for line in batch if line.startswith(":")]
    wanted = set(re.findall(r"(?:goto|call) :?([a-z_]+)", "\n".join(code_of(batch)).replace("call :", "call ")))
    steps = {label for label in labels if label.startswith("step_")}

    assert len(labels) == len(set(labels))
    assert wanted | steps == set(labels)


def test_every_program_that_can_fail_is_asked_whether_it_did(batch: list[str]) -> None:
    lines = code_of(batch)
    starts = [place for place, line in enumerate(lines) if line.startswith(('"%VPY%"', '"%PYTHON%"', '"%~1"', "cd "))]

    assert len(starts) >= 7
    for place in starts:
        assert re.match(r"if (not )?errorlevel 1 ", lines[place + 1]), lines[place]


def test_a_path_with_brackets_and_spaces_breaks_no_line(batch: list[str]) -> None:
    quoted = re.compile(r'"[^"]*"')
    for line in code_of(batch):
        bare = quoted.sub("", line)
        assert not re.search(r"%(ROOT|OWN|VENV|VPY|LOG|PICKED|PYTHON|~1|~dp0\S*)%?", bare), line
        assert not bare.rstrip().endswith("("), line


def test_each_refusal_says_what_to_do_and_ends_with_a_failure(batch: list[str]) -> None:
    text = "\n".join(batch)
    for label in re.findall(r"^:(no_\w+)$", text, re.MULTILINE):
        block = text.split(f":{label}\n")[1].split("\ngoto finish")[0]
        assert "请" in block or "再双击一次" in block
        assert block.endswith('set "CODE=1"')


def test_both_installers_do_the_same_steps() -> None:
    steps = [re.findall(r"\[\d/5\] [^（…]*", path.read_text(encoding="utf-8")) for path in (BATCH, COMMAND)]

    assert [step.strip() for step in steps[0]] == [step.strip() for step in steps[1]]
    assert len(steps[0]) == 5


def test_no_installer_asks_for_typing() -> None:
    for path in (BATCH, COMMAND):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"set /p (?!CANDIDATE=<)", text)
        assert re.findall(r"\bread\b.*", text) in ([], ["read -r -s -n 1"])


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
    """A Windows of wine's, with a python.exe that only writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.drive = folder / "drive_c"
        self._environment = {**os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all", "HOME": str(folder.parent)}
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
        for folder in (self.fake, self.home / ".xlbangfu", self.home / PYTHON):
            shutil.rmtree(folder, ignore_errors=True)
        self.fake.mkdir()

    def install_python(self, *, pip_works: bool = True) -> None:
        """pip's own launcher started with a shebang line is the shortest way to an .exe that runs a batch file."""
        import pip

        launcher = Path(pip.__file__).parent / "_vendor/distlib/t64.exe"
        tail = io.BytesIO()
        zipfile.ZipFile(tail, "w").close()
        shebang = b"#!C:\\windows\\system32\\cmd.exe /c C:\\fake\\python.bat\n"
        folder = self.home / PYTHON
        folder.mkdir(parents=True)
        (folder / "python.exe").write_bytes(launcher.read_bytes() + shebang + tail.getvalue())
        failing = "" if pip_works else 'if "%~3"=="pip" exit 1\r\n'
        asked = (
            "@echo off\r\necho %*>>C:\\fake\\asked.txt\r\n"
            'if "%~3"=="venv" call C:\\fake\\venv.bat %1 "%~5"\r\n' + failing + "exit 0\r\n"
        )
        (self.fake / "python.bat").write_text(asked, newline="")
        venv = 'mkdir "%~2\\Scripts"\r\ncopy "%~1" "%~2\\Scripts\\python.exe" >nul\r\n'
        (self.fake / "venv.bat").write_text(venv, newline="")

    @property
    def asked(self) -> str:
        path = self.fake / "asked.txt"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


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
def test_the_batch_file_goes_through_all_its_steps(wine: Wine, checkout: Path) -> None:
    wine.install_python()

    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 0
    assert re.findall(r'" -m (\S+)', wine.asked) == ["venv", "pip", "xlbangfu.setup_machine"]
    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 0
    assert wine.asked.count("-m venv") == 1


@pytest.mark.slow
def test_the_batch_file_tries_twice_and_then_gives_up(wine: Wine, checkout: Path) -> None:
    wine.install_python(pip_works=False)

    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
    assert wine.asked.count("-m pip install") == 2
    assert "xlbangfu.setup_machine" not in wine.asked


@pytest.mark.slow
def test_the_batch_file_without_python_or_without_the_checkout_fails(wine: Wine, checkout: Path) -> None:
    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
    (checkout / "pyproject.toml").unlink()
    assert wine.run("wine", "cmd", "/c", BATCH.name, cwd=checkout / "workbooks") == 1
