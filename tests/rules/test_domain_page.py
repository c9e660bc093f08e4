"""docs/domain.md and the code say the same: settings with their defaults, sheets, and the rules that docstrings name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlbangfu.schema import BY_NAME, INPUTS, LEDGERS, OUTPUTS, Table
from xlbangfu.settings import declared

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
KEPT = re.sub(r"(?m)^\*Not built yet\*(?:.+\n)+", "", PAGE)  # what the program keeps today
HEADINGS = re.findall(r"(?m)^#+ (.+)$", PAGE)
DEFAULTS = {item.name: item.default for item in declared()}
SOURCES = [path for folder in ("xlbangfu", "tests", "workbooks") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_a_default_on_the_page_is_the_default_in_the_code() -> None:
    written = re.findall(r"「([^」]+)」\s\(([^)]+)\)", KEPT)

    assert len(written) > 40
    assert [(name, text) for name, text in written if not _is_default(name, text)] == []


def test_the_page_names_no_setting_that_is_not_there() -> None:
    named = {name for name in re.findall(r"「([^」…]+)」", KEPT) if not name.endswith("·")}

    assert named <= set(DEFAULTS)


@pytest.mark.parametrize(
    ("heading", "tables"),
    [("input sheet", INPUTS), ("output sheet", OUTPUTS), ("ledger", LEDGERS)],
    ids=["input", "output", "ledger"],
)
def test_the_page_lists_the_sheets_of_each_kind(heading: str, tables: tuple[Table, ...]) -> None:
    rows = re.search(rf"(?m)^\| {heading} \|.*\n\|[- |]+\n((?:\|.*\n)+)", PAGE)

    assert rows and re.findall(r"(?m)^\| (\S+) \|", rows[1]) == [table.name for table in tables]


def test_what_is_not_built_is_no_sheet_of_the_program() -> None:
    sheets = re.findall(r"\*Not built yet\*: the sheets ([^;]+);", PAGE)

    assert not {name for each in sheets for name in re.split(r"、|, ", each)} & set(BY_NAME)


def test_every_rule_that_the_code_names_is_on_the_page() -> None:
    numbers = {number for path in SOURCES for text in _rules_in(path) for number in re.findall(r"\d+", text)}

    assert numbers
    assert numbers <= {heading.split(".")[0] for heading in HEADINGS if heading[0].isdigit()}


def test_every_part_of_the_page_that_the_code_names_is_there() -> None:
    parts = {part for path in SOURCES for part in re.findall(r'DOMAIN, "?(\w+(?: pages)?)', path.read_text("utf-8"))}

    assert parts
    assert all(any(part in heading for heading in HEADINGS) for part in parts)


def _is_default(name: str, text: str) -> bool:
    return text == DEFAULTS[name] if DEFAULTS[name] else text.startswith("empty:") or text == "empty"


def _rules_in(path: Path) -> list[str]:
    return re.findall(r"DOMAIN rules? (\d+(?:(?:, | and )\d+)*)", path.read_text(encoding="utf-8"))
