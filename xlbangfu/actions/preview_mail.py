"""预览邮件: the page of each class, and of each teacher who helps, made ready as a mail, and 发件箱 filled with who would get what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.make_pages import pages_of, ranks_shown, teacher_pages_of
from xlbangfu.actions.page_editions import PageEdition, enter, next_edition
from xlbangfu.actions.posting import (
    class_names,
    codes_of_mails,
    entries_of,
    lost_ledger,
    mails_staged,
    meant_to_be_locked,
    refusals,
    write_outbox,
)
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.rules.page_kinds import CLASS_PAGE, KIND, OWNER, TEACHER_PAGE
from xlbangfu.rules.passwords import passwords_of
from xlbangfu.schema import PROBLEMS, RUNS, SEPARATOR, YES
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import MAIL_FILES, MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.documents.class_page import ClassPage
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.mail.message import Message

    Template = tuple[str, ClassPage]

_NEXT = "看“发件箱”：收件人和附件对不对；在“发送”打 √，再点“发送邮件”。附件在文件夹“{}”里可以先打开看。"
_LOST = (
    "原来的发件账“{}”不在总表旁边，以前寄过哪些这里不知道，打 √ 前先核对；总表改过名的，把原来的发件账改成这个名字，"
    "放回来再预览。"
)


def mail(book: Book, call: Call) -> Outcome:
    """预览邮件: one .eml a page, the page in 附件 beside it, both as they would be sent; 发件箱 lists them. Whoever gets the page of
    a class and one as a teacher gets one mail.

    A class or teacher to whom nothing can be sent is listed as 拒绝 with the reason. Earlier previews that were never sent give
    way to this one.
    """
    from xlbangfu.documents.placement import LEDGER
    from xlbangfu.mail.ledger import Ledger
    from xlbangfu.mail.outbox import discard

    checked, out = read_checked(book, call), call.folder(book, "mail")
    lost = lost_ledger(book)

    to = _encryptable(_wanted(checked), checked)
    edition = next_edition(book, call)
    messages = list(_messages(book, edition, checked, to))

    with Ledger.opened(book.path) as ledger, mails_staged(out) as stage:
        ledger.recover(call.now)
        entries = entries_of(messages, stage, checked, call)
        entries = [_within_limit(entry, checked.school.settings) for entry in entries]
        with stage.following(book.path, "mail", call.now, record=LEDGER):
            bad = [
                one
                for (kind,), rows in to.group_by(KIND, maintain_order=True)
                for one in refusals(rows, str(kind), call)
            ]
            old = ledger.plan([*entries, *bad], call.now)
            discard([*old, *_withdraw_gone(ledger, to, checked, call)], entries, out)
            outcome = _outcome(checked, call, ledger, entries, out)
            outcome = replace(outcome, sentence=outcome.sentence + _LOST.format(lost) * bool(lost))
            note = ranks_shown(checked.school.settings, call.user) * bool(entries)
            if messages:
                enter(book, edition)
            sheets, codes = {PROBLEMS: checked.sheet}, codes_of_mails(entries)
            return write_outbox(book, call, checked, ledger, outcome, note=note, codes=codes, sheets=sheets)


def _outcome(checked: Checked, call: Call, ledger: Ledger, entries: Sequence[Entry], out: Path) -> Outcome:
    from xlbangfu.mail.ledger import REFUSED
    from xlbangfu.mail.message import TEACHER_PAGE as ALONE
    from xlbangfu.mail.outbox_sheet import latest

    classes, settings = set(class_names(checked)), checked.school.settings
    refused = [one for one in latest(ledger.entries()) if one.state == REFUSED]
    counts = (
        sum(one.owners[0] in classes for one in refused),
        sum(one.kind == ALONE for one in refused),
    )
    outcome = outcome_of(
        "mail",
        checked,
        call,
        rows=len(entries),
        sentence=_summary(entries, counts, settings, out),
        details=tuple(_shared_passwords(passwords_of(checked.school))),
    )
    return replace(outcome, next_step=_NEXT.format(out.resolve().name), files=tuple(out / one.file for one in entries))


def _wanted(checked: Checked) -> pl.DataFrame:
    """Whose pages are mailed, as ``page_recipients``: the teachers' where 「寄帮扶页」 says so, or they were made before."""
    from xlbangfu.mail.recipients import page_recipients

    to, asked = page_recipients(checked.school, checked.frames), checked.school.settings.teacher_mails
    made = checked.frames[RUNS]["操作"].is_in(TEACHER_PAGE.makers).any()
    return to if asked == YES or (asked is None and made) else to.filter(pl.col(KIND) == CLASS_PAGE.word)


