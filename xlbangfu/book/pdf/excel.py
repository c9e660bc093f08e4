"""PDFs by Excel's own export, through xlwings (ExportAsFixedFormat on Windows)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from xlbangfu.book.pdf.made_files import Progress, check_made


class Excel:
    """An Excel of its own, not the one in which staff work; it exports what its print set-up says."""

    name = "Excel"

    def make(self, files: Sequence[Path], folder: Path, progress: Progress) -> None:
        from xlbangfu.book.light_xlwings import xlwings

        app = xlwings.App(visible=False, add_book=False)
        try:
            app.display_alerts = False
            for done, file in enumerate(files, 1):
                _export(app, file, folder / f"{file.stem}.pdf")
                progress(done / len(files))
        finally:
            app.quit()
        check_made(files, folder, self.name)


def _export(app: object, file: Path, target: Path) -> None:
    book = app.books.open(str(file), read_only=True)  # type: ignore[attr-defined]  # xlwings has no types
    try:
        book.to_pdf(str(target))
    finally:
        book.close()


def has_excel() -> bool:
    """Whether Excel is installed, as far as that is seen without starting it."""
    if sys.platform == "darwin":
        return Path("/Applications/Microsoft Excel.app").exists()
    return sys.platform == "win32" and is_registered("Excel.Application")


def is_registered(program: str) -> bool:
    """Whether Windows knows by that name a program that others can drive."""
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, program))  # type: ignore[attr-defined,unused-ignore]  # Windows only
    except OSError:
        return False
    return True
