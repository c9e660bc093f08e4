"""What is installed and by whom it is checked agrees: pyproject.toml, constraints.txt, .ci/run, hooks, what pages point to."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from xlbangfu import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
PINS = dict(re.findall(r"(?m)^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8")))
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("asked", sorted(set(ASKED)))
def test_ci_installs_a_version_that_is_asked_for(asked: str) -> None:
    wanted = Requirement(asked)
    version = {canonicalize_name(name): pin for name, pin in PINS.items()}[canonicalize_name(wanted.name)]

    assert version in wanted.specifier


def test_ci_installs_from_the_constraints() -> None:
    assert "-c constraints.txt" in CI


def test_the_hooks_are_the_linters_of_ci() -> None:
    def linters(text: str) -> set[str]:
        return set(re.findall(r"\.venv/bin/(ruff \w+|mypy|lint-imports)", text))

    assert linters(HOOKS) == linters(CI) != set()


def test_the_changelog_begins_with_what_is_not_released_or_this_version_and_its_day() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"(?m)^## (.+)$", changelog)

    assert headings[0] == "未发布" or headings[0].startswith(f"{__version__}（")
    assert all(re.fullmatch(r"[\d.]+（\d{4}-\d\d-\d\d）", heading) for heading in headings if heading != "未发布")


PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_calls_a_file_of_the_project_is_there(page: Path) -> None:
    named = re.findall(r"`(\w+/[\w/]+(?:\.(?:py|md))?)`", page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists() and not (ROOT / "xlbangfu" / name).exists()] == []


def test_a_computer_that_has_no_wheel_of_isal_reads_and_writes_all_the_same() -> None:
    """Windows on ARM; isal is kept out of a Python of its own."""
    code = (
        "import io, sys, zipfile; sys.modules['isal'] = None\n"
        "from xlbangfu.ooxml import archive, deflating\n"
        "made = io.BytesIO(); made_zip = zipfile.ZipFile(made, 'w', zipfile.ZIP_DEFLATED)\n"
        "made_zip.writestr('a', b'x' * 99999); made_zip.close()\n"
        "assert deflating.zlib.__name__ == 'zlib'\n"
        "assert archive.Archive(made.getvalue()).read('a') == b'x' * 99999\n"
        "broken = made.getvalue().replace(made.getvalue()[34:40], bytes(6))\n"
        "try: archive.Archive(broken).read('a')\n"
        "except archive.NotAWorkbook: print('told')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("told\n", "")
