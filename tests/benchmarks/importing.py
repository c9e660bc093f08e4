"""A school's whole year of marks in one file, imported: ``python -m tests.benchmarks.importing [--students N] [--runs N]``.

3,000 students × 9 subjects × 12 exams, as one wide table (an exam over its subjects) and as one long one (a row a student
and an exam), into a master that has the school and one exam. Beside it in the same run what the usual way needs at least: one
``pandas.read_excel(engine="openpyxl")`` of the file and one openpyxl load-and-save of the master with these marks in it.
Whole processes in turn; the figures are the shares of the medians, of the time on the clock and of the processor's.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import xlsxwriter

from tests.benchmarks.measuring import Taken, taken
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.schema import CLASSES, ROSTER, SUBJECTS

SHARE, MEMORY = 0.25, 400  # at most, of the usual way and in MB
USUAL = """
import sys
import openpyxl, pandas
pandas.read_excel(sys.argv[1], engine="openpyxl")
openpyxl.load_workbook(sys.argv[2], keep_vba=True).save(sys.argv[2])
"""


def school(folder: Path, students: int) -> Path:
    """A master with a school of this size and one exam."""
    book = folder / "总表.xlsm"
    sizes = ["--students", str(students), "--classes", str(max(1, students // 50)), "--exams", "1", "--logs", "100"]
    subprocess.run(
        [sys.executable, "-m", "xlbangfu", "new", str(book), "--sample", *sizes], check=True, stdout=subprocess.DEVNULL
    )
    return book


class Year:
    """The marks of a year: ``exams`` by name, ``people`` with 学号, 姓名, 班级, and a mark for each subject and exam."""

    def __init__(self, book: Path, exams: int) -> None:
        frames = ClosedBook(book).read(ROSTER, CLASSES, SUBJECTS)
        known = frames[SUBJECTS].group_by("科目", maintain_order=True).agg(pl.col("满分").min()).rows()
        self.full = dict(known[:9])
        self.people = frames[ROSTER].select("学号", "姓名", "班级").rows()
        self.exams = [f"第{number}次月考" for number in range(1, exams + 1)]
        self.chance = random.Random(1)

    def marks(self) -> list[float]:
        return [self.chance.randint(0, int(full) * 2) / 2 for full in self.full.values()]


def write(name: str, book: Path, exams: int, path: Path) -> Path:
    """Write a file; in a process of its own, for a child's peak memory is at least what its parent has grown to."""
    return FILES[name](Year(book, exams), path)


def wide(year: Year, path: Path) -> Path:
    """One row a student; an exam stands over its subjects."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("成绩")
        sheet.write(0, 0, "2025-2026学年第二学期各次月考成绩")
        sheet.write_row(2, 0, ("学号", "姓名", "班级"))
        for number, exam in enumerate(year.exams):
            left = 3 + number * len(year.full)
            sheet.merge_range(1, left, 1, left + len(year.full) - 1, exam)
            sheet.write_row(2, left, year.full)
        for row, person in enumerate(year.people, start=3):
            sheet.write_row(row, 0, (*person, *(mark for _ in year.exams for mark in year.marks())))
    return path


def long(year: Year, path: Path) -> Path:
    """One row a student and an exam."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("成绩")
        sheet.write(0, 0, "2025-2026学年第二学期各次月考成绩")
        sheet.write_row(1, 0, ("考试名称", "学号", "姓名", "班级", *year.full))
        rows = ((exam, *person, *year.marks()) for exam in year.exams for person in year.people)
        for row, cells in enumerate(rows, start=2):
            sheet.write_row(row, 0, cells)
    return path


FILES: dict[str, Callable[[Year, Path], Path]] = {"wide": wide, "long": long}


def measured(folder: Path, book: Path, file: Path, runs: int) -> Iterator[tuple[Taken, Taken]]:
    """Ours and the usual way, each on a fresh copy of the master."""
    for number in range(runs):
        copy = folder / f"{file.stem}{number}.xlsm"
        shutil.copyfile(book, copy)
        ours = taken([sys.executable, "-m", "xlbangfu", "import", str(copy), str(file), "--json"])
        usual = taken([sys.executable, "-c", USUAL, str(file), str(copy)])
        yield ours, usual


def lines(folder: Path, *, students: int, exams: int, runs: int) -> Iterator[str]:
    """The table to print, a row a layout."""
    yield "| file | runs | import, s | usual way, s | share | share of processor | at most | peak MB | at most |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    book = school(folder, students)
    for name in FILES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            file = pool.submit(write, name, book, exams, folder / f"{name}.xlsx").result()
        pairs = list(measured(folder, book, file, runs))
        mine, theirs = (statistics.median(pair[side].seconds for pair in pairs) for side in (0, 1))
        processor = statistics.median(pair[0].processor / pair[1].processor for pair in pairs)
        memory = max(pair[0].memory for pair in pairs)
        yield (
            f"| {name} | {runs} | {mine:.2f} | {theirs:.2f} | {mine / theirs:.3f} | {processor:.3f} | {SHARE} "
            f"| {memory:.0f} | {MEMORY} |"
        )


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.importing", description=__doc__)
    options.add_argument("--students", type=int, default=3_000)
    options.add_argument("--exams", type=int, default=12)
    options.add_argument("--runs", type=int, default=3)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for line in lines(Path(temporary), students=wanted.students, exams=wanted.exams, runs=wanted.runs):
            print(line, flush=True)


if __name__ == "__main__":
    main()
