"""Papers of which each class gets a workbook: made beside, then put in their place together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import polars as pl
from msgspec import Struct

from xlbangfu.documents.staging import MakePdfs, Stage, disk_errors_explained, stage

T = TypeVar("T")
Progress = Callable[[float], None]
COLUMNS = {"班级": pl.String(), "文件": pl.String(), "学生数": pl.Int64(), "sha256": pl.String()}


class ClassFile(Struct, frozen=True, kw_only=True):
    """The workbook of one class: its name, how many students it is for, its bytes."""

    class_name: str
    name: str
    students: int
    data: bytes


class Staged(Struct, frozen=True):
    """Files made but not yet in their place: the index (班级, 文件, 学生数, sha256), and where each file will be."""

    index: pl.DataFrame
    files: tuple[Path, ...]
    stage: Stage


@contextmanager
def staged_class_files(
    label: str,
    classes: Sequence[T],
    make: Callable[[T], ClassFile],
    folder: Path,
    *,
    progress: Progress | None = None,
    pdfs: MakePdfs | None = None,
) -> Iterator[Staged]:
    """The files made beside; put in their place when the block ends well, thrown away when it raises.

    ``label`` is what they are called; ``pdfs`` makes a PDF of each beside it. Raises WriteFailed.
    """
    with stage(folder, label=label) as beside:
        rows = []
        with disk_errors_explained(folder):
            for done, one in enumerate(classes, 1):
                file = make(one)
                path = beside.put(file.name, file.data)
                digest = hashlib.sha256(file.data).hexdigest()
                rows.append((file.class_name, path.name, file.students, digest))
                if progress:
                    progress(done / len(classes))
        if pdfs:
            beside.add_pdfs([path.name for path in beside.files], pdfs)
        yield Staged(pl.DataFrame(rows, schema=COLUMNS, orient="row"), tuple(beside.files), beside)
