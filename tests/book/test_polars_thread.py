"""Work in a thread of polars' own: its answer, its exception, and no waiting for each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import polars as pl
import pytest

from xlbangfu.errors import NotAWorkbook
from xlbangfu.polars_thread import asks_much, on_polars_thread

_TWICE = """
import threading
import polars as pl
from xlbangfu.polars_thread import on_polars_thread

both = threading.Barrier(2)
answers = []

def work():
    both.wait()
    answers.append(pl.DataFrame({"a": [2, 1]}).sort("a").filter(pl.col("a") > 1).height)

threads = [threading.Thread(target=on_polars_thread, args=[work]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*answers)
"""

_UNTIL_STOPPED = """
import signal
import time
import polars as pl
from xlbangfu.polars_thread import on_polars_thread

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started this may not hear it

def work():
    print("at work", flush=True)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        pl.DataFrame({"a": [1, 2]}).sort("a").filter(pl.col("a") > 1)

try:
    on_polars_thread(work)
except KeyboardInterrupt:
    print("stopped")
else:
    print("never heard of it")
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
def test_two_works_at_once_do_not_wait_for_each_other(threads: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _TWICE],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"POLARS_MAX_THREADS": threads},
    )

    assert told.stdout == "1 1\n"


def test_work_within_work_stays_in_its_thread() -> None:
    def work() -> tuple[int, int]:
        return threading.get_ident(), on_polars_thread(threading.get_ident)

    here, within = on_polars_thread(work)

    assert here == within


def test_a_function_that_asks_much_keeps_its_name_and_its_answer() -> None:
    @asks_much
    def counted(numbers: list[int], *, least: int) -> int:
        """How many."""
        return pl.Series(numbers).filter(pl.Series(numbers) >= least).len()

    assert (counted.__name__, counted.__doc__, counted([1, 2, 3], least=2)) == ("counted", "How many.", 2)


def test_ctrl_c_is_heard_at_the_latest_when_the_work_is_done() -> None:
    """Polars takes the signal meanwhile, as the thread that has Python's signals waits for it."""
    process = subprocess.Popen([sys.executable, "-c", _UNTIL_STOPPED], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGINT)

    told, _ = process.communicate(timeout=30)

    assert told == "stopped\n"
