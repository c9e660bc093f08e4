"""Work in a thread of polars' own: its answer, its exception, and no waiting for each other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import polars as pl
import pytest

from xlbangfu.errors import NotAWorkbook
from xlbangfu.polars_thread import on_polars_thread

_WITH_ASKERS = """
import polars as pl
from xlbangfu.polars_thread import askers, on_polars_thread

def work():
    with askers(2) as others:
        waiting = [others.submit(lambda n: pl.DataFrame({"a": [n, 1]}).sort("a").filter(pl.col("a") > 1).height, n) for n in (1, 2, 3)]
        return [one.result() for one in waiting]

print(on_polars_thread(work))
"""


def test_it_is_another_thread_and_its_answer_comes_back() -> None:
    here = threading.get_ident()
    there, answer = on_polars_thread(lambda: (threading.get_ident(), pl.DataFrame({"a": [1, 2]})))

    assert there != here
    assert answer["a"].to_list() == [1, 2]


def test_what_is_raised_is_raised_as_it_was() -> None:
    problem = NotAWorkbook("打不开")

    def work() -> None:
        raise problem

    with pytest.raises(NotAWorkbook) as raised:
        on_polars_thread(work)
    assert raised.value is problem


@pytest.mark.parametrize("threads", ["1", "2"])
def test_other_askers_are_answered_meanwhile_however_many_threads_polars_has(threads: str) -> None:
    command = [sys.executable, "-c", _WITH_ASKERS]
    told = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"POLARS_MAX_THREADS": threads},
    )

    assert told.stdout.strip() == "[0, 1, 1]"
