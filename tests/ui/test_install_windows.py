"""What 安装-Windows.bat starts, with every program that it would start written down; once it is really run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "workbooks" / "install_windows.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("install_windows", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "install_windows", module)  # dataclasses look their module up
    monkeypatch.chdir(Path.cwd())  # the installer goes to its own folder
    spec.loader.exec_module(module)
    yield module


@dataclass
class Programs:
    """Every program that was started; ``works`` says how it ended. venv makes a python."""

    works: Callable[[str], bool] = lambda _: True
    started: list[str] = field(default_factory=list)

    def __call__(self, command: Sequence[str | Path], **_: bool) -> bool:
        words = [str(word) for word in command]
        self.started.append(" ".join(words[1:]))
        if "venv" in words:
            python = Path(words[-1]) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return self.works(self.started[-1])

    def modules(self) -> list[str]:
        return [match[1] for line in self.started if (match := re.search(r"-m (\S+)", line))]


@pytest.fixture
def installer(script: ModuleType, tmp_path: Path) -> Any:
    root = tmp_path / "帮扶 (1)"
    root.mkdir()
    (root / "pyproject.toml").touch()
    return script.Installer(root=root, own=tmp_path / "张 老师/.xlbangfu")


def watch(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, works: Callable[[str], bool] = lambda _: True
) -> Programs:
    programs = Programs(works=works)
    monkeypatch.setattr(script, "run", programs)
    return programs


def test_it_makes_an_environment_installs_and_sets_up(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = watch(script, monkeypatch)

    installer.run_steps()

    assert programs.modules() == ["venv", "pip", "xlbangfu.setup_machine"]
    assert programs.started[1].endswith(str(installer.root))
    assert re.findall(r"\[(\d)/5\]", capsys.readouterr().out) == list("12345")


def test_a_second_run_keeps_the_environment(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = watch(script, monkeypatch)

    installer.run_steps()
    installer.run_steps()

    assert programs.modules().count("venv") == 1
    assert programs.modules().count("pip") == 2


def test_a_broken_environment_is_made_anew(script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = watch(script, monkeypatch, lambda line: "import sys, pip" not in line)

    installer.run_steps()
    installer.run_steps()

    assert programs.modules().count("venv") == 2


def test_a_folder_of_wheels_needs_no_network(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (installer.root / "wheels").mkdir()
    (installer.root / "wheels/xlbangfu-0-py3-none-any.whl").touch()
    programs = watch(script, monkeypatch)

    installer.install()

    assert f"--no-index --find-links {installer.root / 'wheels'} xlbangfu" in programs.started[0]
    assert "不用网络" in capsys.readouterr().out


@pytest.fixture
def carried(installer: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Python of the offline package, by which the installer was started."""
    python = Path(installer.root / "python/python.exe")
    (python.parent / "Lib").mkdir(parents=True)
    (python.parent / "Lib/os.py").touch()
    python.touch()
    (installer.root / "pyproject.toml").unlink()
    (installer.root / "wheels").mkdir()
    (installer.root / "wheels/xlbangfu-0-py3-none-any.whl").touch()
    monkeypatch.setattr(sys, "executable", str(python))
    return python.parent


