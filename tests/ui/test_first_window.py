"""The window of a school that begins: its first workbook up to the first class pages, and its mailbox."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support import screen
from tests.support.mail_school import smtp_server
from tests.support.mail_server import CODE, USER, certificates
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BadArgument
from xlbangfu.mail.outlet import CannotSend
from xlbangfu.schema import ROSTER, SETTINGS
from xlbangfu.settings import Settings
from xlbangfu.window import first_book, mailbox
from xlbangfu.window.job import Talk

DAY = date(2026, 9, 7)


def quiet(text: str, done: float) -> None:
    """Progress that nobody looks at."""


def talk() -> Talk:
    return Talk(quiet, lambda asked: asked.answer(None))


def answers(place: Path, **more: str) -> dict[str, str]:
    """What the form says when only the school's name was typed."""
    asked = {field.name: field.value for field in first_book.fields(DAY, place)}
    return {**asked, first_book.SCHOOL: "城南中学", **more}


def settings_of(book: Path) -> Settings:
    return Settings.of(ClosedBook(book).read(SETTINGS)[SETTINGS])


def test_the_school_s_name_is_all_that_must_be_typed(tmp_path: Path) -> None:
    typed = answers(tmp_path / "帮扶总表.xlsm")

    assert first_book.fault_in(typed) == ""
    book = first_book.begin(typed, quiet)
    settings = settings_of(book)
    assert (settings.school, settings.term) == ("城南中学", "2026-2027上")
    assert (settings.term_start, settings.term_end) == (date(2026, 9, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (first_book.SCHOOL, "", "学校名称"),
        (first_book.START, "九月", "是一个日期"),
        (first_book.END, "2026-08-31", "以后"),
        (first_book.PLACE, "总表.xlsx", ".xlsm"),
        (first_book.ROSTER, "没有这个.xlsx", "找不到名册"),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_before_anything_is_made(
    tmp_path: Path, line: str, text: str, said: str
) -> None:
    assert said in first_book.fault_in({**answers(tmp_path / "帮扶总表.xlsm"), line: text})


def test_the_empty_workbook_that_setup_made_is_used(tmp_path: Path) -> None:
    place = tmp_path / "帮扶总表.xlsm"
    template.build(place, created=datetime(2026, 9, 7))

    first_book.begin(answers(place), quiet)

    assert settings_of(place).school == "城南中学"


def test_a_workbook_that_somebody_has_begun_with_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "帮扶总表.xlsm"
    one = pl.DataFrame([{"学号": "1", "姓名": "甲", "班级": "初一1班"}])
    template.build(
        place,
        frames={ROSTER: ROSTER.empty().join(one, on=one.columns, how="full", coalesce=True)},
        created=datetime(2026, 9, 7),
    )
    before = place.read_bytes()

    with pytest.raises(BadArgument, match="已经有数据"):
        first_book.begin(answers(place), quiet)
    assert place.read_bytes() == before


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return first_book.begin(answers(tmp_path / "帮扶总表.xlsm"), quiet)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def server(
    keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """What is typed as 发件服务器, and what it took; the keyring is a file."""
    monkeypatch.setenv("SSL_CERT_FILE", str(keys[0]))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.file_keyring.FileKeyring")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XLBANGFU_MAIL_CODE", raising=False)
    with smtp_server(keys[1], implicit=True) as (port, taken):
        yield f"localhost:{port} SSL", taken


@pytest.fixture
def own_keyring() -> Iterator[None]:
    import keyring

    from tests.support.file_keyring import FileKeyring

    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield
    keyring.set_keyring(before)


def filled(book: Path, server: str, code: str = CODE) -> dict[str, str]:
    fields = mailbox.fields(settings_of(book))
    return {
        **{field.name: field.value for field in fields},
        mailbox.ADDRESS: USER,
        mailbox.CODE: code,
        mailbox.SERVER: server,
    }


def test_the_mailbox_is_tried_kept_and_written_and_a_mail_comes_to_oneself(
    book: Path, server: tuple[str, list[tuple[str, bytes]]], own_keyring: None, tmp_path: Path
) -> None:
    typed = filled(book, server[0], f" {CODE[:4]} {CODE[4:]} ")
    assert mailbox.fault_in(typed) == ""

    outcome = mailbox.log_in(book, typed, talk())

    assert outcome is not None
    assert outcome.errors == 0, outcome.sentence
    assert [to for to, _ in server[1]] == [USER]
    assert CODE in (tmp_path / "keyring.json").read_text("utf-8")
    assert (settings_of(book).mail_address, settings_of(book).mail_way) == (USER, "SMTP")
    assert CODE.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.xlsm"))


def test_a_code_that_the_server_refuses_is_not_kept_and_nothing_is_written(
    book: Path, server: tuple[str, list[tuple[str, bytes]]], own_keyring: None, tmp_path: Path
) -> None:
    before = book.read_bytes()

    with pytest.raises(CannotSend, match="授权码"):
        mailbox.log_in(book, filled(book, server[0], "wrong"), talk())

    assert book.read_bytes() == before
    assert not (tmp_path / "keyring.json").exists()


def test_a_server_that_was_written_before_may_be_taken_out_again(
    book: Path, server: tuple[str, list[tuple[str, bytes]]], own_keyring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.log_in(book, filled(book, server[0]), talk())
    monkeypatch.setattr("xlbangfu.mail.login.try_and_keep", lambda *_: None)

    mailbox._write_settings(ClosedBook(book), {**filled(book, ""), mailbox.ADDRESS: "a@163.com"})

    assert not settings_of(book).mail_server


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [(mailbox.ADDRESS, "jiaowu", "完整的邮箱地址"), (mailbox.CODE, "", "授权码"), (mailbox.SERVER, "", "发件服务器")],
)
def test_what_is_missing_for_a_mailbox_is_said(book: Path, line: str, text: str, said: str) -> None:
    assert said in mailbox.fault_in({**filled(book, "smtp.school.cn:465"), line: text})


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    if screen.missing():
        if os.environ.get("XLBANGFU_REQUIRE_OFFICE") == "1":
            pytest.fail(screen.INSTALL)
        pytest.skip(screen.INSTALL)
    with screen.screen() as name:
        yield name


@pytest.fixture
def first(display: str, tmp_path: Path) -> Iterator[screen.Driver]:
    """The window as it comes up the first time, in an empty home."""
    (tmp_path / "Desktop").mkdir()
    driver = screen.Driver(display, None, tmp_path)
    yield driver
    driver.end()


def roster_of(path: Path) -> Path:
    lines = [f"{number:05},学生{number},初一{number % 2 + 1}班" for number in range(1, 61)]
    path.write_text("\n".join(["学号,姓名,班级", *lines]), encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_first_start_leads_from_the_school_s_name_and_a_roster_to_its_first_class_pages(
    first: screen.Driver, tmp_path: Path
) -> None:
    seen = first.wait(lambda seen: "开始" in seen["buttons"] and len(seen["entries"]) >= 6)
    first.click("开始")
    first.picture("第一次-缺学校名称")
    first.type_into(seen["entries"][-6], "Chengnan")
    first.type_into(seen["entries"][-1], str(roster_of(tmp_path / "roster.csv")))
    time.sleep(0.5)
    first.picture("第一次-填好")
    first.click("开始")
    first.wait(lambda seen: "写入总表" in seen["buttons"])
    first.picture("第一次-名册")
    first.click("写入总表")
    first.wait(lambda seen: "用时" in seen["result"] and "个班级页" in seen["result"])
    first.picture("第一次-班级页")

    book = tmp_path / "Desktop/帮扶总表.xlsm"
    assert settings_of(book).school == "Chengnan"
    assert ClosedBook(book).read(ROSTER)[ROSTER].height == 60
    assert len([path for path in (tmp_path / "Desktop/班级页").glob("*.xlsx") if path.name != "目录.xlsx"]) == 2


@pytest.mark.slow
def test_the_mailbox_needs_no_terminal(
    display: str, book: Path, server: tuple[str, list[tuple[str, bytes]]], tmp_path: Path
) -> None:
    window = screen.Driver(display, book, tmp_path)
    try:
        window.click("发件邮箱")
        seen = window.wait(lambda seen: mailbox.YES in seen["buttons"])
        for place, text in zip(seen["entries"][-3:], (USER, CODE, server[0]), strict=True):
            window.type_into(place, text)
        time.sleep(0.5)
        window.picture("发件邮箱")
        window.click(mailbox.YES)
        said = window.wait(lambda seen: "用时" in seen["result"])["result"]
        window.picture("发件邮箱-寄好")
    finally:
        window.end()

    assert f"给 {USER} 的测试邮件：已发" in said
    assert [to for to, _ in server[1]] == [USER]
    assert CODE in json.loads((tmp_path / "keyring.json").read_text("utf-8")).values()
