"""Time ``xlbangfu run`` against the usual way, whole processes in turn, and print the table that README quotes.

    python -m tests.benchmarks                     all sizes
    python -m tests.benchmarks --sizes S --runs 5
    python -m tests.benchmarks --keep              also write tests/benchmarks/last_table.md

Every pair is one run of ours and one of the usual way on the same file, so the ratio holds when the machine is slow.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.clicks import clicks
from tests.benchmarks.measuring import SIZES, Taken, master, taken

HERE = Path(__file__).parent


def ours(book: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "xlbangfu", "run", str(book), "--out", str(out), "--json"]


def usual(book: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.usual", str(book), str(out)]


def in_turn(
    book: Path, folder: Path, runs: int, commands: Sequence[Callable[[Path, Path], list[str]]]
) -> Iterator[tuple[Taken, ...]]:
    """Each command once a round, each on a fresh copy of the book."""
    for number in range(runs):
        answers = []
        for position, command in enumerate(commands):
            copy = folder / f"{number}_{position}.xlsm"
            shutil.copyfile(book, copy)
            answers.append(taken(command(copy, folder / f"{number}_{position}")))
        yield tuple(answers)


def same_xml_once(book: Path) -> float:
    """Seconds to inflate and deflate every part of the workbook once: a floor for any program that rewrites it."""
    started = time.perf_counter()
    with zipfile.ZipFile(book) as package:
        for member in package.infolist():
            zlib.compress(package.read(member), 6)
    return time.perf_counter() - started


def measured(name: str, runs: int | None) -> tuple[str, float, float]:
    """One row of the table, our median seconds and our peak memory."""
    size = SIZES[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        book = master(size, folder)
        pairs = list(in_turn(book, folder, runs or size.runs, (ours, usual)))
        mine = statistics.median(pair[0].seconds for pair in pairs)
        theirs = statistics.median(pair[1].seconds for pair in pairs)
        ratio = statistics.median(pair[0].seconds / pair[1].seconds for pair in pairs)
        memory = max(pair[0].memory for pair in pairs)
        floor = same_xml_once(book) / theirs
    row = (
        f"| {name} | {len(pairs)} | {mine:.2f} | {theirs:.2f} | {ratio:.3f} | {size.share} "
        f"| {memory:.0f} | {size.memory} | {floor:.3f} |"
    )
    return row, mine, memory


def main() -> None:
    """Print the table; with --keep, keep it beside this file."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    options.add_argument("--runs", type=int)
    options.add_argument("--keep", action="store_true")
    wanted = options.parse_args()
    lines = [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "",
        "| size | runs | run, s | usual way, s | share | at most | peak MB | at most | inflate + deflate once, share |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as temporary:
        clicked = list(
            clicks(Path(temporary))
        )  # first: a child's peak memory is at least what this process has grown to
    seconds, memories = {}, {}
    for name in wanted.sizes:
        row, seconds[name], memories[name] = measured(name, wanted.runs)
        lines.append(row)
        print(row, flush=True)
    lines.append("")
    if {"M", "L"} <= seconds.keys():
        lines.append(
            f"from M to L: time × {seconds['L'] / seconds['M']:.1f} (at most 8), "
            f"memory × {memories['L'] / memories['M']:.1f} (at most 6)"
        )
    lines += clicked
    print("\n".join(lines))
    if wanted.keep:
        (HERE / "last_table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
