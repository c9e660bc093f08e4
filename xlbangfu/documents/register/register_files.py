"""The register as one file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xlbangfu.documents.register.entry import Register
from xlbangfu.documents.register.register_book import as_bytes
from xlbangfu.documents.staging import Stage, disk_errors_explained, stage
from xlbangfu.file_names import in_a_name

Progress = Callable[[float], None]
NAME = "档案册"


@dataclass(frozen=True)
class Staged:
    """Where the register will be, and its sha256."""

    path: Path
    digest: str
    stage: Stage


def file_name(made: Register) -> str:
    """档案册_school_day. Mail brings class pages only; nothing in the program can attach this file."""
    return f"{NAME}_{in_a_name(made.school)}_{made.day}.xlsx"


@contextmanager
def staged_register(made: Register, folder: Path, *, progress: Progress | None = None) -> Iterator[Staged]:
    """The register, put in its place when the block ends well. Raises WriteFailed."""
    with stage(folder, label=NAME) as beside:
        data = as_bytes(made, progress=progress)
        with disk_errors_explained(folder):
            path = beside.put(file_name(made), data)
        yield Staged(path, hashlib.sha256(data).hexdigest(), beside)
