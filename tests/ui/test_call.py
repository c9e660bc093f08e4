"""用时 is the program's time: what a person needs to read a box and to answer is not in it."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from xlbangfu.actions import Call


class Clock:
    """A clock that stands still unless somebody takes time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def taking(self, seconds: float, answer: object = None) -> object:
        """Somebody who answers after so many seconds; raises what is to be raised."""

        def asked(*_: object) -> object:
            self.now += seconds
            if isinstance(answer, Exception):
                raise answer
            return answer

        return asked


@pytest.fixture
def clock() -> Clock:
    return Clock()


def call_by(clock: Clock, **answers: object) -> Call:
    return Call(user="甲", now=datetime(2026, 6, 30, 10, 20), clock=clock, **answers)  # type: ignore[arg-type]


def test_the_time_in_which_somebody_reads_a_box_and_answers_is_not_counted(clock: Clock) -> None:
    call = call_by(clock, agrees=clock.taking(40, True), asks=clock.taking(20, "已发"), chooses=clock.taking(9, ()))

    clock.now += 1.5
    assert call.agrees("要写吗？") is True
    assert call.asks("写哪个？") == "已发"
    assert call.chooses("选文件", ("*.xlsx",)) == ()
    clock.now += 0.25

    assert call.seconds == 1.75


def test_a_box_that_is_closed_without_an_answer_is_not_counted_either(clock: Clock) -> None:
    call = call_by(clock, agrees=clock.taking(30, KeyError("closed")))

    with pytest.raises(KeyError):
        call.agrees("要写吗？")

    assert call.seconds == 0


def test_questions_of_a_command_are_off_the_clock_too(clock: Clock) -> None:
    call = call_by(clock)
    ask = call.off_the_clock(clock.taking(12, "缺考"))

    assert (ask("这个词是什么意思"), call.seconds) == ("缺考", 0)


def test_a_call_with_another_answer_counts_no_waiting_twice(clock: Clock) -> None:
    call = replace(call_by(clock, asks=clock.taking(5, "")), agrees=clock.taking(7, True))

    call.agrees("要写吗？")
    call.asks("写哪个？")
    clock.now += 2

    assert call.seconds == 2


def test_where_nobody_answers_nobody_can_be_asked_also_of_a_call_that_was_changed(clock: Clock) -> None:
    alone, answered = call_by(clock), call_by(clock, asks=clock.taking(1, "甲"))

    assert [replace(one, user="乙").can_ask for one in (alone, answered)] == [False, True]
