"""The commands, as the catalog declares them: a word, what can be typed after it, and what is run then."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct

from xlbangfu.catalog import ACTIONS, BUREAU, COMPUTER, FIRST, GROUPS, TOOLS
from xlbangfu.cli.arguments import add_option
from xlbangfu.cli.chinese_parser import ChineseParser
from xlbangfu.cli.perform import perform_meant
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.declarations import Action, Option, Tool
from xlbangfu.file_names import real_file

Run = Callable[[Namespace, Bar], int]
HELP_GROUPS = (FIRST, *GROUPS, BUREAU, COMPUTER)


class Command(Struct, frozen=True, kw_only=True):
    """One command; ``run`` answers with the exit code. ``files`` says which files it reads, if any."""

    name: str
    group: str
    help: str
    run: Run
    on_book: bool
    files: str = ""
    options: tuple[Option[Any], ...] = ()
    one_of: tuple[Option[Any], ...] = ()

    def add_to(self, subparsers: Any) -> None:
        """Make it a command of a parser."""
        made: ChineseParser = subparsers.add_parser(self.name, description=self.help)
        made.add_argument("--json", action="store_true", help="结果写成 JSON，给别的程序读")
        made.set_defaults(command=self.run)
        if self.on_book:
            made.add_argument("book", metavar="总表", type=_book, help="帮扶总表.xlsm")
        if self.files:
            made.add_argument("files", metavar="文件", type=Path, nargs="+", help=self.files)
        if self.one_of:
            group = made.add_mutually_exclusive_group(required=True)
            for option in self.one_of:
                add_option(group, option)
        for option in self.options:
            add_option(made, option)


def _book(text: str) -> Path:
    return real_file(Path(text))


def commands() -> dict[str, Command]:
    """Every command by name, by what it is for, in the order of a term; those of buttons before those that are none."""
    tools = {tool.name: tool for tool in TOOLS}
    words = dict.fromkeys(action.command_name for action in ACTIONS if action.command_name not in tools)
    made = [*map(_of_actions, words), *map(_of_tool, TOOLS)]
    return {one.name: one for group in HELP_GROUPS for one in made if one.group == group}


def _of_tool(tool: Tool) -> Command:
    return Command(
        name=tool.name,
        group=tool.group,
        help=tool.help,
        run=_late(tool.run),
        on_book=tool.on_book,
        options=tool.options,
        one_of=tool.one_of,
    )


def _of_actions(word: str) -> Command:
    """The command of one action, or of several that switches tell apart."""
    actions = [action for action in ACTIONS if action.command_name == word]
    first = actions[0]
    return Command(
        name=word,
        group=first.group,
        help=first.usage or first.help,
        run=_late(first.command_run) if first.command_run else partial(perform_meant, actions),
        on_book=True,
        files=first.files_help,
        options=_options(actions),
    )


def _options(actions: list[Action]) -> tuple[Option[Any], ...]:
    outs = list(dict.fromkeys(action.out for action in actions if action.out))
    own = dict.fromkeys(option for action in actions for option in action.own_options)
    options: list[Option[Any]] = []
    if outs:
        folders = "”“".join(outs)
        help = f"{'、'.join(outs)}放在哪里（默认总表旁边的“{folders}”文件夹）"
        options.append(Option(flag="--out", metavar="文件夹", default=None, reads=Path, help=help))
    options += own
    if asks := next((action.asks for action in actions if action.asks), ""):
        options.append(Option(flag="--yes", default=False, help=asks))
    return tuple(options)


def _late(run: str) -> Run:
    """A function of the command line, "module:function", whose module is imported when it runs."""

    def call(options: Namespace, bar: Bar) -> int:
        module, _, name = run.partition(":")
        code: int = getattr(import_module(f"xlbangfu.cli.{module}"), name)(options, bar)
        return code

    return call
