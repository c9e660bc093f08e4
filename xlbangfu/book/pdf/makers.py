"""Which program makes PDFs on this computer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from xlbangfu.book.pdf.excel import Excel, has_excel
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.book.pdf.made_files import Progress
from xlbangfu.errors import NoOffice

_NOBODY = (
    "要做 PDF，这台电脑上得有 Excel 或 LibreOffice，现在都没有找到；"
    "可以装上其中一个再做，或者在能打开它的软件里“另存为 PDF”。"
)


class PdfMaker(Protocol):
    """A spreadsheet program that writes PDFs."""

    name: str

    def make(self, files: Sequence[Path], folder: Path, progress: Progress) -> None:
        """One PDF a workbook, of the same stem, in the folder. Raises WriteFailed if one of them was not made."""


def pdf_maker() -> PdfMaker:
    """The program of this computer. Raises NoOffice where there is none."""
    if sys.platform in ("win32", "darwin") and has_excel():
        return Excel()
    program = libreoffice()
    if program is None:
        raise NoOffice(_NOBODY)
    return LibreOffice(program)
