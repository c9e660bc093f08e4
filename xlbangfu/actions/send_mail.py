"""发送邮件: what is ticked in 发件箱 leaves, after two questions, and the ledger says what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.choose_rows import asked_with, hidden_ticks
from xlbangfu.actions.mail_choice import chosen_mails, objections, ticked_rows
from xlbangfu.actions.posting import (
    ANSWERS,
    ASK_RECIPIENT,
    TICK_FIRST,
    codes_of_mails,
    ledger_of,
    outlet_of,
    write_outbox,
)
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.catalog import RESUME
from xlbangfu.schema import OUTBOX
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import MAIL_OUTLOOK, MAIL_SMTP

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.mail.outlet import Outlet
    from xlbangfu.mail.sending import Sent

_NAMED = 3
_UNPACED = 60_000  # a minute: files and drafts bother no server


def send(book: Book, call: Call) -> Outcome | None:
    """发送邮件: the mails ticked in 发件箱, by 「发信方式」; RESUME takes up what an earlier run left of what it
    was to send. None where staff said no.
    """
    from xlbangfu.mail.ledger import REFUSED

    checked, out = read_checked(book, call), call.folder(book, "send")
    settings, resume = checked.school.settings, call.option(RESUME)
    with ledger_of(book, call) as (ledger, interrupted):
        rows = ticked_rows(book)
        ticked = set(rows["邮件编号"].drop_nulls())
        if not resume:
            _ask_about_unsure(ledger, ticked, call)
        wanted = chosen_mails(ledger, ticked, resume=resume)
        stale = objections(wanted, checked, book, out)
        fit = [entry for entry in wanted if entry.key not in stale]
        if fit and not _agreed(call, fit, settings, hidden_ticks(book, OUTBOX, rows)):
            return None
        outlet = outlet_of(settings) if fit else None

        for key, why in stale.items():
            ledger.finish(key, REFUSED, why, call.now)
        sent = _send_all(book, call, ledger, outlet, fit, out, settings)
        return _write_result(book, call, checked, ledger, fit, sent, len(stale), interrupted)


def _ask_about_unsure(ledger: Ledger, ticked: set[str], call: Call) -> None:
    """Of each ticked mail that is 待确认 a person types what became of it; a yes to everything is not enough for that."""
    from xlbangfu.mail.ledger import UNKNOWN

    for entry in ledger.entries():
        if entry.state == UNKNOWN and entry.key in ticked:
            who = f"{entry.whose} {entry.recipient}（{entry.address}）"
            answer = call.asks(
                f"{who}的邮件不知道寄到没有。问过收件人：收到了填 已发，没收到要再寄填 重发，不清楚就空着："
            )
            if (what := answer.strip()) in ANSWERS:
                ledger.settle([entry], ANSWERS[what], f"{call.user} 确认：{what}", call.now)


def _agreed(call: Call, fit: Sequence[Entry], settings: Settings, hidden: str) -> bool:
    """Two questions: how many to whom, and whether they have been looked at."""
    first = "、".join(f"{entry.whose} {entry.recipient}（{entry.address}）" for entry in fit[:_NAMED])
    more = f" 等 {len(fit)} 人" if len(fit) > _NAMED else ""
    way, leave = {
        MAIL_SMTP: (f"从 {settings.mail_address} 寄出", f"{_how_long(len(fit), settings)}现在就寄吗？"),
        MAIL_OUTLOOK: ("放进 Outlook 草稿", "现在就放进草稿吗？"),
    }.get(settings.mail_way, ("登记为用邮件文件寄出", "现在登记吗？登记后请自己打开邮件文件寄出。"))
    open_ones = sum(not entry.encrypted and bool(entry.attachment) for entry in fit)
    plain = f"其中 {open_ones} 份附件没有加密（“口令”表里没有口令）。" if open_ones else "附件都已加密。"
    return call.agrees(asked_with(hidden, f"要把 {len(fit)} 封邮件{way}：{first}{more}。对吗？")) and call.agrees(
        f"再确认一次：附件是未成年人的资料，寄出后收不回来。{plain}发件箱和附件都看过了，{leave}"
    )


def _how_long(count: int, settings: Settings) -> str:
    """What to expect of a batch that takes a while."""
    minutes = ceil(count / settings.mails_per_minute)
    return f"大约要 {minutes} 分钟，其间总表先不要动，中断了可以接着寄。" if minutes > 1 else ""


def _send_all(
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


def _write_result(
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
    outcome = outcome_of("send", checked, call, rows=len(fit) - left, sentence=_summary(sent, refused, interrupted))
    outcome = replace(
        outcome, errors=left + refused + interrupted, warnings=0, next_step=_next_step(sent, refused, interrupted)
    )
    return write_outbox(book, call, checked, ledger, outcome, codes=codes_of_mails(fit))


def _nothing_sent(book: Book, call: Call, checked: Checked, ledger: Ledger, interrupted: int) -> Outcome:
    done = not ticked_rows(book).is_empty()
    why = "打了 √ 的都寄过了或要先处理，没有重寄" if done else "没有要寄的邮件"
    found = f"；上次寄到一半、待确认 {interrupted} 封" if interrupted else ""
    outcome = outcome_of("send", checked, call, rows=0, sentence=f"{why}{found}。“发件箱”已按发件账更新。")
    next_step = ASK_RECIPIENT if interrupted else "看“发件箱”的“状态”和“说明”。" if done else TICK_FIRST
    return write_outbox(
        book, call, checked, ledger, replace(outcome, errors=interrupted, warnings=0, next_step=next_step)
    )


def _summary(sent: Sent, refused: int, interrupted: int) -> str:
    parts = [f"{state} {count} 封" for state, count in sent.states.items()]
    if refused:
        parts.append(f"预览之后资料改过、没有寄 {refused} 封")
    if interrupted:
        parts.append(f"上次寄到一半、待确认 {interrupted} 封")
    stopped = f"中途停下：{sent.stopped}。" if sent.stopped else ""
    return "，".join(parts) + "。" + stopped


def _next_step(sent: Sent, refused: int, interrupted: int) -> str:
    from xlbangfu.mail.ledger import DRAFTED, FAILED, SAVED, UNKNOWN, WAITING

    if sent.states.get(UNKNOWN) or interrupted:
        return ASK_RECIPIENT
    if sent.states.get(WAITING):
        return "按上面说的处理好，再点一次“发送邮件”（或加 --resume），接着寄剩下的。"
    if sent.states.get(FAILED) or refused:
        return "看“发件箱”的“说明”，改好邮箱后再点“预览邮件”。"
    if sent.states.get(SAVED):
        return "到邮件的文件夹里逐个双击打开，在邮件软件里点发送；班主任填好发回后，点“收回班级页”。"
    if sent.states.get(DRAFTED):
        return "到 Outlook 的“草稿”里逐封看过、点发送；班主任填好发回后，点“收回班级页”。"
    return "班主任填好发回后，点“收回班级页”。"
