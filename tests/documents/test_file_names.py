"""Names that go out: whatever staff call a class, a file can have it and the office's word is not in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.file_names import in_a_name, real_file
from xlbangfu.mail.message import PAGE, Message, Sender
from xlbangfu.mail.outbox import write_eml

LONG = "初一年级第一学习小组" * 10


@given(st.text(st.sampled_from("学困生 \t\u200b._-/1班长"), max_size=200) | st.text(max_size=200))
def test_a_part_of_a_name_fits_and_never_has_the_word_of_the_office(text):
    name = in_a_name(text)

    assert len(name.encode()) <= 80
    assert "学困" not in "".join(sign for sign in name if sign.isalnum())
    assert not set(name) & set('<>:"/\\|?*')


@pytest.mark.parametrize("name", [LONG, f"学困提高{LONG}", "学 困班"])
def test_a_class_of_an_unusual_name_stops_no_mail(name, tmp_path):
    mails = [
        Message(kind=PAGE, page=one, class_name=one, recipient="", address="a@b.cn", subject="", text="", html="")
        for one in (name, "初一2班")
    ]

    entries = write_eml(mails, tmp_path, sender=Sender(), now=datetime(2026, 6, 30))

    assert [entry.class_name for entry in entries] == [name, "初一2班"]
    for entry in entries:
        assert (tmp_path / entry.file).exists()
        assert "困" not in entry.file


def test_a_link_to_a_file_means_the_file(tmp_path):
    (tmp_path / "总表.xlsm").write_bytes(b"")
    (tmp_path / "桌面.xlsm").symlink_to(tmp_path / "总表.xlsm")

    assert real_file(tmp_path / "桌面.xlsm") == (tmp_path / "总表.xlsm").resolve()
    assert real_file(Path("总表.xlsm")) == Path("总表.xlsm")
