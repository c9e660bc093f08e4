"""The command ``pair``: propose pairings, or accept those that are ticked."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.cli.shared import Commands, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the command."""

    def pair(options: Namespace, bar: Bar) -> int:
        return perform(options, "pair_accept" if options.accept else "pair", bar)

    made = commands.on_book("pair", "结对建议：给每名学生配教师、帮手、代管家长，给每班配包班行政", pair)
    made.add_argument("--accept", action="store_true", help="把“结对建议”里打了 √ 的写进“结对”")
    made.add_argument("--yes", action="store_true", help="不再问，直接写")
