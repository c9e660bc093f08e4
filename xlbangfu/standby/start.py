"""Start the process that stands by for the next click on a workbook."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from xlbangfu.standby.hand_over import STAND_BY
from xlbangfu.standby.meeting import Meeting


def start(pipe: str, office: int, book: Path) -> None:
    """Returns at once. Where somebody stands by already the new one goes; what can't be done is left undone.

    ``office`` is the process id of the LibreOffice behind the pipe.
    """
    meeting = Meeting(pipe)
    if not meeting.is_possible or not meeting.make_private():
        return
    with suppress(OSError):
        _note(meeting.books_file, book)
        subprocess.Popen(
            [sys.executable, "-P", "-m", "xlbangfu.buttons", STAND_BY, pipe, str(office)],
            cwd="/",  # so that no folder of staff's is kept busy
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _note(file: Path, book: Path) -> None:
    """Add the book to those that are open."""
    line = os.fsencode(book) + b"\n"
    known = file.read_bytes() if file.exists() else b""
    if line not in known:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as opened:
            opened.write(line)
