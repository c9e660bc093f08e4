"""What a click does not need is not loaded: libraries that take long to import stay out of a click that has no use for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.child_python import finding
from tests.support.planted_modules import HEAVY as PLANTED
from tests.support.planted_modules import imported, plant

HEAVY = {
    "cryptography",
    "icalendar",
    "keyring",
    "matplotlib",
    "msoffcrypto",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "rich",
    "scipy",
    "smtplib",
    "tkinter",
    "xlsxwriter",
    "xlwings",
}
CLICK = """
import json, sys
from xlbangfu.cli import main
code = main(sys.argv[1:])
sys.stderr.write(json.dumps({"code": code, "loaded": sorted(sys.modules)}))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("school") / "帮扶总表.xlsm"
    sizes = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"]
    new = [sys.executable, "-m", "xlbangfu", "new", str(path), "--sample", *sizes]
    subprocess.run(new, check=True, capture_output=True)
    return path


# A click in the open workbook, on whose message boxes someone presses the button at once.
LIVE_CLICK = """
import json, sys
from xlbangfu import buttons
from xlbangfu.book.live import host_ui
host_ui.OfficeUI.say = lambda self, text, failed=False: sys.stdout.write(text)
host_ui.OfficeUI.agrees = lambda self, text: True
code = buttons.run(*sys.argv[1:])
sys.stderr.write(json.dumps({"code": code, "loaded": sorted(sys.modules)}))
"""


def loaded_after(code: str, *words: str, packages: Path) -> set[str]:
    """The modules that a click has loaded, where every library stands ready that it might load."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *words],
        env=finding(packages),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    click = json.loads(done.stderr)
    assert click["code"] == 0, done.stdout
    return set(click["loaded"])


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("action", ["validate", "refresh", "follow", "plan"])
def test_a_click_in_the_open_workbook_loads_xlwings_and_nothing_that_it_looks_for(
    made: Path, tmp_path: Path, action: str
) -> None:
    from tests.support.live_office import new_pipe, office_on

    packages, pipe = plant(tmp_path / "packages", PLANTED), new_pipe()
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    with office_on(pipe, tmp_path) as app:
        app.books.open(str(book))
        loaded = loaded_after(LIVE_CLICK, action, pipe, str(book), packages=packages)

    assert {"polars", "xlwings"} <= loaded
    assert imported(packages) == []
    assert HEAVY.isdisjoint(loaded - {"xlwings"}), HEAVY.intersection(loaded)


@pytest.mark.office
@pytest.mark.slow
def test_pairing_in_the_open_workbook_has_its_numpy_and_no_pandas(made: Path, tmp_path: Path) -> None:
    from tests.support.live_office import new_pipe, office_on

    packages, pipe = plant(tmp_path / "packages", [name for name in PLANTED if name != "numpy"]), new_pipe()
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    with office_on(pipe, tmp_path) as app:
        app.books.open(str(book))
        loaded = loaded_after(LIVE_CLICK, "pair", pipe, str(book), packages=packages)

    assert "numpy" in loaded
    assert imported(packages) == []
    assert loaded.isdisjoint({"pandas", "scipy", "matplotlib", "PIL"})


@pytest.mark.parametrize("command", ["validate", "refresh", "follow", "plan"])
def test_a_click_loads_no_library_that_it_has_no_use_for(made: Path, tmp_path: Path, command: str) -> None:
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    options = ["--yes"] if command == "plan" else []
    packages = plant(tmp_path / "packages", PLANTED)
    loaded = loaded_after(CLICK, command, str(book), "--json", *options, packages=packages)

    assert "polars" in loaded
    assert imported(packages) == []
    assert HEAVY.isdisjoint(loaded), HEAVY.intersection(loaded)
    assert "email.message" not in loaded, "a version was asked for, or importlib.metadata is imported early"


def test_a_module_that_comes_late_is_the_module_for_whoever_asks() -> None:
    code = """
import sys
from xlbangfu.one_job import import_late
import_late()
import importlib.metadata, importlib.metadata as another
assert "email" not in sys.modules
from importlib.metadata import version
assert version("polars") == another.version("polars") == importlib.metadata.version("polars")
assert sys.modules["importlib.metadata"].version is version
import_late()
assert sys.modules["importlib.metadata"].version is version
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_program_ends_with_the_exit_code_and_all_that_it_said(made: Path, tmp_path: Path) -> None:
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    done = subprocess.run([sys.executable, "-m", "xlbangfu", "validate", str(book), "--json"], capture_output=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)["action"] == "validate"
    missing = subprocess.run([sys.executable, "-m", "xlbangfu", "validate", "没有.xlsm"], capture_output=True)
    assert missing.returncode == 2
    assert "没有.xlsm" in missing.stderr.decode()
