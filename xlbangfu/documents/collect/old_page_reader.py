"""Old workbooks (.xls, .et) read in a process of their own, started when the first one comes and anew when it dies."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_CHILD = Path(__file__).with_name("old_page_child.py")
_PATIENCE = 30.0  # seconds for one file
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0

Sheets = dict[str, list[list[Any]]]


class OldPageReader:
    """``patience`` is how many seconds one file may take."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes) -> Sheets | str | None:
        """The rows by sheet, a word of ``old_page_child``, or None where the file ended the process or took too long."""
        try:
            process = self._process = self._process or _start()
        except OSError:
            return None
        late = threading.Timer(self._patience, process.kill)
        late.start()
        try:
            return _ask(process, data)
        except (OSError, struct.error, EOFError, pickle.UnpicklingError):
            self.close()
            return None
        finally:
            late.cancel()

    def close(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


def _start() -> subprocess.Popen[bytes]:
    """Without the folder of the script or of the workbook on its path, and silent."""
    return subprocess.Popen(
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"RUST_BACKTRACE": "0"},
        creationflags=_NO_WINDOW,
    )


def _ask(process: subprocess.Popen[bytes], data: bytes) -> Sheets | str:
    assert process.stdin and process.stdout  # both are pipes
    process.stdin.write(struct.pack("<Q", len(data)) + data)
    process.stdin.flush()
    length = struct.unpack("<Q", process.stdout.read(8))[0]
    answer: Sheets | str = pickle.loads(process.stdout.read(length))
    return answer
