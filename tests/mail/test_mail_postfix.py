"""End to end: a school of sixty classes over Debian's Postfix on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mail_school import check_arrivals, outbox, school, set_up, smtp_settings, tick
from tests.support.mail_server import CODE, certificates
from tests.support.postfix_server import delivered, postfix
from xlbangfu.cli import main

pytestmark = [pytest.mark.postfix, pytest.mark.slow]
CLASSES = 60


def test_sixty_pages_arrive_once_each_at_the_right_teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, served = certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setenv("XLBANGFU_MAIL_CODE", CODE)
    book = school(tmp_path, students=1500, classes=CLASSES, locked=3)
    with postfix(served) as (port, home):
        set_up(book, **smtp_settings(port, "SSL"))
        assert main(["mail", str(book)]) in (0, 1)
        tick(book)
        assert main(["mail", str(book), "--send", "--yes"]) == 0
        assert main(["mail", str(book), "--send", "--yes", "--resume"]) == 0  # nothing is left to go
        taken = delivered(home, CLASSES)

    assert len(taken) == CLASSES
    check_arrivals(book, taken)
    assert outbox(book)["状态"].unique().to_list() == ["已发"]
    assert all("queued as" in said for said in outbox(book)["说明"])


def test_postfix_says_no_to_a_wrong_code_and_staff_hear_what_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusted, served = certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setenv("XLBANGFU_MAIL_CODE", "not-the-code")
    book = school(tmp_path, students=60, classes=2, locked=0)
    with postfix(served) as (port, home):
        set_up(book, **smtp_settings(port, "SSL"))
        main(["mail", str(book)])
        tick(book)
        assert main(["mail", str(book), "--send", "--yes"]) == 1
        assert not (home / "mail" / "all").exists()

    assert "授权码" in capsys.readouterr().out
    assert outbox(book)["状态"].unique().to_list() == ["待发"]
