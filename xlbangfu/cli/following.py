"""The commands of everyday work: ``plan``, ``calendar`` and ``follow``."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.shared import Commands, add_out, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""

    def plan(options: Namespace, bar: Bar) -> int:
        return perform(options, "plan", bar)

    def calendar(options: Namespace, bar: Bar) -> int:
        return perform(options, "calendar", bar)

    def follow(options: Namespace, bar: Bar) -> int:
        return perform(options, "follow", bar)

    planning = commands.on_book("plan", BY_NAME["plan"].help, plan)
    planning.add_argument("--yes", action="store_true", help="不再问，直接写进“计划”")
    dated = commands.on_book("calendar", BY_NAME["calendar"].help, calendar)
    add_out(dated, "calendar")
    commands.on_book("follow", BY_NAME["follow"].help, follow)
