"""What staff must know of the open workbook after a click: whether it is saved, and how to go back."""

from __future__ import annotations

from collections.abc import Iterator

from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.errors import BangfuError

NOT_SAVED = "还没有保存，按 Ctrl+S。"
NO_CTRL_Z = "Ctrl+Z 退不回按钮做的；要退回，点“撤销上次”。"


def finish(book: LiveBook) -> list[str]:
    """Save the workbook where 「点完自动保存」 says so; the lines to tell, none where nothing was written."""
    return [*_saving(book), *_going_back(book)] if book.wrote else []


def _saving(book: LiveBook) -> Iterator[str]:
    if book.saves_itself:
        try:
            book.store()
        except (BangfuError, OSError) as problem:
            yield f"自动保存没有存成（{str(problem).rstrip('。')}）：{NOT_SAVED}"
            return
        yield "已经存进文件。"
    elif not book.is_stored:
        yield NOT_SAVED


def _going_back(book: LiveBook) -> Iterator[str]:
    if book.journal.holds:
        yield NO_CTRL_Z
