"""Whether somebody has the book open, and who.

Excel and WPS keep ``~$name`` beside an open book, LibreOffice ``.~lock.name#``; on Windows the book itself can't be
opened for writing then. A lock left by a crash is passed over only where that is certain; else the message says which
file to delete.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from xlbangfu.errors import BookLocked, WriteFailed
from xlbangfu.windows_programs import TASK_LIST, system_program

_ANSI_LENGTH, _WIDE_LENGTH, _WIDE_NAME = 0, 55, 57  # where Excel's owner file has the holder's name


def check_free(path: Path) -> None:
    """Raise BookLocked, naming the holder, if a spreadsheet program has the book open; WriteFailed if it is read-only."""
    path = path.resolve()
    _check_owner_file(path)
    _check_libreoffice(path)
    if not path.exists():
        return
    if not os.access(path, os.W_OK):
        raise WriteFailed(f"“{path.name}”是只读文件，请在文件属性里去掉“只读”再试。")
    if not _opens_for_writing(path):
        raise BookLocked(f"“{path.name}”正被别的程序打开，请保存并关闭它再试。")


def _check_owner_file(path: Path) -> None:
    owner = path.with_name(f"~${path.name}")
    if not owner.exists() or (sys.platform == "win32" and _opens_for_writing(owner) and _opens_for_writing(path)):
        return
    who = _owner_name(owner)
    raise BookLocked(
        f"“{path.name}”正被{f' {who} ' if who else '别人'}用 Excel 或 WPS 打开，请保存并关闭它再试；"
        f"如果确定没有人打开，请删除同一文件夹里的“{owner.name}”（可能是隐藏文件）。"
    )


def _check_libreoffice(path: Path) -> None:
    lock = path.with_name(f".~lock.{path.name}#")
    if not lock.exists():
        return
    who, host = _libreoffice_holder(lock)
    if host and host == socket.gethostname() and _office_runs() is False:
        return
    where = f"（{host}）" if host else ""
    raise BookLocked(
        f"“{path.name}”正被{f' {who}{where} ' if who else '别人'}用 LibreOffice 打开，请保存并关闭它再试；"
        f"如果确定没有人打开，请删除同一文件夹里的“{lock.name}”（可能是隐藏文件）。"
    )


def _owner_name(owner: Path) -> str:
    """The name in Excel's owner file: 16-bit in its second part, in the system's own code in its first."""
    try:
        data = owner.read_bytes()
    except OSError:
        return ""
    if len(data) > _WIDE_NAME:
        length = int.from_bytes(data[_WIDE_LENGTH:_WIDE_NAME], "little")
        name = data[_WIDE_NAME : _WIDE_NAME + 2 * length].decode("utf-16-le", errors="replace").strip("\0 ")
        if 0 < length <= 54 and name.isprintable() and name:
            return name
    name = data[1 : 1 + data[_ANSI_LENGTH]].decode("gb18030", errors="replace").strip("\0 ") if data else ""
    return name if name.isprintable() else ""


def _libreoffice_holder(lock: Path) -> tuple[str, str]:
    """Who and on which computer; both may be empty. Commas within a name are escaped with a backslash."""
    try:
        text = lock.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ""
    fields = [field.replace("\0", ",") for field in text.replace("\\,", "\0").split(",")] + [""] * 3
    return (fields[0] or fields[1]).strip(), fields[2].strip()


def _opens_for_writing(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False


def _office_runs() -> bool | None:
    """Whether LibreOffice runs on this computer; None if that can't be told."""
    try:
        if sys.platform == "linux":
            names = (comm.read_text(errors="replace") for comm in Path("/proc").glob("[0-9]*/comm"))
            return any("soffice" in name for name in names)
        command = [system_program(TASK_LIST)] if sys.platform == "win32" else ["ps", "-A", "-o", "comm="]
        processes = subprocess.run(command, capture_output=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return b"soffice" in processes
