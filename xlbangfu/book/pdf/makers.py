"""Which program makes PDFs on this computer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from xlbangfu.book.pdf.excel import Excel, has_excel, is_registered
from xlbangfu.book.pdf.libreoffice import LibreOffice, libreoffice
from xlbangfu.book.pdf.made_files import Progress
from xlbangfu.book.pdf.word import Word
from xlbangfu.errors import NoOffice

_NOBODY = (
    "要做 PDF，这台电脑上得有 Excel 或 LibreOffice，现在都没有找到；"
    "可以装上其中一个再做，或者在能打开它的软件里“另存为 PDF”。"
)
_NOBODY_FOR_PAPERS = (
    "要把文书做成 PDF，这台电脑上得有 Word、WPS 或 LibreOffice，现在都没有找到；"
    "可以先不加 PDF 做文书，再在能打开它的软件里“另存为 PDF”。"
)
_WRITERS = (("Word.Application", "Word"), ("KWPS.Application", "WPS"))


class PdfMaker(Protocol):
    """A program that writes PDFs of its files."""

    name: str

    def make(self, files: Sequence[Path], folder: Path, progress: Progress) -> None:
        """One PDF a file, of the same stem, in the folder. Raises WriteFailed if one of them was not made."""


def pdf_maker() -> PdfMaker:
    """The program of this computer. Raises NoOffice where there is none."""
    if sys.platform in ("win32", "darwin") and has_excel():
        return Excel()
    program = libreoffice()
    if program is None:
        raise NoOffice(_NOBODY)
    return LibreOffice(program)


def paper_pdf_maker() -> PdfMaker:
    """The program of this computer that makes PDFs of Word papers. Raises NoOffice where there is none."""
    if sys.platform == "win32":
        for program, name in _WRITERS:
            if is_registered(program):
                return Word(program, name)
    program_file = libreoffice()
    if program_file is None:
        raise NoOffice(_NOBODY_FOR_PAPERS)
    return LibreOffice(program_file)
