"""What an action that was stopped left waiting, put in its place or thrown away by the next one, whichever that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.book.port import Book
from xlbangfu.book.safety.folder_lock import locked
from xlbangfu.catalog import ACTIONS, LABELS
from xlbangfu.documents.placement import LEDGER, clear_waiting, placements_of
from xlbangfu.errors import BangfuError, FilesNotPlaced
from xlbangfu.schema import RUNS

if TYPE_CHECKING:
    from xlbangfu.documents.placement import Placement

_PAPERS = tuple(dict.fromkeys(action.out for action in ACTIONS if action.out))


def place_waiting_files(book: Book) -> tuple[str, ...]:
    """Finish or withdraw every placement of the workbook; what to tell staff, nothing where nothing waited.

    Files follow the workbook where it has the row of their action, or the ledger their mails; else nothing was done, and they
    go, as does what was stopped before it had a mark. Of a folder that somebody puts files into right now nothing is touched.
    """
    for name in _PAPERS:
        clear_waiting(book.path.parent / name)
    return tuple(line for placement in placements_of(book.path) for line in _sentences(placement, book))


def _sentences(placement: Placement, book: Book) -> Iterator[str]:
    try:
        with locked(placement.folder, patience=0):
            if not _was_done(placement, book):
                placement.withdraw()
            elif placed := _finish(placement):
                yield f"上次的{placement.label}没有放完，这次先放好了 {len(placed)} 个文件。"
    except FilesNotPlaced as problem:
        yield f"上次的{problem.label}还没有放好：{problem.why}；{problem.remedy}"
    except BangfuError:  # somebody is at it right now, or the action says it itself
        return


def _finish(placement: Placement) -> tuple[Path, ...]:
    """Also takes away mails that those which waited replaced."""
    placed = placement.finish()
    if placement.record == LEDGER:
        from xlbangfu.mail.ledger import REPLACED, read_ledger
        from xlbangfu.mail.outbox import discard

        entries = read_ledger(placement.workbook)
        kept = [entry for entry in entries if entry.state != REPLACED]
        discard([entry for entry in entries if entry.state == REPLACED], kept, placement.folder)
    return placed


def _was_done(placement: Placement, book: Book) -> bool:
    if placement.record == LEDGER:
        from xlbangfu.mail.ledger import read_ledger

        return any(entry.edition == placement.ran for entry in read_ledger(book.path))
    ran = datetime.fromisoformat(placement.ran)
    row = (pl.col("操作") == LABELS.get(placement.action)) & (pl.col("时间") == ran)
    return not book.read(RUNS)[RUNS].filter(row).is_empty()
