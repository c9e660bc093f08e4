"""帮扶页 by mail: to that teacher alone, in one mail with the page of the teacher's class, locked and asked for by itself."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.mail.test_remind import with_addresses
from tests.support.class_page_school import EDITION
from tests.support.fake_book import FakeBook
from tests.support.layers import is_encrypted
from tests.support.returned_pages import CALL, HERE, THERE, book, collect, filled, put, rows
from xlbangfu.actions import Outcome, mail_choice, preview_mail, remind_classes
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.mail.encryption import decrypt
from xlbangfu.mail.ledger import REFUSED, REPLACED, SENT, WAITING, Entry, Ledger, read_ledger
from xlbangfu.mail.outbox import attached
from xlbangfu.schema import OUTBOX, PAIRINGS, PASSWORDS, RUNS, SETTINGS, TEACHERS

QIAN, CHEN, FENG = "T02 钱老师", "T01 陈班", "T03 冯主任"
Ready = tuple[FakeBook, Path]


def school(wanted: str = "是") -> FakeBook:
    return with_addresses(book({"寄帮扶页": wanted} if wanted else {}))


def preview(one: FakeBook, folder: Path, days: int = 0) -> Outcome:
    now = EDITION + timedelta(days=days, hours=1)
    return preview_mail.mail(one.at(folder), replace(CALL, now=now, out=folder / "邮件"))


def waiting(path: Path) -> dict[str, Entry]:
    return {one.whose: one for one in read_ledger(path) if one.state == WAITING}


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    one = school()
    preview(one, tmp_path)
    return one, one.path


@pytest.fixture
def locked(tmp_path: Path) -> Ready:
    one = school()
    one.sheets[PASSWORDS.name] += [["", "桃李不言自成蹊", QIAN], [HERE, "下自成蹊也", ""]]
    preview(one, tmp_path)
    return one, one.path


def test_whoever_has_a_class_and_own_students_gets_one_mail_and_who_has_no_class_gets_one(ready: Ready) -> None:
    assert {who: (one.kind, one.address) for who, one in waiting(ready[1]).items()} == {
        f"{HERE}、{CHEN}": ("班级页", "t01@school.example.cn"),
        f"{THERE}、{QIAN}": ("班级页", "t02@school.example.cn"),
        FENG: ("帮扶页", "t03@school.example.cn"),
    }
    listed = {(row["班级"], row["种类"], row["收件人"]) for row in rows(ready[0], OUTBOX) if row["状态"] == WAITING}
    assert listed == {(HERE, "班级页", "陈班"), (THERE, "班级页", "钱老师"), (None, "帮扶页", "冯主任")}


def test_each_page_is_locked_with_the_password_of_whose_it_is(locked: Ready) -> None:
    mails, out = waiting(locked[1]), locked[1].parent / "邮件"
    both = attached(mails[f"{THERE}、{QIAN}"], out)
    mine = attached(mails[f"{HERE}、{CHEN}"], out)

    secret = {owner: is_encrypted(data) for owner, data in (both | mine).items()}
    assert secret == {THERE: False, QIAN: True, HERE: True, CHEN: False}
    assert decrypt(both[QIAN], "桃李不言自成蹊")
    assert decrypt(mine[HERE], "下自成蹊也")
    assert not any(entry.encrypted for entry in mails.values())  # what is asked before sending counts open pages


def test_the_body_asks_for_both_and_names_no_student(ready: Ready) -> None:
    file = ready[1].parent / "邮件" / waiting(ready[1])[f"{THERE}、{QIAN}"].file
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    text = body.get_content()

    assert "另附您自己的帮扶页，里面是和您结对的 1 名学生" in text
    assert "王明" not in text
    assert "学困" not in text


@pytest.mark.parametrize(
    ("wanted", "made", "alone"), [("否", True, 0), ("", False, 0), ("", True, 1), ("是", False, 1)]
)
def test_they_are_mailed_where_the_setting_says_so_or_they_were_made(
    tmp_path: Path, wanted: str, made: bool, alone: int
) -> None:
    one = school(wanted)
    if made:
        one.sheets[RUNS.name].append([EDITION, "帮扶页", 3.0, 0.0, "王老师", 0.1, "", ""])
    outcome = preview(one, tmp_path)

    assert sum(entry.kind == "帮扶页" for entry in waiting(one.path).values()) == alone
    assert ("帮扶页" in outcome.sentence) == bool(alone)


def test_a_preview_without_them_takes_back_those_that_wait(tmp_path: Path) -> None:
    one = school()
    preview(one, tmp_path)
    grid = one.sheets[SETTINGS.name]
    next(row for row in grid if row[0] == "寄帮扶页")[1] = "否"
    preview(one, tmp_path, days=1)

    assert set(waiting(one.path)) == {HERE, THERE}
    assert [entry.state for entry in read_ledger(one.path) if entry.kind == "帮扶页"] == [REPLACED]


def test_one_without_an_address_is_refused_with_the_reason(tmp_path: Path) -> None:
    one = school()
    grid = one.sheets[TEACHERS.name]
    grid[3][grid[0].index("邮箱")] = ""
    outcome = preview(one, tmp_path)

    (refused,) = [entry for entry in read_ledger(one.path) if entry.state == REFUSED and entry.kind == "帮扶页"]
    assert (refused.whose, refused.answer) == (FENG, "冯主任没有邮箱：在“教师”表填上")
    assert "1 位教师寄不了" in outcome.sentence


class TestWhatChangedSince:
    def objections(self, one: FakeBook) -> dict[str, str]:
        mails = waiting(one.path)
        by_key = {entry.key: who for who, entry in mails.items()}
        found = mail_choice.objections(list(mails.values()), read_checked(one, CALL), one, one.path.parent / "邮件")
        return {by_key[key]: why for key, why in found.items()}

    def test_nothing_did(self, ready: Ready) -> None:
        assert self.objections(ready[0]) == {}

    def test_a_password_was_set_or_changed(self, locked: Ready) -> None:
        grid = locked[0].sheets[PASSWORDS.name]
        grid[1][1] = "换过的口令"
        grid.append(["", "刚设的口令", CHEN])

        assert {who: why[:8] for who, why in self.objections(locked[0]).items()} == {
            f"{HERE}、{CHEN}": "预览之后填了口令",
            f"{THERE}、{QIAN}": "预览之后口令改过",
        }

    def test_the_pairing_ended(self, ready: Ready) -> None:
        grid = ready[0].sheets[PAIRINGS.name]
        grid[5][grid[0].index("状态")] = "结束"

        assert list(self.objections(ready[0])) == [FENG]


def send(path: Path) -> None:
    with Ledger.opened(path) as ledger:
        for entry in ledger.entries():
            if ledger.begin(entry.key, EDITION):
                ledger.finish(entry.key, SENT, "", EDITION)


def test_who_is_late_is_reminded_of_the_own_page_alone(ready: Ready) -> None:
    one, path = ready
    send(path)
    collect(one, put(path.parent, filled([])), agrees=True)
    outcome = remind_classes.remind(one, replace(CALL, now=EDITION + timedelta(days=9), out=path.parent / "邮件"))

    reminders = {entry.whose: entry for entry in read_ledger(path) if entry.kind == "催交"}
    assert set(reminders) == {THERE, CHEN, QIAN, FENG}
    assert HERE not in outcome.sentence
    assert "帮扶页还没有收到" in reminders[FENG].subject


def test_a_new_preview_after_the_mail_left_says_so(ready: Ready) -> None:
    one, path = ready
    send(path)
    preview(one, path.parent, days=1)

    (row,) = [row for row in rows(one, OUTBOX) if row["收件人"] == "冯主任" and row["状态"] == WAITING]
    assert "上一版 2026-05-20 已发" in row["说明"]
