"""Which of the mails that are ready may go: chosen by staff, and still what the sheets say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.checked_school import Checked
from xlbangfu.actions.posting import meant_to_be_locked
from xlbangfu.book.port import Book
from xlbangfu.rules.page_kinds import OWNER, PAGE_KINDS
from xlbangfu.rules.passwords import passwords_of
from xlbangfu.schema import COLLECTED, OUTBOX
from xlbangfu.settings.parsers import MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry, Ledger


def ticked_rows(book: Book) -> pl.DataFrame:
    """The rows of 发件箱 with a tick. Raises BadArgument for a cell that may mean yes or no."""
    from xlbangfu.rules.ticks import ticked

    return ticked(book.read(OUTBOX)[OUTBOX], OUTBOX, "发送")


def ticked_mails(book: Book) -> set[str]:
    """The numbers of the mails with a tick; raises as ``ticked_rows`` does."""
    return set(ticked_rows(book)["邮件编号"].drop_nulls())


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
    from xlbangfu.mail.encryption import is_encrypted
    from xlbangfu.mail.outbox import attached
    from xlbangfu.mail.outlet import CannotSend
    from xlbangfu.mail.recipients import page_recipients

    settings = checked.school.settings
    if settings.mail_way == MAIL_SMTP and any(entry.sender != (settings.mail_address or "") for entry in wanted):
        raise CannotSend("预览之后改过“发件邮箱”，没有寄；请再点一次“预览邮件”，看过再寄。")
    rows = page_recipients(checked.school, checked.frames).select(OWNER, "邮箱", "拒绝").iter_rows()
    today = {owner: None if why else address for owner, address, why in rows}
    locked, passwords = meant_to_be_locked(checked), passwords_of(checked.school)
    back = _came(book)

    def why_not(entry: Entry) -> str:
        if not entry.address or any(today.get(owner) != entry.address for owner in entry.owners):
            return "预览之后班主任、结对、在岗或邮箱改过，没有寄；请再点一次“预览邮件”"
        for owner, data in attached(entry, out).items():
            if not is_encrypted(data) and owner in locked:
                return "预览之后填了口令，附件还没有加密，没有寄；请再点一次“预览邮件”"
            if is_encrypted(data) and not _opens(data, passwords.get(owner, "")):
                return "预览之后口令改过或去掉了，附件用的还是原来的，没有寄；请再点一次“预览邮件”"
        return "这一页已经交回，不用再催" if _came_back(entry, back.get(entry.owners[0])) else ""

    return {entry.key: why for entry in wanted if (why := why_not(entry))}


def _came(book: Book) -> dict[str, datetime]:
    """When the last page of each class and teacher came back."""
    owner = pl.coalesce(*(kind.owner for kind in PAGE_KINDS)).alias("_owner")
    rows = book.read(COLLECTED)[COLLECTED].select(owner, "时间").drop_nulls()
    return dict(rows.group_by("_owner").agg(pl.col("时间").max()).iter_rows())


def _opens(data: bytes, password: str) -> bool:
    """Whether the attachment opens with what the class or teacher has as 口令 now."""
    from xlbangfu.errors import UnreadableFile
    from xlbangfu.mail.encryption import decrypt

    try:
        return bool(password and decrypt(data, password))
    except UnreadableFile:
        return False


def _came_back(entry: Entry, when: datetime | None) -> bool:
    """Whether a reminder asks for a page that has come back since it was prepared."""
    from xlbangfu.mail.message import REMINDER

    return entry.kind == REMINDER and when is not None and when >= datetime.fromisoformat(entry.edition)
