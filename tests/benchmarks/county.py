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
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep

from xlsxwriter import Workbook

from xlbangfu.county.made_county import made_return
from xlbangfu.documents.bureau_return import BureauReturn


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
    children = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False).stdout.split()
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


def by_number(counts: list[int]) -> None:
    print("| returns | processes | seconds | of processors | again | MB | MB of a worker |\n|" + " --- |" * 7)
    with TemporaryDirectory() as place:
        folder = Path(place) / "returns"
        for count in counts:
            write_returns(folder, count)
            for workers in (1, 2):
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
    """Masters: our indicators, and a loop of pandas.read_excel with concat that only reads."""
    import warnings

    import pandas as pd

    warnings.simplefilter("ignore")
    from tests.support.mail_school import set_up
    from xlbangfu import sample
    from xlbangfu.book import template
    from xlbangfu.county.file_reading import read_file

    with TemporaryDirectory() as place:
        books = []
        for number in range(count):
            book = Path(place) / f"{number}.xlsm"
            made = sample.make(students=students, classes=max(2, students // 50), seed=number + 1)
            template.build(book, frames=made.frames, created=made_return(0).made)
            set_up(book, 学校代码=str(number + 1))
            books.append(book)
        read_file(books[0], Path(place) / "warm")
        start = process_time()
        for book in books:
            assert not read_file(book, Path(place) / "keep").why
        ours = process_time() - start
        start = process_time()
        pd.concat(
            [frame.assign(file=book) for book in books for frame in pd.read_excel(book, sheet_name=None).values()]
        )
        usual = process_time() - start
    print(
        f"{count} masters of {students}: {ours:.2f} s, usual {usual:.2f} s, share {ours / usual:.3f}, {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("counts", nargs="*", type=int)
    arguments.add_argument("--masters", type=int, default=0)
    arguments.add_argument("--students", type=int, default=1200)
    typed = arguments.parse_args()
    if typed.counts:
        by_number(typed.counts)
    if typed.masters:
        beside_the_usual(typed.masters, typed.students)
