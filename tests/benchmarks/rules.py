"""How long each rule takes by itself, frames in and frames out: ``python -m tests.benchmarks.rules [S|M|L]`` (by hand)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from tests.benchmarks.__main__ import SIZES
from xlbangfu import sample
from xlbangfu.actions.checked_school import ranks
from xlbangfu.rules.appraisal import appraise
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.honours import honours
from xlbangfu.rules.pairing import propose
from xlbangfu.rules.plans import plan_rows
from xlbangfu.rules.progress import progress
from xlbangfu.rules.schedule import schedule
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen
from xlbangfu.rules.validation import validate
from xlbangfu.schema import DEFECTS, KEY, ROW


def school(size: str) -> School:
    """A sample school of that size, its frames as a read gives them."""
    wanted = SIZES[size]
    made = sample.make(students=wanted.students, classes=wanted.classes, exams=wanted.exams, logs=wanted.logs)
    frames = {
        table: frame.with_row_index(ROW, offset=2).with_columns(
            pl.col(ROW).cast(pl.Int64), pl.concat_str(pl.lit(table.name + "|"), pl.col(ROW)).alias(KEY)
        )
        for table, frame in made.frames.items()
    }
    return School.of(frames, today=sample.TODAY)


def timed(one: School) -> Iterator[tuple[str, float]]:
    """Each rule and its seconds, the better of two runs."""
    results = ranks(one)
    owed, moved = contacts(one), progress(one, results.ranking)
    rules: dict[str, Callable[[], Any]] = {
        "校验": lambda: validate(one, DEFECTS.empty()),
        "排名、班级汇总、帮扶排名": lambda: ranks(one),
        "排查": lambda: screen(one, results.ranking),
        "结对建议": lambda: propose(one),
        "计划": lambda: plan_rows(one),
        "日程": lambda: schedule(one),
        "落实": lambda: contacts(one),
        "进展": lambda: progress(one, results.ranking),
        "评优": lambda: honours(one, results.ranking, results.prizes, moved),
        "考核": lambda: appraise(one, owed, moved),
    }
    for name, rule in rules.items():
        yield name, min(_seconds(rule) for _ in range(2))


def _seconds(rule: Callable[[], Any]) -> float:
    started = time.perf_counter()
    rule()
    return time.perf_counter() - started


def main(size: str = "M") -> None:
    found = list(timed(school(size)))
    for name, seconds in found:
        print(f"{seconds:7.3f} s  {name}")
    print(f"{sum(seconds for _, seconds in found):7.3f} s  together, at {size}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
