"""Whatever the dates, who does what 下一步 says is told something else next: it never stands still."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_advice import sheets
from xlbangfu.catalog import LABELS
from xlbangfu.front_page.next_step import ALL_DONE, next_step
from xlbangfu.schema import EXAMS, RUNS
from xlbangfu.settings import Settings

TODAY = date(2026, 5, 11)
NAMES = {label: name for name, label in LABELS.items()}
near_today = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))
lengths = st.integers(30, 200).map(lambda days: timedelta(days=days))


def asked_for(sentence: str) -> str:
    """The button that the sentence says to click, the first one where it names several."""
    return next(NAMES[label] for label in re.findall("点“(.+?)”", sentence) if label in NAMES)


@settings(max_examples=40, deadline=None)
@given(exam=near_today, second=near_today, start=near_today, length=lengths, rows=st.integers(0, 3))
def test_a_step_that_was_done_is_not_asked_for_again(
    exam: date, second: date, start: date, length: timedelta, rows: int
) -> None:
    frames = {**sheets(), EXAMS: sheets()[EXAMS].with_columns(日期=pl.Series([exam, second]))}
    of_term = Settings(term_start=start, term_end=start + length)
    runs: list[dict[str, object]] = []
    while len(runs) <= len(LABELS):
        ledger = pl.DataFrame(runs, schema=RUNS.frame_schema)
        sentence = next_step({**frames, RUNS: ledger}, today=TODAY, settings=of_term)
        if sentence == ALL_DONE:
            return
        name = asked_for(sentence)
        assert LABELS[name] not in [run["操作"] for run in runs], sentence
        runs.append({"时间": datetime.combine(TODAY, time(8, len(runs))), "操作": LABELS[name], "行数": rows or 3})
    raise AssertionError(f"no end: {sentence}")
