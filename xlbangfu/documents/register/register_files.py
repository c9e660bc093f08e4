"""The register as one file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from xlbangfu.documents.register.entry import Register
from xlbangfu.documents.register.register_book import as_bytes
from xlbangfu.documents.staging import StagedFile, staged_file
from xlbangfu.file_names import in_a_name

Progress = Callable[[float], None]
NAME = "档案册"


def file_name(made: Register) -> str:
    """档案册_school_day. Mail brings class pages only; nothing in the program can attach this file."""
    return f"{NAME}_{in_a_name(made.school)}_{made.day}.xlsx"


def staged_register(
    made: Register, folder: Path, *, progress: Progress | None = None
) -> AbstractContextManager[StagedFile]:
    """The register, put in its place when the block ends well. Raises WriteFailed."""
    return staged_file(folder, file_name(made), lambda: as_bytes(made, progress=progress), label=NAME)
