"""取回备份 leaves its row in 运行记录, as every other change of the workbook does, and what was told the bureau stays noted.

By 上报记录 the next return decides which numbers of small groups may not be given. Rows of it that went back with a copy would
let somebody find them by subtracting one return from another, so they are carried over.
"""

from __future__ import annotations

from contextlib import suppress

import polars as pl

from xlbangfu.actions.call import Call
from xlbangfu.actions.operator_name import with_operator
from xlbangfu.book.port import Book
from xlbangfu.errors import BangfuError
from xlbangfu.schema import DEFECTS, RETURNED, RUNS, SETTINGS, Defect

LABEL = "取回备份"
_KEPT = "“上报记录”里已经报给教育局的 {} 行没有退，下次上报要照它。"
_LOST = "取回的总表还没有“上报记录”，已经报过的 {} 行带不过去：这学期再上报之前，请先和教育局说一声。"


def note_restored(back: Book, call: Call, sentence: str, *, now: Book) -> str:
    """Append the row to a book that goes back to a copy, and save it; ``now`` is the book as it is before that, be it gone.

    ``sentence`` is what staff are told; the answer is that, with what became of 上报记录.
    """
    back.read(SETTINGS)  # how many copies are kept
    call = with_operator(back, call, may_ask=False)
    told = sentence + _carry_returned(now, back)
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": LABEL,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": told,
    }
    back.append(RUNS, pl.DataFrame([row], schema=RUNS.frame_schema))
    back.save()
    return told


def _carry_returned(now: Book, back: Book) -> str:
    sent = RETURNED.empty()
    with suppress(BangfuError, OSError):  # a book that is gone or cannot be read has nothing to carry
        sent = now.read(RETURNED)[RETURNED].select(RETURNED.names)
    there = back.read(RETURNED)
    keys = list(RETURNED.keys)
    more = sent.join(there[RETURNED].select(keys), on=keys, how="anti", nulls_equal=True, maintain_order="left")
    if not more.height:
        return ""
    if not there[DEFECTS].filter(pl.col("缺陷").is_in((Defect.MISSING_SHEET, Defect.NOT_YET_SHEET))).is_empty():
        return _LOST.format(more.height)
    back.append(RETURNED, more)
    return _KEPT.format(more.height)
