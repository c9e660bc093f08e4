"""PDFs by LibreOffice, without a window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from xlbangfu.book.pdf.made_files import Progress, check_made
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.errors import WriteFailed

_AT_ONCE = 8  # files of one call, so that progress is seen
_PATIENCE = 60  # seconds to start, and as many again for every file
_PLACES = (
    Path(r"C:\Program Files\LibreOffice\program\soffice.exe"),
    Path(r"C:\Program Files (x86)\LibreOffice\program\soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)


class LibreOffice:
    """Without a window and with a profile of its own, so that one that is open is not disturbed."""

    name = "LibreOffice"

    def __init__(self, program: Path) -> None:
        self._program = program

    def make(self, files: Sequence[Path], folder: Path, progress: Progress) -> None:
        with temporary_folder() as profile:
            for start in range(0, len(files), _AT_ONCE):
                some = files[start : start + _AT_ONCE]
                self._convert(some, folder, profile)
                progress(min(1.0, (start + len(some)) / len(files)))
        check_made(files, folder, self.name)

    def _convert(self, files: Sequence[Path], folder: Path, profile: Path) -> None:
        command = [str(self._program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
        nowhere = subprocess.DEVNULL
        try:
            process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
        except OSError as error:
            raise WriteFailed("LibreOffice 没有打开，PDF 没有做；请打开它看看能不能用，再做一次。") from error
        try:
            process.wait(_PATIENCE * (1 + len(files)))
        except subprocess.TimeoutExpired as error:
            raise WriteFailed("LibreOffice 很久没有做完 PDF，已经停下，什么也没有改动；请再做一次。") from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """What it started goes with it: soffice is a wrapper, and the office itself would live on."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all of them are gone, as they are where it is done
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def libreoffice() -> Path | None:
    """Where LibreOffice is. Windows looks in the current folder first, and what lies there is staff's: such a place is not absolute."""
    on_path = map(Path, filter(None, map(shutil.which, ("soffice", "libreoffice"))))
    return next((place for place in (*on_path, *_PLACES) if place.is_absolute() and place.is_file()), None)
