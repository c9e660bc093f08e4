"""The commands of the end of a term: ``honours`` and ``appraise``."""

from __future__ import annotations

from argparse import Namespace

from xlbangfu.cli.shared import Commands, perform
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""

    def honours(options: Namespace, bar: Bar) -> int:
        return perform(options, "honours_accept" if options.accept else "honours", bar)

    def appraise(options: Namespace, bar: Bar) -> int:
        return perform(options, "appraise", bar)

    honoured = commands.on_book("honours", "评优：列出候选人和依据；加 --accept 把打了 √ 的和进步奖记进“荣誉”", honours)
    honoured.add_argument("--accept", action="store_true", help="把“评优”里打了 √ 的和已评出的进步奖记进“荣誉”")
    honoured.add_argument("--yes", action="store_true", help="不再问，直接记")
    commands.on_book("appraise", "考核：教师和班级的考核分，每一部分都列出来", appraise)
