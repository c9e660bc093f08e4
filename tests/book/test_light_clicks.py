"""What a click does not need is not loaded: libraries that take long to import stay out of a click that has no use for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "cryptography",
    "icalendar",
    "keyring",
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


@pytest.mark.parametrize("command", ["validate", "refresh", "follow", "plan"])
def test_a_click_loads_no_library_that_it_has_no_use_for(made: Path, tmp_path: Path, command: str) -> None:
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    options = ["--yes"] if command == "plan" else []
    done = subprocess.run(
        [sys.executable, "-c", CLICK, command, str(book), "--json", *options],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stderr)
    assert told["code"] == 0
    assert "polars" in told["loaded"]
    assert HEAVY.isdisjoint(told["loaded"]), HEAVY.intersection(told["loaded"])


def test_the_program_ends_with_the_exit_code_and_all_that_it_said(made: Path, tmp_path: Path) -> None:
    book = tmp_path / made.name
    shutil.copyfile(made, book)
    done = subprocess.run([sys.executable, "-m", "xlbangfu", "validate", str(book), "--json"], capture_output=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)["action"] == "validate"
    missing = subprocess.run([sys.executable, "-m", "xlbangfu", "validate", "没有.xlsm"], capture_output=True)
    assert missing.returncode == 2
    assert "没有.xlsm" in missing.stderr.decode()
