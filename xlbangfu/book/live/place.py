"""Where an open workbook lies."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.errors import WriteFailed


def place_of(book: xlwings.Book) -> Path:
    """The file of an open workbook; a bare name where it was never saved.

    Raises WriteFailed where the program has it open from the internet (OneDrive, SharePoint): xlwings looks for the same
    file on this computer, and gives up where several or none may be it.
    """
    try:
        return Path(book.fullname)
    except xlwings.XlwingsError as error:
        raise WriteFailed(
            "总表开着的是同步盘（OneDrive、SharePoint）网上的那一份，找不到它在本机的文件，什么也没有改动；"
            "请把总表移到本机不同步的文件夹（例如 D:\\帮扶），从那里打开，再点一次。"
        ) from error
