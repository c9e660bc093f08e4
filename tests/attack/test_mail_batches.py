"""A sample of batches over rude servers; the whole: ``python -m tests.attack mail``."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.attack import mail
from tests.attack.campaign import SEED

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")]


@pytest.mark.parametrize("at", range(6))
def test_nothing_is_sent_twice_and_nothing_lost(at: int, tmp_path: Path) -> None:
    case = next(islice(mail.cases(SEED + 1), at, None))

    assert mail.attack(case, tmp_path).faults == (), case.name


def test_there_are_mails_enough() -> None:
    assert len(list(mail.cases(SEED))) * mail.MAILS >= 500