def test_the_unpacked_folder_may_be_thrown_away_afterwards(
    script: ModuleType, installer: Any, carried: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[str] = []
    monkeypatch.setattr(script, "run", lambda command, **_: not first.append(str(command[0])))

    installer.check_files()
    kept = installer.keep_python()

    assert kept.parent.parent == installer.own
    assert (kept.parent / "Lib/os.py").exists()
    with pytest.raises(script.StepFailure):  # nothing made the environment; what would make it is the copy
        installer.make_venv()
    assert first == [str(kept)]


def test_a_copy_that_was_cut_short_is_made_again(installer: Any, carried: Path) -> None:
    kept = installer.keep_python()
    half = kept.parent.with_name(f"{kept.parent.name}.part")
    kept.parent.rename(half)
    (half / "Lib/os.py").unlink()

    assert (installer.keep_python().parent / "Lib/os.py").exists()
    assert not half.exists()


def test_a_full_disk_is_a_sentence(
    script: ModuleType, installer: Any, carried: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(script.shutil, "copytree", full)

    with pytest.raises(script.StepFailure, match="磁盘空间"):
        installer.keep_python()


def test_what_an_old_processor_needs_is_installed_where_the_package_has_it(
    script: ModuleType, installer: Any, carried: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installer.root / "wheels/polars_runtime_compat-1-py3-none-any.whl").touch()
    programs = watch(script, monkeypatch)

    installer.install()

    assert programs.started[0].endswith(" xlbangfu[old-cpu]")


def test_a_slow_network_gets_a_second_try_and_then_a_sentence(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = watch(script, monkeypatch, lambda _: False)

    with pytest.raises(script.StepFailure, match="检查网络"):
        installer.install()

    assert ["--retries 10" in line for line in programs.started] == [False, True]


def test_nothing_is_set_up_after_a_failure(script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = watch(script, monkeypatch, lambda line: "pip" not in line)

    with pytest.raises(script.StepFailure):
        installer.run_steps()

    assert "xlbangfu.setup_machine" not in programs.modules()


@pytest.mark.parametrize("failing", ["-m venv", "-m pip", "-m xlbangfu.setup_machine"])
def test_each_refusal_says_what_to_do(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    watch(script, monkeypatch, lambda line: failing not in line)

    with pytest.raises(script.StepFailure, match="再双击一次"):
        installer.run_steps()


def test_no_program_takes_modules_from_the_folder_it_is_started_in(
    script: ModuleType, installer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = watch(script, monkeypatch)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")

    installer.run_steps()

    assert all(line.startswith(("-P ", "-I ")) for line in programs.started)
    assert script.environment()["PYTHONSAFEPATH"] == "1"
    assert "PYTHONPATH" not in script.environment()


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_school_may_name_where_packages_come_from(script: ModuleType, tmp_path: Path, coding: str) -> None:
    path = tmp_path / script.INDEX_FILE
    path.write_bytes("\r\nhttps://镜像.example.cn/simple\r\n".encode(coding))

    assert script.index_options(path) == ("--index-url", "https://镜像.example.cn/simple")
    assert script.index_options(tmp_path / "missing.txt") == ()


@pytest.mark.parametrize("text", ["", "http://plain.example.cn", "https://a.example.cn --trusted-host b", "下载"])
def test_an_address_that_is_none_is_refused(script: ModuleType, tmp_path: Path, text: str) -> None:
    path = tmp_path / script.INDEX_FILE
    path.write_text(text, encoding="utf-8")

    with pytest.raises(script.StepFailure, match="https://"):
        script.index_options(path)


def start(script: Path, home: Path) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-I", str(script)],
        env={**own, "HOME": str(home), "USERPROFILE": str(home)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="locale", cwd=home,
    )  # fmt: skip


def test_without_the_rest_of_the_folder_it_says_to_unpack(tmp_path: Path) -> None:
    (tmp_path / "workbooks").mkdir()
    alone = Path(shutil.copy(SCRIPT, tmp_path / "workbooks"))

    done = start(alone, tmp_path / "home")

    assert done.returncode == 1
    assert "没有做成：安装文件不全" in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_it_installs_and_may_be_run_again(tmp_path: Path) -> None:
    checkout = tmp_path / "帮扶 (1)"
    for name in ("xlbangfu", "macros", "workbooks"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)

    first, second = (start(checkout / "workbooks" / SCRIPT.name, tmp_path / "张 老师") for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr + second.stdout
    assert "装好了" in first.stdout
    assert "已经有了，没有动它" in second.stdout


def test_what_nobody_foresaw_is_a_sentence_too(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.Installer, "run_steps", lambda _: 1 / 0)

    assert script.main() == 1
    assert "没有料到的错（ZeroDivisionError" in capsys.readouterr().out
