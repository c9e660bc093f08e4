"""A workbook opened in a LibreOffice of our own: with a pipe, and with what the macros need in its environment.

It has its own profile, so that a LibreOffice that runs already is left alone; macros run in the book asked for, in no other.
"""

from __future__ import annotations

import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlbangfu
from xlbangfu.book.macros.hosting import host_in
from xlbangfu.book.safety import locks
from xlbangfu.errors import BangfuError, WrongWorkbook
from xlbangfu.standby.start import start

_RUN_MACROS = 4  # MacroExecMode.ALWAYS_EXECUTE_NO_WARN, for this document
_PATIENCE = 120.0
_ELSEWHERE = {"excel": "Excel", "wps": "WPS"}
_PROJECT, _MODULE, _SAVING = "VBAProject", "LaunchLibreOffice", "Saving"
_EXCEL_ONLY = {"xl/slicers/": "切片器", "xl/threadedComments/": "线程批注", "customUI/": "“帮扶”选项卡"}


def profile() -> Path:
    """The user folder of our LibreOffice."""
    return Path.home() / ".xlbangfu" / "libreoffice"


def pipe_name() -> str:
    """One pipe for each profile."""
    return f"xlbangfu{zlib.crc32(str(profile()).encode()):08x}"


def open_in_libreoffice(book: Path, *, prepare: Callable[[Path], object] = lambda _: None) -> None:
    """Open the book for staff, starting LibreOffice if it does not run; returns when it can be seen.

    ``prepare`` gets the file before LibreOffice does, unless it is open there already.
    Raises BookLocked if someone else has it open, WrongWorkbook if its buttons are for another program.
    """
    book = book.resolve()
    host = host_in(book)
    if host in _ELSEWHERE:
        raise WrongWorkbook(
            f"“{book.name}”的按钮是给 {_ELSEWHERE[host]} 用的；先运行 xlbangfu host {book.name} libreoffice，再打开。"
        )
    app = _running()
    if app is None or not any(Path(there.fullname) == book for there in app.books):
        locks.check_free(book)
        prepare(book)
    app = app or _started()
    _show(app, book)
    start(pipe_name(), app.pid, book)


def excel_only_parts(book: Path) -> list[str]:
    """What LibreOffice would drop when it saves."""
    with zipfile.ZipFile(book) as package:
        names = package.namelist()
    return [said for start, said in _EXCEL_ONLY.items() if any(name.startswith(start) for name in names)]


def _running() -> Any:
    from xlbangfu.book.libreoffice import OfficeError, connect

    try:
        return connect(pipe_name(), wait=0.0)
    except OfficeError:
        return None


def _started() -> Any:
    from xlbangfu.book.libreoffice import OfficeError, connect, start_office

    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise BangfuError("这里没有桌面，打不开 LibreOffice 的窗口；请在桌面上的终端里运行，或者用不开窗口的命令。")
    os.environ["XLBANGFU_PYTHON"] = sys.executable
    os.environ["XLBANGFU_HOME"] = str(Path(xlbangfu.__file__).parent)
    _let_macros_find_a_checkout()
    os.environ["PYTHONSAFEPATH"] = "1"  # the macros say -P; those of earlier versions do not
    os.environ["XLBANGFU_PIPE"] = pipe_name()
    try:
        start_office(pipe_name(), profile(), headless=False)
        return connect(pipe_name(), wait=_PATIENCE)
    except OfficeError as error:
        raise BangfuError("打不开 LibreOffice，请先安装它（apt install libreoffice-calc python3-uno）。") from error


def _let_macros_find_a_checkout() -> None:
    """A checkout that is not installed is on nobody's path but that of who started Python in it."""
    root = Path(xlbangfu.__file__).parents[1]
    if (root / "pyproject.toml").exists():
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))


def _show(app: Any, book: Path) -> None:
    from xlbangfu.book.libreoffice.bridge import file_url, properties

    desktop = app.impl.xl
    options = properties({"MacroExecutionMode": _RUN_MACROS})
    document = desktop.loadComponentFromURL(file_url(str(book)), "_default", 0, options)
    if document is None:
        raise BangfuError(f"LibreOffice 打不开“{book.name}”，请检查它是不是完好的总表。")
    _tell_of_saves(document)
    document.getCurrentController().getFrame().getContainerWindow().toFront()


def _tell_of_saves(document: Any) -> None:
    """Let the book's macro write on 控制台 that it is saved, whenever it is; one of an earlier version has no such macro."""
    from xlbangfu.book.libreoffice.bridge import call_typed, property_sequence

    libraries, wanted = document.BasicLibraries, f"Sub {_SAVING}("
    project = libraries.getByName(_PROJECT) if libraries.hasByName(_PROJECT) else None
    if project is None or not project.hasByName(_MODULE) or wanted not in project.getByName(_MODULE):
        return
    script = f"vnd.sun.star.script:{_PROJECT}.{_MODULE}.{_SAVING}?language=Basic&location=document"
    event = property_sequence({"EventType": "Script", "Script": script})
    with _unchanged(document):
        call_typed(document.getEvents(), "replaceByName", "OnSave", event)


@contextmanager
def _unchanged(document: Any) -> Iterator[None]:
    """What is done to the document is no change of it. LibreOffice 7.4 is told before, not put right afterwards: to tell all
    that listen, it waits for a lock which it holds itself while it draws a document that was just loaded, and hangs."""
    allowed = document.disableSetModified()
    try:
        yield
    finally:
        if allowed:
            document.enableSetModified()
