"""PDFs of Word papers by Word or by WPS, which speaks the same words, on Windows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from xlbangfu.book.pdf.made_files import Progress, check_made
from xlbangfu.errors import WriteFailed

_PDF, _UNCHANGED, _QUIET = 17, 0, 0  # wdExportFormatPDF, wdDoNotSaveChanges, wdAlertsNone


class Word:
    """A program of its own, without a window; ``program`` is the name under which Windows knows it."""

    def __init__(self, program: str, name: str) -> None:
        self._program, self.name = program, name

    def make(self, files: Sequence[Path], folder: Path, progress: Progress) -> None:
        app = self._start()
        try:
            app.Visible, app.DisplayAlerts = False, _QUIET
            for done, file in enumerate(files, 1):
                _export(app, file, folder / f"{file.stem}.pdf")
                progress(done / len(files))
        except Exception as problem:  # whatever COM raises, it says nothing that staff understand
            raise WriteFailed(
                f"{self.name} 没有做成 PDF；请关掉打开着的文件，再做一次，或者在 {self.name} 里“另存为 PDF”。"
            ) from problem
        finally:
            with suppress(Exception):  # it may be gone already
                app.Quit(_UNCHANGED)
        check_made(files, folder, self.name)

    def _start(self) -> Any:
        import win32com.client

        try:
            return win32com.client.DispatchEx(self._program)
        except Exception as problem:  # COM errors are of a module that is there on Windows only
            raise WriteFailed(f"{self.name} 没有打开，PDF 没有做；请打开它看看能不能用，再做一次。") from problem


def _export(app: Any, file: Path, target: Path) -> None:
    paper = app.Documents.Open(str(file), ReadOnly=True, AddToRecentFiles=False)
    try:
        paper.ExportAsFixedFormat(str(target), _PDF)
    finally:
        paper.Close(_UNCHANGED)
