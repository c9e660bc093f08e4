"""xlwings comes without pandas, numpy, matplotlib and their like, which are there all the same when someone wants them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.child_python import finding
from tests.support.excel_start import as_run_here, clicked, kept_alive
from tests.support.planted_modules import HEAVY, imported, plant

SHOW = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def modules_after(code: str, *found_first: Path) -> set[str]:
    """The modules that a fresh Python has after some code; folders are searched before those of installed packages."""
    return ran([sys.executable, "-c", f"{code}\n{SHOW}"], *found_first)


def ran(command: list[str], *found_first: Path) -> set[str]:
    done = subprocess.run(command, env=finding(*found_first), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    return plant(tmp_path / "packages", HEAVY)


def test_none_of_what_xlwings_looks_for_is_imported(heavy: Path) -> None:
    modules = modules_after("import xlbangfu.book.light_xlwings", heavy)

    assert "xlwings" in modules
    assert imported(heavy) == []
    assert not modules & {*HEAVY, "cryptography"}


def test_plain_xlwings_would_have_imported_them(heavy: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "import xlwings"], env=finding(heavy), capture_output=True)

    assert done.returncode != 0
    assert imported(heavy)


def test_numpy_serves_polars_and_pairing_afterwards() -> None:
    modules = modules_after(
        "import xlbangfu.book.light_xlwings, polars, numpy\n"
        "assert polars.DataFrame({'a': numpy.array([1, 2])})['a'].to_numpy().sum() == 3\n"
        "from xlbangfu.rules.pairing import assignment\n"
        "whole = numpy.ones(2, dtype=int)\n"
        "assert sorted(assignment.assign(numpy.array([[0, 1], [0, 9]]), whole, whole)) == [0, 1]"
    )

    assert {"numpy", "polars"} <= modules


def test_a_library_that_is_imported_already_stays_and_xlwings_uses_it() -> None:
    modules_after(
        "import pandas\nfrom xlbangfu.book.light_xlwings import xlwings\n"
        "assert xlwings.main.pd is pandas\nassert xlwings.utils.np is __import__('numpy')"
    )


def test_where_xlwings_is_there_already_nothing_changes() -> None:
    modules_after(
        "import sys, xlwings\nbefore = dict(sys.modules)\nimport xlbangfu.book.light_xlwings as light\n"
        "assert light.xlwings is xlwings\nassert None not in sys.modules.values()\n"
        "assert all(sys.modules[name] is module for name, module in before.items())"
    )


def test_what_was_hidden_can_be_imported_even_where_the_import_of_xlwings_fails(heavy: Path) -> None:
    (heavy / "xlwings.py").write_text("raise ImportError('broken')", encoding="utf-8")

    modules_after(
        "import sys\ntry:\n    import xlbangfu.book.light_xlwings\nexcept ImportError:\n    pass\n"
        "assert 'pandas' not in sys.modules",
        heavy,
    )


def test_a_click_in_excel_imports_none_of_them(heavy: Path) -> None:
    """The command that the macros put together, run here: its Python, its options, its code."""
    modules = ran(as_run_here(clicked(SHOW)), heavy)

    assert "xlwings" in modules
    assert imported(heavy) == []


def test_a_python_that_stays_for_the_next_click_imports_none_of_them(heavy: Path) -> None:
    command = kept_alive().replace("import xlwings; xlwings.serve('$(CLSID)')", SHOW)
    modules = ran(as_run_here(command), heavy)

    assert "xlwings" in modules
    assert imported(heavy) == []


def test_a_click_in_excel_on_a_mac_imports_none_of_them(heavy: Path) -> None:
    modules = ran(on_a_mac(SHOW), heavy)

    assert "xlwings" in modules
    assert imported(heavy) == []


def test_code_on_a_mac_sees_the_arguments_that_excel_gave() -> None:
    done = subprocess.run(
        [*on_a_mac("import sys; print(sys.argv)"), "--wb=总 表.xlsm", "--from_xl=1"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.strip() == "['-c', '--wb=总 表.xlsm', '--from_xl=1']"


def on_a_mac(code: str) -> list[str]:
    """What xlwings's script makes of the interpreter that the macros name."""
    from tests.support.excel_start import module

    line = next(line for line in module().splitlines() if "ParameterString" in line and "PythonInterpreter" in line)
    options = line.split('PythonInterpreter + "')[1].rstrip('"').split()
    start = f"import xlwings.utils;xlwings.utils.prepare_sys_path('false');{code}"
    return [sys.executable, *options, "-B", "-u", "-W", "ignore", "-c", start]
