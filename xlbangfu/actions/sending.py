"""发送邮件: what is ticked in 发件箱 leaves, after two questions, and the ledger says what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.mailing import export_note, meant_to_be_locked, passwords_of, rooms_of, sender_of, without_ledger
from xlbangfu.actions.reading import Checked, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument, BookLocked, WriteFailed
from xlbangfu.schema import COLLECTED, OUTBOX
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import MAIL_OUTLOOK, MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.mail.outlet import Outlet
    from xlbangfu.mail.sending import Sent

SETTLED = {"已发": "已发", "重发": "待发"}  # what a person may say of a mail that is 待确认, and its state then
_NAMED = 3
_UNPACED = 60_000  # a minute: files and drafts bother no server


def send(
    book: Book,
    call: Call,
    *,
    workbook: Path,
    out: Path,
    resume: bool = False,
    dry_run: bool = False,
    test: str = "",
    confirm: Sequence[str] = (),
) -> Outcome | None:
    """发送邮件: the mails ticked in 发件箱, by 「发信方式」. ``resume`` takes up what an earlier run left of what it was
    told to send; ``dry_run`` only says; ``test`` sends one harmless mail to that address; ``confirm`` settles mails that
    are 待确认 (``班级=已发`` or ``班级=重发``). None where staff said no.
    """
    from xlbangfu.mail.ledger import REFUSED, Ledger

    checked = read_checked(book, call)
    settings = checked.school.settings
    _is_beside(workbook, book)
    with Ledger.opened(workbook) as ledger:
        interrupted = ledger.recover(call.now)
        if test:
            return _trial(book, call, checked, ledger, test, out)
        if confirm:
            return _settle(book, call, checked, ledger, confirm)

        ticked = _ticked(book)
        if not resume and not dry_run:
            _ask_about_unsure(ledger, ticked, call)
        wanted = _wanted(ledger, ticked, resume=resume)
        stale = _objections(wanted, checked, book, out)
        fit = [entry for entry in wanted if entry.key not in stale]
        if dry_run:
            return _only_said(call, checked, fit)
        if fit and not _agreed(call, fit, settings):
            return None
        outlet = outlet_of(settings) if fit else None

        for key, why in stale.items():
            ledger.finish(key, REFUSED, why, call.now)
        sent = _carry(book, call, ledger, outlet, fit, out, settings)
        return _written(book, call, checked, ledger, fit, sent, len(stale), len(interrupted))


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


def _ask_about_unsure(ledger: Ledger, ticked: set[str], call: Call) -> None:
    """Of each ticked mail that is 待确认 a person types what became of it; a yes to everything is not enough for that."""
    from xlbangfu.mail.ledger import UNKNOWN

    for entry in ledger.entries():
        if entry.state == UNKNOWN and entry.key in ticked:
            who = f"{entry.class_name} {entry.recipient}（{entry.address}）"
            said = call.asks(
                f"{who}的邮件不知道寄到没有。问过收件人：收到了填 已发，没收到要再寄填 重发，不清楚就空着："
            )
            if said.strip() in SETTLED:
                what = said.strip()
                ledger.settle([entry], SETTLED[what], f"{call.user} 确认：{what}", call.now)


def _is_beside(workbook: Path, book: Book) -> None:
    """Raises CannotSend where 发件箱 lists mails and the ledger is gone: what went before is not known then."""
    from xlbangfu.mail.outlet import CannotSend

    if lost := without_ledger(workbook, book):
        raise CannotSend(
            f"总表旁边没有发件账“{lost}”，不知道哪些寄过，没有寄；总表改过名或移动过的，把原来的发件账放到旁边、改成这个名字，"
            "找不到就再点一次“预览邮件”。"
        )


def _ticked(book: Book) -> set[str]:
    """The numbers of the mails with a tick. Raises BadArgument for a cell that may mean yes or no."""
    from xlbangfu.rules.ticks import ticked

    sheet = book.read(OUTBOX)[OUTBOX]
    return set(ticked(sheet, OUTBOX, "发送")["邮件编号"].drop_nulls())


def _wanted(ledger: Ledger, ticked: set[str], *, resume: bool) -> list[Entry]:
    """What may go: of an interrupted batch what waits, else what is ticked and waits or has failed."""
    from xlbangfu.mail.ledger import OPEN, WAITING
    from xlbangfu.mail.outbox_sheet import latest

    shown = latest(ledger.entries())
    if resume:
        return [entry for entry in shown if entry.chosen and entry.state == WAITING]
    return [entry for entry in shown if entry.state in OPEN and entry.key in ticked]


def _objections(wanted: Sequence[Entry], checked: Checked, book: Book, out: Path) -> dict[str, str]:
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


def _agreed(call: Call, fit: Sequence[Entry], settings: Settings) -> bool:
    """Two questions: how many to whom, and whether they have been looked at."""
    first = "、".join(f"{entry.class_name} {entry.recipient}（{entry.address}）" for entry in fit[:_NAMED])
    more = f" 等 {len(fit)} 人" if len(fit) > _NAMED else ""
    way, leave = {
        MAIL_SMTP: (f"从 {settings.mail_address} 寄出", f"{_how_long(len(fit), settings)}现在就寄吗？"),
        MAIL_OUTLOOK: ("放进 Outlook 草稿", "现在就放进草稿吗？"),
    }.get(settings.mail_way, ("登记为用邮件文件寄出", "现在登记吗？登记后请自己打开邮件文件寄出。"))
    open_ones = sum(not entry.encrypted and bool(entry.attachment) for entry in fit)
    plain = f"其中 {open_ones} 份附件没有加密（“口令”表里没有口令）。" if open_ones else "附件都已加密。"
    return call.agrees(f"要把 {len(fit)} 封邮件{way}：{first}{more}。对吗？") and call.agrees(
        f"再确认一次：附件是未成年人的资料，寄出后收不回来。{plain}发件箱和附件都看过了，{leave}"
    )


def _how_long(count: int, settings: Settings) -> str:
    """What to expect of a batch that takes a while."""
    minutes = ceil(count / settings.mails_per_minute)
    return f"大约要 {minutes} 分钟，其间总表先不要动，中断了可以接着寄。" if minutes > 1 else ""


def _carry(
    book: Book, call: Call, ledger: Ledger, outlet: Outlet | None, fit: Sequence[Entry], out: Path, settings: Settings
) -> Sent:
    from xlbangfu.mail.outbox import read_eml
    from xlbangfu.mail.sending import Sent, send_all

    if outlet is None:
        return Sent()
    ledger.choose([entry.key for entry in fit], call.now)
    return send_all(
        ledger,
        outlet,
        fit,
        lambda entry: read_eml(entry, out),
        per_minute=settings.mails_per_minute if settings.mail_way == MAIL_SMTP else _UNPACED,
        progress=lambda text, done: book.progress(text, 0.3 + 0.6 * done),
    )


def _written(
    book: Book,
    call: Call,
    checked: Checked,
    ledger: Ledger,
    fit: Sequence[Entry],
    sent: Sent,
    refused: int,
    interrupted: int,
) -> Outcome:
    """The outcome, and 发件箱 as the ledger has it now."""
    from xlbangfu.mail.ledger import OUT

    if not sent.states and not refused:
        return _nothing_sent(book, call, checked, ledger, interrupted)
    left = sum(count for state, count in sent.states.items() if state not in OUT)
    outcome = outcome_of("send", checked, call, rows=len(fit) - left, sentence=_said(sent, refused, interrupted))
    outcome = replace(
        outcome, errors=left + refused + interrupted, warnings=0, next_step=_next(sent, refused, interrupted)
    )
    return _refreshed(book, call, checked, ledger, outcome, export_note(list(fit)))


def _nothing_sent(book: Book, call: Call, checked: Checked, ledger: Ledger, interrupted: int) -> Outcome:
    done = bool(_ticked(book))
    said = "打了 √ 的都寄过了或要先处理，没有重寄" if done else "没有要寄的邮件"
    found = f"；上次寄到一半、待确认 {interrupted} 封" if interrupted else ""
    outcome = outcome_of("send", checked, call, rows=0, sentence=f"{said}{found}。“发件箱”已按发件账更新。")
    next_step = _SETTLE if interrupted else "看“发件箱”的“状态”和“说明”。" if done else _TICK_FIRST
    return _refreshed(
        book, call, checked, ledger, replace(outcome, errors=interrupted, warnings=0, next_step=next_step)
    )


def _refreshed(book: Book, call: Call, checked: Checked, ledger: Ledger, outcome: Outcome, note: str = "") -> Outcome:
    from xlbangfu.mail.outbox_sheet import outbox_sheet

    sheet = outbox_sheet(ledger.entries(), rooms_of(checked))
    with _ledger_is_true(outcome):
        return write(book, call, outcome, checked, {OUTBOX: sheet}, note=note)


@contextmanager
def _ledger_is_true(outcome: Outcome) -> Iterator[None]:
    """The workbook could not be written, but what was sent was sent: both are said."""
    try:
        yield
    except (BookLocked, WriteFailed) as problem:
        raise type(problem)(
            f"{outcome.sentence}这些都记在发件账里，不会重寄；但总表没能更新：{problem}之后再点一次“发送邮件”，发件箱就会更新。"
        ) from problem


def _only_said(call: Call, checked: Checked, fit: Sequence[Entry]) -> Outcome:
    lines = tuple(f"{entry.class_name} → {entry.recipient}（{entry.address}）：{entry.attachment}" for entry in fit)
    outcome = outcome_of(
        "send", checked, call, rows=len(fit), details=lines, sentence=f"只是看看：会寄 {len(fit)} 封，没有寄出。"
    )
    return replace(outcome, errors=0, next_step="去掉 --dry-run 再运行一次就会寄。" if fit else _TICK_FIRST)


def _settle(book: Book, call: Call, checked: Checked, ledger: Ledger, said: Sequence[str]) -> Outcome:
    """What a person found out about mails that were 待确认."""
    from xlbangfu.mail.ledger import UNKNOWN

    done = 0
    for one in said:
        class_name, _, what = one.rpartition("=")
        if what not in SETTLED or not class_name:
            raise BadArgument(f"“{one}”看不懂：请写成 初一1班=已发 或 初一1班=重发。")
        found = [entry for entry in ledger.entries() if entry.class_name == class_name and entry.state == UNKNOWN]
        if not found:
            raise BadArgument(f"{class_name} 没有待确认的邮件，请看“发件箱”的“状态”。")
        ledger.settle(found, SETTLED[what], f"{call.user} 确认：{what}", call.now)
        done += len(found)
    outcome = outcome_of("send", checked, call, rows=done, sentence=f"{done} 封待确认的邮件已按您说的登记。")
    outcome = replace(outcome, errors=0, next_step="要重发的在“发件箱”的“发送”打 √，再点“发送邮件”。")
    return _refreshed(book, call, checked, ledger, outcome)


def _trial(book: Book, call: Call, checked: Checked, ledger: Ledger, address: str, out: Path) -> Outcome:
    """One harmless mail with a Chinese attachment, to see how it arrives."""
    from xlbangfu.mail.ledger import OUT, SENT
    from xlbangfu.mail.outbox import discard, read_eml, write_eml
    from xlbangfu.mail.sending import send_all
    from xlbangfu.mail.trial import trial
    from xlbangfu.rules.addresses import doubts

    settings = checked.school.settings
    if doubt := doubts(pl.Series([address])).item():
        raise BadArgument(f"“{address}”不能用：{doubt}；请写自己的邮箱，如 xlbangfu mail 总表 --test me@qq.com。")
    outlet = outlet_of(settings)
    message = trial(address, call.now)
    (entry,) = write_eml([message], out, sender=sender_of(settings), now=call.now)
    ledger.plan([entry], call.now)
    send_all(ledger, outlet, [entry], lambda one: read_eml(one, out), pauses=())
    (entry,) = (one for one in ledger.entries() if one.key == entry.key)
    arrived = entry.state in OUT
    if entry.state == SENT:
        discard([entry], [], out)
    said = f"给 {address} 的测试邮件：{entry.state}（{entry.answer}）。"
    outcome = outcome_of("send", checked, call, rows=int(arrived), sentence=said)
    outcome = replace(
        outcome,
        errors=int(not arrived),
        warnings=0,
        next_step=_TRIED[entry.state] if arrived else "按上面说的改好，再试一次。",
    )
    return write(book, call, outcome, checked, {})


_SETTLE = (
    "“发件箱”里“待确认”的先问收件人，再在“发送”打 √、点“发送邮件”，会问您是 已发 还是 重发（命令行用 --confirm）；"
    "程序不会自己重寄。"
)
_TRIED = {
    "已发": "到那个邮箱看看：附件的中文名字对不对，打不打得开。",
    "已存文件": "到邮件的文件夹里双击打开它，在邮件软件里寄给自己，看附件的中文名字对不对；要由程序寄，在“设置”把发信方式改成 SMTP。",
    "已存草稿": "到 Outlook 的“草稿”里把它寄给自己，看附件的中文名字对不对。",
}
_TICK_FIRST = "先点“预览邮件”，在“发件箱”的“发送”打 √，再点“发送邮件”。"


def _said(sent: Sent, refused: int, interrupted: int) -> str:
    parts = [f"{state} {count} 封" for state, count in sent.states.items()]
    if refused:
        parts.append(f"预览之后资料改过、没有寄 {refused} 封")
    if interrupted:
        parts.append(f"上次寄到一半、待确认 {interrupted} 封")
    stopped = f"中途停下：{sent.stopped}。" if sent.stopped else ""
    return "，".join(parts) + "。" + stopped


def _next(sent: Sent, refused: int, interrupted: int) -> str:
    from xlbangfu.mail.ledger import DRAFTED, FAILED, SAVED, UNKNOWN, WAITING

    if sent.states.get(UNKNOWN) or interrupted:
        return _SETTLE
    if sent.states.get(WAITING):
        return "按上面说的处理好，再点一次“发送邮件”（或加 --resume），接着寄剩下的。"
    if sent.states.get(FAILED) or refused:
        return "看“发件箱”的“说明”，改好邮箱后再点“预览邮件”。"
    if sent.states.get(SAVED):
        return "到邮件的文件夹里逐个双击打开，在邮件软件里点发送；班主任填好发回后，点“收回班级页”。"
    if sent.states.get(DRAFTED):
        return "到 Outlook 的“草稿”里逐封看过、点发送；班主任填好发回后，点“收回班级页”。"
    return "班主任填好发回后，点“收回班级页”。"
