"""A real click where Python, or a package of it, is gone: a box with one sentence, and nothing is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clicking import OpenBook, Screen, screen_in, wait_for
from tests.ui.test_clicks import BOX, pytestmark  # noqa: F401 - the marks hold here too

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen_in(tmp_path_factory.mktemp("截图")) as made:
        yield made


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter of its own that has all packages, until a test takes one away."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    packages = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    there = [sysconfig.get_path("purelib"), *(path for path in sys.path if path.endswith("site-packages"))]
    (packages / "all.pth").write_text("\n".join([str(ROOT), *dict.fromkeys(there)]), encoding="utf-8")
    return tmp_path / "venv" / "bin" / "python"


@pytest.fixture
def opened(screen: Screen, python: Path, tmp_path: Path) -> Iterator[OpenBook]:
    path, home = tmp_path / "总表.xlsm", tmp_path / "home"
    home.mkdir()
    new = [sys.executable, "-m", "xlbangfu", "new", str(path), "--sample", "--host", "libreoffice"]
    subprocess.run([*new, "--students", "60", "--classes", "2", "--exams", "1"], check=True, capture_output=True)
    made = OpenBook(path, home, screen, python=str(python))
    try:
        yield made
    finally:
        made.quit()


def test_a_python_that_is_gone_is_said(opened: OpenBook, python: Path) -> None:
    shutil.rmtree(python.parents[1])
    refused(opened, "没有Python")


def test_a_package_that_is_gone_is_said(opened: OpenBook, python: Path) -> None:
    packages = next((python.parents[1] / "lib").glob("python*/site-packages"))
    (packages / "polars.py").write_text("raise ModuleNotFoundError('gone', name='polars')", encoding="utf-8")
    refused(opened, "没有polars")


def refused(opened: OpenBook, picture: str) -> None:
    before = opened.path.read_bytes(), opened.runs()
    opened.click("校验")
    wait_for(lambda: opened.screen.window(BOX), 30)
    time.sleep(0.5)
    opened.screen.shot(picture)
    opened.screen.focus(BOX)
    opened.screen.do("key", "Return")
    wait_for(lambda: opened.screen.window(BOX) is None, 20)

    assert (opened.path.read_bytes(), opened.runs()) == before
    assert not opened.path.with_name("备份").exists()
