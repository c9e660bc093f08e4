"""预览邮件 and 发送邮件 as staff do them, on a workbook and over a real server on this machine."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.mail_school import (
    Taken,
    attachment,
    check_arrivals,
    outbox,
    parsed,
    password,
    school,
    set_up,
    smtp_server,
    smtp_settings,
    tick,
)
from tests.support.mail_server import CODE, certificates
from xlbangfu import actions
from xlbangfu.actions import Call
from xlbangfu.actions.page_editions import next_edition
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import CONFIRM, ONLY_LIST, RESUME
from xlbangfu.cli import main
from xlbangfu.declarations import Option
from xlbangfu.errors import BadArgument, BangfuError, BookLocked
from xlbangfu.mail.encryption import decrypt
from xlbangfu.mail.ledger import SENT, UNKNOWN, WAITING, Ledger, LedgerInUse, read_ledger
from xlbangfu.mail.ledger_file import ledger_path
from xlbangfu.mail.message import REMINDER
from xlbangfu.mail.outbox_sheet import outbox_sheet
from xlbangfu.mail.outlet import CannotSend
from xlbangfu.schema import CLASSES, COLLECTED, OUTBOX, PASSWORDS, ROSTER, RUNS, TEACHERS
from xlbangfu.window import workbook_jobs
from xlbangfu.window.job import Finished, Job, Talk

NOW = datetime(2026, 6, 30, 10, 20)
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is TLS from the start


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return school(tmp_path_factory.mktemp("school"), students=120, classes=4, locked=1)


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / made.name
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def previewed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The school that sends over a server of its own, its mails previewed; its folder is copied, never touched."""
    copy = tmp_path_factory.mktemp("previewed") / made.name
    copy.write_bytes(made.read_bytes())
    set_up(copy, **smtp_settings(465, "SSL"))
    preview(copy)
    return copy


