"""The commands that make papers: ``slips``, ``register`` and ``person``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xlbangfu.catalog import BY_NAME
from xlbangfu.commands.shared import Commands, call_of, finish, open_book, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""
    slips = commands.on_book("slips", BY_NAME["slips"].help, _slips)
    slips.add_argument("--out", metavar="文件夹", type=Path, required=True, help="家长信放在哪里")
    slips.add_argument(
        "--class", dest="classes", metavar="班级", action="append", default=[], help="只做这个班，可写多次"
    )
    bound = commands.on_book("register", BY_NAME["register"].help, _register)
    bound.add_argument("--out", metavar="文件夹", type=Path, required=True, help="档案册放在哪里")


def _slips(options: Namespace, bar: Bar) -> int:
    from xlbangfu import actions

    book = open_book(options, "slips", bar)
    outcome = actions.slips(book, call_of(options), out=options.out, classes=options.classes)
    return finish(options, outcome, [f"家长信放在：{options.out.resolve()}"])


def _register(options: Namespace, bar: Bar) -> int:
    return perform(options, "register", bar, advice=[f"档案册放在：{options.out.resolve()}"])
