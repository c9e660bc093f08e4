"""The command ``screen``: who should be on the list, and accepting what staff ticked."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.cli.shared import Commands, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the command."""

    def screen(options: Namespace, bar: Bar) -> int:
        return perform(options, "screen_accept" if options.accept else "screen", bar)

    made = commands.on_book("screen", "排查：找出该列入、仍在、可退出的学生，写明理由；名册不动", screen)
    made.add_argument("--accept", action="store_true", help="把“排查”里打了 √ 的写进名册")
    made.add_argument("--yes", action="store_true", help="不再问，直接写")
