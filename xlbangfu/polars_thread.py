"""Work that asks polars many small things, done in one of polars' own threads.

Polars hands nearly all that it is asked over to threads of its own, and whoever asked waits. For a frame of some hundred rows
handing over takes as long as the answer, or three times as long; who asks from such a thread is answered on the spot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

import polars as pl

Answer = TypeVar("Answer")
Given = ParamSpec("Given")

_here = threading.local()
_taken = threading.Lock()  # one work at a time: others ask polars, too, and two could take all of its threads


def asks_much(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, done on a thread of polars. It may ask neither staff nor an open program, which know one thread only."""

    @wraps(function)
    def there(*given: Given.args, **named: Given.kwargs) -> Answer:
        return on_polars_thread(partial(function, *given, **named))

    return there


def on_polars_thread(work: Callable[[], Answer]) -> Answer:
    """What ``work`` answers or raises; where this is such a thread already, or another is at work, it is done here.

    It must not wait for another thread that asks polars: polars may have this thread only.
    """
    if getattr(_here, "is_polars", False) or not _taken.acquire(blocking=False):
        return work()
    try:
        return _handed_over(work)
    finally:
        _taken.release()


def _handed_over(work: Callable[[], Answer]) -> Answer:
    answers: list[Answer] = []
    raised: list[BaseException] = []

    def within(column: pl.Series, **_: Any) -> pl.Series:  # polars tells the type, too, where it may
        _here.is_polars = True
        try:
            answers.append(work())
        except BaseException as problem:  # raised again below, where no polars is between
            raised.append(problem)
        finally:
            _here.is_polars = False
        return column

    asked = pl.col("").map_batches(within, return_dtype=pl.Int64())
    pl.DataFrame({"": [0]}).select(asked, pl.lit(0))  # where there are two, each is asked in one of polars' threads
    if raised:
        raise raised[0]
    return answers[0]
