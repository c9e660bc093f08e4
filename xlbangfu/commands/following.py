"""The commands of everyday work: ``plan``, ``calendar`` and ``follow``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xlbangfu.catalog import BY_NAME
from xlbangfu.commands.shared import Commands, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""

    def plan(options: Namespace, bar: Bar) -> int:
        return perform(options, "plan", bar)

    def calendar(options: Namespace, bar: Bar) -> int:
        return perform(options, "calendar", bar, advice=[f"日历文件放在：{options.out.resolve()}"])

    def follow(options: Namespace, bar: Bar) -> int:
        return perform(options, "follow", bar)

    planning = commands.on_book("plan", BY_NAME["plan"].help, plan)
    planning.add_argument("--yes", action="store_true", help="不再问，直接写进“计划”")
    dated = commands.on_book("calendar", BY_NAME["calendar"].help, calendar)
    dated.add_argument("--out", metavar="文件夹", type=Path, required=True, help="日历文件放在哪里")
    commands.on_book("follow", BY_NAME["follow"].help, follow)
