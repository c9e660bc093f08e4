"""Who read what is sensitive, and when, stands in 运行记录 (DOMAIN, Privacy)."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.call import Call
from xlbangfu.actions.operator_name import with_operator
from xlbangfu.book.port import Book
from xlbangfu.schema import RUNS, SETTINGS, Table

LABEL = "读敏感资料"


def note_reading(book: Book, call: Call, table: Table, rows: int) -> None:
    """Append the row and save it, before anything is given. Raises BookLocked, WriteFailed: then nothing is."""
    book.read(SETTINGS, RUNS)  # how many copies are kept, and where the ledger ends
    call = with_operator(book, call, may_ask=False)
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": LABEL,
        "行数": rows,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": f"从 Python 点名读了“{table.name}”的敏感资料，{rows} 行。",
    }
    book.append(RUNS, pl.DataFrame([row], schema=RUNS.frame_schema))
    book.save()
