"""取回备份 leaves its row in 运行记录, as every other change of the workbook does."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.call import Call
from xlbangfu.actions.operator_name import with_operator
from xlbangfu.book.port import Book
from xlbangfu.schema import RUNS, SETTINGS

LABEL = "取回备份"


def note_restored(book: Book, call: Call, sentence: str) -> None:
    """Append the row to a book that goes back to a copy, and save it; ``sentence`` is what staff are told."""
    book.read(SETTINGS)  # how many copies are kept
    call = with_operator(book, call, may_ask=False)
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": LABEL,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": sentence,
    }
    book.append(RUNS, pl.DataFrame([row], schema=RUNS.frame_schema))
    book.save()
