"""打开总表: the workbook brought to staff in the program whose buttons it has, the buttons put back where they were lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from xlbangfu.errors import BookLocked, NotAWorkbook, WriteFailed


def show_book(book: Path) -> list[str]:
    """Open a workbook for staff; what to tell them, a line each.

    Raises NotAWorkbook, BookLocked where someone else has it open, WrongWorkbook where its buttons are another program's.
    """
    if not book.is_file():
        raise NotAWorkbook(f"找不到“{book}”，请检查文件名和文件夹。")
    return _with_system(book) if sys.platform in ("win32", "darwin") else _with_libreoffice(book)


def _with_system(book: Path) -> list[str]:
    try:
        mended = _mend(book)
    except BookLocked:  # it is open already, with what it has
        mended = []
    if sys.platform == "win32":
        os.startfile(book)
    else:
        subprocess.run(["open", str(book)], check=True)
    return [f"已打开“{book.name}”，从“控制台”开始。", *mended]


def _with_libreoffice(book: Path) -> list[str]:
    from xlbangfu.book.live.open_workbook import excel_only_parts, open_in_libreoffice

    mended: list[str] = []
    open_in_libreoffice(book, prepare=lambda path: mended.extend(_mend(path)))
    lines = [f"已打开“{book.name}”，从“控制台”开始点按钮。", *mended]
    if parts := excel_only_parts(book):
        lines.append(f"注意：里面有只有 Excel 认识的内容（{'、'.join(parts)}），用 LibreOffice 保存会丢掉它们。")
    return lines


def _mend(book: Path) -> list[str]:
    """What to tell of the buttons; a workbook in a folder that takes no files is shown without them."""
    from xlbangfu.book.upgrade.button_repair import mend

    try:
        return list(filter(None, [mend(book).sentence]))
    except WriteFailed as problem:
        return [f"“控制台”上的按钮丢了，没有补回来：{problem}"]