@pytest.fixture
def post(keys: tuple[Path, Path], book: Path, previewed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    """The mails of ``book`` are previewed, and its mailbox is on a server with TLS and a login."""
    monkeypatch.setenv("SSL_CERT_FILE", str(keys[0]))
    monkeypatch.setenv("XLBANGFU_MAIL_CODE", CODE)
    shutil.copytree(previewed.parent, book.parent, dirs_exist_ok=True)
    with smtp_server(keys[1], implicit=True) as (port, taken):
        set_up(book, **smtp_settings(port, "SSL"))
        yield taken


def call(*answers: bool) -> Call:
    """Staff who give these answers, and no to whatever is asked after them."""
    left = list(answers)
    return Call(user="王老师", now=NOW, agrees=lambda _: bool(left) and left.pop(0))


def preview(book: Path, *, now: datetime = NOW) -> actions.Outcome:
    done = actions.perform("mail", ClosedBook(book), Call(user="王老师", now=now))
    assert done is not None
    return done


def send(book: Path, *answers: bool, typed: Mapping[Option[Any], Any] | None = None) -> actions.Outcome | None:
    return actions.perform("send", ClosedBook(book), replace(call(*answers), options=typed or {}))


def test_a_batch_stopped_in_the_window_ends_with_the_number_of_mails_that_have_left(book: Path, post: Taken) -> None:
    job = Job(lambda talk: workbook_jobs.run("send", book, None, stopping_at(2, talk, lambda: job.stop())), book)
    tick(book)

    job.start()
    job.join(60)
    (last,) = job.messages()[-1:]

    assert isinstance(last, Finished)
    assert last.answer.sentence.startswith(f"{SENT} 1 封，{WAITING} ")
    assert "按您的要求停下了" in last.answer.sentence
    assert last.answer.errors
    assert len(post) == 1
    assert "再点一次“发送邮件”" in last.answer.next_step
    assert outbox(book)["状态"].to_list().count(SENT) == 1


def stopping_at(mail: int, talk: Talk, stop: Callable[[], object]) -> Talk:
    """Staff who say yes to all, and press 停止 when this mail's turn comes."""
    begun: list[str] = []

    def progress(text: str, done: float) -> None:
        if text.startswith("寄给") and text not in begun:
            begun.append(text)
        if len(begun) == mail:
            stop()
        talk(text, done)

    return Talk(progress, lambda asked: asked.answer("" if asked.wants_text else True))


def amend(book: Path, table: object, **cells: list[str | None]) -> None:
    opened = ClosedBook(book)
    opened.amend(table, pl.DataFrame(cells))  # type: ignore[arg-type]  # a Table
    opened.save()


def rooms(book: Path) -> list[str]:
    return ClosedBook(book).read(CLASSES)[CLASSES]["班级"].to_list()


def test_the_preview_shows_who_gets_what_and_nothing_is_ticked_or_sent(book: Path) -> None:
    outcome = preview(book)

    rows = outbox(book)
    assert rows["班级"].to_list() == rooms(book)
    assert rows["状态"].unique().to_list() == ["待发"]
    assert rows["加密"].to_list() == ["是", "否", "否", "否"]
    assert rows["发送"].null_count() == 4
    assert "还没有寄出" in outcome.sentence
    assert {path.suffix for path in outcome.files} == {".eml"}


def test_what_lies_in_the_folder_is_what_the_mail_brings(book: Path) -> None:
    for path in preview(book).files:
        name, data = attachment(path.read_bytes())
        assert (book.parent / "邮件" / "附件" / name).read_bytes() == data


@pytest.fixture
def one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that are made twice are of one edition, so that nothing but what they say can tell them apart."""
    for action in ("make_pages", "preview_mail"):
        monkeypatch.setattr(
            f"xlbangfu.actions.{action}.next_edition", lambda book, call: replace(next_edition(book, call), number=1)
        )


@pytest.mark.usefixtures("one_edition")
def test_the_page_that_is_mailed_is_the_page_that_is_handed_over(book: Path) -> None:
    mailed = preview(book)
    handed = actions.perform("pages", ClosedBook(book), Call(user="王老师", now=NOW))
    assert handed is not None

    assert "没有加密" in handed.sentence  # a class has a 口令, and staff may take these for locked
    by_hand = {path.name: path.read_bytes() for path in handed.files}
    late = 0
    for path in mailed.files:
        name, data = attachment(path.read_bytes())
        class_name = name.split("_")[0]
        assert (decrypt(data, password(class_name)) if class_name == rooms(book)[0] else data) == by_hand[name]
        said = parsed(path.read_bytes()).get_body(("plain",))
        assert said is not None
        late += int(said.get_content().split("已过期、要先补的：")[1].split()[0])
    assert late  # the mail tells what is overdue


def test_who_chose_that_mailed_pages_show_ranks_is_written_down(book: Path) -> None:
    set_up(book, 班级页名次显示="名次")

    preview(book)

    assert "班级页名次显示选的是“名次”（操作人 王老师）" in ClosedBook(book).read(RUNS)[RUNS]["说明"][-1]


def test_words_that_go_out_are_neutral_and_name_no_student(book: Path) -> None:
    outcome = preview(book)

    people = ClosedBook(book).read(ROSTER)[ROSTER].select("学号", "姓名")
    for path in outcome.files:
        mail = parsed(path.read_bytes())
        html = mail.get_body(("html",))
        plain = mail.get_body(("plain",))
        assert html is not None and plain is not None
        said = " ".join([path.name, str(mail["Subject"]), plain.get_content(), html.get_content()])
        assert "学困" not in said
        assert not [one for row in people.iter_rows() for one in row if one in said]
        assert "名学生" in said
        assert "<table" in html.get_content()


def test_a_class_without_students_is_told_that_there_is_nothing_to_fill_in(book: Path) -> None:
    class_name = rooms(book)[0]
    mine = ClosedBook(book).read(ROSTER)[ROSTER].filter(pl.col("班级") == class_name)["学号"].to_list()
    amend(book, ROSTER, 学号=mine, 帮扶类别=[None] * len(mine))

    mails = [parsed(path.read_bytes()) for path in preview(book).files]
    asked = {str(mail["Subject"]): body.get_content() for mail in mails if (body := mail.get_body(("plain",)))}

    (to_none,) = [(subject, text) for subject, text in asked.items() if class_name in subject]
    assert "不用填" in to_none[0] and "不用发回" in to_none[1]
    assert not [word for word in ("填好", "期限", "前填") if word in to_none[0] + to_none[1]]
    assert all("填好" in text for subject, text in asked.items() if class_name not in subject)


@pytest.mark.usefixtures("one_edition")
def test_the_encrypted_attachment_is_the_plain_page_and_its_password_is_nowhere(book: Path, tmp_path: Path) -> None:
    class_name = rooms(book)[0]
    files = preview(book).files
    amend(book, PASSWORDS, 班级=[class_name], 口令=[None])
    plain_book = actions.perform("mail", ClosedBook(book), replace(call(), out=tmp_path / "不加密"))
    assert plain_book is not None

    name, locked = attachment(files[0].read_bytes())
    plain_name, plain = attachment(plain_book.files[0].read_bytes())

    assert name == plain_name
    assert decrypt(locked, password(class_name)) == plain
    runs = "".join(ClosedBook(book).read(RUNS)[RUNS]["说明"])
    for data in (*(path.read_bytes() for path in files), ledger_path(book).read_bytes(), runs.encode()):
        assert password(class_name).encode() not in data


def test_classes_that_have_one_password_are_told_without_it(book: Path) -> None:
    first, second, *_ = rooms(book)
    opened = ClosedBook(book)
    opened.append(PASSWORDS, pl.DataFrame({"班级": [second], "口令": [password(first)]}))
    opened.save()

    (said,) = preview(book).details

    assert said.startswith(f"{first}、{second} 的口令一样")
    assert password(first) not in said


def test_a_password_in_full_width_opens_in_half_width_and_the_mail_says_so(book: Path) -> None:
    class_name = rooms(book)[0]
    amend(book, PASSWORDS, 班级=[class_name], 口令=["春眠，不觉晓Ａ１（二）"])

    mail = preview(book).files[0].read_bytes()

    assert decrypt(attachment(mail)[1], "春眠,不觉晓A1(二)").startswith(b"PK")
    said = parsed(mail).get_body(("plain",))
    assert said is not None
    assert "半角" in said.get_content()


def test_a_password_that_cannot_be_read_refuses_the_class_rather_than_sending_it_in_the_open(book: Path) -> None:
    opened = ClosedBook(book)
    opened.append(PASSWORDS, pl.DataFrame({"班级": [rooms(book)[0]], "口令": ["second-one"]}))
    opened.save()

    preview(book)

    first = outbox(book).row(0, named=True)
    assert first["状态"] == "拒绝" or first["加密"] == "是"
    assert not [path for path in (book.parent / "邮件" / "附件").iterdir() if path.read_bytes()[:2] == b"PK"][3:]


def test_a_class_without_an_address_is_listed_as_refused_with_the_reason(book: Path) -> None:
    homeroom = ClosedBook(book).read(CLASSES)[CLASSES]["班主任"][1].split()[0]
    amend(book, TEACHERS, 工号=[homeroom], 邮箱=[None])

    preview(book)

    row = outbox(book).row(1, named=True)
    assert (row["状态"], row["附件"]) == ("拒绝", None)
    assert "没有邮箱" in row["说明"]
    assert len(list((book.parent / "邮件").glob("*.eml"))) == 3


def test_only_what_is_ticked_leaves_and_a_second_click_sends_nothing_again(book: Path, post: Taken) -> None:
    tick(book, rooms(book)[1:3])

    first, second = send(book, True, True), send(book, True, True)

    assert first is not None and second is not None
    assert "已发 2 封" in first.sentence
    assert "没有重寄" in second.sentence
    assert [attachment(mail)[0].split("_")[0] for _, mail in post] == rooms(book)[1:3]
    assert outbox(book)["状态"].to_list() == ["待发", "已发", "已发", "待发"]


@pytest.mark.parametrize("answers", [(), (True,), (False, True)])
def test_nothing_leaves_unless_staff_agree_twice(answers: tuple[bool, ...], book: Path, post: Taken) -> None:
    tick(book)

    assert send(book, *answers) is None
    assert post == []


def questions_before_sending(book: Path) -> list[str]:
    """What staff are asked who say yes to the first question and no to the second."""
    asked: list[str] = []
    actions.perform(
        "send",
        ClosedBook(book),
        Call(user="王", now=NOW, agrees=lambda question: bool(asked.append(question)) or len(asked) == 1),
    )
    return asked


def test_the_question_names_the_count_and_the_first_three_people(book: Path, post: Taken) -> None:
    tick(book)
    asked = questions_before_sending(book)

    rows = outbox(book)
    assert "4 封" in asked[0]
    assert all(address in asked[0] for address in rows["邮箱"][:3])
    assert rows["邮箱"][3] not in asked[0]
    assert "3 份附件没有加密" in asked[1]


def test_a_teacher_changed_after_the_preview_gets_nothing_of_it(book: Path, post: Taken) -> None:
    tick(book)
    homeroom = ClosedBook(book).read(CLASSES)[CLASSES]["班主任"][0].split()[0]
    amend(book, TEACHERS, 工号=[homeroom], 邮箱=["new@school.example.cn"])

    send(book, True, True)

    assert len(post) == 3
    assert outbox(book)["状态"].to_list() == ["拒绝", "已发", "已发", "已发"]
    preview(book, now=datetime(2026, 7, 1))
    assert outbox(book)["邮箱"][0] == "new@school.example.cn"


def test_a_page_with_a_student_whose_data_were_deleted_since_is_not_sent(book: Path, post: Taken) -> None:
    tick(book)
    student = ClosedBook(book).read(ROSTER)[ROSTER].filter(帮扶类别="学困").row(0, named=True)
    asked = replace(call(True, True), asks=lambda _: student["学号"])

    done = actions.perform("person_delete", ClosedBook(book), asked)
    send(book, True, True)

    assert done is not None
    assert any("不会寄了" in line for line in done.details)
    row = outbox(book).filter(班级=student["班级"]).row(0, named=True)
    assert (row["状态"], "要求删除" in row["说明"]) == ("拒绝", True)
    assert not [name for _, mail in post if (name := attachment(mail)[0]).startswith(student["班级"])]
    assert post  # the other classes' mails went


def test_a_password_given_after_the_preview_keeps_the_open_attachment_here(book: Path, post: Taken) -> None:
    tick(book)
    opened = ClosedBook(book)
    opened.append(PASSWORDS, pl.DataFrame({"班级": [rooms(book)[1]], "口令": ["桃李不言-2026"]}))
    opened.save()

    send(book, True, True)

    assert outbox(book)["状态"].to_list() == ["已发", "拒绝", "已发", "已发"]
    assert "还没有加密" in outbox(book)["说明"][1]
    assert len(post) == 3


def test_a_class_that_stands_in_the_sheet_without_a_password_gets_its_open_mail(book: Path, post: Taken) -> None:
    opened = ClosedBook(book)
    opened.append(PASSWORDS, pl.DataFrame({"班级": [rooms(book)[1]]}))
    opened.save()
    preview(book, now=datetime(2026, 7, 1))
    tick(book)

    send(book, True, True)

    assert outbox(book)["状态"].to_list() == ["已发"] * 4


@pytest.mark.parametrize("new", ["换过的口令-2026", None], ids=["changed", "taken away"])
def test_a_password_changed_after_the_preview_keeps_the_attachment_that_the_old_one_opens(
    book: Path, post: Taken, new: str | None
) -> None:
    tick(book)
    opened = ClosedBook(book)
    opened.amend(
        PASSWORDS, pl.DataFrame({"班级": [rooms(book)[0]], "口令": [new]}, schema_overrides={"口令": pl.String})
    )
    opened.save()

    send(book, True, True)

    assert outbox(book)["状态"].to_list() == ["拒绝", "已发", "已发", "已发"]
    assert "口令改过或去掉了" in outbox(book)["说明"][0]
    assert len(post) == 3


def test_a_workbook_that_left_its_ledger_behind_sends_nothing_and_keeps_the_outbox(book: Path, post: Taken) -> None:
    tick(book)
    renamed = book.rename(book.with_name("改过名.xlsm"))
    before = renamed.read_bytes()

    with pytest.raises(CannotSend, match=r"没有发件账“改过名-发件\.sqlite”"):
        actions.perform("send", ClosedBook(renamed), call(True, True))

    assert renamed.read_bytes() == before
    ledger_path(book).rename(ledger_path(renamed))
    actions.perform("send", ClosedBook(renamed), call(True, True))
    assert len(post) == 4


def test_a_preview_without_the_old_ledger_says_that_what_went_is_not_known(book: Path, post: Taken) -> None:
    assert "发件账" not in preview(book).sentence
    ledger_path(book).unlink()

    assert "“帮扶总表-发件.sqlite”不在总表旁边" in preview(book, now=datetime(2026, 7, 1)).sentence


def test_a_class_that_is_no_more_has_its_waiting_mail_withdrawn(book: Path, post: Taken) -> None:
    *_, last = rooms(book)
    opened = ClosedBook(book)
    opened.delete(CLASSES, pl.DataFrame({"班级": [last]}))
    opened.save()

    preview(book, now=datetime(2026, 7, 1))

    assert last not in outbox(book)["班级"].to_list()
    assert not list((book.parent / "邮件").glob(f"{last}*.eml"))


def test_a_batch_that_takes_long_says_so_first(book: Path, post: Taken) -> None:
    set_up(book, 每分钟封数="1")
    tick(book)
    asked = questions_before_sending(book)

    assert "大约要 4 分钟" in asked[1]


def test_a_reminder_of_a_page_that_came_back_meanwhile_is_not_sent(book: Path, post: Taken) -> None:
    first, second, *_ = rooms(book)
    with Ledger.opened(book) as ledger:
        page = ledger.entries()[0]
        reminders = [
            replace(page, kind=REMINDER, key=f"r{class_name}", class_name=class_name, attachment="", encrypted=False)
            for class_name in (first, second)
        ]
    address = dict(outbox(book).select("班级", "邮箱").iter_rows())
    with Ledger.opened(book) as ledger:
        ledger.plan([replace(one, address=address[one.class_name]) for one in reminders], NOW)
    opened = ClosedBook(book)
    opened.replace({OUTBOX: outbox_sheet(read_ledger(book), rooms(book))})
    opened.append(COLLECTED, pl.DataFrame({"时间": [datetime(2026, 7, 1)], "班级": [first], "做法": ["交回"]}))
    opened.save()
    opened = ClosedBook(book)
    ticks = outbox(book).filter(pl.col("种类") == REMINDER).select("班级", "种类", "邮件编号", 发送=pl.lit("√"))
    opened.amend(OUTBOX, ticks)
    opened.save()

    send(book, True, True)

    after = outbox(book).filter(pl.col("种类") == REMINDER)
    assert after["状态"].to_list() == ["拒绝", "已发"]
    assert "已经交回" in after["说明"][0]
    assert len(post) == 1


def test_a_new_preview_replaces_what_waits_unticks_and_says_what_went_before(book: Path, post: Taken) -> None:
    tick(book, rooms(book)[:1])
    send(book, True, True)

    preview(book, now=datetime(2026, 7, 3))

    rows = outbox(book)
    assert rows["状态"].to_list() == ["待发"] * 4
    assert rows["发送"].null_count() == 4
    assert rows["说明"][0].startswith("上一版 20")
    assert rows["说明"][0].endswith("已发")
    assert rows["说明"].null_count() == 3
    assert len(list((book.parent / "邮件").glob("*.eml"))) == 5  # the one that went stays, three gave way


def test_a_dry_run_names_them_and_changes_nothing(book: Path, post: Taken) -> None:
    tick(book)
    before = book.read_bytes(), read_ledger(book)

    outcome = send(book, typed={ONLY_LIST: True})

    assert outcome is not None
    assert len(outcome.details) == 4
    assert post == []
    assert (book.read_bytes(), read_ledger(book)) == before


def test_an_interrupted_batch_is_resumed_without_ticks(book: Path, post: Taken) -> None:
    with Ledger.opened(book) as ledger:
        entries = ledger.entries()
        ledger.choose([entry.key for entry in entries[:3]], NOW)
        ledger.begin(entries[0].key, NOW)  # and then the power went

    outcome = send(book, True, True, typed={RESUME: True})

    assert outcome is not None
    assert outbox(book)["状态"].to_list() == ["待确认", "已发", "已发", "待发"]
    assert "待确认 1 封" in outcome.sentence
    assert outcome.exit_code == 1


def test_a_person_settles_what_is_unsure(book: Path, post: Taken) -> None:
    tick(book)
    first, second, *_ = rooms(book)
    with Ledger.opened(book) as ledger:
        for entry in ledger.entries()[:2]:
            ledger.begin(entry.key, NOW)

    send(book, typed={CONFIRM: ()})
    spelled = second.replace("初一", "七年级").replace("初二", "八年级")
    send(book, typed={CONFIRM: (f"{first}=已发", f"{spelled}=重发")})
    assert outbox(book)["状态"].to_list()[:2] == ["已发", "待发"]
    send(book, True, True)

    assert sorted(attachment(mail)[0].split("_")[0] for _, mail in post) == sorted(rooms(book)[1:])
    with pytest.raises(BadArgument, match="没有待确认"):
        send(book, typed={CONFIRM: (f"{first}=已发",)})
    with pytest.raises(BadArgument, match="看不懂"):
        send(book, typed={CONFIRM: ("初一1班",)})


def test_staff_at_the_button_are_asked_about_a_ticked_mail_that_is_unsure(book: Path, post: Taken) -> None:
    tick(book)
    with Ledger.opened(book) as ledger:
        for entry in ledger.entries()[:3]:
            ledger.begin(entry.key, NOW)
    typed = iter(["已发", "重发", ""])
    staff = Call(user="王老师", now=NOW, agrees=lambda _: True, asks=lambda _: next(typed))

    actions.perform("send", ClosedBook(book), staff)

    assert outbox(book)["状态"].to_list() == ["已发", "已发", "待确认", "已发"]
    assert [attachment(mail)[0].split("_")[0] for _, mail in post] == [rooms(book)[1], rooms(book)[3]]


def test_a_scheduled_run_that_says_yes_to_everything_resends_nothing_unsure(book: Path, post: Taken) -> None:
    tick(book)
    with Ledger.opened(book) as ledger:
        ledger.begin(ledger.entries()[0].key, NOW)

    for _ in range(2):
        main(["mail", str(book), "--send", "--yes"])

    assert outbox(book)["状态"].to_list() == ["待确认", "已发", "已发", "已发"]
    assert len(post) == 3


def test_a_mailbox_changed_after_the_preview_asks_for_a_new_one(book: Path, post: Taken) -> None:
    tick(book)
    set_up(book, 发件邮箱="other@school.example.cn")

    with pytest.raises(CannotSend, match="再点一次"):
        send(book, True, True)


def test_two_senders_at_once_are_one_too_many(book: Path, post: Taken) -> None:
    with Ledger.opened(book), pytest.raises(LedgerInUse, match="正在发信"):
        send(book, True, True)


def test_a_mail_that_left_is_never_entered_anew(book: Path) -> None:
    preview(book)
    with Ledger.opened(book) as ledger:
        first, second, *_ = ledger.entries()
        for entry, state in ((first, SENT), (second, UNKNOWN)):
            ledger.begin(entry.key, NOW)
            ledger.finish(entry.key, state, "", NOW)
        ledger.plan([first, second], NOW)

        assert [entry.state for entry in ledger.entries() if entry.key in (first.key, second.key)] == [SENT, UNKNOWN]
        assert not ledger.begin(first.key, NOW)


def test_a_workbook_opened_by_someone_meanwhile_costs_no_mail(
    book: Path, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(book)

    def locked(_: ClosedBook) -> None:
        raise BookLocked("李老师正开着它。")

    with monkeypatch.context() as patch, pytest.raises(BookLocked, match=r"已发 4 封.*不会重寄.*李老师"):
        patch.setattr(ClosedBook, "save", locked)
        send(book, True, True)

    assert outbox(book)["状态"].unique().to_list() == ["待发"]
    send(book, True, True)
    assert outbox(book)["状态"].unique().to_list() == ["已发"]
    assert len(post) == 4


def test_a_ledger_that_is_no_database_is_said_and_left_alone(book: Path) -> None:
    ledger_path(book).write_bytes(b"not a database at all" * 100)

    with pytest.raises(BangfuError, match="坏了"):
        preview(book)
    assert ledger_path(book).read_bytes().startswith(b"not a database")


def test_the_default_way_leaves_files_and_says_so(book: Path) -> None:
    preview(book)
    tick(book)

    outcome = send(book, True, True)

    assert outcome is not None
    assert outbox(book)["状态"].unique().to_list() == ["已存文件"]
    eml = next((book.parent / "邮件").glob("*.eml")).read_bytes()
    assert parsed(eml)["X-Unsent"] == "1"
    assert parsed(eml)["From"] is None


def test_the_ledger_holds_no_student_and_no_code(book: Path, post: Taken) -> None:
    tick(book)
    send(book, True, True)

    with closing(sqlite3.connect(ledger_path(book))) as ledger:
        held = "\n".join(ledger.iterdump())
    people = ClosedBook(book).read(ROSTER)[ROSTER].select("学号", "姓名")
    assert not [one for row in people.iter_rows() for one in row if one in held]
    assert CODE not in held


def test_a_test_mail_brings_a_chinese_attachment_and_no_student(book: Path, post: Taken) -> None:
    code = main(["mail", str(book), "--test", "me@school.example.cn"])

    assert code == 0
    ((to, mail),) = post
    assert (to, attachment(mail)[0]) == ("me@school.example.cn", "测试附件.xlsx")
    assert len(attachment(mail)[1]) < 10_000
    assert not list((book.parent / "邮件").glob("测试*"))


def test_a_test_mail_by_files_says_that_nothing_was_sent(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", str(book), "--test", "me@school.example.cn"]) == 0

    assert "寄给自己" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["me@qq.con", "不是邮箱", "me@x.cn\nBcc: you@x.cn", "me@x.cn you@x.cn"])
def test_a_test_mail_to_no_address_is_refused_with_a_sentence(
    address: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", str(book), "--test", address]) == 2

    assert "不能用" in capsys.readouterr().err


@pytest.mark.parametrize("implicit", [True, False])
def test_from_the_command_line_over_ssl_and_starttls(
    implicit: bool, book: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(keys[0]))
    monkeypatch.setenv("XLBANGFU_MAIL_CODE", CODE)
    with smtp_server(keys[1], implicit=implicit) as (port, taken):
        set_up(book, **smtp_settings(port, "SSL" if implicit else "STARTTLS"))
        assert main(["mail", str(book), "--out", str(book.parent / "信")]) in (0, 1)
        tick(book)
        assert main(["mail", str(book), "--out", str(book.parent / "信"), "--send", "--yes"]) == 0

    check_arrivals(book, taken)


def test_without_a_code_the_command_says_how_to_store_one(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: None)
    set_up(book, 发信方式="SMTP", 发件邮箱="school@qq.com")
    preview(book)
    tick(book)

    assert main(["mail", str(book), "--send", "--yes"]) == 2
    assert "mail-login" in capsys.readouterr().err


def test_mail_login_tries_the_code_before_it_is_kept(
    book: Path, post: Taken, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[tuple[str, ...]] = []
    monkeypatch.setattr("keyring.set_password", lambda *what: kept.append(what))
    monkeypatch.setattr("sys.stdin.readline", lambda: "wrong\n", raising=False)
    assert main(["mail-login", str(book)]) == 2
    assert kept == []

    monkeypatch.setattr("sys.stdin.readline", lambda: f"{CODE}\n", raising=False)
    assert main(["mail-login", str(book)]) == 0
    assert kept == [("xlbangfu 发信", "office@school.example.cn", CODE)]
    said = capsys.readouterr()
    assert CODE not in said.out + said.err


@pytest.mark.slow
def test_sixty_classes_arrive_once_each_with_their_own_students_only(
    tmp_path: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = school(tmp_path, students=1500, classes=60, locked=6)
    monkeypatch.setenv("SSL_CERT_FILE", str(keys[0]))
    monkeypatch.setenv("XLBANGFU_MAIL_CODE", CODE)
    with smtp_server(keys[1], implicit=True) as (port, taken):
        set_up(book, **smtp_settings(port, "SSL"))
        main(["mail", str(book)])
        tick(book)
        assert main(["mail", str(book), "--send", "--yes"]) == 0

    assert len(taken) == 60
    check_arrivals(book, taken)
