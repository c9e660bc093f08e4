"""Which of the mails that are ready may go: chosen by staff, and still what the sheets say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.checked_school import Checked
from xlbangfu.actions.posting import meant_to_be_locked, passwords_of
from xlbangfu.book.port import Book
from xlbangfu.schema import COLLECTED, OUTBOX
from xlbangfu.settings.parsers import MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry, Ledger


def ticked_mails(book: Book) -> set[str]:
    """The numbers of the mails with a tick. Raises BadArgument for a cell that may mean yes or no."""
    from xlbangfu.rules.ticks import ticked

    sheet = book.read(OUTBOX)[OUTBOX]
    return set(ticked(sheet, OUTBOX, "发送")["邮件编号"].drop_nulls())


def chosen_mails(ledger: Ledger, ticked: set[str], *, resume: bool) -> list[Entry]:
    """What may go: of an interrupted batch what waits, else what is ticked and waits or has failed."""
    from xlbangfu.mail.ledger import OPEN, WAITING
    from xlbangfu.mail.outbox_sheet import latest

    shown = latest(ledger.entries())
    if resume:
        return [entry for entry in shown if entry.chosen and entry.state == WAITING]
    return [entry for entry in shown if entry.state in OPEN and entry.key in ticked]


def objections(wanted: Sequence[Entry], checked: Checked, book: Book, out: Path) -> dict[str, str]:
    """Why a mail is not to go after all, by its number: what was previewed is no longer what the sheets say.

    Raises CannotSend if the mailbox is another one.
    """
    from xlbangfu.mail.outbox import attached
    from xlbangfu.mail.outlet import CannotSend
    from xlbangfu.mail.recipients import recipients

    settings = checked.school.settings
    if settings.mail_way == MAIL_SMTP and any(entry.sender != (settings.mail_address or "") for entry in wanted):
        raise CannotSend("预览之后改过“发件邮箱”，没有寄；请再点一次“预览邮件”，看过再寄。")
    rows = recipients(checked.school, checked.frames).select("班级", "邮箱", "拒绝").iter_rows()
    today = {class_name: None if why else address for class_name, address, why in rows}
    locked, passwords = meant_to_be_locked(checked), passwords_of(checked.school)
    back = dict(book.read(COLLECTED)[COLLECTED].group_by("班级").agg(pl.col("时间").max()).iter_rows())

    def why_not(entry: Entry) -> str:
        if not entry.address or today.get(entry.class_name) != entry.address:
            return "预览之后班主任、在岗或邮箱改过，没有寄；请再点一次“预览邮件”"
        if entry.attachment and not entry.encrypted and entry.class_name in locked:
            return "预览之后填了口令，附件还没有加密，没有寄；请再点一次“预览邮件”"
        if entry.encrypted and not _opens(attached(entry, out), passwords.get(entry.class_name, "")):
            return "预览之后口令改过或去掉了，附件用的还是原来的，没有寄；请再点一次“预览邮件”"
        return "班级页已经交回，不用再催" if _came_back(entry, back.get(entry.class_name)) else ""

    return {entry.key: why for entry in wanted if (why := why_not(entry))}


def _opens(data: bytes | None, password: str) -> bool:
    """Whether the attachment opens with what the class has as its 口令 now; one that is gone is for the batch to tell."""
    from xlbangfu.errors import UnreadableFile
    from xlbangfu.mail.encryption import decrypt

    try:
        return data is None or bool(password and decrypt(data, password))
    except UnreadableFile:
        return False


def _came_back(entry: Entry, when: datetime | None) -> bool:
    """Whether a reminder asks for a page that has come back since it was prepared."""
    from xlbangfu.mail.message import REMINDER

    return entry.kind == REMINDER and when is not None and when >= datetime.fromisoformat(entry.edition)
