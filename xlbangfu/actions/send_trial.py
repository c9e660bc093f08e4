"""One harmless mail with a Chinese attachment, to see how it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.posting import ledger_of, outlet_of, sender_of
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import TEST
from xlbangfu.errors import BadArgument

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry, Ledger
    from xlbangfu.settings import Settings

_TRIED = {
    "已发": "到那个邮箱看看：附件的中文名字对不对，打不打得开。",
    "已存文件": "到邮件的文件夹里双击打开它，在邮件软件里寄给自己，看附件的中文名字对不对；要由程序寄，在“设置”把发信方式改成 SMTP。",
    "已存草稿": "到 Outlook 的“草稿”里把它寄给自己，看附件的中文名字对不对。",
}


def send_trial(book: Book, call: Call) -> Outcome:
    """Send the mail to the address that TEST names, by 「发信方式」. Raises BadArgument for an address that is none."""
    from xlbangfu.mail.ledger import OUT

    checked, address = read_checked(book, call), call.option(TEST)
    with ledger_of(book, call) as (ledger, _):
        _check_address(address)
        entry = _send(book, call, ledger, address, checked.school.settings)

    arrived = entry.state in OUT
    sentence = f"给 {address} 的测试邮件：{entry.state}（{entry.answer}）。"
    outcome = outcome_of("send", checked, call, rows=int(arrived), sentence=sentence)
    next_step = _TRIED[entry.state] if arrived else "按上面说的改好，再试一次。"
    outcome = replace(outcome, errors=int(not arrived), warnings=0, next_step=next_step)
    return write(book, call, outcome, checked, {})


def _check_address(address: str) -> None:
    from xlbangfu.rules.mail_addresses import doubts

    if doubt := doubts(pl.Series([address])).item():
        raise BadArgument(f"“{address}”不能用：{doubt}；请写自己的邮箱，如 xlbangfu mail 总表 --test me@qq.com。")


def _send(book: Book, call: Call, ledger: Ledger, address: str, settings: Settings) -> Entry:
    """The entry of the ledger after the mail was sent, or could not be."""
    from xlbangfu.mail.ledger import SENT
    from xlbangfu.mail.outbox import discard, read_eml, write_eml
    from xlbangfu.mail.sending import send_all
    from xlbangfu.mail.trial import trial

    outlet, out = outlet_of(settings), call.folder(book, "send")
    (entry,) = write_eml([trial(address, call.now)], out, sender=sender_of(settings), now=call.now)
    ledger.plan([entry], call.now)
    send_all(ledger, outlet, [entry], lambda one: read_eml(one, out), pauses=())
    (entry,) = (one for one in ledger.entries() if one.key == entry.key)
    if entry.state == SENT:
        discard([entry], [], out)
    return entry
