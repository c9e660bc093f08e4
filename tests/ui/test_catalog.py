"""Buttons, macros, commands, README and schema cannot drift apart."""

import re
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from xlbangfu.actions import Call, Outcome, function_of
from xlbangfu.book.macros.vba import macro_text
from xlbangfu.book.port import Book
from xlbangfu.catalog import ACTIONS, CONFIRM, FILLED, GROUPS, TEST, TOOLS
from xlbangfu.catalog import BY_NAME as BY_ACTION
from xlbangfu.cli import parser
from xlbangfu.cli.commands import commands
from xlbangfu.cli.perform import meant_action
from xlbangfu.front_page.counts import COUNTS
from xlbangfu.schema import BY_NAME, TABLES
from xlbangfu.settings import declared

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BUTTONS = macro_text("Buttons")
COMMANDS = re.findall(r"^    ([a-z-]+) {2,}\S", parser().format_help(), flags=re.M)


def test_every_action_is_a_command() -> None:
    assert {action.command_name for action in ACTIONS} <= set(COMMANDS)


RUNS = [run for action in ACTIONS for run in (action.run, *(variant.run for variant in action.variants))]


@pytest.mark.parametrize("run", RUNS)
def test_every_action_is_a_function_of_the_book_and_the_call(run: str) -> None:
    hints = get_type_hints(function_of(run))

    assert hints.pop("return") in (Outcome, Outcome | None)
    assert list(hints.items()) == [("book", Book), ("call", Call)]


@pytest.mark.parametrize("run", [tool.run for tool in TOOLS] + [a.command_run for a in ACTIONS if a.command_run])
def test_every_command_that_is_no_button_has_a_function_of_the_command_line(run: str) -> None:
    module, _, name = run.partition(":")

    assert callable(getattr(import_module(f"xlbangfu.cli.{module}"), name))


def test_of_the_actions_of_one_command_the_one_is_done_of_which_something_was_typed() -> None:
    mail = [action for action in ACTIONS if action.command_name == "mail"]
    meant = {
        "": "mail",
        "--out 别处": "mail",
        "--send": "send",
        "--resume": "send",
        "--dry-run": "send",
        "--test a@b.cn": "send",
        "--confirm 初一1班=已发": "send",
    }

    for typed, name in meant.items():
        options = parser().parse_args(["mail", "总表.xlsm", *typed.split()])
        assert meant_action(mail, options).name == name, typed


def test_a_variant_is_run_where_its_option_was_typed() -> None:
    send = BY_ACTION["send"]

    assert send.run_with({}) == send.run_with({TEST: "", CONFIRM: ()}) == send.run
    assert send.run_with({TEST: "a@b.cn"}) == "send_trial:send_trial"


def test_no_two_options_of_a_command_are_typed_alike() -> None:
    for command in commands().values():
        flags = [option.flag for option in (*command.options, *command.one_of)]
        assert len(set(flags)) == len(flags), command.name


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
    in_guide = re.findall(r'\("([^"\x00-\x7f]+)", "', (ROOT / "workbooks" / "guide.py").read_text("utf-8"))
    shown = {Path(name).name for name in pictures} | {f"{name}.png" for name in in_guide}
    assert shown == {path.name for path in (ROOT / "workbooks" / "图").iterdir()}


def test_the_readme_speaks_of_settings_that_exist() -> None:
    known = {item.name for item in declared()}

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
