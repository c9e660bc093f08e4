"""What the actions that mail share: whose name the mails carry, which pages are locked, 发件箱 as the ledger has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked
from xlbangfu.actions.reporting import codes_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import BY_NAME
from xlbangfu.errors import BookLocked, WriteFailed
from xlbangfu.rules.page_kinds import OWNER
from xlbangfu.rules.passwords import with_owners
from xlbangfu.schema import CLASSES, DEFECTS, OUTBOX, PASSWORDS, ROW, Table
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import MAIL_OUTLOOK, MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.documents.staging import Stage
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.mail.message import Message, Sender
    from xlbangfu.mail.outlet import Outlet

ASK_RECIPIENT = (
    "“发件箱”里“待确认”的先问收件人，再在“发送”打 √、点“发送邮件”，会问您是 已发 还是 重发（命令行用 --confirm）；"
    "程序不会自己重寄。"
)
TICK_FIRST = "先点“预览邮件”，在“发件箱”的“发送”打 √，再点“发送邮件”。"
ANSWERS = {"已发": "已发", "重发": "待发"}  # what a person may say of a mail that is 待确认, and its state then


def sender_of(settings: Settings) -> Sender:
    """Whose name and mailbox the mails carry."""
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.mail.message import Sender

    name = neutral(settings.mail_name or settings.school, settings.public_name)
    return Sender(address=settings.mail_address or "", name=name)


def lost_ledger(book: Book) -> str:
    """The name of the ledger where 发件箱 lists mails and the ledger is gone, as after a workbook was renamed; else empty."""
    from xlbangfu.mail.ledger_file import ledger_path

    path = ledger_path(book.path)
    listed = not path.exists() and book.read(OUTBOX)[OUTBOX]["邮件编号"].drop_nulls().len()
    return path.name if listed else ""


def withdraw(book: Book, call: Call, why: str, concerned: Callable[[Entry], bool]) -> list[Entry]:
    """Mails that have not left and that ``concerned`` picks are 拒绝 from now on; the answer is which. None without a ledger.

    Raises LedgerInUse while someone sends.
    """
    from xlbangfu.mail.ledger import OPEN, REFUSED, Ledger
    from xlbangfu.mail.ledger_file import ledger_path

    if not ledger_path(book.path).exists():
        return []
    with Ledger.opened(book.path) as ledger:
        found = [entry for entry in ledger.entries() if entry.state in OPEN and concerned(entry)]
        for entry in found:
            ledger.finish(entry.key, REFUSED, why, call.now)
    return found


def refusals(to: pl.DataFrame, kind: str, call: Call) -> list[Entry]:
    """What of ``to``, rows of ``mail.recipients.page_recipients``, cannot be mailed, as the ledger keeps it with the reason;
    ``kind`` is that of the mail."""
    from xlbangfu.mail.ledger import REFUSED, Entry
    from xlbangfu.mail.message import key_of

    rows = to.drop_nulls("拒绝").select(OWNER, "收件人", "邮箱", "拒绝")
    return [
        Entry(
            key=key_of(kind, "", class_name, ""),
            kind=kind,
            edition=call.now.isoformat(timespec="seconds"),
            page="",
            class_name=class_name,
            recipient=name or "",
            address=address or "",
            state=REFUSED,
            answer=why,
        )
        for class_name, name, address, why in rows.iter_rows()
    ]


def class_names(checked: Checked) -> list[str]:
    """The classes in the order of 班级, usable or not."""
    return checked.frames[CLASSES]["班级"].drop_nulls().to_list()


def codes_of_mails(entries: Iterable[Entry]) -> str:
    """What left, by class or teacher and hash, for 运行记录."""
    return codes_of((one.whose, one.digest) for one in entries)


def meant_to_be_locked(checked: Checked) -> set[str]:
    """The classes and teachers for whom a 口令 was typed, whether it can be read or not."""
    typed = checked.frames[PASSWORDS]
    defects = checked.frames[DEFECTS].filter(pl.col("工作表") == PASSWORDS.name)[ROW]
    rows = typed.filter(pl.col("口令").is_not_null() | pl.col(ROW).is_in(defects.implode()))
    return set(with_owners(checked.school, rows)["_owner"])


def outlet_of(settings: Settings) -> Outlet:
    """The way out that 设置 names. Raises CannotSend."""
    if settings.mail_way == MAIL_OUTLOOK:
        from xlbangfu.mail.outlook import windows_drafts

        return windows_drafts()
    if settings.mail_way == MAIL_SMTP:
        from xlbangfu.mail.login import mailbox_of
        from xlbangfu.mail.smtp import SmtpOutlet

        return SmtpOutlet(mailbox_of(settings))
    from xlbangfu.mail.folder import FolderOutlet

    return FolderOutlet()


@contextmanager
def ledger_of(book: Book, call: Call) -> Iterator[tuple[Ledger, int]]:
    """The mail ledger beside the workbook, and how many mails an earlier run was stopped in the middle of.

    Raises CannotSend where 发件箱 lists mails and the ledger is gone: what went before is not known then.
    """
    from xlbangfu.mail.ledger import Ledger
    from xlbangfu.mail.outlet import CannotSend

    if lost := lost_ledger(book):
        raise CannotSend(
            f"总表旁边没有发件账“{lost}”，不知道哪些寄过，没有寄；总表改过名或移动过的，把原来的发件账放到旁边、改成这个名字，"
            "找不到就再点一次“预览邮件”。"
        )
    with Ledger.opened(book.path) as ledger:
        yield ledger, len(ledger.recover(call.now))


def mails_staged(folder: Path) -> AbstractContextManager[Stage]:
    """Where mails wait until the ledger has them and the workbook is written. Raises WriteFailed, FolderInUse."""
    from xlbangfu.documents.staging import stage

    return stage(folder, label="邮件")


def entries_of(messages: Sequence[Message], stage: Stage, checked: Checked, call: Call) -> list[Entry]:
    """The mails made in the stage, as the ledger is to have them. Raises WriteFailed."""
    from xlbangfu.documents.staging import disk_errors_explained
    from xlbangfu.mail.outbox import make_eml

    with disk_errors_explained(stage.folder):
        return make_eml(messages, stage.replace, sender=sender_of(checked.school.settings), now=call.now)


def write_outbox(
    book: Book,
    call: Call,
    checked: Checked,
    ledger: Ledger,
    outcome: Outcome,
    *,
    note: str = "",
    codes: str = "",
    sheets: Mapping[Table, pl.DataFrame] | None = None,
) -> Outcome:
    """Write 发件箱 as the ledger has it now, with what every action writes."""
    from xlbangfu.mail.outbox_sheet import outbox_sheet

    sheet = outbox_sheet(ledger.entries(), class_names(checked))
    with _ledger_is_true(outcome):
        return write(book, call, outcome, checked, {**(sheets or {}), OUTBOX: sheet}, note=note, codes=codes)


@contextmanager
def _ledger_is_true(outcome: Outcome) -> Iterator[None]:
    """The workbook could not be written, but what was sent was sent: the sentence says both."""
    again = BY_NAME[outcome.action].label
    try:
        yield
    except (BookLocked, WriteFailed) as problem:
        raise type(problem)(
            f"{outcome.sentence}做了的都记在发件账里，不会重寄；但总表没能更新：{problem}之后再点一次“{again}”，发件箱就会更新。"
        ) from problem
