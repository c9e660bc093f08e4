"""What 发送邮件 would send, without sending it."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.mail_choice import chosen_mails, objections, ticked_mails
from xlbangfu.actions.posting import TICK_FIRST, ledger_of
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.catalog import RESUME


def list_mail(book: Book, call: Call) -> Outcome:
    """Say which mails would go to whom; the workbook is not touched."""
    checked, out = read_checked(book, call), call.folder(book, "send")

    with ledger_of(book, call) as (ledger, _):
        wanted = chosen_mails(ledger, ticked_mails(book), resume=call.option(RESUME))
    stale = objections(wanted, checked, book, out)
    fit = [entry for entry in wanted if entry.key not in stale]
    lines = tuple(f"{entry.whose} → {entry.recipient}（{entry.address}）：{entry.attachment}" for entry in fit)
    outcome = outcome_of(
        "send", checked, call, rows=len(fit), details=lines, sentence=f"只是看看：会寄 {len(fit)} 封，没有寄出。"
    )

    return replace(outcome, errors=0, next_step="去掉 --dry-run 再运行一次就会寄。" if fit else TICK_FIRST)
