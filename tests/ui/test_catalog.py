"""Buttons, macros, commands, README and schema cannot drift apart."""

import re
from pathlib import Path

import pytest

from xlbangfu.catalog import ACTIONS, FILLED, GROUPS
from xlbangfu.cli import parser
from xlbangfu.front_page.counts import COUNTS
from xlbangfu.schema import BY_NAME, TABLES
from xlbangfu.settings import declared

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BUTTONS = (ROOT / "macros" / "Buttons.bas").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (\w+) {2,}\S", parser().format_help(), flags=re.M)


def test_every_action_is_a_command() -> None:
    assert {action.called.split()[0] for action in ACTIONS} <= set(COMMANDS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_has_one_sub_of_one_line(action: object) -> None:
    sub = re.search(rf"^Public Sub {action.macro}\(.*?\)\n(.*?)^End Sub", BUTTONS, flags=re.M | re.S)  # type: ignore[attr-defined]

    assert sub and sub.group(1).strip() == f'Launch "{action.name}"'  # type: ignore[attr-defined]


def test_no_macro_starts_an_action_that_is_not_there() -> None:
    assert set(re.findall(r'Launch "(\w+)"', BUTTONS)) == {action.name for action in ACTIONS}


def test_the_readme_explains_every_button_and_every_command() -> None:
    for action in ACTIONS:
        assert f"**{action.label}**" in README
    for command in COMMANDS:
        assert f"xlbangfu {command}" in README


def test_the_readme_names_every_sheet_and_no_other() -> None:
    named = set(re.findall(r"「工作表 (.+?)」", README)) | {table.name for table in TABLES if table.name in README}

    assert named == {table.name for table in TABLES}


def test_the_readme_shows_pictures_that_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", README)

    assert pictures
    assert all((ROOT / name).stat().st_size < 150_000 for name in pictures)
    assert {Path(name).name for name in pictures} == {path.name for path in (ROOT / "workbooks" / "图").iterdir()}


def test_the_readme_speaks_of_settings_that_exist() -> None:
    known = {item.metadata["name"] for item in declared()}

    assert set(re.findall(r"设置「(.+?)」", README)) <= known


def test_every_group_of_buttons_is_a_part_of_the_term() -> None:
    assert [group for group in GROUPS if any(action.group == group for action in ACTIONS)] == list(
        dict.fromkeys(action.group for action in ACTIONS)
    )


def test_what_actions_fill_and_what_counts_count_are_sheets() -> None:
    assert all(BY_NAME[table.name] == table for table in FILLED | {count.table for count in COUNTS})


def test_every_table_and_column_is_explained_once() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert len(set(table.names)) == len(table.names)
        assert set(table.keys) <= set(table.names)
        assert table.help
