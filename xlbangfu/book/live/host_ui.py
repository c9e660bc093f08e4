"""The program that the button was clicked in: the calling workbook, message boxes and the choice of files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.host import Host
from xlbangfu.errors import BookLocked

TITLE = "帮扶总表"


class HostUI(Protocol):
    """Where staff sit."""

    book: xlwings.Book
    host: Host | None
    """Where the program is another than the book's engine tells."""

    def say(self, text: str, *, failed: bool = False) -> None:
        """A message box; returns when it was closed."""

    def look_at(self, sheet: str) -> None:
        """Let staff stand on a sheet; on none, or on one that can't be shown, they stay where they are."""

    def agrees(self, text: str) -> bool: ...

    def asks(self, text: str) -> str:
        """A line that staff type; empty where they thought better of it."""

    def choose_files(self, title: str, patterns: Sequence[str]) -> list[Path]:
        """No files where staff thought better of it."""


class OfficeUI:
    """LibreOffice on the other end of a pipe."""

    def __init__(self, pipe: str, book: str) -> None:
        from xlbangfu.book.libreoffice import OfficeError, connect

        try:
            self.app = connect(pipe, wait=5.0)
        except OfficeError as error:
            raise BookLocked("LibreOffice 已经关掉，什么也没有改动；请用 xlbangfu open 重新打开工作簿。") from error
        self.book = self._called(book)
        self.host: Host | None = None

    def _called(self, location: str) -> xlwings.Book:
        """The book that the button is in, which need not be in front any more, nor the only master that is open.

        The macros tell its address; those of earlier versions its path or, where the system's locale has no Chinese, only
        the name.
        """
        if not location:
            return self.app.books.active
        called = [book for book in self.app.books if location in (book.fullname, book.api.getURL(), book.name)]
        if not called:
            raise BookLocked(
                f"“{Path(unquote(location)).name}”已经关掉或另存了，什么也没有改动；请在打开的总表里再点一次。"
            )
        return called[0] if len(called) == 1 else self.app.books.active

    def look_at(self, sheet: str) -> None:
        _look_at(self.book, sheet)

    def say(self, text: str, *, failed: bool = False) -> None:
        with suppress(NotImplementedError):
            self.app.alert(text, TITLE, mode="critical" if failed else "info")

    def agrees(self, text: str) -> bool:
        return self.app.alert(text, TITLE, buttons="ok_cancel") == "ok"

    def asks(self, text: str) -> str:
        from xlbangfu.book.libreoffice.line_dialog import typed_line

        return typed_line(self.app.impl.service, self.app.impl.books.active.window, TITLE, text)

    def choose_files(self, title: str, patterns: Sequence[str]) -> list[Path]:
        from xlbangfu.book.libreoffice.bridge import file_path, file_url

        picker: Any = self.app.impl.service("ui.dialogs.FilePicker")
        picker.setTitle(title)
        picker.setDisplayDirectory(file_url(str(Path(self.book.fullname).parent)))
        picker.setMultiSelectionMode(True)
        picker.appendFilter("Excel、CSV", ";".join(patterns))
        picker.appendFilter("全部文件", "*.*")
        return [Path(file_path(url)) for url in picker.getSelectedFiles()] if picker.execute() else []


class ExcelUI:
    """Excel, which called this process."""

    def __init__(self) -> None:
        self.host: Host | None = None
        try:
            self.book = xlwings.Book.caller()
        except KeyError as error:
            raise BookLocked(
                "没有找到点了按钮的总表，什么也没有改动；文件名里有“=”的话请关闭总表、改掉，没有的话请再点一次。"
            ) from error

    def look_at(self, sheet: str) -> None:
        _look_at(self.book, sheet)

    def say(self, text: str, *, failed: bool = False) -> None:
        self.book.app.alert(text, TITLE, mode="critical" if failed else "info")

    def agrees(self, text: str) -> bool:
        return bool(self.book.app.alert(text, TITLE, buttons="ok_cancel") == "ok")

    def asks(self, text: str) -> str:
        return _typed(text)

    def choose_files(self, title: str, patterns: Sequence[str]) -> list[Path]:
        from tkinter import Tk, filedialog

        root = Tk()
        root.withdraw()
        root.attributes("-topmost", True)  # Excel's window would hide it
        try:
            chosen = filedialog.askopenfilenames(
                parent=root,
                title=title,
                initialdir=Path(self.book.fullname).parent,
                filetypes=[("Excel、CSV", list(patterns)), ("全部文件", "*")],
            )
        finally:
            root.destroy()
        return [Path(name) for name in chosen]


def _look_at(book: xlwings.Book, sheet: str) -> None:
    with suppress(Exception):  # what was done is done; each program has its own error for a sheet that it can't show
        if sheet and book.sheets[sheet].visible:
            book.sheets[sheet].activate()


def _typed(text: str) -> str:
    """A line typed into a small window of our own, in front of the spreadsheet program."""
    from tkinter import Tk, simpledialog

    root = Tk()
    root.withdraw()
    root.attributes("-topmost", True)
    try:
        return (simpledialog.askstring(TITLE, text, parent=root) or "").strip()
    finally:
        root.destroy()


def host_ui_of(pipe: str, book: str) -> HostUI:
    """The program behind the pipe, else the Excel that called. Raises BookLocked where that is gone."""
    return OfficeUI(pipe, book) if pipe else ExcelUI()
