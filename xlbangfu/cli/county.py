"""``county``: the returns of many schools in one workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer


def county(options: Namespace, bar: Bar) -> int:
    """``county``: exit code 1 where a file could not be used or a school has not sent."""
    from xlbangfu.county.rollup import Rollup, roll_up

    wanted = Rollup(
        folders=tuple(options.folders),
        out=options.out,
        keep=options.keep or options.out.with_name(f"{options.out.stem}_已读"),
        expected=options.schools,
        due=options.due,
        term=options.term,
        address=options.scheduler,
        workers=options.workers,
    )
    done = roll_up(wanted, bar)
    facts = {"out": str(options.out), "schools": done.schools, "files": done.files, "asks": done.asks}
    answer(options, facts | {"exit_code": done.exit_code}, [*done.lines, f"打开“{Path(options.out)}”看。"])
    return done.exit_code
