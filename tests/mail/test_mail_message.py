"""A mail as mail programs read it: its names, its parts, its headers."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.mail.mail_wording import as_html, as_text, filled
from xlbangfu.mail.message import PAGE, Attachment, Message, Sender, as_bytes, encoded, redated
from xlbangfu.mail.outbox import write_eml

NOW = datetime(2026, 6, 30, 10, 20)
SENDER = Sender(address="office@school.example.cn", name="示范学校")
NAME = "初二3班_重点关爱_2026-06-30.xlsx"
LONG = "初二年级第三实验班（寄宿）_需要特别关心和帮助的同学们_2026-06-30_2.xlsx"


def message(**different: object) -> Message:
    usual: dict[str, object] = {
        "kind": PAGE,
        "page": "0b6f",
        "class_name": "初二3班",
        "recipient": "王老师",
        "address": "wang@school.example.cn",
        "subject": "初二3班 2025-2026下班级页，请于 7月7日 前填好发回，谢谢您一直以来的辛苦",
        "text": "您好\r\n.\r\n附件请查收\r\n",
        "html": "<p>您好</p>",
        "attachments": (Attachment(name=NAME, data=b"PK\x03\x04" + bytes(range(256))),),
    }
    return Message(**usual | different)  # type: ignore[arg-type]  # fields by name


def read(mail: bytes) -> EmailMessage:
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.mark.parametrize("name", [NAME, LONG, "plain.xlsx", 'a 100% "b"; c\'d.xlsx'.replace('"', "")])
def test_the_attachment_keeps_its_name_in_both_ways_of_reading(name: str) -> None:
    mail = as_bytes(message(attachments=(Attachment(name=name, data=b"1"),)), sender=SENDER, now=NOW)

    (part,) = read(mail).iter_attachments()
    assert part.get_filename() == name
    assert only_rfc_2047(mail) == name
    assert b"filename*0" not in mail


def only_rfc_2047(mail: bytes) -> str:
    """The name as a program reads it that knows encoded words in Content-Type and nothing else."""
    header = re.search(rb"\r\nContent-Type: application/[^\r]*;((?:\r\n [^\r]*)+)", mail)
    assert header is not None
    quoted = re.search(r'name="(.*)"', header[1].decode().replace("\r\n", ""), re.DOTALL)
    assert quoted is not None
    return str(make_header(decode_header(quoted[1])))


def test_a_mail_is_text_and_html_and_one_workbook_unchanged() -> None:
    sent = message()

    mail = read(as_bytes(sent, sender=SENDER, now=NOW))

    plain, html, (part,) = mail.get_body(("plain",)), mail.get_body(("html",)), list(mail.iter_attachments())
    assert mail.get_content_type() == "multipart/mixed"
    assert plain is not None and plain.get_content().splitlines() == sent.text.splitlines()
    assert html is not None and html.get_content().strip() == sent.html
    assert part.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert part.get_payload(decode=True) == sent.attachments[0].data


def test_the_headers_say_who_when_and_which_and_nothing_of_a_list() -> None:
    data = as_bytes(message(), sender=SENDER, now=NOW)

    mail = read(data)
    assert str(mail["Subject"]) == message().subject
    assert mail["From"].addresses[0].addr_spec == SENDER.address
    assert mail["From"].addresses[0].display_name == "示范学校"
    assert mail["To"].addresses[0].display_name == "王老师"
    assert mail["Message-ID"].endswith("@school.example.cn>")
    assert mail["Date"].datetime.replace(tzinfo=None) == NOW
    assert not [name for name in mail if name.lower().startswith(("list-", "precedence", "bcc", "x-unsent"))]
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")


def test_without_a_mailbox_the_file_opens_as_a_draft() -> None:
    mail = read(as_bytes(message(), sender=Sender(), now=NOW))

    assert mail["X-Unsent"] == "1"
    assert mail["From"] is None


def test_the_same_mail_has_the_same_number_whenever_it_is_made() -> None:
    early, late = (read(as_bytes(message(), sender=SENDER, now=day)) for day in (NOW, datetime(2026, 7, 1)))

    assert early["Message-ID"] == late["Message-ID"]
    assert message().key != message(class_name="初二4班").key != message(class_name="初二4班", page="other").key


def test_only_the_date_is_another_when_it_goes_out() -> None:
    mail = as_bytes(message(), sender=SENDER, now=NOW)

    later = redated(mail, datetime(2026, 7, 2, 8))

    assert read(later)["Date"].datetime.replace(tzinfo=None) == datetime(2026, 7, 2, 8)
    assert later.split(b"\r\nMessage-ID")[1] == mail.split(b"\r\nMessage-ID")[1]


@given(st.text(max_size=80))
def test_no_subject_can_add_a_header(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    mail = read(as_bytes(message(subject=text + "\r\nBcc: all@example.cn\n\nbody"), sender=SENDER, now=NOW))

    assert mail["Bcc"] is None
    assert len(list(mail.iter_attachments())) == 1


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1))
def test_encoded_words_say_the_same_and_are_short_enough(text: str) -> None:
    words = list(encoded(text))

    assert "".join(str(make_header(decode_header(word))) for word in words) == text
    assert text.isascii() or all(len(word) <= 75 for word in words)


def test_the_table_of_counts_is_in_both_bodies_and_escapes_what_it_is_given() -> None:
    counts = {"重点关爱学生": 6, "其中<已>过期": 2}

    text, html = (make("您好\n请查收", counts, encrypted=True) for make in (as_text, as_html))

    assert "重点关爱学生：6" in text
    assert "其中&lt;已&gt;过期" in html
    assert "口令" in text
    assert "口令" in html
    assert filled("{班级}·{教师}", {"班级": "1班", "教师": "王"}) == "1班·王"


def test_the_body_is_read_on_a_telephone_and_says_by_which_day_in_bold() -> None:
    html = as_html("王老师：请在 7月7日 前填好<发回>。", {"学生": 3, "过期": 2, "本周": 1}, encrypted=False)

    assert "<b>7月7日</b>" in html
    assert "&lt;发回&gt;" in html
    assert "max-width:600px" in html
    assert {int(size) for size in re.findall(r"(?:font|font-size):(\d+)px", html)} == {15, 16, 22}
    assert re.findall(r">(\d)</span>", html) == ["3", "2", "1"]
    assert not re.findall(r"https?:|<img|<a ", html)


@pytest.mark.skipif(shutil.which("mutt") is None, reason="needs mutt: apt-get install mutt")
def test_mutt_shows_the_chinese_name_and_saves_the_workbook(tmp_path: Path) -> None:
    (entry,) = write_eml([message()], tmp_path, sender=SENDER, now=NOW)
    shutil.rmtree(tmp_path / "附件")
    (tmp_path / "Mail").mkdir()
    box = tmp_path / "box"
    shutil.copyfile(tmp_path / entry.file, tmp_path / "mail.eml")
    box.write_bytes(
        b"From a@b Thu Jan  1 00:00:00 2026\n" + (tmp_path / "mail.eml").read_bytes().replace(b"\r\n", b"\n")
    )
    keys = 'push "<view-attachments><last-entry><save-entry>\\n<exit><quit>"'
    command = [
        "mutt",
        "-n",
        "-F",
        "/dev/null",
        "-R",
        "-f",
        str(box),
        "-e",
        "set charset=utf-8 wait_key=no quit=yes",
        "-e",
        keys,
    ]
    script = ["script", "-qec", " ".join(map(_quoted, command)), "/dev/null"]

    subprocess.run(
        script,
        cwd=tmp_path,
        timeout=20,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={"TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )

    assert (tmp_path / NAME).read_bytes() == message().attachments[0].data


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
