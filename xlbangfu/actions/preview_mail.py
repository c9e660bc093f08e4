"""预览邮件: each class's page made ready as a mail, and 发件箱 filled with who would get what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.make_pages import pages_of, ranks_shown
from xlbangfu.actions.page_editions import PageEdition, enter, next_edition
from xlbangfu.actions.posting import (
    class_names,
    codes_of_mails,
    entries_of,
    lost_ledger,
    mails_staged,
    meant_to_be_locked,
    passwords_of,
    refusals,
    write_outbox,
)
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.schema import PROBLEMS, SEPARATOR
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import MAIL_FILES, MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.documents.class_page import ClassPage
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.mail.message import Message

_NEXT = "看“发件箱”：收件人和附件对不对；在“发送”打 √，再点“发送邮件”。附件在文件夹“{}”里可以先打开看。"
_LOST = (
    "原来的发件账“{}”不在总表旁边，以前寄过哪些这里不知道，打 √ 前先核对；总表改过名的，把原来的发件账改成这个名字，"
    "放回来再预览。"
)


def mail(book: Book, call: Call) -> Outcome:
    """预览邮件: one .eml a class, its page in 附件 beside it, both as they would be sent; 发件箱 lists them.

    A class to which nothing can be sent is listed as 拒绝 with the reason. Earlier previews that were never sent give
    way to this one.
    """
    from xlbangfu.documents.placement import LEDGER
    from xlbangfu.mail.ledger import Ledger
    from xlbangfu.mail.message import PAGE
    from xlbangfu.mail.outbox import discard
    from xlbangfu.mail.recipients import recipients

    checked, out = read_checked(book, call), call.folder(book, "mail")
    lost = lost_ledger(book)

    to = _encryptable(recipients(checked.school, checked.frames), checked)
    edition = next_edition(book, call)
    messages = list(_messages(book, edition, checked, to))

    with Ledger.opened(book.path) as ledger, mails_staged(out) as stage:
        ledger.recover(call.now)
        entries = entries_of(messages, stage, checked, call)
        entries = [_within_limit(entry, checked.school.settings) for entry in entries]
        with stage.following(book.path, "mail", call.now, record=LEDGER):
            old = ledger.plan([*entries, *refusals(to, PAGE, call)], call.now)
            discard([*old, *_withdraw_gone_classes(ledger, checked, call)], entries, out)
            outcome = _outcome(checked, call, ledger, entries, out)
            outcome = replace(outcome, sentence=outcome.sentence + _LOST.format(lost) * bool(lost))
            note = ranks_shown(checked.school.settings, call.user) * bool(entries)
            if messages:
                enter(book, edition)
            sheets, codes = {PROBLEMS: checked.sheet}, codes_of_mails(entries)
            return write_outbox(book, call, checked, ledger, outcome, note=note, codes=codes, sheets=sheets)


def _outcome(checked: Checked, call: Call, ledger: Ledger, entries: Sequence[Entry], out: Path) -> Outcome:
    from xlbangfu.mail.ledger import REFUSED
    from xlbangfu.mail.outbox_sheet import latest

    classes, settings = set(class_names(checked)), checked.school.settings
    refused = sum(one.state == REFUSED and one.class_name in classes for one in latest(ledger.entries()))
    outcome = outcome_of(
        "mail",
        checked,
        call,
        rows=len(entries),
        sentence=_summary(len(entries), refused, settings, out),
        details=tuple(_shared_passwords(passwords_of(checked.school))),
    )
    return replace(outcome, next_step=_NEXT.format(out.resolve().name), files=tuple(out / one.file for one in entries))


def _messages(book: Book, edition: PageEdition, checked: Checked, to: pl.DataFrame) -> Iterator[Message]:
    fine = to.filter(pl.col("拒绝").is_null())
    people = {
        class_name: (name, address) for class_name, name, address in fine.select("班级", "收件人", "邮箱").iter_rows()
    }
    if not people:
        return
    ranked = ranks(checked.school)
    pages = pages_of(book, checked, ranked, followed(checked.school, ranked.ranking), list(people), edition)
    codes = passwords_of(checked.school)
    for done, page in enumerate(pages):
        book.progress(f"准备{page.name}的邮件", 0.4 + 0.5 * done / len(pages))
        name, address = people[page.name]
        yield _message(page, name or "", address, codes.get(page.name, ""), checked.school.settings)


def _message(page: ClassPage, name: str, address: str, password: str, settings: Settings) -> Message:
    from xlbangfu.documents.class_page import file_name
    from xlbangfu.documents.class_page.page_rendering import as_bytes
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.mail import mail_wording
    from xlbangfu.mail.encryption import encrypt
    from xlbangfu.mail.message import PAGE, Attachment, Message

    def outside(template: str) -> str:
        return neutral(mail_wording.filled(template, _fields(page, name)), settings.public_name)

    data = as_bytes(page)
    body, counts = outside(settings.mail_body), _counts(page)
    subject = settings.mail_subject
    if not page.students:
        subject, body, counts = mail_wording.NOTHING_SUBJECT, outside(mail_wording.NOTHING_BODY), {}
    return Message(
        kind=PAGE,
        page=page.id,
        class_name=page.name,
        recipient=name,
        address=address,
        subject=outside(subject),
        text=mail_wording.as_text(body, counts, encrypted=bool(password)),
        html=mail_wording.as_html(body, counts, encrypted=bool(password)),
        attachments=(Attachment(name=file_name(page), data=encrypt(data, password) if password else data),),
        encrypted=bool(password),
    )


def _fields(page: ClassPage, name: str) -> dict[str, str]:
    due = page.edition.due
    return {
        "班级": page.name,
        "学期": page.edition.term,
        "教师": name,
        "学校": page.edition.school,
        "期限": f"{due.month}月{due.day}日",
        "人数": str(len(page.students)),
        "对外称谓": page.edition.public_name,
    }


def _counts(page: ClassPage) -> dict[str, int]:
    return {
        f"{page.edition.public_name}学生": len(page.students),
        "已过期、要先补的": sum(one.count for one in page.overdue or ()),
        "本周要做的事": len(page.tasks),
    }


def _shared_passwords(passwords: Mapping[str, str]) -> Iterator[str]:
    """The classes that have one 口令, without showing it: a page that went astray would open."""
    classes: dict[str, list[str]] = {}
    for class_name, password in passwords.items():
        classes.setdefault(password, []).append(class_name)
    for those in classes.values():
        if len(those) > 1:
            yield f"{SEPARATOR.join(those)} 的口令一样，互相打得开；请在“口令”表给每班写不同的，再预览一次。"


def _encryptable(to: pl.DataFrame, checked: Checked) -> pl.DataFrame:
    """A class whose 口令 stands there but cannot be used is refused: its page must not leave in the open."""
    lost = meant_to_be_locked(checked) - set(passwords_of(checked.school))
    why = pl.lit("“口令”表里这个班的口令读不出来：设成文本格式重新输入，或删掉那一行")
    return to.with_columns(
        拒绝=pl.when(pl.col("拒绝").is_null() & pl.col("班级").is_in(list(lost))).then(why).otherwise(pl.col("拒绝"))
    )


def _withdraw_gone_classes(ledger: Ledger, checked: Checked, call: Call) -> list[Entry]:
    """Mails that wait for a class which 班级 no longer has: they are withdrawn."""
    from xlbangfu.mail.ledger import OPEN, REFUSED, REPLACED

    classes = set(class_names(checked))
    gone = [one for one in ledger.entries() if one.state in (*OPEN, REFUSED) and one.class_name not in classes]
    for entry in gone:
        ledger.finish(entry.key, REPLACED, "“班级”表里没有这个班了", call.now)
    return gone


def _within_limit(entry: Entry, settings: Settings) -> Entry:
    """Refused where the provider would not take it."""
    from xlbangfu.mail.ledger import REFUSED
    from xlbangfu.mail.presets import MB, server_of

    server = server_of(settings.mail_address or "", settings.mail_server or "")
    if settings.mail_way != MAIL_SMTP or server is None or entry.size <= server.limit:
        return entry
    why = f"邮件有 {entry.size / MB:.1f} MB，{server.name}最多 {server.limit // MB} MB；请少列几名学生，或当面交这一份"
    return replace(entry, state=REFUSED, answer=why)


def _summary(ready: int, refused: int, settings: Settings, out: Path) -> str:
    lacking = f"，另有 {refused} 个班寄不了，原因写在“说明”里" if refused else ""
    how = "；双击邮件文件可以用邮件软件打开" if settings.mail_way == MAIL_FILES and ready else ""
    return f"{ready} 封邮件准备好了，在文件夹“{out.resolve().name}”，列在“发件箱”里{lacking}{how}。还没有寄出。"
