"""Letters as files, one workbook a class."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from xlbangfu.documents.slips.letter import ClassSlips
from xlbangfu.documents.slips.letter_sheet import as_bytes
from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage
from xlbangfu.file_names import in_a_name

Progress = Callable[[float], None]
COLUMNS = {"班级": pl.String(), "文件": pl.String(), "学生数": pl.Int64(), "sha256": pl.String()}


@dataclass(frozen=True)
class Staged:
    """Letters made but not yet in their place: the index (班级, 文件, 学生数, sha256), and where each file will be."""

    index: pl.DataFrame
    files: tuple[Path, ...]
    stage: Stage


def file_name(made: ClassSlips) -> str:
    """班级_家长信_day: nothing in it says why these students."""
    return f"{in_a_name(made.class_name)}_家长信_{made.day}.xlsx"


@contextmanager
def staged_slips(
    classes: Sequence[ClassSlips], folder: Path, *, progress: Progress | None = None, pdfs: MakePdfs | None = None
) -> Iterator[Staged]:
    """The letters made beside; put in their place when the block ends well.

    ``pdfs`` makes a PDF of each beside it. Raises WriteFailed.
    """
    with stage(folder, label="家长信") as beside:
        rows = []
        with disk_errors_explained(folder):
            for done, made in enumerate(classes, 1):
                data = as_bytes(made)
                path = beside.put(file_name(made), data)
                rows.append((made.class_name, path.name, len(made.letters), hashlib.sha256(data).hexdigest()))
                if progress:
                    progress(done / len(classes))
        if pdfs:
            beside.add_pdfs([path.name for path in beside.files], pdfs)
        yield Staged(pl.DataFrame(rows, schema=COLUMNS, orient="row"), tuple(beside.files), beside)
