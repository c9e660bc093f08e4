"""Encryption, servers, the keyring and Outlook, each by itself."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from keyring.errors import NoKeyringError

from tests.support.layers import is_encrypted
from xlbangfu.errors import UnreadableFile
from xlbangfu.mail import outlook, secrets
from xlbangfu.mail.encryption import WrongPassword, decrypt, encrypt
from xlbangfu.mail.ledger import DRAFTED, UNKNOWN, Entry
from xlbangfu.mail.message import Sender, as_bytes
from xlbangfu.mail.outlet import STOP, CannotSend
from xlbangfu.mail.presets import server_of
from xlbangfu.mail.trial import trial
from xlbangfu.schema import SETTINGS
from xlbangfu.settings import Settings

NOW = datetime(2026, 6, 30, 10)
PAGE = trial("a@b.cn", NOW).attachments[0].data


@pytest.fixture(scope="module")
def locked() -> bytes:
    return encrypt(PAGE, "口令-7Kq")


def test_what_is_encrypted_opens_with_its_password_and_no_other(locked: bytes) -> None:
    assert is_encrypted(locked) and not is_encrypted(PAGE)
    assert decrypt(locked, "口令-7Kq") == PAGE
    with pytest.raises(WrongPassword):
        decrypt(locked, "口令-7kq")


def test_it_is_the_agile_encryption_that_office_programs_know(locked: bytes) -> None:
    assert b"http://schemas.microsoft.com/office/2006/keyEncryptor/password" in locked
    assert b'cipherAlgorithm="AES"' in locked


@pytest.mark.parametrize("seed", range(25))
def test_a_damaged_file_is_said_and_never_a_traceback(seed: int, locked: bytes) -> None:
    chance = random.Random(seed)
    damaged = bytearray(locked[: chance.randrange(len(locked))] if seed % 4 == 0 else locked)
    for _ in range(40):
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)

    with pytest.raises(UnreadableFile):
        decrypt(bytes(damaged), "口令-7Kq")


def test_a_file_that_would_take_ages_to_try_a_password_on_is_not_tried(locked: bytes) -> None:
    slow = locked.replace(b'spinCount="100000"', b'spinCount="999999"')
    assert slow != locked

    with pytest.raises(UnreadableFile, match="不正常"):
        decrypt(slow, "桃李不言")


@pytest.mark.parametrize("junk", [b"", b"PK", PAGE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_what_was_never_encrypted_is_said(junk: bytes) -> None:
    with pytest.raises(UnreadableFile):
        decrypt(junk, "x")


@pytest.mark.parametrize(
    ("address", "written", "expected"),
    [
        ("a@qq.com", "", ("smtp.qq.com", 465, "SSL")),
        ("a@163.com", "", ("smtp.163.com", 465, "SSL")),
        ("a@126.com", "", ("smtp.126.com", 465, "SSL")),
        ("a@school.cn", "exmail.qq.com", ("smtp.exmail.qq.com", 465, "SSL")),
        ("a@school.cn", "smtp.exmail.qq.com", ("smtp.exmail.qq.com", 465, "SSL")),
        ("a@school.cn", "mail.school.cn", ("mail.school.cn", 465, "SSL")),
        ("a@school.cn", "mail.school.cn:587", ("mail.school.cn", 587, "STARTTLS")),
        ("a@school.cn", "mail.school.cn:2525 ssl", ("mail.school.cn", 2525, "SSL")),
    ],
)
def test_the_server_is_known_by_the_address_or_as_written(
    address: str, written: str, expected: tuple[str, int, str]
) -> None:
    server = server_of(address, written)

    assert server is not None
    assert (server.host, server.port, server.security) == expected


@pytest.mark.parametrize("written", ["smtp.x.cn 25", "smtp.x.cn:25 PLAIN", "两个 服务器"])
def test_no_server_is_guessed(written: str) -> None:
    assert server_of("a@school.cn", written) is None


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("邮件主题", "{班级} 学困生名单"),
        ("邮件主题", "{班级} 学 困生"),
        ("邮件正文", "{学生} 您好"),
        ("邮件正文", "{班级!r}"),
        ("邮件正文", "{班级:>9999999}"),
        ("邮件正文", "{班级.__class__}"),
        ("邮件正文", "{班级"),
        ("邮件正文", "{}"),
        ("发件邮箱", "学校@qq.com"),
        ("发件服务器", "a b c"),
        ("发信方式", "传真"),
    ],
)
def test_a_template_or_mailbox_that_cannot_be_used_is_a_problem_and_the_default_serves(item: str, text: str) -> None:
    sheet = pl.DataFrame({"项目": [item], "值": [text], "说明": [None]}, schema=SETTINGS.frame_schema)

    read = Settings.of(sheet)

    assert [name for _, name, _ in read.bad] == [item]
    assert "学困" not in read.mail_subject + read.mail_body


def test_a_computer_without_a_keyring_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: str) -> str:
        raise NoKeyringError("none")

    monkeypatch.delenv(secrets.ENVIRONMENT, raising=False)
    monkeypatch.setattr("keyring.get_password", none)
    monkeypatch.setattr("keyring.set_password", none)

    with pytest.raises(CannotSend, match="钥匙串"):
        secrets.code_of("a@qq.com")
    with pytest.raises(CannotSend, match=secrets.ENVIRONMENT):
        secrets.keep("a@qq.com", "1")


class FakeOutlook:
    """Classic Outlook as far as drafts go; not run on Windows here."""

    def __init__(self, *, fails_at: str = "") -> None:
        self.drafts: list[Any] = []
        self.fails_at = fails_at

    def CreateItem(self, kind: int) -> Any:
        assert kind == 0
        if self.fails_at == "CreateItem":
            raise OSError("busy")
        item = SimpleNamespace(attached=[])
        item.Attachments = SimpleNamespace(
            Add=lambda path: item.attached.append((Path(path).name, Path(path).read_bytes()))
        )
        item.Save = lambda: self._save(item)
        return item

    def _save(self, item: Any) -> None:
        if self.fails_at == "Save":
            raise OSError("gone")
        self.drafts.append(item)


def drafted(app: FakeOutlook) -> tuple[str, FakeOutlook]:
    message = trial("wang@school.example.cn", NOW)
    entry = Entry(key=message.key, kind="测试", edition="", page="", class_name="测试", address=message.address)
    outlet = outlook.OutlookOutlet(lambda _: app)
    return outlet.deliver(entry, as_bytes(message, sender=Sender(), now=NOW)).state, app


def test_a_draft_in_outlook_has_the_address_the_words_and_the_attachment_by_its_name() -> None:
    state, app = drafted(FakeOutlook())

    (draft,) = app.drafts
    assert state == DRAFTED
    assert draft.To == "wang@school.example.cn"
    assert draft.Subject == "测试邮件：看看收不收得到"
    assert [name for name, _ in draft.attached] == ["测试附件.xlsx"]
    assert "测试邮件" in draft.HTMLBody


@pytest.mark.parametrize(("step", "state"), [("CreateItem", STOP), ("Save", UNKNOWN)])
def test_outlook_that_fails_before_or_in_saving(step: str, state: str) -> None:
    assert drafted(FakeOutlook(fails_at=step))[0] == state


@pytest.mark.parametrize(
    ("problem", "said"),
    [(OSError(-2147221005, "Invalid class string"), "经典 Outlook"), (OSError(1, "busy"), "打不开")],
)
def test_no_classic_outlook_is_recognised(problem: OSError, said: str) -> None:
    def dispatch(name: str) -> Any:
        raise problem

    with pytest.raises(CannotSend, match=said):
        outlook.OutlookOutlet(dispatch)


def test_the_new_outlook_is_told_by_its_switch() -> None:
    def missing(key: str, name: str) -> Any:
        raise OSError(key)

    assert outlook.new_outlook_is_used(lambda *_: 1)
    assert not outlook.new_outlook_is_used(lambda *_: 0)
    assert not outlook.new_outlook_is_used(missing)
