"""制页台账: every making of pages that come back gets the next number, and all of them the workbook's one secret."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from msgspec import Struct, field

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.schema import DEFECTS, EDITIONS, Defect


class PageEdition(Struct, frozen=True, kw_only=True):
    """One making of pages. In a workbook of a version that had no 制页台账 ``row`` is empty and there is no secret."""

    number: int = 0
    made: datetime
    secret: str = ""
    row: pl.DataFrame = field(default_factory=EDITIONS.empty)

    def __repr__(self) -> str:
        return f"PageEdition({self.number}, {self.made})"  # the secret stands in no log


def next_edition(book: Book, call: Call) -> PageEdition:
    """The edition that is made now; ``enter`` writes it down with what the action writes."""
    frames = book.read(EDITIONS)
    if _not_yet(frames[DEFECTS]):
        return PageEdition(made=call.now)
    known = frames[EDITIONS]
    number = 1 + max(known["版次"].drop_nulls(), default=0)
    secret, fresh = _secret(known)
    row = {"版次": number, "制表时间": call.now.replace(microsecond=0), "密钥": secret if fresh else None}
    return PageEdition(
        number=number, made=call.now, secret=secret, row=pl.DataFrame([row], schema=EDITIONS.frame_schema)
    )


def enter(book: Book, edition: PageEdition) -> None:
    """Note the edition in 制页台账, with the next save."""
    if edition.row.height:
        book.append(EDITIONS, edition.row)


def _not_yet(defects: pl.DataFrame) -> bool:
    young = (pl.col("工作表") == EDITIONS.name) & (pl.col("缺陷") == Defect.NOT_YET_SHEET)
    return not defects.filter(young).is_empty()


def _secret(known: pl.DataFrame) -> tuple[str, bool]:
    """The secret, and whether it is a new one."""
    from xlbangfu.documents.page_code import new_secret

    kept = known["密钥"].drop_nulls()
    return (kept[-1], False) if kept.len() else (new_secret(), True)
