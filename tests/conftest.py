"""What tests share: the marks for other programs, and how a missing one is met."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).parents[1]
REQUIRED = os.environ.get("XLBANGFU_REQUIRE_OFFICE") == "1"
SHEETJS = Path(os.environ.get("XLBANGFU_SHEETJS", "node_modules"))
INSTALL_OFFICE = "needs LibreOffice: apt-get install libreoffice-calc fonts-noto-cjk fonts-liberation"
INSTALL_POSTFIX = "needs Postfix: apt-get install postfix"
NEEDS_ROOT = "needs root: Postfix changes users"  # which no package brings, so CI may skip it as well
INSTALL_NODE = "needs Node.js and SheetJS: npm install xlsx (XLBANGFU_SHEETJS names the node_modules folder)"

# Speed is measured in benchmarks; a busy machine makes no test fail. Each run tries other examples than the one before.
settings.register_profile("project", deadline=None, max_examples=50)
settings.load_profile("project")


def _missing(item: pytest.Item) -> str | None:
    if item.get_closest_marker("office") and shutil.which("soffice") is None:
        return INSTALL_OFFICE
    if item.get_closest_marker("node") and (shutil.which("node") is None or not (SHEETJS / "xlsx").is_dir()):
        return INSTALL_NODE
    if item.get_closest_marker("postfix"):
        return _no_postfix()
    return None


def _no_postfix() -> str | None:
    if getattr(os, "geteuid", lambda: 1)() != 0:
        return NEEDS_ROOT
    return None if shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin") else INSTALL_POSTFIX


def pytest_configure() -> None:
    """Programs that tests start find this checkout, whatever is installed. In CI the Python bridge of LibreOffice must be
    there; elsewhere the tests of the engine skip without it."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    if REQUIRED:
        import_module("xlbangfu.book.libreoffice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what another program is missing for, with the line that installs it; in CI that is a failure instead. Files with
    slow tests come first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        reason = _missing(item)
        if reason and (not REQUIRED or reason == NEEDS_ROOT):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _excel_has_nothing_to_repair(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every workbook that a test leaves in its folder is one that Excel opens as it is, unless the test is about damaged or
    foreign files and says so (``@pytest.mark.damaged``). What was looked at once is known by its hash."""
    looked_at = "tmp_path" in request.fixturenames and not request.node.get_closest_marker("damaged")
    folder = request.getfixturevalue("tmp_path") if looked_at else None  # before the test, so that it outlives this
    yield
    _check_nothing_to_repair([folder] if folder else [])


@pytest.fixture(scope="module", autouse=True)
def _nor_in_what_tests_share(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The same for the folders of fixtures that several tests share; those of single tests are called after them."""
    base = tmp_path_factory.getbasetemp()
    before = set(base.iterdir())
    yield
    if not request.node.get_closest_marker("damaged"):
        _check_nothing_to_repair(
            made for made in base.iterdir() if made not in before and not made.name.startswith("test_")
        )


def _check_nothing_to_repair(folders: Iterable[Path]) -> None:
    paths = sorted(path for folder in folders for path in folder.rglob("*.xls[xm]"))
    faults = [fault for path in paths for fault in _faults(path)]
    if faults:
        pytest.fail("Excel would repair a workbook that this test left:\n" + "\n".join(faults[:20]), pytrace=False)


_LINTED: dict[bytes, list[str]] = {}
_MOST_LINTED = 1 << 20  # bytes: larger ones are the same sheets with more rows, and the sample has a test of its own


def _faults(path: Path) -> list[str]:
    from tests.support.package_lint import is_package, lint

    if not path.is_file() or path.stat().st_size > _MOST_LINTED or not is_package(path) or _is_libreoffices(path):
        return []
    digest = sha256(path.read_bytes()).digest()
    if digest not in _LINTED:
        _LINTED[digest] = lint(path)
    return [f"{path.name}: {fault}" for fault in _LINTED[digest]]


def _is_libreoffices(path: Path) -> bool:
    """Whether LibreOffice saved it: what it makes of a workbook is its own."""
    with zipfile.ZipFile(path) as package:
        return "docProps/app.xml" in package.namelist() and b"LibreOffice" in package.read("docProps/app.xml")


@pytest.fixture(autouse=True)
def _programs_are_there(request: pytest.FixtureRequest) -> None:
    reason = _missing(request.node)
    if reason:
        pytest.fail(reason)