def _messages(book: Book, edition: PageEdition, checked: Checked, to: pl.DataFrame) -> Iterator[Message]:
    fine = to.filter(pl.col("拒绝").is_null())
    if fine.is_empty():
        return
    made = _pages(book, edition, checked, fine)
    people = {row[OWNER]: row for row in fine.iter_rows(named=True)}
    for done, those in enumerate(_by_mail(made, people)):
        book.progress(f"准备{those[0].name}的邮件", 0.4 + 0.5 * done / len(made))
        one = people[those[0].name]
        yield _message(those, one["收件人"] or "", one["邮箱"], checked)


def _pages(book: Book, edition: PageEdition, checked: Checked, fine: pl.DataFrame) -> list[ClassPage]:
    """The pages of both kinds, those of classes first."""
    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)
    of = {kind: fine.filter(pl.col(KIND) == kind.word) for kind in (CLASS_PAGE, TEACHER_PAGE)}
    rooms, teachers = of[CLASS_PAGE][OWNER].to_list(), of[TEACHER_PAGE]["工号"].to_list()
    pages: list[ClassPage] = []
    if rooms:
        pages += pages_of(book, checked, ranked, follow, rooms, edition)
    if teachers:
        pages += teacher_pages_of(checked, ranked, follow, teachers, edition)
    return pages


def _by_mail(pages: Sequence[ClassPage], people: Mapping[str, Mapping[str, Any]]) -> list[list[ClassPage]]:
    """The pages that go together: a teacher's own with the first class of which the teacher is 班主任."""
    mails: list[list[ClassPage]] = []
    first: dict[str, list[ClassPage]] = {}
    for page in pages:
        number = people[page.name]["工号"]
        if page.kind == TEACHER_PAGE and number in first:
            first[number].append(page)
            continue
        mails.append([page])
        if page.kind == CLASS_PAGE:
            first.setdefault(number, mails[-1])
    return mails


def _message(pages: Sequence[ClassPage], name: str, address: str, checked: Checked) -> Message:
    from xlbangfu.documents.class_page import file_name
    from xlbangfu.documents.class_page.page_rendering import as_bytes
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.mail import mail_wording
    from xlbangfu.mail.encryption import encrypt
    from xlbangfu.mail.message import Attachment, Message, joined

    settings, codes = checked.school.settings, passwords_of(checked.school)
    page = pages[0]

    def outside(template: str, of: ClassPage) -> str:
        return neutral(mail_wording.filled(template, _fields(of, name)), settings.public_name)

    subject, texts = _words(pages, settings)
    body = "\n".join(outside(text, of) for text, of in texts)
    counts = _counts(next((one for one in pages if one.students), None))
    locked = [codes.get(one.name, "") for one in pages]
    return Message(
        kind=page.kind.word,
        page=page.id,
        class_name=joined([one.name for one in pages]),
        recipient=name,
        address=address,
        subject=outside(*subject),
        text=mail_wording.as_text(body, counts, encrypted=any(locked)),
        html=mail_wording.as_html(body, counts, encrypted=any(locked)),
        attachments=tuple(
            Attachment(name=file_name(one), data=encrypt(data, code) if code else data)
            for one, code in zip(pages, locked, strict=True)
            for data in [as_bytes(one)]
        ),
        encrypted=all(locked),
    )


