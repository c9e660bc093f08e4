"""What the screening rule is worth on real students; the figures of ``python -m tests.benchmarks.screening``, loosely."""

from __future__ import annotations

import pytest

from tests.benchmarks.screening import measured
from tests.support.real_students import find_csv, read_students


def test_the_rule_finds_students_who_really_fail_more_surely_than_past_failures_do() -> None:
    default, one_subject, wider, sure, undecided, baseline = measured(read_students(find_csv()))

    assert default.failed == 395 - 265
    assert default.precision == pytest.approx(1.0, abs=0.1)
    assert default.recall == pytest.approx(0.15, abs=0.1)
    assert one_subject.precision > 0.8 > baseline.precision
    assert one_subject.recall > baseline.recall > default.recall
    assert wider.precision > 0.9 and wider.recall > default.recall
    assert sure.precision > 0.8 and undecided.recall > sure.recall
