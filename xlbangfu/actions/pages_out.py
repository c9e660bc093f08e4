"""Which class pages are out and not back, as 收回班级页 tells and 控制台 counts."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.checked_school import Checked
from xlbangfu.book.port import Book
from xlbangfu.rules import returns
from xlbangfu.schema import COLLECTED


def waiting_pages(book: Book, checked: Checked, runs: pl.DataFrame) -> pl.DataFrame:
    """The classes whose page has not come back yet, as ``returns.waiting``; ``runs`` is 运行记录."""
    out = returns.latest(_mail_times(book), returns.made(runs))
    return returns.waiting(checked.school, out, book.read(COLLECTED)[COLLECTED])


def _mail_times(book: Book) -> pl.DataFrame:
    """When pages were mailed; it goes on where the mail ledger can't be asked, as while someone sends."""
    from xlbangfu.actions.remind_classes import went_out
    from xlbangfu.mail.ledger import LedgerInUse, read_ledger

    try:
        return went_out(read_ledger(book.path))
    except LedgerInUse:
        return went_out([])
