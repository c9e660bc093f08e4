"""Which pages are out and not back, as 收回班级页 tells and 控制台 counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.checked_school import Checked
from xlbangfu.book.port import Book
from xlbangfu.rules import returns
from xlbangfu.rules.page_kinds import PAGE_KINDS, TEACHER_PAGE, PageKind
from xlbangfu.schema import COLLECTED, RUNS

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry


def waiting_pages(book: Book, checked: Checked, runs: pl.DataFrame) -> Mapping[PageKind, pl.DataFrame]:
    """Whose page has not come back yet, by kind, as ``returns.waiting``; ``runs`` is 运行记录."""
    from xlbangfu.actions.remind_classes import went_out

    mails, collected = _mails(book), book.read(COLLECTED)[COLLECTED]
    return {
        kind: returns.waiting(
            checked.school, returns.latest(went_out(mails, kind), returns.made(runs, kind)), collected, kind
        )
        for kind in PAGE_KINDS
    }


def reports(book: Book, checked: Checked) -> pl.DataFrame | None:
    """What teachers' pages brought for each class, as ``teacher_reports``; None where none is out and none came back."""
    from xlbangfu.actions.remind_classes import went_out
    from xlbangfu.rules.teacher_reports import teacher_reports

    frames = book.read(RUNS, COLLECTED)
    out = returns.latest(went_out(_mails(book), TEACHER_PAGE), returns.made(frames[RUNS], TEACHER_PAGE))
    if out.is_empty() and not frames[COLLECTED][TEACHER_PAGE.owner].count():
        return None
    return teacher_reports(checked.school, out, frames[COLLECTED])


def _mails(book: Book) -> list[Entry]:
    """The mail ledger; it goes on where that can't be asked, as while someone sends."""
    from xlbangfu.mail.ledger_file import ledger_path

    if not ledger_path(book.path).exists():
        return []
    from xlbangfu.mail.ledger import LedgerInUse, read_ledger

    try:
        return read_ledger(book.path)
    except LedgerInUse:
        return []
