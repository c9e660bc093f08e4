"""A process killed at any moment of a write leaves the old book or the new one, whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make, parts
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.backup import backups
from xlbangfu.schema import EXAMS, RANKING, RUNS

WRITER = """
import sys
from pathlib import Path
import polars as pl
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.schema import EXAMS, RANKING, RUNS

number = sys.argv[2]
book = ClosedBook(Path(sys.argv[1]), action="刷新")
book.keep = (5, 180)
print("ready", flush=True)
sys.stdin.readline()
book.append(EXAMS, pl.DataFrame({"考试编号": [number]}))
book.append(RUNS, pl.DataFrame({"操作": [number]}))
book.replace({RANKING: pl.DataFrame({"考试编号": [number] * 4_000, "学号": [str(n) for n in range(4_000)]})})
book.save()
print("saved", flush=True)
"""
TIMES = 50


def seen(path: Path) -> tuple[list[str], list[str], list[str], int]:
    frames = ClosedBook(path).read(EXAMS, RUNS, RANKING)
    ranking = frames[RANKING]
    return (
        frames[EXAMS]["考试编号"].to_list(),
        frames[RUNS]["操作"].to_list(),
        ranking["考试编号"].unique().to_list(),
        ranking.height,
    )


@pytest.mark.slow
def test_a_book_whose_writer_is_killed_is_the_old_or_the_new_one(tmp_path):
    path, chance = make(tmp_path / "书.xlsx"), random.Random(7)
    run(path, "first", None)
    whole = max(run(path, f"whole {number}", None) for number in range(3))
    expected, changed = seen(path), 0

    for number in range(1, TIMES + 1):
        run(path, str(number), chance.uniform(0, 2 * whole))
        now = seen(path)
        after = ([*expected[0], str(number)], [*expected[1], str(number)], [str(number)], 4_000)
        assert now in (expected, after)
        assert parts(path)  # every member inflates to its checksum
        changed += now == after
        expected = now
    assert changed > 0
    for copy in backups(path):
        assert seen(copy.path)


def run(path: Path, number: str, killed_after: float | None) -> float:
    """Start the writer, let it go when it is ready, and kill it so many seconds later; how long it ran."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), number], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdin and writer.stdout
    assert writer.stdout.readline() == "ready\n"
    writer.stdin.write("go\n")
    writer.stdin.flush()
    begun = time.perf_counter()
    if killed_after is None:
        assert writer.stdout.readline() == "saved\n"
    else:
        time.sleep(killed_after)
        writer.kill()
    ran = time.perf_counter() - begun
    writer.stdin.close()
    writer.wait(30)
    writer.stdout.close()
    return ran


def test_what_a_killed_writer_left_is_cleared_away_by_a_later_save(tmp_path):
    path = make(tmp_path / "书.xlsx")
    left, fresh = tmp_path / "~xlbangfu_1_1.tmp", tmp_path / "~xlbangfu_2_2.tmp"
    live = tmp_path / "~xlbangfu_3.xlsm"  # the copy that an open workbook is backed up from
    for item in (left, fresh, live):
        item.write_bytes(b"half")
    for item in (left, live):
        os.utime(item, (0, 0))
    book = ClosedBook(path)
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    book.save()
    assert not left.exists()
    assert not live.exists()
    assert fresh.exists()
