"""How long ``xlbangfu county`` takes and how much memory, by the number of returns; and beside the usual loop for masters.

    python -m tests.benchmarks.county 10 100 1000
    python -m tests.benchmarks.county --masters 5

The returns have the sheet 机读 only, which is all that is read; each run is a process of its own and its memory the most that it,
or any of its workers, ever held.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep

from xlsxwriter import Workbook

from xlbangfu.county.made_county import made_return
from xlbangfu.documents.bureau_return import BureauReturn

_TURNS = 3


def machine_only(made: BureauReturn) -> bytes:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("机读")
        plain = book.add_format({"num_format": "@"})
        for row, cells in enumerate(made.machine_rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                elif cell is not None:
                    sheet.write_string(row, column, cell, plain)
    return content.getvalue()


def write_returns(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number}.xlsx").write_bytes(machine_only(made_return(number)))


def _memory(process: int) -> dict[int, int]:
    """The most that a process and its descendants held so far, in KB."""
    found = {}
    tasks = Path(f"/proc/{process}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            found[process] = int(line.split()[1])
    for child in map(int, children):
        found |= _memory(child)
    return found


def _processor_seconds() -> float:
    """Of all children that have ended, and theirs: what a busy computer does not change much."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(command: list[str]) -> tuple[float, float, int, int]:
    """Seconds, seconds of processors, the most memory of the first process, the most of any other, in MB."""
    start, used = perf_counter(), _processor_seconds()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most: dict[int, int] = {}

    def watch() -> None:
        while process.poll() is None:
            try:
                found = _memory(process.pid)
            except OSError:
                continue
            for one, memory in found.items():
                most[one] = max(memory, most.get(one, 0))
            sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = perf_counter() - start
    watcher.join()
    if code not in (0, 1):
        raise SystemExit(f"exit code {code}")
    own = most.pop(process.pid, 0)
    return seconds, _processor_seconds() - used, own // 1024, max(most.values(), default=0) // 1024


def by_number(counts: list[int], processes: list[int]) -> None:
    print("| returns | processes | seconds | of processors | again | MB | MB of a worker |\n|" + " --- |" * 7)
    with TemporaryDirectory() as place:
        folder = Path(place) / "returns"
        for count in counts:
            write_returns(folder, count)
            for workers in processes:
                keep = Path(place) / "keep"
                command = [
                    sys.executable,
                    "-m",
                    "xlbangfu",
                    "county",
                    str(folder),
                    "--out",
                    str(Path(place) / "out.xlsx"),
                ]
                command += ["--keep", str(keep), "--workers", str(workers)]
                seconds, used, own, other = measured(command)
                _, again, _, _ = measured(command)
                print(
                    f"| {count} | {workers} | {seconds:.1f} | {used:.1f} | {again:.1f} | {own} | {other or '–'} |",
                    flush=True,
                )
                shutil.rmtree(keep)


def beside_the_usual(count: int, students: int) -> None:
    """Masters: our indicators, and a loop of pandas.read_excel with concat that only reads; in turn, a master after the other, of
    each the better of ``_TURNS``, as other work on the computer lengthens seconds of processors too.

    First as they are before any action, then with what 一键完成 leaves in them, as schools have them.
    """
    import warnings

    import pandas as pd

    warnings.simplefilter("ignore")
    from xlbangfu import actions
    from xlbangfu.actions import Call
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.county.file_reading import read_file

    def ours(book: Path, keep: Path) -> None:
        assert not read_file(book, keep).why

    def usual(book: Path) -> pd.DataFrame:
        return pd.concat(frame.assign(file=book) for frame in pd.read_excel(book, sheet_name=None).values())

    with TemporaryDirectory() as place:
        books = [_master(Path(place) / f"{number}.xlsm", number, students) for number in range(count)]
        for state in ("before any action", "with what 一键完成 leaves"):
            if state != "before any action":
                for book in books:
                    actions.perform("run", ClosedBook(book, action="run"), Call(user="", now=made_return(0).made))
            ours(books[0], Path(place) / f"warm {state}")
            pairs = []
            for book in books:
                turns = [
                    (_seconds(lambda: ours(book, Path(place) / f"{state} {turn}")), _seconds(lambda: usual(book)))  # noqa: B023 called at once
                    for turn in range(_TURNS)
                ]
                pairs.append(tuple(map(min, zip(*turns, strict=True))))
            mine, theirs = (sum(side) for side in zip(*pairs, strict=True))
            shares = ", ".join(f"{one / other:.3f}" for one, other in pairs)
            print(
                f"{count} masters of {students}, {state}: {mine:.2f} s, usual {theirs:.2f} s, share {mine / theirs:.3f} ({shares})",
                flush=True,
            )


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _master(book: Path, number: int, students: int) -> Path:
    from tests.support.mail_school import set_up
    from xlbangfu import sample
    from xlbangfu.book import template

    made = sample.make(students=students, classes=max(2, students // 50), seed=number + 1)
    template.build(book, frames=made.frames, created=made_return(0).made)
    set_up(book, 学校代码=str(number + 1))
    return book


def _alone() -> None:
    """Begin anew with one thread for polars, as the workers of ``county`` have."""
    if os.environ.get("POLARS_MAX_THREADS") != "1":
        command = [sys.executable, "-m", "tests.benchmarks.county", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | {"POLARS_MAX_THREADS": "1"})


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("counts", nargs="*", type=int)
    arguments.add_argument("--workers", nargs="*", type=int, default=[1, 2])
    arguments.add_argument("--masters", type=int, default=0)
    arguments.add_argument("--students", type=int, default=1200)
    typed = arguments.parse_args()
    if typed.masters:
        _alone()
        beside_the_usual(typed.masters, typed.students)
    if typed.counts:
        by_number(typed.counts, typed.workers)
