"""How fast 结对建议 is, and beside a greedy pass what it is worth: ``python -m tests.benchmarks.pairing`` (by hand)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

from tests.rules.test_assignment import aims, greedy
from xlbangfu import sample
from xlbangfu.rules.pairing import propose, wards
from xlbangfu.rules.pairing.assignment import Whole, assign
from xlbangfu.rules.pairing.pairing_staff import Staff
from xlbangfu.rules.pairing.running import Running
from xlbangfu.rules.pairing.teachers import _prices
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, PAIRINGS, ROSTER, ROW, TEACHERS, TRACKED

STUDENTS, STAFF = 300, 200


def school() -> School:
    """A sample school with 300 tracked students, 200 teachers on duty, and nobody paired yet."""
    frames = dict(sample.make(students=3_000, classes=70, exams=12, logs=20_000).frames)
    frames[PAIRINGS] = frames[PAIRINGS].clear()
    frames[CLASSES] = frames[CLASSES].with_columns(包班行政=pl.lit(None, dtype=pl.String))
    here = (pl.col("在籍状态") == "在读").fill_null(False)
    listed = pl.when(here & (here.cum_sum() % 9 == 0) & (here.cum_sum() <= 9 * STUDENTS)).then(pl.lit(TRACKED))
    weak = pl.when(listed.is_not_null()).then(pl.coalesce("困难学科", pl.lit("数学")))
    frames[ROSTER] = frames[ROSTER].with_columns(帮扶类别=listed, 困难学科=weak, 列入日期=None, 退出日期=None)
    frames[TEACHERS] = frames[TEACHERS].filter(pl.col("在岗") == "是").head(STAFF)
    numbered = {table: frame.with_row_index(ROW, offset=2).cast({ROW: pl.Int64}) for table, frame in frames.items()}
    return School.of(numbered, today=sample.TODAY)


def best_of(times: int, work: Callable[[], object]) -> float:
    """The least seconds of several runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def _drawn(rows: int, columns: int) -> tuple[Whole, Whole, Whole]:
    """More than any school asks for: prices as of 「结对代价」, most of them alike, places for about all."""
    chance = np.random.default_rng(1)
    cost = chance.choice(np.array([0, 1, 2, 4, 6]), size=(rows, columns), p=[0.02, 0.01, 0.05, 0.2, 0.72])
    return cost, chance.integers(0, 3, columns), np.full(columns, -(-rows // columns), dtype=np.int64)


def main() -> None:
    """Print the figures."""
    one = school()
    running, staff = Running.of(one), Staff.of(one)
    asked = wards.without_teacher(wards.students(one), running)
    cost = _prices(asked, staff, one.settings.pairing_prices).min(axis=0)
    nothing = np.zeros(staff.people.height, dtype=np.int64)
    room = nothing + one.settings.teacher_limit
    print(
        f"{asked.height} students to {staff.people.height} teachers: {best_of(5, lambda: assign(cost, nothing, room)):.3f} s"
    )
    ours, theirs = (aims(cost, nothing, cost * 0, way(cost, nothing, room)) for way in (assign, greedy))
    print(f"without a teacher, cost, sum of squared loads: {ours[:3]}; a greedy pass: {theirs[:3]}")
    for rows, columns in ((1_200, 200), (3_000, 250)):
        drawn = _drawn(rows, columns)
        print(f"{rows} rows to {columns} columns, drawn: {best_of(2, partial(assign, *drawn)):.2f} s")
    print(f"all kinds of pairing, rows and reasons: {best_of(5, lambda: propose(one)):.3f} s")
    print("\n".join(propose(one).short), propose(one).balance.sentence)


if __name__ == "__main__":
    main()
