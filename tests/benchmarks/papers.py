"""The papers of a term and 新学期 at M: ``python -m tests.benchmarks.papers [--size M] [--runs N]``.

计划, 简报, 总结 and 月报 each in a process of its own, and all four in one, as a school makes them at the end of a term; 一生一策 and
奖状 by the page; 新学期 beside one openpyxl load-and-save of the same master, in turn. On the clock and of the processor's time: where
other programs run at the same time only the second says much. As ``xlbangfu setup`` leaves a computer, all is compiled before.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tests.benchmarks.measuring import SIZES, Taken, master, taken
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.schema import AWARDS, ROSTER
from xlbangfu.setup_machine import compiling

TOGETHER = ("计划", "简报", "总结", "月报")
SECONDS, A_PAGE, SHARE = 5.0, 0.060, 0.15  # at most
PRIZES = 200
WRITE = """
import sys
from datetime import datetime
from pathlib import Path
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import PAPER
call = Call(user="", now=datetime(2026, 6, 30, 9), options={PAPER: tuple(sys.argv[2:])})
actions.perform("paper", ClosedBook(Path(sys.argv[1]), action="paper"), call)
"""
BEGIN = """
import sys
from datetime import datetime
from pathlib import Path
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.book.closed.closed_book import ClosedBook
call = Call(user="", now=datetime(2026, 8, 20, 9), agrees=lambda asked: "重新分班" not in asked)
assert actions.perform("next_term", ClosedBook(Path(sys.argv[1]), action="next_term"), call)
"""
USUAL = "import sys, warnings, openpyxl; warnings.simplefilter('ignore'); openpyxl.load_workbook(sys.argv[1], keep_vba=True).save(sys.argv[1])"


def with_prizes(book: Path) -> int:
    """Honours for so many students; the answer is how many students are on the list."""
    opened = ClosedBook(book)
    roster = opened.read(ROSTER)[ROSTER]
    honoured = roster.head(PRIZES).select("学号", "姓名", "班级", 学期=pl.lit("2025-2026下"), 荣誉=pl.lit("学业进步生"))
    opened.append(AWARDS, honoured)
    opened.save()
    taken([sys.executable, "-m", "xlbangfu", "refresh", str(book)])  # the papers of a school come after its results
    return roster.filter(
        pl.col("帮扶类别") == "学困", pl.col("在籍状态") == "在读", pl.col("退出日期").is_null()
    ).height


def middle(runs: Sequence[Taken]) -> tuple[float, float]:
    """Median seconds on the clock, and of the processor."""
    return statistics.median(run.seconds for run in runs), statistics.median(run.processor for run in runs)


def write(book: Path, *names: str, runs: int) -> tuple[float, float]:
    """Papers in one process."""
    return middle([taken([sys.executable, "-c", WRITE, str(book), *names]) for _ in range(runs)])


def papers(book: Path, listed: int, runs: int) -> None:
    wall = processor = 0.0
    for name in TOGETHER:
        seconds, worked = write(book, name, runs=runs)
        wall, processor = wall + seconds, processor + worked
        print(f"{name}: {seconds:.2f} s, {worked:.2f} s of processor", flush=True)
    print(f"one by one: {wall:.2f} s, {processor:.2f} s of processor")
    wall, processor = write(book, *TOGETHER, runs=runs)
    print(f"together: {wall:.2f} s, {processor:.2f} s of processor (at most {SECONDS:g})", flush=True)
    for name, pages in (("一生一策", listed), ("奖状", PRIZES)):
        seconds, worked = write(book, name, runs=runs)
        each, of_it = seconds / pages * 1000, worked / pages * 1000
        print(f"{name}: {each:.0f} ms a page, {of_it:.0f} ms of processor, {pages} pages (at most {A_PAGE * 1000:.0f})")


def new_term(book: Path, folder: Path, runs: int) -> None:
    ours, usual = [], []
    for number in range(runs):
        for code, found in ((BEGIN, ours), (USUAL, usual)):
            (place := folder / f"{number}-{len(found)}-{code is BEGIN}").mkdir()
            copy = Path(shutil.copy(book, place))
            found.append(taken([sys.executable, "-c", code, str(copy)]))
    mine, theirs = middle(ours), middle(usual)
    shares = " and ".join(f"{one / other:.3f}" for one, other in zip(mine, theirs, strict=True))
    print(f"新学期: {mine[0]:.2f} s beside {theirs[0]:.2f}, {mine[1]:.2f} s of processor beside {theirs[1]:.2f}")
    print(f"share on the clock and of the processor: {shares} (at most {SHARE:g})")


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.papers", description=__doc__)
    options.add_argument("--size", choices=SIZES, default="M")
    options.add_argument("--runs", type=int, default=3)
    wanted = options.parse_args()
    compiling.write()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        book = master(SIZES[wanted.size], folder)
        papers(book, with_prizes(book), wanted.runs)
        new_term(book, folder, wanted.runs)


if __name__ == "__main__":
    main()