def _words(pages: Sequence[ClassPage], settings: Settings) -> tuple[Template, list[Template]]:
    """The subject and the parts of the body, as templates with the page that fills them; what is to be filled in first."""
    from xlbangfu.mail import mail_wording

    page, *others = pages
    if page.kind == TEACHER_PAGE:
        return (mail_wording.TEACHER_SUBJECT, page), [(mail_wording.TEACHER_BODY, page)]
    if page.students:
        too = [(mail_wording.TEACHER_TOO, other) for other in others]
        return (settings.mail_subject, page), [(settings.mail_body, page), *too]
    if others:
        own = [(mail_wording.TEACHER_BODY, other) for other in others]
        return (mail_wording.TEACHER_SUBJECT, others[0]), [*own, (mail_wording.NOTHING_TOO, page)]
    return (mail_wording.NOTHING_SUBJECT, page), [(mail_wording.NOTHING_BODY, page)]


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


def _counts(page: ClassPage | None) -> dict[str, int]:
    if page is None:
        return {}
    return {
        f"{page.edition.public_name}学生": len(page.students),
        "已过期、要先补的": sum(one.count for one in page.overdue or ()),
        "本周要做的事": len(page.tasks),
    }


def _shared_passwords(passwords: Mapping[str, str]) -> Iterator[str]:
    """Those that have one 口令, without showing it: a page that went astray would open."""
    owners: dict[str, list[str]] = {}
    for owner, password in passwords.items():
        owners.setdefault(password, []).append(owner)
    for those in owners.values():
        if len(those) > 1:
            yield f"{SEPARATOR.join(those)} 的口令一样，互相打得开；请在“口令”表给每班、每人写不同的，再预览一次。"


def _encryptable(to: pl.DataFrame, checked: Checked) -> pl.DataFrame:
    """Whose 口令 stands there but cannot be used is refused: the page must not leave in the open."""
    lost = meant_to_be_locked(checked) - set(passwords_of(checked.school))
    why = pl.lit("“口令”表里的口令读不出来：设成文本格式重新输入，或删掉那一行")
    return to.with_columns(
        拒绝=pl.when(pl.col("拒绝").is_null() & pl.col(OWNER).is_in(list(lost))).then(why).otherwise(pl.col("拒绝"))
    )


def _withdraw_gone(ledger: Ledger, to: pl.DataFrame, checked: Checked, call: Call) -> list[Entry]:
    """Mails that wait for a class which 班级 no longer has, or for a teacher who gets none any more: they are withdrawn."""
    from xlbangfu.mail.ledger import OPEN, REFUSED, REPLACED
    from xlbangfu.mail.message import TEST

    there = {*class_names(checked), *to[OWNER]}
    gone = [
        one
        for one in ledger.entries()
        if one.state in (*OPEN, REFUSED) and one.kind != TEST and not there.issuperset(one.owners)
    ]
    for entry in gone:
        ledger.finish(entry.key, REPLACED, "没有这个班，或这位教师现在没有帮扶页了", call.now)
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


def _summary(entries: Sequence[Entry], refused: tuple[int, int], settings: Settings, out: Path) -> str:
    kinds = zip(refused, (CLASS_PAGE, TEACHER_PAGE), strict=True)
    lost = "、".join(f"{count} {kind.measure}" for count, kind in kinds if count)
    lacking = f"，另有 {lost}寄不了，原因写在“说明”里" if lost else ""
    ready, teachers = len(entries), sum(one.kind == TEACHER_PAGE.word for one in entries)
    only = f"（其中 {teachers} 封只有帮扶页）" if teachers else ""
    how = "；双击邮件文件可以用邮件软件打开" if settings.mail_way == MAIL_FILES and ready else ""
    return f"{ready} 封邮件准备好了{only}，在文件夹“{out.resolve().name}”，列在“发件箱”里{lacking}{how}。还没有寄出。"
